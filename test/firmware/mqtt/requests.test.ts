import { describe, expect, test } from "vitest";
import {
  createRequests,
  type RememberedAnswer,
  type Requests,
  type SecurityReport,
} from "../../../firmware/mqtt/requests.ts";
import type { ResponsePayload } from "../../../services/contract/request-payloads.ts";
import type { AcceptedRequest } from "../../../services/requests/judge.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";
import { everybody } from "../../support/asking.ts";

const START = 1_769_835_900_000;

interface Bench {
  readonly clock: VirtualClock;
  readonly requests: Requests;
  readonly accepted: AcceptedRequest[];
  readonly reports: SecurityReport[];
  readonly answers: { readonly topic: string; readonly body: ResponsePayload }[];
  /** Whether the station answers at once. */
  prompt: boolean;
  ask(verb: string, payload: unknown, retained?: boolean): void;
}

function createBench(remembered: readonly RememberedAnswer[] = []): Bench {
  const clock = createVirtualClock({ wallStartMs: START });
  const accepted: AcceptedRequest[] = [];
  const reports: SecurityReport[] = [];
  const answers: Bench["answers"] = [];
  const requests = createRequests({
    clock,
    station: "s",
    remembered,
    asking: everybody,
    link: {
      publish(topic, payload, _how, done) {
        answers.push({ topic, body: JSON.parse(payload) });
        done(undefined);
      },
    },
    accepted(request) {
      accepted.push(request);
      if (bench.prompt) requests.answer({ id: request.request.id, verb: request.verb, status: "ok" });
    },
    security: (report) => reports.push(report),
  });
  const encoder = new TextEncoder();
  const bench: Bench = {
    clock,
    requests,
    accepted,
    reports,
    answers,
    prompt: true,
    ask(verb, payload, retained = false) {
      const text = typeof payload === "string" ? payload : JSON.stringify(payload);
      requests.received({ topic: `yizhan/1/s/request/${verb}`, payload: encoder.encode(text), retained });
    },
  };
  return bench;
}

const lockOut = (id: string, more: object = {}): object => ({
  id,
  expiresAt: START + 60_000,
  bay: 3,
  lockOut: "operator",
  reason: "connector worn",
  ...more,
});

describe("an operator's request", () => {
  test("acts once and is answered on the topic of its verb, with the asker's transaction", () => {
    const bench = createBench();
    bench.ask("lock-out", lockOut("a", { transaction: "t-1" }));
    expect(bench.accepted).toHaveLength(1);
    expect(bench.answers).toEqual([
      { topic: "yizhan/1/s/response/lock-out", body: { id: "a", status: "ok", transaction: "t-1" } },
    ]);
  });

  test("asked twice acts once and gets the same answer twice", () => {
    const bench = createBench();
    bench.ask("lock-out", lockOut("a"));
    bench.clock.runUntil(3_600_000);
    bench.ask("lock-out", lockOut("a"));
    expect(bench.accepted).toHaveLength(1);
    expect(bench.answers).toHaveLength(2);
    expect(bench.answers[1]).toEqual(bench.answers[0]);
  });

  test("asked again while the station still works on it gets the one answer when that is ready", () => {
    const bench = createBench();
    bench.prompt = false;
    bench.ask("lock-out", lockOut("a"));
    bench.ask("lock-out", lockOut("a"));
    expect(bench.answers).toEqual([]);
    bench.requests.answer({ id: "a", verb: "lock-out", status: "refused", reason: "bay-unknown" });
    expect(bench.accepted).toHaveLength(1);
    expect(bench.answers.map(({ body }) => body)).toEqual([{ id: "a", status: "refused", reason: "bay-unknown" }]);
  });

  test("answered before a crash is not done again after it", () => {
    const bench = createBench([{ id: "a", verb: "lock-out", status: "refused", reason: "bay-unknown" }]);
    bench.ask("lock-out", lockOut("a"));
    expect(bench.accepted).toEqual([]);
    expect(bench.answers[0]?.body).toEqual({ id: "a", status: "refused", reason: "bay-unknown" });
  });

  test("that expired is refused and may be asked anew with the same id, because nothing was done", () => {
    const bench = createBench();
    bench.ask("lock-out", lockOut("a", { expiresAt: START - 1 }));
    bench.ask("lock-out", lockOut("a"));
    expect(bench.answers.map(({ body }) => body.status)).toEqual(["refused", "ok"]);
  });

  test("replayed after the clock jumped back two weeks is not revived once it was forgotten", () => {
    const bench = createBench();
    bench.ask("lock-out", lockOut("old"));
    // A thousand later requests push the expired one out of the memory.
    for (let minute = 1; minute <= 1_000; minute++) {
      bench.clock.runUntil(minute * 60_000);
      bench.ask("lock-out", lockOut(`m-${minute}`, { expiresAt: START + minute * 60_000 + 30_000 }));
    }
    expect(bench.accepted).toHaveLength(1_001);
    bench.clock.jumpWall(-1_000 * 60_000);
    bench.ask("lock-out", lockOut("old"));
    expect(bench.accepted).toHaveLength(1_001);
    expect(bench.answers.at(-1)?.body).toMatchObject({ id: "old", status: "refused", reason: "expired" });
  });

  test("is refused when the memory is full of requests that could still be replayed", () => {
    const bench = createBench();
    for (let index = 0; index < 1_001; index++) {
      bench.clock.runUntil(index * 60);
      bench.ask("lock-out", lockOut(`i-${index}`, { expiresAt: START + 300_000 }));
    }
    expect(bench.accepted).toHaveLength(1_000);
    expect(bench.answers.at(-1)?.body).toMatchObject({ status: "refused", reason: "memory-full" });
  });

  test("that changes nothing never fills the memory for those that do", () => {
    const bench = createBench();
    for (let index = 0; index < 2_000; index++) {
      bench.clock.runUntil(index * 60);
      bench.ask("snapshot", { id: `i-${index}`, expiresAt: START + index * 60 + 300_000 });
    }
    bench.ask("lock-out", lockOut("a", { expiresAt: START + 2_000 * 60 + 60_000 }));
    expect(bench.accepted).toHaveLength(2_001);
  });
});

