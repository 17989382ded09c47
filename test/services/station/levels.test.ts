/** Levels as a function of the state alone: what a swap holds is off, whatever its bay was granted a moment ago. */
import { describe, expect, test } from "vitest";
import type { OpenSwap } from "../../../services/journal/durable.ts";
import type { OpeningOrder } from "../../../services/operators/opening.ts";
import { newWatch } from "../../../services/safety/bay-watch.ts";
import { newHeat } from "../../../services/safety/heater-watch.ts";
import { deriveLevels, heldDead } from "../../../services/station/levels.ts";
import type { BayState, StationState } from "../../../services/station/state.ts";
import type { SwapAt } from "../../../services/swap/swap.ts";
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

/** The bench's state with nothing on, and more about bay 4. */
function resting(more: Partial<BayState> = {}): StationState {
  const bays = bench.state.bays.map((bay): BayState | undefined =>
    bay === undefined ? undefined : { ...bay, chargeMa: 0, ...(bay.bay === 4 ? more : {}) },
  );
  return { ...bench.state, bays };
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

  test("of a bay whose door is about to open know its rider, and listen to its pack once there is one", () => {
    const { stage: _stage, because: _because, ...base } = open;
    const common = { ...base, startedMs: 0, failedBays: [], unattended: false };
    const opening = { bay: 1, step: "want", pulses: 0, sinceMs: 0 } as const;
    const rows: readonly [SwapAt, bay: number, watchPack: boolean][] = [
      [{ at: "opening-in", opening }, 1, false],
      [{ at: "await-insert", sinceMs: 0, reopens: 0, shutMs: undefined }, 1, false],
      [{ at: "reopening-in", opening, reopens: 1 }, 1, false],
      [{ at: "inspecting", sinceMs: 0, reopens: 0, wakes: 0 }, 1, true],
      [{ at: "returning", opening, because: "foreign-pack" }, 1, true],
      [{ at: "await-take-back", sinceMs: 0, reopens: 0, because: "foreign-pack" }, 1, true],
      [{ at: "preparing-out", sinceMs: 0 }, 2, true],
      [{ at: "opening-out", opening }, 2, true],
      [{ at: "await-take", sinceMs: 0, reopens: 0, shutMs: undefined, packId: undefined }, 2, true],
      [{ at: "reopening-out", opening, reopens: 0, packId: undefined }, 2, true],
      [{ at: "taken", sinceMs: 0, shutMs: undefined, packId: undefined }, 2, true],
    ];
    for (const [at, bay, watchPack] of rows) {
      const { bays } = deriveLevels(allOn({ swaps: { "c-1": { ...common, ...at } } }), bench.context);
      expect([at.at, bays[bay]?.attended, bays[bay]?.watchPack]).toEqual([at.at, true, watchPack]);
      expect(bays.flatMap((levels) => (levels?.attended === true ? [levels] : []))).toHaveLength(1);
    }
  });

  test("of a swap that pays a debt hold its full bay alone: there is no bay to put a pack into", () => {
    const { stage: _stage, because: _because, ...base } = open;
    const paying = { ...base, inBay: undefined, startedMs: 0, failedBays: [], unattended: false, spares: [] };
    const next = { ...paying, at: "preparing-out", sinceMs: 0 } as const;
    expect(dead(allOn({ swaps: { "c-1": next } }))).toEqual([2]);
    const lost = { ...paying, outBay: 9, at: "preparing-out", sinceMs: 0 } as const;
    expect(dead(allOn({ swaps: { "c-1": lost } }))).toEqual([]);
    const nowhere = { ...paying, at: "inspecting", sinceMs: 0, reopens: 0, wakes: 0 } as const;
    const { bays } = deriveLevels(allOn({ swaps: { "c-1": nowhere } }), bench.context);
    expect(bays.some((levels) => levels?.attended === true)).toBe(false);
  });
});

describe("a bay that an operator has open, or is about to have", () => {
  const order: OpeningOrder = {
    request: "op-1",
    verb: "open-all",
    cabinet: "c-1",
    untilMs: 0,
    bay: 4,
    at: { step: "making-dead", sinceMs: 0 },
    left: [2],
    opened: [],
    skipped: [],
  };

  test("is dead with every bay that is still to be opened; the one at hand is attended and its pack listened to", () => {
    const state = allOn({ openings: { "c-1": order } });
    expect(dead(state)).toEqual([2, 4]);
    expect([1, 2, 3, 4].filter((bay) => heldDead(state, bay))).toEqual([2, 4]);
    const { bays } = deriveLevels(state, bench.context);
    expect(bays.flatMap((levels, bay) => (levels?.attended === true && levels.watchPack ? [bay] : []))).toEqual([4]);
    const beyond = allOn({ openings: { "c-1": { ...order, bay: 9, left: [] } } });
    expect(dead(beyond)).toEqual([]);
  });

  test("stays dead until the log says that it is given back, also after a restart", () => {
    const { durable } = bench.state;
    const opened = { "3": { request: "op-1", at: 0 } } as unknown as typeof durable.operators.opened;
    const state = allOn({ durable: { ...durable, operators: { ...durable.operators, opened } } });
    expect(dead(state)).toEqual([3]);
    expect([1, 2, 3, 4].filter((bay) => heldDead(state, bay))).toEqual([3]);
  });
});

describe("what a pack's own trouble asks for", () => {
  const watched = (more: Partial<BayState>) => deriveLevels(resting(more), bench.context).bays[4]?.watchPack;

  test("is that it be listened to: while it charges, heats, is silent, or shows a flaw that is not believed yet", () => {
    expect(watched({})).toBe(false);
    expect(watched({ chargeMa: 2_000 })).toBe(true);
    expect(watched({ heater })).toBe(true);
    expect(watched({ heater, heaterStop: "fell" })).toBe(false);
    expect(watched({ silence: { probes: 1, probedMs: 0 } })).toBe(true);
    expect(watched({ watch: { ...newWatch, flaw: { flaw: "unbalanced", sinceMs: 0 } as never } })).toBe(true);
  });
});

describe("fans", () => {
  test("run where something charges and where something endangers, and stand still elsewhere", () => {
    const fans = (more: Partial<BayState>) => deriveLevels(resting(more), bench.context).fans;
    expect(fans({})).toEqual({ "c-1": false });
    expect(fans({ chargeMa: 2_000 })).toEqual({ "c-1": true });
    expect(fans({ stop: "hot" })).toEqual({ "c-1": true });
    expect(fans({ stop: "leakage" })).toEqual({ "c-1": false });
  });

  test("are not spoken of where a cabinet has none", () => {
    const cabinets = bench.config.cabinets.map((cabinet) => ({ ...cabinet, hasFan: false }));
    const context = { ...bench.context, config: { ...bench.config, cabinets } };
    expect(deriveLevels(resting(), context).fans).toEqual({});
  });
});
