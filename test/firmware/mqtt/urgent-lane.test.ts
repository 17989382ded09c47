/** The lane for what cannot wait, step by step: what it takes, what it forgets, and when it tries again. */
import { describe, expect, test } from "vitest";
import type { OutboxBatch, OutboxMessage } from "../../../firmware/mqtt/outbox-source.ts";
import { UrgentLane } from "../../../firmware/mqtt/urgent-lane.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";

type Settle = (failure: string | undefined) => void;

const messageOf = (n: number): OutboxMessage => ({ n, topic: "t", payload: String(n) });

describe("the urgent lane", () => {
  function lane(atStart: readonly OutboxMessage[] = []) {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const sent: number[] = [];
    const ways: unknown[] = [];
    const settles: Settle[] = [];
    const asked: { after: number; done: (batch: OutboxBatch) => void }[] = [];
    const urgent = new UrgentLane({
      clock,
      link: {
        publish: (_topic, payload, how, done) => {
          ways.push(how);
          sent.push(Number(payload));
          settles.push(done);
        },
      },
      source: { readUrgent: (after, _limit, done) => asked.push({ after, done }), urgentAtStart: () => atStart },
    });
    return { urgent, sent, ways, settles, asked, pass: (ms: number) => void clock.runUntil(clock.monotonicMs() + ms) };
  }
  const found = (...numbers: readonly number[]): OutboxBatch => ({
    messages: numbers.map(messageOf),
    lastN: 0,
    complete: true,
  });

  test("sends what was found at the start with the first connection, once, and remembers what was taken", () => {
    const { urgent, sent, settles } = lane([messageOf(7)]);
    expect(sent).toEqual([]);
    urgent.connected();
    urgent.connected();
    expect([sent, urgent.isDelivered(7)]).toEqual([[7], false]);
    settles[0]?.(undefined);
    settles[0]?.(undefined);
    expect([urgent.isDelivered(7), urgent.published]).toEqual([true, 1]);
  });

  test("looks back over the newest two hundred, and leaves to their turn what cannot be read", () => {
    const { urgent, sent, asked } = lane();
    urgent.connected();
    urgent.look(250);
    urgent.look(20);
    expect(asked.map(({ after }) => after)).toEqual([50, 0]);
    asked[0]?.done({ failure: "EIO" });
    expect(sent).toEqual([]);
    asked[1]?.done(found(12, 15));
    expect(sent).toEqual([12, 15]);
  });

  test("knows what it has, what was taken, and what the queue has passed", () => {
    const { urgent, sent, settles, asked } = lane();
    urgent.connected();
    urgent.look(9);
    asked[0]?.done(found(5, 9));
    settles[0]?.(undefined);
    urgent.look(9);
    asked[1]?.done(found(5, 9));
    expect(sent).toEqual([5, 9]);
    urgent.forget(9);
    urgent.look(9);
    asked[2]?.done(found(8, 9, 10));
    expect(sent).toEqual([5, 9, 10]);
    expect(urgent.isDelivered(5)).toBe(false);
  });

  test("forgets what the queue passed while it was on its way: its acknowledgement delivers nothing anew", () => {
    const { urgent, settles, asked } = lane();
    urgent.connected();
    urgent.look(9);
    asked[0]?.done(found(5, 9));
    urgent.forget(5);
    settles[0]?.(undefined);
    settles[1]?.(undefined);
    expect([urgent.isDelivered(5), urgent.isDelivered(9), urgent.published]).toEqual([false, true, 2]);
  });

  test("tries again a second after a refusal, once for all of them, on a link that is there", () => {
    const { urgent, sent, settles, pass } = lane([messageOf(1), messageOf(2)]);
    urgent.connected();
    settles[0]?.("no");
    pass(500);
    settles[1]?.("no");
    pass(499);
    expect(sent).toEqual([1, 2]);
    pass(1);
    expect(sent).toEqual([1, 2, 1, 2]);
    urgent.disconnected();
    settles[2]?.("gone");
    pass(5_000);
    expect(sent).toEqual([1, 2, 1, 2]);
    urgent.connected();
    expect(sent).toEqual([1, 2, 1, 2, 1]);
  });

  test("drops a pause that was begun when the connection goes, and begins another one later", () => {
    const { urgent, sent, settles, pass } = lane([messageOf(1)]);
    urgent.connected();
    settles[0]?.("no");
    urgent.disconnected();
    pass(5_000);
    expect(sent).toEqual([1]);
    urgent.connected();
    settles[1]?.("no");
    pass(1_000);
    expect(sent).toEqual([1, 1, 1]);
  });

  test("sends nothing before there is a connection, at least once and not retained after it", () => {
    const { urgent, sent, ways, asked } = lane();
    urgent.look(9);
    asked[0]?.done(found(5, 9));
    expect(sent).toEqual([]);
    urgent.connected();
    expect([sent, ways]).toEqual([[5, 9], new Array(2).fill({ qos: 1, retain: false })]);
  });

  test("forgets what the queue has passed before it was sent, to the last number, and nothing behind it", () => {
    const { urgent, sent } = lane([messageOf(5), messageOf(6), messageOf(7)]);
    urgent.forget(6);
    urgent.connected();
    expect(sent).toEqual([7]);
  });

  test("begins its pause anew with each connection: a refusal that came without one begins none", () => {
    const { urgent, sent, settles, pass } = lane([messageOf(1)]);
    urgent.connected();
    urgent.disconnected();
    settles[0]?.("gone");
    pass(900);
    urgent.connected();
    settles[1]?.("no");
    pass(999);
    expect(sent).toEqual([1, 1]);
    pass(1);
    expect(sent).toEqual([1, 1, 1]);
  });

  test("looks for nothing and sends nothing after the end", () => {
    const { urgent, sent, settles, asked, pass } = lane([messageOf(1)]);
    urgent.connected();
    urgent.stop();
    settles[0]?.("no");
    urgent.look(9);
    pass(5_000);
    urgent.connected();
    expect([sent, asked]).toEqual([[1], []]);
    const paused = lane([messageOf(1)]);
    paused.urgent.connected();
    paused.settles[0]?.("no");
    paused.urgent.stop();
    paused.pass(5_000);
    expect(paused.sent).toEqual([1]);
  });

  test("holds a hundred; what finds no place goes out in its turn", () => {
    const { urgent, sent, asked } = lane();
    urgent.connected();
    urgent.look(500);
    asked[0]?.done(found(...Array.from({ length: 101 }, (_unused, at) => at + 1)));
    expect(sent).toHaveLength(100);
  });
});
