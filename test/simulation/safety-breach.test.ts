/** A bug on purpose in what is granted, in a whole simulated station: it stops before it hurts anybody, and holds nobody in. */
import { expect, test } from "vitest";
import type { LoadedConfig } from "../../firmware/config/load.ts";
import { SafetyBreach } from "../../firmware/runner/loop.ts";
import { exampleConfig } from "../support/starter-simulation.ts";
import { struckStation } from "../support/struck-station.ts";

/** A warm pack at rest is asked every five seconds, one that is charged once a second. */
const noticedMs = 7_000;

/** No file can say this; somebody's change of the code could. */
function chargesHot(config: LoadedConfig): LoadedConfig {
  const safety = { ...config.station.safety, chargeMaxC: 80, hotPackC: 90 };
  return { ...config, station: { ...config.station, safety } };
}

test("a station whose rules would charge at 50 °C stops itself, with every output off and the master enable dropped", () => {
  const config = chargesHot(exampleConfig("starter-cabinet"));
  const run = struckStation({ seed: "planted", world: { initialSoc: 0.5 }, more: { config }, beforeS: 300 });
  const { world, clock } = run.simulation;
  const charging = world.truth.bays.find(({ chargeMa }) => chargeMa > 1_000)?.bay ?? 0;
  expect(charging).toBeGreaterThan(0);
  world.setPackTemp(charging, 50);
  const hotMs = clock.nowMs;
  expect(() => run.seconds(60)).toThrow(SafetyBreach);
  expect(clock.nowMs - hotMs).toBeLessThan(noticedMs);
  // The process would be gone by now; here its devices and its guardian are left to themselves.
  expect(() => run.seconds(3)).toThrow(SafetyBreach);
  run.seconds(3);
  for (const bay of world.truth.bays) {
    expect([bay.contactorClosed, bay.heaterOn, bay.chargeMa]).toEqual([false, false, 0]);
    expect(bay.coilSinceMs).toBeUndefined();
  }
  expect(world.truth.masterEnable).toBe(false);
  run.minutes(10);
  expect(world.truth.bays.some(({ contactorClosed }) => contactorClosed)).toBe(false);
});

test("and its room lets out whoever is inside", () => {
  const config = chargesHot(exampleConfig("room-station"));
  const run = struckStation({
    example: "room-station",
    seed: "planted",
    world: { initialSoc: 0.5, room: { visitsPerDay: 0, troublesPerDay: 0 } },
    more: { config },
    beforeS: 200,
  });
  const { world } = run.simulation;
  const sleeper = run.strike("sleeper-inside");
  run.secondsUntil(() => sleeper.landedMs !== undefined, "somebody to be inside", 60);
  const charging = world.truth.bays.find(({ chargeMa }) => chargeMa > 1_000)?.bay ?? 0;
  world.setPackTemp(charging, 50);
  expect(() => run.seconds(60)).toThrow(SafetyBreach);
  expect(() => run.seconds(60)).toThrow(SafetyBreach);
  sleeper.end();
  // Whoever pressed the button waits some minutes for an answer first.
  run.minutes(7);
  const room = world.room?.room;
  expect(room?.people).toBe(0);
  for (const output of ["climate/heater", "climate/heaterFeed", "door/front/strike", "amenity/hot-water/element"])
    expect(room?.circuits.isLive(output), output).toBe(false);
});
