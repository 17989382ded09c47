/**
 * A compact JWS (RFC 7515) with one algorithm, EdDSA (RFC 8037), and one type: the header chooses nothing but the name of the
 * key. Other members in the header, `crit`, `jwk` and `b64` among them, are refused, so that a code can bring no key and no rule
 * of its own. It reads; who signed is told by `verify`, last, because that is what costs something.
 */
import { z } from "zod";
import type { VerifySignature } from "../requests/asker.ts";
import { bytesOfBase64url, textOfBase64url } from "./base64url.ts";
import type { AccessRefusal } from "./refusals.ts";

const Header = z.strictObject({
  alg: z.literal("EdDSA"),
  kid: z.string().min(1).max(32),
  typ: z.string().max(32),
});

export interface OpenedJws {
  readonly kid: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: string;
}

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  const text = textOfBase64url(part);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** Length of an Ed25519 signature. Its text has one spelling, too: what verifies it may read several. */
const signatureBytes = 64;

export function openJws(text: string, typ: string, charsMax: number): OpenedJws | AccessRefusal {
  if (text.length > charsMax) return "unreadable";
  const parts = text.split(".");
  const [head, body, signature] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined) return "unreadable";
  if (bytesOfBase64url(signature)?.length !== signatureBytes) return "unreadable";
  const header = objectOf(head);
  const claims = objectOf(body);
  if (header === undefined || claims === undefined) return "unreadable";
  const parsed = Header.safeParse(header);
  if (!parsed.success || parsed.data.typ !== typ) return "wrong-algorithm";
  return { kid: parsed.data.kid, claims, signed: `${head}.${body}`, signature };
}

export const isSigned = (jws: OpenedJws, publicKey: string, verify: VerifySignature): boolean =>
  verify(publicKey, jws.signed, jws.signature);
