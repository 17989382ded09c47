import { describe, expect, test } from "vitest";
import { RoomBench } from "./room-bench.ts";

describe("a cold drink", () => {
  test("is released once it is written down, counted, and the lock is off when the door was opened", () => {
    const bench = new RoomBench();
    bench.show("fridge-reader", "code-1");
    expect(bench.levels().fridge.lock).toBe(true);
    expect(bench.disk.at(-1)?.record).toMatchObject({ kind: "fridge-released", member: "m-1" });
    bench.senses.fridgeShut = false;
    bench.pass(1_000);
    expect(bench.levels().fridge.lock).toBe(false);
    bench.senses.fridgeShut = true;
    bench.pass(1_000);
    expect(bench.durable.fridge.left).toBe(19);
    expect(bench.says).toEqual(["drink-taken"]);
  });

  test("that was not fetched is given back to the count", () => {
    const bench = new RoomBench();
    bench.show("fridge-reader", "code-1");
    bench.pass(30_000);
    expect(bench.levels().fridge.lock).toBe(false);
    expect(bench.durable.fridge.left).toBe(20);
    expect(bench.durable.fridge.taken).toEqual({ "m-1": 0 });
  });

  test("is not released when it cannot be written down", () => {
    const bench = new RoomBench();
    bench.diskDoes = "fails";
    bench.show("fridge-reader", "code-1");
    bench.pass(500);
    expect(bench.levels().fridge.lock).toBe(false);
    expect(bench.says).toEqual(["not-written"]);
  });

  test("is counted over a power cut in the moment of the release", () => {
    const bench = new RoomBench();
    bench.show("fridge-reader", "code-1");
    bench.restart();
    expect(bench.levels().fridge.lock).toBe(false);
    expect(bench.durable.fridge).toMatchObject({ left: 19, taken: { "m-1": 1 } });
  });

  test("is refused in words to somebody unknown, and beyond the day's share", () => {
    const bench = new RoomBench();
    bench.show("fridge-reader", "nobody");
    for (let drink = 0; drink < 4; drink++) {
      bench.show("fridge-reader", "code-1");
      bench.senses.fridgeShut = false;
      bench.pass(1_000);
      bench.senses.fridgeShut = true;
      bench.pass(4_000);
    }
    expect(bench.says[0]).toBe("not-known-here");
    expect(bench.says.at(-1)).toBe("fridge-quota");
    expect(bench.disk.at(-1)?.record).toEqual({ kind: "service-refused", at: "fridge", reason: "fridge-quota" });
  });

  test("a technician opens the fridge to fill it, even when its contents are blocked, and nothing is counted", () => {
    const bench = new RoomBench();
    bench.durable = { ...bench.durable, fridge: { ...bench.durable.fridge, blocked: true } };
    bench.show("fridge-reader", "code-1");
    expect(bench.says).toEqual(["fridge-blocked"]);
    bench.show("fridge-reader", "tech");
    expect(bench.levels().fridge.lock).toBe(true);
    bench.pass(61_000);
    expect(bench.levels().fridge.lock).toBe(false);
    expect(bench.durable.fridge.left).toBe(20);
  });
});
