import { describe, expect, test } from "vitest";
import type { OpenSwap, SwapStage } from "../../../services/journal/durable.ts";
import { recoverSwap, recoveryPatienceMs } from "../../../services/swap/recover.ts";
import type { Sight } from "../../../services/swap/swap.ts";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { PatientRider } from "../../support/patient-rider.ts";
import { StationBench } from "../../support/station-bench.ts";
import { durableAt, recordsUpTo, reserved, rider, rows, type Shown } from "./power-cut-rows.ts";

const own = pack("yz-own-1");
const full = fullPack("yz-full-2");

function sightOf({ in: inDoor = "shut", inHolds = false, out = "shut", outHolds = true }: Shown, nowMs: number): Sight {
  return {
    nowMs,
    door: (bay) => (bay === 1 ? inDoor : out),
    contactsMs: () => nowMs,
    present: (bay) => (bay === 1 ? inHolds : outHolds),
    packSince: () => undefined,
    currentMa: () => 0,
    isolated: () => false,
    hot: () => false,
    lockFree: () => true,
    emptyBays: () => [],
    readyBays: () => [],
    holderOf: () => undefined,
    openElsewhere: () => undefined,
    wasOffered: false,
    fire: false,
    emergency: false,
  };
}

function openAt(stage: SwapStage): OpenSwap {
  const open = durableAt(stage).swaps[reserved.id];
  if (open === undefined) throw new Error("the records opened no swap");
  return open;
}

const wordOf = (recovery: ReturnType<typeof recoverSwap>): string =>
  recovery.is === "resume" ? recovery.swap.at : recovery.is === "end" ? recovery.outcome : "wait";

/** The little world as it stands when the power comes back. */
function benchAt(after: SwapStage, shown: Shown): StationBench {
  const bench = new StationBench();
  const world = [undefined, bench.bay(1), bench.bay(2)];
  world[1]!.open = shown.in === "open";
  world[1]!.pack = shown.inHolds === true ? own : undefined;
  if (shown.in === "unknown") world[1]!.doorSwitchSays = false;
  world[2]!.open = shown.out === "open";
  world[2]!.pack = shown.outHolds === false ? undefined : full;
  if (shown.out === "unknown") world[2]!.doorSwitchSays = false;
  for (const record of recordsUpTo(after)) bench.disk.push({ record, at: bench.wallMs });
  bench.restart();
  return bench;
}

const startOver = (bench: StationBench): void => bench.restart();

describe("what recoverSwap makes of the last record and the bays, row by row of the power-cut table", () => {
  for (const { row, says, after, shown, to } of rows) {
    test(`${row} after ${after}: ${says}`, () => {
      const recovery = recoverSwap(openAt(after), 1_000, sightOf(shown, 1_000));
      expect(wordOf(recovery)).toBe(to);
      if (recovery.is === "resume") expect(recovery.swap.unattended).toBe(true);
    });
  }

  test("P17: unclear bays are waited for, and only then handed to a person", () => {
    const unclear = sightOf({ in: "unknown" }, 1_000 + recoveryPatienceMs);
    expect(recoverSwap(openAt("in-closed"), 1_000, unclear)).toEqual({ is: "wait" });
    const late = sightOf({ in: "unknown" }, 1_001 + recoveryPatienceMs);
    const failed = { bay: 1, why: "unclear" };
    expect(recoverSwap(openAt("in-closed"), 1_000, late)).toEqual({ is: "end", outcome: "interrupted", failed });
  });

  test("a payment with the rider's own pack that was cut before it said so asks for no second deposit", () => {
    const paying = { ...openAt("reserved"), outBay: 1, pays: "s-000000" };
    expect(wordOf(recoverSwap(paying, 1_000, sightOf({ inHolds: true }, 1_000)))).toBe("waiting-for-rescan");
  });
});

