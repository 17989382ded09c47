import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { createSimulation, type Simulation } from "../../simulator/simulation.ts";

const minuteMs = 60_000;

function starter(): LoadedConfig {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the starter cabinet is not valid");
  return loaded.config;
}

interface Night {
  readonly simulation: Simulation;
  readonly records: JournalRecord[];
  readonly events: { readonly stream: string; readonly seq: number; readonly id: string }[];
  minutes(count: number): void;
  visit(): void;
  outcomes(): string[];
}

/** One cabinet of four bays with full packs, and riders that come when the test says so. */
function night(seed: string): Night {
  const records: JournalRecord[] = [];
  const events: Night["events"] = [];
  const simulation = createSimulation({
    config: starter(),
    seed,
    fromMs: Date.UTC(2026, 0, 15, 14, 0),
    world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 1 },
    onRecord: (record) => records.push(record),
  });
  simulation.broker?.subscribe("yizhan/1/starter-1/event/#", ({ payload }) => {
    events.push(JSON.parse(new TextDecoder().decode(payload)) as Night["events"][number]);
  });
  const { clock, world } = simulation;
  clock.runUntil(minuteMs);
  return {
    simulation,
    records,
    events,
    minutes: (count) => void clock.runUntil(clock.nowMs + count * minuteMs),
    visit: () => void world.arrive({ behaviour: "proper", socPct: 30, packC: 10 }),
    outcomes: () =>
      records.flatMap((record) => {
        if (record.kind === "swap-ended") return [record.outcome];
        return record.kind === "scan-refused" ? [record.reason] : [];
      }),
  };
}

const raised = (night: Night, code: string) =>
  night.records.some((record) => record.kind === "fault-raised" && record.code === code);
const cleared = (night: Night, code: string) =>
  night.records.some((record) => record.kind === "fault-cleared" && record.code === code);

/** Every stream complete and in order once repeats are dropped. */
function expectWhole(events: Night["events"]): void {
  const byStream = new Map<string, Set<number>>();
  for (const { stream, seq } of events) byStream.set(stream, (byStream.get(stream) ?? new Set()).add(seq));
  for (const [stream, seqs] of byStream) {
    expect([stream, [...seqs].sort((one, other) => one - other)]).toEqual([
      stream,
      Array.from({ length: seqs.size }, (_unused, at) => at + 1),
    ]);
  }
}

describe("the disk", () => {
  test("full: no door opens without a written intent, the rider hears why, and service resumes when there is room", () => {
    const story = night("disk-full");
    const { disk, world } = story.simulation;
    const pulsesBefore = world.truth.bays.reduce((sum, bay) => sum + bay.pulses, 0);
    disk.setCapacity(disk.usedBytes() + 64);
    story.visit();
    story.minutes(3);
    expect(world.truth.bays.reduce((sum, bay) => sum + bay.pulses, 0)).toBe(pulsesBefore);
    story.visit();
    story.minutes(3);
    expect(story.outcomes()).toContain("cannot-record");
    expect(raised(story, "log-failed")).toBe(true);
    disk.setCapacity(50_000_000);
    story.minutes(2);
    story.visit();
    story.minutes(5);
    expect(story.outcomes().at(-1)).toBe("completed");
    expect(cleared(story, "log-failed")).toBe(true);
    expect(story.simulation.invariants.violations()).toEqual([]);
  });

  test("stalling for five seconds delays the door and not the loop", () => {
    const story = night("disk-stall");
    story.simulation.disk.stall(5_000);
    story.visit();
    story.minutes(6);
    story.simulation.disk.stall(0);
    story.minutes(2);
    expect(story.outcomes()).toEqual(["completed"]);
    expect(story.simulation.station.loop.lateness().maxMs).toBeLessThan(100);
  });
});

describe("the disk and a fire", () => {
  test("a pulse whose intent was still being written when smoke came is not driven", () => {
    const story = night("stall-and-smoke");
    const { disk, world, clock } = story.simulation;
    const pulses = () => world.truth.bays.reduce((sum, bay) => sum + bay.pulses, 0);
    disk.stall(5_000);
    story.visit();
    const reserved = () => story.records.some((record) => record.kind === "swap-reserved");
    while (!reserved()) clock.step();
    const before = pulses();
    world.setSmoke("a", true);
    story.minutes(2);
    expect(story.outcomes()).toContain("cancelled-fire");
    expect(pulses()).toBe(before);
  });
});

