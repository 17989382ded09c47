/** The outbox step by step, on a link and a log that answer when a test says so: at once, late, twice, out of order, or never. */
import { describe, expect, test } from "vitest";
import { IN_FLIGHT_MAX } from "../../../firmware/mqtt/outbox.ts";
import { batchOf, bench, messageOf } from "./outbox-bench.ts";

describe("the window", () => {
  test("sends as many as may be in flight, in order, and the next for each that is acknowledged", () => {
    const { outbox, sent, settle, marks } = bench(IN_FLIGHT_MAX + 10);
    outbox.connected();
    expect(sent).toEqual(Array.from({ length: IN_FLIGHT_MAX }, (_unused, at) => at + 1));
    settle(0);
    expect(sent.at(-1)).toBe(IN_FLIGHT_MAX + 1);
    expect([marks, outbox.stats()]).toEqual([
      [1],
      { queued: IN_FLIGHT_MAX + 9, inFlight: IN_FLIGHT_MAX, published: 1, failed: 0, readFailures: 0, waitingMs: 0 },
    ]);
  });

  test("moves its cursor over what is acknowledged without a gap, whatever the order", () => {
    const { outbox, settle, marks } = bench(3);
    outbox.connected();
    settle(1);
    expect([marks, outbox.stats().queued]).toEqual([[], 3]);
    settle(0);
    expect([marks, outbox.stats().queued]).toEqual([[2], 1]);
    settle(2);
    expect([marks, outbox.stats()]).toMatchObject([[2, 3], { queued: 0, waitingMs: 0 }]);
  });

  test("counts one acknowledgement that comes twice once", () => {
    const { outbox, settle } = bench(2);
    outbox.connected();
    settle(0);
    settle(0);
    expect(outbox.stats()).toMatchObject({ published: 1, inFlight: 1, queued: 1 });
  });

  test("is one loop also on a link that answers within its own call", () => {
    const { outbox, sent, answerAtOnce, marks } = bench(120);
    answerAtOnce();
    outbox.connected();
    expect(sent).toEqual(Array.from({ length: 120 }, (_unused, at) => at + 1));
    expect([marks.at(-1), outbox.stats()]).toMatchObject([120, { queued: 0, inFlight: 0, published: 120 }]);
  });
});

describe("a message that was not taken", () => {
  test("is sent again a second after the others in flight have settled, and they are not", () => {
    const { outbox, sent, settle, pass, marks } = bench(3);
    outbox.connected();
    settle(0, "no");
    settle(1);
    pass(5_000);
    expect(sent).toEqual([1, 2, 3]);
    settle(2);
    pass(999);
    expect(sent).toEqual([1, 2, 3]);
    pass(1);
    expect(sent).toEqual([1, 2, 3, 1]);
    settle(3);
    expect([marks, outbox.stats()]).toMatchObject([[3], { failed: 1, published: 3, queued: 0 }]);
  });

  test("is passed over with what was acknowledged behind it, on a link that answers within its own call", () => {
    const { outbox, settle, sent, answerAtOnce, marks, pass } = bench(3);
    outbox.connected();
    settle(0, "no");
    settle(1);
    settle(2);
    answerAtOnce();
    pass(1_000);
    expect([sent, marks, outbox.stats().queued]).toEqual([[1, 2, 3, 1], [3], 0]);
  });

  test("is not sent on a link that is gone, nor after the end; the next connection begins at the cursor", () => {
    const gone = bench(1);
    gone.outbox.connected();
    gone.outbox.disconnected();
    gone.settle(0, "gone");
    gone.pass(10_000);
    expect(gone.sent).toEqual([1]);
    gone.outbox.connected();
    expect(gone.sent).toEqual([1, 1]);
    const stopped = bench(1);
    stopped.outbox.connected();
    stopped.settle(0, "no");
    stopped.outbox.stop();
    stopped.pass(10_000);
    stopped.outbox.noticed(2);
    expect(stopped.sent).toEqual([1]);
  });

  test("waits no longer when the connection is told again; the pause that was begun then starts nothing twice", () => {
    const { outbox, settle, sent, pass } = bench(1);
    outbox.connected();
    settle(0, "no");
    outbox.connected();
    expect(sent).toEqual([1, 1]);
    pass(1_000);
    expect(sent).toEqual([1, 1]);
  });

  test("of an earlier connection is waited for before the next one begins", () => {
    const { outbox, settle, sent, pass } = bench(2);
    outbox.connected();
    outbox.disconnected();
    outbox.connected();
    expect(sent).toEqual([1, 2]);
    settle(0, "gone");
    settle(1);
    pass(1_000);
    expect(sent).toEqual([1, 2, 1]);
  });
});

