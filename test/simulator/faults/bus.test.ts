/** Lines that lie, stutter and fall silent: whatever comes over them, the station does nothing that nobody asked for. */
import { describe, expect, test } from "vitest";
import { type StruckStation, struckStation } from "../../support/struck-station.ts";

/** Packs at half charge, all four bays full of them: everything charges. */
const charging = () => struckStation({ world: { initialSoc: 0.5, emptyBaysPerCabinet: 0 } });

const flowing = ({ simulation }: StruckStation) =>
  simulation.world.truth.bays.filter(({ chargeMa }) => chargeMa > 50).map(({ bay }) => bay);
/** What came over a line that was no answer, and what did not come: the fault was really there. */
const wrongOn = ({ simulation }: StruckStation, line: string): number => {
  const stats = simulation.station.hardware.stats().buses[line];
  if (stats === undefined) throw new Error(`no line ${line}`);
  return stats.silent + stats.bad + stats.late + stats.unsolicitedBytes;
};
const coils = ({ events }: StruckStation) => events.filter(({ type }) => type === "coil").length;

describe.each(["bits-flip", "answers-cut-short", "garbage-before-answers", "answers-stick-together", "answers-late"])(
  "%s",
  (fault) => {
    // A pack of the starter cabinet that nobody takes out lies in bay 4.
    test.each(["locks", "relays", "packline-4"])(
      "on line %s opens no door that nobody asked for, and riders are served when it is over",
      (line) => {
        const station = struckStation({ world: { emptyBaysPerCabinet: 2 } });
        expect(station.bay(4).pack).toBeDefined();
        const quiet = wrongOn(station, line);
        const struck = station.strike(fault, `line ${line}`);
        station.minutes(2);
        expect(coils(station)).toBe(0);
        expect(wrongOn(station, line)).toBeGreaterThan(quiet);
        station.visit();
        struck.end();
        station.minutes(1);
        expect(station.visit()).toBe("swapped");
        expect(station.violations()).toEqual([]);
      },
    );

    test("on the chargers' line drives no current that is not safe, and all charge when it is over", () => {
      const station = charging();
      const quiet = wrongOn(station, "chargers");
      const struck = station.strike(fault, "line chargers");
      station.minutes(3);
      expect(wrongOn(station, "chargers")).toBeGreaterThan(quiet);
      struck.end();
      station.minutes(2);
      expect(flowing(station)).toEqual([1, 2, 3, 4]);
      expect(station.violations()).toEqual([]);
    });
  },
);

describe("a line on which nothing answers", () => {
  test("of relays: every contactor is open within two and a half seconds, and closes again when it answers", () => {
    const station = charging();
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    const struck = station.strike("line-dead", "line relays");
    station.seconds(2.5);
    expect(flowing(station)).toEqual([]);
    expect(station.simulation.world.truth.bays.some(({ contactorClosed }) => contactorClosed)).toBe(false);
    struck.end();
    station.minutes(2);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });

  test("of chargers: nothing charges ten seconds later, because nobody could tell them to stop", () => {
    const station = charging();
    const struck = station.strike("line-dead", "line chargers");
    station.seconds(10);
    expect(flowing(station)).toEqual([]);
    struck.end();
    station.minutes(2);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
  });

  test("of locks: nobody is let begin, and the next one is served when it answers", () => {
    const station = struckStation();
    const struck = station.strike("line-dead", "line locks");
    station.minutes(1);
    expect(station.visit()).toBe("refused");
    expect(coils(station)).toBe(0);
    struck.end();
    station.minutes(1);
    expect(station.visit()).toBe("swapped");
    expect(station.violations()).toEqual([]);
  });
});

test.each(["locks", "relays"])(
  "an adapter on line %s that hears itself is understood: a rider is served meanwhile",
  (line) => {
    const station = struckStation();
    station.strike("own-echo", `line ${line}`);
    station.minutes(1);
    expect(station.visit()).toBe("swapped");
    expect(station.simulation.station.hardware.stats().buses[line]?.echoes).toBeGreaterThan(0);
    expect(station.violations()).toEqual([]);
  },
);

describe("a device that answers under another address", () => {
  test("does not lend its contacts to its neighbour: doors that are shut are no smoke", () => {
    const station = charging();
    const quiet = wrongOn(station, "relays");
    const struck = station.strike("answers-misnamed", "device relay-1");
    station.minutes(2);
    expect(wrongOn(station, "relays")).toBeGreaterThan(quiet);
    expect(station.faults()).not.toContain("smoke/a");
    expect(station.simulation.world.truth.alarmOn).toBe(false);
    struck.end();
    station.minutes(2);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });
});

test("of two chargers on one address the one that nobody can ask charges nothing, until each has its own again", () => {
  const station = charging();
  const struck = station.strike("two-on-one-address", "device charger-1");
  station.seconds(20);
  // Where both say the same word nobody can tell that there are two, so the other bay may charge.
  expect(flowing(station).filter((bay) => bay !== 1)).toHaveLength(2);
  struck.end();
  station.minutes(2);
  expect(flowing(station)).toEqual([1, 2, 3, 4]);
  expect(station.violations()).toEqual([]);
});

