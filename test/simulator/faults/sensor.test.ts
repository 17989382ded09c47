/** Sensors that lie or fall silent: whatever heats or charges by them stops, and nobody is handed what nobody can vouch for. */
import { describe, expect, test } from "vitest";
import { type StruckStation, struckStation } from "../../support/struck-station.ts";

const charging = () => struckStation({ world: { initialSoc: 0.5, emptyBaysPerCabinet: 0 } });

/** Packs of -15 °C in the street: every bay is heated. */
const heating = () => {
  const cold = { initialPackC: -15, weather: { fixedC: -20 }, outdoors: true, initialSoc: 0.5, emptyBaysPerCabinet: 0 };
  const station = struckStation({ world: cold });
  station.secondsUntil(() => station.bay(2).heaterOn, "the heater of bay 2", 600);
  return station;
};

/** A winter's night: the room is heated. */
const warmedRoom = () => {
  const station = struckStation({
    example: "room-station",
    world: { weather: { fixedC: -25 }, room: { startC: 14, visitsPerDay: 0, troublesPerDay: 0 } },
  });
  station.secondsUntil(() => heats(station), "the room's heater", 900);
  return station;
};

const heats = ({ simulation }: StruckStation) => simulation.world.room?.room.heats === true;
const flowing = ({ simulation }: StruckStation) =>
  simulation.world.truth.bays.filter(({ chargeMa }) => chargeMa > 50).map(({ bay }) => bay);
const coils = ({ events }: StruckStation) => events.filter(({ type }) => type === "coil").length;

describe("a probe that goes silent", () => {
  test("in a pack switches its heater off within five seconds of going stale", () => {
    const station = heating();
    const struck = station.strike("probe-silent", "bay 2");
    station.seconds(10);
    expect(station.bay(2).heaterOn).toBe(false);
    struck.end();
    station.secondsUntil(() => station.bay(2).heaterOn, "the heater again", 300);
    expect(station.violations()).toEqual([]);
  });

  test("in a pack ends its charge within ten seconds", () => {
    const station = charging();
    station.strike("probe-silent", "bay 3");
    station.seconds(10);
    expect(flowing(station)).toEqual([1, 2, 4]);
  });

  test("in the room's air, both of them, leaves the heater off ten seconds after their last word", () => {
    const station = warmedRoom();
    const struck = ["air-north", "air-south"].map((sensor) => station.strike("probe-silent", `sensor ${sensor}`));
    station.seconds(11);
    expect(heats(station)).toBe(false);
    for (const one of struck) one.end();
    station.secondsUntil(() => heats(station), "the heater again", 900);
    expect(station.violations()).toEqual([]);
  });
});

describe("a probe that stands still", () => {
  test("under a heater trips it within a little more than a minute, and moving again does not give it back", () => {
    const station = heating();
    station.minutes(4);
    const struck = station.strike("probe-frozen", "bay 2");
    expect(station.secondsUntil(() => !station.bay(2).heaterOn, "the heater to go off", 70)).toBeLessThan(66);
    struck.end();
    station.minutes(5);
    expect(station.bay(2).heaterOn).toBe(false);
    expect(station.violations()).toEqual([]);
  });

  test("in the room's air, both of them, leaves the heater off after a minute", () => {
    const station = warmedRoom();
    for (const sensor of ["air-north", "air-south"]) station.strike("probe-frozen", `sensor ${sensor}`);
    station.seconds(62);
    expect(heats(station)).toBe(false);
    expect(station.violations()).toEqual([]);
  });
});

