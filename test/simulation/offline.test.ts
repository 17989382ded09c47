/**
 * Days without a broker, and what follows (N2): the riders are served, everything waits in the log, and once the broker is back it is all
 * delivered in order within minutes, while the memory of the station is what it was. `YIZHAN_OFFLINE_DAYS` says how many days the
 * whole station spends offline; the log alone always spends seven.
 */
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { openLog } from "../../firmware/log/log.ts";
import { logSource } from "../../firmware/mqtt/log-source.ts";
import { createMqttSession, type MqttSession } from "../../firmware/mqtt/session.ts";
import type { EventPayload } from "../../services/contract/event-payloads.ts";
import { examples } from "../../services/contract/examples.ts";
import type { InfoPayload } from "../../services/contract/state-payloads.ts";
import { createSimulatedBroker, type SimulatedBroker } from "../../simulator/broker.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { createRandom } from "../../simulator/random.ts";
import { createSimulation } from "../../simulator/simulation.ts";
import { everybody } from "../support/asking.ts";

const days = Number(process.env.YIZHAN_OFFLINE_DAYS ?? "0.15");
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const drainMsMax = 5 * 60_000;
const wallMs = Date.UTC(2026, 0, 15, 3, 0);
const MB = 1_048_576;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / MB;
}

/** What a consumer has after it dropped repeats, and whether anything came behind a later one of its stream. */
function watch(broker: SimulatedBroker) {
  const seqs = new Map<string, number[]>();
  const ids = new Set<string>();
  let inversions = 0;
  let repeats = 0;
  broker.subscribe("yizhan/1/+/event/+", ({ payload }) => {
    const { id, stream, seq } = JSON.parse(new TextDecoder().decode(payload)) as EventPayload;
    if (ids.has(id)) {
      repeats++;
      return;
    }
    ids.add(id);
    const list = seqs.get(stream) ?? [];
    seqs.set(stream, list);
    if (seq < (list.at(-1) ?? 0)) inversions++;
    list.push(seq);
  });
  return {
    received: () => ids.size,
    inversions: () => inversions,
    repeats: () => repeats,
    /** Streams in which a number is missing or stands twice. */
    flawed: (newest: Readonly<Record<string, number>>) =>
      Object.entries(newest).filter(([stream, last]) => {
        const list = seqs.get(stream) ?? [];
        return list.length !== last || list.some((seq, index) => seq !== index + 1);
      }),
  };
}

