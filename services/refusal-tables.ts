/**
 * Every table of refusals under the place where it is heard: one list for the reference page and for the test that none is given
 * without words. A code may stand in two tables with different words, because an expired code at a door is not an expired request;
 * it stands once in each.
 */
import { accessRefusals } from "./access/refusals.ts";
import { helpWords } from "./amenities/help.ts";
import { hotWaterRefusals } from "./amenities/hot-water.ts";
import { resetRefusals } from "./amenities/latches.ts";
import { lockerRefusals } from "./amenities/lockers.ts";
import { outletRefusals } from "./amenities/outlets.ts";
import { climateRefusals } from "./climate/orders.ts";
import { fridgeRefusals, restockRefusals } from "./fridge/release.ts";
import { memberRefusals } from "./members/known.ts";
import { prompts } from "./prompts.ts";
import { refusalWords } from "./requests/reasons.ts";
import { lateRefusals } from "./room/late.ts";
import { outcomes, type RefusalCode } from "./swap/outcomes.ts";
import type { Words } from "./words.ts";

export interface RefusalTable {
  readonly where: Words;
  /** The file that it stands in. */
  readonly source: string;
  readonly words: Readonly<Record<string, Words>>;
}

const isRefusal = (code: string): code is RefusalCode =>
  Object.hasOwn(outcomes, code) && outcomes[code as keyof typeof outcomes].class === "refused";

const atTheCabinet = Object.fromEntries(
  Object.keys(outcomes)
    .filter(isRefusal)
    .map((code) => [code, prompts[outcomes[code].prompt]]),
);

/** Said by a reader, a button or a screen of the room. */
export const roomTables = [
  { where: { zh: "房门", en: "At a door" }, source: "services/access/refusals.ts", words: accessRefusals },
  {
    where: { zh: "室内会员码与卡", en: "Codes and cards inside" },
    source: "services/members/known.ts",
    words: memberRefusals,
  },
  { where: { zh: "冰箱", en: "Fridge" }, source: "services/fridge/release.ts", words: fridgeRefusals },
  { where: { zh: "补货", en: "Restocking the fridge" }, source: "services/fridge/release.ts", words: restockRefusals },
  { where: { zh: "热水", en: "Hot water" }, source: "services/amenities/hot-water.ts", words: hotWaterRefusals },
  {
    where: { zh: "微波炉与插座", en: "Microwave and sockets" },
    source: "services/amenities/outlets.ts",
    words: outletRefusals,
  },
  { where: { zh: "充电格与礼包格", en: "Lockers" }, source: "services/amenities/lockers.ts", words: lockerRefusals },
  { where: { zh: "求助", en: "Help button" }, source: "services/amenities/help.ts", words: helpWords },
  {
    where: { zh: "热水现场复位", en: "Reset of hot water on site" },
    source: "services/amenities/latches.ts",
    words: resetRefusals,
  },
  { where: { zh: "暖气", en: "Heating" }, source: "services/climate/orders.ts", words: climateRefusals },
  {
    where: { zh: "任一读头，设备停顿之后", en: "At any reader, after the station stood still" },
    source: "services/room/late.ts",
    words: lateRefusals,
  },
] as const satisfies readonly RefusalTable[];

export const refusalTables: readonly RefusalTable[] = [
  { where: { zh: "换电柜", en: "At a swap cabinet" }, source: "services/swap/outcomes.ts", words: atTheCabinet },
  ...roomTables,
  { where: { zh: "运营请求", en: "Operators' requests" }, source: "services/requests/reasons.ts", words: refusalWords },
];
