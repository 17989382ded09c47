/** What the real broker link does beyond its port: dead lines, back-off, passwords. The port itself is tested in `conformance/`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createOutbox, IN_FLIGHT_MAX } from "../../../firmware/mqtt/outbox.ts";
import type { OutboxSource } from "../../../firmware/mqtt/outbox-source.ts";
import { nodeClock } from "../../../firmware/platform/node-clock.ts";
import { type NodeMqttSettings, nodeMqtt } from "../../../firmware/platform/node-mqtt.ts";
import type { BrokerLink } from "../../../hal/ports/broker-link.ts";
import type { Clock } from "../../../hal/ports/clock.ts";
import { aedesBench, type RealBench } from "../../support/broker-benches.ts";
import { hasMosquitto, startMosquitto } from "../../support/mosquitto.ts";
import { until } from "../../support/until.ts";

interface Opened {
  readonly link: BrokerLink;
  readonly told: string[];
  readonly notes: string[];
  /** Pauses before new attempts, in ms. */
  readonly pauses: number[];
  /** How long acknowledgements were waited for, in ms. */
  readonly deadlines: number[];
}

function open(
  settings: NodeMqttSettings,
  more: { readonly clientId?: string; readonly random?: () => number } = {},
): Opened {
  const told: string[] = [];
  const notes: string[] = [];
  const pauses: number[] = [];
  const deadlines: number[] = [];
  const host = nodeClock();
  let connecting = true;
  const clock: Clock = {
    ...host,
    after(delayMs, run) {
      // The acknowledgement deadline runs only while connected, so every other wait is the back-off.
      if (connecting) pauses.push(delayMs);
      else deadlines.push(delayMs);
      return host.after(delayMs, run);
    },
  };
  const ports = { clock, random: { next: more.random ?? (() => 0.5) }, note: (text: string) => notes.push(text) };
  const link = nodeMqtt({ backOffMinMs: 20, backOffMaxMs: 100, ...settings }, ports)(
    { clientId: more.clientId ?? "station", will: { topic: "t/availability", payload: "offline" } },
    {
      connected() {
        connecting = false;
        told.push("connected");
      },
      disconnected(why) {
        connecting = true;
        told.push(why);
      },
      message: () => {},
    },
  );
  onTestFinished(() => new Promise<void>((resolve) => link.close(resolve)));
  return { link, told, notes, pauses, deadlines };
}

