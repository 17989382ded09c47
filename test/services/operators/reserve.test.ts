import { describe, expect, test } from "vitest";
import type { OrderRefusal } from "../../../services/requests/reasons.ts";
import { bayView, cabinetView } from "../../../services/station/view.ts";
import { fullPack, inactiveMember, memberName, pack } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { restock } from "../../support/restock.ts";
import { StationBench } from "../../support/station-bench.ts";

const [ling, wei] = [memberName(1), memberName(2)];

const reserve = (bench: StationBench, bay: number, member = ling, minutes = 30): string =>
  order(bench, { verb: "reserve", bay, member, minutes });

const view = (bench: StationBench) => ({
  state: bench.state,
  readings: bench.readings(),
  granted: bench.granted,
  nowMs: bench.nowMs,
  wallMs: bench.wallMs,
});
const stateOf = (bench: StationBench, bay: number) => bayView(view(bench), bay, bench.context).state;
const kept = (bench: StationBench) => Object.values(bench.state.durable.operators.reservations);

/** Bay 2 has the most charge, so without a reservation it goes first. */
function reserved(minutes = 30): StationBench {
  const bench = new StationBench({ cabinets: 2, stock: { 2: fullPack("yz-2", 99), 3: fullPack("yz-3", 95) } });
  expect(answersTo(bench, reserve(bench, 3, ling, minutes))).toEqual([
    { status: "ok", data: { bay: 3, packId: "yz-3", minutes } },
  ]);
  return bench;
}

describe("a pack that is kept for a member", () => {
  test("is shown as reserved and counted so", () => {
    const bench = reserved();
    bench.pass(1_000);
    expect([2, 3].map((bay) => stateOf(bench, bay))).toEqual(["ready", "reserved"]);
    expect(cabinetView(view(bench), "c-1", bench.context)).toMatchObject({ ready: 1, reserved: 1 });
  });

  test("goes to that member before any other pack, and the reservation ends with the take", () => {
    const bench = reserved();
    bench.swapProperly(ling, pack("yz-own-1"));
    expect(bench.state.durable.holders["yz-3"]).toBe(ling);
    bench.pass(6_000);
    expect(kept(bench)).toEqual([]);
    expect(bench.records.find(({ kind }) => kind === "reservation-ended")).toMatchObject({ bay: 3, why: "taken" });
  });

  test("goes to nobody else, not even as a spare or when it is the last", () => {
    const bench = reserved();
    bench.scan(wei);
    expect(Object.values(bench.state.swaps)[0]).toMatchObject({ outBay: 2, spares: [] });
    bench.deposit(pack("yz-own-2"));
    bench.collect();
    bench.pass(3_000);
    bench.scan(memberName(3));
    expect(bench.ends).toEqual(["completed", "no-full-pack"]);
  });

  test("is not given as a replacement when the other full bay's lock fails", () => {
    const bench = reserved();
    bench.bay(2).lock = "stuck";
    bench.scan(wei);
    bench.deposit(pack("yz-own-2"));
    bench.pass(20_000);
    expect(bench.pulses.some(({ bay }) => bay === 3)).toBe(false);
  });

  test("is anybody's again when the time is over, and no clock that is set makes it longer or shorter", () => {
    const bench = reserved(2);
    bench.wallMs += 14 * 86_400_000;
    bench.pass(119_000, 1_000);
    expect(kept(bench)).toHaveLength(1);
    bench.wallMs -= 400 * 86_400_000;
    bench.pass(3_000, 1_000);
    expect(kept(bench)).toEqual([]);
    expect(stateOf(bench, 3)).toBe("ready");
  });

  test("stays kept over a restart for the rest of its time, and never for longer than it could ever have been", () => {
    const bench = reserved(10);
    bench.pass(300_000, 1_000);
    bench.restart();
    bench.pass(200_000, 1_000);
    expect(kept(bench)).toMatchObject([{ bay: 3, member: ling, packId: "yz-3" }]);
    bench.pass(120_000, 1_000);
    expect(kept(bench)).toEqual([]);
    const wrong = reserved(10);
    wrong.wallMs = 0;
    wrong.restart();
    wrong.pass(121 * 60_000, 1_000);
    expect(kept(wrong)).toEqual([]);
    expect(wrong.remembered()).toEqual(wrong.state.durable);
  });

  test("is not kept any more once it has left or another one stands there; a bouncing contact is no leaving", () => {
    const bench = reserved();
    bench.bay(3).presenceSays = false;
    bench.pass(1_500);
    bench.bay(3).presenceSays = undefined;
    bench.pass(5_000);
    expect(kept(bench)).toHaveLength(1);
    bench.bay(3).pack = fullPack("yz-exchanged");
    bench.pass(3_000);
    expect(kept(bench)).toEqual([]);
    expect(bench.records.find(({ kind }) => kind === "reservation-ended")).toMatchObject({ why: "pack-gone" });
  });

  test("is let go with 0 minutes, kept longer by asking again, and letting go of nothing is no event", () => {
    const bench = reserved(10);
    bench.pass(300_000, 1_000);
    reserve(bench, 3, ling, 10);
    bench.pass(400_000, 1_000);
    expect(kept(bench)).toHaveLength(1);
    reserve(bench, 3, ling, 0);
    expect(kept(bench)).toEqual([]);
    const records = bench.records.filter(({ kind }) => kind === "reservation-ended").length;
    expect(answersTo(bench, reserve(bench, 3, ling, 0))).toEqual([{ status: "ok" }]);
    expect(bench.records.filter(({ kind }) => kind === "reservation-ended")).toHaveLength(records);
  });
});

describe("a reservation is refused", () => {
  type Prepare = (bench: StationBench) => unknown;
  const cases: readonly (readonly [OrderRefusal, Prepare, number, string])[] = [
    ["no-such-bay", () => undefined, 99, ling],
    ["no-such-member", () => undefined, 2, "nobody"],
    ["member-inactive", () => undefined, 2, inactiveMember],
    ["pack-not-ready", () => undefined, 1, ling],
    [
      "pack-not-ready",
      (bench) => {
        restock(bench, 2, pack("yz-low"));
        bench.pass(3_000);
      },
      2,
      ling,
    ],
    ["reserved-for-another", (bench) => reserve(bench, 2, wei), 2, ling],
    ["one-reservation-each", (bench) => reserve(bench, 3, ling), 2, ling],
    [
      "bay-locked-out",
      (bench) => order(bench, { verb: "lock-out", bay: 2, lockOut: "operator", reason: "worn" }),
      2,
      ling,
    ],
    ["busy", (bench) => bench.scan(wei), 2, ling],
    [
      "cannot-record",
      (bench) => bench.step({ type: "condition", code: "log-failed", subject: "station", present: true }),
      2,
      ling,
    ],
  ];
  test.each(cases)("%s", (reason, prepare, bay, member) => {
    const bench = new StationBench();
    prepare(bench);
    const before = kept(bench);
    bench.told.length = 0;
    expect(answersTo(bench, reserve(bench, bay, member))).toEqual([{ status: "refused", reason }]);
    expect(kept(bench)).toEqual(before);
  });

  test("reserved-for-another: when somebody else wants to end it", () => {
    const bench = reserved();
    expect(answersTo(bench, reserve(bench, 3, wei, 0))).toEqual([
      { status: "refused", reason: "reserved-for-another" },
    ]);
    expect(kept(bench)).toHaveLength(1);
  });
});
