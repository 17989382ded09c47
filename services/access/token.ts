/**
 * A signed code for one door, judged: form, key, door, life, window, and the signature last. Whether it was used before is asked
 * by the caller, who also writes it down. The text itself is a secret as long as it lives and never leaves this file.
 */
import { z } from "zod";
import type { VerifySignature } from "../requests/asker.ts";
import type { DoorKey } from "./config.ts";
import { isSigned, openJws } from "./jws.ts";
import type { AccessRefusal } from "./refusals.ts";
import { judgeWindow, type KnownTime } from "./time.ts";

export const tokenType = "door+jwt";
/** What a reader of this class delivers from one symbol is far below this. */
export const tokenCharsMax = 1_024;

/** Seconds since 1970 that stay exact in milliseconds. */
const seconds = z.int().min(0).max(100_000_000_000);

const Claims = z.object({
  jti: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  sub: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
  /** One door: a list of audiences is refused. */
  aud: z.string().max(80),
  nbf: seconds,
  exp: seconds,
  role: z.literal(["member", "staff"]).default("member"),
});

export interface GoodToken {
  readonly kid: string;
  readonly jti: string;
  readonly member: string;
  readonly role: "member" | "staff";
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface TokenContext {
  readonly audience: string;
  readonly time: KnownTime;
  readonly keyOf: (kid: string) => DoorKey | undefined;
  readonly isRevokedKey: (kid: string) => boolean;
  readonly verify: VerifySignature;
  readonly tokenLifeMsMax: number;
  readonly skewMs: number;
  readonly unsynchronisedLeapMs: number;
}

/** What a code for this door names as its audience: doors of two stations may have one name. */
export const audienceOf = (station: string, door: string): string => `${station}/${door}`;

function windowRefusal(fromMs: number, untilMs: number, context: TokenContext): AccessRefusal | undefined {
  if (untilMs <= fromMs) return "unreadable";
  if (untilMs - fromMs > context.tokenLifeMsMax) return "lives-too-long";
  const verdict = judgeWindow({ fromMs, untilMs }, context.time, context);
  return verdict === "inside" ? undefined : verdict;
}

export function judgeToken(text: string, context: TokenContext): GoodToken | AccessRefusal {
  const jws = openJws(text, tokenType, tokenCharsMax);
  if (typeof jws === "string") return jws;
  const parsed = Claims.safeParse(jws.claims);
  if (!parsed.success) return "unreadable";
  const { jti, sub, aud, nbf, exp, role } = parsed.data;
  const key = context.keyOf(jws.kid);
  if (key === undefined) return "unknown-key";
  if (context.isRevokedKey(jws.kid)) return "key-revoked";
  if (aud !== context.audience) return "wrong-door";
  const [fromMs, untilMs] = [nbf * 1_000, exp * 1_000];
  const refusal = windowRefusal(fromMs, untilMs, context);
  if (refusal !== undefined) return refusal;
  if (!isSigned(jws, key.publicKey, context.verify)) return "bad-signature";
  return { kid: jws.kid, jti, member: sub, role, fromMs, untilMs };
}
