/** What the ledger finds by looking, each as a story: what happened, what is written down, what follows, and within ten seconds. */
import { describe, expect, test } from "vitest";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { restock } from "../../support/restock.ts";
import { StationBench } from "../../support/station-bench.ts";
import { events, exchange, findings, foundWithinMs, holds, lift, placeOf } from "./shown.ts";

const rider = memberName(1);

/** The rider's pack was accepted, the full door stands open, and nothing was taken within the window. */
function leftOpen(): { readonly bench: StationBench; readonly out: number } {
  const bench = new StationBench();
  bench.scan(rider);
  bench.deposit(pack("yz-own-1"));
  const out = bench.untilOpen();
  bench.until(() => bench.ends.length === 1, "the end");
  expect(bench.ends).toEqual(["not-taken-open"]);
  return { bench, out };
}

describe("a pack that nobody was asked for", () => {
  test("put into a bay that was shut and empty is quarantined, told, a fault, and nobody's bill (E5)", () => {
    const bench = new StationBench();
    bench.pass(10_000);
    exchange(bench, 1, fullPack("yz-odd"));
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([{ kind: "pack-seen", bay: 1, packId: "yz-odd", how: "unasked" }]);
    expect(placeOf(bench, "yz-odd")).toMatchObject({ at: "quarantine", bay: 1, why: "deposit-unasked" });
    expect(bench.lockOutOf(1)).toEqual({ lockOut: "pending-check", reason: "deposit-unasked" });
    expect(bench.faults).toEqual(["deposit-unasked/1"]);
    expect(events(bench)).toContain("deposit-unasked");
    expect(bench.debts).toEqual([]);
    expect(bench.granted.bays[1]?.chargeMa).toBe(0);
  });

  test("becomes stock when an operator has looked, and the fault goes", () => {
    const bench = new StationBench();
    exchange(bench, 1, fullPack("yz-odd", 99));
    bench.pass(foundWithinMs);
    lift(bench, 1);
    bench.pass(25_000);
    expect(placeOf(bench, "yz-odd")).toMatchObject({ at: "bay", bay: 1 });
    expect(bench.lockOutOf(1)).toBeUndefined();
    expect(bench.faults).toEqual([]);
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(placeOf(bench, "yz-odd")).toMatchObject({ at: "rider", member: rider });
  });

  test("found after a power cut is found the same (P16), and a second cut finds nothing more", () => {
    const bench = new StationBench();
    bench.bay(1).pack = pack("yz-odd");
    for (let cut = 0; cut < 2; cut++) {
      bench.restart();
      bench.pass(foundWithinMs);
    }
    expect(findings(bench)).toHaveLength(1);
    expect(bench.pulses).toEqual([]);
    expect(bench.remembered()).toEqual(bench.state.durable);
  });

  test("put into the open full bay after the rider took theirs is a second matter: the swap stays completed (E25)", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    const out = bench.untilOpen();
    bench.take(out);
    bench.pass(2_000);
    bench.put(out, pack("yz-junk"));
    bench.shut(out);
    bench.pass(15_000);
    expect(bench.ends).toEqual(["completed-exchanged"]);
    expect(bench.debts).toEqual([]);
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "rider", member: rider });
    expect(placeOf(bench, "yz-junk")).toMatchObject({ at: "quarantine", bay: out, why: "deposit-unasked" });
    expect(bench.state.durable.today).toMatchObject({ scans: 1, completed: 1 });
  });

  test("put into a full bay that was left standing open is found with the door open as well", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    const out = bench.untilOpen();
    bench.take(out);
    bench.until(() => bench.ends.length === 1, "the end");
    exchange(bench, out, pack("yz-junk"));
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([{ kind: "pack-seen", bay: out, packId: "yz-junk", how: "unasked" }]);
    expect(bench.lockOutOf(out)?.reason).toBe("deposit-unasked");
  });
});

