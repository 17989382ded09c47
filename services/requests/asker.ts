/**
 * Whether the asker of a request may ask for it: its key, its role, its number and its signature, in that order, because the
 * signature is the only one that costs something. It holds no key but public ones, and a signature that is not needed to
 * decide is never verified. Age, size and repetition were judged before.
 */
import { type RequestPayload, roleNeeded, type Verb, verbs } from "../contract/request-payloads.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { RequestRefusal } from "./reasons.ts";
import { type AskerRole, isAtLeast } from "./roles.ts";

export interface AskerKey {
  readonly id: string;
  readonly role: AskerRole;
  /** The 32 bytes of an Ed25519 public key (RFC 8032), base64url without padding. */
  readonly publicKey: string;
}

export interface RequestPolicy {
  readonly signatures: "required" | "optional";
  readonly keys: ReadonlyMap<string, AskerKey>;
}

/** Nobody has a key: whoever the broker lets through may ask. */
export const openToAll: RequestPolicy = { signatures: "optional", keys: new Map() };

/** Ed25519 over the UTF-8 bytes of `text`. Never throws, whatever the signature is. */
export type VerifySignature = (publicKey: string, text: string, signature: string) => boolean;

export interface AskerContext {
  readonly station: string;
  readonly policy: RequestPolicy;
  /** The last number that was accepted from a key. */
  lastSeq(key: string): number | undefined;
  readonly verify: VerifySignature;
}

export type AskerVerdict =
  /** `role` is that of the key whose signature was verified. */
  { readonly is: "allowed"; readonly role?: AskerRole } | { readonly is: "refused"; readonly reason: RequestRefusal };

const refused = (reason: RequestRefusal): AskerVerdict => ({ is: "refused", reason });

/** What is signed: station and verb stand in it, so that a signature is worth nothing anywhere else. */
export function signedText(station: string, verb: string, payload: Readonly<Record<string, unknown>>) {
  const { signature: _signature, ...said } = payload;
  const text = canonicalJson(said);
  return text === undefined ? undefined : `yizhan-request-1\n${station}\n${verb}\n${text}`;
}

/** A number is needed for whatever changes something: without it a station could not tell which of two orders came first. */
function isNext(verb: Verb, seq: number | undefined, last: number | undefined): boolean {
  if (!verbs[verb].actuates) return true;
  return seq !== undefined && (last === undefined || seq > last);
}

export function judgeAsker(verb: Verb, request: RequestPayload, context: AskerContext): AskerVerdict {
  const { key: id, seq, signature } = request;
  const { policy } = context;
  if (signature === undefined) {
    // Whoever names a key or counts wants to be known by a signature, and has none.
    const claims = id !== undefined || seq !== undefined;
    return claims || policy.signatures === "required" ? refused("unsigned") : { is: "allowed" };
  }
  const key = id === undefined ? undefined : policy.keys.get(id);
  if (key === undefined) return refused("unknown-key");
  if (!isAtLeast(key.role, roleNeeded(verb, request))) return refused("role-not-allowed");
  if (!isNext(verb, seq, context.lastSeq(key.id))) return refused("out-of-order");
  const text = signedText(context.station, verb, request);
  if (text === undefined || !context.verify(key.publicKey, text, signature)) return refused("bad-signature");
  return { is: "allowed", role: key.role };
}