describe("the network", () => {
  test("an hour without a broker: swaps go on, and every event arrives afterwards, in order", () => {
    const story = night("broker-down");
    story.simulation.broker?.takeDown();
    story.visit();
    story.minutes(30);
    story.visit();
    story.minutes(30);
    expect(story.outcomes()).toEqual(["completed", "completed"]);
    story.simulation.broker?.bringUp();
    story.minutes(5);
    expectWhole(story.events);
    expect(new Set(story.events.filter(({ stream }) => stream === "swap").map(({ seq }) => seq)).size).toBe(14);
  });

  test("a retained lock-out command, an unknown verb and nonsense do nothing but count", () => {
    const story = night("bad-requests");
    const { broker, station, clock } = story.simulation;
    const expiresAt = clock.wallMs() + minuteMs;
    const root = "yizhan/1/starter-1/request";
    const lockOut = { id: "r-1", expiresAt, bay: 1, lockOut: "operator", reason: "test" };
    broker?.inject(`${root}/lock-out`, JSON.stringify(lockOut), { retained: true });
    broker?.cut();
    story.minutes(1);
    broker?.inject(`${root}/open-everything`, JSON.stringify({ id: "r-2", expiresAt }));
    broker?.inject(`${root}/lock-out`, "{not json");
    broker?.inject(`${root}/lock-out`, JSON.stringify({ ...lockOut, id: "r-3", bay: "one" }));
    broker?.inject(`${root}/lock-out`, JSON.stringify({ ...lockOut, id: "r-4", reason: "x".repeat(20_000) }));
    story.minutes(1);
    expect(station.loop.state().durable.lockOuts).toEqual({});
    expect(story.records.filter((record) => record.kind === "lock-out")).toEqual([]);
    expect(station.session?.stats().requests.refusedTotal).toBeGreaterThanOrEqual(4);
  });
});

describe("the wires", () => {
  test("a bus that babbles costs its own devices only; the loop stays on time and the bus comes back", () => {
    const story = night("babble");
    const { world, station, clock } = story.simulation;
    const lockLine = world.linePaths.find((path) => path.includes("1.1.1:1.0"));
    expect(lockLine).toBeDefined();
    const line = world.line(lockLine ?? "");
    // As much as 9600 baud carries: a byte a millisecond, without a pause.
    const noise = new Uint8Array(5).fill(0x55);
    const untilMs = clock.nowMs + 100_000;
    const babble = (): void => {
      line.inject(noise);
      if (clock.nowMs < untilMs) clock.after(5, babble);
    };
    babble();
    story.minutes(1);
    expect(station.loop.lateness().maxMs).toBeLessThan(100);
    expect(story.records.filter((record) => record.kind === "fault-raised" && record.code === "bus-lost")).toHaveLength(
      1,
    );
    story.visit();
    story.minutes(1);
    expect(story.outcomes()).toContain("cabinet-unavailable");
    story.minutes(3);
    expect(cleared(story, "bus-lost")).toBe(true);
    story.visit();
    story.minutes(5);
    expect(story.outcomes().at(-1)).toBe("completed");
    expect(story.simulation.invariants.violations()).toEqual([]);
  });

  test("an adapter pulled out and put back: its fault is raised and cleared, and service resumes", () => {
    const story = night("unplug");
    const { world } = story.simulation;
    const lockLine = world.linePaths.find((path) => path.includes("1.1.1:1.0")) ?? "";
    world.line(lockLine).unplug();
    story.minutes(1);
    expect(raised(story, "bus-lost")).toBe(true);
    world.line(lockLine).replug();
    story.minutes(2);
    expect(cleared(story, "bus-lost")).toBe(true);
    story.visit();
    story.minutes(5);
    expect(story.outcomes().at(-1)).toBe("completed");
  });

  test("a pack that stops answering while it charges is switched off within two seconds", () => {
    const records: JournalRecord[] = [];
    const simulation = createSimulation({
      config: starter(),
      seed: "silent-pack",
      fromMs: Date.UTC(2026, 0, 15, 14, 0),
      world: { arrivalsPerDay: 0, initialSoc: 0.4 },
      onRecord: (record) => records.push(record),
    });
    const { clock, world } = simulation;
    clock.runUntil(2 * minuteMs);
    const charging = world.truth.bays.find((bay) => bay.contactorClosed);
    expect(charging).toBeDefined();
    if (charging === undefined) return;
    world.bayFaults(charging.bay).bmsSilent = true;
    clock.runUntil(clock.nowMs + 3_300); // Two seconds of silence, and the last answer up to a poll before it.
    expect(world.truth.bay(charging.bay).contactorClosed).toBe(false);
  });
});

describe("smoke", () => {
  test("switches every charger of the cabinet off, opens no door, and says leave", () => {
    const story = night("smoke");
    const { world, clock } = story.simulation;
    world.setSmoke("a", true);
    story.visit();
    clock.runUntil(clock.nowMs + 2 * minuteMs);
    expect(world.truth.bays.every((bay) => !bay.contactorClosed && !bay.doorOpen)).toBe(true);
    expect(story.outcomes()).toContain("fire");
    expect(raised(story, "smoke")).toBe(true);
  });
});