describe("a probe that is broken or shorted", () => {
  test("in a pack ends its charge, and its charge goes on when it is sound again", () => {
    const station = charging();
    const struck = station.strike("probe-open-or-shorted", "bay 1");
    station.seconds(10);
    expect(flowing(station)).toEqual([2, 3, 4]);
    struck.end();
    station.minutes(3);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });

  test("in the boiler leaves its element off, whatever the file says beside it", () => {
    const station = warmedRoom();
    const element = "amenity/hot-water/element";
    const circuits = station.simulation.world.room?.room.circuits;
    station.secondsUntil(() => circuits?.isLive(element) === true, "the boiler's element", 3_600);
    station.strike("probe-open-or-shorted", "sensor boiler");
    station.seconds(12);
    expect(circuits?.isLive(element)).toBe(false);
    expect(station.violations()).toEqual([]);
  });
});

describe("a probe that drifts by 10 °C", () => {
  test("in the room is contradicted by the other one, and the room stays above its frost floor", () => {
    const station = warmedRoom();
    station.strike("probe-drifts", "sensor air-north");
    station.minutes(5);
    expect(station.faults()).toContain("room-sensors-disagree/room");
    expect(station.simulation.world.room?.room.shell.airC).toBeGreaterThan(8);
    expect(station.violations()).toEqual([]);
  });

  test("in a pack never lets a cell be charged below 0 °C", () => {
    const station = heating();
    for (const bay of [1, 2, 3, 4]) station.strike("probe-drifts", `bay ${bay}`);
    station.minutes(40);
    for (const bay of [1, 2, 3, 4]) {
      const heardC = station.simulation.controller.readings.bays[bay]?.pack?.value?.cellTempsC ?? [];
      const cellC = station.bay(bay).pack?.hottestCellC ?? Number.NaN;
      expect(Math.max(...heardC.map((tempC) => Math.abs(tempC - cellC)))).toBeGreaterThan(5);
    }
    expect(station.simulation.world.truth.packs.every((pack) => pack.chargeBelowZeroCoulombs === 0)).toBe(true);
    expect(station.violations()).toEqual([]);
  });
});

test("one sample that is far off latches nothing: a minute later everything charges as before", () => {
  const station = charging();
  for (const bay of [1, 2, 3, 4]) station.strike("probe-spikes", `bay ${bay}`);
  const paused = new Set<number>();
  for (let quarter = 0; quarter < 240; quarter++) {
    station.seconds(0.25);
    for (const bay of [1, 2, 3, 4]) if (!flowing(station).includes(bay)) paused.add(bay);
  }
  // It was heard: nothing is charged by a sample that cannot be.
  expect([...paused].sort()).toEqual([1, 2, 3, 4]);
  expect(flowing(station)).toEqual([1, 2, 3, 4]);
  expect(station.faults()).toEqual([]);
  expect(station.violations()).toEqual([]);
});

test("a boiler whose thermometer says no number is not heated, and is heated again when it says one", () => {
  const station = warmedRoom();
  const circuits = station.simulation.world.room?.room.circuits;
  const glows = () => circuits?.isLive("amenity/hot-water/element") === true;
  station.secondsUntil(glows, "the boiler's element", 3_600);
  const struck = station.strike("value-no-number", "sensor boiler");
  station.seconds(12);
  expect(glows()).toBe(false);
  struck.end();
  station.secondsUntil(glows, "the element again", 900);
  expect(station.violations()).toEqual([]);
});

describe("a door switch", () => {
  test("stuck at shut hides no opening: the rider is served, here or at another bay", () => {
    const station = struckStation({ world: { emptyBaysPerCabinet: 2 } });
    for (const { bay, empty } of station.simulation.world.truth.bays)
      if (empty) station.strike("door-switch-stuck-shut", `bay ${bay}`);
    const visit = station.simulation.world.arrive({ behaviour: "proper" });
    const openBay = () => station.simulation.world.truth.bays.find(({ doorOpen }) => doorOpen)?.bay;
    station.secondsUntil(() => openBay() !== undefined, "a door to open", 60);
    station.seconds(1);
    expect(station.simulation.controller.readings.bays[openBay() ?? 0]?.doorShut?.value).toBe(true);
    station.minutes(15);
    expect(visit?.ending).toBe("swapped");
    expect(station.violations()).toEqual([]);
  });

  test("stuck at open ends the charge of its bay within a second or so", () => {
    const station = charging();
    const struck = station.strike("door-switch-stuck-open", "bay 2");
    station.seconds(2);
    expect(flowing(station)).toEqual([1, 3, 4]);
    expect(station.bay(2).contactorClosed).toBe(false);
    struck.end();
    station.minutes(3);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });

  test("that bounces twenty times has moved once: the swap goes through, and nobody is taken for a burglar", () => {
    const station = struckStation();
    const struck = [1, 2, 3, 4].map((bay) => station.strike("contact-bounces", `bay ${bay}`));
    expect(station.visit()).toBe("swapped");
    station.minutes(1);
    expect(struck.filter(({ landedMs }) => landedMs !== undefined)).toHaveLength(2);
    expect(station.faults()).toEqual([]);
    expect(station.visit()).toBe("swapped");
    expect(station.violations()).toEqual([]);
  });
});

