/** The cockpit's HTTP: who is heard and who is not, and that a mistake behind it is answered. */
import { request } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { type CockpitPages, type CockpitServer, openCockpit } from "../../../simulator/cockpit/server.ts";
import { pageWords } from "../../../simulator/cockpit/words.ts";
import { read } from "../../support/repository.ts";

const open: CockpitServer[] = [];
/** Moved by hand: whoever listens hears the next moment when a second was let by. */
const clock = createVirtualClock({ wallStartMs: 0 });
const orders: unknown[] = [];
const failures: string[] = [];

async function cockpit(pages: Partial<CockpitPages> = {}, port = 0): Promise<CockpitServer> {
  const all = {
    about: () => ({ about: "it" }),
    moment: () => ({ now: 1 }),
    order: (body: unknown) => {
      orders.push(body);
      return { ok: true, says: "done" };
    },
    failed: (why: string) => void failures.push(why),
    ...pages,
  };
  const server = await openCockpit(port, { pages: all, clock });
  open.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  orders.length = 0;
  failures.length = 0;
});

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request of which every header is ours to choose, the host's name too. */
function ask({ url }: CockpitServer, { path, method = "GET", headers = {}, body }: Asked) {
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((done, failed) => {
    const sent = request(`${url}${path}`, { method, headers }, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => done({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    sent.on("error", failed);
    sent.end(body);
  });
}

const json = { "content-type": "application/json" };
const order = { path: "/order", method: "POST", headers: json, body: '{"do":"speed","times":1}' };

describe("is refused, and no order is carried out:", () => {
  test.each<[string, Asked, number, string]>([
    ["another name of this computer", { ...order, headers: { ...json, host: "evil.example" } }, 403, "127.0.0.1"],
    [
      "a name that begins like ours",
      { path: "/moment", headers: { host: "127.0.0.1.evil.example" } },
      403,
      "127.0.0.1",
    ],
    [
      "an order as a form sends it",
      { ...order, headers: { "content-type": "text/plain" } },
      415,
      "application/json only",
    ],
    ["an order that says nothing of what it is", { ...order, headers: {} }, 415, "application/json only"],
    ["an order that is too long", { ...order, body: `"${"x".repeat(5_000)}"` }, 413, "at most 4096 bytes"],
    [
      "long by its bytes and not by its letters",
      { ...order, body: `"${"电".repeat(1_500)}"` },
      413,
      "at most 4096 bytes",
    ],
    ["an order that is no JSON", { ...order, body: "{do:" }, 400, "that is no JSON"],
    ["an order without anything", { ...order, body: "" }, 400, "that is no JSON"],
    ["an order by GET", { path: "/order" }, 405, "POST only"],
    ["a moment by POST", { ...order, path: "/moment" }, 405, "GET only"],
    ["a path that is not there", { path: "/package.json" }, 404, "nothing here"],
    ["a way out of the folder", { path: "/../server.ts" }, 404, "nothing here"],
    ["a name that every object has", { path: "/constructor" }, 404, "nothing here"],
  ])("%s", async (_what, asked, status, says) => {
    const server = await cockpit();
    const answer = await ask(server, asked);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(says);
    expect(orders).toEqual([]);
  });
});

test("an order is carried out once and its answer sent; one that cannot be done is answered with 409", async () => {
  const server = await cockpit();
  const answer = await ask(server, order);
  expect([answer.status, answer.text]).toEqual([200, '{"ok":true,"says":"done"}']);
  expect(orders).toEqual([{ do: "speed", times: 1 }]);
  const refusing = await cockpit({ order: () => ({ ok: false, says: "no" }) });
  expect(await ask(refusing, order)).toMatchObject({ status: 409, text: '{"ok":false,"says":"no"}' });
});

test("a mistake in a moment or an order is answered in words, told, and the next question heard", async () => {
  const broken = (): never => {
    throw new Error("the world fell down");
  };
  const server = await cockpit({ moment: broken, order: broken });
  for (const asked of [{ path: "/moment" }, order]) {
    const answer = await ask(server, asked);
    expect([answer.status, answer.text]).toEqual([500, "a mistake of the simulator: the world fell down\n"]);
  }
  expect(failures).toEqual(["GET /moment: the world fell down", "POST /order: the world fell down"]);
  expect((await ask(server, { path: "/about" })).status).toBe(200);
});

test("whoever finds the port taken listens on the next free one, and both are heard", async () => {
  const first = await cockpit();
  const port = Number(new URL(first.url).port);
  const second = await cockpit({ about: () => ({ about: "the second" }) }, port);
  expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
  expect((await ask(second, { path: "/about" })).text).toContain("the second");
  expect((await ask(first, { path: "/about" })).text).toContain("it");
});

test("a closed cockpit answers nobody", async () => {
  const server = await cockpit();
  await server.close();
  await expect(ask(server, { path: "/about" })).rejects.toThrow("ECONNREFUSED");
});

test("the page and everything that it names comes from here, under a policy that lets nothing else in", async () => {
  const server = await cockpit();
  const page = await ask(server, { path: "/" });
  expect(page.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  });
  const named = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => `/${name}`);
  expect(named).toContain("/cockpit.js");
  const script = await ask(server, { path: "/cockpit.js" });
  const imported = [...script.text.matchAll(/from "\.(\/[^"]+)"/g)].map(([, name]) => name ?? "");
  expect(imported).toContain("/moment.js");
  for (const path of [...named, ...imported]) expect((await ask(server, { path })).status, path).toBe(200);
  // The policy refuses both, and the page would be bare.
  expect(page.text).not.toMatch(/ style="|<script>|<style|https?:/);
});

test("every label of the page is in the list of words, and the page's own text is the English one", () => {
  const page = read("simulator/cockpit/page/index.html");
  const labels = [...page.matchAll(/data-word="(\w+)"[^>]*>([^<]*)</g)];
  expect(labels.length).toBeGreaterThan(15);
  const words: Record<string, { zh: string; en: string }> = pageWords;
  expect(labels.filter(([, name, text]) => words[name ?? ""]?.en !== text)).toEqual([]);
  const asked = ["cockpit.js", "moment.js"].flatMap((file) =>
    [...read(`simulator/cockpit/page/${file}`).matchAll(/word\(([^)]*)\)/g)].flatMap(([, inside]) =>
      [...(inside ?? "").matchAll(/"(\w+)"/g)].map(([, name]) => name ?? ""),
    ),
  );
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((name) => !Object.hasOwn(words, name))).toEqual([]);
});

