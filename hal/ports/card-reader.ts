/**
 * A reader of contactless cards. A card is an identity somebody shows, not a proof: its number can be copied, and one whose
 * number is not fixed names nobody. Proof is what the card answers to a challenge; the port carries the challenge and the
 * answer and judges neither.
 */
export interface Card {
  /** Hexadecimal. */
  readonly uid: string;
  /** The number is the card's own and stays; phones draw a new one each time. */
  readonly uidFixed: boolean;
  /** The card can be spoken to (ISO/IEC 14443-4), so it may be able to prove itself. */
  readonly speaks: boolean;
}

export type CardOutcome =
  | { readonly is: "answered"; readonly answer: Uint8Array }
  /**
   * `gone`: this card is not, or no longer, before the reader. `mute`: it cannot be spoken to. `failed`: it did not answer,
   * or not in time. `too-long`: question or answer do not fit one frame. `busy`: another exchange is under way. `silent`:
   * the reader does not answer.
   */
  | { readonly is: "gone" | "mute" | "failed" | "too-long" | "busy" | "silent" };

export interface CardReader {
  /** Told once while a card stays before the reader; told again when it was taken away and comes back. */
  watch(onCard: (card: Card) => void): void;
  /**
   * Asks the card that was told of. `done` is called exactly once, never within this call. Between the exchanges of one
   * conversation the card stays selected, as long as they follow each other without a pause.
   */
  exchange(card: Card, command: Uint8Array, done: (outcome: CardOutcome) => void): void;
  health(): "unknown" | "good" | "silent";
}
