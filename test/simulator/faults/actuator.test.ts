/** Things that do not do what they are told, or do it untold: locks, relays, heaters, chargers, fans, and the room's machines. */
import { describe, expect, test } from "vitest";
import { type StruckStation, struckStation } from "../../support/struck-station.ts";

const charging = () => struckStation({ world: { initialSoc: 0.5, emptyBaysPerCabinet: 0 } });
const quietRoom = { visitsPerDay: 0, troublesPerDay: 0 };
const inRoom = (outdoorC: number, startC: number) =>
  struckStation({
    example: "room-station",
    world: { weather: { fixedC: outdoorC }, room: { ...quietRoom, startC } },
  });

const flowing = ({ simulation }: StruckStation) =>
  simulation.world.truth.bays.filter(({ chargeMa }) => chargeMa > 50).map(({ bay }) => bay);
const pulsesOf = ({ events }: StruckStation, bay: number) =>
  events.filter((event) => event.type === "coil" && event.on && event.bay === bay).length;
const switchedOn = ({ events }: StruckStation, output: string) =>
  events.flatMap((event) => (event.type === "room-output" && event.output === output ? [event] : []));
const roomOf = ({ simulation }: StruckStation) => {
  const room = simulation.world.room?.room;
  if (room === undefined) throw new Error("no room");
  return room;
};

describe("a lock", () => {
  test("that does not open gets three pulses at most, and the rider another bay", () => {
    const station = struckStation({ world: { emptyBaysPerCabinet: 2 } });
    const empty = station.simulation.world.truth.bays.filter((bay) => bay.empty).map(({ bay }) => bay);
    const [jammed] = empty as [number, number];
    station.strike("lock-jams", `bay ${jammed}`);
    expect(station.visit()).toBe("swapped");
    expect(pulsesOf(station, jammed)).toBeGreaterThan(0);
    expect(station.events.filter((event) => event.type === "door" && event.bay === jammed)).toEqual([]);
    expect(pulsesOf(station, jammed)).toBeLessThanOrEqual(3);
    expect(station.violations()).toEqual([]);
  });

  test("whose driver is shorted gets no pulse and no rider, and its pack no charge", () => {
    const station = struckStation();
    const full = station.simulation.world.truth.bays.filter(({ pack }) => pack !== undefined).map(({ bay }) => bay);
    const struck = station.strike("lock-driver-shorted", `bay ${full[0]}`);
    const bay = full[0] as number;
    station.minutes(1);
    expect(station.bay(bay)).toMatchObject({ doorOpen: true, contactorClosed: false });
    expect(station.visit()).toBe("swapped");
    expect(pulsesOf(station, bay)).toBe(1); // The short itself.
    struck.end();
    expect(station.bay(bay).coilSinceMs).toBeUndefined();
    expect(station.violations()).toEqual([]);
  });
});

describe("a welded relay", () => {
  test("of the room's heater loses its feed, and mending the relay does not give it back", () => {
    const station = inRoom(-5, 21);
    const struck = station.strike("relay-welded", "room heater");
    expect(roomOf(station).circuits.isClosed("climate/heater")).toBe(true);
    station.secondsUntil(() => !roomOf(station).heats, "the feed to be cut", 1_800);
    expect(roomOf(station).shell.airC).toBeLessThan(28);
    struck.end();
    station.minutes(5);
    expect(roomOf(station).heats).toBe(false);
  });

  test("of a bay's heater ends everything in that bay before its pack is hot", () => {
    const station = struckStation({ world: { initialSoc: 1 } });
    station.strike("relay-welded", "bay 1");
    station.minutes(26);
    expect(station.bay(1)).toMatchObject({ contactorClosed: false });
    expect(station.bay(1).pack?.hottestCellC).toBeLessThan(45);
    expect(station.faults()).toContain("bay-heater-welded/1");
  });
});

