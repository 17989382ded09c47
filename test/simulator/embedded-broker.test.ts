import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startEmbeddedBroker } from "../../simulator/embedded-broker.ts";
import { until } from "../support/until.ts";

async function occupy(port: number, host: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return server;
}

test.each(["127.0.0.1", "0.0.0.0"])("takes the next free port when somebody listens on %s already", async (host) => {
  const taken = await occupy(0, host);
  const { port } = taken.address() as { port: number };
  const broker = await startEmbeddedBroker({ port });
  onTestFinished(() => broker.close());
  expect(broker.port).toBeGreaterThan(port);
  expect(broker.port).toBeLessThan(port + 50);
  expect(broker.url).toBe(`mqtt://127.0.0.1:${broker.port}`);
});

test.each(["0.0.0.0", "::", "192.0.2.1", "localhost"])(
  "refuses to listen on %s, because it knows no passwords",
  async (host) => {
    await expect(startEmbeddedBroker({ port: 0, host })).rejects.toThrow("127.0.0.1 only");
  },
);

test("gives its port back when it is closed, and may be closed twice", async () => {
  const broker = await startEmbeddedBroker({ port: 0 });
  await Promise.all([broker.close(), broker.close()]);
  await occupy(broker.port, "127.0.0.1");
});

test("is a desk as well: what an operator leaves there is kept, and emptied when it is emptied", async () => {
  const broker = await startEmbeddedBroker({ port: 0 });
  onTestFinished(() => broker.close());
  broker.inject("yizhan/1/s/access-list", "a list", { retained: true });
  broker.inject("yizhan/1/s/request/open", "{}");
  await until(() => broker.retained("yizhan/1/s/access-list") === "a list", { timeoutMs: 5_000, what: "the list" });
  expect(broker.retainedTopics()).toEqual(["yizhan/1/s/access-list"]);
  broker.inject("yizhan/1/s/access-list", "", { retained: true });
  await until(() => broker.retainedTopics().length === 0, { timeoutMs: 5_000, what: "the emptied topic" });
});
