import { describe, expect, test } from "vitest";
import { newDraft } from "../../../services/station/draft.ts";
import { sightOf } from "../../../services/station/sight.ts";
import { stepSwap } from "../../../services/swap/step.ts";
import { baseOf } from "../../../services/swap/swap.ts";
import { fullPack, memberName, pack, usualStock } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { expectWrittenBeforeDone } from "./written-before-done.ts";

const rider = memberName(1);
const other = memberName(2);

/** A rider has put the pack in; the full bay comes next. */
function deposited(prepare: (bench: StationBench) => void = () => undefined, stock = {}): StationBench {
  const bench = new StationBench({ stock: { ...usualStock, ...stock } });
  prepare(bench);
  bench.scan(rider);
  bench.deposit(pack("yz-own-1"));
  return bench;
}

const ended = (bench: StationBench, ends = 1) => bench.until(() => bench.ends.length >= ends, "the end");

describe("a full door that does not open (E20)", () => {
  test("gives way to the spare first, written down before its pulse, and is out of service", () => {
    const bench = deposited((prepared) => {
      prepared.bay(2).lock = "stuck";
    });
    expect(bench.untilOpen()).toBe(3);
    const chosen = bench.records.find((record) => record.kind === "swap-bay-chosen");
    expect(chosen).toMatchObject({ outBay: 3, spares: [] });
    expectWrittenBeforeDone(bench);
    bench.take(3);
    bench.pass(1_500);
    bench.shut(3);
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.state.durable.holders).toEqual({ "yz-full-3": rider });
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "system", reason: "lock-failed" });
  });

  test("gives way to the spare even where another full pack is fuller by now", () => {
    const bench = deposited(
      (prepared) => {
        prepared.bay(2).lock = "stuck";
      },
      { 4: fullPack("yz-full-4", 91) },
    );
    bench.bay(4).pack = fullPack("yz-full-4", 100);
    expect(bench.untilOpen()).toBe(3);
  });

  test("adds less than 5 s for the spare", () => {
    const bench = deposited((prepared) => {
      prepared.bay(2).lock = "stuck";
    });
    bench.untilOpen();
    const first = bench.pulses.find(({ bay }) => bay === 2)?.nowMs ?? 0;
    expect(bench.nowMs - first).toBeLessThan(5_000);
  });

  test("and whose spare fails too gives the rider's own pack back, charged for nothing, owed nothing", () => {
    const bench = deposited((prepared) => {
      for (const bay of [2, 3]) prepared.bay(bay).lock = "stuck";
    });
    expect(bench.untilOpen()).toBe(1);
    bench.pass(500);
    expect(bench.said.at(-1)).toBe("full-door-failed");
    bench.take(1);
    bench.pass(1_500);
    bench.shut(1);
    ended(bench);
    expect(bench.ends).toEqual(["full-door-failed"]);
    expect(bench.debts).toEqual([]);
    expect([bench.lockOutOf(2)?.lockOut, bench.lockOutOf(3)?.lockOut]).toEqual(["system", "system"]);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1, 2, 2, 2, 3, 3, 3, 1]);
  });

  test("and whose rider leaves the own pack where it is, is owed a full one: an accepted pack never vanishes", () => {
    const bench = deposited((prepared) => {
      for (const bay of [2, 3]) prepared.bay(bay).lock = "stuck";
    });
    bench.shut(bench.untilOpen());
    ended(bench);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1" }]);
  });

  test("and whose own door is stuck as well leaves a debt and an alarm at once (E21)", () => {
    const bench = deposited((prepared) => {
      for (const bay of [2, 3]) prepared.bay(bay).lock = "stuck";
    });
    bench.bay(1).lock = "stuck";
    ended(bench);
    bench.pass(2_000);
    expect(bench.ends).toEqual(["own-door-stuck"]);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1", outcome: "own-door-stuck" }]);
    expect(bench.said.at(-1)).toBe("own-door-stuck");
    expect(bench.lockOutOf(1)).toEqual({ lockOut: "pending-check", reason: "own-door-stuck" });
    expect(bench.faults).toEqual(["bay-lock-failed/1", "bay-lock-failed/2", "bay-lock-failed/3"]);
  });
});

