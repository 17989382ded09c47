/** Which signals make an alert, which make a runaway: a table, and everything that one sensor alone can ever say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StationConfig } from "../../../services/config.ts";
import type { Quality, Reading } from "../../../services/reading.ts";
import {
  emptyBayReadings,
  emptyCabinetReadings,
  type PackReading,
  type StationReadings,
} from "../../../services/readings.ts";
import { calmZone, runawaySignals, watchZone, type Zone } from "../../../services/safety/zones.ts";
import { benchConfig, pack } from "../../support/bench-config.ts";
import { propertyRuns } from "../station/histories.ts";

const config: StationConfig = benchConfig({ allSafety: true });
const cabinet = config.cabinets[0] as StationConfig["cabinets"][number];
const { runawayConfirmMs } = config.safety;

interface Said {
  readonly smoke?: Reading<boolean> | undefined;
  readonly conductor?: Reading<boolean> | undefined;
  readonly airTempC?: Reading<number> | undefined;
  /** Bay 2's pack. */
  readonly packC?: Reading<number> | undefined;
  readonly otherC?: Reading<number> | undefined;
}

const packAt = (reading: Reading<number> | undefined): Reading<PackReading | undefined> | undefined =>
  reading === undefined ? undefined : { ...reading, value: pack("yz-1", { cellTempsC: [20, reading.value] }) };

function readingsOf({ smoke, conductor, airTempC, packC, otherC }: Said): StationReadings {
  const bay = (heat: Reading<number> | undefined) => ({ ...emptyBayReadings(), pack: packAt(heat) });
  return {
    bays: [undefined, bay(undefined), bay(packC), bay(otherC), bay(undefined)],
    cabinets: { "c-1": { ...emptyCabinetReadings(), smoke, conductor, airTempC } },
    station: { emergencyStop: undefined },
  };
}

const look = (was: Zone, said: Said, nowMs: number): Zone =>
  watchZone(was, { readings: readingsOf(said), cabinet, config, nowMs });

const lastsMs = 8_000;

/** Everything said is said again every half second. */
function after(said: { [K in keyof Said]: NonNullable<Said[K]>["value"] }): Zone {
  let zone = calmZone;
  for (let nowMs = 0; nowMs <= lastsMs; nowMs += 500) {
    const now = Object.fromEntries(
      Object.entries(said).map(([key, value]) => [key, { value, atMs: nowMs, quality: "good" }]),
    );
    zone = look(zone, now as Said, nowMs);
  }
  return zone;
}

describe("signals and what they make", () => {
  test.each([
    ["nothing", {}, "calm", undefined],
    ["smoke", { smoke: true }, "alert", undefined],
    ["a cell at 80 °C", { packC: 80 }, "alert", undefined],
    ["a cell at 79.9 °C", { packC: 79.9 }, "calm", undefined],
    ["two packs at 120 °C", { packC: 120, otherC: 120 }, "alert", undefined],
    ["the air at 80 °C", { airTempC: 80 }, "alert", undefined],
    ["the conductor", { conductor: true }, "alert", undefined],
    ["the conductor and a hot cell, without smoke", { conductor: true, packC: 200 }, "alert", undefined],
    ["smoke and a warm pack", { smoke: true, packC: 79.9 }, "alert", undefined],
    ["smoke and a hot cell", { smoke: true, packC: 80 }, "alert", "smoke, pack in bay 2"],
    ["smoke and hot air", { smoke: true, airTempC: 81 }, "alert", "smoke, cabinet air"],
    ["smoke and the conductor", { smoke: true, conductor: true }, "alert", "smoke, runaway conductor"],
    [
      "everything",
      { smoke: true, conductor: true, airTempC: 300, packC: 300, otherC: 90 },
      "alert",
      "smoke, pack in bay 2, pack in bay 3, cabinet air, runaway conductor",
    ],
  ])("%s", (_story, said, state, signals) => {
    const zone = after(said);
    expect(zone === calmZone ? "calm" : zone.alert ? "alert" : "hint").toBe(state);
    expect(runawaySignals(zone, runawayConfirmMs)).toBe(signals);
  });
});

const quality = fc.constantFrom<Quality>("good", "good", "good", "stale", "invalid");
const gapMs = fc.constantFrom(10, 150, 250, 500, 1_000, 3_000, 9_000, 44_000, 120_000, 700_000);
const heat = fc.constantFrom(-273, -40, 20, 45, 60, 79.9, 80, 85, 150, 1_000, 65_535);
const flaps = <T>(value: fc.Arbitrary<T>) =>
  fc.array(fc.record({ value: fc.option(value, { nil: undefined, freq: 8 }), quality, gapMs }), { maxLength: 60 });

/** One sensor does what it likes; all others are calm, and are heard all the time. */
const oneSensor: fc.Arbitrary<{
  readonly which: keyof Said;
  readonly says: ReturnType<typeof flaps> extends fc.Arbitrary<infer V> ? V : never;
}> = fc.oneof(
  fc.record({ which: fc.constantFrom<keyof Said>("smoke", "conductor"), says: flaps<unknown>(fc.boolean()) }),
  fc.record({ which: fc.constantFrom<keyof Said>("airTempC", "packC"), says: flaps<unknown>(heat) }),
);

