/** The little server, asked over real sockets: it answers its pages, and everything else in one line. */
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type HttpServer, type Pages, startHttp } from "../../../firmware/http/server.ts";

const pages: Pages = {
  "/page": () => ({ status: 200, type: "text/plain", body: "hello 驿站\n" }),
  "/broken": () => {
    throw new Error("a secret reason");
  },
};

const open: HttpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function started(port = 0, tries = 1): Promise<HttpServer> {
  const server = await startHttp({ host: "127.0.0.1", port, tries }, pages);
  open.push(server);
  return server;
}

/** What comes back for exactly these bytes, until the other side closes. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(bytes));
    let heard = "";
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      heard += text;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => done(heard));
  });
}

describe("the server", () => {
  test("answers a page, whatever stands behind the question mark", async () => {
    const { url } = await started();
    const answer = await fetch(`${url}/page?x=1`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("hello 驿站\n");
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each([
    ["GET", "/", 404],
    ["GET", "/page/", 404],
    ["GET", "/toString", 404],
    ["GET", "/../page", 200],
    ["POST", "/page", 405],
    ["DELETE", "/page", 405],
    ["GET", "/broken", 500],
  ])("%s %s is %i", async (method, path, status) => {
    const { url } = await started();
    const answer = await fetch(`${url}${path}`, { method });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(text).not.toContain("secret");
    expect(text.split("\n")).toHaveLength(2);
  });

  test("takes no body and no long header", async () => {
    const { url } = await started();
    const posted = await fetch(`${url}/page`, { method: "POST", body: "x".repeat(100_000) });
    expect(posted.status).toBe(413);
    expect(await raw(url, `GET /page HTTP/1.1\r\nhost: x\r\nx-long: ${"y".repeat(9_000)}\r\n\r\n`)).toContain(" 431 ");
    expect(await raw(url, "what?\r\n\r\n")).toContain(" 400 ");
  });

  test("takes the next port where one is taken, or says so when it may not", async () => {
    const first = await started();
    const port = Number(new URL(first.url).port);
    const second = await started(port, 20);
    expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
    await expect(started(port)).rejects.toThrow(/EADDRINUSE/);
  });

  test("is gone once it was closed, even for those who were still connected", async () => {
    const { url, close } = await started();
    await (await fetch(`${url}/page`)).text();
    await close();
    await expect(fetch(`${url}/page`)).rejects.toThrow();
  });
});
