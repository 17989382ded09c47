/**
 * Where every pack is, and what stands in every bay, as far as the log tells: two sides of one book. One place a pack; what
 * nobody saw go is `unknown`, since when. Plain data; it decides nothing.
 */
export type PackPlace =
  | { readonly at: "bay"; readonly bay: number; readonly since: number }
  /** `member` is undefined only for a pack that an operator took along. */
  | { readonly at: "rider"; readonly member: string | undefined; readonly since: number }
  /** In a bay, and nobody gets it until a person has looked. `member` is whose it is, when that is known. */
  | {
      readonly at: "quarantine";
      readonly bay: number;
      readonly since: number;
      readonly why: string;
      readonly member?: string;
    }
  /** `member` is whose it was while it was kept apart for them: to them it is still owed. */
  | {
      readonly at: "unknown";
      readonly since: number;
      readonly lastBay: number | undefined;
      readonly member?: string;
    };

/** What a person should look at in a bay; each is a fault until the bay is given back. */
export type Finding = "pack-missing" | "pack-changed" | "deposit-unasked";

/** What stands in a bay. `finding` stays until an operator gives the bay back to the rules. */
export type BayHolding =
  /** `member` put in what is missing and never said who it was. */
  | { readonly holds: "nothing"; readonly since: number; readonly finding?: Finding; readonly member?: string }
  | { readonly holds: "pack"; readonly packId: string; readonly since: number; readonly finding?: Finding }
  /** Something that never said who it is; `why` stands while it is quarantined, `member` is who put it there. */
  | {
      readonly holds: "unread";
      readonly since: number;
      readonly why?: string;
      readonly member?: string;
      readonly finding?: Finding;
    };

export interface LedgerState {
  /** By pack id; `since` is wall ms. */
  readonly packs: Readonly<Record<string, PackPlace>>;
  /** By bay number. A bay that is not here was never stocktaken: nothing found there is a finding. */
  readonly bays: Readonly<Record<string, BayHolding>>;
}

export const emptyLedger: LedgerState = { packs: {}, bays: {} };
