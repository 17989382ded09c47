/**
 * The union's service on the riders' phones: it signs a code for one door that lives for seconds, with a key made from the
 * simulation's seed. It also makes what must not open a door: another's signature, an old code, a code for another door. A real
 * station never knows this key.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { listType } from "../../services/access/list.ts";
import { audienceOf, tokenType } from "../../services/access/token.ts";

/** PKCS #8 of RFC 8410: these sixteen bytes, then the 32 of the private key. */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");
const spkiHeadBytes = 12;

export const simulatedIssuer = "simulated";
export const simulatedAuthority = "simulated-lists";

export interface SignedCode {
  readonly station: string;
  readonly door: string;
  readonly member: string;
  /** Unique for each code. */
  readonly jti: string;
  readonly nowMs: number;
  readonly lifeS?: number;
}

export interface Issuer {
  /** 32 bytes, base64url. */
  readonly publicKey: string;
  readonly authorityKey: string;
  /** Signs an access list. */
  list(claims: unknown): string;
  code(signed: SignedCode): string;
  /** As if signed by it, by a key that nobody trusts. */
  forged(signed: SignedCode): string;
}

const LIFE_S = 15;

export function ed25519FromSeed(seed: string): KeyObject {
  const bytes = createHash("sha256").update(seed).digest();
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, bytes]), format: "der", type: "pkcs8" });
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function jws(key: KeyObject, header: Readonly<Record<string, string>>, claims: unknown): string {
  const signed = `${part({ alg: "EdDSA", ...header })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

function signedBy(key: KeyObject, { station, door, member, jti, nowMs, lifeS = LIFE_S }: SignedCode): string {
  const nbf = Math.floor(nowMs / 1_000);
  const claims = { jti, sub: member, aud: audienceOf(station, door), nbf, exp: nbf + lifeS };
  return jws(key, { typ: tokenType, kid: simulatedIssuer }, claims);
}

const rawOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: "der", type: "spki" }).subarray(spkiHeadBytes).toString("base64url");

export function createIssuer(seed: string): Issuer {
  const own = ed25519FromSeed(`${seed} issuer`);
  const other = ed25519FromSeed(`${seed} forger`);
  const authority = ed25519FromSeed(`${seed} authority`);
  return {
    publicKey: rawOf(own),
    authorityKey: rawOf(authority),
    list: (claims) => jws(authority, { typ: listType, kid: simulatedAuthority }, claims),
    code: (signed) => signedBy(own, signed),
    forged: (signed) => signedBy(other, signed),
  };
}
