/** An operator's desk over the simulated broker, down to the bytes of the locks. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import type { ResponsePayload } from "../../services/contract/request-payloads.ts";
import { createSimulation, type Simulation } from "../../simulator/simulation.ts";

const minuteMs = 60_000;
const root = "yizhan/1/starter-1/";

interface Desk {
  readonly simulation: Simulation;
  readonly answers: ResponsePayload[];
  /** Asks, lets time go by, and hands out the answer. */
  ask(verb: string, request: object, ms?: number): ResponsePayload | undefined;
  minutes(count: number): void;
  bay(bay: number): { readonly state: string; readonly door: string };
  pulses(): number[];
}

/** One cabinet of four bays with full packs, one of them free; riders come when the test says so. */
function desk(seed: string): Desk {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the starter cabinet is not valid");
  const simulation = createSimulation({
    config: loaded.config,
    seed,
    fromMs: Date.UTC(2026, 0, 15, 14, 0),
    world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 1 },
  });
  const { clock, world, broker } = simulation;
  if (broker === undefined) throw new Error("no broker");
  const answers: ResponsePayload[] = [];
  broker.subscribe(`${root}response/+`, ({ payload }) => {
    answers.push(JSON.parse(new TextDecoder().decode(payload)) as ResponsePayload);
  });
  clock.runUntil(minuteMs);
  let asked = 0;
  return {
    simulation,
    answers,
    ask(verb, request, ms = 30_000) {
      const id = `desk-${++asked}`;
      const expiresAt = clock.wallMs() + 50_000;
      broker.inject(`${root}request/${verb}`, JSON.stringify({ id, expiresAt, by: "desk", ...request }));
      clock.runUntil(clock.nowMs + ms);
      return answers.findLast((answer) => answer.id === id);
    },
    minutes: (count) => void clock.runUntil(clock.nowMs + count * minuteMs),
    bay: (bay) => JSON.parse(broker.retained(`${root}bay/${bay}`) ?? "{}") as ReturnType<Desk["bay"]>,
    pulses: () => world.truth.bays.map(({ pulses }) => pulses),
  };
}

describe("an operator's desk", () => {
  test("sees what it decided as soon as it is answered, not at the station's next round", () => {
    const { ask, bay } = desk("seen-at-once");
    const request = { bay: 2, lockOut: "operator", reason: "worn" };
    expect(ask("lock-out", request, 150)).toMatchObject({ status: "ok" });
    expect(bay(2)).toMatchObject({ lockOut: "operator" });
    expect(ask("lock-out", { ...request, lockOut: "none" }, 150)).toMatchObject({ status: "ok" });
    expect(bay(2)).toMatchObject({ lockOut: "none" });
  });

  test("opens one bay: the door is open when the answer comes, the coil was on once, nothing is called forced", () => {
    const { simulation, ask, bay, pulses } = desk("open-one");
    const before = pulses();
    expect(ask("open", { bay: 2 }, 5_000)).toMatchObject({ status: "ok", data: { bay: 2 } });
    expect(simulation.world.truth.bay(2).doorOpen).toBe(true);
    expect(pulses().map((count, at) => count - (before[at] ?? 0))).toEqual([0, 1, 0, 0]);
    expect(bay(2)).toMatchObject({ door: "open", lockOut: "none" });
    expect(ask("open", { bay: 3 }, 5_000)).toMatchObject({ status: "refused", reason: "door-open" });
    expect(simulation.invariants.violations()).toEqual([]);
  });

  test("opens all bays in two steps, one coil after another, and the answer lists them", () => {
    const { simulation, ask } = desk("open-all");
    const word = ask("open-all", { cabinet: "a" }, 5_000)?.data?.confirm;
    expect(simulation.world.truth.bays.some(({ doorOpen }) => doorOpen)).toBe(false);
    const opened: number[] = [];
    simulation.world.onTruth((event) => {
      if (event.type === "door" && event.open) opened.push(event.bay);
    });
    const answer = ask("open-all", { cabinet: "a", confirm: word });
    expect(answer).toMatchObject({ status: "ok", data: { opened: [1, 2, 3, 4], skipped: [] } });
    expect(opened).toEqual([1, 2, 3, 4]);
    expect(simulation.invariants.violations()).toEqual([]);
  });

  test("keeps a pack for a member: it is shown so, others get another one, the member gets it", () => {
    const { simulation, ask, minutes, bay } = desk("reserve");
    const { world } = simulation;
    const ready = [1, 2, 3, 4].filter((number) => bay(number).state === "ready");
    const kept = ready.at(-1) ?? 0;
    const packId = world.truth.bay(kept).pack?.id;
    // Rider 8 of the simulated town is the eighth member.
    expect(ask("reserve", { bay: kept, member: "m-0008", minutes: 60 })).toMatchObject({ status: "ok" });
    expect(bay(kept).state).toBe("reserved");
    world.arrive({ rider: 3, behaviour: "proper", socPct: 30, packC: 10 });
    minutes(4);
    expect(world.truth.bay(kept).pack?.id).toBe(packId);
    world.arrive({ rider: 7, behaviour: "proper", socPct: 30, packC: 10 });
    minutes(4);
    const visits = world.stats.visits.map(({ rider, receivedPack }) => ({ rider, receivedPack }));
    expect(visits.at(-1)).toEqual({ rider: 7, receivedPack: packId });
    expect(visits[0]?.receivedPack).not.toBe(packId);
    expect(simulation.invariants.violations()).toEqual([]);
  });

  test("refuses fifty stale messages and moves no lock", () => {
    const { simulation, answers, pulses } = desk("stale");
    const before = pulses();
    const { clock, broker } = simulation;
    const wallMs = clock.wallMs();
    for (let n = 0; n < 50; n++) {
      broker?.inject(`${root}request/open`, JSON.stringify({ id: `old-${n}`, expiresAt: wallMs - n * 1_000, bay: 2 }));
      clock.runUntil(clock.nowMs + 500);
    }
    clock.runUntil(clock.nowMs + 5_000);
    expect(pulses()).toEqual(before);
    expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(["expired"]));
  });
});
