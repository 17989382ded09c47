/** The judges of what people bring and take: a pack for a pack, debts that end, packs as they leave, doors after a start. */
import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { onlyGoodPacksLeave } from "../../../simulator/checkers/packs.ts";
import { nobodyIsServedUnasked } from "../../../simulator/checkers/restart.ts";
import { debtsEnd, packForPack } from "../../../simulator/checkers/trade.ts";
import { memberName } from "../../../simulator/members.ts";
import { judgeBench } from "../../support/judge-bench.ts";

let visits = 0;
const visit = (deposited?: string, received?: string, ending = "swapped") => {
  const plain = { visit: ++visits, rider: 6, behaviour: "proper" };
  return { type: "left", visit: { ...plain, depositedPack: deposited, receivedPack: received, ending } };
};

describe("a pack for a pack (I25)", () => {
  test("is had by whoever put one in, then or before, and by nobody else", () => {
    const bench = judgeBench();
    bench.judge(packForPack);
    bench.tell(visit("yz-1", "yz-2"));
    bench.tell(visit("yz-2", undefined, "owed"));
    bench.tell(visit(undefined, "yz-3", "collected"));
    bench.tell(visit("yz-3", undefined, "returned"));
    expect([bench.found, bench.looks()]).toEqual([[], 4]);
    bench.tell(visit(undefined, "yz-4", "collected"));
    expect(bench.found).toEqual(["I25-trade: rider 6 (proper) left with yz-4 and put nothing in"]);
  });

  test("is not asked of a thief", () => {
    const bench = judgeBench();
    bench.judge(packForPack);
    bench.troubles.begin("second-door-forced", "bay 1");
    bench.tell(visit(undefined, "yz-4", "collected"));
    expect(bench.found).toEqual([]);
  });
});

describe("debts (I25)", () => {
  const debtOf = (rider: number) => {
    const debt = { swap: "s-1", cabinet: "a", member: memberName(rider), packIn: "yz-1", inBay: 1, outBay: 2 };
    return { ...emptyDurable, debts: { "s-1": { ...debt, outcome: "not-taken", since: 0 } } } as typeof emptyDurable;
  };

  test("are right while somebody is owed, and wrong a minute after they were paid", () => {
    const bench = judgeBench();
    bench.judge(debtsEnd);
    bench.seconds(200);
    bench.controller.durable = debtOf(6);
    bench.tell(visit("yz-1", undefined, "owed"));
    bench.seconds(61);
    expect([bench.found, bench.looks()]).toEqual([[], 1]);
    bench.tell(visit(undefined, "yz-3", "collected"));
    bench.seconds(59);
    expect(bench.found).toEqual([]);
    bench.seconds(2);
    expect(bench.found).toEqual(["I25-debts: rider 6 is owed 1 packs in the log, and by right 0"]);
  });

  test("may be one too many in a log that is told as damaged", () => {
    const bench = judgeBench();
    bench.judge(debtsEnd);
    bench.seconds(200);
    bench.controller.durable = debtOf(6);
    bench.controller.faults["log-corrupt/station"] = {};
    bench.tell(visit("yz-1", "yz-2"));
    bench.seconds(100);
    expect([bench.found, bench.looks()]).toEqual([[], 1]);
  });

  test("are not judged while their rider is there again, nor before a start has read its bays", () => {
    const bench = judgeBench();
    bench.judge(debtsEnd);
    bench.seconds(200);
    bench.controller.durable = debtOf(6);
    bench.tell(visit("yz-1", "yz-2"));
    bench.seconds(10);
    bench.tell({ ...visit(), type: "arrived" });
    bench.seconds(100);
    expect([bench.found, bench.looks()]).toEqual([[], 0]);
    bench.tell(visit("yz-1", "yz-2"));
    bench.tell({ type: "computer", on: false });
    bench.tell({ type: "computer", on: true });
    bench.seconds(100);
    expect(bench.found).toEqual([]);
    bench.seconds(100);
    expect(bench.found).toHaveLength(1);
  });
});

