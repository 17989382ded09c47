/**
 * What the one log remembers for the services, record by record. Intent is written before the act, the observed outcome after
 * it. The kinds of one service stand with that service; a kind that a controller does not know changes nothing in its fold, so
 * that an older controller can read a newer log.
 */
import type { LedgerRecord } from "../ledger/records.ts";
import type { OperatorRecord } from "../operators/records.ts";
import type { AlarmCounts, PeopleCounts } from "../people/counts.ts";
import type { PeopleRecord } from "../people/records.ts";
import type { Asker } from "../requests/roles.ts";
import type { RoomRecord } from "../room/records.ts";
import type { SafetyRecord } from "../safety/records.ts";
import type { SecurityRecord } from "../security/records.ts";
import type { EndCode } from "../swap/outcomes.ts";
import type { Announced, DayCounts, Durable, LockOut, OpenSwap, SwapStage } from "./durable.ts";

export type CoreRecord =
  | { readonly kind: "swap-reserved"; readonly swap: Omit<OpenSwap, "stage"> }
  | {
      readonly kind: "swap-bay-chosen";
      readonly swap: string;
      readonly inBay?: number;
      readonly outBay?: number;
      readonly spares: readonly number[];
    }
  | {
      readonly kind: "swap-stage";
      readonly swap: string;
      readonly stage: SwapStage;
      readonly bay: number;
      readonly packId?: string;
      readonly socPct?: number;
      readonly because?: EndCode;
      /** Accepted, but kept apart from everything: the rider is served all the same. */
      readonly setAside?: "hot" | "damaged" | "leaking";
    }
  /** A door shut too early is opened once more. */
  | {
      readonly kind: "swap-reopened";
      readonly swap: string;
      readonly bay: number;
      readonly why: "nothing-inserted" | "plug-not-home" | "not-taken";
    }
  /** The next door waits because another one of the same swap stands open (E26). */
  | { readonly kind: "swap-held"; readonly swap: string; readonly bay: number; readonly openBay: number }
  /** The rider of a running swap scanned again: told once a swap, acted upon never (E3). */
  | { readonly kind: "scan-repeated"; readonly cabinet: string; readonly swap: string }
  | {
      readonly kind: "swap-ended";
      readonly swap: string;
      readonly outcome: EndCode;
      readonly bay?: number;
      readonly tookPackId?: string;
      readonly durationMs?: number;
    }
  | { readonly kind: "scan-refused"; readonly cabinet: string; readonly member?: string; readonly reason: string }
  | {
      readonly kind: "lock-out";
      readonly bay: number;
      readonly lockOut: LockOut;
      readonly reason: string;
      readonly by: string;
      readonly member?: string;
    }
  | { readonly kind: "fault-raised" | "fault-cleared"; readonly code: string; readonly subject: string }
  | ({
      readonly kind: "request-answered";
      readonly id: string;
      readonly verb: string;
      readonly status: string;
      readonly reason?: string;
      /** Wall ms: until then the same id may come again, and is answered from here. */
      readonly expiresAt?: number;
      readonly data?: Readonly<Record<string, unknown>>;
    } & Asker)
  | {
      readonly kind: "day-closed";
      readonly counts: DayCounts;
      readonly people?: PeopleCounts;
      readonly alarms?: AlarmCounts;
      /** The date that is now. */
      readonly next?: string;
    }
  | { readonly kind: "outbox-cursor"; readonly upTo: number }
  | {
      readonly kind: "started";
      readonly version: string;
      readonly detail: string;
      /** Hash of the configuration it started with. */
      readonly config?: string;
      /** The run before did not say that it stopped. */
      readonly crashed?: boolean;
    }
  | { readonly kind: "stopping"; readonly detail: string }
  /** Who asked is here what the request said of itself: nothing of it need be true. */
  | ({
      readonly kind: "request-refused";
      readonly verb?: string;
      readonly id?: string;
      readonly reason: string;
      readonly suppressed: number;
    } & Asker)
  /** What may stand retained on the broker from now on: written before it is put there, and after it was taken away. */
  | { readonly kind: "announced"; readonly announced: Announced }
  | { readonly kind: "checkpoint"; readonly durable: Durable };

/** Of cabinets, operators and the controller itself. */
export type StationRecord = CoreRecord | LedgerRecord | SafetyRecord | OperatorRecord | SecurityRecord | PeopleRecord;

export type JournalRecord = StationRecord | RoomRecord;
