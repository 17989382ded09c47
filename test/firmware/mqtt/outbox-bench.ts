/** An outbox on a link and a log that answer when a test says so: at once, late, twice, out of order, or never. */
import { createOutbox } from "../../../firmware/mqtt/outbox.ts";
import type { OutboxBatch, OutboxMessage } from "../../../firmware/mqtt/outbox-source.ts";
import type { BrokerLink } from "../../../hal/ports/broker-link.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";

type PublishHow = Parameters<BrokerLink["publish"]>[2];
type Settle = (failure: string | undefined) => void;

export const messageOf = (n: number): OutboxMessage => ({ n, topic: "t", payload: String(n) });
export const batchOf = (from: number, to: number, complete: boolean): OutboxBatch => {
  const messages = Array.from({ length: Math.max(0, to - from + 1) }, (_unused, at) => messageOf(from + at));
  return { messages, lastN: to, complete };
};

/** A log of `newest` messages whose reads are answered by hand, or at once. */
export function bench(
  newest: number,
  options: {
    readonly reads?: "at-once" | "by-hand";
    readonly cursor?: number;
    readonly urgent?: readonly number[];
  } = {},
) {
  const { reads = "at-once", cursor = 0, urgent = [] } = options;
  const clock = createVirtualClock({ wallStartMs: 0 });
  const sent: number[] = [];
  const ways: PublishHow[] = [];
  const settles: Settle[] = [];
  const asked: { after: number; done: (batch: OutboxBatch) => void }[] = [];
  const urgentAsked: { after: number; limit: number; done: (batch: OutboxBatch) => void }[] = [];
  const marks: number[] = [];
  let atOnce = false;
  const state = { newest };
  const outbox = createOutbox({
    clock,
    cursor,
    newest,
    link: {
      publish: (_topic, payload, how, done) => {
        ways.push(how);
        sent.push(Number(payload));
        if (atOnce) done(undefined);
        else settles.push(done);
      },
    },
    source: {
      read(after, limit, done) {
        if (reads === "by-hand") asked.push({ after, done });
        else done(batchOf(after + 1, Math.min(after + limit, state.newest), after + limit >= state.newest));
      },
      readUrgent: (after, limit, done) => urgentAsked.push({ after, limit, done }),
      urgentAtStart: () => urgent.map(messageOf),
      acknowledged: (n) => marks.push(n),
    },
  });
  return {
    clock,
    outbox,
    sent,
    ways,
    settles,
    asked,
    urgentAsked,
    marks,
    state,
    answerAtOnce: () => {
      atOnce = true;
    },
    pass: (ms: number) => void clock.runUntil(clock.monotonicMs() + ms),
    settle: (at: number, failure?: string) => settles[at]?.(failure),
  };
}
