import { describe, expect, test } from "vitest";
import { type InterlockFacts, interlock, type Removal, type RemovalReason } from "../../services/interlocks.ts";
import { type BayLevels, type Levels, restingSafety } from "../../services/levels.ts";
import type { Quality, Reading } from "../../services/reading.ts";
import type { BayReadings, CabinetReadings, PackReading, StationReadings } from "../../services/readings.ts";
import { emptyCabinetReadings } from "../../services/readings.ts";
import { calmAlerts } from "../../services/safety/alerts.ts";
import { benchConfig, pack } from "../support/bench-config.ts";

const nowMs = 100_000;
const config = benchConfig({ baysEach: 2 });
const calm = { alerts: calmAlerts, latches: {} };
const facts: InterlockFacts = { nowMs, lockBay: undefined, masterEnabled: true, ...calm };

const sample = <T>(value: T, ageMs = 0, quality: Quality = "good"): Reading<T> => ({
  value,
  atMs: nowMs - ageMs,
  quality,
});

interface Sight {
  readonly bay: BayReadings;
  readonly cabinet: CabinetReadings;
}

/** A shut bay with a warm pack that answers, and clean air: nothing is taken away here. */
const safe = (more: Partial<BayReadings> = {}, cabinet: Partial<CabinetReadings> = {}): Sight => ({
  bay: {
    doorShut: sample(true),
    latched: sample(true),
    present: sample(true),
    pack: sample<PackReading | undefined>(pack("yz-1")),
    charger: sample({ outMv: 48_000, outMa: 0 }),
    ...more,
  },
  cabinet: { ...emptyCabinetReadings(), smoke: sample(false), ...cabinet },
});

const packOf = (more: Partial<PackReading>) => safe({ pack: sample<PackReading | undefined>(pack("yz-1", more)) });

const readingsOf = ({ bay, cabinet }: Sight): StationReadings => ({
  bays: [undefined, bay, safe().bay],
  cabinets: { "c-1": cabinet },
  station: { emergencyStop: undefined },
});

const levelsOf = (more: Partial<BayLevels> = {}): BayLevels => ({
  chargeMa: 12_000,
  chargeMv: 54_600,
  heater: true,
  attended: false,
  watchPack: true,
  ...more,
});

const wanted: Levels = {
  bays: [undefined, levelsOf(), levelsOf({ chargeMa: 0, heater: false })],
  fans: { "c-1": false },
  safety: restingSafety,
};

function reasons(removed: readonly Removal[], what: Removal["what"]): RemovalReason | undefined {
  return removed.find((removal) => removal.bay === 1 && removal.what === what)?.reason;
}

describe("in a safe bay", () => {
  test("nothing is taken away, and what is granted is what was wanted", () => {
    const { levels, removed } = interlock(wanted, readingsOf(safe()), facts, config);
    expect(removed).toEqual([]);
    expect(levels).toEqual(wanted);
  });

  test("that wants nothing, nothing is judged: its levels are handed on as they are", () => {
    expect(interlock(wanted, readingsOf(safe()), facts, config).levels.bays[2]).toBe(wanted.bays[2]);
  });
});

type Row = readonly [says: string, reason: RemovalReason, seen: Sight, more?: Partial<InterlockFacts>];

