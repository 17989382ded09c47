/** Each judge of the room sees what it is there for: the loads are switched as a wrong controller would. */
import { describe, expect, test } from "vitest";
import {
  compressorRests,
  drinksAreGood,
  drinksAreShared,
  helpIsHeard,
  lockersKeep,
  nothingOutlivesTheController,
  packagesGoOnce,
} from "../../../simulator/checkers/room-service.ts";
import {
  boilerNeverDry,
  frostFloorHolds,
  neverBlindHeat,
  neverBothWays,
} from "../../../simulator/checkers/room-warmth.ts";
import { type RoomBench, roomBench } from "../room/room-bench.ts";

describe("warmth", () => {
  test("a room that nobody heats at -32 °C falls below its floor, and that is found", () => {
    const bench = roomBench(-32);
    bench.judge(frostFloorHolds);
    bench.pass(24 * 3_600);
    expect(bench.found).toHaveLength(1);
    expect(bench.found[0]).toMatch(/^R-frost/);
  });

  test("a room that froze while mains was off gets its time to recover", () => {
    const bench = roomBench(-32);
    bench.judge(frostFloorHolds);
    bench.world.setMains(false);
    bench.pass(24 * 3_600);
    bench.world.setMains(true);
    bench.load("climate/heaterFeed", true);
    bench.load("climate/heater", true);
    bench.pass(3 * 3_600);
    expect(bench.found).toEqual([]);
  });

  test("a heater that goes on without any sensor is found after 10 s, one that goes off is not", () => {
    for (const obeys of [true, false]) {
      const bench = roomBench(-10);
      bench.judge(neverBlindHeat);
      bench.load("climate/heaterFeed", true);
      bench.load("climate/heater", true);
      bench.pass(30);
      for (const id of bench.room.sensors.keys()) bench.room.breakSensor(id, "gone");
      bench.pass(9);
      if (obeys) bench.load("climate/heater", false);
      bench.pass(5);
      expect(bench.found.length > 0).toBe(!obeys);
    }
  });

  test("a heater under frozen sensors has 60 s", () => {
    const bench = roomBench(-10);
    bench.judge(neverBlindHeat);
    bench.load("climate/heaterFeed", true);
    for (const id of bench.room.sensors.keys()) bench.room.breakSensor(id, "frozen");
    bench.pass(600);
    bench.load("climate/heater", true);
    bench.pass(55);
    expect(bench.found).toEqual([]);
    bench.pass(20);
    expect(bench.found.length).toBeGreaterThan(0);
  });

  test("heating and cooling at once is found", () => {
    const bench = roomBench();
    bench.judge(neverBothWays);
    bench.load("climate/heater", true);
    expect(bench.found).toEqual([]);
    bench.load("climate/cooler", true);
    expect(bench.found).toEqual(["R-both: the room is heated and cooled at once"]);
  });

  test("an element without water is found", () => {
    const bench = roomBench();
    bench.judge(boilerNeverDry);
    for (const boiler of bench.room.boilers.values()) boiler.townWater = false;
    for (const what of ["feed", "tap", "element"]) bench.load(`amenity/hot-water/${what}`, true);
    bench.pass(600);
    expect(bench.found).toHaveLength(1);
  });
});

function drink(bench: RoomBench, member: string): void {
  bench.room.fridge?.open(true);
  bench.room.fridge?.take(member);
  bench.room.fridge?.shut();
}

