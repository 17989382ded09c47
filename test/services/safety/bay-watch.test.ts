import { describe, expect, test } from "vitest";
import type { BayLatchCause, BayStop } from "../../../services/bay/stops.ts";
import { judgeBay, newWatch, sensorsDisagree } from "../../../services/safety/bay-watch.ts";
import { currentStrays } from "../../../services/safety/current-watch.ts";
import { charging, findStop, lookAt, type Shown } from "../../support/bay-looks.ts";

const cells = (low: number, high: number) => [low, ...new Array<number>(12).fill(high)];
const taken = (pack: Shown["pack"]) => (): Shown => ({ pack: pack ?? {} });

type Row = readonly [
  says: string,
  shownAt: (second: number) => Shown,
  stop: BayStop | BayLatchCause | undefined,
  /** The second it must be found in, or, where nothing may be found, how long to look. */
  seconds: number,
];

const packs: readonly Row[] = [
  ["59.9 °C", taken({ cellTempsC: [20, 59.9] }), undefined, 600],
  ["60 °C in two samples", taken({ cellTempsC: [20, 60] }), "hot", 1],
  ["70 °C in two samples, for a person on site to reset", taken({ cellTempsC: [70] }), "over-temperature", 1],
  ["one spike of 125 °C", (s) => ({ pack: { cellTempsC: [s === 3 ? 125 : 20] } }), undefined, 60],
  [
    "a spike that stands for five looks in one sample",
    (s) => ({ sampledMs: Math.floor(s / 5) * 5_000, pack: { cellTempsC: [s >= 5 && s < 10 ? 125 : 20] } }),
    undefined,
    60,
  ],
  ["a short circuit in two samples", taken({ protectionBits: 1 << 10 }), "damaged", 1],
  ["a broken front end", taken({ protectionBits: 1 << 11 }), "damaged", 1],
  ["its BMS stopping an over-current", taken({ protectionBits: 1 << 8 }), "over-current", 1],
  ["a full cell and the cold, which are no flaws", taken({ protectionBits: 0b10_0101 }), undefined, 600],
  ["a cell at 4,250 mV", taken({ cellsMv: cells(4_200, 4_250) }), undefined, 600],
  ["a cell at 4,251 mV for longer than 12 s", taken({ cellsMv: cells(4_200, 4_251) }), "overvoltage", 13],
  ["a pack above all its cells together", taken({ packMv: 13 * 4_250 + 10 }), "overvoltage", 13],
  ["a cell at 2,000 mV", taken({ cellsMv: cells(2_000, 3_000) }), undefined, 600],
  ["a cell at 1,999 mV", taken({ cellsMv: cells(1_999, 3_000) }), "undervoltage", 13],
  ["a pack at 26 V", taken({ packMv: 26_000, cellsMv: [] }), undefined, 600],
  ["a pack at 25.99 V", taken({ packMv: 25_990, cellsMv: [] }), "undervoltage", 13],
  ["a spread of 0.1 V", taken({ cellsMv: cells(3_801, 3_901) }), undefined, 600],
  ["a spread of 0.101 V above 3.8 V for longer than 12 s", taken({ cellsMv: cells(3_800, 3_901) }), "unbalanced", 13],
  ["a spread of 0.5 V at 3.8 V, where cells differ anyway", taken({ cellsMv: cells(3_300, 3_800) }), undefined, 600],
  [
    "a spread that is gone for a moment every 12 s",
    (s) => ({ pack: { cellsMv: s % 12 === 11 ? cells(3_900, 3_900) : cells(3_700, 3_900) } }),
    undefined,
    120,
  ],
  ["an input of the BMS left open", taken({ cellsMv: cells(0, 3_900) }), undefined, 600],
];

