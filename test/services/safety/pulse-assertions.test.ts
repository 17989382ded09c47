/** Each assertion over a lock pulse is red when it is handed what must not be. */
import { describe, expect, test } from "vitest";
import { type Decided, pulseBreachOf } from "../../../services/safety/pulse-assertions.ts";
import { calmZone } from "../../../services/safety/zones.ts";
import type { StationState } from "../../../services/station/state.ts";
import { StationBench } from "../../support/station-bench.ts";

const bench = new StationBench();
const { nowMs, config } = bench;
const { durable } = bench.state;
const withState = (more: Partial<StationState>): StationState => ({ ...bench.state, ...more });
const smoking = { "c-1": { ...calmZone, alert: true, dangerMs: nowMs } };
const latches = { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } } as const;

describe("a pulse", () => {
  const unlock = { do: "unlock", bay: 3, swap: "s-1", decidedMs: nowMs } as const;
  const turn = { bay: 3, sinceMs: nowMs, freeMs: undefined };
  const pulsed = (pulses: readonly number[]): StationState["bays"] =>
    bench.state.bays.map((one, at) => (at === 3 && one !== undefined ? { ...one, pulses } : one));
  const fine: Decided = {
    was: withState({ bays: pulsed([nowMs - 31_000, nowMs - 20_000, nowMs - 10_000]) }),
    state: withState({ lockTurn: turn }),
    effects: [unlock],
    config,
    nowMs,
  };

  test("says nothing over one pulse in its turn, the third in half a minute", () => {
    expect(pulseBreachOf(fine)).toBeUndefined();
  });

  test.each<[string, string, Partial<Decided>]>([
    ["I1", "two locks in one decision", { effects: [unlock, { ...unlock, bay: 2 }] }],
    ["I1", "a lock without its turn", { state: bench.state }],
    [
      "I1",
      "a lock while another may be on",
      { was: withState({ lockTurn: { bay: 2, sinceMs: nowMs - 900, freeMs: undefined } }) },
    ],
    [
      "I1",
      "a lock before the last one is free",
      { was: withState({ lockTurn: { bay: 2, sinceMs: 0, freeMs: nowMs + 1 } }) },
    ],
    [
      "I2",
      "a fourth pulse in half a minute",
      { was: withState({ bays: pulsed([nowMs - 29_000, nowMs - 20_000, nowMs - 10_000]) }) },
    ],
    [
      "I13",
      "a rider's door in smoke",
      { state: withState({ lockTurn: turn, alerts: { ...bench.state.alerts, zones: smoking } }) },
    ],
    [
      "I13",
      "a rider's door in a latched cabinet",
      { state: withState({ lockTurn: turn, durable: { ...durable, safety: { ...durable.safety, latches } } }) },
    ],
  ])("%s is asserted: %s", (invariant, _what, decided) => {
    expect(pulseBreachOf({ ...fine, ...decided })?.invariant).toBe(invariant);
  });

  test.each<[string, Partial<Decided>]>([
    ["nothing is unlocked", { state: bench.state, effects: [] }],
    ["something else is done", { state: bench.state, effects: [{ do: "persist" } as never] }],
    [
      "the last turn is a second old",
      { was: withState({ lockTurn: { bay: 2, sinceMs: nowMs - 1_000, freeMs: undefined } }) },
    ],
    ["the last lock is free now", { was: withState({ lockTurn: { bay: 2, sinceMs: nowMs, freeMs: nowMs } }) }],
    [
      "the first of three was half a minute ago",
      { was: withState({ bays: pulsed([nowMs - 30_000, nowMs - 9, nowMs - 8]) }) },
    ],
    ["the bay has no past", { was: withState({ bays: [] }) }],
    [
      "another cabinet burns",
      { state: withState({ lockTurn: turn, alerts: { ...bench.state.alerts, zones: { "c-2": smoking["c-1"] } } }) },
    ],
    [
      "the cabinet's alert is over",
      { state: withState({ lockTurn: turn, alerts: { ...bench.state.alerts, zones: { "c-1": calmZone } } }) },
    ],
    [
      "the bay is in no layout",
      {
        config: { ...config, bays: [] },
        state: withState({ lockTurn: turn, alerts: { ...bench.state.alerts, zones: smoking } }),
      },
    ],
  ])("is let pass when %s", (_when, decided) => {
    expect(pulseBreachOf({ ...fine, ...decided })).toBeUndefined();
  });

  test.each<[string, Partial<Decided>]>([
    ["2 locks at once", { effects: [unlock, { ...unlock, bay: 2 }] }],
    ["bay 3 without the lock's turn", { state: withState({ lockTurn: undefined }) }],
    ["bay 3 without the lock's turn", { state: withState({ lockTurn: { ...turn, bay: 2 } }) }],
    [
      "bay 3 while the lock of bay 2 may be on",
      { was: withState({ lockTurn: { bay: 2, sinceMs: nowMs - 999, freeMs: undefined } }) },
    ],
    ["bay 3 a fourth time in 30 s", { was: withState({ bays: pulsed([nowMs - 29_999, nowMs - 9, nowMs - 8]) }) }],
    [
      "bay 3 a fourth time in 30 s",
      {
        effects: [{ do: "persist" } as never, unlock],
        was: withState({ bays: pulsed([0, nowMs - 9, nowMs - 8, nowMs - 7]) }),
      },
    ],
  ])("unlocks %s, and that is told", (what, decided) => {
    expect(pulseBreachOf({ ...fine, ...decided })?.what).toBe(`unlocks ${what}`);
  });

  test("of an operator on site is not held back by smoke", () => {
    const effects = [{ do: "unlock", bay: 3, swap: undefined, request: "op-1", decidedMs: nowMs }] as const;
    const state = withState({ lockTurn: turn, alerts: { ...bench.state.alerts, zones: smoking } });
    expect(pulseBreachOf({ ...fine, effects, state })).toBeUndefined();
  });
});
