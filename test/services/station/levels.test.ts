/** Levels as a function of the state alone: what a swap holds is off, whatever its bay was granted a moment ago. */
import { describe, expect, test } from "vitest";
import type { OpenSwap } from "../../../services/journal/durable.ts";
import { newHeat } from "../../../services/safety/heater-watch.ts";
import { deriveLevels } from "../../../services/station/levels.ts";
import type { BayState, StationState } from "../../../services/station/state.ts";
import { memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const bench = new StationBench();
const heater = newHeat(bench.nowMs, pack("yz-1"), bench.nowMs);

/** The bench's state, with every bay charging and heating. */
function allOn(more: Partial<StationState> = {}): StationState {
  const bays = bench.state.bays.map((bay): BayState | undefined =>
    bay === undefined ? undefined : { ...bay, chargeMa: 12_000, heater },
  );
  return { ...bench.state, ...more, bays };
}

const open: OpenSwap = {
  id: "s-000009",
  cabinet: "c-1",
  member: memberName(1),
  inBay: 1,
  outBay: 2,
  spares: [3],
  stage: "in-accepted",
  packIn: "yz-own-1",
  pays: undefined,
  because: undefined,
  startedAt: 0,
};

const dead = (state: StationState): number[] =>
  deriveLevels(state, bench.context).bays.flatMap((levels, bay) =>
    levels !== undefined && levels.chargeMa === 0 && !levels.heater ? [bay] : [],
  );

describe("levels", () => {
  test("are on where nothing speaks against it", () => {
    expect(dead(allOn())).toEqual([]);
    expect(deriveLevels(allOn(), bench.context).fans).toEqual({ "c-1": true });
  });

  test("hold the empty bay, the full bay and the spare of a running swap off: any of them may be opened next", () => {
    const { stage: _stage, because: _because, ...base } = open;
    const swap = { ...base, startedMs: 0, failedBays: [], unattended: false, at: "preparing-out", sinceMs: 0 } as const;
    expect(dead(allOn({ swaps: { "c-1": swap } }))).toEqual([1, 2, 3]);
  });

  test("hold the bays of a swap that waits for recovery off: nobody knows yet what stands in them", () => {
    expect(dead(allOn({ recovering: [{ swap: open, sinceMs: 0 }] }))).toEqual([1, 2, 3]);
  });

  test("are off where a pack is stopped or its bay latched; a heater that does not warm ends the heating alone", () => {
    const withBay = (more: Partial<BayState>): StationState => {
      const state = allOn();
      return { ...state, bays: state.bays.map((bay) => (bay?.bay === 4 ? { ...bay, ...more } : bay)) };
    };
    // Beside heat nothing charges or heats either.
    expect(dead(withBay({ stop: "hot" }))).toEqual([3, 4]);
    expect(dead(withBay({ latch: "over-temperature" }))).toEqual([3, 4]);
    expect(dead(withBay({ stop: "leakage" }))).toEqual([4]);
    const { bays } = deriveLevels(withBay({ heaterStop: "no-rise" }), bench.context);
    expect(bays[4]).toMatchObject({ chargeMa: 12_000, heater: false });
  });
});
