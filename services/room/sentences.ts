/**
 * What the room says to people: every refusal of its services and every welcome, in Chinese and English, under one code each.
 * The refusals stand with the services that give them; here they come together, so that none can be given without words.
 */
import { accessRefusals } from "../access/refusals.ts";
import { helpWords } from "../amenities/help.ts";
import { hotWaterRefusals } from "../amenities/hot-water.ts";
import { resetRefusals } from "../amenities/latches.ts";
import { lockerRefusals } from "../amenities/lockers.ts";
import { outletRefusals } from "../amenities/outlets.ts";
import { climateRefusals } from "../climate/orders.ts";
import { fridgeRefusals, restockRefusals } from "../fridge/release.ts";
import { memberRefusals } from "../members/known.ts";
import type { Words } from "../words.ts";
import { lateRefusals } from "./late.ts";

const welcomes = {
  "door-welcome": { zh: "欢迎回家，请进", en: "Welcome, come in." },
  "door-free": { zh: "门已开放，请直接进入", en: "The door is open to everybody; come in." },
  "drink-taken": { zh: "冰箱已解锁，请取一瓶并关好门", en: "The fridge is open: take one drink and shut the door." },
  "locker-put": {
    zh: "{locker}号充电格已打开，请放入手机，插好线，关好门",
    en: "Locker {locker} is open: put your phone in, plug it in, shut the door.",
  },
  "locker-take": { zh: "{locker}号充电格已打开，请取走您的物品", en: "Locker {locker} is open: take what is yours." },
  "locker-silent": {
    zh: "{locker}号充电格没有应答，仍为您保留；如未打开，请再试一次",
    en: "Locker {locker} does not answer and is still yours: if it stayed shut, please try again.",
  },
  "gift-take": { zh: "{locker}号格已打开，请取走您的关爱礼包", en: "Locker {locker} is open: your care package." },
  "outlet-on": { zh: "已通电，可使用{minutes}分钟", en: "It is on for {minutes} min." },
  "outlet-ended": { zh: "已关闭", en: "It is off." },
  "water-unlocked": { zh: "已解锁，请按出水键，小心烫", en: "Unlocked: press for water. Mind, it is hot." },
  "reset-done": { zh: "已复位", en: "It is reset." },
} as const satisfies Record<string, Words>;

export const roomSentences = {
  ...accessRefusals,
  ...climateRefusals,
  ...fridgeRefusals,
  ...restockRefusals,
  ...hotWaterRefusals,
  ...outletRefusals,
  ...lockerRefusals,
  ...resetRefusals,
  ...memberRefusals,
  ...helpWords,
  ...lateRefusals,
  ...welcomes,
} as const;

export type RoomSentenceId = keyof typeof roomSentences;

/** What is shown and spoken at a reader of the room, filled in. */
export interface RoomSentence {
  readonly id: RoomSentenceId;
  readonly zh: string;
  readonly en: string;
}

export function sayInRoom(id: RoomSentenceId, fill: Readonly<Record<string, string | number>> = {}): RoomSentence {
  const put = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (hole: string, name: string) => String(fill[name] ?? hole));
  const { zh, en } = roomSentences[id];
  return { id, zh: put(zh), en: put(en) };
}