async function bench(): Promise<RealBench> {
  const made = await aedesBench();
  onTestFinished(() => made.close());
  return made;
}

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a line that is dead but looks alive", () => {
  test("is given up when an acknowledgement is missing for too long, and everything under way fails", async () => {
    const { url, proxy } = await bench();
    const { link, told } = open({ url, ackDeadlineMs: 300 });
    await until(() => told.length === 1, { what: "the connection" });
    proxy.freeze();
    const answers: (string | undefined)[] = [];
    for (let index = 0; index < 20; index++) {
      link.publish("t/a", "x", { qos: 1, retain: false }, (failure) => answers.push(failure));
    }
    await until(() => told.length >= 2, { what: "the end of the connection" });
    expect(told[1]).toBe("no acknowledgement in time");
    expect(answers).toEqual(Array.from({ length: 20 }, () => "no acknowledgement in time"));
    proxy.thaw();
    await until(() => told.at(-1) === "connected", { what: "the next connection" });
  });

  test("is noticed by the keep-alive when nothing is published", async () => {
    const { url, proxy } = await bench();
    const { told } = open({ url, keepaliveS: 1 });
    await until(() => told.length === 1, { what: "the connection" });
    proxy.freeze();
    await until(() => told.length >= 2, { what: "the end of the connection" });
    expect(told[1]).toBe("Keepalive timeout");
    proxy.thaw();
  });

  /** What a station says behind the moment in which the line dies, in ms after it; a keep-alive is 1 s. */
  const talks: readonly (readonly [string, readonly number[]])[] = [
    ["nothing is published", []],
    ["a message puts the ping off just before it is due", [950]],
    ["messages go out all the time", [100, 300, 500, 700, 900, 1_100, 1_300]],
  ];
  test("N3: is given up within one and a half keep-alives, whatever is published meanwhile", async () => {
    const clock = nodeClock();
    await Promise.all(
      talks.map(async ([what, atMs]) => {
        const { url, proxy } = await bench();
        const { link, told, deadlines } = open({ url, keepaliveS: 1 });
        await until(() => told.length === 1, { what: "the connection" });
        proxy.freeze();
        const diedMs = clock.monotonicMs();
        for (const ms of atMs) clock.after(ms, () => link.publish("t/a", "x", { qos: 1, retain: false }, () => {}));
        await until(() => told.length >= 2, { what: `the end of the connection while ${what}` });
        // A message puts the ping off by a keep-alive at most; half of one for its acknowledgement makes one and a half.
        for (const ms of deadlines) expect(ms, what).toBeLessThanOrEqual(500);
        // Two seconds more for a machine that is busy with other things.
        expect(clock.monotonicMs() - diedMs, what).toBeLessThanOrEqual(1_500 + 2_000);
        proxy.thaw();
      }),
    );
  });

  test("does not keep an attempt waiting for ever: the broker that never answers CONNECT is given up", async () => {
    const { url, proxy } = await bench();
    proxy.freeze();
    const { notes } = open({ url, connectTimeoutMs: 200 });
    await until(() => notes.length >= 2, { what: "two attempts" });
    expect(notes[0]).toMatch(/^no connection to mqtt:.*connack timeout/);
    proxy.thaw();
  });
});

describe("attempts to connect", () => {
  test("wait longer each time, up to a ceiling, and say why they failed", async () => {
    const port = await deadPort();
    const { notes, pauses, told } = open({ url: `mqtt://127.0.0.1:${port}` });
    await until(() => pauses.length >= 5, { what: "five attempts" });
    expect(pauses.slice(0, 5)).toEqual([15, 30, 60, 75, 75]);
    expect(notes[0]).toContain("ECONNREFUSED");
    expect(told).toEqual([]);
  });

  test("are spread by chance over half of the pause", async () => {
    const port = await deadPort();
    const draws = [0, 0.999, 0.25];
    const { pauses } = open(
      { url: `mqtt://127.0.0.1:${port}`, backOffMaxMs: 20 },
      { random: () => draws.shift() ?? 0 },
    );
    await until(() => pauses.length >= 3, { what: "three attempts" });
    expect(pauses.slice(0, 3).map(Math.round)).toEqual([10, 20, 13]);
  });

  test("N13: slow down when another client with the same id throws us out again and again", async () => {
    const { url } = await bench();
    const one = open({ url }, { clientId: "twin" });
    const other = open({ url }, { clientId: "twin" });
    await until(() => one.pauses.length >= 4 && other.pauses.length >= 3, {
      what: "the twins to throw each other out",
    });
    expect(one.pauses.slice(0, 4)).toEqual([15, 30, 60, 75]);
  });

  test("fail with a note, and go on, when the address makes no sense to the library", async () => {
    const { notes } = open({ url: "mqtts://127.0.0.1:not-a-port" });
    await until(() => notes.length >= 2, { what: "two attempts" });
    expect(notes[0]).toMatch(/^no connection to mqtts:/);
  });

  test("never fall back from TLS to plain text", async () => {
    const { proxy, seen } = await bench();
    const { notes, told } = open({ url: `mqtts://127.0.0.1:${proxy.port}`, connectTimeoutMs: 500 });
    await until(() => notes.length >= 2, { what: "two attempts" });
    expect(told).toEqual([]);
    expect(seen).toEqual([]);
  });
});

