/**
 * Whether a request from the broker may be considered at all. Pure: it knows the moment, whether that moment is trusted, who may
 * ask, and what was answered before. It never says yes to something retained, expired, unreadable, seen before or wrongly
 * signed, and the order of its questions is fixed: cheap ones first, so that rubbish costs nothing, and a signature is only
 * verified when nothing else is left to ask.
 */
import { msFromIso } from "../contract/iso-time.ts";
import { KEY_ID_PATTERN, REQUEST_ID_PATTERN, REQUEST_LIFE_MAX_MS } from "../contract/request-envelope.ts";
import { isVerb, type RequestPayload, type ResponsePayload, type Verb, verbs } from "../contract/request-payloads.ts";
import { schemaProblem, TOPIC_LENGTH_MAX } from "../contract/topics.ts";
import { type AskerContext, judgeAsker } from "./asker.ts";
import { openJson } from "./open-json.ts";
import { type RequestRefusal, refusalWords } from "./reasons.ts";
import type { Asker, AskerRole } from "./roles.ts";

export interface RequestMessage {
  readonly topic: string;
  /** The last segment of the topic. */
  readonly verb: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
}

/** What is remembered of an accepted request. */
export interface Recalled {
  readonly verb: Verb;
  readonly expiresAtMs: number;
  /** Of the first asker. */
  readonly transaction?: string;
  /** Undefined while the station still works on it; the answer then goes out once for both. */
  readonly response: ResponsePayload | undefined;
}

export interface RequestContext extends AskerContext {
  readonly wallMs: number;
  readonly wallSynchronised: boolean;
  /** What this station remembers about an id. */
  recall(id: string): Recalled | undefined;
  /** Ids that held until this moment may have been forgotten, so nothing that old is taken. */
  readonly forgottenUntilMs: number;
}

/** A request that may be considered. Its form is checked; whether it makes sense now is the station's to say. */
export type AcceptedRequest = {
  [V in Verb]: {
    readonly verb: V;
    readonly expiresAtMs: number;
    readonly request: RequestPayload<V>;
    /** Of the key whose signature was verified; undefined when the request is not signed. */
    readonly role?: AskerRole;
  };
}[Verb];

export type Judgement =
  | { readonly is: "accepted"; readonly accepted: AcceptedRequest }
  | {
      readonly is: "repeated";
      readonly verb: Verb;
      readonly recalled: Recalled;
      readonly transaction?: string;
      readonly claims: Asker;
    }
  | {
      readonly is: "refused";
      readonly reason: RequestRefusal;
      /** The verb, when it is one of ours; otherwise nobody is answered. */
      readonly verb?: Verb;
      readonly id?: string;
      readonly transaction?: string;
      /** Who it says is asking. */
      readonly claims?: Asker;
      /** What exactly did not match, for the operator's developer. */
      readonly detail?: string;
    };

interface Envelope {
  readonly verb?: Verb;
  readonly id?: string;
  readonly transaction?: string;
  readonly claims: Asker;
}

const BY_LENGTH_MAX = 64;

/** As far as it can be written down; a known key brings its role along. */
function claimsOf(value: Readonly<Record<string, unknown>>, { policy }: RequestContext): Asker {
  const { by, key } = value;
  const isKey = typeof key === "string" && KEY_ID_PATTERN.test(key);
  const role = isKey ? policy.keys.get(key)?.role : undefined;
  return {
    ...(typeof by === "string" && by.length <= BY_LENGTH_MAX && !/\p{Cc}/u.test(by) ? { by } : {}),
    ...(isKey ? { key } : {}),
    ...(role === undefined ? {} : { role }),
  };
}

function envelopeOf(
  verb: Verb | undefined,
  value: Readonly<Record<string, unknown>>,
  context: RequestContext,
): Envelope {
  const { id, transaction } = value;
  return {
    claims: claimsOf(value, context),
    ...(verb === undefined ? {} : { verb }),
    ...(typeof id === "string" && REQUEST_ID_PATTERN.test(id) ? { id } : {}),
    ...(typeof transaction === "string" && transaction.length <= 64 ? { transaction } : {}),
  };
}

