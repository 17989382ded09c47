/** What happens in the room, in the words of the lines a person watches. What says nothing to people has no line. */
import type { RoomRecord } from "../../services/room/records.ts";
import { roomSentences } from "../../services/room/sentences.ts";
import type { Words } from "../../services/words.ts";

export interface RoomLine {
  readonly subject: string;
  readonly words: Words;
  readonly colour?: "green" | "yellow" | "red";
}

const ways = {
  token: { zh: "扫码进门", en: "let in by a code" },
  card: { zh: "刷卡进门", en: "let in by a card" },
  visitor: { zh: "访客码进门", en: "let in by a visitor's code" },
  operator: { zh: "远程开门", en: "opened from the desk" },
} as const;

const said = {
  drink: { zh: "领取冷饮", en: "a cold drink" },
  used: { zh: "开始使用", en: "in use" },
  gift: { zh: "领取关爱礼包", en: "a care package is fetched" },
  help: { zh: "有人按下求助按钮！", en: "somebody calls for help" },
  rescue: { zh: "急救柜已打开", en: "the first-aid cabinet is opened" },
  aed: { zh: "AED 被取走", en: "the AED is taken" },
} as const;

const numbered = (locker: number, words: Words): Words => ({
  zh: `${locker}号格${words.zh}`,
  en: `locker ${locker} ${words.en}`,
});

/** A reason's sentence; one that a newer station knows is shown by its code. */
const wordsOf = (reason: string): Words =>
  Object.hasOwn(roomSentences, reason)
    ? roomSentences[reason as keyof typeof roomSentences]
    : { zh: reason, en: reason };

export function roomLine(record: RoomRecord): RoomLine | undefined {
  switch (record.kind) {
    case "door-granted":
      return { subject: record.door, words: ways[record.by], colour: "green" };
    case "door-refused":
      return { subject: record.door, words: wordsOf(record.reason), colour: "yellow" };
    case "service-refused":
      return { subject: record.at, words: wordsOf(record.reason), colour: "yellow" };
    case "fridge-released":
      return { subject: "fridge", words: said.drink };
    case "amenity-used":
      return { subject: record.id, words: said.used };
    case "locker-assigned":
      return { subject: record.id, words: numbered(record.locker, { zh: "放入手机", en: "takes a phone" }) };
    case "locker-released":
      return { subject: record.id, words: numbered(record.locker, { zh: "已取走", en: "gives it back" }) };
    case "gift-given":
      return { subject: record.id, words: said.gift };
    case "help-called":
      return { subject: record.id, words: said.help, colour: "red" };
    case "rescue-opened":
      return { subject: record.id, words: said.rescue, colour: "yellow" };
    case "aed-taken":
      return { subject: record.id, words: said.aed, colour: "red" };
    default:
      return undefined;
  }
}
