/**
 * What a shown card is worth: a proof, when it signs a challenge that was drawn a moment ago; its number, when it cannot be
 * asked; nothing, when it was asked and failed. A number that is drawn anew at each showing names nobody and is never taken for
 * one that stays. The identity that leaves here is a digest.
 */
import {
  CARD_CHALLENGE_BYTES,
  encodeChallenge,
  encodeSelectApplication,
  isApplicationSelected,
  parseCardProof,
} from "../../hal/codecs/card-apdu.ts";
import type { Card, CardReader } from "../../hal/ports/card-reader.ts";
import type { Platform } from "./platform.ts";

export interface ShownCard {
  /** SHA-256 in hex: of the card's public key in base64url, or of its number in lower-case hex. */
  readonly card: string;
  readonly challenge: "answered" | "failed" | "none";
  readonly nonce: string;
}

export type AskCard = CardReader["exchange"];
export type ProofTools = Pick<Platform, "digest" | "verify" | "random">;

/** What the card signs; the first words keep the signature from meaning anything elsewhere. */
export const signedByCard = (nonce: string): string => `yizhan-card-1.${nonce}`;

/** Unpredictable where the platform's randomness is: on a station it is the kernel's. */
function drawChallenge(random: ProofTools["random"]): Uint8Array {
  return Uint8Array.from({ length: CARD_CHALLENGE_BYTES }, () => Math.floor(random.next() * 256));
}

function numberOf({ uid, uidFixed }: Card, digest: ProofTools["digest"]): string {
  return digest(uidFixed ? uid.toLowerCase() : `drawn anew: ${uid}`);
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

function judge(answer: Uint8Array, nonce: string, { digest, verify }: ProofTools): string | undefined {
  const proof = parseCardProof(answer);
  if (proof === undefined) return undefined;
  const publicKey = base64url(proof.publicKey);
  return verify(publicKey, signedByCard(nonce), base64url(proof.signature)) ? digest(publicKey) : undefined;
}

/** `told` is called once for each showing; a card that cannot be asked is told at once. */
export function proveCard(card: Card, ask: AskCard, tools: ProofTools, told: (shown: ShownCard) => void): void {
  const byNumber = numberOf(card, tools.digest);
  const end = (challenge: "failed" | "none"): void => told({ card: byNumber, challenge, nonce: "" });
  if (!card.speaks) {
    end("none");
    return;
  }
  ask(card, encodeSelectApplication(), (selected) => {
    if (selected.is !== "answered") end("failed");
    else if (!isApplicationSelected(selected.answer)) end("none");
    else {
      const challenge = drawChallenge(tools.random);
      const nonce = Buffer.from(challenge).toString("hex");
      ask(card, encodeChallenge(challenge), (outcome) => {
        const identity = outcome.is === "answered" ? judge(outcome.answer, nonce, tools) : undefined;
        if (identity === undefined) end("failed");
        else told({ card: identity, challenge: "answered", nonce });
      });
    }
  });
}
