/** The list of invariants is whole and its page is fresh; a checker that nothing was shown to says so. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../../firmware/config/load.ts";
import { judgedElsewhere } from "../../../simulator/checkers/catalogue.ts";
import { createInvariants, type Looked } from "../../../simulator/checkers/invariants.ts";
import { createSimulation, type Simulation } from "../../../simulator/simulation.ts";
import { root } from "../../support/repository.ts";
import { smallStation } from "../small-station.ts";
import { invariantsPage } from "./invariants-page.ts";

function roomSimulation(): Simulation {
  const loaded = loadConfig(fileURLToPath(new URL("../../../examples/room-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the example is not valid");
  return createSimulation({ config: loaded.config, seed: "page", fromMs: Date.UTC(2026, 0, 15, 2, 0) });
}

describe("a run that has a room, a broker, a disk and a controller", () => {
  let simulation: Simulation;
  let all: readonly Looked[];
  beforeAll(() => {
    simulation = roomSimulation();
    simulation.clock.runUntil(2 * 60_000);
    simulation.invariants.finish();
    all = simulation.invariants.all();
  });

  test("is watched by a checker for each of the 36 invariants but those that no run can judge", () => {
    const judged = new Set([...all, ...judgedElsewhere].map(({ id }) => id));
    const missing = Array.from({ length: 36 }, (_unused, at) => `I${at + 1}`).filter((id) => !judged.has(id));
    expect(missing).toEqual([]);
    const elsewhere = judgedElsewhere.map(({ id }) => id);
    expect(elsewhere).toEqual(["I29", "I30", "I35"]);
    expect(all.filter(({ id }) => elsewhere.some((other) => other === id))).toEqual([]);
  });

  test("names each checker once, with a sentence of its own and a file that is there", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ says }) => says)).size).toBe(all.length);
    expect(all.filter(({ file }) => !existsSync(join(root, "simulator", "checkers", file)))).toEqual([]);
  });

  test("breaks none of them in a quiet two minutes", () => {
    expect(simulation.invariants.violations()).toEqual([]);
  });

  test("counts what was looked at, and does not count what never happened", () => {
    const looks = new Map(all.map((one) => [one.id, one.looks]));
    for (const id of ["I3-wire", "I5", "I8-heard", "I10", "I12", "I21", "I22", "I24", "I28", "I31", "I33", "I34"])
      expect(looks.get(id), id).toBeGreaterThan(0);
    for (const id of ["I13", "I20", "two-signals"]) expect(looks.get(id), id).toBe(0);
  });

  test("is what docs/reference/invariants.md shows; this test with -u writes the page anew", async () => {
    await expect(invariantsPage(all)).toMatchFileSnapshot(join(root, "docs", "reference", "invariants.md"));
  });
});

test("the hardware side of a real process is watched by what needs no controller, no broker and no disk", () => {
  const { world, clock, config } = smallStation();
  const loaded = loadConfig(fileURLToPath(new URL("../../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the example is not valid");
  const watched = createInvariants({ world, clock, config: loaded.config.station }).all();
  expect(config.cabinets).toHaveLength(1);
  expect(watched.map(({ id }) => id)).toEqual(expect.arrayContaining(["I1", "I2", "I8", "I10", "I13", "I14"]));
  expect(watched.filter(({ id }) => ["I3-wire", "I20", "I21", "I24"].includes(id))).toEqual([]);
});
