/**
 * The cockpit on this computer's own HTTP: the page, the moment as JSON (once, or once a second for as long as
 * somebody listens), and orders as JSON. Only this computer is heard, only under
 * its own name, and only orders that say they are JSON, so that no page of the network can give any. Nothing is remembered.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { listenFrom } from "../../firmware/platform/listen.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";

export interface CockpitPages {
  /** The moment, as the page shows it. */
  readonly moment: () => unknown;
  /** What does not change while it runs. */
  readonly about: () => unknown;
  readonly order: (body: unknown) => { readonly ok: boolean; readonly says: unknown };
  /** Told beside the answer, when one of these threw. */
  readonly failed: (why: string) => void;
}

/** The pages, and the time of whoever looks at them. */
export interface Cockpitted {
  readonly pages: CockpitPages;
  readonly clock: Clock;
}

export interface CockpitServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const host = "127.0.0.1";
const portsTried = 50;
const bodyBytesMax = 4_096;
const patienceMs = 5_000;
/** Nothing from elsewhere on the page, and the page on nobody's else, where a click would not mean what it seems to. */
const policy = "default-src 'self'; frame-ancestors 'none'";
const files = {
  "/": { name: "index.html", type: "text/html" },
  "/cockpit.css": { name: "cockpit.css", type: "text/css" },
  "/icon.svg": { name: "icon.svg", type: "image/svg+xml" },
  "/bays.css": { name: "bays.css", type: "text/css" },
  "/cockpit.js": { name: "cockpit.js", type: "text/javascript" },
  "/moment.js": { name: "moment.js", type: "text/javascript" },
  "/parts.js": { name: "parts.js", type: "text/javascript" },
} as const;

const headers = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const;
/** So often the page is told the moment. */
const everyMs = 1_000;

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const pathOf = ({ url }: IncomingMessage): string => (url ?? "/").split("?", 1)[0] ?? "/";
const fileText = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`./page/${name}`, import.meta.url)), "utf8");
const words = (status: number, text: string): Answer => ({ status, type: "text/plain", body: `${text}\n` });
const json = (status: number, value: unknown): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});

/** Whoever was led here under another name may be a page of the network that wants to speak for us. */
const isOurName = ({ headers }: IncomingMessage): boolean =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? "");

/** Undefined where it is too long or was broken off. What comes beyond the limit is read and forgotten. */
function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((done) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes <= bodyBytesMax) parts.push(part);
    });
    request.on("end", () => done(bytes > bodyBytesMax ? undefined : Buffer.concat(parts).toString("utf8")));
    request.on("error", () => done(undefined));
  });
}

async function orderAnswer(request: IncomingMessage, pages: CockpitPages): Promise<Answer> {
  if (request.method !== "POST") return words(405, "POST only");
  if (!(request.headers["content-type"] ?? "").startsWith("application/json"))
    return words(415, "application/json only");
  const text = await bodyOf(request);
  if (text === undefined) return words(413, `at most ${bodyBytesMax} bytes`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return words(400, "that is no JSON");
  }
  const answer = pages.order(body);
  return json(answer.ok ? 200 : 409, answer);
}

async function answerTo(request: IncomingMessage, pages: CockpitPages): Promise<Answer> {
  const path = pathOf(request);
  if (!isOurName(request)) return words(403, "ask for 127.0.0.1 or localhost");
  if (path === "/order") return orderAnswer(request, pages);
  if (request.method !== "GET") return words(405, "GET only");
  if (path === "/moment") return json(200, pages.moment());
  if (path === "/about") return json(200, pages.about());
  const file = Object.hasOwn(files, path) ? files[path as keyof typeof files] : undefined;
  return file === undefined ? words(404, "nothing here") : { status: 200, type: file.type, body: fileText(file.name) };
}

/** A mistake in an order or in a moment is told to whoever asked and to whoever runs the simulation, which goes on. */
async function answerOrWhyNot(request: IncomingMessage, pages: CockpitPages): Promise<Answer> {
  try {
    return await answerTo(request, pages);
  } catch (error) {
    const why = whyOf(error);
    pages.failed(`${request.method} ${request.url}: ${why}`);
    return words(500, `a mistake of the simulator: ${why}`);
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, pages: CockpitPages): Promise<void> {
  const { status, type, body } = await answerOrWhyNot(request, pages);
  response.writeHead(status, {
    ...headers,
    "content-type": `${type}; charset=utf-8`,
    "content-length": Buffer.byteLength(body),
    // What was not read must not be taken for the next question.
    ...(request.complete ? {} : { connection: "close" }),
  });
  response.end(body);
}

/** The moment, now and at every second, until nobody listens any more. Where it cannot be told, the line ends, and the page asks anew. */
function tellMoments(request: IncomingMessage, response: ServerResponse, { clock, pages }: Cockpitted): void {
  response.writeHead(200, { ...headers, "content-type": "text/event-stream" });
  let next: Timer | undefined;
  const tell = (): void => {
    try {
      response.write(`data: ${JSON.stringify(pages.moment())}\n\n`);
    } catch (error) {
      pages.failed(`${request.url}: ${whyOf(error)}`);
      response.end();
      return;
    }
    next = clock.after(everyMs, tell);
  };
  response.on("close", () => next?.cancel());
  tell();
}

/** Takes the next free port where that one is taken; 0 takes any. Throws what the system said. */
export async function openCockpit(port: number, given: Cockpitted): Promise<CockpitServer> {
  const server = createServer({ requestTimeout: patienceMs, headersTimeout: patienceMs }, (request, response) => {
    const wantsMoments = pathOf(request) === "/moments" && request.method === "GET" && isOurName(request);
    if (wantsMoments) tellMoments(request, response, given);
    else void serve(request, response, given.pages);
  });
  const address = await listenFrom(server, { host, port, tries: portsTried });
  server.unref();
  return {
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
