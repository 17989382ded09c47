/** A run is judged up to its last look: what becomes of a station that is switched off afterwards is nobody's mistake. */
import { expect, test } from "vitest";
import { struckStation } from "../../support/struck-station.ts";

function inSmoke() {
  const run = struckStation({ seed: "last look", example: "reference-station", beforeS: 30 });
  run.strike("smoke", "cabinet a");
  run.seconds(10);
  expect(run.simulation.world.truth.alarmOn).toBe(true);
  const switchOff = (): void => {
    run.simulation.station.stop("stopped by hand", () => undefined);
    run.seconds(10);
    expect(run.simulation.world.truth.alarmOn).toBe(false);
  };
  return { run, switchOff };
}

test("an alarm that falls silent in smoke is found while the run is judged", () => {
  const { run, switchOff } = inSmoke();
  switchOff();
  expect(run.violations().join()).toContain("I13 smoke in a");
});

test("and is not once the last look was taken, however often it is asked for", () => {
  const { run, switchOff } = inSmoke();
  run.simulation.invariants.finish();
  switchOff();
  run.simulation.invariants.finish();
  expect(run.violations()).toEqual([]);
});
