/**
 * Who may take a drink now. A release is written before the lock moves, and counts against the member's day by pseudonym; a
 * door that stayed shut gives it back. Refusals are values with their words.
 */
import { fresh } from "../reading.ts";
import type { Words } from "../words.ts";
import type { FridgeConfig } from "./config.ts";
import type { FridgeLook } from "./look.ts";
import { dayOf, type FridgeDurable, type FridgeRecord, takenBy } from "./records.ts";
import type { FridgeState } from "./state.ts";
import { stockOf } from "./step.ts";

export const fridgeRefusals = {
  "fridge-blocked": {
    zh: "冰箱内饮料超温时间过长，已停止领取，请等待补货",
    en: "The drinks were too warm for too long; please wait until they are replaced.",
  },
  "fridge-empty": { zh: "饮料已领完，请等待补货", en: "No drinks are left; a restock was asked for." },
  "fridge-quota": { zh: "您今天的饮料已领完，明天再来", en: "You have had your drinks for today; come back tomorrow." },
  "fridge-quota-low": {
    zh: "饮料不多了，请留给其他骑手，明天再来",
    en: "Few drinks are left for the other riders; come back tomorrow.",
  },
  "fridge-busy": { zh: "前一位骑手正在取饮料，请稍候", en: "Another rider is at the fridge; please wait a moment." },
  "fridge-door-open": {
    zh: "冰箱门已打开，请直接领取并关门",
    en: "The fridge is open; take your drink and shut the door.",
  },
  "fridge-door-unknown": {
    zh: "冰箱门状态未知，暂不能领取",
    en: "The fridge's door is not heard; it cannot be released.",
  },
  "fridge-no-date": { zh: "站点时钟未校准，暂不能领取", en: "The station's clock is not confirmed yet." },
} as const satisfies Record<string, Words>;
export type FridgeRefusal = keyof typeof fridgeRefusals;

export type FridgeAnswer =
  /** Write the record, then pulse the lock, then go on with this state. */
  { readonly record: FridgeRecord; readonly state: FridgeState } | { readonly refused: FridgeRefusal };

export interface FridgeRequest {
  readonly id: string;
  /** Pseudonym. */
  readonly member: string;
}

function refusalOf(
  member: string,
  { state, durable, look }: { readonly state: FridgeState; readonly durable: FridgeDurable; readonly look: FridgeLook },
  config: FridgeConfig,
): FridgeRefusal | undefined {
  const shut = fresh(look.doorShut, look.nowMs, config.doorHeardMs);
  if (durable.blocked || state.blocking) return "fridge-blocked";
  if (shut === undefined) return "fridge-door-unknown";
  if (!shut) return "fridge-door-open";
  if (state.release !== undefined) return "fridge-busy";
  const left = stockOf(look, durable, config);
  if (left === 0) return "fridge-empty";
  const date = look.wall?.date;
  if (dayOf(durable, date) === "") return "fridge-no-date";
  const taken = takenBy(durable, member, date);
  if (taken >= config.perDay) return "fridge-quota";
  return left <= config.lowStock && taken >= config.perDayWhenLow ? "fridge-quota-low" : undefined;
}

export function judgeFridgeRequest(
  { id, member }: FridgeRequest,
  seen: { readonly state: FridgeState; readonly durable: FridgeDurable; readonly look: FridgeLook },
  config: FridgeConfig,
): FridgeAnswer {
  const refused = refusalOf(member, seen, config);
  if (refused !== undefined) return { refused };
  const date = dayOf(seen.durable, seen.look.wall?.date);
  const release = { id, member, date, byMs: seen.look.nowMs + config.releaseMs };
  return { record: { kind: "fridge-released", id, member, date }, state: { ...seen.state, release } };
}

/** A restock begins everything anew: count, food clock, block. `count` is what is inside afterwards. */
export function judgeRestock(
  order: { readonly count: number; readonly by: string },
  state: FridgeState,
  config: FridgeConfig,
): { readonly record: FridgeRecord; readonly state: FridgeState } | { readonly refused: "fridge-too-many" } {
  const { count, by } = order;
  if (!Number.isInteger(count) || count < 0 || count > config.capacity) return { refused: "fridge-too-many" };
  return {
    record: { kind: "fridge-restocked", count, by },
    state: { ...state, aboveMs: 0, warmSinceMs: undefined, blocking: false },
  };
}

export const restockRefusals = {
  "fridge-too-many": {
    zh: "数量不是 0 到冰箱容量之间的整数",
    en: "The count is no whole number from 0 to what fits in.",
  },
} as const satisfies Record<string, Words>;
