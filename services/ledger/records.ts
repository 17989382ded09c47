/** What the ledger writes down by itself; the moves of a swap are read from the swap's own records. */
export type LedgerRecord =
  /** A pack stands in a bay: counted for the first time, put in by an operator, or put in by nobody who was asked to. */
  | {
      readonly kind: "pack-seen";
      readonly bay: number;
      readonly packId: string | undefined;
      readonly how: "stocktaking" | "operator" | "unasked" | "late-deposit";
    }
  /** A pack that stood in a bay does not any more. */
  | {
      readonly kind: "pack-gone";
      readonly bay: number;
      readonly packId: string | undefined;
      readonly how: "vanished" | "operator" | "late-take";
      readonly swap?: string;
    }
  /** Another pack stands where one stood, and no swap was there. */
  | { readonly kind: "pack-changed"; readonly bay: number; readonly wasPackId: string; readonly packId: string };