describe("a charger that does not switch off (E19)", () => {
  test("keeps its door shut: another full bay is opened instead", () => {
    const bench = deposited((prepared) => {
      prepared.bay(2).stuckMa = 5_000;
    });
    expect(bench.untilOpen()).toBe(3);
    expect(bench.pulses.map(({ bay }) => bay)).not.toContain(2);
  });

  test("that falls silent in time is no reason to wait longer than it takes", () => {
    const bench = deposited((prepared) => {
      prepared.bay(2).stuckMa = 5_000;
    });
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    bench.pass(2_000);
    bench.bay(2).stuckMa = 50;
    expect(bench.untilOpen()).toBe(2);
  });
});

describe("a full bay of which neither charger nor pack is heard", () => {
  test("stays shut: no door opens on a connector whose current nobody knows", () => {
    const bench = deposited();
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    const accepted = bench.state.swaps["c-1"];
    if (accepted === undefined) throw new Error("the swap is over");
    const swap = { ...baseOf(accepted), at: "preparing-out", sinceMs: bench.nowMs } as const;
    const draft = newDraft(
      bench.state,
      { event: { type: "tick" }, readings: bench.readings(), nowMs: bench.nowMs, wallMs: bench.wallMs },
      bench.context,
    );
    const seen = sightOf(draft, "c-1");
    const deaf = { ...seen, currentMa: () => undefined };
    expect(stepSwap(swap, { type: "look" }, seen, bench.context).next.at).toBe("opening-out");
    expect(stepSwap(swap, { type: "look" }, deaf, bench.context).next.at).toBe("preparing-out");
    const waited = { ...deaf, nowMs: bench.nowMs + bench.config.swap.chargerOffWaitMs + 1 };
    const { next } = stepSwap(swap, { type: "look" }, waited, bench.context);
    expect(next).toMatchObject({ at: "preparing-out", outBay: 3, failedBays: [{ bay: 2, why: "unfit" }] });
  });
});

describe("a full pack that is stolen while its rider puts the old one in", () => {
  test("is not called taken: its empty bay stays shut, and the rider gets another", () => {
    const bench = new StationBench({ stock: usualStock });
    bench.scan(rider);
    const open = bench.untilOpen();
    bench.bay(2).pack = undefined;
    bench.put(open, pack("yz-own-1"));
    bench.pass(1_500);
    bench.shut(open);
    expect(bench.untilOpen()).toBe(3);
    bench.take(3);
    bench.pass(1_500);
    bench.shut(3);
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.state.durable.holders["yz-full-3"]).toBe(rider);
  });
});

describe("a rider who takes nothing", () => {
  test("and shuts the door gets it opened three more times, then is owed the pack, which charges again (E22)", () => {
    const bench = deposited(undefined, { 2: fullPack("yz-full-2", 97) });
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    ended(bench);
    expect(bench.ends).toEqual(["not-taken"]);
    expect(bench.said.filter((id) => id === "take-again")).toHaveLength(3);
    expect(bench.debts).toMatchObject([{ swap: "s-000001", member: rider, packIn: "yz-own-1", outcome: "not-taken" }]);
    bench.pass(5_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
  });

  test("and leaves the door open is owed the pack; nothing is charged meanwhile and an alarm is raised (E23)", () => {
    const bench = deposited();
    const out = bench.untilOpen();
    bench.pass(63_000);
    expect(bench.ends).toEqual(["not-taken-open"]);
    expect(bench.faults).toEqual([`bay-door-left-open/${out}`]);
    expect(bench.granted.bays[out]?.chargeMa).toBe(0);
    bench.scan(rider);
    expect(bench.state.swaps["c-1"]).toMatchObject({ at: "await-take", outBay: out, pays: "s-000001" });
  });

  test("until the window is all but over has taken it, although the pack is heard a moment longer: nothing is owed", () => {
    const bench = deposited();
    const out = bench.untilOpen();
    bench.pass(59_600);
    bench.bay(out).presenceSays = false;
    bench.pass(1_000);
    bench.take(out);
    bench.pass(1_500);
    bench.shut(out);
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.debts).toEqual([]);
  });

  test("because the door could not be opened again is owed one, and that door is out of service", () => {
    const bench = deposited();
    const out = bench.untilOpen();
    bench.bay(out).lock = "stuck";
    bench.shut(out);
    ended(bench);
    expect(bench.ends).toEqual(["not-taken"]);
    expect(bench.lockOutOf(out)).toEqual({ lockOut: "system", reason: "lock-failed" });
  });
});