describe("a heater that never heats", () => {
  test("in a bay is given up, and the bays beside it are heated on", () => {
    const cold = {
      initialPackC: -15,
      weather: { fixedC: -20 },
      outdoors: true,
      initialSoc: 0.5,
      emptyBaysPerCabinet: 0,
    };
    const station = struckStation({ world: cold });
    station.strike("heater-dead", "bay 2");
    station.minutes(20);
    expect(station.faults()).toEqual([expect.stringMatching(/^bay-heater-(frozen|no-rise)\/2$/)]);
    expect(station.bay(3).heaterOn).toBe(true);
    expect(station.violations()).toEqual([]);
  });

  test("in the room is off within ten minutes, and told of", () => {
    const station = inRoom(-25, 12);
    station.strike("heater-dead", "room heater");
    station.secondsUntil(() => roomOf(station).circuits.isClosed("climate/heater"), "the heater's relay", 900);
    station.secondsUntil(() => !roomOf(station).circuits.isClosed("climate/heater"), "it to be off", 660);
    station.seconds(5);
    expect(station.faults()).toContain("room-heater-no-rise/room");
  });
});

test("a charger that ignores its stop is cut off by its contactor within a second", () => {
  const station = charging();
  for (const bay of [1, 2, 3, 4]) station.strike("charger-ignores-stop", `bay ${bay}`);
  station.simulation.world.setSmoke("a", true);
  station.seconds(1);
  expect(flowing(station)).toEqual([]);
  for (const bay of [1, 2, 3, 4]) expect(station.simulation.world.bayFaults(bay).chargerStuck).toBe(true);
  expect(station.violations()).toEqual([]);
});

test("a fan that does not turn never lets a pack be charged above 45 °C, in the hottest summer", () => {
  const hot = { initialSoc: 0.2, emptyBaysPerCabinet: 0, roomC: 40, initialPackC: 38, weather: { fixedC: 40 } };
  const station = struckStation({ world: hot });
  station.strike("fan-dead");
  station.minutes(60);
  expect(station.simulation.world.truth.cabinets[0]?.fanOn).toBe(false);
  expect(station.violations()).toEqual([]);
});

describe("the room's machines", () => {
  test("a fridge that wants its compressor on and off all the time gets three minutes of rest between two runs", () => {
    const station = inRoom(20, 24);
    const struck = station.strike("fridge-swings");
    station.minutes(30);
    const runs = switchedOn(station, "fridge/compressor");
    expect(runs.filter(({ on }) => on).length).toBeGreaterThan(2);
    for (const [at, run] of runs.entries()) {
      const next = runs[at + 1];
      if (!run.on && next !== undefined) expect(next.atMs - run.atMs).toBeGreaterThanOrEqual(180_000);
    }
    expect(roomOf(station).fridge?.stalls).toBe(0);
    struck.end();
    expect(station.violations()).toEqual([]);
  });

  test("a tap whose button sticks pours no longer than one cup takes", () => {
    const station = inRoom(20, 20);
    station.strike("appliance-left-on", "amenity hot-water");
    station.minutes(10);
    const pours = switchedOn(station, "amenity/hot-water/tap");
    expect(pours.length).toBeGreaterThan(0);
    for (const [at, pour] of pours.entries())
      if (pour.on) expect((pours[at + 1]?.atMs ?? Number.POSITIVE_INFINITY) - pour.atMs).toBeLessThanOrEqual(14_500);
    expect(station.violations()).toEqual([]);
  });

  test("a microwave whose button sticks is off at its longest time, and does not start again by itself", () => {
    const station = inRoom(20, 20);
    roomOf(station).count(1);
    station.seconds(5);
    station.strike("appliance-left-on", "amenity microwave");
    station.minutes(20);
    const runs = switchedOn(station, "amenity/microwave/power");
    expect(runs.map(({ on }) => on)).toEqual([true, false]);
    expect((runs[1]?.atMs ?? 0) - (runs[0]?.atMs ?? 0)).toBeLessThanOrEqual(302_500);
    expect(station.violations()).toEqual([]);
  });
});
