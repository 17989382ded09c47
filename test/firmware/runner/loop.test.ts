/** The one loop on a virtual clock: scans, leases, the guardian's beat, and the coil that the interlocks must hear of. */
import { describe, expect, test } from "vitest";
import { createLoop, type LoopPorts, leaseMs, SafetyBreach, scanMs } from "../../../firmware/runner/loop.ts";
import type { StationEvent } from "../../../services/events.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { Reading } from "../../../services/reading.ts";
import {
  type BayReadings,
  emptyCabinetReadings,
  type PackReading,
  type StationReadings,
} from "../../../services/readings.ts";
import { bootState, type StationState } from "../../../services/station/state.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { benchConfig, benchContext, pack } from "../../support/bench-config.ts";

/** One half-empty pack in bay 2, everything heard at every moment. */
function rig(
  prepare: (boot: StationState) => StationState = (boot) => boot,
  ports: Partial<LoopPorts> = {},
  { config = benchConfig(), cellTempsC = [20, 21] } = {},
) {
  const clock = createVirtualClock({ wallStartMs: Date.UTC(2026, 0, 15) });
  clock.runUntil(1_000_000);
  const context = benchContext(config);
  const good = <T>(value: T): Reading<T> => ({ value, atMs: clock.nowMs, quality: "good" });
  const bayOf = (bay: number): BayReadings => {
    const stands: PackReading | undefined = bay === 2 ? pack("yz-half-2", { socPct: 50, cellTempsC }) : undefined;
    return {
      doorShut: good(true),
      latched: good(true),
      present: good(stands !== undefined),
      pack: stands === undefined ? undefined : good(stands),
      charger: good({ outMv: stands?.packMv ?? 0, outMa: 0 }),
    };
  };
  const readings: StationReadings = {
    get bays() {
      return context.config.bays.map((layout) => (layout === undefined ? undefined : bayOf(layout.bay)));
    },
    get cabinets() {
      return { "c-1": { ...emptyCabinetReadings(), smoke: good(false) } };
    },
    station: { emergencyStop: undefined },
  };
  const applied: { atMs: number; untilMs: number; chargeMa: number }[] = [];
  const off: number[] = [];
  const beats: boolean[] = [];
  const decided: StationEvent[] = [];
  const boot = prepare(bootState(context, emptyDurable, clock.nowMs));
  const loop = createLoop(boot, context, {
    clock,
    readings,
    apply: (levels, untilMs) => applied.push({ atMs: clock.nowMs, untilMs, chargeMa: levels.bays[2]?.chargeMa ?? 0 }),
    allOff: () => off.push(clock.nowMs),
    carryOut: () => undefined,
    beat: (paused) => beats.push(paused),
    masterEnabled: () => true,
    onDecision: (_nowMs, event) => decided.push(event),
    ...ports,
  });
  const pass = (ms: number): boolean => clock.runUntil(clock.nowMs + ms);
  return { clock, loop, pass, applied, off, beats, decided };
}

describe("every scan", () => {
  test("leases the levels anew, for less than two seconds", () => {
    const { loop, pass, applied } = rig();
    loop.start();
    pass(10_000);
    expect(applied.length).toBe(10_000 / scanMs + 1);
    expect(applied.every(({ atMs, untilMs }) => untilMs - atMs === leaseMs)).toBe(true);
    expect(leaseMs).toBeLessThan(2_000);
    expect(leaseMs).toBeGreaterThan(2 * scanMs);
    expect(applied.at(-1)?.chargeMa).toBeGreaterThan(0);
  });

  test("grants nothing while the guardian does not hold the master enable", () => {
    const { loop, pass, applied } = rig(undefined, { masterEnabled: () => false });
    loop.start();
    pass(5_000);
    expect(applied.some(({ chargeMa }) => chargeMa > 0)).toBe(false);
    expect(loop.removed()).toContainEqual({ bay: 2, what: "charge", reason: "master-enable-off" });
  });
});

describe("a lock coil that may be on", () => {
  test("keeps its bay dead, three seconds at most when the board never answers", () => {
    const { loop, pass, applied, clock } = rig((boot) => ({
      ...boot,
      lockTurn: { bay: 2, sinceMs: boot.startedMs, freeMs: undefined },
    }));
    const startedMs = clock.nowMs;
    loop.start();
    expect(loop.removed()).toContainEqual({ bay: 2, what: "charge", reason: "lock-energised" });
    pass(10_000);
    const live = applied.filter(({ chargeMa }) => chargeMa > 0).map(({ atMs }) => atMs - startedMs);
    expect(live[0]).toBe(3_000);
  });
});

