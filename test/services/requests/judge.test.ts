import { describe, expect, test } from "vitest";
import type { ResponsePayload } from "../../../services/contract/request-payloads.ts";
import { openToAll } from "../../../services/requests/asker.ts";
import {
  judgeRequest,
  type Recalled,
  type RequestContext,
  type RequestMessage,
  refusalResponse,
} from "../../../services/requests/judge.ts";

const NOW = 1_769_835_900_000;
const encoder = new TextEncoder();
const lockOut = { id: "op-1", expiresAt: NOW + 60_000, bay: 3, lockOut: "operator", reason: "connector worn" };

function message(verb: string, payload: unknown, more: Partial<RequestMessage> = {}): RequestMessage {
  const bytes = encoder.encode(typeof payload === "string" ? payload : JSON.stringify(payload));
  return { topic: `yizhan/1/liaoyuan/request/${verb}`, verb, payload: bytes, retained: false, ...more };
}

function context(more: Partial<RequestContext> = {}): RequestContext {
  return {
    station: "liaoyuan",
    policy: openToAll,
    lastSeq: () => undefined,
    verify: () => false,
    wallMs: NOW,
    wallSynchronised: true,
    recall: () => undefined,
    forgottenUntilMs: Number.NEGATIVE_INFINITY,
    ...more,
  };
}

describe("a request that may be considered", () => {
  test("is handed on with its verb and its expiry as a number", () => {
    expect(judgeRequest(message("lock-out", lockOut), context())).toEqual({
      is: "accepted",
      accepted: { verb: "lock-out", expiresAtMs: NOW + 60_000, request: lockOut },
    });
  });

  test("may write its expiry as ISO 8601, with an offset too", () => {
    const judgement = judgeRequest(
      message("lock-out", { ...lockOut, expiresAt: "2026-01-31T13:06:00+08:00" }),
      context(),
    );
    expect(judgement).toMatchObject({ is: "accepted", accepted: { expiresAtMs: Date.parse("2026-01-31T05:06:00Z") } });
  });

  test("changes nothing about the station when the clock is not trusted: a snapshot is still served", () => {
    const judgement = judgeRequest(
      message("snapshot", { id: "s", expiresAt: 1 }),
      context({ wallSynchronised: false }),
    );
    expect(judgement.is).toBe("accepted");
  });
});

describe("a request is refused", () => {
  const deep = `{"id":"op-1","x":${"[".repeat(8)}${"]".repeat(8)}}`;
  const cases: readonly (readonly [string, string, RequestMessage, Partial<RequestContext>])[] = [
    ["when the broker kept it", "retained", message("lock-out", lockOut, { retained: true }), {}],
    ["when its topic is over-long", "topic-too-long", message("lock-out", lockOut, { topic: "x".repeat(201) }), {}],
    ["when it is 100 kB", "too-large", message("lock-out", { ...lockOut, reason: "x".repeat(100_000) }), {}],
    ["when its JSON is nine deep", "too-deep", message("lock-out", deep), {}],
    ["when it is half a JSON", "malformed", message("lock-out", '{"id":"op-1",'), {}],
    ["when it is empty", "malformed", message("lock-out", ""), {}],
    ["when it is a list", "malformed", message("lock-out", "[1]"), {}],
    ["when it is null", "malformed", message("lock-out", "null"), {}],
    [
      "when it is not UTF-8",
      "malformed",
      message("lock-out", lockOut, { payload: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d) }),
      {},
    ],
    ["when nobody knows the verb", "unknown-verb", message("unlock", lockOut), {}],
    ["when the verb is a property of every object", "unknown-verb", message("constructor", lockOut), {}],
    ["when a field is missing", "bad-request", message("lock-out", { ...lockOut, reason: undefined }), {}],
    ["when a field is too many", "bad-request", message("lock-out", { ...lockOut, force: true }), {}],
    ["when the bay is no number", "bad-request", message("lock-out", { ...lockOut, bay: "3" }), {}],
    [
      "when it does not say until when it holds",
      "bad-request",
      message("lock-out", { ...lockOut, expiresAt: undefined }),
      {},
    ],
    [
      "when its expiry is no moment",
      "bad-request",
      message("lock-out", { ...lockOut, expiresAt: "2026-02-30T00:00:00Z" }),
      {},
    ],
    ["when it is 6 h late", "expired", message("lock-out", { ...lockOut, expiresAt: NOW - 21_600_000 }), {}],
    ["in the very moment it expires", "expired", message("lock-out", { ...lockOut, expiresAt: NOW }), {}],
    [
      "when it would hold for longer than 5 min",
      "expires-too-late",
      message("lock-out", { ...lockOut, expiresAt: NOW + 300_001 }),
      {},
    ],
    [
      "when the clock is not trusted and it would act",
      "clock-unsynchronised",
      message("lock-out", lockOut),
      { wallSynchronised: false },
    ],
    ["when it may have been forgotten", "expired", message("lock-out", lockOut), { forgottenUntilMs: NOW + 60_000 }],
    [
      "when its id was used for another verb",
      "id-reused",
      message("lock-out", lockOut),
      { recall: (): Recalled => ({ verb: "snapshot", expiresAtMs: NOW, response: undefined }) },
    ],
  ];
  test.each(cases)("%s (%s)", (_when, reason, asked, around) => {
    expect(judgeRequest(asked, context(around))).toMatchObject({ is: "refused", reason });
  });

  test("with an answer in two languages when its id could be read", () => {
    const judgement = judgeRequest(
      message("lock-out", { ...lockOut, transaction: "t", expiresAt: NOW - 1 }),
      context(),
    );
    if (judgement.is !== "refused") throw new Error("not refused");
    expect(refusalResponse(judgement)).toEqual({
      id: "op-1",
      transaction: "t",
      status: "refused",
      reason: "expired",
      message: { zh: "请求已过期", en: "The request has expired." },
    });
  });

  test.each([{}, { id: 7 }, { id: "a/b" }, { id: "+".repeat(3) }, { id: "x".repeat(65) }])(
    "without an answer when the id is %j, because nobody could be named",
    (value) => {
      const judgement = judgeRequest(message("lock-out", { ...lockOut, id: undefined, ...value }), context());
      if (judgement.is !== "refused") throw new Error("not refused");
      expect(refusalResponse(judgement)).toBeUndefined();
    },
  );
});

test("the same id asked again gets the same answer, even after it expired, and does not act", () => {
  const response: ResponsePayload = { id: "op-1", status: "ok" };
  const recalled: Recalled = { verb: "lock-out", expiresAtMs: NOW, response };
  const late = context({ wallMs: NOW + 3_600_000, recall: (id) => (id === "op-1" ? recalled : undefined) });
  expect(judgeRequest(message("lock-out", lockOut), late)).toEqual({
    is: "repeated",
    verb: "lock-out",
    recalled,
    claims: {},
  });
});
