/**
 * The room between two scans. What the log remembers stands in the station's durable state; the rest is proven anew after
 * every start, with everything off until it is.
 */
import type { AccessState } from "../access/state.ts";
import type { HelpState } from "../amenities/help.ts";
import type { HotWaterState } from "../amenities/hot-water.ts";
import type { FollowerState } from "../amenities/occupancy.ts";
import type { OutletState } from "../amenities/outlets.ts";
import type { RescueState } from "../amenities/rescue-cabinet.ts";
import type { ClimateState } from "../climate/state.ts";
import type { FridgeState } from "../fridge/state.ts";

/** A locker whose door is being opened, once its record is on disk. */
export interface LockerTurn {
  readonly locker: number;
  readonly token: string;
  /** Who is told, and what. */
  readonly reader: string;
  readonly says: "locker-put" | "locker-take" | "gift-take" | undefined;
  /** Whose locker it is no longer once it has been open (`opened`), or because it never was (`unopened`). */
  readonly frees?: "opened" | "unopened";
  /** The entitlement that is used up by what lies in it. */
  readonly gives?: string;
  readonly sinceMs: number;
  /** Undefined while the record waits for the disk. */
  readonly untilMs: number | undefined;
}

export interface LockersState {
  readonly kind: "lockers";
  readonly turn: LockerTurn | undefined;
  /** Given to somebody while the board of its latch did not answer: they may still stand there with their phone in hand. */
  readonly unproven: readonly number[];
}

export type AmenityState =
  | { readonly kind: "hot-water"; readonly state: HotWaterState; readonly pressed: boolean }
  | { readonly kind: "outlet"; readonly state: OutletState; readonly pressed: boolean }
  | LockersState
  | { readonly kind: "rescue"; readonly state: RescueState }
  | { readonly kind: "follower"; readonly state: FollowerState }
  | { readonly kind: "help"; readonly state: HelpState };

/** The fridge's lock is released, or about to be: who is told, and until when once its record is on disk. */
export interface FridgeTurn {
  readonly token: string;
  readonly reader: string;
  readonly sinceMs: number;
  /** Undefined while the record waits for the disk. */
  readonly untilMs: number | undefined;
}

export interface RoomState {
  readonly access: AccessState;
  readonly climate: ClimateState | undefined;
  readonly fridge: FridgeState | undefined;
  readonly fridgeTurn: FridgeTurn | undefined;
  readonly amenities: Readonly<Record<string, AmenityState>>;
  /** Warmth, fridge and amenities are looked over once a second; doors and buttons at every scan. */
  readonly lookMs: number;
}

/** The same room with something different, in the one layout of all its versions (`one-layout.ts`). */
export function changedRoom(was: RoomState, change: Partial<RoomState>): RoomState {
  const next: RoomState = {
    access: was.access,
    climate: was.climate,
    fridge: was.fridge,
    fridgeTurn: was.fridgeTurn,
    amenities: was.amenities,
    lookMs: was.lookMs,
  };
  return Object.assign(next, change);
}