describe("the socket", () => {
  test("sends every message at once: no small one waits for the acknowledgement of the one before it (Nagle)", async () => {
    const noDelay = vi.spyOn(Socket.prototype, "setNoDelay");
    onTestFinished(() => noDelay.mockRestore());
    const { url, proxy } = await bench();
    const { told } = open({ url });
    await until(() => told.length === 1, { what: "the connection" });
    const ours = noDelay.mock.contexts.filter((socket) => (socket as Socket).remotePort === proxy.port);
    expect(ours).toHaveLength(1);
    expect(noDelay.mock.calls[noDelay.mock.contexts.indexOf(ours[0])]).toEqual([true]);
  });

  test("N12: a broker that reads slowly fills no memory: what is under way is bounded, and so is what the socket holds", async () => {
    const { url, proxy, seen } = await bench();
    const clock = nodeClock();
    const total = 3_000;
    const payload = "x".repeat(400);
    let inFlight = 0;
    let inFlightMost = 0;
    let socketMost = 0;
    const sockets = vi.spyOn(Socket.prototype, "write");
    onTestFinished(() => sockets.mockRestore());
    const source: OutboxSource = {
      read(after, limit, done) {
        const count = Math.min(limit, total - after);
        const messages = Array.from({ length: count }, (_, index) => {
          return { n: after + index + 1, topic: "t/event", payload: `${after + index + 1} ${payload}` };
        });
        clock.after(0, () => done({ messages, lastN: after + count, complete: count < limit }));
      },
      readUrgent: (after, _limit, done) => done({ messages: [], lastN: after, complete: true }),
      urgentAtStart: () => [],
      acknowledged: () => {},
    };
    const { link, told } = open({ url, keepaliveS: 60 });
    const outbox = createOutbox({
      source,
      clock,
      cursor: 0,
      newest: total,
      link: {
        publish(topic, text, how, done) {
          inFlight++;
          inFlightMost = Math.max(inFlightMost, inFlight);
          link.publish(topic, text, how, (failure) => {
            inFlight--;
            done(failure);
          });
          const socket = sockets.mock.contexts.find((one) => (one as Socket).remotePort === proxy.port);
          socketMost = Math.max(socketMost, (socket as Socket | undefined)?.writableLength ?? 0);
        },
      },
    });
    await until(() => told.length === 1, { what: "the connection" });
    proxy.trickle(2_000);
    outbox.connected();
    await until(() => outbox.stats().published >= 20, { what: "a slow beginning" });
    expect(outbox.stats().queued).toBeGreaterThan(2_000);
    expect(inFlightMost).toBe(IN_FLIGHT_MAX);
    proxy.trickle(Number.POSITIVE_INFINITY);
    await until(() => outbox.stats().queued === 0, { what: "the rest" });
    await until(() => seen.length >= total, { what: "the rest at the other side" });
    expect(inFlightMost).toBe(IN_FLIGHT_MAX);
    // A window of messages with their headers, and no more.
    expect(socketMost).toBeLessThanOrEqual(IN_FLIGHT_MAX * 500);
  });
});

describe("the password", () => {
  test("comes from its file, which is read anew for every attempt", async (context) => {
    if (!hasMosquitto()) return context.skip("needs mosquitto (apt-get install mosquitto)");
    const folder = mkdtempSync(join(tmpdir(), "yizhan-password-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const passwordFile = join(folder, "password");
    const broker = await startMosquitto({ user: { name: "station", password: "right horse" } });
    onTestFinished(() => broker.stop());
    const { notes, told } = open({ url: broker.url, username: "station", passwordFile });
    await until(() => notes.length >= 1, { what: "the missing file" });
    expect(notes[0]).toMatch(/^the password file cannot be read: ENOENT/);
    writeFileSync(passwordFile, "wrong\n");
    await until(() => notes.some((note) => note.includes("Not authorized")), { what: "the refusal" });
    writeFileSync(passwordFile, "right horse\n");
    await until(() => told.length > 0, { what: "the connection" });
    expect(told).toEqual(["connected"]);
    for (const note of notes) expect(note).not.toContain("horse");
  });
});
