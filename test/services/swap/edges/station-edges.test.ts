/** The edges around the station itself: network, power, process, fire, operators, clocks. */
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { loadConfig } from "../../../../firmware/config/load.ts";
import type { LogEntry } from "../../../../firmware/log/entry.ts";
import { createRequests } from "../../../../firmware/mqtt/requests.ts";
import { endedByCrash } from "../../../../firmware/runner/journal-desk.ts";
import type { Effect } from "../../../../services/effects.ts";
import { emptyDurable } from "../../../../services/journal/durable.ts";
import type { JournalRecord } from "../../../../services/journal/records.ts";
import { publicationOf } from "../../../../services/publication.ts";
import { createVirtualClock } from "../../../../simulator/clock.ts";
import { createSimulation } from "../../../../simulator/simulation.ts";
import { everybody } from "../../../support/asking.ts";
import { fullPack, memberName, pack } from "../../../support/bench-config.ts";
import { answersTo, order } from "../../../support/operator.ts";
import { StationBench } from "../../../support/station-bench.ts";
import { edgeStory, type Traces, tracesOfEffects } from "./edge-story.ts";

const rider = memberName(1);
const own = pack("yz-own-1");
const wallMs = Date.UTC(2026, 0, 15, 12);

const ended = (bench: StationBench, count = 1) => bench.until(() => bench.ends.length >= count, `end ${count}`);

function accepted(options: ConstructorParameters<typeof StationBench>[0] = {}): StationBench {
  const bench = new StationBench(options);
  bench.scan(rider);
  bench.deposit(own);
  bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
  return bench;
}

/** What an operator's requests leave behind at the desk that judges them. */
function asked(ask: (desk: { send(payload: object): void; acts(): number }) => void, clockIsRight = true): Traces {
  const clock = createVirtualClock({ wallStartMs: wallMs });
  if (!clockIsRight) clock.wallSynchronised = () => false;
  const records: JournalRecord[] = [];
  const words: string[] = [];
  let acts = 0;
  const desk = createRequests({
    clock,
    station: "s",
    remembered: [],
    asking: everybody,
    link: {
      publish(_topic, payload, _how, done) {
        const { reason } = JSON.parse(payload) as { reason?: string };
        if (reason !== undefined) words.push(reason);
        done(undefined);
      },
    },
    accepted({ request: { id }, verb }) {
      acts++;
      desk.answer({ id, verb, status: "ok" });
    },
    security: ({ reason, verb, request, suppressed }) => {
      words.push(reason);
      records.push({
        kind: "request-refused",
        reason,
        verb,
        suppressed,
        ...(request === undefined ? {} : { id: request }),
      });
    },
  });
  ask({
    send: (payload) =>
      desk.received({
        topic: "yizhan/1/s/request/lock-out",
        payload: new TextEncoder().encode(JSON.stringify(payload)),
        retained: false,
      }),
    acts: () => acts,
  });
  const effects = records.flatMap((record): Effect[] => {
    const told = publicationOf(record, emptyDurable);
    return told === undefined ? [] : [{ do: "record", record, publish: { ...told, seq: 1 } }];
  });
  return { ...tracesOfEffects(effects), words };
}

const lockOut = (expiresAt: number) => ({ id: "r-1", expiresAt, bay: 1, lockOut: "operator", reason: "worn plug" });

describe("edges of network and power", () => {
  edgeStory("E4", () =>
    asked((desk) => {
      desk.send(lockOut(wallMs - 1));
      expect(desk.acts()).toBe(0);
    }),
  );

  edgeStory("E32", () => {
    const loaded = loadConfig(fileURLToPath(new URL("../../../../examples/starter-cabinet.yaml", import.meta.url)));
    if (!loaded.ok) throw new Error("the starter cabinet is not valid");
    const effects: Effect[] = [];
    const simulation = createSimulation({
      config: loaded.config,
      seed: "no-network",
      fromMs: wallMs,
      world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 1 },
      onPrompt: (cabinet, prompt) => effects.push({ do: "prompt", cabinet, prompt }),
    });
    const { clock, broker, world, station } = simulation;
    const events: { kind: string; type: string; code: string }[] = [];
    const records: string[] = [];
    broker?.subscribe("yizhan/1/starter-1/event/#", ({ topic, payload }) => {
      const { event_type: type, data } = JSON.parse(new TextDecoder().decode(payload));
      events.push({ kind: topic.split("/").at(-1) ?? "", type, code: data.code });
      records.push(type);
    });
    clock.runUntil(60_000);
    broker?.takeDown();
    clock.runUntil(180_000);
    expect(Object.keys(station.loop.state().faults)).toContain("broker-lost/station");
    world.arrive({ behaviour: "proper", socPct: 30, packC: 10 });
    clock.runUntil(360_000);
    expect(world.stats.endings.swapped).toBe(1);
    expect(records).not.toContain("completed");
    broker?.bringUp();
    clock.runUntil(480_000);
    expect(records).toContain("completed");
    expect(Object.keys(station.loop.state().faults)).not.toContain("broker-lost/station");
    return {
      codes: events.map(({ code }) => code),
      words: tracesOfEffects(effects).words,
      events: events.map(({ kind, type }) => `${kind}/${type}`),
    };
  });

  edgeStory("E33", () =>
    asked((desk) => {
      for (let times = 0; times < 5; times++) desk.send(lockOut(wallMs + 30_000));
      expect(desk.acts()).toBe(1);
    }),
  );

  edgeStory("E34", () => {
    const bench = accepted();
    const pulses = bench.pulses.length;
    bench.restart();
    bench.pass(15_000);
    expect(bench.pulses).toHaveLength(pulses);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1" }]);
    bench.scan(rider);
    expect(bench.collect()).toBe(2);
    ended(bench, 2);
    expect(bench.ends).toEqual(["waiting-for-rescan", "completed"]);
    expect(bench.points.filter((point) => point === "IN_OPEN")).toHaveLength(1);
    return bench;
  });

  edgeStory("E35", () => {
    const bench = accepted();
    const log = bench.records.map((record) => ({ record }) as unknown as LogEntry);
    expect(endedByCrash(log)).toBe(true);
    expect(endedByCrash([...log, { record: { kind: "stopping" } } as unknown as LogEntry])).toBe(false);
    expect(endedByCrash([])).toBe(false);
    bench.bay(2).contacts = "lost";
    bench.restart();
    const crashed = endedByCrash(log);
    bench.step({ type: "told", record: { kind: "started", version: "0.1.0", detail: "log whole", crashed } });
    bench.scan(rider);
    expect(bench.ends).toEqual(["checking"]);
    return bench;
  });
});

