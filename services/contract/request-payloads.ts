/**
 * What an operator may ask, and what comes back. A request names itself, says until when it holds, and is answered exactly once
 * in effect: the same id gets the same answer. Nothing here can loosen a safety rule; a lock-out only takes a bay away or
 * gives it back to the rules.
 */
import { z } from "zod";
import { Words } from "./state-payloads.ts";

/** A request may be valid for at most this long, so a captured one is soon worthless. */
export const REQUEST_LIFE_MAX_MS = 300_000;

export const REQUEST_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

const envelope = {
  id: z.string().regex(REQUEST_ID_PATTERN).meta({ description: "Chosen by the asker; asked twice, answered alike." }),
  transaction: z.string().max(64).optional().meta({ description: "Handed back in the answer." }),
  expiresAt: z
    .union([z.iso.datetime({ offset: true }), z.int().positive()])
    .meta({ description: "Until when the request holds: ISO 8601, or ms since 1970. At most 5 minutes ahead." }),
  signature: z.string().max(512).optional().meta({ description: "Reserved for signed requests; not looked at yet." }),
};

export const verbs = {
  snapshot: {
    /** An actuating verb changes what the station does, so it is never taken without a trusted clock. */
    actuates: false,
    summary: { zh: "重新发布全部保留主题", en: "Publishes every retained topic again." },
    request: z.strictObject({ ...envelope }).meta({ description: "Ask for all retained state." }),
  },
  "lock-out": {
    actuates: true,
    summary: { zh: "停用或恢复一个仓", en: "Takes a bay out of service, or ends the operator's lock-out." },
    request: z
      .strictObject({
        ...envelope,
        bay: z.int().min(1).max(200).meta({ description: "Number on the door." }),
        lockOut: z.literal(["operator", "none"]).meta({ description: "`operator` locks it out, `none` ends that." }),
        reason: z.string().min(1).max(200).meta({ description: "Why, for the audit." }),
      })
      .meta({ description: "Lock a bay out, or end that." }),
  },
} as const;

export type Verb = keyof typeof verbs;
export type RequestPayload<V extends Verb = Verb> = z.output<(typeof verbs)[V]["request"]>;

export const RequestPayload = z
  .union([verbs["lock-out"].request, verbs.snapshot.request])
  .meta({ description: "Any request; the topic says which." });

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}

export const ResponsePayload = z
  .strictObject({
    id: z.string().max(64).meta({ description: "Id of the request." }),
    transaction: z.string().max(64).optional().meta({ description: "As in the request." }),
    status: z
      .literal(["ok", "refused", "error"])
      .meta({ description: "`refused`: understood and not done. `error`: should have worked." }),
    reason: z.string().max(64).optional().meta({ description: "Reason code when not ok." }),
    message: Words.optional(),
    data: z.record(z.string(), z.unknown()).optional().meta({ description: "What the verb returns." }),
  })
  .meta({ description: "The answer to one request." });
export type ResponsePayload = z.output<typeof ResponsePayload>;