describe("a pack that is handed out (I26)", () => {
  const handOut = (condition: { protectionBits?: number; cellTempC?: number; socPct?: number }, trouble?: string) => {
    const bench = judgeBench();
    bench.judge(onlyGoodPacksLeave);
    if (trouble !== undefined) bench.troubles.begin(trouble, "line pack-2 and line pack-3");
    const pack = { id: "yz-2", socPct: 99, protectionBits: 0, cellTempC: 12, ...condition };
    bench.bay(2).pack = pack as unknown as ReturnType<typeof bench.bay>["pack"];
    bench.tell({ type: "pack", bay: 2, packId: "yz-2", in: false });
    bench.tell(visit("yz-1", "yz-2"));
    return bench.found;
  };

  test("is warm, and its own protection says nothing against it", () => {
    expect(handOut({})).toEqual([]);
    expect(handOut({ protectionBits: 0b101 })).toEqual([]);
    expect(handOut({ socPct: 40 })).toEqual(["I26: yz-2 left with 40 %"]);
    expect(handOut({ socPct: 40 }, "plugs-exchanged")).toEqual([]);
    expect(handOut({ protectionBits: 1 << 11 })).toEqual(["I26: yz-2 left although its protection says 2048"]);
    expect(handOut({ cellTempC: -9 })).toEqual(["I26: yz-2 left with a cell of -9 °C"]);
  });
});

describe("a pack that a rider takes out of a door that was opened by force (I26)", () => {
  test.each([
    ["by a crowbar", "second-door-forced", false, []],
    ["by a shorted driver", "lock-driver-shorted", false, []],
    ["by nobody", "contact-bounces", false, ["I26: yz-2 left with 40 %"]],
    ["and was shut before it was opened for them", "second-door-forced", true, ["I26: yz-2 left with 40 %"]],
  ])("is nobody's doing: opened %s", (_, trouble, isShutBetween, found) => {
    const bench = judgeBench();
    bench.judge(onlyGoodPacksLeave);
    const over = bench.troubles.begin(trouble, "bay 2");
    bench.tell({ type: "door", bay: 2, open: true });
    over();
    bench.seconds(60);
    if (isShutBetween) for (const open of [false, true]) bench.tell({ type: "door", bay: 2, open });
    const pack = { id: "yz-2", socPct: 40, protectionBits: 0, cellTempC: 12 };
    bench.bay(2).pack = pack as unknown as ReturnType<typeof bench.bay>["pack"];
    bench.tell({ type: "pack", bay: 2, packId: "yz-2", in: false });
    bench.tell(visit("yz-1", "yz-2"));
    expect(bench.found).toEqual(found);
  });
});

describe("after a start (I19)", () => {
  const pulse = { type: "coil", bay: 1, on: true, released: true };

  test("a lock fires for who shows a code or for an operator, and for nobody else", () => {
    for (const [ask, found] of [
      ["nobody", ["I19: the lock of bay 1 fires after a start, and nobody showed a code"]],
      ["rider", []],
      ["operator", []],
    ] as const) {
      const bench = judgeBench();
      bench.judge(nobodyIsServedUnasked);
      bench.truth.bay(1).cabinet = "a";
      bench.tell({ type: "computer", on: false });
      bench.tell({ type: "computer", on: true });
      bench.seconds(30);
      if (ask === "rider") bench.tell({ type: "scan", cabinet: "a", text: "code" });
      if (ask === "operator") bench.record({ kind: "operator-opening", bay: 1, request: "r-1", all: false });
      bench.tell(pulse);
      expect([ask, bench.found]).toEqual([ask, found]);
    }
  });

  test.each([
    [100, 0],
    [2_000, 1],
  ])("a code shown %i ms before the start", (agoMs, found) => {
    const bench = judgeBench();
    bench.judge(nobodyIsServedUnasked);
    bench.truth.bay(1).cabinet = "a";
    bench.tell({ type: "computer", on: false });
    bench.seconds(10);
    bench.tell({ type: "scan", cabinet: "a", text: "code" });
    bench.seconds(agoMs / 1_000);
    bench.tell({ type: "computer", on: true });
    bench.seconds(30);
    bench.tell(pulse);
    expect(bench.found).toHaveLength(found);
  });

  test("a lock of a swap that a standing process had and goes on with is no wonder; one taken up after a start is", () => {
    for (const [swap, found] of [
      [{ unattended: false, startedMs: 1 }, 0],
      [{ unattended: true, startedMs: 1 }, 1],
      [{ unattended: false, startedMs: 20_000 }, 1],
    ] as const) {
      const bench = judgeBench();
      bench.judge(nobodyIsServedUnasked);
      bench.truth.bay(1).cabinet = "a";
      bench.seconds(10);
      bench.tell({ type: "computer", on: false });
      bench.tell({ type: "computer", on: true });
      bench.controller.swaps = { a: swap } as never;
      bench.seconds(30);
      bench.tell(pulse);
      expect(bench.found).toHaveLength(found);
    }
  });

  test("says nothing of a station that was never down", () => {
    const bench = judgeBench();
    bench.judge(nobodyIsServedUnasked);
    bench.tell(pulse);
    expect([bench.found, bench.looks()]).toEqual([[], 0]);
  });
});
