/**
 * The swap transaction as a discriminated union: one member a state, deadlines as data in it. IDLE, AUTHORISING and CHECKING
 * of the design are one decision (`start.ts`), because the allow-list is in memory; the states below are those a swap can be
 * found in. A state never leaves silently: every end has a code of `outcomes.ts`.
 */

import type { Door } from "../bay/door.ts";
import type { Effect } from "../effects.ts";
import type { OpenSwap } from "../journal/durable.ts";
import type { PackReading } from "../readings.ts";
import type { EndCode } from "./outcomes.ts";

/** Opening one door: ask for the lock's turn, drive a pulse, look at the door; at most three times. */
export interface Opening {
  readonly bay: number;
  /** `held`: another door of the same swap stands open, and this one waits for it (E26). */
  readonly step: "want" | "held" | "driving" | "look";
  readonly pulses: number;
  /** Whoever waits was told that the lock rests. */
  readonly restTold?: true;
  readonly sinceMs: number;
}

/** A bay that a swap gave up on: its door did not open, its charger did not stop, or its pack may not leave. */
export interface FailedBay {
  readonly bay: number;
  readonly why: "lock-failed" | "charger-stuck" | "unclear" | "unfit";
}

export interface SwapBase extends Omit<OpenSwap, "stage" | "because" | "packOut"> {
  readonly startedMs: number;
  readonly failedBays: readonly FailedBay[];
  /** Taken up after a restart: nobody may be standing there, so no door opens until the rider scans again. */
  readonly unattended: boolean;
}

export type SwapAt =
  | { readonly at: "opening-in"; readonly opening: Opening }
  | {
      readonly at: "await-insert";
      readonly sinceMs: number;
      readonly reopens: number;
      readonly shutMs: number | undefined;
    }
  | { readonly at: "reopening-in"; readonly opening: Opening; readonly reopens: number }
  /** `wakes`: how often the silent pack was asked anew. */
  | { readonly at: "inspecting"; readonly sinceMs: number; readonly reopens: number; readonly wakes: number }
  | { readonly at: "returning"; readonly opening: Opening; readonly because: EndCode }
  | { readonly at: "await-take-back"; readonly sinceMs: number; readonly reopens: number; readonly because: EndCode }
  | { readonly at: "preparing-out"; readonly sinceMs: number }
  | { readonly at: "opening-out"; readonly opening: Opening }
  | {
      readonly at: "await-take";
      readonly sinceMs: number;
      readonly reopens: number;
      readonly shutMs: number | undefined;
      readonly packId: string | undefined;
    }
  | {
      readonly at: "reopening-out";
      readonly opening: Opening;
      readonly reopens: number;
      readonly packId: string | undefined;
    }
  /** `shutMs`: since when the door is shut on something that stands in the bay. */
  | {
      readonly at: "taken";
      readonly sinceMs: number;
      readonly shutMs: number | undefined;
      readonly packId: string | undefined;
    };

export type Swap = SwapBase & SwapAt;

/** What happened to the lock this swap asked for; `look` when nothing did. */
export type SwapInput =
  | { readonly type: "look" }
  | { readonly type: "lock-driven" | "lock-failed"; readonly bay: number };

/** Everything a swap may look at, at one instant. */
export interface Sight {
  readonly nowMs: number;
  readonly door: (bay: number) => Door;
  /** Monotonic time of the older of the bay's two contact samples; a look before it proves nothing. */
  readonly contactsMs: (bay: number) => number;
  readonly present: (bay: number) => boolean | undefined;
  /** The pack, heard since `sinceMs` and identified; undefined otherwise. */
  readonly packSince: (bay: number, sinceMs: number) => PackReading | undefined;
  /** Charging current as the charger and the pack say; undefined when neither is heard. */
  readonly currentMa: (bay: number) => number | undefined;
  /** The pack there became hot, or is otherwise not to be handed out. */
  readonly isolated: (bay: number) => boolean;
  /** Another bay of the same swap whose door stands open; undefined when none does. */
  readonly openElsewhere: (bay: number) => number | undefined;
  /** This member was offered the own pack back because it holds more than the stock, a short while ago. */
  readonly wasOffered: boolean;
  /** A pack there burns or may: its door stays shut for riders. */
  readonly hot: (bay: number) => boolean;
  /** May this bay's lock be pulsed now: no other coil on, and fewer than three pulses in 30 s. */
  readonly lockFree: (bay: number) => boolean;
  /** Bays of the cabinet that could be offered now, best first; those this swap holds itself among them. */
  readonly emptyBays: () => readonly number[];
  readonly readyBays: () => readonly number[];
  readonly holderOf: (packId: string) => string | undefined;
  readonly fire: boolean;
  /** The emergency stop is pressed: no pulse, no charger, doors stay as they are. */
  readonly emergency: boolean;
}

export interface SwapStep {
  /** The swap as it goes on, or how it ended. */
  readonly next: Swap | { readonly at: "ended"; readonly outcome: EndCode; readonly failed?: FailedBay };
  readonly effects: readonly Effect[];
}

export const newOpening = (bay: number, nowMs: number): Opening => ({ bay, step: "want", pulses: 0, sinceMs: nowMs });

export const isFailed = (failedBays: readonly FailedBay[], bay: number): boolean =>
  failedBays.some((failed) => failed.bay === bay);

/** The shared part of a swap, without its state: what every transition carries over. */
export function baseOf(swap: Swap): SwapBase {
  const { id, cabinet, member, inBay, outBay, spares, packIn, pays, startedAt } = swap;
  const { startedMs, failedBays, unattended } = swap;
  return { id, cabinet, member, inBay, outBay, spares, packIn, pays, startedAt, startedMs, failedBays, unattended };
}
