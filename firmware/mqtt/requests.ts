/**
 * Requests from the broker: judged, remembered, handed to the station once, and answered. Refusals are counted and reported, and
 * the reports themselves are rationed, because whoever can flood us with requests must not be able to wear out the disk.
 * It carries out nothing itself.
 */
import type { BrokerLink, BrokerMessage } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { REQUEST_LIFE_MAX_MS } from "../../services/contract/request-envelope.ts";
import { type ResponsePayload, type Verb, verbs } from "../../services/contract/request-payloads.ts";
import { contract, topicFor } from "../../services/contract/topics.ts";
import type { RequestPolicy, VerifySignature } from "../../services/requests/asker.ts";
import { type Bucket, type BucketRule, fullBucket, takeToken } from "../../services/requests/bucket.ts";
import { type AcceptedRequest, type Judgement, judgeRequest, refusalResponse } from "../../services/requests/judge.ts";
import { type RequestRefusal, wordsOf } from "../../services/requests/reasons.ts";
import { type Asker, askerOf } from "../../services/requests/roles.ts";
import { createRequestMemory, type RequestMemory } from "./request-memory.ts";

/** Requests that are looked at; whatever exceeds this is dropped unread. */
const REQUEST_RULE: BucketRule = { perSecond: 20, burst: 40 };
/** Security events that are written down; the rest is counted in the next one. */
const REPORT_RULE: BucketRule = { perSecond: 0.2, burst: 10 };
/** Answers under way; a broker that acknowledges none of them gets no more. */
const ANSWERS_UNDER_WAY_MAX = 100;

/** Answers taken over from earlier runs, newest first, so that they leave room for new requests. */
const RESTORED_MAX = 500;

export interface SecurityReport {
  readonly reason: RequestRefusal;
  /** The last segment of the topic, shortened and stripped of everything outside `[a-z0-9-]`. */
  readonly verb: string;
  readonly request?: string;
  /** Who it said was asking; nothing of it need be true. */
  readonly claims: Asker;
  /** Reports left out before this one. */
  readonly suppressed: number;
}

/** Who may ask, and how that is proved. */
export interface Asking {
  readonly policy: RequestPolicy;
  readonly verify: VerifySignature;
  /** By key: the last number that was accepted from it, over all restarts. */
  readonly sequences: Readonly<Record<string, number>>;
}

/** How a request ended, as journalled and answered. */
export interface RequestAnswer {
  readonly id: string;
  readonly verb: Verb;
  readonly status: ResponsePayload["status"];
  /** Its words are added when it is one of ours. */
  readonly reason?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** An answer remembered from an earlier run; without an expiry it counts as asked just now. */
export type RememberedAnswer = Pick<RequestAnswer, "id" | "verb" | "status" | "reason" | "data"> & {
  readonly expiresAtMs?: number;
};

export interface RequestsOptions {
  readonly link: Pick<BrokerLink, "publish">;
  readonly clock: Clock;
  readonly station: string;
  readonly remembered: readonly RememberedAnswer[];
  readonly asking: Asking;
  /** A request that may be considered. Whoever takes it must call `answer` once, now or later. */
  accepted(request: AcceptedRequest): void;
  /** Something was refused; write it down. */
  security(report: SecurityReport): void;
}

export interface RequestStats {
  readonly accepted: number;
  readonly repeated: number;
  readonly answered: number;
  readonly answersLost: number;
  readonly refused: Readonly<Partial<Record<RequestRefusal, number>>>;
  readonly refusedTotal: number;
}

export interface Requests {
  received(message: BrokerMessage): void;
  answer(answer: RequestAnswer): void;
  stats(): RequestStats;
}

type Reported = Pick<Extract<Judgement, { is: "refused" }>, "reason" | "id" | "claims">;

class RequestDesk implements Requests {
  private readonly options: RequestsOptions;
  private readonly memory: RequestMemory = createRequestMemory();
  private readonly sequences: Map<string, number>;
  private bucket: Bucket;
  private reports: Bucket;
  private suppressed = 0;
  private underWay = 0;
  private accepted = 0;
  private repeated = 0;
  private answered = 0;
  private answersLost = 0;
  private refusedTotal = 0;
  private readonly refused: Partial<Record<RequestRefusal, number>> = {};

  constructor(options: RequestsOptions) {
    this.options = options;
    const now = options.clock.monotonicMs();
    this.bucket = fullBucket(REQUEST_RULE, now);
    this.reports = fullBucket(REPORT_RULE, now);
    this.sequences = new Map(Object.entries(options.asking.sequences));
    const { remembered } = options;
    for (const answer of remembered.slice(0, -RESTORED_MAX)) this.memory.forget(this.expiryOf(answer));
    for (const answer of remembered.slice(-RESTORED_MAX)) this.remember(answer);
  }

