/** Which packs may be handed out, by the truth: what the share of riders served is counted against. */
import { expect, test } from "vitest";
import { PROTECTION } from "../../simulator/models/pack.ts";
import { stockRule } from "../../simulator/stock.ts";
import { exampleStation } from "../support/judge-bench.ts";

const nowMs = 100_000;
const rule = stockRule(exampleStation("starter-cabinet").file, {} as never, { monotonicMs: () => nowMs });
const full = { socPct: 99, tempC: 20, hottestCellC: 21, protectionBits: 0 };

test.each([
  ["a full and warm pack", {}, true],
  ["one that its charger has filled to the brim", { protectionBits: PROTECTION.cellOver | PROTECTION.packOver }, true],
  ["one whose own protection says that it was too hot", { protectionBits: PROTECTION.chargeHot }, false],
  ["one that is half full", { socPct: 50 }, false],
  ["one that is cold", { tempC: -8 }, false],
  ["one that is hot", { hottestCellC: 70 }, false],
])("%s is ready or not", (_, condition, ready) => {
  const bay = {
    plugged: true,
    doorOpen: false,
    foreignObject: false,
    doorChangedMs: 0,
    pack: { ...full, ...condition },
  };
  expect([rule.ready(bay as never), rule.surelyReady(bay as never)]).toEqual([ready, ready]);
});

test.each([
  ["shut long ago", { doorChangedMs: 0 }, { empty: true, surelyEmpty: true }],
  [
    "shut this very second, which no station knows yet",
    { doorChangedMs: nowMs - 1_000 },
    { empty: true, surelyEmpty: false },
  ],
  ["open", { doorOpen: true }, { empty: false, surelyEmpty: false }],
  ["shut, with something else in it", { foreignObject: true }, { empty: false, surelyEmpty: false }],
])("an empty bay is %s", (_, condition, told) => {
  const bay = { doorOpen: false, foreignObject: false, doorChangedMs: 0, ...condition } as never;
  expect({ empty: rule.empty(bay), surelyEmpty: rule.surelyEmpty(bay) }).toEqual(told);
});

test("a full pack behind a door that was shut this very second is ready, and not surely so", () => {
  const bay = {
    plugged: true,
    doorOpen: false,
    foreignObject: false,
    doorChangedMs: nowMs - 1_000,
    pack: full,
  } as never;
  expect([rule.ready(bay), rule.surelyReady(bay)]).toEqual([true, false]);
});
