/** What the simulated broker counts and what it can do to a message; that it is a broker link is tested in `conformance/`. */
import { describe, expect, test } from "vitest";
import { createSimulatedBroker, publishBytes } from "../../simulator/broker.ts";
import { createVirtualClock } from "../../simulator/clock.ts";

function bench() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const broker = createSimulatedBroker({ clock, latencyMs: 20 });
  const seen: string[] = [];
  broker.subscribe("t/#", ({ topic }) => seen.push(topic));
  const told: string[] = [];
  const link = broker.open(
    { clientId: "s", will: { topic: "t/will", payload: "offline" } },
    { connected: () => told.push("connected"), disconnected: (why) => told.push(why), message: () => {} },
  );
  clock.runUntil(100);
  return { clock, broker, link, seen, told };
}

describe("bytes on the wire", () => {
  test("are those of the packet: the 38-character topic with 148 bytes of JSON makes 193 with QoS 1", () => {
    // 193 is what the same message measured on a real broker.
    expect(publishBytes(38, 148, 1)).toBe(193);
    expect(publishBytes(38, 148, 0)).toBe(191);
    expect([publishBytes(1, 122, 1), publishBytes(1, 123, 1)]).toEqual([129, 131]);
  });

  test("are counted with 128 more for every QoS 1 message, in UTF-8", () => {
    const { broker, link } = bench();
    link.publish("t/a", "驿站", { qos: 1, retain: false }, () => {});
    expect(broker.counters()).toMatchObject({ upMessages: 1, upBytes: publishBytes(3, 6, 1) + 128 });
  });
});

test("an acknowledgement takes there and back", () => {
  const { clock, link, seen } = bench();
  let atMs = 0;
  const startMs = clock.monotonicMs();
  link.publish("t/a", "x", { qos: 1, retain: false }, () => {
    atMs = clock.monotonicMs() - startMs;
  });
  clock.runUntil(startMs + 20);
  expect(seen).toEqual(["t/a"]);
  clock.runUntil(startMs + 1_000);
  expect(atMs).toBe(40);
});

test("a lost acknowledgement ends the connection after the deadline, and the message has arrived all the same", () => {
  const { clock, broker, link, seen, told } = bench();
  broker.dropAcks(1);
  const answers: (string | undefined)[] = [];
  link.publish("t/a", "x", { qos: 1, retain: false }, (failure) => answers.push(failure));
  clock.runUntil(19_000);
  expect(answers).toEqual([]);
  clock.runUntil(30_000);
  expect(answers).toEqual(["no acknowledgement in time"]);
  expect(seen).toEqual(["t/a", "t/will"]);
  expect(told).toEqual(["connected", "no acknowledgement in time", "connected"]);
});

test("a cut loses what has not arrived, and keeps what has", () => {
  const { clock, broker, link, seen } = bench();
  link.publish("t/arrived", "x", { qos: 1, retain: false }, () => {});
  clock.runUntil(clock.monotonicMs() + 20);
  link.publish("t/lost", "x", { qos: 1, retain: false }, () => {});
  broker.cut();
  clock.runUntil(10_000);
  expect(seen).toEqual(["t/arrived", "t/will"]);
});

test("a repeated message reaches its subscribers twice", () => {
  const { clock, broker, link, seen } = bench();
  broker.duplicate(1);
  for (const topic of ["t/a", "t/b"]) link.publish(topic, "x", { qos: 1, retain: false }, () => {});
  clock.runUntil(1_000);
  expect(seen).toEqual(["t/a", "t/a", "t/b"]);
});