test("a charger that thinks for 600 ms is not used, and the loop is not late for it", () => {
  const station = charging();
  const struck = station.strike("device-slow", "device charger-2");
  station.seconds(30);
  // Its late words spoil the questions to whoever is asked next, so a neighbour may be unheard as well.
  expect(flowing(station)).not.toContain(2);
  expect(flowing(station)).toEqual(expect.arrayContaining([1, 4]));
  expect(station.faults()).not.toContain("loop-late/station");
  struck.end();
  station.minutes(2);
  expect(flowing(station)).toEqual([1, 2, 3, 4]);
  expect(station.violations()).toEqual([]);
});

test("a new charger without its address is not used until somebody gives it one", () => {
  const station = charging();
  const struck = station.strike("device-replaced", "device charger-3");
  station.seconds(10);
  expect(flowing(station)).toEqual([1, 2, 4]);
  struck.end();
  station.minutes(2);
  expect(flowing(station)).toEqual([1, 2, 3, 4]);
});

test("packs whose lines are exchanged are neither handed out nor charged once they have said their names", () => {
  const station = struckStation({ world: { initialSoc: 0.99, emptyBaysPerCabinet: 1 } });
  const full = station.simulation.world.truth.bays.filter(({ pack }) => pack !== undefined).map(({ bay }) => bay);
  const [one, other] = full as [number, number, number];
  station.strike("plugs-exchanged", `line packline-${one} and line packline-${other}`);
  station.minutes(2);
  const told = station.faults().map((fault) => Number(fault.split("/")[1]));
  expect(told.sort()).toEqual([one, other]);
  for (const bay of [one, other]) expect(station.bay(bay).contactorClosed).toBe(false);
  expect(station.visit()).toBe("swapped");
  const taken = station.events.filter(({ type }) => type === "pack").at(-1);
  expect(taken).toMatchObject({ bay: full[2], in: false });
  expect(station.violations()).toEqual([]);
});

test("an adapter that comes back under another name stays unused until its own name is there again", () => {
  const station = charging();
  const struck = station.strike("adapter-renamed", "line packline-1");
  station.seconds(6);
  expect(flowing(station)).toEqual([2, 3, 4]);
  struck.end();
  station.minutes(2);
  expect(flowing(station)).toEqual([1, 2, 3, 4]);
  expect(station.violations()).toEqual([]);
});

test("a pack that says what cannot be is not charged, and is charged again when it speaks sense", () => {
  const station = charging();
  const struck = station.strike("value-absurd", "bay 2");
  station.seconds(6);
  expect(flowing(station)).toEqual([1, 3, 4]);
  struck.end();
  station.minutes(2);
  expect(flowing(station)).toEqual([1, 2, 3, 4]);
  expect(station.faults()).toEqual([]);
});

describe("a device that never stops talking", () => {
  /** Each strike draws whether it pauses: strikes until one does as is wanted here. */
  function babble(station: StruckStation, line: string, isCeaseless: boolean) {
    const babbled = () => station.simulation.station.hardware.stats().buses[line]?.babbled ?? 0;
    for (let tries = 0; tries < 20; tries++) {
      const before = babbled();
      const struck = station.strike("device-babbles", `line ${line}`);
      station.seconds(15);
      if (babbled() > before === isCeaseless) return struck;
      struck.end();
      station.minutes(2);
    }
    throw new Error(`no strike that ${isCeaseless ? "never pauses" : "pauses"}`);
  }

  test.each([true, false])(
    "on the locks' line opens nothing and delays nobody else (without pauses: %s)",
    (ceaseless) => {
      const station = charging();
      babble(station, "locks", ceaseless);
      const quiet = wrongOn(station, "locks");
      station.minutes(1);
      expect(wrongOn(station, "locks")).toBeGreaterThan(quiet);
      expect(coils(station)).toBe(0);
      expect(station.faults()).not.toContain("loop-late/station");
      expect(station.violations()).toEqual([]);
    },
  );

  test("without a pause on the relays' line leaves no contactor closed for longer than its lease", () => {
    const station = charging();
    const struck = babble(station, "relays", true);
    expect(station.simulation.world.truth.bays.some(({ contactorClosed }) => contactorClosed)).toBe(false);
    expect(flowing(station)).toEqual([]);
    struck.end();
    station.minutes(2);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });

  test("without a pause goes on where its adapter was pulled out", () => {
    const station = charging();
    babble(station, "relays", true);
    const pulled = station.strike("adapter-renamed", "line relays");
    station.seconds(30);
    pulled.end();
    station.seconds(10);
    expect(station.violations()).toEqual([]);
  });

  test("with pauses on the relays' line is answered in them: whatever charges is told so again in time, or stops", () => {
    const station = charging();
    const struck = babble(station, "relays", false);
    const quiet = wrongOn(station, "relays");
    station.seconds(30);
    expect(wrongOn(station, "relays")).toBeGreaterThan(quiet);
    struck.end();
    station.minutes(2);
    expect(flowing(station)).toEqual([1, 2, 3, 4]);
    expect(station.violations()).toEqual([]);
  });
});
