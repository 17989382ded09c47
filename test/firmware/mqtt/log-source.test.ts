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

test.each<[string, Partial<typeof publish>, string]>([
  ["of a kind nobody knows", { kind: "gossip" }, "no such kind of event: gossip"],
  ["with a stream that is no id", { stream: "a/b" }, "not an id: a/b"],
  ["whose data is a text", { data: "started" }, "its data is no object"],
  ["whose data is nothing", { data: null }, "its data is no object"],
  ["whose data has no type", { data: { swap: "s-3" } }, "its data names no event_type"],
])("an entry %s is told with the reason", (_which, wrong, why) => {
  expect(eventMessage({ ...entry, publish: { ...publish, ...wrong } }, names)).toBe(why);
});

test("a page ends at its last entry, or where it began when it is empty; nothing is urgent where nothing was found", () => {
  const page = (...numbers: readonly number[]) => {
    const entries = numbers.map((n) => ({ ...entry, n }));
    const log = {
      readOutbox: (_after: number, _limit: number, done: (page: { entries: LogEntry[] }) => void) => done({ entries }),
      outboxAcknowledged: () => {},
    };
    const source = logSource({ ...names, log, unsendable: () => {} });
    const ends: unknown[] = [];
    const note = (batch: OutboxBatch) => ends.push("failure" in batch ? batch : [batch.lastN, batch.complete]);
    source.read(4, 3, note);
    source.readUrgent(4, 3, note);
    expect(source.urgentAtStart()).toEqual([]);
    return ends;
  };
  expect(page(7, 8, 9)).toEqual(new Array(2).fill([9, false]));
  expect(page(7)).toEqual(new Array(2).fill([7, true]));
  expect(page()).toEqual(new Array(2).fill([4, true]));
});
