/** Who is at a cabinet keeps every other door of it shut: nobody puts into one bay what was meant for another. */
import { describe, expect, test } from "vitest";
import { memberName, pack } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

describe("opening a bay from afar while a rider is served at its cabinet", () => {
  test("is refused for every bay, those that the swap does not hold as well", () => {
    const bench = new StationBench();
    bench.scan(memberName(1));
    bench.untilOpen();
    const before = bench.pulses.length;
    for (const bay of [1, 2, 3, 4]) {
      const id = order(bench, { verb: "open", bay });
      expect(answersTo(bench, id)).toEqual([{ status: "refused", reason: "busy" }]);
    }
    bench.pass(5_000);
    expect(bench.pulses).toHaveLength(before);
  });

  test("is done in the next cabinet, and here again when the rider is gone", () => {
    const bench = new StationBench({ cabinets: 2 });
    bench.scan(memberName(1));
    bench.deposit(pack("yz-own-1"));
    const elsewhere = order(bench, { verb: "open", bay: 8 });
    bench.until(() => bench.bay(8).open, "the neighbour's door");
    expect(answersTo(bench, elsewhere)).toEqual([{ status: "ok", data: { bay: 8 } }]);
    bench.until(() => bench.openBays().includes(2), "the full bay's door");
    bench.take(2);
    bench.pass(1_500);
    bench.shut(2);
    bench.until(() => bench.ends.length === 1, "the end");
    const here = order(bench, { verb: "open", bay: 4 });
    bench.until(() => bench.bay(4).open, "the door here");
    expect(answersTo(bench, here)).toMatchObject([{ status: "ok" }]);
  });
});
