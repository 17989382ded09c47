/** The log seen as an outbox, page by page: what is a message, what is urgent, and what is handed on when nothing can be read. */
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import { eventMessage, logSource } from "../../../firmware/mqtt/log-source.ts";
import type { OutboxBatch } from "../../../firmware/mqtt/outbox-source.ts";

describe("the log as a source", () => {
  const entry: LogEntry = {
    n: 4,
    at: 1_769_835_900_000,
    clock: "ntp",
    boot: "b",
    record: { kind: "help" },
    publish: { kind: "help", stream: "help", seq: 1, data: { event_type: "called", amenity: "help" } },
  };
  const names = { logId: "log", station: "s" };
  const publish = entry.publish as NonNullable<LogEntry["publish"]>;
  const swap = { ...entry, n: 5, publish: { ...publish, kind: "swap" } };
  const unsayable = { ...entry, n: 6, publish: { ...publish, stream: "a/b" } };
  const { publish: _none, ...silent } = { ...entry, n: 7 };

  function source(
    answer: { readonly entries: readonly LogEntry[] } | { readonly failure: { readonly message: string } },
    delivered = 0,
  ) {
    const told: number[] = [];
    const made = logSource({
      ...names,
      log: { readOutbox: (_after, _limit, done) => done(answer), outboxAcknowledged: (n) => told.push(n) },
      found: { entries: [entry, swap, unsayable, silent], delivered },
      unsendable: (left) => told.push(-left.n),
    });
    const read = (way: "read" | "readUrgent", after: number, limit: number) => {
      let got: OutboxBatch | undefined;
      made[way](after, limit, (batch) => {
        got = batch;
      });
      return got;
    };
    return { made, told, read };
  }

  test("says what cannot be a message, and why", () => {
    expect(eventMessage(silent, names)).toBe("it publishes nothing");
    expect(eventMessage({ ...entry, publish: { ...publish, data: { amenity: "help" } } }, names)).toContain(
      "event_type",
    );
  });

  test("gives the urgent ones alone, leaves what has no form to the other reading, and tells how far it looked", () => {
    const { read, told } = source({ entries: [entry, swap, unsayable, silent] });
    expect(read("readUrgent", 0, 4)).toMatchObject({ messages: [{ n: 4 }], lastN: 7, complete: false });
    expect(read("readUrgent", 0, 5)).toMatchObject({ complete: true });
    expect(told).toEqual([]);
    const none = source({ entries: [] });
    expect(none.read("readUrgent", 3, 5)).toEqual({ messages: [], lastN: 3, complete: true });
    expect(none.read("read", 3, 5)).toEqual({ messages: [], lastN: 3, complete: true });
  });

  test("hands on that a page cannot be read", () => {
    const broken = source({ failure: { message: "EIO" } });
    expect([broken.read("read", 0, 5), broken.read("readUrgent", 0, 5)]).toEqual([
      { failure: "EIO" },
      { failure: "EIO" },
    ]);
  });

  test("finds at the start the urgent ones that are not known to be delivered, and hands the marks on", () => {
    expect(source({ entries: [] }).made.urgentAtStart()).toMatchObject([{ n: 4 }]);
    expect(source({ entries: [] }, 3).made.urgentAtStart()).toMatchObject([{ n: 4 }]);
    const delivered = source({ entries: [] }, 4);
    expect(delivered.made.urgentAtStart()).toEqual([]);
    delivered.made.acknowledged(4);
    expect(delivered.told).toEqual([4]);
    const log = { readOutbox: () => {}, outboxAcknowledged: () => {} };
    expect(logSource({ ...names, log, unsendable: () => {} }).urgentAtStart()).toEqual([]);
  });
});
