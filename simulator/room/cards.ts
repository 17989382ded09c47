/**
 * Cards in people's pockets: a member's, which signs what the reader drew for it, and what only looks like one: a copy of its
 * number, a card that signs with a key of its own. Made from the seed; a real station never knows these keys.
 */
import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { signedByCard } from "../../firmware/runner/card-proof.ts";
import type { SimulatedCard } from "../wires/card-reader.ts";
import { ed25519FromSeed } from "./issuer.ts";

/** ISO/IEC 14443-4: bit 5 of SEL_RES. */
const SPEAKS = 0x20;
const SPEAKS_NOT = 0x08;
const ATQA = 0x0044;
const ATS = Uint8Array.of(0x78, 0x80, 0x70, 0x02);
const DONE = Uint8Array.of(0x90, 0x00);
const spkiHeadBytes = 12;
/** CLA INS P1 P2 Lc of the challenge. */
const HEAD_BYTES = 5;
const CHALLENGE_BYTES = 16;

export interface MemberCard {
  /** What the access list knows it by. */
  readonly identity: string;
  readonly card: SimulatedCard;
}

const publicBytes = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: "der", type: "spki" }).subarray(spkiHeadBytes);

const uidOf = (name: string): string => `04${createHash("sha256").update(`uid ${name}`).digest("hex").slice(0, 12)}`;

/** Selected, it says yes; challenged, it answers with its key and its signature. */
function answerWith(key: KeyObject): (command: Uint8Array, step: number) => Uint8Array {
  const publicKey = publicBytes(key);
  return (command, step) => {
    if (step === 0) return DONE;
    const nonce = Buffer.from(command.subarray(HEAD_BYTES, HEAD_BYTES + CHALLENGE_BYTES)).toString("hex");
    const signature = sign(null, Buffer.from(signedByCard(nonce)), key);
    return Uint8Array.from([...publicKey, ...signature, ...DONE]);
  };
}

export function memberCard(seed: string, member: string): MemberCard {
  const key = ed25519FromSeed(`${seed} card ${member}`);
  const identity = createHash("sha256").update(publicBytes(key).toString("base64url")).digest("hex");
  const card = { atqa: ATQA, sak: SPEAKS, uid: uidOf(member), ats: ATS, answer: answerWith(key) };
  return { identity, card };
}

/** The number alone, on a card that costs a few yuan. */
export const copiedCard = (member: string): SimulatedCard => ({
  atqa: ATQA,
  sak: SPEAKS_NOT,
  uid: uidOf(member),
  ats: undefined,
});

/** It knows what to say, and has another key. */
export const foreignCard = (seed: string, member: string): SimulatedCard => ({
  atqa: ATQA,
  sak: SPEAKS,
  uid: uidOf(member),
  ats: ATS,
  answer: answerWith(ed25519FromSeed(`${seed} foreign ${member}`)),
});