const both: readonly Row[] = [
  ["there is smoke", "smoke", safe({}, { smoke: sample(true) })],
  ["there was smoke and the head fell silent", "smoke", safe({}, { smoke: sample(true, 60_000, "stale") })],
  ["the smoke head was never heard", "smoke-lost", safe({}, { smoke: undefined })],
  ["the smoke head was not heard for 6 s", "smoke-lost", safe({}, { smoke: sample(false, 6_000) })],
  ["the smoke head's line is stale", "smoke-lost", safe({}, { smoke: sample(false, 0, "stale") })],
  ["the smoke head tells nonsense", "smoke-lost", safe({}, { smoke: sample(true, 0, "invalid") })],
  ["the door is open", "door-not-shut", safe({ doorShut: sample(false), latched: sample(false) })],
  ["door switch and latch disagree", "door-not-shut", safe({ doorShut: sample(true), latched: sample(false) })],
  ["the door switch was never heard", "door-not-shut", safe({ doorShut: undefined })],
  ["the latch was not heard for 6 s", "door-not-shut", safe({ latched: sample(true, 6_000) })],
  ["nothing is present", "not-present", safe({ present: sample(false) })],
  ["presence was not heard for 6 s", "not-present", safe({ present: sample(true, 6_000) })],
  ["presence tells nonsense", "not-present", safe({ present: sample(true, 0, "invalid") })],
  [
    "the pack was not heard for 3 s",
    "pack-not-heard",
    safe({ pack: sample<PackReading | undefined>(pack("yz-1"), 3_000) }),
  ],
  [
    "the pack's line is stale",
    "pack-not-heard",
    safe({ pack: sample<PackReading | undefined>(pack("yz-1"), 0, "stale") }),
  ],
  ["the pack says nothing", "pack-not-heard", safe({ pack: sample<PackReading | undefined>(undefined) })],
  ["the pack has no temperature sensor", "no-temperature", packOf({ cellTempsC: [] })],
  ["its lock coil may be on", "lock-energised", safe(), { lockBay: 1 }],
  ["the master enable is off", "master-enable-off", safe(), { masterEnabled: false }],
];

const silentFor = (ms: number, quality: Quality) => sample({ outMv: 48_000, outMa: 0 }, ms, quality);

const chargeOnly: readonly Row[] = [
  ["one cell is below 0 °C", "too-cold", packOf({ cellTempsC: [-0.1, 20] })],
  ["one cell is above 45 °C", "too-hot", packOf({ cellTempsC: [20, 45.1] })],
  ["the pack reports charge over-current", "protection", packOf({ protectionBits: 1 << 8 })],
  ["the pack reports a short circuit", "protection", packOf({ protectionBits: 1 << 10 })],
  ["the pack says it is too cold to charge", "protection", packOf({ protectionBits: 1 << 5 })],
  ["one cell is above 4.25 V", "overvoltage", packOf({ cellsMv: [4_251, 4_100] })],
  ["the pack is above all its cells together", "overvoltage", packOf({ packMv: 55_260, cellsMv: [] })],
  ["one cell is below 2 V", "undervoltage", packOf({ cellsMv: [1_999, 3_600] })],
  ["the charger was never heard", "charger-not-heard", safe({ charger: undefined })],
  ["the charger was not heard for 16 s", "charger-not-heard", safe({ charger: silentFor(16_000, "good") })],
  ["the charger's line is stale", "charger-not-heard", safe({ charger: silentFor(0, "stale") })],
  ["the charger tells nonsense", "charger-not-heard", safe({ charger: silentFor(0, "invalid") })],
  ["the pack is below 26 V", "undervoltage", packOf({ packMv: 25_990, cellsMv: [] })],
];

describe("charging and heating are taken away", () => {
  for (const [says, reason, seen, more] of both) {
    test(`when ${says}: ${reason}`, () => {
      const { levels, removed } = interlock(wanted, readingsOf(seen), { ...facts, ...more }, config);
      expect(levels.bays[1]).toEqual(levelsOf({ chargeMa: 0, heater: false }));
      expect([reasons(removed, "charge"), reasons(removed, "heat")]).toEqual([reason, reason]);
    });
  }

  test("when the pack in the next bay is hot, for as long as it was heard a moment ago: neighbour-hot", () => {
    const beside = (ageMs: number, tempC: number): StationReadings => {
      const hot = sample<PackReading | undefined>(pack("yz-2", { cellTempsC: [tempC] }), ageMs);
      const { bays, ...rest } = readingsOf(safe());
      return { ...rest, bays: [undefined, bays[1], { ...safe().bay, pack: hot }] };
    };
    const taken = (readings: StationReadings) => reasons(interlock(wanted, readings, facts, config).removed, "charge");
    expect([taken(beside(0, 60)), taken(beside(12_000, 60))]).toEqual(["neighbour-hot", "neighbour-hot"]);
    expect([taken(beside(12_001, 60)), taken(beside(0, 59.9))]).toEqual([undefined, undefined]);
    expect(interlock(wanted, beside(0, 60), facts, config).levels.bays[1]?.heater).toBe(false);
  });

  test("from a bay that has no readings at all", () => {
    const { levels, removed } = interlock(wanted, { ...readingsOf(safe()), bays: [] }, facts, config);
    expect(levels.bays[1]).toMatchObject({ chargeMa: 0, heater: false });
    expect([reasons(removed, "charge"), reasons(removed, "heat")]).toEqual(["not-present", "not-present"]);
  });

  test("from a bay that is not in the configuration", () => {
    const beyond = {
      bays: [undefined, undefined, undefined, undefined, undefined, levelsOf()],
      fans: {},
      safety: restingSafety,
    };
    expect(interlock(beyond, readingsOf(safe()), facts, config).levels.bays[5]).toBeUndefined();
  });
});

