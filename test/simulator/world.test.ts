import { describe, expect, test } from "vitest";
import type { TruthEvent } from "../../simulator/truth-types.ts";
import { PuppetStation } from "./puppet-station.ts";
import { enable, type SmallStationOptions, smallStation } from "./small-station.ts";

const HOUR = 3_600_000;
const members = (count: number) => Array.from({ length: count }, (_unused, at) => `yz-member-${at + 1}`);

/** Half a day with riders; the list of everything that happened, as text. */
function history(options: SmallStationOptions): string[] {
  const credentials = options.credentials ?? members(40);
  const station = smallStation({ initialSoc: 1, arrivalsPerDay: 300, cabinets: 2, ...options, credentials });
  new PuppetStation(station, credentials);
  enable(station);
  station.world.start();
  station.clock.runUntil(12 * HOUR);
  return station.events.map((event: TruthEvent) => JSON.stringify(event));
}

describe("determinism", () => {
  test("the same seed gives the same history to the last event, another seed another", () => {
    const one = history({ seed: "7" });
    expect(one.length).toBeGreaterThan(500);
    expect(history({ seed: "7" })).toEqual(one);
    expect(history({ seed: "8" })).not.toEqual(one);
  });

  test("one more rider changes neither the weather nor anybody's pack at the start", () => {
    const look = (count: number) => {
      const station = smallStation({ seed: "7", credentials: members(count), arrivalsPerDay: 200 });
      station.world.start();
      const stock = station.world.truth.bays.map((bay) => bay.pack?.soc);
      const sky: number[] = [];
      for (let hour = 0; hour < 24; hour++) {
        station.clock.runUntil(hour * HOUR);
        sky.push(station.world.truth.outdoorC, station.world.truth.roomC);
      }
      return { stock, sky };
    };
    expect(look(11)).toEqual(look(10));
  });

  test("looking at the truth changes nothing", () => {
    const run = (curious: boolean) => {
      const station = smallStation({ seed: "7", credentials: members(20), arrivalsPerDay: 300, initialSoc: 1 });
      new PuppetStation(station, members(20));
      station.world.start();
      for (let minute = 0; minute < 600; minute++) {
        station.clock.runUntil(minute * 60_000);
        if (curious) for (const bay of station.world.truth.bays) void [bay.chargeMa, bay.ready, bay.pack?.cellTempC];
      }
      return station.events.map((event) => JSON.stringify(event));
    };
    expect(run(true)).toEqual(run(false));
  });
});

describe("the start of a world", () => {
  test("leaves two bays of each cabinet empty, fills the others with own packs, mostly ready", () => {
    const station = smallStation({ cabinets: 3, seed: "stock" });
    for (const cabinet of station.world.truth.cabinets) {
      expect(cabinet.bays.filter((bay) => bay.empty)).toHaveLength(2);
      for (const bay of cabinet.bays) if (bay.pack !== undefined) expect(bay.pack.id).toMatch(/^yz-4824-\d{6}$/);
    }
    const ids = station.world.truth.packs.map((pack) => pack.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(smallStation({ emptyBaysPerCabinet: 1 }).world.truth.bays.filter((bay) => bay.empty)).toHaveLength(1);
  });

  test("gives every member a pack of their own", () => {
    const { truth } = smallStation({ credentials: members(7) }).world;
    const riders = truth.packs.map((pack) => pack.place).filter((place) => place.at === "rider");
    expect(new Set(riders.map((place) => place.rider)).size).toBe(7);
  });
});

describe("the header pins", () => {
  test("inputs follow their contact and tell edges; outputs keep their level when they are closed", () => {
    const plain = smallStation().config;
    const cabinets = plain.cabinets.map((cabinet) => ({
      ...cabinet,
      smoke: { gpio: 5, inverted: true },
      fan: { gpio: 6, inverted: true },
    }));
    const station = smallStation({ config: { cabinets } });
    const smoke = station.world.gpio.openInput(5);
    const edges: boolean[] = [];
    smoke.watch((high) => edges.push(high));
    expect(smoke.read()).toBe(true);
    station.world.setSmoke("a", true);
    station.world.setSmoke("a", true);
    expect([smoke.read(), ...edges]).toEqual([false, false]);
    smoke.close();
    station.world.setSmoke("a", false);
    expect(edges).toHaveLength(1);
    const fan = station.world.gpio.openOutput(6, true);
    expect(station.world.truth.cabinets[0]?.fanOn).toBe(false);
    fan.write(false);
    fan.close();
    expect(station.world.truth.cabinets[0]?.fanOn).toBe(true);
    expect(station.world.truth.mainsW).toBe(30);
    expect(station.world.gpio.openOutput(6, false).read()).toBe(false);
  });
});

describe("the report", () => {
  test("counts the time without a ready pack, cabinet by cabinet", () => {
    const full = smallStation({ cabinets: 2, initialSoc: 1 });
    full.clock.runUntil(HOUR);
    expect(full.world.stats).toMatchObject({ cabinetSeconds: 7_200, stockOutSeconds: 0 });
    const flat = smallStation({ cabinets: 2, initialSoc: 0.5 });
    flat.clock.runUntil(HOUR);
    expect(flat.world.stats).toMatchObject({ cabinetSeconds: 7_200, stockOutSeconds: 7_200 });
  });

  test("keeps no more visits than it is told to, but counts them all", () => {
    const station = smallStation({ credentials: members(50), arrivalsPerDay: 400, visitsKept: 10 });
    station.world.start();
    station.clock.runUntil(24 * HOUR);
    expect(station.world.stats.visits).toHaveLength(10);
    expect(station.world.stats.endings.ignored + station.world.stats.endings.busy).toBeGreaterThan(100);
  });
});

describe("the technician", () => {
  test("takes out what is no pack, pushes a plug home and shuts the door, and opens nothing without need", () => {
    const station = smallStation({ emptyBaysPerCabinet: 0 });
    station.world.serviceBay(1);
    expect(station.events).toEqual([]);
    station.world.forceDoor(2);
    station.world.serviceBay(2);
    expect(station.world.truth.bay(2).doorOpen).toBe(false);
  });
});