describe("a thing that says nothing (E10, S13)", () => {
  test("in an empty bay is kept apart once a sleeping pack would have woken, and credited to nobody", () => {
    const bench = new StationBench();
    exchange(bench, 1, pack(undefined));
    bench.pass(8_000);
    expect(findings(bench)).toEqual([]);
    bench.pass(5_000);
    expect(findings(bench)).toEqual([{ kind: "pack-seen", bay: 1, packId: undefined, how: "unasked" }]);
    expect(holds(bench, 1)).toBe("unread");
    expect(bench.lockOutOf(1)?.reason).toBe("deposit-unasked");
    expect(bench.debts).toEqual([]);
  });

  test("that was taken out again leaves an empty bay for an operator to give back", () => {
    const bench = new StationBench();
    exchange(bench, 1, pack(undefined));
    bench.pass(15_000);
    exchange(bench, 1, undefined);
    bench.pass(foundWithinMs);
    expect(findings(bench).at(-1)).toEqual({ kind: "pack-gone", bay: 1, packId: undefined, how: "vanished" });
    expect(holds(bench, 1)).toBe("nothing");
    expect(bench.faults).not.toContain("pack-missing/1");
    expect(bench.lockOutOf(1)?.reason).toBe("deposit-unasked");
  });

  test("that wakes up later is a pack with a name, and stays apart", () => {
    const bench = new StationBench();
    exchange(bench, 1, pack("yz-asleep"));
    bench.bay(1).silent = true;
    bench.pass(15_000);
    expect(holds(bench, 1)).toBe("unread");
    bench.bay(1).silent = false;
    bench.pass(5_000);
    expect(findings(bench).at(-1)).toEqual({ kind: "pack-seen", bay: 1, packId: "yz-asleep", how: "identified" });
    expect(placeOf(bench, "yz-asleep")).toMatchObject({ at: "quarantine", why: "deposit-unasked" });
    lift(bench, 1);
    expect(placeOf(bench, "yz-asleep")).toMatchObject({ at: "bay", bay: 1 });
  });
});

describe("a pack that vanishes (E29)", () => {
  function stolen(): StationBench {
    const bench = new StationBench();
    bench.pass(10_000);
    exchange(bench, 2, undefined);
    bench.pass(foundWithinMs);
    return bench;
  }

  test("is missed within ten seconds: place unknown, a fault, the bay out of service", () => {
    const bench = stolen();
    expect(findings(bench)).toEqual([{ kind: "pack-gone", bay: 2, packId: "yz-full-2", how: "vanished" }]);
    expect(placeOf(bench, "yz-full-2")).toEqual({ at: "unknown", since: expect.any(Number), lastBay: 2 });
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "pending-check", reason: "pack-missing" });
    expect(bench.faults).toContain("pack-missing/2");
    expect(events(bench)).toContain("pack-vanished");
  });

  test("stays unknown when an operator gives the bay back, until it is seen again", () => {
    const bench = stolen();
    lift(bench, 2);
    bench.pass(25_000);
    expect(bench.faults).toEqual([]);
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "unknown" });
    bench.swapProperly(rider, { ...fullPack("yz-full-2"), socPct: 30 });
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "bay" });
  });

  test("and turns up in another bay is in one place only, and no longer missing", () => {
    const bench = stolen();
    exchange(bench, 1, fullPack("yz-full-2"));
    bench.pass(foundWithinMs);
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "quarantine", bay: 1 });
    expect(holds(bench, 2)).toBe("nothing");
    bench.pass(25_000);
    expect(bench.faults).toEqual(["deposit-unasked/1"]);
  });

  test("is not missed because its board is dead, its BMS silent, or its contact bounces", () => {
    const bench = new StationBench();
    bench.bay(2).contacts = "lost";
    bench.bay(3).silent = true;
    bench.pass(60_000, 1_000);
    bench.bay(2).contacts = "heard";
    bench.bay(3).presenceSays = false;
    bench.pass(1_000);
    bench.bay(3).presenceSays = undefined;
    bench.pass(20_000);
    expect(findings(bench)).toEqual([]);
  });

  test("is not missed because the presence contact broke while the pack goes on talking", () => {
    const bench = new StationBench();
    bench.bay(2).presenceSays = false;
    bench.pass(60_000, 1_000);
    expect(findings(bench)).toEqual([]);
  });
});

