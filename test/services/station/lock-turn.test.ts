import { describe, expect, test } from "vitest";
import { lockTurnMsMax, turnFreeMs } from "../../../services/station/lock-turn.ts";
import { pulseStillWanted } from "../../../services/station/pulse.ts";
import { memberName } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

/** The disk goes on: of the pulses that waited, those still wanted go out, in the runner's order of acts; these bays. */
function wake(bench: StationBench): number[] {
  const waiting = bench.heldUp ?? [];
  bench.heldUp = undefined;
  return waiting.flatMap((unlock) => {
    const { bay } = unlock;
    if (!pulseStillWanted(bench.state, unlock)) {
      bench.step({ type: "lock-failed", bay, why: "no longer wanted" });
      return [];
    }
    bench.step({ type: "lock-sent", bay });
    bench.drive(bay);
    return [bay];
  });
}

/** A scan whose pulse waits behind a disk that stands still for this long. */
function stalledFor(ms: number): StationBench {
  const bench = new StationBench();
  bench.heldUp = [];
  bench.scan(memberName(1));
  bench.pass(ms);
  wake(bench);
  return bench;
}

describe("a pulse that the disk held up", () => {
  test("is counted from when it went out, so that no fourth follows within half a minute of the first", () => {
    const bench = stalledFor(5_000);
    expect(bench.state.bays[1]?.pulses).toEqual([bench.nowMs]);
    expect(bench.state.bays[1]?.unlockedMs).toBe(bench.nowMs);
  });

  test("replaces only its own decision: what went out before keeps its time", () => {
    const bench = new StationBench();
    bench.bay(1).lock = "mute";
    bench.scan(memberName(1));
    const firstMs = bench.nowMs;
    bench.heldUp = [];
    bench.until(() => bench.pulses.length === 2, "a second pulse");
    bench.pass(2_000);
    wake(bench);
    expect(bench.state.bays[1]?.pulses).toEqual([firstMs, bench.nowMs]);
  });

  test("holds the turn from when it went out: no other lock is free while its coil may be on", () => {
    const bench = stalledFor(lockTurnMsMax - 250);
    expect(bench.state.lockTurn).toEqual({ bay: 1, sinceMs: bench.nowMs, freeMs: undefined });
    expect(turnFreeMs(bench.state)).toBe(bench.nowMs + lockTurnMsMax);
  });

  test("stays in when its turn went to another lock meanwhile, and is asked for anew", () => {
    const bench = new StationBench({ cabinets: 2, baysEach: 2 });
    bench.heldUp = [];
    bench.scan(memberName(1), "c-1");
    bench.pass(lockTurnMsMax + 250);
    bench.scan(memberName(2), "c-2");
    const [first, second] = bench.pulses.map(({ bay }) => bay);
    expect(second).not.toBe(first);
    expect(wake(bench)).toEqual([second]);
    bench.until(() => bench.openBays().includes(first ?? 0), "the first rider's door");
  });
});

test("a pulse that is sent at once changes nothing, and one of a lock without the turn neither", () => {
  const bench = new StationBench();
  bench.scan(memberName(1));
  const { lockTurn, bays } = bench.state;
  bench.step({ type: "lock-sent", bay: 1 });
  bench.step({ type: "lock-sent", bay: 2 });
  expect(bench.state.lockTurn).toBe(lockTurn);
  expect(bench.state.bays[1]?.pulses).toEqual(bays[1]?.pulses);
});