describe("service", () => {
  test("a compressor that rests 179 s is found, one that rests 180 s is not", () => {
    for (const [seconds, count] of [
      [180, 0],
      [179, 1],
    ] as const) {
      const bench = roomBench();
      bench.judge(compressorRests);
      bench.load("fridge/compressor", true);
      bench.pass(60);
      bench.load("fridge/compressor", false);
      bench.pass(seconds);
      bench.load("fridge/compressor", true);
      expect(bench.found.filter((what) => what.includes("rested"))).toHaveLength(count);
    }
  });

  test("warm drinks that are handed out are found", () => {
    const bench = roomBench(30);
    bench.judge(drinksAreGood);
    drink(bench, "m-0001");
    expect(bench.found).toEqual([]);
    bench.pass(72 * 3_600);
    drink(bench, "m-0001");
    expect(bench.found[0]).toMatch(/^R-food/);
  });

  test("the third drink of a day is found; the next day begins anew", () => {
    const bench = roomBench();
    bench.judge(drinksAreShared);
    for (let count = 0; count < 2; count++) {
      bench.shown("fridge", "m-0001");
      drink(bench, "m-0001");
    }
    bench.pass(24 * 3_600);
    bench.shown("fridge", "m-0001");
    drink(bench, "m-0001");
    expect(bench.found).toEqual([]);
    for (let count = 0; count < 2; count++) drink(bench, "m-0001");
    expect(bench.found).toEqual(["R-fair: m-0001 had 3 drinks in a day"]);
  });

  test.each([
    ["clock-ahead-six-hours", 0],
    ["clock-drifts", 1],
  ])("a third drink on a day on which a clock was wrong (%s) may be one of the day after", (trouble, found) => {
    const bench = roomBench();
    bench.judge(drinksAreShared);
    const over = bench.troubles.begin(trouble, "clock");
    bench.pass(60);
    over();
    for (let count = 0; count < 3; count++) {
      bench.shown("fridge", "m-0001");
      drink(bench, "m-0001");
    }
    expect(bench.found).toHaveLength(found);
  });

  test("a locker that opens to somebody else is found", () => {
    const bench = roomBench();
    bench.judge(lockersKeep);
    const phones = bench.room.lockers.get("phones");
    phones?.put(1, "m-0001");
    phones?.put(2, "m-0002");
    bench.shown("phones", "m-0001");
    bench.load("amenity/phones/lock-1", true);
    expect(bench.found).toEqual([]);
    bench.load("amenity/phones/lock-2", true);
    expect(bench.found).toEqual(["R-locker: locker 2 of phones opened with the things of m-0002 in it"]);
  });

  test("a care package for somebody who has none is found, also where somebody with one stands in the row behind", () => {
    const bench = roomBench();
    const packagesOf = (member: string): number => (member === "m-0001" ? 1 : 0);
    bench.judge((setup) =>
      packagesGoOnce({ ...setup, world: Object.create(setup.world, { room: { value: { packagesOf } } }) }),
    );
    const open = (locker: number): void => {
      bench.load(`amenity/gifts/lock-${locker}`, true);
      bench.load(`amenity/gifts/lock-${locker}`, false);
      bench.pass(30);
    };
    bench.shown("gifts", "m-0001");
    bench.shown("gifts", "m-9999");
    open(1);
    expect(bench.found).toEqual([]);
    bench.shown("gifts", "m-9999");
    open(2);
    expect(bench.found).toEqual(["R-gift: m-9999 had 1 care packages"]);
  });

  test("a siren that is silent after a press for help is found", () => {
    for (const sounds of [true, false]) {
      const bench = roomBench();
      bench.judge(helpIsHeard);
      bench.pass(20);
      bench.room.buttons.get("help")?.set(true);
      bench.pass(0.5);
      if (sounds) bench.load("amenity/help/siren", true);
      bench.pass(1);
      expect(bench.found).toHaveLength(sounds ? 0 : 1);
    }
  });

  test.each([
    ["two-on-one-address", "device room-3", 0],
    ["line-dead", "line room", 0],
    ["sleeper-inside", "door front", 1],
  ])("a siren is missed unless nobody can hear the button: %s", (trouble, where, found) => {
    const bench = roomBench();
    bench.judge(helpIsHeard);
    bench.pass(20);
    bench.troubles.begin(trouble, where);
    bench.room.buttons.get("help")?.set(true);
    bench.pass(1.5);
    expect(bench.found).toHaveLength(found);
  });

  test("what is still on 2 s after the controller died is found by name", () => {
    const bench = roomBench();
    bench.judge(nothingOutlivesTheController);
    bench.load("climate/heater", true);
    bench.load("amenity/light/lamp", true);
    bench.world.tellComputer(false);
    bench.pass(1.5);
    bench.load("amenity/light/lamp", false);
    bench.pass(1);
    expect(bench.found).toEqual(["R-lease: climate/heater outlived the controller"]);
  });
});
