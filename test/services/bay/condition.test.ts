import { describe, expect, test } from "vitest";
import { cellTempRangeC, type Flaw, flawOf, isDamaged, isHot, isOwnPack } from "../../../services/bay/condition.ts";
import type { PackReading } from "../../../services/readings.ts";
import { benchConfig, pack } from "../../support/bench-config.ts";

const config = benchConfig();
const { packs, safety } = config;
const cells = (...some: readonly number[]) => [...some, ...new Array<number>(13 - some.length).fill(3_700)];

describe("the temperature of a pack", () => {
  test("is its coldest and its hottest sensor", () => {
    expect(cellTempRangeC(pack("yz-1", { cellTempsC: [7, -3, 12] }))).toEqual({ minC: -3, maxC: 12 });
  });

  test("is unknown without a sensor, and unknown is neither hot nor good", () => {
    expect(cellTempRangeC(pack("yz-1", { cellTempsC: [] }))).toBeUndefined();
    expect(isHot(pack("yz-1", { cellTempsC: [] }), safety)).toBe(false);
  });

  test("is hot from 60 °C at any one sensor", () => {
    expect(isHot(pack("yz-1", { cellTempsC: [20, 59.9] }), safety)).toBe(false);
    expect(isHot(pack("yz-1", { cellTempsC: [20, 60] }), safety)).toBe(true);
  });
});

describe("a damaged pack (E15)", () => {
  const rows: readonly (readonly [string, Partial<PackReading>, boolean])[] = [
    ["is not one with even cells", { cellsMv: cells() }, false],
    ["has a cell below 2 V", { cellsMv: cells(1_999) }, true],
    ["is not one whose cell is at 2 V", { cellsMv: cells(2_000) }, false],
    ["has cells spread by more than 0.1 V above 3.8 V", { cellsMv: cells(3_801) }, true],
    ["is not one with a wide spread at low charge", { cellsMv: cells(3_300) }, false],
    ["is not one whose BMS leaves an input open", { cellsMv: cells(0) }, false],
    ["is not one that has not told its cells yet", { cellsMv: [] }, false],
    ["is below 26 V altogether", { packMv: 25_999 }, true],
    ["reports a short circuit", { protectionBits: 1 << 10 }, true],
    ["reports a broken front end", { protectionBits: 1 << 11 }, true],
    ["is not one that is merely full or cold", { protectionBits: 0b10_0101 }, false],
  ];
  for (const [says, more, damaged] of rows) {
    test(says, () => expect(isDamaged(pack("yz-1", more), config)).toBe(damaged));
  }
});

describe("what is wrong with a pack", () => {
  const full = 13 * safety.cellMaxMv;
  const rows: readonly (readonly [string, Partial<PackReading>, Flaw | undefined])[] = [
    ["nothing, with even cells", { cellsMv: cells() }, undefined],
    [
      "nothing, at every limit itself",
      { packMv: full, cellsMv: new Array<number>(13).fill(safety.cellMaxMv) },
      undefined,
    ],
    ["nothing, at the lowest sum with cells unread", { packMv: packs.minPackMv, cellsMv: [] }, undefined],
    ["one millivolt too much over all, with cells unread", { packMv: full + 1, cellsMv: [] }, "overvoltage"],
    ["one cell a millivolt too high", { cellsMv: cells(safety.cellMaxMv + 1) }, "overvoltage"],
    ["a sum too low, with cells unread", { packMv: packs.minPackMv - 1, cellsMv: [] }, "undervoltage"],
    ["one cell a millivolt too low", { cellsMv: cells(safety.cellMinMv - 1) }, "undervoltage"],
    ["a spread among nearly full cells", { cellsMv: cells(safety.spreadAboveMv + 1) }, "unbalanced"],
    ["a damaged front end, whatever else", { protectionBits: 0b1001_0000_0000 }, "damaged"],
    ["charge over-current", { protectionBits: 1 << 8 }, "over-current"],
    ["heat before everything", { protectionBits: 1 << 10, cellTempsC: [20, 60] }, "hot"],
  ];
  test.each(rows)("%s", (_says, more, flaw) => {
    expect(flawOf(pack("yz-1", more), config)).toBe(flaw);
  });

  test("is not a spread that is just allowed, nor one below the cells' knee", () => {
    const even = new Array<number>(13).fill(3_900);
    const spread = (...some: readonly number[]) =>
      flawOf(pack("yz-1", { cellsMv: [...some, ...even.slice(some.length)] }), config);
    expect(spread(3_900 + safety.spreadMv)).toBeUndefined();
    expect(spread(3_900 + safety.spreadMv + 1)).toBe("unbalanced");
    const low = new Array<number>(12).fill(3_000);
    expect(flawOf(pack("yz-1", { cellsMv: [safety.spreadAboveMv, ...low] }), config)).toBeUndefined();
    expect(flawOf(pack("yz-1", { cellsMv: new Array<number>(13).fill(4_100) }), config)).toBeUndefined();
  });

  test("is told of the hottest sensor wherever it sits", () => {
    expect(cellTempRangeC(pack("yz-1", { cellTempsC: [30, 20] }))).toEqual({ minC: 20, maxC: 30 });
  });
});

describe("an own pack", () => {
  test("is told by its id, the whole of it", () => {
    const pattern = new RegExp(packs.idPattern);
    expect(["yz-00012", "acme-1", "not-yz-1", "yz-", "YZ-1"].map((id) => isOwnPack(id, pattern))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
