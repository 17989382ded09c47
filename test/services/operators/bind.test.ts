import { describe, expect, test } from "vitest";
import { memberName, pack } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const [ling, wei] = [memberName(1), memberName(2)];
const bind = (bench: StationBench, packId: string, member: string) => order(bench, { verb: "bind", packId, member });

describe("who holds a pack, by an operator's word (E12)", () => {
  test("a pack bound to another member is given back; unbound, it is accepted", () => {
    const bench = new StationBench();
    expect(answersTo(bench, bind(bench, "yz-own-1", wei))).toEqual([{ status: "ok" }]);
    bench.scan(ling);
    bench.deposit(pack("yz-own-1"));
    const bay = bench.untilOpen();
    bench.take(bay);
    bench.pass(2_000);
    bench.shut(bay);
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["other-riders-pack"]);
    expect(answersTo(bench, order(bench, { verb: "unbind", packId: "yz-own-1" }))).toEqual([{ status: "ok" }]);
    bench.pass(3_000);
    bench.swapProperly(ling, pack("yz-own-1"));
    expect(bench.ends.at(-1)).toBe("completed");
  });

  test("is remembered over a restart, and said anew only when it is news", () => {
    const bench = new StationBench();
    bind(bench, "yz-own-1", wei);
    bind(bench, "yz-own-1", wei);
    expect(bench.records.filter(({ kind }) => kind === "pack-bound")).toHaveLength(1);
    bench.restart();
    expect(bench.state.durable.holders).toEqual({ "yz-own-1": wei });
    order(bench, { verb: "unbind", packId: "yz-own-1" });
    order(bench, { verb: "unbind", packId: "yz-own-1" });
    expect(bench.records.filter(({ kind }) => kind === "pack-bound")).toHaveLength(2);
    expect(bench.remembered().holders).toEqual({});
  });

  test.each([
    ["no-such-member", "yz-own-1", "nobody"],
    ["not-an-own-pack", "acme-77", wei],
    ["pack-in-bay", "yz-full-2", wei],
  ])("is refused: %s", (reason, packId, member) => {
    const bench = new StationBench();
    bench.pass(2_000);
    expect(answersTo(bench, bind(bench, packId, member))).toEqual([{ status: "refused", reason }]);
    expect(bench.state.durable.holders).toEqual({});
  });

  test("is refused while the pack is in the middle of a swap", () => {
    const bench = new StationBench();
    bench.scan(ling);
    bench.deposit(pack("yz-own-1"));
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "the acceptance");
    bench.take(1);
    bench.pass(4_000);
    for (const id of [bind(bench, "yz-own-1", wei), order(bench, { verb: "unbind", packId: "yz-own-1" })])
      expect(answersTo(bench, id)).toMatchObject([{ status: "refused" }]);
  });
});
