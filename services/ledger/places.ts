/** Where every pack is, as far as the log tells. One place a pack; what nobody saw go is `unknown`, since when. */
export type PackPlace =
  | { readonly at: "bay"; readonly bay: number; readonly since: number }
  /** `member` is undefined only for a pack that an operator took along. */
  | { readonly at: "rider"; readonly member: string | undefined; readonly since: number }
  | { readonly at: "quarantine"; readonly bay: number; readonly since: number; readonly why: string }
  | { readonly at: "unknown"; readonly since: number; readonly lastBay: number | undefined };

export interface LedgerState {
  /** By pack id; `since` is wall ms. */
  readonly packs: Readonly<Record<string, PackPlace>>;
  /** Bays that were stocktaken once: from then on what appears or vanishes there without a reason is a finding. */
  readonly counted: Readonly<Record<string, true>>;
}

export const emptyLedger: LedgerState = { packs: {}, counted: {} };