describe("a loop that stood still", () => {
  test("tells the guardian at its next scan, and only then", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    let heldMs = 0;
    const { loop, pass, beats } = rig(undefined, {
      clock: {
        monotonicMs: () => clock.nowMs + heldMs,
        wallMs: () => 0,
        wallSynchronised: () => true,
        after: (ms, run) => clock.after(ms, run),
      },
    });
    loop.start();
    clock.runUntil(2_000);
    expect(beats).not.toContain(true);
    const before = beats.length;
    heldMs = 1_500;
    clock.runUntil(4_000);
    expect(beats.slice(before)).toEqual([true, ...new Array<boolean>(beats.length - before - 1).fill(false)]);
    pass(0);
  });
});

describe("codes that were shown while the loop stood still", () => {
  const code: StationEvent = { type: "scan", cabinet: "c-1", digest: "d" };

  test("are late, whether their bytes come before the overdue scan or behind it, and soon no longer", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    let heldMs = 0;
    const { loop, decided } = rig(undefined, {
      clock: {
        monotonicMs: () => clock.nowMs + heldMs,
        wallMs: () => 0,
        wallSynchronised: () => true,
        after: (ms, run) => clock.after(ms, run),
      },
    });
    const shown = (event: StationEvent): boolean => {
      loop.post(event);
      const last = decided.at(-1);
      expect(last?.type).toBe(event.type);
      return last !== undefined && "late" in last;
    };
    loop.start();
    clock.runUntil(2_000);
    expect(shown(code)).toBe(false);
    heldMs = 1_500;
    expect(shown(code)).toBe(true);
    clock.runUntil(2_250);
    expect(decided.at(-1)?.type).toBe("tick");
    expect(shown(code)).toBe(true);
    expect(shown({ type: "condition", code: "bus-lost", subject: "b", present: false })).toBe(false);
    clock.runUntil(2_760);
    expect(shown(code)).toBe(false);
  });
});

describe("a grant that must never be", () => {
  /** Somebody let the rules charge up to 80 °C. The assertions have numbers of their own. */
  const hot = { ...benchConfig(), safety: { ...benchConfig().safety, chargeMaxC: 80, hotPackC: 90, hardLimitC: 90 } };

  test("switches everything off at once, stops the loop for good, and is nobody's to catch", () => {
    const { loop, pass, applied, off, beats } = rig(undefined, {}, { config: hot, cellTempsC: [50, 51] });
    expect(() => loop.start()).toThrow(SafetyBreach);
    expect(() => pass(5_000)).toThrow("I8: bay 2 charges at 50 °C");
    expect(off).toHaveLength(1);
    expect(applied.every(({ chargeMa }) => chargeMa === 0)).toBe(true);
    const before = { applied: applied.length, beats: beats.length };
    pass(10_000);
    loop.post({ type: "tick" });
    loop.start();
    pass(10_000);
    expect({ applied: applied.length, beats: beats.length }).toEqual(before);
    expect(loop.granted().bays).toEqual([]);
  });

  test("never comes of the same pack under the right numbers", () => {
    const { loop, pass, off } = rig(undefined, {}, { cellTempsC: [50, 51] });
    loop.start();
    pass(10_000);
    expect(off).toEqual([]);
  });
});

describe("the queue", () => {
  test("makes one look of a burst of bouncing contacts", () => {
    const { loop, decided } = rig();
    for (let bounce = 0; bounce < 20; bounce++) loop.post({ type: "noticed" });
    loop.start();
    expect(decided.map(({ type }) => type)).toEqual(["noticed", "tick"]);
  });

  test("is bounded: what does not fit is dropped and counted", () => {
    const { loop } = rig();
    for (let posted = 0; posted < 1_200; posted++) loop.post({ type: "lock-driven", bay: 1 });
    expect(loop.stats()).toMatchObject({ queued: 1_000, dropped: 200 });
  });

  test("takes nothing from a decision that is under way: its own events come after it, in order", () => {
    const seen: string[] = [];
    const { loop } = rig(undefined, {
      carryOut: () => undefined,
      onDecision: (_nowMs, event) => {
        seen.push(event.type);
        if (event.type === "stopping") loop.post({ type: "lock-driven", bay: 1 });
      },
    });
    loop.start();
    loop.post({ type: "stopping" });
    expect(seen).toEqual(["tick", "stopping", "lock-driven"]);
  });
});