describe("a station that starts with an open swap in its log, row by row", () => {
  for (const { row, says, after, shown, ends } of rows) {
    test(`${row} after ${after}: ${says}; no lock fires without a scan, and the story ends as ${ends}`, () => {
      const bench = benchAt(after, shown);
      bench.pass(90_000, 1_000);
      expect(bench.pulses).toEqual([]);
      expect(bench.ends).toEqual([ends]);
      expect(bench.state.swaps).toEqual({});
      expect(bench.state.recovering).toEqual([]);
      expect(bench.state.durable).toEqual(bench.remembered());
    });

    test(`${row} after ${after}: recovering from the recovery comes to the same, wherever the second cut strikes`, () => {
      for (const cutMs of [0, 250, 1_000, 5_000, 12_000, 30_000]) {
        const bench = benchAt(after, shown);
        bench.pass(cutMs);
        startOver(bench);
        bench.pass(90_000, 1_000);
        startOver(bench);
        bench.pass(15_000, 1_000);
        expect(bench.ends).toEqual([ends]);
        expect(bench.pulses).toEqual([]);
      }
    });
  }

  test("P16, nothing open in the log and a pack in a bay that was empty before: no door opens, and a person looks at it", () => {
    const bench = new StationBench();
    bench.bay(1).pack = pack("yz-unasked");
    bench.restart(0);
    bench.pass(60_000);
    expect(bench.pulses).toEqual([]);
    expect(bench.ends).toEqual([]);
    expect(bench.records[0]).toMatchObject({ kind: "pack-seen", bay: 1, packId: "yz-unasked", how: "unasked" });
    expect(bench.lockOutOf(1)).toEqual({ lockOut: "pending-check", reason: "deposit-unasked" });
    bench.scan(rider);
    expect(bench.records.find(({ kind }) => kind === "swap-reserved")).toMatchObject({ swap: { inBay: 4 } });
  });

  test("P17, a pack that stays silent behind the shut door: a person, and the rider's next scan gives it back", () => {
    const bench = benchAt("in-closed", { inHolds: true });
    bench.bay(1).silent = true;
    bench.pass(30_000);
    expect(bench.ends).toEqual(["interrupted"]);
    expect(bench.lockOutOf(1)).toEqual({ lockOut: "pending-check", reason: "interrupted" });
    expect(bench.pulses).toEqual([]);
    const person = new PatientRider(bench, rider, undefined);
    person.scan();
    person.stay(30_000, () => bench.ends.length > 1);
    expect(person.hand?.packId).toBe("yz-own-1");
    expect(bench.debts).toEqual([]);
  });

  test("P17 locks out the bay that told no clear story, whichever it was", () => {
    const bench = benchAt("out-open", { inHolds: true, out: "unknown" });
    bench.pass(30_000);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "pending-check", reason: "interrupted" });
    expect(bench.lockOutOf(1)).toBeUndefined();
    expect(bench.debts).toMatchObject([{ packIn: "yz-own-1" }]);
  });

  test("a rider who scans again while the swap is taken up is attended: doors open for the rest of it", () => {
    const bench = benchAt("in-open", { in: "open" });
    const person = new PatientRider(bench, rider, own);
    bench.pass(2_000);
    person.scan();
    person.stay(60_000, () => bench.ends.length > 0);
    expect(bench.ends).toEqual(["completed"]);
    expect(person.hand?.packId).toBe("yz-full-2");
  });

  test("a pack that is not ours is not handed back to an empty street: it waits for its rider's scan", () => {
    const bench = benchAt("in-closed", { inHolds: true });
    bench.bay(1).pack = pack("acme-77");
    bench.pass(30_000);
    expect(bench.ends).toEqual(["waiting-for-rescan"]);
    expect(bench.lockOutOf(1)).toEqual({ lockOut: "pending-check", reason: "waiting-for-rescan" });
    expect(bench.said.at(-1), "there is no new pack to come for").toBe("own-pack-waits");
    const person = new PatientRider(bench, rider, undefined);
    person.scan();
    person.stay(30_000, () => bench.ends.length > 1);
    bench.pass(3_000);
    expect(bench.said.at(-2)).toBe("own-pack-returned");
    expect(person.hand?.packId).toBe("acme-77");
    expect(bench.debts).toEqual([]);
    expect(bench.lockOutOf(1)).toBeUndefined();
  });

  test("scans are refused while its bays are still being read, and the bays of the open swap are offered to nobody", () => {
    const bench = benchAt("in-closed", { in: "unknown", inHolds: true });
    bench.scan(memberName(2));
    expect(bench.ends).toEqual(["checking"]);
  });

  test("two open swaps of one cabinet are taken up one after the other", () => {
    const bench = benchAt("out-open", { inHolds: true, out: "open", outHolds: false });
    const second = { ...reserved, id: "s-000002", member: memberName(2), inBay: 4, outBay: 3, spares: [] };
    bench.disk.push({ record: { kind: "swap-reserved", swap: second }, at: bench.wallMs });
    startOver(bench);
    bench.pass(100_000);
    expect(bench.ends).toEqual(["completed-door-open", "cut-before-deposit"]);
    expect(bench.state.durable.swaps).toEqual({});
  });

  test("a swap whose bays are no longer configured is handed to a person, and throws nothing", () => {
    const bench = new StationBench();
    const gone = { ...reserved, inBay: 41, outBay: 42, spares: [43] };
    bench.disk.push({ record: { kind: "swap-reserved", swap: gone }, at: bench.wallMs });
    startOver(bench);
    bench.pass(20_000);
    expect(bench.ends).toEqual(["interrupted"]);
  });
});

test("whose pack is missed from a bay that it was shut into is on the note for whoever looks there", () => {
  const bench = benchAt("in-closed", {});
  bench.until(() => bench.ends.length > 0, "the end");
  expect(bench.ends).toEqual(["pack-vanished"]);
  expect(bench.lockOutOf(1)).toMatchObject({ lockOut: "pending-check", reason: "pack-vanished", member: rider });
});
