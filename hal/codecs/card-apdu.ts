/**
 * The two commands that a card which can prove itself is asked, and its answers (ISO/IEC 7816-4: SELECT by name, INTERNAL
 * AUTHENTICATE, status words). The card's application answers a challenge with its public Ed25519 key and a signature. Parsing
 * is strict: an answer that is a byte too long or too short is none.
 */
import { copyOf, u16 } from "./bytes.ts";

/** Name of the application: F0 is the range that needs no registration (ISO/IEC 7816-5), then `yizhan` in ASCII. */
export const CARD_APPLICATION = Uint8Array.of(0xf0, 0x79, 0x69, 0x7a, 0x68, 0x61, 0x6e);
export const CARD_CHALLENGE_BYTES = 16;
/** 32 bytes of key and 64 of signature (RFC 8032). */
const KEY_BYTES = 32;
const PROOF_BYTES = 96;
const DONE = 0x9000;

export interface CardProof {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

function command(instruction: number, parameter: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 6);
  bytes.set([0x00, instruction, parameter, 0x00, data.length]);
  bytes.set(data, 5);
  return bytes;
}

export function encodeSelectApplication(): Uint8Array {
  return command(0xa4, 0x04, CARD_APPLICATION);
}

export function encodeChallenge(challenge: Uint8Array): Uint8Array {
  return command(0x88, 0x00, challenge);
}

function endsDone(answer: Uint8Array): boolean {
  return answer.length >= 2 && u16(answer, answer.length - 2) === DONE;
}

/** Whether the card has the application. */
export function isApplicationSelected(answer: Uint8Array): boolean {
  return endsDone(answer);
}

export function parseCardProof(answer: Uint8Array): CardProof | undefined {
  if (answer.length !== PROOF_BYTES + 2 || !endsDone(answer)) return undefined;
  return { publicKey: copyOf(answer, 0, KEY_BYTES), signature: copyOf(answer, KEY_BYTES, PROOF_BYTES) };
}
