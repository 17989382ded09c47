import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logSource } from "../../../firmware/mqtt/log-source.ts";
import { createOutbox, IN_FLIGHT_MAX, type Outbox } from "../../../firmware/mqtt/outbox.ts";
import type { BrokerLink } from "../../../hal/ports/broker-link.ts";
import type { EventPayload } from "../../../services/contract/event-payloads.ts";
import { contract, payloadProblem } from "../../../services/contract/topics.ts";
import { createSimulatedBroker, type SimulatedBroker } from "../../../simulator/broker.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";
import { createFakeLog, type FakeLog } from "./fake-log.ts";

/** A station with an outbox on a broker, watched by a consumer that also watches the rules. */
interface Bench {
  readonly clock: VirtualClock;
  readonly log: FakeLog;
  readonly broker: SimulatedBroker;
  readonly received: EventPayload[];
  /** Numbers in the order of their first sending. */
  readonly firstSent: number[];
  readonly outbox: () => Outbox;
  inFlightMost: number;
  write(events: number): void;
  restart(): void;
  /** Heals everything and waits until nothing waits. */
  drain(): void;
}

function createBench(): Bench {
  const clock = createVirtualClock({ wallStartMs: 1_769_835_900_000 });
  const log = createFakeLog(clock);
  const broker = createSimulatedBroker({ clock });
  const received: EventPayload[] = [];
  const firstSent: number[] = [];
  const sent = new Set<number>();
  const acked = new Set<number>();
  let outbox: Outbox;
  let link: BrokerLink;

  broker.subscribe("yizhan/1/s/event/+", ({ payload }) => received.push(JSON.parse(new TextDecoder().decode(payload))));

  const start = (): void => {
    let inFlight = 0;
    const watched: Pick<BrokerLink, "publish"> = {
      publish(topic, payload, how, done) {
        const n = Number((JSON.parse(payload).id as string).split("-")[1]);
        if (!sent.has(n)) firstSent.push(n);
        sent.add(n);
        inFlight++;
        bench.inFlightMost = Math.max(bench.inFlightMost, inFlight);
        link.publish(topic, payload, how, (failure) => {
          inFlight--;
          if (failure === undefined) acked.add(n);
          done(failure);
        });
      },
    };
    const source = logSource({
      log,
      logId: "log",
      station: "s",
      unsendable: (entry, why) => expect.unreachable(`${entry.n}: ${why}`),
    });
    const checked = {
      ...source,
      acknowledged(n: number) {
        const missing = log.entries
          .slice(log.acknowledgedN, n)
          .filter((entry) => entry.publish !== undefined && !acked.has(entry.n));
        expect(missing).toEqual([]);
        source.acknowledged(n);
      },
    };
    outbox = createOutbox({ source: checked, link: watched, clock, cursor: log.acknowledgedN, newest: log.newest() });
    const mine = outbox;
    link = broker.open(
      { clientId: "s", will: { topic: "yizhan/1/s/availability", payload: "offline" } },
      { connected: () => mine.connected(), disconnected: () => mine.disconnected(), message: () => {} },
    );
  };

  const bench: Bench = {
    clock,
    log,
    broker,
    received,
    firstSent,
    outbox: () => outbox,
    inFlightMost: 0,
    write(events) {
      for (let count = 0; count < events; count++) {
        if (count % 3 === 2) log.append();
        outbox.noticed(log.append(count % 2 === 0 ? "swap" : "fault"));
      }
    },
    restart() {
      // As SIGKILL does it: nothing is said, nothing is kept but the log.
      outbox.stop();
      broker.cut("killed");
      link.close(() => {});
      start();
    },
    drain() {
      broker.bringUp();
      const deadline = clock.monotonicMs() + 3_600_000;
      while (outbox.stats().queued > 0 && clock.monotonicMs() < deadline) clock.runUntil(clock.monotonicMs() + 100);
      expect(outbox.stats()).toMatchObject({ queued: 0, inFlight: 0, waitingMs: 0 });
    },
  };
  start();
  return bench;
}

/** What a consumer has after it dropped repeats and sorted. */
function consumed(received: readonly EventPayload[]): Map<string, number[]> {
  const streams = new Map<string, number[]>();
  const seen = new Map<string, string>();
  for (const event of received) {
    const text = JSON.stringify(event);
    const before = seen.get(event.id);
    if (before !== undefined) expect(text).toBe(before);
    else streams.set(event.stream, [...(streams.get(event.stream) ?? []), event.seq]);
    seen.set(event.id, text);
  }
  for (const seqs of streams.values()) seqs.sort((a, b) => a - b);
  return streams;
}

function expectAllDelivered(bench: Bench): void {
  const wanted = new Map<string, number[]>();
  for (const { publish } of bench.log.entries) {
    if (publish !== undefined) wanted.set(publish.stream, [...(wanted.get(publish.stream) ?? []), publish.seq]);
  }
  expect(consumed(bench.received)).toEqual(wanted);
}

