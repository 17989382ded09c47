/** What the ledger writes down by itself; the moves of a swap are read from the swap's own records. */
export type LedgerRecord =
  /** A bay was found empty when it was counted for the first time. */
  | { readonly kind: "bay-counted"; readonly bay: number }
  /** Something stands in a bay and no swap put it there; `packId` is undefined when it does not say who it is. */
  | {
      readonly kind: "pack-seen";
      readonly bay: number;
      readonly packId: string | undefined;
      readonly how:
        | "stocktaking"
        | "operator"
        | "unasked"
        /** Put in by `member` after the window of the own swap was over. */
        | "late-deposit"
        /** Not accepted by the swap it was put in for, and not taken back when that ended. */
        | "left-behind"
        /** What stood there unread says now who it is. */
        | "identified";
      readonly member?: string;
    }
  /** A pack that stood in a bay does not any more. */
  | {
      readonly kind: "pack-gone";
      readonly bay: number;
      readonly packId: string | undefined;
      readonly how:
        | "vanished"
        | "operator"
        /** Taken through the door that a swap opened for its rider, after that swap's window was over. */
        | "late-take";
      /** The swap whose debt this pays, when it left one. */
      readonly swap?: string;
      /** Who took it; of one that vanished, whose it was while it was kept apart. */
      readonly member?: string;
    }
  /** Another pack stands where one stood, and no swap was there. */
  | { readonly kind: "pack-changed"; readonly bay: number; readonly wasPackId: string; readonly packId: string };