describe("edges of fire, people and clocks", () => {
  edgeStory("E36", () => {
    const bench = accepted({ stock: { 2: fullPack("yz-full-2"), 3: pack("yz-3") } });
    const pulses = bench.pulses.length;
    bench.safety.smoke["c-1"] = true;
    bench.step({ type: "noticed" });
    expect(bench.ends).toEqual(["interrupted"]);
    expect(bench.granted.bays.every((levels) => levels === undefined || levels.chargeMa === 0)).toBe(true);
    bench.scan(memberName(2));
    bench.pass(60_000);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1" }]);
    expect(bench.pulses).toHaveLength(pulses);
    return bench;
  });

  edgeStory("E37", () => {
    const bench = new StationBench({ allSafety: true, stock: { 2: fullPack("yz-full-2"), 3: pack("yz-3") } });
    bench.bay(2).stuckMa = 5_000; // Its door stays shut until the current is gone.
    bench.scan(rider);
    bench.deposit(own);
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    bench.bay(2).stuckMa = undefined;
    const doors = bench.openBays();
    const pulses = bench.pulses.length;
    bench.safety.emergencyStop = true;
    bench.step({ type: "noticed" });
    expect(bench.granted.bays.every((levels) => levels === undefined || levels.chargeMa === 0)).toBe(true);
    bench.scan(memberName(2));
    bench.pass(60_000);
    expect(bench.openBays()).toEqual(doors);
    expect(bench.pulses).toHaveLength(pulses);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1" }]);
    bench.safety.emergencyStop = false;
    bench.pass(3_000);
    bench.scan(rider);
    expect(bench.collect()).toBe(2);
    return bench;
  });

  edgeStory("E38", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    order(bench, { verb: "lock-out", bay, lockOut: "operator", reason: "worn plug" });
    bench.put(bay, own);
    bench.shut(bay);
    bench.collect();
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.lockOutOf(bay)).toMatchObject({ lockOut: "operator" });
    bench.pass(20_000);
    bench.scan(memberName(2));
    expect(Object.values(bench.state.swaps)[0]?.inBay).not.toBe(bay);
    return bench;
  });

  edgeStory("E39", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.untilOpen();
    bench.pass(20_000);
    for (const years of [-56, 10]) {
      bench.wallMs += years * 365 * 86_400_000;
      bench.pass(15_000);
      expect(bench.ends).toEqual([]);
    }
    bench.put(1, own);
    bench.shut(1);
    bench.collect();
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    return asked((desk) => {
      desk.send(lockOut(wallMs + 30_000));
      expect(desk.acts()).toBe(0);
    }, false);
  });

  edgeStory("E40", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const during = order(bench, { verb: "update-mode", on: true, id: "during" });
    expect(answersTo(bench, during)).toMatchObject([{ status: "refused", reason: "not-idle" }]);
    bench.deposit(own);
    bench.collect();
    ended(bench);
    const idle = order(bench, { verb: "update-mode", on: true, id: "idle" });
    expect(answersTo(bench, idle)).toMatchObject([{ status: "ok" }]);
    bench.scan(memberName(2));
    expect(bench.ends).toEqual(["completed", "updating"]);
    order(bench, { verb: "update-mode", on: false, id: "over" });
    bench.scan(memberName(2));
    expect(Object.keys(bench.state.swaps)).toEqual(["c-1"]);
    return bench;
  });

  edgeStory("E41", () => {
    const bench = accepted();
    bench.restart();
    bench.pass(15_000);
    bench.wallMs += 86_400_000;
    bench.pass(3_000);
    expect(bench.faults).toContain("debt-overdue/s-000001");
    bench.scan(rider);
    bench.collect();
    ended(bench, 2);
    expect(bench.debts).toEqual([]);
    return bench;
  });

  edgeStory("E42", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2"), 3: fullPack("yz-3") } });
    bench.pass(16_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
    // Pulsed for an operator; the door is shut again, and the lock does not catch.
    bench.bay(2).leakMa = 0;
    order(bench, { verb: "open", bay: 2 });
    bench.until(() => bench.bay(2).open, "the door");
    bench.bay(2).latchSays = false;
    bench.shut(2);
    bench.pass(10_000);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
    expect(bench.faults).toContain("bay-lock-held/2");
    return bench;
  });
});