describe("the outbox", () => {
  test("delivers what was written, in order and once, while nothing goes wrong", () => {
    const bench = createBench();
    bench.write(300);
    bench.drain();
    expect(bench.received.map((event) => event.id)).toEqual(
      bench.log.entries.flatMap((entry) => (entry.publish === undefined ? [] : [`log-${entry.n}`])),
    );
    for (const event of bench.received) expect(payloadProblem(contract.event, event)).toBeUndefined();
  });

  test("sends nothing and reads nothing during a week without a broker, then drains in order", () => {
    const bench = createBench();
    bench.clock.runUntil(1_000);
    bench.broker.takeDown();
    const { reads } = bench.log;
    for (let day = 1; day <= 7; day++) {
      bench.write(2_000);
      bench.clock.runUntil(day * 86_400_000);
    }
    expect(bench.received).toEqual([]);
    expect(bench.log.reads).toBe(reads);
    expect(bench.outbox().stats().waitingMs).toBeGreaterThan(6 * 86_400_000);
    bench.drain();
    expectAllDelivered(bench);
    expect(bench.firstSent).toEqual([...bench.firstSent].sort((a, b) => a - b));
  });

  test("never has more than 50 messages under way", () => {
    const bench = createBench();
    bench.write(5_000);
    bench.drain();
    expect(bench.inFlightMost).toBe(IN_FLIGHT_MAX);
  });

  test("keeps the mark where an acknowledgement is missing, and repeats with the same id", () => {
    const bench = createBench();
    bench.clock.runUntil(1_000);
    bench.broker.dropAcks(1);
    bench.write(10);
    bench.clock.runUntil(2_000);
    expect(bench.log.acknowledgedN).toBe(0);
    expect(bench.outbox().stats().inFlight).toBe(1);
    bench.drain();
    expectAllDelivered(bench);
    const repeats = bench.received.length - new Set(bench.received.map((event) => event.id)).size;
    // Only the one whose acknowledgement was lost is sent again, not the nine that were confirmed behind it.
    expect(repeats).toBe(1);
  });

  test("asks again when the log cannot be read", () => {
    const bench = createBench();
    bench.log.failReads = 3;
    bench.write(5);
    bench.drain();
    expectAllDelivered(bench);
    expect(bench.outbox().stats().readFailures).toBe(3);
  });

  test("does not mistake an entry without a message for a delivery", () => {
    const bench = createBench();
    bench.clock.runUntil(1_000);
    bench.outbox().noticed(bench.log.append());
    bench.drain();
    expect(bench.log.acknowledgedN).toBe(0);
  });

  test("pauses when a living link refuses, instead of spinning", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const log = createFakeLog(clock);
    log.append("swap");
    let asked = 0;
    const source = logSource({ log, logId: "log", station: "s", unsendable: () => {} });
    const link: Pick<BrokerLink, "publish"> = {
      publish(_topic, _payload, _how, done) {
        asked++;
        done("refused");
      },
    };
    createOutbox({ source, link, clock, cursor: 0, newest: 1 }).connected();
    clock.runUntil(10_000);
    expect(asked).toBe(10);
  });

  type Step = readonly ["write" | "wait" | "cut" | "down" | "up" | "drop" | "repeat" | "restart" | "rot", number];
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant("write" as const), fc.integer({ min: 1, max: 120 })) },
    { weight: 6, arbitrary: fc.tuple(fc.constant("wait" as const), fc.integer({ min: 1, max: 3_000 })) },
    {
      weight: 5,
      arbitrary: fc.tuple(
        fc.constantFrom("cut" as const, "down" as const, "up" as const, "drop" as const, "repeat" as const),
        fc.integer({ min: 1, max: 30 }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom("restart" as const, "rot" as const), fc.integer({ min: 1, max: 3 })),
    },
  );
  const act: Readonly<Record<Step[0], (bench: Bench, amount: number) => void>> = {
    write: (bench, amount) => bench.write(amount),
    wait: (bench, amount) => bench.clock.runUntil(bench.clock.monotonicMs() + amount),
    cut: (bench) => bench.broker.cut(),
    down: (bench) => bench.broker.takeDown(),
    up: (bench) => bench.broker.bringUp(),
    drop: (bench, amount) => bench.broker.dropAcks(amount),
    repeat: (bench, amount) => bench.broker.duplicate(amount),
    restart: (bench) => bench.restart(),
    rot: (bench, amount) => {
      bench.log.failReads = amount;
    },
  };

  test("loses nothing, repeats only whole, and never marks what was not acknowledged, whatever is cut, killed or dropped", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const bench = createBench();
        for (const [what, amount] of steps) act[what](bench, amount);
        bench.drain();
        expectAllDelivered(bench);
        expect(bench.inFlightMost).toBeLessThanOrEqual(IN_FLIGHT_MAX);
        expect(bench.firstSent).toEqual([...bench.firstSent].sort((a, b) => a - b));
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