const currents: readonly Row[] = [
  ["800 mA between charger and pack", (s) => charging(s, { pack: { packMa: 11_200 } }), undefined, 600],
  ["801 mA between them for longer than 15 s", (s) => charging(s, { pack: { packMa: 11_199 } }), "leakage", 16],
  [
    "1 A between them for 15 s at a time",
    (s) => charging(s, { pack: { packMa: s % 17 > 15 ? 12_000 : 11_000 } }),
    undefined,
    200,
  ],
  ["a charger that is not heard", (s) => charging(s, { outMa: undefined, pack: { packMa: 3_000 } }), undefined, 600],
  ["0.5 A more than was set", (s) => charging(s, { outMa: 12_500, pack: { packMa: 12_500 } }), undefined, 600],
  [
    "more than that for longer than 10 s",
    (s) => charging(s, { outMa: 12_501, pack: { packMa: 12_501 } }),
    "over-current",
    11,
  ],
  ["200 mA out of the pack", taken({ packMa: -200 }), undefined, 600],
  ["201 mA out of the pack for longer than 10 s", taken({ packMa: -201 }), "delivers-current", 11],
  [
    "5 A into a pack whose charger is off, which strays and is not over any setting",
    taken({ packMa: 5_000 }),
    undefined,
    60,
  ],
  ["1 A out of the pack, 10 s long", (s) => ({ pack: { packMa: s <= 10 ? -1_000 : 0 } }), undefined, 60],
];

const flat = (more: Shown = {}): Shown => charging(0, more);

const progress: readonly Row[] = [
  ["a charge that gains 10 mV every ten seconds", (s) => charging(s), undefined, 7_200],
  ["a charge that gains nothing for 20 min", () => flat(), "no-progress", 1_201],
  [
    "a charge that gained a percent after 19 min",
    (s) => flat({ pack: { socPct: s < 1_140 ? 20 : 21 } }),
    "no-progress",
    1_140 + 1_201,
  ],
  [
    "a charge that gained 20 mV after 19 min",
    (s) => flat({ pack: { packMv: s < 1_140 ? 48_000 : 48_020 } }),
    "no-progress",
    1_140 + 1_201,
  ],
  [
    "a voltage that comes back after the percent was gained, which is no gain",
    (s) => flat({ pack: { socPct: s < 1_140 ? 20 : 21, packMv: s === 1_140 ? 47_900 : 48_000 } }),
    "no-progress",
    1_140 + 1_201,
  ],
  [
    "the end voltage less 0.4 V, above target",
    () => flat({ outMa: 450, pack: { packMa: 450, packMv: 54_200, socPct: 95 } }),
    undefined,
    7_200,
  ],
  [
    "a voltage just below it, above target",
    () => flat({ outMa: 450, pack: { packMa: 450, packMv: 54_199, socPct: 95 } }),
    "no-progress",
    1_201,
  ],
  ["a voltage that wavers by 10 mV", (s) => flat({ pack: { packMv: 48_000 + (s % 2) * 10 } }), "no-progress", 1_201],
  [
    "the end of a charge: end voltage, shrinking current, above target",
    () => flat({ outMa: 450, pack: { packMa: 450, packMv: 54_300, socPct: 95 } }),
    undefined,
    7_200,
  ],
  ["the end voltage in a pack of 50 %", () => flat({ pack: { packMv: 54_300, socPct: 50 } }), "no-progress", 1_201],
  ["no current for 30 min below target", () => flat({ outMa: 0, pack: { packMa: 49 } }), "no-progress", 1_801],
  ["50 mA, which is a current", () => flat({ outMa: 0, pack: { packMa: 50 } }), "no-progress", 1_201],
  ["no current above target", () => flat({ outMa: 0, pack: { packMa: 0, socPct: 90 } }), undefined, 3_600],
  [
    "no current while the charger is not heard",
    () => flat({ outMa: undefined, pack: { packMa: 0 } }),
    undefined,
    3_600,
  ],
  ["no master enable, so that nothing can flow", () => flat({ powered: false }), undefined, 7_200],
  [
    "a charge that gains all the time, for 8 hours",
    (s) => charging(s, { pack: { packMv: 30_000 + Math.floor(s * 0.8) } }),
    "too-long",
    28_801,
  ],
  [
    "half of the time paused, twice as long, less a second for each pause",
    (s) => (s % 100 < 50 ? flat() : { pack: { packMv: 48_000 } }),
    "no-progress",
    2_328,
  ],
];

