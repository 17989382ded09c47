/** What doors leave in the log. A decision is written before the door moves, and holds no text that could open it again. */
import type { Asker } from "../requests/roles.ts";
import type { AccessRefusal } from "./refusals.ts";
import type { DoorMode } from "./schedule.ts";

export type AccessRecord =
  /** Somebody is about to be let in. */
  | {
      readonly kind: "door-granted";
      readonly door: string;
      readonly decision: number;
      readonly by: "token" | "card" | "visitor" | "operator";
      readonly reader?: string;
      readonly member?: string;
      readonly request?: string;
      /** Name under which it is used up, and wall ms from which the floor alone refuses it. */
      readonly uses?: { readonly name: string; readonly untilMs: number };
      /** Wall ms that its signature vouches for. */
      readonly signedMs?: number;
      /** Wall ms, as far as it was known. */
      readonly knownMs: number;
    }
  /** What was seen of it: `used` is false when the door was not opened in time. */
  | { readonly kind: "door-grant-ended"; readonly door: string; readonly decision: number; readonly used: boolean }
  | {
      readonly kind: "door-refused";
      readonly door: string;
      readonly reader: string;
      readonly reason: AccessRefusal;
      readonly member?: string;
    }
  /** Opened from inside. */
  | { readonly kind: "door-left"; readonly door: string }
  | { readonly kind: "door-forced"; readonly door: string }
  | ({ readonly kind: "door-forced-cleared"; readonly door: string; readonly request: string } & Asker)
  | ({
      readonly kind: "door-mode-ordered";
      readonly door: string;
      /** Undefined: the schedule holds again. */
      readonly mode: DoorMode | undefined;
      readonly until: number | undefined;
      readonly request: string;
    } & Asker)
  | ({ readonly kind: "occupancy-set"; readonly count: number; readonly request: string } & Asker)
  | {
      readonly kind: "access-list-accepted";
      readonly version: number;
      readonly digest: string;
      readonly issuedAt: number;
    }
  | { readonly kind: "access-list-refused"; readonly reason: AccessRefusal }
  /** An hour went by without anything signed: so much later it is at least. */
  | { readonly kind: "access-time"; readonly floorMs: number };
