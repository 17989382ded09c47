/** What is kept apart for a member, and then gone or exchanged behind a forced door: whose it was stays known. */
import { describe, expect, test } from "vitest";
import { type Durable, emptyDurable } from "../../../services/journal/durable.ts";
import { applyRecord } from "../../../services/journal/fold.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { exchange, findings, foundWithinMs, lift, placeOf } from "./shown.ts";

const rider = memberName(1);

/** Put in late, after the window of the rider's swap was over (E7). */
function depositedLate(brought: string | undefined): { readonly bench: StationBench; readonly bay: number } {
  const bench = new StationBench();
  bench.scan(rider);
  const bay = bench.untilOpen();
  bench.until(() => bench.ends.includes("suspended-open"), "the window to end");
  bench.put(bay, pack(brought));
  bench.shut(bay);
  bench.pass(2 * foundWithinMs);
  expect(findings(bench)).toEqual([{ kind: "pack-seen", bay, packId: brought, how: "late-deposit", member: rider }]);
  return { bench, bay };
}

describe("a rider's late deposit", () => {
  test("that is stolen is missing in the rider's name", () => {
    const { bench, bay } = depositedLate("yz-own-1");
    exchange(bench, bay, undefined);
    bench.pass(foundWithinMs);
    expect(findings(bench).at(-1)).toEqual({
      kind: "pack-gone",
      bay,
      packId: "yz-own-1",
      how: "vanished",
      member: rider,
    });
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "unknown", lastBay: bay, member: rider });
    expect(bench.lockOutOf(bay)?.reason).toBe("pack-missing");
    lift(bench, bay);
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "unknown", member: rider });
  });

  test("that is stolen and put back is kept apart in the rider's name", () => {
    const { bench, bay } = depositedLate("yz-own-1");
    exchange(bench, bay, undefined);
    bench.pass(foundWithinMs);
    exchange(bench, bay, pack("yz-own-1"));
    bench.pass(foundWithinMs);
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "quarantine", why: "deposit-unasked", member: rider });
  });

  test("that is carried into another bay is kept apart there in the rider's name", () => {
    const { bench, bay } = depositedLate("yz-own-1");
    const other = bench.bay(3).pack === undefined ? 3 : 4;
    exchange(bench, bay, undefined);
    exchange(bench, other, pack("yz-own-1"));
    bench.pass(foundWithinMs);
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "quarantine", bay: other, member: rider });
  });

  test("that is exchanged for another pack is missing in the rider's name, and the other one is nobody's", () => {
    const { bench, bay } = depositedLate("yz-own-1");
    exchange(bench, bay, pack("yz-strange"));
    bench.pass(foundWithinMs);
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "unknown", lastBay: bay, member: rider });
    expect(placeOf(bench, "yz-strange")).not.toHaveProperty("member");
  });

  test("that never said who it was is missing all the same, until an operator has looked", () => {
    const { bench, bay } = depositedLate(undefined);
    exchange(bench, bay, undefined);
    bench.pass(foundWithinMs);
    expect(bench.state.durable.ledger.bays[String(bay)]).toMatchObject({
      holds: "nothing",
      finding: "pack-missing",
      member: rider,
    });
    expect(bench.faults).toContain(`pack-missing/${bay}`);
    expect(bench.lockOutOf(bay)?.reason).toBe("pack-missing");
    lift(bench, bay);
    bench.pass(25_000);
    expect(bench.state.durable.ledger.bays[String(bay)]).not.toHaveProperty("member");
    expect(bench.faults).toEqual([]);
  });

  test("that never said who it was stays missing when another pack that was missing from that bay turns up", () => {
    const inBay = { kind: "pack-seen", bay: 1, packId: "yz-1", how: "stocktaking" } as const;
    const unread = { kind: "pack-seen", bay: 1, packId: undefined, how: "late-deposit", member: rider } as const;
    const records: readonly JournalRecord[] = [
      inBay,
      { kind: "pack-gone", bay: 1, packId: "yz-1", how: "vanished" },
      unread,
      { kind: "pack-gone", bay: 1, packId: undefined, how: "vanished", member: rider },
      { ...inBay, bay: 2 },
    ];
    const { ledger } = records.reduce<Durable>((durable, record, at) => applyRecord(durable, record, at), emptyDurable);
    expect(ledger.bays).toMatchObject({ 1: { holds: "nothing", finding: "pack-missing", member: rider } });
  });
});