export function expiryMs(expiresAt: string | number): number | undefined {
  return typeof expiresAt === "number" ? expiresAt : msFromIso(expiresAt);
}

function expiryRefusal(verb: Verb, expiresAtMs: number, context: RequestContext): RequestRefusal | undefined {
  if (!context.wallSynchronised) return verbs[verb].actuates ? "clock-unsynchronised" : undefined;
  if (expiresAtMs <= context.wallMs || expiresAtMs <= context.forgottenUntilMs) return "expired";
  const { lifeMaxMs } = verbs[verb];
  if (expiresAtMs <= context.wallMs + lifeMaxMs) return undefined;
  return lifeMaxMs < REQUEST_LIFE_MAX_MS ? "opening-expires-too-late" : "expires-too-late";
}

function judgeKnownVerb(verb: Verb, value: Readonly<Record<string, unknown>>, context: RequestContext): Judgement {
  const envelope = envelopeOf(verb, value, context);
  const detail = schemaProblem(verbs[verb].request, value);
  if (detail !== undefined) return { is: "refused", reason: "bad-request", ...envelope, detail };
  const request = value as RequestPayload;
  if (request.station !== undefined && request.station !== context.station)
    return { is: "refused", reason: "wrong-station", ...envelope };
  const recalled = context.recall(request.id);
  if (recalled !== undefined) {
    if (recalled.verb !== verb) return { is: "refused", reason: "id-reused", ...envelope };
    const { transaction, claims } = envelope;
    return { is: "repeated", verb, recalled, claims, ...(transaction === undefined ? {} : { transaction }) };
  }
  const expiresAtMs = expiryMs(request.expiresAt);
  if (expiresAtMs === undefined)
    return { is: "refused", reason: "bad-request", ...envelope, detail: "expiresAt: no such moment" };
  const reason = expiryRefusal(verb, expiresAtMs, context);
  if (reason !== undefined) return { is: "refused", reason, ...envelope };
  const asker = judgeAsker(verb, request, context);
  if (asker.is === "refused") return { is: "refused", reason: asker.reason, ...envelope };
  const role = asker.role === undefined ? {} : { role: asker.role };
  // The pair was checked together: `verb` chose the schema that `value` passed.
  return { is: "accepted", accepted: { verb, expiresAtMs, request, ...role } as AcceptedRequest };
}

export function judgeRequest(message: RequestMessage, context: RequestContext): Judgement {
  if (message.topic.length > TOPIC_LENGTH_MAX) return { is: "refused", reason: "topic-too-long" };
  const verb = isVerb(message.verb) ? message.verb : undefined;
  const opened = openJson(message.payload);
  if (message.retained) {
    const envelope = envelopeOf(verb, opened.is === "object" ? opened.value : {}, context);
    return { is: "refused", reason: "retained", ...envelope };
  }
  if (opened.is === "refused") return { is: "refused", reason: opened.reason, ...envelopeOf(verb, {}, context) };
  if (verb === undefined) return { is: "refused", reason: "unknown-verb", ...envelopeOf(verb, opened.value, context) };
  return judgeKnownVerb(verb, opened.value, context);
}

/** The answer to a refused request; undefined when nobody can be told, because verb or id could not be read. */
export function refusalResponse(judgement: Extract<Judgement, { is: "refused" }>): ResponsePayload | undefined {
  const { id, transaction, reason, detail } = judgement;
  if (id === undefined) return undefined;
  return {
    id,
    ...(transaction === undefined ? {} : { transaction }),
    status: "refused",
    reason,
    message: refusalWords[reason],
    ...(detail === undefined ? {} : { data: { detail } }),
  };
}
