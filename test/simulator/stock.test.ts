/** Which packs may be handed out, by the truth: what the share of riders served is counted against. */
import { expect, test } from "vitest";
import { PROTECTION } from "../../simulator/models/pack.ts";
import { stockRule } from "../../simulator/stock.ts";
import { exampleStation } from "../support/judge-bench.ts";

const rule = stockRule(exampleStation("starter-cabinet").file, {} as never);
const full = { socPct: 99, tempC: 20, hottestCellC: 21, protectionBits: 0 };

test.each([
  ["a full and warm pack", {}, true],
  ["one that its charger has filled to the brim", { protectionBits: PROTECTION.cellOver | PROTECTION.packOver }, true],
  ["one whose own protection says that it was too hot", { protectionBits: PROTECTION.chargeHot }, false],
  ["one that is half full", { socPct: 50 }, false],
  ["one that is cold", { tempC: -8 }, false],
  ["one that is hot", { hottestCellC: 70 }, false],
])("%s is ready or not", (_, condition, ready) => {
  const bay = { plugged: true, doorOpen: false, foreignObject: false, pack: { ...full, ...condition } };
  expect([rule.ready(bay as never), rule.surelyReady(bay as never)]).toEqual([ready, ready]);
});
