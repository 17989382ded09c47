import { describe, expect, test } from "vitest";
import { cabinetView } from "../../../services/station/view.ts";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const [ling, wei] = [memberName(1), memberName(2)];
const stock = { 2: fullPack("yz-2"), 3: fullPack("yz-3"), 6: fullPack("yz-6") };

const lockOut = (bench: StationBench, wanted: "operator" | "none", cabinet = "c-1") =>
  order(bench, { verb: "cabinet-lock-out", cabinet, lockOut: wanted, reason: "connectors are replaced" });

const viewed = (bench: StationBench) =>
  cabinetView(
    {
      state: bench.state,
      readings: bench.readings(),
      granted: bench.granted,
      nowMs: bench.nowMs,
      wallMs: bench.wallMs,
    },
    "c-1",
    bench.context,
  );

describe("a cabinet that an operator took out of service", () => {
  test("begins no new swap and says so, while the next one serves; a restart does not end that", () => {
    const bench = new StationBench({ cabinets: 2, stock });
    expect(answersTo(bench, lockOut(bench, "operator"))).toEqual([{ status: "ok" }]);
    bench.scan(ling, "c-1");
    expect(bench.ends).toEqual(["out-of-service"]);
    expect(bench.said).toEqual(["refused-out-of-service"]);
    bench.restart();
    bench.pass(3_000);
    bench.scan(ling, "c-1");
    expect(bench.ends).toEqual(["out-of-service", "out-of-service"]);
    bench.swapProperly(ling, pack("yz-own-1"), "c-2");
    expect(bench.ends.at(-1)).toBe("completed");
    expect(viewed(bench)).toMatchObject({ lockOut: "operator", reason: "connectors are replaced" });
  });

  test("finishes the swap that runs (E38), and is given back by an operator only", () => {
    const bench = new StationBench({ stock });
    bench.scan(ling);
    lockOut(bench, "operator");
    bench.scan(ling);
    bench.deposit(pack("yz-own-1"));
    bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    bench.pass(600_000, 1_000);
    bench.scan(wei);
    expect(bench.ends).toEqual(["completed", "out-of-service"]);
    lockOut(bench, "none");
    expect(viewed(bench)).not.toHaveProperty("lockOut");
    bench.scan(wei);
    expect(bench.points.filter((point) => point === "RESERVED")).toHaveLength(2);
  });

  test("may still be opened by its operator", () => {
    const bench = new StationBench({ stock });
    lockOut(bench, "operator");
    const id = order(bench, { verb: "open", bay: 2 });
    bench.pass(5_000);
    expect(answersTo(bench, id)).toMatchObject([{ status: "ok" }]);
  });

  test("must exist, and ending what does not stand is no event", () => {
    const bench = new StationBench({ stock });
    expect(answersTo(bench, lockOut(bench, "operator", "c-9"))).toEqual([
      { status: "refused", reason: "no-such-cabinet" },
    ]);
    expect(answersTo(bench, lockOut(bench, "none"))).toEqual([{ status: "ok" }]);
    expect(bench.records.some(({ kind }) => kind === "cabinet-lock-out")).toBe(false);
  });
});

describe("update mode", () => {
  const mode = (bench: StationBench, on: boolean) => order(bench, { verb: "update-mode", on });

  test("begins no swap and opens no door until an operator ends it", () => {
    const bench = new StationBench({ stock });
    expect(answersTo(bench, mode(bench, true))).toEqual([{ status: "ok", data: { minutes: 30 } }]);
    bench.scan(ling);
    expect(bench.ends).toEqual(["updating"]);
    expect(bench.said).toEqual(["refused-updating"]);
    const id = order(bench, { verb: "open", bay: 2 });
    expect(answersTo(bench, id)).toEqual([{ status: "refused", reason: "updating" }]);
    mode(bench, false);
    bench.scan(ling);
    expect(bench.points).toEqual(["RESERVED"]);
  });

  test("ends by itself after half an hour, whatever the wall clock does, and at a restart", () => {
    const bench = new StationBench({ stock });
    mode(bench, true);
    bench.wallMs += 86_400_000;
    bench.pass(29 * 60_000, 1_000);
    expect(bench.state.updatingUntilMs).toBeDefined();
    bench.pass(61_000, 1_000);
    expect(bench.state.updatingUntilMs).toBeUndefined();
    expect(bench.records.at(-1)).toEqual({ kind: "update-mode", on: false, why: "time-over" });
    mode(bench, true);
    bench.restart();
    bench.pass(3_000);
    bench.scan(ling);
    expect(bench.points).toEqual(["RESERVED"]);
  });

  test.each([
    ["a rider swaps", (bench: StationBench) => bench.scan(ling)],
    [
      "a door is being opened",
      (bench: StationBench) => {
        bench.bay(2).stuckMa = 5_000;
        order(bench, { verb: "open", bay: 2, id: "the-other" });
      },
    ],
    [
      "a swap is recovered",
      (bench: StationBench) => {
        bench.scan(ling);
        bench.bay(1).contacts = "lost";
        bench.restart();
        bench.pass(500);
      },
    ],
  ])("is refused while %s (E40)", (_when, prepare) => {
    const bench = new StationBench({ stock });
    prepare(bench);
    expect(answersTo(bench, mode(bench, true))).toEqual([{ status: "refused", reason: "not-idle" }]);
    expect(bench.state.updatingUntilMs).toBeUndefined();
  });

  test("is refused while the controller stops", () => {
    const bench = new StationBench({ stock });
    bench.step({ type: "stopping" });
    expect(answersTo(bench, mode(bench, true))).toEqual([{ status: "refused", reason: "stopping" }]);
  });
});
