/** The outbox where two things happen at once: an urgent one that overtook, a link that comes and goes, a log that runs on. */
import { describe, expect, test } from "vitest";
import { batchOf, bench } from "./outbox-bench.ts";

describe("a message that overtook the others", () => {
  test("is not sent again when its turn comes, and is counted once", () => {
    const { outbox, sent, settle, asked, marks } = bench(3, { reads: "by-hand", urgent: [2] });
    outbox.connected();
    expect(sent).toEqual([2]);
    settle(0);
    asked[0]?.done(batchOf(1, 3, true));
    expect(sent).toEqual([2, 1, 3]);
    settle(1);
    expect(marks).toEqual([2]);
    settle(2);
    expect([marks, outbox.stats()]).toMatchObject([[2, 3], { published: 3, queued: 0, inFlight: 0 }]);
  });

  test("is asked for only while many wait, counted from what was read and not from the beginning of the log", () => {
    const { outbox, urgentAsked } = bench(45, { reads: "by-hand", cursor: 40 });
    outbox.noticed(46, true);
    expect(urgentAsked).toEqual([]);
    const far = bench(89, { reads: "by-hand", cursor: 40 });
    far.outbox.noticed(90, true);
    expect(far.urgentAsked).toEqual([]);
    far.outbox.noticed(91, true);
    expect(far.urgentAsked).toHaveLength(1);
  });
});

describe("a link that comes and goes", () => {
  test("is told of nothing before it is there, and nothing is read before", () => {
    const { outbox, sent, asked } = bench(3, { reads: "by-hand" });
    outbox.noticed(4);
    expect([sent, asked]).toEqual([[], []]);
    outbox.connected();
    expect(asked).toHaveLength(1);
    outbox.disconnected();
    asked[0]?.done(batchOf(1, 3, false));
    expect([sent, asked.length]).toEqual([[], 1]);
    outbox.connected();
    expect(sent).toEqual([1, 2, 3]);
  });

  test("gets every message at least once and not retained", () => {
    const { outbox, ways } = bench(2);
    outbox.connected();
    expect(ways).toEqual(new Array(2).fill({ qos: 1, retain: false }));
  });

  test("that is told twice sends nothing again while the others in flight have not settled", () => {
    const { outbox, sent, settle } = bench(2);
    outbox.connected();
    settle(0, "no");
    outbox.connected();
    expect(sent).toEqual([1, 2]);
  });

  test("is not hurried by a pause of before: what is in flight then settles first", () => {
    const { outbox, sent, settle, pass } = bench(2);
    outbox.connected();
    settle(0, "no");
    settle(1, "no");
    pass(500);
    outbox.connected();
    expect(sent).toEqual([1, 2, 1, 2]);
    settle(2, "no");
    pass(500);
    expect(sent).toEqual([1, 2, 1, 2]);
    settle(3, "no");
    pass(1_000);
    expect(sent).toEqual([1, 2, 1, 2, 1, 2]);
  });

  test("is told of nothing after the end, of old or new", () => {
    const { outbox, sent, state } = bench(0);
    outbox.connected();
    outbox.stop();
    state.newest = 1;
    outbox.noticed(1);
    outbox.connected();
    expect(sent).toEqual([]);
  });
});

test("what was acknowledged behind a refused one is passed over, and the log goes on behind it", () => {
  const { outbox, settle, sent, answerAtOnce, marks, pass, state } = bench(3);
  outbox.connected();
  settle(0, "no");
  settle(1);
  settle(2);
  answerAtOnce();
  pass(1_000);
  state.newest = 5;
  outbox.noticed(5);
  expect([sent, marks.at(-1), outbox.stats().queued]).toEqual([[1, 2, 3, 1, 4, 5], 5, 0]);
});
