/** What the controller's own health counts: everything but what an operator switched off, and danger always. */
import { describe, expect, test } from "vitest";
import { watchInUse } from "../../../firmware/runner/in-use.ts";
import type { Fault, FaultCode } from "../../../services/faults.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { StationState } from "../../../services/station/state.ts";
import { smallConfig } from "../../simulator/small-station.ts";

interface Off {
  readonly bays?: readonly number[];
  readonly cabinets?: readonly string[];
  readonly bySystem?: readonly number[];
}

function stateOf(faults: readonly (readonly [FaultCode, string])[], { bays = [], cabinets = [], bySystem = [] }: Off) {
  const raised = faults.map(([code, subject]): [string, Fault] => [
    `${code}/${subject}`,
    { code, subject, sinceMs: 0 },
  ]);
  const lockedOut = (list: readonly number[], lockOut: "operator" | "system") =>
    list.map((bay) => [String(bay), { lockOut, reason: "test" }] as const);
  const cabinetLockOuts = Object.fromEntries(cabinets.map((id) => [id, { reason: "test", since: 0 }]));
  const durable = {
    ...emptyDurable,
    lockOuts: Object.fromEntries([...lockedOut(bays, "operator"), ...lockedOut(bySystem, "system")]),
    operators: { ...emptyDurable.operators, cabinetLockOuts },
  };
  return { faults: Object.fromEntries(raised), durable } as unknown as StationState;
}

/** Two cabinets of four bays; each bay has a pack line of its own, the locks of a cabinet share one. */
const inUse = watchInUse(smallConfig(2));

describe("a fault is counted", () => {
  const cases: readonly (readonly [string, readonly [FaultCode, string], Off, boolean])[] = [
    ["of a bay in service", ["bay-pack-silent", "2"], {}, true],
    ["of a bay that the station itself locked out", ["bay-pack-silent", "2"], { bySystem: [2] }, true],
    ["not of a bay that an operator took out", ["bay-pack-silent", "2"], { bays: [2] }, false],
    ["of the bay beside it", ["bay-pack-silent", "3"], { bays: [2] }, true],
    ["not of a bay of a cabinet that an operator took out", ["bay-pack-silent", "6"], { cabinets: ["b"] }, false],
    ["not of that cabinet itself", ["smoke-lost", "b"], { cabinets: ["b"] }, false],
    ["of danger, wherever it is", ["smoke", "b"], { cabinets: ["b"] }, true],
    ["of the controller", ["log-failed", "station"], { cabinets: ["a", "b"] }, true],
    ["of a line that other bays use", ["bus-lost", "locks-a"], { bays: [1, 2, 3] }, true],
    ["not of a line whose bays are all out", ["bus-lost", "locks-a"], { bays: [1, 2, 3, 4] }, false],
    ["not of the pack line of a bay that is out", ["bus-lost", "pack-2"], { bays: [2] }, false],
    ["of a line that the cabinet itself needs", ["bus-lost", "relays-a"], { bays: [1, 2, 3, 4] }, true],
    ["of a line nobody knows", ["bus-lost", "elsewhere"], { cabinets: ["a", "b"] }, true],
  ];
  test.each(cases)("%s", (_what, [code, subject], off, counted) => {
    const state = stateOf([[code, subject]], off);
    expect(inUse.faults(state)).toHaveLength(counted ? 1 : 0);
    if (code === "bus-lost") expect(inUse.lost([subject], state)).toEqual(counted ? [subject] : []);
  });
});
