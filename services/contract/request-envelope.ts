/**
 * What every request carries, and what the table says of every verb. It names no verb itself.
 */
import { z } from "zod";
import type { AskerRole } from "../requests/roles.ts";
import { Id } from "./state-payloads.ts";

/** A request may be valid for at most this long, so a captured one is soon worthless. */
export const REQUEST_LIFE_MAX_MS = 300_000;
/** One that opens doors is stale sooner: whoever asked stands there and waits. */
export const OPENING_LIFE_MAX_MS = 60_000;

export const REQUEST_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** Of a key that signs requests. */
export const KEY_ID_PATTERN = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** 64 bytes in base64url are 86 characters, of which the last one carries two bits: one spelling for one signature. */
const SIGNATURE_PATTERN = /^[A-Za-z0-9_-]{85}[AQgw]$/;

export const envelope = {
  id: z.string().regex(REQUEST_ID_PATTERN).meta({ description: "Chosen by the asker; asked twice, answered alike." }),
  transaction: z.string().max(64).optional().meta({ description: "Handed back in the answer." }),
  expiresAt: z
    .union([z.iso.datetime({ offset: true }), z.int().positive()])
    .meta({ description: "Until when the request holds: ISO 8601, or ms since 1970. At most 5 minutes ahead." }),
  by: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[^\p{Cc}]+$/u)
    .optional()
    .meta({ description: "Who asks, for the audit: a name or a role, no member number." }),
  station: Id.optional().meta({ description: "Station that is meant; another one refuses." }),
  key: z
    .string()
    .regex(KEY_ID_PATTERN)
    .optional()
    .meta({ description: "Id of the asker's key, as in the station's configuration. Needs `signature`." }),
  seq: z.int().min(0).optional().meta({
    description:
      "Number of the order, above the last one accepted from this key. Needed with a key, except for `snapshot`.",
  }),
  signature: z
    .string()
    .regex(SIGNATURE_PATTERN)
    .optional()
    .meta({ description: "Ed25519 signature of everything else, base64url without padding." }),
};

/** What every request carries; the rest is the verb's own. */
export const RequestEnvelope = z.strictObject(envelope).meta({ description: "What every request carries." });

export interface VerbRow {
  /** An actuating verb changes what the station does: journalled before it acts, and never taken without a trusted clock. */
  readonly actuates: boolean;
  /** How far ahead it may expire. */
  readonly lifeMaxMs: number;
  /** Least role of the key that signs it. */
  readonly role: AskerRole;
  /** A higher one for a part of what the verb can do. */
  readonly higher?: {
    readonly role: AskerRole;
    readonly when: { readonly zh: string; readonly en: string };
    readonly applies: (request: Readonly<Record<string, unknown>>) => boolean;
  };
  readonly summary: { readonly zh: string; readonly en: string };
  readonly request: z.ZodType;
}

export const order = { actuates: true, lifeMaxMs: REQUEST_LIFE_MAX_MS } as const;
export const opening = { actuates: true, lifeMaxMs: OPENING_LIFE_MAX_MS } as const;
