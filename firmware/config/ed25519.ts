/**
 * Ed25519 (RFC 8032) by node:crypto, in the two forms keys come in: PEM files as openssl writes them (RFC 8410), and the bare
 * 32 bytes in base64url that fit a line of a configuration. It never throws for anything a file or a message can hold, and
 * never returns a private key.
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** SubjectPublicKeyInfo of RFC 8410: these twelve bytes, then the key. */
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");
const publicBytes = 32;

/** Keys are few and each is used again and again. */
const known = new Map<string, KeyObject | undefined>();
const knownMax = 256;

function keyOf(publicKey: string): KeyObject | undefined {
  if (known.has(publicKey)) return known.get(publicKey);
  if (known.size >= knownMax) known.clear();
  const key = parsed(publicKey);
  known.set(publicKey, key);
  return key;
}

function parsed(publicKey: string): KeyObject | undefined {
  const bytes = Buffer.from(publicKey, "base64url");
  if (bytes.length !== publicBytes) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([spkiHead, bytes]), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

/** Whether `signature` (base64url) is that of `text` (its UTF-8 bytes) by this key. */
export function verifyEd25519(publicKey: string, text: string, signature: string): boolean {
  const key = keyOf(publicKey);
  return key !== undefined && verify(null, Buffer.from(text, "utf8"), key, Buffer.from(signature, "base64url"));
}

export type PemRead =
  | { readonly is: "public"; readonly publicKey: string }
  /** A private key stands where only a public one belongs. */
  | { readonly is: "private" }
  | { readonly is: "other" };

export function readPublicPem(text: string): PemRead {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return { is: "private" };
  try {
    const key = createPublicKey({ key: text, format: "pem" });
    if (key.asymmetricKeyType !== "ed25519") return { is: "other" };
    return { is: "public", publicKey: rawOf(key) };
  } catch {
    return { is: "other" };
  }
}

/** The bare bytes of a public key, base64url. */
export function rawOf(key: KeyObject): string {
  return key.export({ format: "der", type: "spki" }).subarray(spkiHead.length).toString("base64url");
}
