/**
 * A few pages over HTTP on node's own server: exact paths, GET only, no bodies, small headers, short patience. Whoever asks wrongly is
 * answered in one line; nobody's question can hold the process up or make it remember anything.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Listening, listenFrom } from "../platform/listen.ts";

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What is answered under each path. */
export type Pages = Readonly<Record<string, () => Answer | Promise<Answer>>>;

export type HttpOptions = Listening;

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 32;
const HEADER_BYTES_MAX = 8_192;
const PATIENCE_MS = 5_000;

const inWords = (status: number, words: string): Answer => ({ status, type: "text/plain", body: `${words}\n` });

async function answerTo({ method, url = "/" }: IncomingMessage, pages: Pages): Promise<Answer> {
  const path = url.split("?", 1)[0] ?? "/";
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return inWords(404, `nothing here; there is ${Object.keys(pages).join(" and ")}`);
  if (method !== "GET") return inWords(405, "GET only");
  try {
    return await page();
  } catch {
    return inWords(500, "could not be made");
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";

async function serve(request: IncomingMessage, response: ServerResponse, pages: Pages): Promise<void> {
  const refused = hasBody(request);
  const { status, type, body } = refused ? inWords(413, "no bodies here") : await answerTo(request, pages);
  response.writeHead(status, {
    "content-type": `${type}${type.includes("charset") ? "" : "; charset=utf-8"}`,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(status === 405 ? { allow: "GET" } : {}),
    // What was not read must not be taken for the next question.
    ...(refused ? { connection: "close" } : {}),
  });
  response.end(body);
}

const addressOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;

/** Listens, or throws what the system said. */
export async function startHttp(options: HttpOptions, pages: Pages): Promise<HttpServer> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      keepAliveTimeout: PATIENCE_MS,
    },
    (request, response) => void serve(request, response, pages),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.maxRequestsPerSocket = 1_000;
  const address = await listenFrom(server, options);
  // Somebody who only watches must not keep a stopped controller alive.
  server.unref();
  return {
    url: addressOf(address),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