describe("whoever listens to the moments", () => {
  /** The stream, and how to wait until so many moments came. */
  function listen({ url }: CockpitServer) {
    const heard: string[] = [];
    const waiting: { readonly count: number; readonly done: () => void }[] = [];
    let ended: () => void = () => undefined;
    const end = new Promise<void>((done) => {
      ended = done;
    });
    const sent = request(`${url}/moments`, (response) => {
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        heard.push(...part.split("\n\n").filter((text) => text !== ""));
        for (const { count, done } of waiting) if (heard.length >= count) done();
      });
      response.on("close", () => ended());
    });
    sent.on("error", () => ended());
    sent.end();
    const came = (count: number) =>
      new Promise<void>((done) => {
        waiting.push({ count, done });
        if (heard.length >= count) done();
      });
    return { heard, came, end, hangUp: () => sent.destroy() };
  }

  const pass = (seconds: number) => void clock.runUntil(clock.nowMs + 1_000 * seconds);

  test("hears one at once, and one at every second of the clock that was given", async () => {
    let asked = 0;
    const server = await cockpit({ moment: () => ({ now: ++asked }) });
    const stream = listen(server);
    await stream.came(1);
    pass(0.9);
    expect(asked).toBe(1);
    pass(0.1);
    await stream.came(2);
    pass(1);
    await stream.came(3);
    expect(stream.heard).toEqual(['data: {"now":1}', 'data: {"now":2}', 'data: {"now":3}']);
  });

  test("costs nothing any more once they are gone", async () => {
    let asked = 0;
    const server = await cockpit({ moment: () => ({ now: ++asked }) });
    const stream = listen(server);
    await stream.came(1);
    stream.hangUp();
    await stream.end;
    // The server hears of it a moment later.
    await vi.waitFor(() => {
      const before = asked;
      pass(5);
      expect(asked).toBe(before);
    });
  });

  test("loses the line where a moment cannot be told, and whoever runs the simulation hears why", async () => {
    const server = await cockpit({
      moment: () => {
        throw new Error("no such bay");
      },
    });
    await listen(server).end;
    expect(failures).toEqual(["/moments: no such bay"]);
  });

  test("is refused under another name", async () => {
    const server = await cockpit();
    expect((await ask(server, { path: "/moments", headers: { host: "evil.example" } })).status).toBe(403);
  });
});