describe("smoke", () => {
  test("whose head is not heard is not taken for clean air: nothing charges until it is", () => {
    const station = charging();
    const struck = station.strike("smoke-head-lost", "cabinet a");
    station.seconds(7);
    expect(flowing(station)).toEqual([]);
    struck.end();
    station.minutes(2);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });

  test("switches the cabinet off within a second, opens no bay for riders, and is over when the air is clear", () => {
    const station = struckStation({ world: { initialSoc: 0.9 } });
    const struck = station.strike("smoke", "cabinet a");
    station.seconds(1);
    expect(flowing(station)).toEqual([]);
    expect(station.visit()).toBe("refused");
    expect(coils(station)).toBe(0);
    struck.end();
    station.minutes(30);
    expect(station.visit()).toBe("swapped");
    expect(station.violations()).toEqual([]);
  });
});

describe("a BMS", () => {
  test("that falls silent in the middle of a charge is off its charger within six seconds", () => {
    const station = charging();
    const struck = station.strike("bms-silent-while-charging");
    const bay = Number(struck.where.slice("bay ".length));
    station.seconds(6);
    expect(flowing(station)).not.toContain(bay);
    expect(flowing(station)).toHaveLength(3);
    struck.end();
    station.minutes(3);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });

  test("that waits for a charge to begin strikes then, and not before", () => {
    const station = struckStation({ world: { initialSoc: 1 } });
    const struck = [1, 2, 3, 4].map(() => station.strike("bms-silent-while-charging"));
    station.minutes(1);
    expect(struck.map(({ landedMs }) => landedMs)).toEqual([undefined, undefined, undefined, undefined]);
    expect(station.visit({ socPct: 20 })).toBe("swapped");
    station.minutes(2);
    expect(struck.filter(({ landedMs }) => landedMs !== undefined).length).toBeGreaterThan(0);
    expect(flowing(station)).toEqual([]);
  });

  test("that speaks as another pack behind a shut door keeps its pack from everybody", () => {
    const station = struckStation();
    const full = station.simulation.world.truth.bays.filter(({ pack }) => pack !== undefined);
    for (const { bay } of full.slice(1)) station.strike("pack-changes-id", `bay ${bay}`);
    station.minutes(2);
    expect(station.visit()).toBe("swapped");
    expect(station.visit()).toBe("refused");
    for (const { bay } of full.slice(1)) expect(station.bay(bay).contactorClosed).toBe(false);
    expect(station.violations()).toEqual([]);
  });
});

test("a bay that feels something whose BMS nobody hears is neither charged nor offered as empty", () => {
  const station = struckStation({ world: { emptyBaysPerCabinet: 2 } });
  const struck = station.strike("presence-without-bms");
  const bay = Number(struck.where.slice("bay ".length));
  station.minutes(1);
  expect(station.faults()).toContain(`bay-pack-silent/${bay}`);
  expect(station.visit()).toBe("swapped");
  expect(station.bay(bay)).toMatchObject({ contactorClosed: false, pulses: 0 });
  expect(station.violations()).toEqual([]);
});
