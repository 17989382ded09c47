/**
 * Faults of power, clock, disk, process and network that strike together, twice at once, while the computer is off, and are mended in
 * any order: when all have ended nothing of them is left, so that whoever strikes next finds a sound world.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { faults } from "../../../simulator/faults/catalogue.ts";
import { expectServes, struckStation } from "../../support/ailing-station.ts";

const kinds = ["power", "clock", "disk", "process", "network"];
const names = faults
  .filter(({ kind, provenBy }) => kinds.includes(kind) && provenBy === undefined)
  .map(({ name }) => name);
const patience = { numRuns: Number(process.env.YIZHAN_TOGETHER_RUNS ?? "4"), seed: 7, endOnFailure: true };

const strike = fc.record({
  fault: fc.constantFrom(...names),
  inS: fc.integer({ min: 0, max: 200 }),
  lastsS: fc.integer({ min: 0, max: 300 }),
});
/** Some of them twice, the second time while the first may still be there. */
const strikes = fc
  .array(strike, { minLength: 4, maxLength: 10 })
  .map((list) => [...list, ...list.slice(0, 2).map((one) => ({ ...one, inS: one.inS + 1 }))]);

test("leave nothing behind when all of them have ended: supply, clock, disk, broker and process are as before", () => {
  fc.assert(
    fc.property(strikes, (list) => {
      const story = struckStation(JSON.stringify(list), { afterMinutes: 1 });
      const { computer, world, disk, broker, troubles } = story.simulation;
      for (const { fault, ...how } of list) story.strike(fault, how);
      // Somebody is there meanwhile, so that those that wait for a step of a swap find one.
      world.arrive({ behaviour: "proper" });
      story.seconds(700);
      expect(troubles.now()).toEqual([]);
      expect(world.truth.mainsOn).toBe(true);
      expect({ powered: computer.isPowered, alive: computer.isAlive, stands: computer.standsStill }).toEqual({
        powered: true,
        alive: true,
        stands: false,
      });
      expect(Math.abs(computer.wall.aheadMs)).toBeLessThan(0.001);
      expect(computer.wall.isSynchronised).toBe(true);
      for (const { bay } of world.truth.bays)
        expect(world.bayFaults(bay)).toMatchObject({ lockUnpowered: false, chargerUnpowered: false });
      const connections = broker?.counters().connections;
      const bytes = disk.usedBytes();
      broker?.cut("the story's own");
      story.seconds(1_800);
      expect(broker?.counters().connections).toBe((connections ?? 0) + 1);
      expectServes(story);
      expect(disk.usedBytes()).not.toBe(bytes);
    }),
    patience,
  );
});