describe("an exchanged pack", () => {
  test("behind a shut door is found, kept apart, and the pack of the book is missed (S12, E29)", () => {
    const bench = new StationBench();
    bench.pass(10_000);
    exchange(bench, 2, fullPack("yz-cuckoo"));
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([{ kind: "pack-changed", bay: 2, wasPackId: "yz-full-2", packId: "yz-cuckoo" }]);
    expect(placeOf(bench, "yz-cuckoo")).toMatchObject({ at: "quarantine", bay: 2, why: "pack-changed" });
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "unknown", lastBay: 2 });
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "pending-check", reason: "pack-changed" });
    expect(bench.faults).toEqual(["pack-changed/2"]);
    expect(events(bench)).toContain("pack-changed");
  });

  test("that bears the name of one in another bay is a thing without a name, and found once", () => {
    const bench = new StationBench();
    exchange(bench, 1, pack("yz-full-2"));
    bench.pass(30_000);
    expect(findings(bench)).toEqual([{ kind: "pack-seen", bay: 1, packId: undefined, how: "unasked" }]);
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "bay", bay: 2 });
  });
});

describe("a pack taken later through the door that was opened for it (E23)", () => {
  test("is the rider's, and the debt is paid", () => {
    const { bench, out } = leftOpen();
    expect(bench.debts).toHaveLength(1);
    bench.pass(120_000, 1_000);
    bench.take(out);
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([
      { kind: "pack-gone", bay: out, packId: "yz-full-2", how: "late-take", member: rider, swap: "s-000001" },
    ]);
    expect(bench.debts).toEqual([]);
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "rider", member: rider });
    expect(bench.state.durable.holders["yz-full-2"]).toBe(rider);
    expect(events(bench)).toContain("pack-taken-late");
    bench.shut(out);
    bench.pass(3_000);
    expect(bench.lockOutOf(out)).toBeUndefined();
  });

  test("and a power cut in between changes nothing of that", () => {
    const { bench, out } = leftOpen();
    bench.restart();
    bench.take(out);
    bench.pass(15_000);
    expect(findings(bench)).toMatchObject([{ how: "late-take", swap: "s-000001" }]);
    expect(bench.debts).toEqual([]);
  });

  test("but once the door was shut on it, whoever gets at it is a thief and the debt stands", () => {
    const { bench, out } = leftOpen();
    bench.shut(out);
    bench.pass(20_000);
    exchange(bench, out, undefined);
    bench.pass(foundWithinMs);
    expect(findings(bench)).toMatchObject([{ how: "vanished" }]);
    expect(bench.debts).toHaveLength(1);
  });

  test("and another one left in its stead is a deposit that nobody asked for", () => {
    const { bench, out } = leftOpen();
    exchange(bench, out, pack("yz-junk"));
    bench.pass(foundWithinMs);
    expect(findings(bench)).toMatchObject([
      { kind: "pack-gone", packId: "yz-full-2", how: "late-take" },
      { kind: "pack-seen", packId: "yz-junk", how: "unasked" },
    ]);
    expect(bench.debts).toEqual([]);
  });

  test("when the earlier debt was to be paid by this very swap, closes that earlier debt", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    bench.until(() => bench.ends.length === 1, "the end");
    bench.pass(31_000);
    restock(bench, 2, undefined);
    bench.pass(20_000);
    bench.scan(rider);
    const out = bench.untilOpen();
    expect(out).toBe(3);
    bench.until(() => bench.ends.length === 2, "the end");
    bench.take(out);
    bench.pass(foundWithinMs);
    expect(bench.debts).toEqual([]);
    expect(placeOf(bench, "yz-full-3")).toMatchObject({ at: "rider", member: rider });
  });
});