describe("a station that has no broker for days", () => {
  test(`serves its riders for ${days} days meanwhile, and then delivers everything in order within five minutes`, () => {
    const loaded = loadConfig(fileURLToPath(new URL("../../examples/reference-station.yaml", import.meta.url)));
    if (!loaded.ok) throw new Error("the reference station is not valid");
    const simulation = createSimulation({
      config: loaded.config,
      seed: "offline",
      fromMs: wallMs,
      world: { arrivalsPerDay: 400 },
    });
    const { clock, broker, station, world, disk } = simulation;
    if (broker === undefined) throw new Error("there is no broker in memory");
    const seen = watch(broker);
    clock.runUntil(hourMs / 2);
    broker.takeDown();
    const heard = seen.received();
    const sizes = () => ({
      heapMb: Math.round(heapMb() * 10) / 10,
      logMb: Math.round((disk.usedBytes() / MB) * 100) / 100,
      timers: clock.pending(),
      durableKb: Math.round(JSON.stringify(station.loop.state().durable).length / 1_024),
      topics: station.session?.stats().state.topics ?? 0,
      inFlight: station.session?.stats().outbox.inFlight ?? 0,
      queued: station.session?.stats().outbox.queued ?? 0,
    });
    const checkpoints = [sizes()];
    const parts = Math.max(2, Math.round(days * 4));
    for (let part = 1; part <= parts; part++) {
      clock.runUntil(hourMs / 2 + (part / parts) * days * dayMs);
      checkpoints.push(sizes());
      process.stderr.write(
        `  offline ${((part / parts) * days).toFixed(2)} d: ${JSON.stringify(checkpoints.at(-1))}\n`,
      );
    }
    expect(seen.received(), "nothing gets out meanwhile").toBe(heard);
    const served = world.stats.endings.swapped;
    broker.bringUp();
    const backMs = clock.monotonicMs();
    const waiting = (): number => station.session?.stats().outbox.queued ?? 0;
    const backlog = waiting();
    while (waiting() > 0 && clock.monotonicMs() - backMs < 2 * drainMsMax) clock.runUntil(clock.monotonicMs() + 1_000);
    const drainedS = (clock.monotonicMs() - backMs) / 1_000;
    process.stderr.write(
      `  ${days} d offline: ${served} swapped, ${backlog} log entries waited, ${seen.received() - heard} events in ${drainedS} s, ` +
        `${seen.repeats()} repeats, heap ${checkpoints.map((at) => at.heapMb).join(" ")} MB\n`,
    );
    expect(waiting()).toBe(0);
    expect(drainedS * 1_000).toBeLessThanOrEqual(drainMsMax);
    expect(seen.inversions()).toBe(0);
    expect(seen.flawed(station.loop.state().durable.streamSeq)).toEqual([]);
    expect(served).toBeGreaterThan(200 * days);
    expect(simulation.invariants.violations()).toEqual([]);
    for (const at of checkpoints) {
      expect(at.inFlight).toBe(0);
      expect(at.timers).toBeLessThanOrEqual(2 * (checkpoints[0]?.timers ?? 0));
      expect(at.durableKb).toBeLessThan(512);
      expect(at.topics).toBeLessThan(150);
    }
  }, 7_200_000);

  test("with seven days of 4,800 events in its log, on a line of 300 ms there and back, drains within five minutes; its memory stays flat", () => {
    const clock = createVirtualClock({ wallStartMs: wallMs });
    const random = createRandom("offline-log");
    const disk = simulatedDisk({ clock, random: random.split("disk") });
    const broker = createSimulatedBroker({ clock, latencyMs: 150 });
    const seen = watch(broker);
    const streamSeq: Record<string, number> = {};
    const { log } = openLog({
      disk,
      clock,
      logId: "00112233445566778899aabbccddeeff",
      boot: "boot",
      maxBytes: 64 * MB,
      segmentBytes: MB,
      queueMax: 2_000,
      checkpoint: () => ({ kind: "checkpoint", streamSeq: { ...streamSeq } }),
      onFault: (fault) => expect.unreachable(JSON.stringify(fault)),
    });
    log.start();
    const session: MqttSession = createMqttSession({
      open: broker.open,
      clock,
      station: "s",
      clientId: "yizhan-s",
      info: examples.info[0] as InfoPayload,
      outbox: {
        source: logSource({ log, logId: "log", station: "s", unsendable: (_entry, why) => expect.unreachable(why) }),
        cursor: 0,
        newest: 0,
      },
      remembered: [],
      asking: everybody,
      accepted: () => {},
      security: () => {},
      note: () => {},
    });
    clock.runUntil(60_000);
    broker.takeDown();
    const swapsADay = 400;
    const eventsASwap = 12;
    const write = (number: number): void => {
      const stream = number % eventsASwap === 0 ? "bay" : "swap";
      const seq = (streamSeq[stream] ?? 0) + 1;
      streamSeq[stream] = seq;
      const event_type = stream === "bay" ? "pack-put-in" : "door-opened";
      const data = {
        event_type,
        swap: `s-${Math.floor(number / eventsASwap)}`,
        cabinet: "a",
        bay: 7,
        packId: "yz-0001",
      };
      const record = { kind: "swap-stage", stage: "in-open", ...data };
      log.append([{ record, publish: { kind: stream, stream, seq, data }, outcome: true }], (failure) => {
        expect(failure).toBeUndefined();
        session.noticed(log.syncedN());
      });
    };
    const total = 7 * swapsADay * eventsASwap;
    const heaps: number[] = [];
    for (let number = 0; number < total; number++) {
      clock.runUntil(60_000 + (number / total) * 7 * dayMs);
      write(number);
      if (number % (total / 7) === total / 14) heaps.push(heapMb());
    }
    clock.runUntil(60_000 + 7 * dayMs);
    expect(seen.received()).toBe(0);
    expect(session.stats().outbox).toMatchObject({ inFlight: 0, published: 0 });
    broker.bringUp();
    const backMs = clock.monotonicMs();
    while (session.stats().outbox.queued > 0 && clock.monotonicMs() - backMs < 2 * drainMsMax)
      clock.runUntil(clock.monotonicMs() + 1_000);
    const drainedMs = clock.monotonicMs() - backMs;
    heaps.push(heapMb());
    process.stderr.write(
      `  seven days in the log: ${total} events, ${(disk.usedBytes() / MB).toFixed(1)} MB, drained in ${drainedMs / 1_000} s, ` +
        `heap ${heaps.map((heap) => heap.toFixed(1)).join(" ")} MB\n`,
    );
    expect(drainedMs).toBeLessThanOrEqual(drainMsMax);
    expect(seen.flawed(streamSeq)).toEqual([]);
    expect([seen.received(), seen.inversions(), seen.repeats()]).toEqual([total, 0, 0]);
    // A day more in the log is nothing more in memory; what the consumer remembers of 33,600 events at the end is its own.
    expect((heaps[6] ?? 0) - (heaps[0] ?? 0)).toBeLessThan(2);
  }, 600_000);
});