describe("a refusal", () => {
  test.each([
    ["a retained request", "lock-out", lockOut("a"), true, "retained"],
    ["half a JSON", "lock-out", '{"id":"a"', false, "malformed"],
    ["100 kB", "lock-out", lockOut("a", { reason: "x".repeat(100_000) }), false, "too-large"],
    ["an unknown verb", "unlock", lockOut("a"), false, "unknown-verb"],
    ["a wrong field", "lock-out", lockOut("a", { bay: 0 }), false, "bad-request"],
  ] as const)("of %s is counted and reported, and nothing is done", (...row) => {
    const [, verb, payload, retained, reason] = row;
    const bench = createBench();
    bench.ask(verb, payload, retained);
    expect(bench.accepted).toEqual([]);
    expect(bench.reports).toMatchObject([{ reason, verb, suppressed: 0 }]);
    expect(bench.requests.stats()).toMatchObject({ refused: { [reason]: 1 }, refusedTotal: 1 });
    for (const { body } of bench.answers) expect(body).toMatchObject({ id: "a", status: "refused", reason });
  });

  test("of an unknown verb is answered under that verb, unless it could bend the topic", () => {
    const bench = createBench();
    bench.ask("unlock", lockOut("a"));
    bench.ask("Un+lock", lockOut("b"));
    expect(bench.answers.map(({ topic }) => topic)).toEqual(["yizhan/1/s/response/unlock"]);
    expect(bench.reports.map(({ verb }) => verb)).toEqual(["unlock", "nlock"]);
  });
});

describe("a flood of 1,000 requests a second", () => {
  test("passes 20 a second, and the rest is dropped unread", () => {
    const bench = createBench();
    for (let ms = 0; ms < 10_000; ms++) {
      bench.clock.runUntil(ms);
      bench.ask("snapshot", { id: `i-${ms}`, expiresAt: START + ms + 60_000 });
    }
    expect(bench.accepted.length).toBeLessThanOrEqual(40 + 200);
    expect(bench.accepted.length).toBeGreaterThan(230);
    expect(bench.requests.stats().refused["too-many"]).toBe(10_000 - bench.accepted.length);
  });

  test("of rubbish writes few security events, and each says how many it stands for", () => {
    const bench = createBench();
    for (let ms = 0; ms < 60_000; ms++) {
      bench.clock.runUntil(ms);
      bench.ask("lock-out", "rubbish", true);
    }
    expect(bench.reports.length).toBeLessThanOrEqual(10 + 12);
    const told = bench.reports.reduce((sum, report) => sum + 1 + report.suppressed, 0);
    const last = bench.reports.at(-1);
    expect(last?.suppressed).toBeGreaterThan(1_000);
    expect(told).toBeGreaterThan(50_000);
  });
});
