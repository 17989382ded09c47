/** A call for help leaves before whatever waits, and is still one event among the others: one id, its own place, nothing lost. */
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import { logSource } from "../../../firmware/mqtt/log-source.ts";
import { createOutbox, type Outbox } from "../../../firmware/mqtt/outbox.ts";
import type { BrokerLink } from "../../../hal/ports/broker-link.ts";
import type { EventPayload } from "../../../services/contract/event-payloads.ts";
import { contract, payloadProblem } from "../../../services/contract/topics.ts";
import { createSimulatedBroker } from "../../../simulator/broker.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { createFakeLog } from "./fake-log.ts";

const waiting = 10_000;

function bench() {
  const clock = createVirtualClock({ wallStartMs: 1_769_835_900_000 });
  const broker = createSimulatedBroker({ clock });
  const log = createFakeLog(clock);
  const received: EventPayload[] = [];
  let outbox: Outbox | undefined;
  let open: BrokerLink | undefined;
  broker.subscribe("yizhan/1/s/event/+", ({ payload }) => received.push(JSON.parse(new TextDecoder().decode(payload))));

  const pass = (ms: number): void => void clock.runUntil(clock.monotonicMs() + ms);

  /** A process starts, with what it read of its log. */
  function start(entries: readonly LogEntry[] = []): void {
    outbox?.stop();
    open?.close(() => {});
    const cursor = log.acknowledgedN;
    const source = logSource({
      log,
      logId: "log",
      station: "s",
      found: { entries, delivered: cursor },
      unsendable: (entry, why) => expect.unreachable(`${entry.n}: ${why}`),
    });
    const mine = createOutbox({
      source,
      link: { publish: (...message) => link.publish(...message) },
      clock,
      cursor,
      newest: log.newest(),
    });
    outbox = mine;
    const link = broker.open(
      { clientId: "s", will: { topic: "yizhan/1/s/availability", payload: "offline" } },
      { connected: () => mine.connected(), disconnected: () => mine.disconnected(), message: () => {} },
    );
    open = link;
  }

  function write(kind: "swap" | "help"): number {
    const n = log.append(kind);
    const entry = log.entries[n - 1];
    if (kind === "help" && entry?.publish !== undefined) {
      const data = { event_type: "called", amenity: "help" };
      log.entries[n - 1] = { ...entry, publish: { ...entry.publish, kind, data } };
    }
    outbox?.noticed(n, kind === "help");
    return n;
  }

  function writeMany(count: number): void {
    for (let at = 0; at < count; at++) write("swap");
  }

  const calls = (): number[] => received.flatMap(({ event_type }, at) => (event_type === "called" ? [at] : []));
  const drained = (): void => {
    for (let turn = 0; turn < 2_000 && log.acknowledgedN < log.newest(); turn++) pass(1_000);
  };
  const stats = () => outbox?.stats();
  return { clock, broker, log, received, start, write, writeMany, pass, calls, drained, stats };
}

type Bench = ReturnType<typeof bench>;

/** Every event reached the consumer, and the queue is through. */
function wholeOf({ log, received, stats }: Bench): void {
  const ids = new Set(received.map(({ id }) => id));
  expect(ids).toEqual(new Set(log.entries.map(({ n }) => `log-${n}`)));
  expect(log.acknowledgedN).toBe(log.newest());
  expect(stats()).toMatchObject({ queued: 0, inFlight: 0 });
  for (const payload of received) expect(payloadProblem(contract.event, payload)).toBeUndefined();
}

describe("a call for help", () => {
  test("behind 10,000 events that wait for the broker is the first to leave when it comes back", () => {
    const station = bench();
    station.start();
    station.pass(5_000);
    station.broker.takeDown();
    station.writeMany(waiting);
    station.pass(1_000);
    station.write("help");
    station.pass(60_000);
    expect(station.received).toEqual([]);
    station.broker.bringUp();
    station.pass(2_000);
    expect(station.calls()).toEqual([0]);
    station.drained();
    wholeOf(station);
    expect(station.calls()).toEqual([0]);
  });

  test("pressed while 10,000 events are on their way overtakes all that were not sent yet", () => {
    const station = bench();
    station.broker.takeDown();
    station.start();
    station.writeMany(waiting);
    station.broker.bringUp();
    station.pass(2_000);
    const before = station.received.length;
    expect(before).toBeLessThan(waiting - 1_000);
    station.write("help");
    station.pass(100);
    expect(station.calls()[0]).toBeLessThan(before + 300);
    expect(station.log.acknowledgedN).toBeLessThan(waiting - 500);
    station.drained();
    wholeOf(station);
  });

  test("cut off on its way comes again with the same id, and nobody counts two calls", () => {
    const station = bench();
    station.start();
    station.pass(5_000);
    station.broker.takeDown();
    station.writeMany(waiting);
    const n = station.write("help");
    station.pass(1_000);
    station.broker.bringUp();
    // The call arrives, its acknowledgement does not: the line is cut again and again.
    for (let cut = 0; cut < 5; cut++) {
      station.broker.dropAcks(60);
      station.pass(2_000);
      station.broker.cut();
      station.pass(500);
    }
    station.drained();
    const called = station.received.filter(({ event_type }) => event_type === "called");
    expect(called.length).toBeGreaterThan(1);
    expect(new Set(called.map(({ id }) => id))).toEqual(new Set([`log-${n}`]));
    wholeOf(station);
  });

  test("made just before the power went leaves first after the start as well", () => {
    const station = bench();
    station.broker.takeDown();
    station.start();
    station.writeMany(waiting);
    station.write("help");
    const { entries } = station.log;
    station.start(entries.slice(-500));
    station.broker.bringUp();
    station.pass(3_000);
    expect(station.calls()[0]).toBe(0);
    station.drained();
    wholeOf(station);
  });

  test("keeps its place: two calls are numbered in the order in which they were made", () => {
    const station = bench();
    station.start();
    station.pass(5_000);
    station.broker.takeDown();
    for (let call = 0; call < 3; call++) {
      station.writeMany(waiting / 4);
      station.write("help");
    }
    station.pass(1_000);
    station.broker.bringUp();
    station.drained();
    const seqs = station.received.filter(({ event_type }) => event_type === "called").map(({ seq }) => seq);
    expect(seqs.slice(0, 3)).toEqual([1, 2, 3]);
    wholeOf(station);
  });

  test("with nothing before it goes the way of every event, once", () => {
    const station = bench();
    station.start();
    station.pass(5_000);
    station.writeMany(3);
    station.write("help");
    station.pass(2_000);
    expect(station.received.map(({ seq, event_type }) => `${event_type} ${seq}`)).toEqual([
      "started 1",
      "started 2",
      "started 3",
      "called 1",
    ]);
    wholeOf(station);
  });
});

test("a hundred calls in one outage are bounded in memory, and all arrive", () => {
  const station = bench();
  station.start();
  station.pass(5_000);
  station.broker.takeDown();
  station.writeMany(500);
  for (let call = 0; call < 150; call++) station.write("help");
  station.writeMany(500);
  station.pass(1_000);
  station.broker.bringUp();
  station.pass(2_000);
  expect(station.calls().slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  station.drained();
  wholeOf(station);
});
