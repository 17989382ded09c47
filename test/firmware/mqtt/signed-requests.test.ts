import { describe, expect, test } from "vitest";
import { orderOf, refusedRecord } from "../../../firmware/mqtt/orders.ts";
import {
  type Asking,
  createRequests,
  type RememberedAnswer,
  type SecurityReport,
} from "../../../firmware/mqtt/requests.ts";
import type { ResponsePayload, Verb } from "../../../services/contract/request-payloads.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { publicationOf } from "../../../services/publication.ts";
import type { AcceptedRequest } from "../../../services/requests/judge.ts";
import { refusalWords, securityTypeOf, securityTypes } from "../../../services/requests/reasons.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { makeAsker, only, signedBy } from "../../support/asking.ts";

const START = 1_769_835_900_000;
const ling = makeAsker("ling", "operator");
const chen = makeAsker("chen", "technician");

function desk(more: { remembered?: readonly RememberedAnswer[]; sequences?: Asking["sequences"] } = {}) {
  const clock = createVirtualClock({ wallStartMs: START });
  const accepted: AcceptedRequest[] = [];
  const answers: ResponsePayload[] = [];
  const reports: SecurityReport[] = [];
  let verified = 0;
  const asking = only(ling, chen);
  const requests = createRequests({
    clock,
    station: "s",
    remembered: more.remembered ?? [],
    asking: {
      ...asking,
      sequences: more.sequences ?? {},
      verify: (...all) => {
        verified++;
        return asking.verify(...all);
      },
    },
    link: {
      publish(_topic, payload, _how, done) {
        answers.push(JSON.parse(payload));
        done(undefined);
      },
    },
    accepted(request) {
      accepted.push(request);
      requests.answer({ id: request.request.id, verb: request.verb, status: "ok" });
    },
    security: (report) => reports.push(report),
  });
  const send = (verb: string, payload: unknown, retained = false) => {
    clock.runUntil(clock.monotonicMs() + 1_000);
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    requests.received({ topic: `yizhan/1/s/request/${verb}`, payload: new TextEncoder().encode(text), retained });
    return answers.at(-1)?.reason ?? answers.at(-1)?.status;
  };
  return { send, accepted, answers, reports, verified: () => verified };
}

const lockOut = (seq: number, more: object = {}) => ({
  id: `op-${seq}`,
  expiresAt: START + 120_000,
  bay: 3,
  lockOut: "operator",
  reason: "connector worn",
  seq,
  ...more,
});
const signed = (verb: Verb, payload: Record<string, unknown>, asker = ling) =>
  signedBy(asker, { station: "s", verb }, payload);

