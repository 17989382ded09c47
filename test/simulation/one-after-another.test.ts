/** Two riders at a station whose every wire is simulated, one shortly after the other: the bay that the first emptied is the second's. */
import { describe, expect, test } from "vitest";
import { starterSimulation } from "../support/starter-simulation.ts";

describe("whoever comes shortly after a rider who took a pack that was charging", () => {
  test.each(Array.from({ length: 30 }, (_unused, at) => at))("is served, with the hands of seed %d", (seed) => {
    const { simulation } = starterSimulation(`hands ${seed}`, {
      world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.92, emptyBaysPerCabinet: 1 },
    });
    const { world, clock } = simulation;
    clock.runUntil(180_000);
    const come = () => {
      const visit = world.arrive({ behaviour: "proper", cabinet: "a" });
      if (visit === undefined) throw new Error("nobody came");
      const byMs = clock.nowMs + 300_000;
      while (visit.endedMs === undefined && clock.nowMs < byMs) clock.runUntil(clock.nowMs + 500);
      return visit;
    };
    expect(come()).toMatchObject({ ending: "swapped" });
    clock.runUntil(clock.nowMs + 6_000);
    expect(come()).toMatchObject({ ending: "swapped", refusal: undefined });
  });
});
