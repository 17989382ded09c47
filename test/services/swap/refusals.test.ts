import { describe, expect, test } from "vitest";
import { digestOf, fullPack, inactiveMember, memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);
const other = memberName(2);

const lastPrompt = (bench: StationBench) => {
  const prompts = bench.told.flatMap(({ effect }) => (effect.do === "prompt" ? [effect.prompt] : []));
  return prompts.at(-1);
};

describe("a scan is refused in words, and no door opens", () => {
  test("when no pack is full, with the minutes until one is (E1)", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-low", { socPct: 80 }) } });
    bench.pass(3_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["no-full-pack"]);
    // 10 % of 24 Ah at 12 A are 12 minutes.
    expect(lastPrompt(bench)?.en).toBe("No full pack yet, ready in about 12 min");
    bench.pass(10_000);
    expect(bench.pulses).toEqual([]);
  });

  test("when the code was shown to a station that stood still: nobody knows whether its rider is still there", () => {
    const bench = new StationBench();
    bench.step({ type: "scan", cabinet: "c-1", digest: digestOf(rider), late: true });
    expect(bench.ends).toEqual(["checking"]);
    bench.pass(10_000);
    expect(bench.pulses).toEqual([]);
    bench.scan(rider);
    bench.untilOpen();
  });

  test("when no pack is here at all: an hour is said, because something must be", () => {
    const bench = new StationBench({ stock: {} });
    bench.scan(rider);
    expect(lastPrompt(bench)?.en).toContain("60 min");
  });

  test("when the full packs are too cold to hand out, with the reason (E1, E14)", () => {
    const bench = new StationBench({ stock: { 2: fullPack("yz-cold") } });
    bench.bay(2).pack = { ...fullPack("yz-cold"), cellTempsC: [-8, -7] };
    bench.pass(3_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["packs-warming"]);
    expect(lastPrompt(bench)?.zh).toBe("电池预热中，约28分钟后可换");
  });

  test("when every bay is taken (E1)", () => {
    const stock = { 1: pack("yz-1"), 2: fullPack("yz-2"), 3: fullPack("yz-3"), 4: pack("yz-4") };
    const bench = new StationBench({ stock });
    bench.scan(rider);
    expect(bench.ends).toEqual(["no-empty-bay"]);
    bench.pass(10_000);
    expect(bench.pulses).toEqual([]);
  });

  test("when the code is unknown or the membership is off", () => {
    const bench = new StationBench();
    bench.scan("a stranger");
    bench.scan(inactiveMember);
    expect(bench.ends).toEqual(["unknown-credential", "member-inactive"]);
    expect(bench.said).toEqual(["refused-unknown", "refused-inactive"]);
  });

  test("when the log cannot be written: nothing is opened that could not be remembered", () => {
    const bench = new StationBench();
    bench.step({ type: "condition", code: "log-failed", subject: "station", present: true });
    bench.scan(rider);
    expect(bench.ends).toEqual(["cannot-record"]);
    bench.step({ type: "condition", code: "log-failed", subject: "station", present: false });
    bench.scan(rider);
    expect(bench.points).toEqual(["RESERVED"]);
  });

  test("when the controller is about to stop (E40), while a running swap is finished", () => {
    const bench = new StationBench({ cabinets: 2, stock: { 2: fullPack("yz-2"), 6: fullPack("yz-6") } });
    bench.scan(rider, "c-1");
    bench.step({ type: "stopping" });
    bench.scan(other, "c-2");
    expect(bench.ends).toEqual(["stopping"]);
    bench.deposit(pack("yz-own-1"));
    bench.collect();
    bench.until(() => bench.ends.length > 1, "the running swap to end");
    expect(bench.ends).toEqual(["stopping", "completed"]);
  });

  test("when no bay of the cabinet can be seen: that is no matter of stock (E28)", () => {
    const bench = new StationBench({ cabinets: 2, stock: { 2: fullPack("yz-2"), 6: fullPack("yz-6") } });
    for (const bay of [1, 2, 3, 4]) bench.bay(bay).contacts = "lost";
    bench.pass(6_000);
    bench.scan(rider, "c-1");
    expect(bench.ends).toEqual(["cabinet-unavailable"]);
    bench.swapProperly(rider, pack("yz-own-1"), "c-2");
    expect(bench.ends).toEqual(["cabinet-unavailable", "completed"]);
  });

  test("at a cabinet that nobody configured", () => {
    const bench = new StationBench();
    bench.scan(rider, "c-99");
    expect(bench.ends).toEqual(["cabinet-unavailable"]);
  });
});