describe("a station that knows keys", () => {
  test("acts upon a signed order with the asker's key, role and number, and on nothing unsigned", () => {
    const { send, accepted } = desk();
    expect(send("lock-out", lockOut(1))).toBe("unsigned");
    expect(send("lock-out", signed("lock-out", lockOut(2, { by: "desk", station: "s" })))).toBe("ok");
    const [first] = accepted;
    if (first === undefined || first.verb === "snapshot") throw new Error("not accepted");
    expect(orderOf(first)).toEqual({
      verb: "lock-out",
      id: "op-2",
      expiresAt: START + 120_000,
      by: "desk",
      key: "ling",
      role: "operator",
      seq: 2,
      bay: 3,
      lockOut: "operator",
      reason: "connector worn",
    });
  });

  test("takes numbers only upwards, key by key, and answers a repetition as it did", () => {
    const { send, accepted, answers } = desk();
    const fifth = signed("lock-out", lockOut(5));
    expect(send("lock-out", fifth)).toBe("ok");
    expect(send("lock-out", signed("lock-out", lockOut(4)))).toBe("out-of-order");
    expect(send("lock-out", signed("lock-out", lockOut(5, { id: "other" })))).toBe("out-of-order");
    expect(send("lock-out", signed("lock-out", lockOut(4, { id: "of-chen" }), chen))).toBe("ok");
    expect(send("lock-out", signed("lock-out", lockOut(6)))).toBe("ok");
    expect(send("lock-out", fifth)).toBe("ok");
    expect(answers.at(-1)).toEqual(answers[0]);
    expect(accepted.map(({ request }) => request.id)).toEqual(["op-5", "of-chen", "op-6"]);
  });

  test("knows the last number of each key after a restart", () => {
    const { send } = desk({ sequences: { ling: 5 } });
    expect(send("lock-out", signed("lock-out", lockOut(5)))).toBe("out-of-order");
    expect(send("lock-out", signed("lock-out", lockOut(6)))).toBe("ok");
  });

  test("does not let a number that was refused hold up the next", () => {
    const { send } = desk();
    expect(send("lock-out", { ...signed("lock-out", lockOut(9)), bay: 4 })).toBe("bad-signature");
    expect(send("lock-out", signed("lock-out", lockOut(1)))).toBe("ok");
  });

  test("verifies one signature for one message, and none for what is refused for less", () => {
    const { send, verified } = desk();
    const good = signed("lock-out", lockOut(1));
    send("lock-out", good, true);
    send("lock-out", signed("lock-out", lockOut(2, { expiresAt: START - 1 })));
    send("lock-out", signed("lock-out", lockOut(2, { expiresAt: START + 900_000 })));
    send("lock-out", signed("lock-out", lockOut(2, { station: "other" })));
    send("lock-out", { ...good, reason: "x".repeat(20_000) });
    send("lock-out", `{"deep":${"[".repeat(9)}${"]".repeat(9)}}`);
    send("lock-out", { ...good, force: true });
    send("open", signed("open", { id: "o", expiresAt: START + 30_000, bay: 1, seq: 3 }));
    expect(verified()).toBe(0);
    expect(send("lock-out", good)).toBe("ok");
    expect(verified()).toBe(1);
    for (let time = 0; time < 5; time++) send("lock-out", good);
    expect(verified()).toBe(1);
  });

  test("says in the report who it was told to be, and never the signature", () => {
    const { send, reports } = desk();
    const good = signed("lock-out", lockOut(3, { by: "desk" }));
    send("lock-out", { ...good, bay: 9 });
    const [report] = reports;
    if (report === undefined) throw new Error("nothing reported");
    const record = refusedRecord(report);
    const claims = { by: "desk", key: "ling", role: "operator" };
    expect(record).toEqual({
      kind: "request-refused",
      reason: "bad-signature",
      verb: "lock-out",
      id: "op-3",
      suppressed: 0,
      ...claims,
    });
    const told = publicationOf(record, emptyDurable);
    expect(told).toMatchObject({ kind: "security", type: "broker-failed-to-authenticate", data: claims });
    expect(JSON.stringify([record, told])).not.toContain(String(good.signature));
  });

  test("takes nothing that may have been answered before the start and was forgotten since", () => {
    const remembered = Array.from({ length: 700 }, (_, n) => ({
      id: `old-${n}`,
      verb: "lock-out" as const,
      status: "ok" as const,
      expiresAtMs: START + 60_000,
    }));
    const { send } = desk({ remembered });
    const again = { ...lockOut(1), id: "old-0", expiresAt: START + 60_000 };
    expect(send("lock-out", signed("lock-out", again))).toBe("expired");
    expect(send("lock-out", signed("lock-out", lockOut(2)))).toBe("ok");
  });
});

describe("a refused request as a security event", () => {
  test.each([
    ["retained", "attempted-replay-attacks"],
    ["expired", "attempted-replay-attacks"],
    ["repeated", "attempted-replay-attacks"],
    ["out-of-order", "attempted-replay-attacks"],
    ["unsigned", "broker-failed-to-authenticate"],
    ["unknown-key", "broker-failed-to-authenticate"],
    ["bad-signature", "broker-failed-to-authenticate"],
    ["role-not-allowed", "broker-failed-to-authenticate"],
    ["same-person", "broker-failed-to-authenticate"],
    ["opens-per-hour", "broker-failed-to-authenticate"],
    ["wrong-station", "invalid-messages"],
    ["too-large", "invalid-messages"],
    ["a-reason-of-tomorrow", "invalid-messages"],
    ["constructor", "invalid-messages"],
  ])("for %s is %s", (reason, type) => {
    expect(securityTypeOf(reason)).toBe(type);
  });

  test("has a kind for every reason that has words for whoever asked", () => {
    for (const reason of Object.keys(securityTypes)) expect(refusalWords).toHaveProperty(reason);
  });
});