describe("charging alone is taken away", () => {
  for (const [says, reason, seen] of chargeOnly) {
    test(`when ${says}: ${reason}`, () => {
      const { levels, removed } = interlock(wanted, readingsOf(seen), facts, config);
      expect(levels.bays[1]?.chargeMa).toBe(0);
      expect(reasons(removed, "charge")).toBe(reason);
      expect(levels.bays[1]?.heater).toBe(reason !== "too-hot");
    });
  }

  test("a pack that is just full is not one of the reasons: what stops it is its own charge", () => {
    const full = packOf({ protectionBits: 1 << 1 });
    expect(interlock(wanted, readingsOf(full), facts, config).removed).toEqual([]);
  });

  test("cells that stand apart are not one of them: a spread that lasts is judged elsewhere", () => {
    const unbalanced = packOf({ cellsMv: [4_100, 3_700] });
    expect(interlock(wanted, readingsOf(unbalanced), facts, config).removed).toEqual([]);
  });

  test("the limits themselves are allowed: 0 °C and 45 °C", () => {
    const charging = { ...wanted, bays: [undefined, levelsOf({ heater: false })] };
    for (const cellTempsC of [
      [0, 10],
      [20, 45],
    ]) {
      expect(interlock(charging, readingsOf(packOf({ cellTempsC })), facts, config).removed).toEqual([]);
    }
  });
});

describe("heating", () => {
  test("is allowed in a cold that forbids charging", () => {
    const { levels } = interlock(wanted, readingsOf(packOf({ cellTempsC: [-25, -20] })), facts, config);
    expect(levels.bays[1]).toMatchObject({ chargeMa: 0, heater: true });
  });

  test("is taken away above 30 °C, whatever was asked", () => {
    const { removed } = interlock(wanted, readingsOf(packOf({ cellTempsC: [28, 31] })), facts, config);
    expect(removed).toEqual([{ bay: 1, what: "heat", reason: "too-hot" }]);
    expect(interlock(wanted, readingsOf(packOf({ cellTempsC: [28, 30] })), facts, config).removed).toEqual([]);
  });
});

describe("the site limit", () => {
  const four = benchConfig({ baysEach: 4, siteLimitW: 1_500 });
  const bay = safe().bay;
  const readings: StationReadings = { ...readingsOf(safe()), bays: [undefined, bay, bay, bay, bay] };

  test("drops whole bays, the last number first, until the sum fits", () => {
    const charging = levelsOf({ heater: false });
    const { levels, removed } = interlock(
      { bays: [undefined, charging, charging, charging, charging], fans: {}, safety: restingSafety },
      readings,
      facts,
      four,
    );
    expect(levels.bays.map((level) => level?.chargeMa)).toEqual([undefined, 12_000, 12_000, 0, 0]);
    expect(removed).toEqual([3, 4].map((number) => ({ bay: number, what: "charge", reason: "site-limit" })));
  });

  test("counts heaters, and drops them too", () => {
    const heating = levelsOf({ chargeMa: 0 });
    const { removed } = interlock(
      { bays: [undefined, heating, heating], fans: {}, safety: restingSafety },
      readings,
      facts,
      {
        ...four,
        siteLimitW: 150,
      },
    );
    expect(removed).toEqual([{ bay: 2, what: "heat", reason: "site-limit" }]);
  });
});

describe("the fan", () => {
  test("runs in smoke, even where nobody asked for it", () => {
    const { levels } = interlock(wanted, readingsOf(safe({}, { smoke: sample(true) })), facts, config);
    expect(levels.fans).toEqual({ "c-1": true });
  });
});
