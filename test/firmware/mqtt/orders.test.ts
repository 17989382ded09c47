import { describe, expect, test } from "vitest";
import { orderOf, rememberedAnswers } from "../../../firmware/mqtt/orders.ts";
import { createRequests } from "../../../firmware/mqtt/requests.ts";
import type { ResponsePayload } from "../../../services/contract/request-payloads.ts";
import { type Durable, emptyDurable } from "../../../services/journal/durable.ts";
import { wordsOf } from "../../../services/requests/reasons.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { everybody } from "../../support/asking.ts";

const START = 1_769_835_900_000;

test("an accepted message becomes an order: its expiry as a moment, and nothing that only the transport needs", () => {
  const request = { id: "a", transaction: "t", expiresAt: "2026-01-31T05:06:00Z", signature: "s", by: "desk", bay: 3 };
  expect(orderOf({ verb: "open", expiresAtMs: START + 60_000, request })).toEqual({
    verb: "open",
    id: "a",
    expiresAt: START + 60_000,
    by: "desk",
    bay: 3,
  });
});

/** A desk after a restart, and what it sends when a request comes in. */
function restarted(durable: Durable) {
  const clock = createVirtualClock({ wallStartMs: START });
  const accepted: string[] = [];
  const answers: ResponsePayload[] = [];
  const requests = createRequests({
    clock,
    station: "s",
    remembered: rememberedAnswers(durable),
    asking: everybody,
    link: {
      publish: (_topic, payload, _how, done) => {
        answers.push(JSON.parse(payload));
        done(undefined);
      },
    },
    accepted: ({ request }) => accepted.push(request.id),
    security: () => undefined,
  });
  const ask = (verb: string, request: object) =>
    requests.received({
      topic: `yizhan/1/s/request/${verb}`,
      payload: new TextEncoder().encode(JSON.stringify(request)),
      retained: false,
    });
  return { clock, accepted, answers, ask };
}

describe("after a restart", () => {
  const open = { id: "op-1", expiresAt: START + 50_000, bay: 2 };

  test("what was answered is answered again in the same words and with the same data, and acts on nothing", () => {
    const given = { id: "op-1", verb: "open", status: "ok", expiresAt: START + 50_000, data: { bay: 2 } };
    const refused = { id: "op-2", verb: "open", status: "refused", reason: "hot-pack", expiresAt: START + 50_000 };
    const { accepted, answers, ask } = restarted({ ...emptyDurable, answers: [given, refused] });
    for (let time = 0; time < 5; time++) ask("open", open);
    ask("open", { ...open, id: "op-2" });
    expect(accepted).toEqual([]);
    expect(answers.slice(0, 5)).toEqual(new Array(5).fill({ id: "op-1", status: "ok", data: { bay: 2 } }));
    expect(answers[5]).toEqual({ id: "op-2", status: "refused", reason: "hot-pack", message: wordsOf("hot-pack") });
  });

  test("what was taken and not answered is interrupted, from the first message on", () => {
    const taken = { "op-1": { verb: "open", at: START - 5_000, expiresAt: START + 50_000 } } as const;
    const { accepted, answers, ask } = restarted({
      ...emptyDurable,
      operators: { ...emptyDurable.operators, taken },
    });
    ask("open", open);
    expect(accepted).toEqual([]);
    expect(answers).toMatchObject([{ id: "op-1", status: "error", reason: "interrupted-by-restart" }]);
  });

  test("an id that expired long ago makes room and is refused as expired, not done", () => {
    const answers = Array.from({ length: 600 }, (_, n) => ({
      id: `old-${n}`,
      verb: "open",
      status: "ok",
      expiresAt: START - 86_400_000,
    }));
    const desk = restarted({ ...emptyDurable, answers });
    desk.ask("open", { id: "old-0", expiresAt: START - 86_400_000, bay: 2 });
    expect(desk.accepted).toEqual([]);
    expect(desk.answers).toMatchObject([{ reason: "expired" }]);
  });

  test("an answer to a verb that this controller does not know is no answer of ours", () => {
    const answers = [{ id: "a", verb: "fly", status: "ok" }];
    expect(rememberedAnswers({ ...emptyDurable, answers })).toEqual([]);
  });
});