const rest: readonly Row[] = [
  [
    "half a degree a minute with everything off, well above the air",
    (s) => ({ pack: { cellTempsC: [30 + Math.floor(s / 12) / 10] } }),
    "heater-welded",
    660 + 24, // The fifth minute ends the settling; three degrees take six more, and two samples must agree.
  ],
  [
    "the same in a pack that tells no temperature now and then, and is watched anew each time",
    (s) => ({ pack: { cellTempsC: s % 300 === 299 ? [] : [30 + Math.floor(s / 12) / 10] } }),
    undefined,
    3_600,
  ],
  [
    "the same beside air that is as warm",
    (s) => ({ airC: 60, pack: { cellTempsC: [30 + s / 120] } }),
    undefined,
    1_200,
  ],
  [
    "the same where no thermometer tells the air, from 38 °C on",
    (s) => ({ airC: undefined, pack: { cellTempsC: [20 + Math.floor(s / 12) / 10] } }),
    "heater-welded",
    2_461, // The window of half an hour begins anew at 37.5 °C.
  ],
  [
    "a cold pack that warms up in a warm cabinet",
    (s) => ({ pack: { cellTempsC: [Math.min(20, -20 + s / 120)] } }),
    undefined,
    7_200,
  ],
  [
    "a slow afternoon: three degrees in forty minutes",
    (s) => ({ pack: { cellTempsC: [35 + s / 800] } }),
    undefined,
    7_200,
  ],
  ["two degrees after a charge", (s) => ({ pack: { cellTempsC: [40 + Math.min(2, s / 300)] } }), undefined, 3_600],
  ["the same while it charges", (s) => charging(s, { pack: { cellTempsC: [30 + s / 120] } }), undefined, 1_500],
];

const tables = { "a pack's own numbers": packs, currents, "a charge": progress, "a bay at rest": rest } as const;

for (const [about, rows] of Object.entries(tables)) {
  describe(`${about}:`, () => {
    for (const [says, shownAt, stop, seconds] of rows) {
      test(`${says} ${stop === undefined ? "is nothing to stop for" : `means ${stop}`}`, () => {
        const found = findStop(stop === undefined ? seconds : seconds + 200, shownAt);
        expect(found?.what).toBe(stop);
        if (found === undefined) return;
        expect(found.atS).toBeGreaterThanOrEqual(stop === "heater-welded" ? 600 : seconds);
        expect(found.atS).toBeLessThanOrEqual(seconds + 2);
      });
    }
  });
}

describe("what is found in one bay", () => {
  test("is nothing new while nothing changes: the very same watch", () => {
    const first = judgeBay(newWatch, lookAt(0), false).watch;
    expect(judgeBay(first, lookAt(0), false).watch).toBe(first);
  });

  test("puts heat before everything else", () => {
    const worst = { cellTempsC: [61], protectionBits: 1 << 10, packMv: 20_000 };
    expect(findStop(5, taken(worst))?.what).toBe("hot");
  });

  test("is that its sensors disagree when they stay more than 20 °C apart for a minute", () => {
    const disagree = (seconds: number, apartC: number): boolean => {
      let watch = newWatch;
      for (let s = 0; s <= seconds; s++)
        watch = judgeBay(watch, lookAt(s * 1_000, { pack: { cellTempsC: [10, 10 + apartC] } }), false).watch;
      return sensorsDisagree(watch, seconds * 1_000);
    };
    expect([disagree(60, 20.1), disagree(61, 20.1), disagree(600, 20)]).toEqual([false, true, false]);
  });
});

describe("current that goes on although the charger is off (E19)", () => {
  const strays = (seconds: number, shown: Shown): boolean => {
    let watch = newWatch;
    for (let s = 0; s < seconds; s++) watch = judgeBay(watch, lookAt(s * 1_000, shown), false).watch;
    const last = lookAt(seconds * 1_000, shown);
    return currentStrays(judgeBay(watch, last, false).watch.currents, last);
  };

  test("is believed after five seconds, from the pack or the charger, above 200 mA", () => {
    expect(strays(5, { pack: { packMa: 201 } })).toBe(false);
    expect(strays(6, { pack: { packMa: 201 } })).toBe(true);
    expect(strays(6, { outMa: 201 })).toBe(true);
    expect(strays(60, { pack: { packMa: 200 }, outMa: 200 })).toBe(false);
  });

  test("is no stray current while the charger is on", () => {
    expect(strays(60, charging(0))).toBe(false);
  });
});
