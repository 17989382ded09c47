/** Whose a bay is: one owner from reservation to close, across a restart too. */
import { describe, expect, test } from "vitest";
import { ownerOf } from "../../../services/station/draft.ts";
import { memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const ownersIn = (bench: StationBench): (string | undefined)[] => [1, 2, 3, 4].map((bay) => ownerOf(bench.state, bay));

describe("the empty bay, the full bay and the spare", () => {
  test("belong to their swap from the scan to its end, and to nobody else", () => {
    const bench = new StationBench();
    expect(ownersIn(bench)).toEqual([undefined, undefined, undefined, undefined]);
    bench.scan(memberName(1));
    expect(ownersIn(bench)).toEqual(["s-000001", "s-000001", "s-000001", undefined]);
    bench.deposit(pack("yz-own-1"));
    bench.collect();
    bench.until(() => bench.ends.length === 1, "the end");
    expect(ownersIn(bench)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("still belong to it after a restart, before anything was looked at", () => {
    const bench = new StationBench();
    bench.scan(memberName(1));
    bench.restart();
    expect(ownersIn(bench)).toEqual(["s-000001", "s-000001", "s-000001", undefined]);
  });
});