describe("two signals must both last", () => {
  /** Seconds in which each sensor says danger; in the others it is heard to be calm. */
  const seconds = (smokeS: readonly number[], heatS: readonly number[]): string[] => {
    let zone = calmZone;
    const found: string[] = [];
    for (let second = 0; second < 30; second++) {
      const nowMs = second * 1_000;
      const at = { atMs: nowMs, quality: "good" } as const;
      const packC = heatS.includes(second) ? 96 : 30;
      zone = look(zone, { smoke: { ...at, value: smokeS.includes(second) }, packC: { ...at, value: packC } }, nowMs);
      const signals = runawaySignals(zone, runawayConfirmMs);
      if (signals !== undefined) found.push(`${second}`);
    }
    return found;
  };
  const all = Array.from({ length: 30 }, (_unused, second) => second);

  test.each<[string, readonly number[], readonly number[]]>([
    ["a puff of smoke beside a pack that stays hot", [10], all],
    ["smoke that comes and goes beside a pack that stays hot", all.filter((second) => second % 3 !== 0), all],
    ["smoke that stays beside one hot frame of a pack", all, [10]],
    ["smoke that stays beside heat that comes and goes", all, all.filter((second) => second % 3 !== 0)],
    ["smoke first, heat after it was gone", [1, 2, 3, 4, 5, 6], [8, 9, 10, 11, 12, 13]],
  ])("%s is none", (_story, smokeS, heatS) => {
    expect(seconds(smokeS, heatS)).toEqual([]);
  });

  test("and both lasting three seconds is one", () => {
    expect(seconds([10, 11, 12, 13], all)).toEqual(["13"]);
    expect(seconds(all, [20, 21, 22, 23, 24])).toEqual(["23", "24"]);
  });
});

describe("whatever one sensor says, and however long", () => {
  test("it never makes a runaway; two sensors of one kind do not either", () => {
    let alerts = 0;
    fc.assert(
      fc.property(oneSensor, fc.boolean(), ({ which, says }, doubled) => {
        let zone = calmZone;
        let nowMs = 0;
        for (const { value, quality: good, gapMs: laterMs } of says) {
          nowMs += laterMs;
          const calm = { atMs: nowMs, quality: "good" } as const;
          const reading = value === undefined ? undefined : { value, atMs: nowMs, quality: good };
          const said = {
            smoke: { ...calm, value: false },
            conductor: { ...calm, value: false },
            airTempC: { ...calm, value: 25 },
            packC: { ...calm, value: 79 },
            ...(doubled && which === "packC" ? { otherC: reading } : {}),
            [which]: reading,
          } as Said;
          zone = look(zone, said, nowMs);
          if (zone.alert) alerts++;
          expect(runawaySignals(zone, runawayConfirmMs)).toBeUndefined();
        }
      }),
      { numRuns: propertyRuns * 400 },
    );
    // A property that never gets near the edge would prove nothing.
    expect(alerts).toBeGreaterThan(100);
  });

  test("a head that chatters beside a pack that is merely warm releases nothing; one that lasts beside a hot one would", () => {
    const chatter = fc.array(fc.record({ smoke: fc.boolean(), packC: fc.constantFrom(20, 60, 79, 79.9) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(chatter, (history) => {
        let zone = calmZone;
        for (const [at, { smoke, packC }] of history.entries()) {
          const calm = { atMs: at * 500, quality: "good" } as const;
          zone = look(zone, { smoke: { ...calm, value: smoke }, packC: { ...calm, value: packC } }, at * 500);
          expect(runawaySignals(zone, runawayConfirmMs)).toBeUndefined();
        }
      }),
      { numRuns: propertyRuns * 40 },
    );
  });
});

describe("what a zone cannot see", () => {
  const at = { atMs: 0, quality: "good" } as const;
  const packs = (value: PackReading | undefined): StationReadings => ({
    ...readingsOf({}),
    bays: [undefined, undefined, { ...emptyBayReadings(), pack: { ...at, value } }, undefined, undefined],
  });
  const zoneOf = (readings: StationReadings, layout = cabinet) =>
    watchZone(calmZone, { readings, cabinet: layout, config, nowMs: 0 });

  test("is no danger: a pack that says nothing, one without sensors, a bay without readings", () => {
    expect(zoneOf(packs(undefined))).toBe(calmZone);
    expect(zoneOf(packs(pack("yz-1", { cellTempsC: [] })))).toBe(calmZone);
    expect(zoneOf(packs(pack("yz-1", { cellTempsC: [20, 80] }))).packs).toEqual({
      2: { firstMs: 0, lastMs: 0, samples: 1 },
    });
  });

  test("is not looked for: smoke and conductor where the cabinet has no such contact", () => {
    const loud = readingsOf({ smoke: { ...at, value: true }, conductor: { ...at, value: true } });
    const bare = { ...cabinet, hasSmoke: false, hasConductor: false };
    expect(zoneOf(loud, bare)).toBe(calmZone);
    expect(zoneOf(loud)).toMatchObject({ alert: true, dangerMs: 0, smoke: { samples: 1 }, conductor: { samples: 1 } });
  });
});
