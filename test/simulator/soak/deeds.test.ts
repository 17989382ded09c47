import { describe, expect, test } from "vitest";
import { createSimulation, type Simulation } from "../../../simulator/simulation.ts";
import { type DeedName, deedNames, doDeed, placeText } from "../../../simulator/soak/deeds.ts";
import { layoutOf } from "../../../simulator/soak/layout.ts";
import { Scenario, Step } from "../../../simulator/soak/scenario.ts";
import { readScenario, writeScenario } from "../../../simulator/soak/scenario-file.ts";

const place = { cabinet: "a", inBay: 1, outBay: 2 };

function station(): Simulation {
  const { station: two } = Scenario.shape;
  const config = layoutOf(two.parse({ bays: [2] }));
  const simulation = createSimulation({ config, seed: "deeds", fromMs: 0, world: { arrivalsPerDay: 0 } });
  simulation.clock.runUntil(10_000);
  return simulation;
}

interface Seen {
  readonly where?: string;
  readonly before?: (simulation: Simulation) => void;
  readonly sees: (simulation: Simulation) => unknown;
  readonly now: unknown;
  /** Once it is undone; missing for what cannot be. */
  readonly later?: unknown;
}

const packIn = (bay: number) => (simulation: Simulation) => simulation.world.truth.bay(bay).pack !== undefined;
const doorOf = (bay: number) => (simulation: Simulation) => simulation.world.truth.bay(bay).doorOpen;

let shown: string | undefined;

const deeds: Readonly<Record<DeedName, Seen>> = {
  "emergency-stop": { sees: ({ world }) => world.truth.emergencyStop, now: true, later: false },
  "water-comes-in": { sees: ({ world }) => world.truth.cabinets[0]?.water, now: true, later: false },
  "heat-cord-closes": { sees: ({ world }) => world.truth.cabinets[0]?.conductor, now: true, later: false },
  "controller-killed": { sees: ({ computer }) => computer.isAlive, now: false },
  "controller-restarted": { sees: ({ station }) => station.loop.state().stopping, now: true },
  "rider-scans-again": {
    before: ({ world, clock }) => {
      world.arrive({ rider: 3, cabinet: "a" });
      clock.runUntil(clock.nowMs + 1_000);
      world.onTruth((event) => {
        if (event.type === "scan") shown = event.text;
      });
    },
    sees: () => shown,
    now: "yz-member-0004",
  },
  "rider-called-away": {
    before: ({ world }) => void world.arrive({ rider: 3, cabinet: "a" }),
    sees: ({ world }) => world.truth.cabinets[0]?.people,
    now: 0,
  },
  "door-pulled-open": { where: "in-bay", sees: doorOf(1), now: true },
  "door-shut": { where: "bay 2", before: ({ world }) => world.forceDoor(2), sees: doorOf(2), now: false },
  "pack-carried-off": { where: "out-bay", sees: packIn(2), now: false },
  "pack-left-behind": { where: "in-bay", sees: packIn(1), now: true },
  "pack-silent": { where: "out-bay", sees: ({ world }) => world.bayFaults(2).bmsSilent, now: true, later: false },
  "plug-wet": { where: "out-bay", sees: ({ world }) => world.bayFaults(2).deliversMa > 0, now: true, later: false },
};

describe("a deed", () => {
  test.each(deedNames)("%s", (name) => {
    const { where, before, sees, now, later } = deeds[name];
    const simulation = station();
    // Packs stand in the second bay and the first is empty, or the other way round: the deeds want it so.
    for (const { bay, pack } of simulation.world.truth.bays)
      if (bay === 1 && pack !== undefined) simulation.world.carryOff(1);
    if (!packIn(2)(simulation)) simulation.world.smuggle(2, "pack");
    before?.(simulation);
    const undo = doDeed(name, { simulation, place, where });
    expect(sees(simulation)).toBe(now);
    expect(undo === undefined).toBe(later === undefined);
    undo?.();
    if (later !== undefined) expect(sees(simulation)).toBe(later);
  });

  test("gives no voice back to a pack that was silent before it, as one that burned is", () => {
    const simulation = station();
    const faults = simulation.world.bayFaults(2);
    faults.bmsSilent = true;
    doDeed("pack-silent", { simulation, place, where: "out-bay" })?.();
    expect(faults.bmsSilent).toBe(true);
  });

  test("at a bay that the station does not have leaves it as it is", () => {
    const simulation = station();
    expect(doDeed("door-pulled-open", { simulation, place, where: "bay 9" })).toBeUndefined();
    expect(simulation.world.truth.bays.some(({ doorOpen }) => doorOpen)).toBe(false);
  });
});

test.each([
  ["in-bay", "bay 1"],
  ["out-bay", "bay 2"],
  ["cabinet", "cabinet a"],
  ["bay 3", "bay 3"],
  [undefined, undefined],
])("the place %s is %s for a swap", (where, text) => {
  expect(placeText(where, place)).toBe(text);
});

describe("a scenario file", () => {
  const step = { at: "00:10:00", deed: "emergency-stop", when: "await-take", after: "1s500ms", lasts: "2m" } as const;

  test("brings back deeds and what waits for a moment", () => {
    const base = { seed: "1", station: { bays: [3] }, from: "2026-01-01T00:00:00Z", lasts: "1h" };
    const scenario = Scenario.parse({ ...base, steps: [step, { at: "00:10:00", fault: "smoke", when: "taken" }] });
    expect(readScenario(writeScenario(scenario))).toEqual({ ok: true, scenario });
  });

  test.each([
    ["a deed that nobody does", { ...step, deed: "dance" }],
    ["a moment that no swap comes to", { ...step, when: "tea-time" }],
    ["a length that is none", { ...step, after: "soon" }],
  ])("refuses %s", (_what, wrong) => {
    expect(Step.safeParse(step).success).toBe(true);
    expect(Step.safeParse(wrong).success).toBe(false);
  });
});