describe("a rider who takes the pack and leaves the door open (E24)", () => {
  test("has swapped; the bay is out of service until its door is shut, and then comes back by itself", () => {
    const bench = deposited();
    const out = bench.untilOpen();
    bench.take(out);
    bench.pass(59_000);
    expect(bench.ends).toEqual([]);
    bench.pass(4_000);
    expect(bench.ends).toEqual(["completed-door-open"]);
    expect(bench.debts).toEqual([]);
    expect(bench.said.at(-1)).toBe("completed-shut-door");
    expect(bench.lockOutOf(out)).toEqual({ lockOut: "pending-check", reason: "door-open" });
    expect(bench.faults).toEqual([`bay-door-left-open/${out}`]);
    bench.shut(out);
    bench.pass(2_500);
    expect(bench.lockOutOf(out)).toBeUndefined();
    bench.pass(22_000);
    expect(bench.faults).toEqual([]);
  });

  test("and somebody puts a thing into it: it stays out of service until a person has looked (E25)", () => {
    const bench = deposited();
    const out = bench.untilOpen();
    bench.take(out);
    bench.pass(65_000);
    bench.put(out, pack("yz-unasked"));
    bench.shut(out);
    bench.pass(5_000);
    expect(bench.lockOutOf(out)).toEqual({ lockOut: "pending-check", reason: "deposit-unasked" });
    expect(bench.granted.bays[out]?.chargeMa).toBe(0);
  });
});

describe("a full pack that must not leave", () => {
  test("because it became hot after it was reserved stays behind its door, and another one is handed out (I26)", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.bay(2).pack = { ...fullPack("yz-full-2"), cellTempsC: [40, 70] };
    bench.pass(2_000);
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    expect(bench.untilOpen()).toBe(3);
    expect(bench.pulses.map((pulse) => pulse.bay)).not.toContain(2);
  });

  test("because it is not one of ours is never offered", () => {
    const bench = new StationBench({ stock: { 2: fullPack("acme-77", 99) } });
    bench.pass(3_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["no-full-pack"]);
  });

  test("goes to the next rider when the one it was offered to did not take it", () => {
    const bench = deposited();
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    ended(bench);
    bench.swapProperly(other, pack("yz-own-2"));
    expect(bench.ends).toEqual(["not-taken", "completed"]);
    expect(bench.state.durable.holders).toEqual({ "yz-full-2": other });
  });
});

describe("a rider who takes the pack out and puts it back", () => {
  test("has not taken it: nothing is completed, and the door opens again", () => {
    const bench = deposited();
    const bay = bench.untilOpen();
    bench.take(bay);
    bench.pass(1_500);
    bench.put(bay, fullPack("yz-full-2", 97));
    bench.shut(bay);
    bench.until(() => bench.said.includes("take-again"), "the second try");
    expect(bench.ends).toEqual([]);
    bench.collect();
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.state.durable.holders).toEqual({ "yz-full-2": rider });
  });
});