  received(message: BrokerMessage): void {
    const taken = takeToken(this.bucket, REQUEST_RULE, this.options.clock.monotonicMs());
    this.bucket = taken.bucket;
    const verb = message.topic.slice(message.topic.lastIndexOf("/") + 1);
    if (!taken.granted) {
      this.noteRefusal({ reason: "too-many", claims: {} }, verb);
      return;
    }
    const { clock, station, asking } = this.options;
    const judgement = judgeRequest(
      { topic: message.topic, verb, payload: message.payload, retained: message.retained },
      {
        station,
        policy: asking.policy,
        verify: asking.verify,
        lastSeq: (key) => this.sequences.get(key),
        wallMs: clock.wallMs(),
        wallSynchronised: clock.wallSynchronised(),
        recall: (id) => this.memory.recall(id),
        forgottenUntilMs: this.memory.forgottenUntilMs(),
      },
    );
    this.act(judgement, verb);
  }

  answer(answer: RequestAnswer): void {
    const { verb } = answer;
    const response = responseOf(answer);
    const transaction = this.memory.recall(answer.id)?.transaction;
    this.memory.finish(answer.id, response);
    this.answered++;
    this.send(verb, response, transaction);
  }

  stats(): RequestStats {
    const { accepted, repeated, answered, answersLost, refused, refusedTotal } = this;
    return { accepted, repeated, answered, answersLost, refused, refusedTotal };
  }

  private remember(answer: RememberedAnswer): void {
    const { id, verb } = answer;
    const wallMs = this.options.clock.wallMs();
    if (!this.memory.begin(id, { verb, expiresAtMs: this.expiryOf(answer) }, wallMs)) return;
    this.memory.finish(id, responseOf(answer));
  }

  private expiryOf({ expiresAtMs }: RememberedAnswer): number {
    return expiresAtMs ?? this.options.clock.wallMs() + REQUEST_LIFE_MAX_MS;
  }

  private act(judgement: Judgement, verb: string): void {
    switch (judgement.is) {
      case "accepted":
        this.accept(judgement.accepted);
        return;
      case "repeated": {
        this.repeated++;
        const { claims } = judgement;
        const id = judgement.recalled.response?.id;
        this.report({ reason: "repeated", claims, ...(id === undefined ? {} : { id }) }, verb);
        const { response } = judgement.recalled;
        // Still being worked on: its one answer is on the way.
        if (response !== undefined) this.send(judgement.verb, response, judgement.transaction);
        return;
      }
      case "refused":
        this.refuse(judgement, verb);
        return;
    }
  }

  private accept(accepted: AcceptedRequest): void {
    const { verb, expiresAtMs, request } = accepted;
    const { id, transaction, key, seq } = request;
    const envelope = transaction === undefined ? {} : { transaction };
    if (!this.memory.begin(id, { verb, expiresAtMs, ...envelope }, this.options.clock.wallMs())) {
      this.refuse(
        {
          is: "refused",
          reason: "memory-full",
          verb,
          id,
          ...envelope,
          claims: askerOf({ ...request, role: accepted.role }),
        },
        verb,
      );
      return;
    }
    // A number counts from here on, so that what is still on its way to the log cannot be overtaken.
    if (accepted.role !== undefined && verbs[verb].actuates && key !== undefined && seq !== undefined)
      this.sequences.set(key, seq);
    this.accepted++;
    this.options.accepted(accepted);
  }

  private refuse(judgement: Extract<Judgement, { is: "refused" }>, verb: string): void {
    this.noteRefusal(judgement, verb);
    const response = refusalResponse(judgement);
    if (response === undefined) return;
    // An unknown verb is answered under its own name only when that can stand in a topic; otherwise nobody is told.
    const shown = judgement.verb ?? shortVerb(verb);
    if (shown !== "" && shown === verb) this.send(shown, response, undefined);
  }

  private noteRefusal(refusal: Reported, verb: string): void {
    const { reason } = refusal;
    this.refusedTotal++;
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
    this.report(refusal, verb);
  }

  private report({ reason, id, claims = {} }: Reported, verb: string): void {
    const taken = takeToken(this.reports, REPORT_RULE, this.options.clock.monotonicMs());
    this.reports = taken.bucket;
    if (!taken.granted) {
      this.suppressed++;
      return;
    }
    const report = { reason, verb: shortVerb(verb), claims: askerOf(claims), suppressed: this.suppressed };
    this.suppressed = 0;
    this.options.security(id === undefined ? report : { ...report, request: id });
  }

  private send(verb: string, response: ResponsePayload, transaction: string | undefined): void {
    if (this.underWay >= ANSWERS_UNDER_WAY_MAX) {
      this.answersLost++;
      return;
    }
    const body = transaction === undefined ? response : { ...response, transaction };
    const topic = topicFor(contract.response, { station: this.options.station, verb });
    this.underWay++;
    let settled = false;
    this.options.link.publish(topic, JSON.stringify(body), { qos: 1, retain: false }, (failure) => {
      if (settled) return;
      settled = true;
      this.underWay--;
      // Not sent again: whoever misses an answer asks with the same id.
      if (failure !== undefined) this.answersLost++;
    });
  }
}

/** What goes out; the same answer has the same words before a restart and after it. */
function responseOf({ id, status, reason, data }: Omit<RequestAnswer, "verb">): ResponsePayload {
  const message = reason === undefined ? undefined : wordsOf(reason);
  return {
    id,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(data === undefined ? {} : { data: { ...data } }),
  };
}

function shortVerb(verb: string): string {
  return verb.slice(0, 32).replace(/[^a-z0-9-]/g, "");
}

export function createRequests(options: RequestsOptions): Requests {
  return new RequestDesk(options);
}