describe("several riders at once (E2)", () => {
  test("twenty scans in one instant start one swap, and nineteen riders hear why not", () => {
    const bench = new StationBench({ baysEach: 8, stock: sixFull() });
    for (let n = 1; n <= 20; n++) bench.scan(memberName(n));
    expect(bench.points.filter((point) => point === "RESERVED")).toHaveLength(1);
    expect(bench.ends).toEqual(new Array(19).fill("cabinet-busy"));
  });

  test("twenty riders one after another on a stock of six: exactly six get a pack and fourteen are refused", () => {
    const bench = new StationBench({ baysEach: 8, stock: sixFull() });
    for (let n = 1; n <= 20; n++) {
      const had = bench.ends.length;
      bench.scan(memberName(n));
      if (bench.ends.length > had) continue;
      bench.deposit(pack(`yz-own-${n}`));
      bench.collect();
      bench.until(() => bench.ends.length > had, "the end");
    }
    expect(bench.ends.filter((end) => end === "completed")).toHaveLength(6);
    expect(bench.ends.filter((end) => end === "no-full-pack")).toHaveLength(14);
    expect(bench.bays.filter((bay) => bay.pack?.packId?.startsWith("yz-own-"))).toHaveLength(6);
  });

  test("two riders at two cabinets are served together, one lock at a time", () => {
    const stock = { 2: fullPack("yz-2"), 6: fullPack("yz-6") };
    const bench = new StationBench({ cabinets: 2, stock });
    bench.scan(rider, "c-1");
    bench.scan(other, "c-2");
    bench.pass(250);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1]);
    bench.pass(1_000);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1, 5]);
    for (const [bay, n] of [
      [1, 1],
      [5, 2],
    ] as const) {
      bench.put(bay, pack(`yz-own-${n}`));
      bench.shut(bay);
    }
    bench.until(() => bench.openBays().length === 2, "both full doors");
    for (const bay of [2, 6]) bench.take(bay);
    bench.pass(2_000);
    for (const bay of [2, 6]) bench.shut(bay);
    bench.pass(2_000);
    expect(bench.ends).toEqual(["completed", "completed"]);
    expect(bench.state.durable.holders).toEqual({ "yz-2": rider, "yz-6": other });
  });

  test("a rider in the middle of a swap is not served at another cabinet as well", () => {
    const stock = { 2: fullPack("yz-2"), 6: fullPack("yz-6") };
    const bench = new StationBench({ cabinets: 2, stock });
    bench.scan(rider, "c-1");
    bench.scan(rider, "c-2");
    expect(bench.ends).toEqual(["cabinet-busy"]);
  });
});

describe("a scan delivered twice (E3)", () => {
  test("pulses once, reserves once, and repeats the last sentence", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.scan(rider);
    bench.pass(1_000);
    for (let n = 0; n < 10; n++) bench.scan(rider);
    expect(bench.pulses).toHaveLength(1);
    expect(bench.points).toEqual(["RESERVED", "IN_OPEN"]);
    expect(bench.said).toEqual(new Array(11).fill("insert-pack"));
  });
});

function sixFull() {
  return Object.fromEntries([2, 3, 4, 5, 6, 7].map((bay) => [bay, fullPack(`yz-full-${bay}`)]));
}
