/** A phone locker from its first scan to its last: a latch that stays shut, a board that is silent, a disk that takes nothing. */
import { describe, expect, test } from "vitest";
import { RoomBench } from "./room-bench.ts";

describe("a phone locker", () => {
  test("opens for a phone, gives power, and opens again for the same code alone", () => {
    const bench = new RoomBench();
    bench.show("phones-reader", "code-1");
    expect(bench.levels().amenities.phones).toEqual({ "lock-1": true, "power-1": true });
    bench.pass(3_000);
    expect(bench.levels().amenities.phones).toEqual({ "power-1": true });
    bench.show("phones-reader", "code-2");
    expect(bench.levels().amenities.phones).toMatchObject({ "lock-2": true });
    bench.pass(3_000);
    bench.show("phones-reader", "code-1");
    expect(bench.levels().amenities.phones).toMatchObject({ "lock-1": true });
    expect(bench.says).toEqual(["locker-put", "locker-put", "locker-take"]);
  });

  test("waits its turn: two latches are not pulled at once, and whoever comes too early hears so and holds nothing", () => {
    const bench = new RoomBench();
    bench.show("phones-reader", "code-1");
    bench.show("phones-reader", "code-2");
    expect(bench.says).toEqual(["locker-put", "lockers-busy"]);
    expect(bench.levels().amenities.phones).toEqual({ "lock-1": true, "power-1": true });
    expect(Object.keys(bench.durable.lockers.phones?.held ?? {})).toEqual(["1"]);
    bench.pass(3_000);
    bench.show("phones-reader", "code-2");
    expect(bench.levels().amenities.phones).toMatchObject({ "lock-2": true });
  });

  test("remembers whose phone lies in it over a power cut, and opens nothing by itself", () => {
    const bench = new RoomBench();
    bench.show("phones-reader", "code-1");
    bench.restart();
    expect(bench.levels().amenities.phones).toEqual({ "power-1": true });
    bench.show("phones-reader", "code-1");
    expect(bench.levels().amenities.phones).toEqual({ "lock-1": true });
  });

  test("stays shut when the disk takes nothing", () => {
    const bench = new RoomBench();
    bench.diskDoes = "fails";
    bench.show("phones-reader", "code-1");
    bench.pass(500);
    expect(bench.levels().amenities.phones?.["lock-1"]).not.toBe(true);
    expect(bench.says).toEqual(["not-written"]);
  });

  test("holds nothing of anybody who was told that it stays shut, and everything of whoever wanted it back", () => {
    const bench = new RoomBench();
    const held = () => bench.durable.lockers.phones?.held ?? {};
    bench.diskDoes = "fails";
    bench.show("phones-reader", "code-1");
    bench.pass(500);
    expect(held()).toEqual({});
    bench.diskDoes = "writes";
    bench.show("phones-reader", "code-1");
    bench.pass(2_000);
    const mine = held();
    expect(Object.keys(mine)).toEqual(["1"]);
    bench.diskDoes = "fails";
    bench.show("phones-reader", "code-1");
    bench.pass(500);
    expect([bench.says.at(-1), held()]).toEqual(["not-written", mine]);
    bench.diskDoes = "writes";
    bench.show("phones-reader", "code-1");
    expect(held(), "until it has been open").toEqual(mine);
    bench.pass(2_000);
    expect(held()).toEqual({});
  });

  test("whose board does not answer stays its holder's, who hears of it and gets their things later", () => {
    const bench = new RoomBench();
    const held = () => Object.keys(bench.durable.lockers.phones?.held ?? {});
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    bench.senses.latchesAnswer = false;
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    expect([bench.says.at(-1), held()]).toEqual(["locker-silent", ["1"]]);
    bench.show("phones-reader", "code-2");
    bench.pass(3_000);
    expect(held(), "nobody else is given it").toEqual(["1", "2"]);
    bench.senses.latchesAnswer = true;
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    expect([bench.says.at(-1), held()]).toEqual(["locker-take", ["2"]]);
  });

  test("that never opened for whoever came to put their phone in opens for that at their next scan, and for nobody else", () => {
    const bench = new RoomBench();
    const held = () => Object.keys(bench.durable.lockers.phones?.held ?? {});
    const scan = (code: string) => {
      bench.show("phones-reader", code);
      bench.pass(3_000);
      return bench.says.splice(0);
    };
    bench.senses.latchesAnswer = false;
    expect(scan("code-1")).toEqual(["locker-put", "locker-silent"]);
    expect(scan("code-1")).toEqual(["locker-put", "locker-silent"]);
    bench.senses.latchesAnswer = true;
    expect([scan("code-2"), held()]).toEqual([["locker-put"], ["1", "2"]]);
    expect([scan("code-1"), held()]).toEqual([["locker-put"], ["1", "2"]]);
    expect([scan("code-1"), held()]).toEqual([["locker-take"], ["2"]]);
    expect([scan("code-2"), held()]).toEqual([["locker-take"], []]);
  });

  test("that may have opened unheard is not given away when the disk takes nothing at the next scan", () => {
    const bench = new RoomBench();
    bench.senses.latchesAnswer = false;
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    bench.diskDoes = "fails";
    bench.show("phones-reader", "code-1");
    bench.pass(500);
    expect([bench.says.at(-1), Object.keys(bench.durable.lockers.phones?.held ?? {})]).toEqual(["not-written", ["1"]]);
  });
});
