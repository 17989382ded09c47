/**
 * Lockers: a phone charges in one and comes out to the credential that put it in; a care package waits in another for the one
 * entitlement it belongs to. What lies in a locker is remembered over restarts. It refuses to open one to anybody else; an
 * operator opens it by an order of their own.
 */
import { z } from "zod";
import type { Words } from "../words.ts";
import { amenityId } from "./outlets.ts";

export const PhoneLockersConfig = z
  .strictObject({
    kind: z.literal("phone-lockers").meta({ description: "Lockers that charge phones." }),
    id: amenityId,
    lockers: z.int().min(1).max(48).default(6).meta({ description: "How many." }),
    chargeMsMax: z
      .int()
      .min(600_000)
      .max(14_400_000)
      .default(7_200_000)
      .meta({ unit: "ms", description: "Power is given this long." }),
    keepMsMax: z
      .int()
      .min(3_600_000)
      .max(259_200_000)
      .default(43_200_000)
      .meta({ unit: "ms", description: "What lies longer is reported, and stays." }),
  })
  .meta({ description: "Phone-charging lockers." });
export type PhoneLockersConfig = z.output<typeof PhoneLockersConfig>;

export const GiftLockersConfig = z
  .strictObject({
    kind: z.literal("gift-lockers").meta({ description: "Lockers with care packages." }),
    id: amenityId,
    lockers: z.int().min(1).max(48).default(4).meta({ description: "How many." }),
  })
  .meta({ description: "Gift lockers." });
export type GiftLockersConfig = z.output<typeof GiftLockersConfig>;

type GiftRecord<Kind extends string> = {
  readonly kind: Kind;
  readonly id: string;
  readonly locker: number;
  readonly entitlement: string;
};

/** Each is written before the lock moves. */
export type LockerRecord =
  | { readonly kind: "locker-assigned"; readonly id: string; readonly locker: number; readonly member: string }
  /** Its holder wants it open. It stays theirs until it has been: a lock that never moved keeps what lies behind it. */
  | { readonly kind: "locker-opening"; readonly id: string; readonly locker: number; readonly member: string }
  | { readonly kind: "locker-released"; readonly id: string; readonly locker: number }
  | { readonly kind: "gift-filled"; readonly id: string; readonly locker: number }
  | GiftRecord<"gift-given">
  /** It was written as given, too late or not at all, and its locker stayed shut: it waits for its member again. */
  | GiftRecord<"gift-kept">;

export interface LockersDurable {
  /** By locker: who, and since when (wall ms). */
  readonly held: Readonly<Record<number, { readonly member: string; readonly since: number }>>;
  readonly filled: readonly number[];
  /** Entitlements that were given; the oldest go when there are too many, and expire long before. */
  readonly given: readonly string[];
}

export const emptyLockers: LockersDurable = { held: {}, filled: [], given: [] };
const givenMax = 10_000;

function without(held: LockersDurable["held"], locker: number): LockersDurable["held"] {
  return Object.fromEntries(Object.entries(held).filter(([key]) => Number(key) !== locker));
}

/** Of the lockers named `id`. Total: another record changes nothing. */
export function foldLockers(was: LockersDurable, record: LockerRecord, id: string, at: number): LockersDurable {
  if (record.id !== id) return was;
  const { locker } = record;
  switch (record.kind) {
    case "locker-assigned":
      return { ...was, held: { ...was.held, [locker]: { member: record.member, since: at } } };
    case "locker-released":
      // Whoever was let in has taken what lay there, or has yet to say what they put in.
      return { ...was, held: without(was.held, locker), filled: was.filled.filter((one) => one !== locker) };
    case "gift-filled":
      return { ...was, filled: [...was.filled.filter((one) => one !== locker), locker] };
    case "gift-given":
      return {
        ...was,
        filled: was.filled.filter((one) => one !== locker),
        given: [...was.given, record.entitlement].slice(-givenMax),
      };
    case "gift-kept":
      return {
        ...was,
        filled: [locker, ...was.filled.filter((one) => one !== locker)],
        given: was.given.filter((one) => one !== record.entitlement),
      };
    default:
      return was;
  }
}

export const lockerRefusals = {
  "lockers-full": { zh: "充电格已满，请稍候", en: "All charging lockers are in use." },
  "lockers-busy": {
    zh: "另一个格子正在打开，请稍候",
    en: "Another locker is being opened there; please wait a moment.",
  },
  "gift-empty": { zh: "礼品已领完", en: "No package is left." },
  "gift-taken": { zh: "您已领取过", en: "You have had yours already." },
  "gift-not-entitled": { zh: "您名下暂无可领取的礼包", en: "No care package waits for you." },
  "gift-offline": {
    zh: "站点离线过久，暂不能领取礼包，联网后再来",
    en: "The station was offline for too long: care packages wait until it is online again.",
  },
} as const satisfies Record<string, Words>;
export type LockerRefusal = keyof typeof lockerRefusals;
export type LockerAnswer = { readonly record: LockerRecord } | { readonly refused: LockerRefusal };
export type GiftAnswer = { readonly record: GiftRecord<"gift-given"> } | { readonly refused: LockerRefusal };

/** The same credential puts in and takes out: whoever holds a locker gets it opened, anybody else a free one. */
export function judgePhoneLocker(member: string, durable: LockersDurable, config: PhoneLockersConfig): LockerAnswer {
  const { id } = config;
  const mine = Object.entries(durable.held).find(([, held]) => held.member === member);
  if (mine !== undefined) return { record: { kind: "locker-opening", id, locker: Number(mine[0]), member } };
  for (let locker = 1; locker <= config.lockers; locker++)
    if (durable.held[locker] === undefined) return { record: { kind: "locker-assigned", id, locker, member } };
  return { refused: "lockers-full" };
}

/** Power by locker, and those that lie too long. A wall clock that went back gives no longer charge than the limit. */
export function phoneLevels(durable: LockersDurable, wallMs: number | undefined, config: PhoneLockersConfig) {
  const powered: number[] = [];
  const overdue: number[] = [];
  for (const [key, { since }] of Object.entries(durable.held)) {
    const agoMs = wallMs === undefined ? undefined : wallMs - since;
    if (agoMs !== undefined && agoMs >= 0 && agoMs < config.chargeMsMax) powered.push(Number(key));
    if (agoMs !== undefined && agoMs >= config.keepMsMax) overdue.push(Number(key));
  }
  return { powered, overdue };
}

export function judgeGift(entitlement: string, durable: LockersDurable, config: GiftLockersConfig): GiftAnswer {
  if (durable.given.includes(entitlement)) return { refused: "gift-taken" };
  const locker = durable.filled[0];
  if (locker === undefined) return { refused: "gift-empty" };
  return { record: { kind: "gift-given", id: config.id, locker, entitlement } };
}