describe("news of the log", () => {
  test("that is not new changes nothing; new news is sent", () => {
    const { outbox, sent, state, settle } = bench(1);
    outbox.connected();
    outbox.noticed(1);
    outbox.noticed(0);
    expect(outbox.stats().queued).toBe(1);
    state.newest = 2;
    outbox.noticed(2);
    expect([sent, outbox.stats().queued]).toEqual([[1, 2], 2]);
    settle(0);
    settle(1);
    expect(outbox.stats().queued).toBe(0);
  });

  test("tells how long something waits, from when nothing did", () => {
    const { outbox, pass, settle, state } = bench(0);
    pass(7_000);
    expect(outbox.stats().waitingMs).toBe(0);
    state.newest = 2;
    outbox.noticed(2);
    pass(3_000);
    expect(outbox.stats()).toMatchObject({ queued: 2, waitingMs: 3_000 });
    outbox.noticed(3);
    expect(outbox.stats().waitingMs).toBe(3_000);
    outbox.connected();
    pass(1_000);
    settle(0);
    expect(outbox.stats()).toMatchObject({ queued: 2, waitingMs: 0 });
  });

  test("that is urgent asks for the newest at once only while many wait in front of it", () => {
    const few = bench(10, { reads: "by-hand" });
    few.outbox.noticed(11, true);
    expect(few.urgentAsked).toEqual([]);
    const many = bench(IN_FLIGHT_MAX, { reads: "by-hand" });
    many.outbox.noticed(IN_FLIGHT_MAX + 1, true);
    expect(many.urgentAsked).toMatchObject([{ after: 0, limit: 200 }]);
    many.outbox.noticed(IN_FLIGHT_MAX + 2);
    expect(many.urgentAsked).toHaveLength(1);
    const full = bench(IN_FLIGHT_MAX);
    full.outbox.connected();
    full.outbox.noticed(IN_FLIGHT_MAX + 1, true);
    expect(full.urgentAsked).toHaveLength(1);
  });
});

describe("reading on", () => {
  test("asks once at a time, and not while a whole window and more waits", () => {
    const { outbox, asked, sent } = bench(200, { reads: "by-hand" });
    outbox.connected();
    outbox.noticed(201);
    expect(asked.map(({ after }) => after)).toEqual([0]);
    asked[0]?.done(batchOf(1, 50, false));
    expect([asked.map(({ after }) => after), sent.length]).toEqual([[0, 50], 50]);
    asked[1]?.done(batchOf(51, 100, false));
    expect([asked.map(({ after }) => after), sent.length]).toEqual([[0, 50], 50]);
  });

  test("that fails is tried again five seconds later, and counted", () => {
    const { outbox, asked, pass } = bench(1, { reads: "by-hand" });
    outbox.connected();
    asked[0]?.done({ failure: "EIO" });
    pass(4_999);
    expect([asked.length, outbox.stats().readFailures]).toEqual([1, 1]);
    pass(1);
    expect(asked.length).toBe(2);
  });

  test("over entries that carry no message leaves nothing waiting, as far as was on disk when it was asked", () => {
    const { outbox, asked } = bench(5, { reads: "by-hand" });
    outbox.connected();
    outbox.noticed(7);
    asked[0]?.done({ messages: [], lastN: 0, complete: true });
    expect([outbox.stats().queued, asked.map(({ after }) => after)]).toEqual([2, [0, 5]]);
    asked[1]?.done({ messages: [messageOf(6)], lastN: 6, complete: false });
    expect(asked.map(({ after }) => after)).toEqual([0, 5, 6]);
  });

  test("begins behind what is known to be delivered, even when the log is shorter", () => {
    const { outbox, asked } = bench(3, { reads: "by-hand", cursor: 9 });
    outbox.connected();
    expect([outbox.stats().queued, asked]).toEqual([0, []]);
  });
});
