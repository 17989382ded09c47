import { expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import { eventMessage, logSource } from "../../../firmware/mqtt/log-source.ts";
import type { OutboxBatch } from "../../../firmware/mqtt/outbox-source.ts";

const entry: LogEntry = {
  n: 4711,
  at: Date.parse("2026-01-31T05:06:07.890Z"),
  clock: "ntp",
  boot: "b7f3",
  record: { kind: "swap-ended" },
  publish: { kind: "swap", stream: "swap", seq: 12, data: { event_type: "completed", swap: "s-3", cabinet: "a" } },
};
const names = { logId: "0af1", station: "liaoyuan" };

test("an entry becomes one event with an id that stays the same", () => {
  const message = eventMessage(entry, names);
  if (typeof message === "string") throw new Error(message);
  expect(message.topic).toBe("yizhan/1/liaoyuan/event/swap");
  expect(JSON.parse(message.payload)).toEqual({
    event_type: "completed",
    id: "0af1-4711",
    stream: "swap",
    seq: 12,
    at: "2026-01-31T05:06:07.890Z",
    clock: "ntp",
    data: { swap: "s-3", cabinet: "a" },
  });
  expect(eventMessage(structuredClone(entry), names)).toEqual(message);
});

const publish = entry.publish as NonNullable<LogEntry["publish"]>;
const cases: readonly (readonly [string, Partial<typeof publish>])[] = [
  ["of a kind nobody knows", { kind: "gossip" }],
  ["of a kind that is a property of every object", { kind: "toString" }],
  ["with a stream that is no id", { stream: "a/b" }],
  ["without a type", { data: { swap: "s-3" } }],
  ["without data", { data: null }],
];
test.each(cases)("an entry %s is left out and reported, and does not hold up the others", (_which, wrong) => {
  const bad = { ...entry, n: 1, publish: { ...publish, ...wrong } };
  const reported: number[] = [];
  const source = logSource({
    ...names,
    log: {
      readOutbox: (_after, _limit, done) => done({ entries: [bad, { ...entry, n: 2 }] }),
      outboxAcknowledged: () => {},
    },
    unsendable: (left) => reported.push(left.n),
  });
  let batch: OutboxBatch | undefined;
  source.read(0, 2, (result) => {
    batch = result;
  });
  expect(reported).toEqual([1]);
  expect(batch).toMatchObject({ messages: [{ n: 2 }], lastN: 2, complete: false });
});
