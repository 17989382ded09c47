import { describe, expect, test } from "vitest";
import { type BayPhase, phaseOf, readyInMinutes } from "../../../services/bay/phase.ts";
import type { BayReadings, PackReading } from "../../../services/readings.ts";
import type { BenchBay } from "../../support/bench-bay.ts";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

/** Bay 1 of a bench, after its world was arranged and looked at. */
function phaseAfter(
  inside: PackReading | undefined,
  arrange: (bay: BenchBay, bench: StationBench) => void = () => undefined,
): BayPhase {
  const bench = new StationBench({ stock: inside === undefined ? {} : { 1: inside } });
  bench.pass(3_000);
  arrange(bench.bay(1), bench);
  bench.pass(3_000);
  return phaseNow(bench);
}

function phaseNow(bench: StationBench, more: Partial<BayReadings> = {}): BayPhase {
  const state = bench.state.bays[1];
  const layout = bench.config.bays[1];
  const readings = bench.readings().bays[1];
  if (state === undefined || layout === undefined || readings === undefined) throw new Error("the bench has no bay 1");
  return phaseOf({ state, layout, readings: { ...readings, ...more } }, bench.nowMs, bench.config);
}

describe("a bay without a pack", () => {
  test("is empty when every signal says so", () => {
    expect(phaseAfter(undefined)).toBe("empty");
  });

  test("is unknown while its door stands open, or its contacts are silent", () => {
    expect(phaseAfter(undefined, (bay) => Object.assign(bay, { open: true }))).toBe("occupied-unknown");
    expect(phaseAfter(undefined, (bay) => Object.assign(bay, { presenceSays: "nothing" }))).toBe("occupied-unknown");
  });

  test("is unknown while something in it answers, or lays a voltage on its connector (E10)", () => {
    expect(phaseAfter(pack("yz-1"), (bay) => Object.assign(bay, { presenceSays: false }))).toBe("occupied-unknown");
    const bench = new StationBench({ stock: {} });
    bench.pass(20_000, 1_000);
    const live = { value: { outMv: 40_000, outMa: 0 }, atMs: bench.nowMs, quality: "good" } as const;
    expect(phaseNow(bench, { charger: live })).toBe("occupied-unknown");
  });

  test("is empty again soon after its pack was taken", () => {
    const bench = new StationBench();
    bench.swapProperly(memberName(1), pack("yz-own-1"));
    bench.pass(4_000);
    bench.swapProperly(memberName(2), pack("yz-own-2"));
    expect(bench.ends).toEqual(["completed", "completed"]);
  });
});

describe("a bay with a pack", () => {
  const rows: readonly (readonly [string, PackReading, BayPhase])[] = [
    ["enough charge and warm cells", fullPack("yz-1", 100), "ready"],
    ["enough charge while it is being filled up", fullPack("yz-1", 92), "ready"],
    ["too little charge", pack("yz-1"), "charging"],
    [
      "enough charge in cells that are better warmed first (E14)",
      pack("yz-1", { socPct: 100, cellTempsC: [2] }),
      "warming",
    ],
    ["enough charge, and a heater that only keeps it warm", pack("yz-1", { socPct: 100, cellTempsC: [4.8] }), "ready"],
    ["cells too cold to charge", pack("yz-1", { cellTempsC: [-10] }), "warming"],
    ["enough charge but cells below 0 °C", pack("yz-1", { socPct: 100, cellTempsC: [-1] }), "warming"],
    ["a reason not to charge and none to warm", pack("yz-1", { cellTempsC: [50] }), "waiting"],
    ["a hot cell", pack("yz-1", { socPct: 100, cellTempsC: [61] }), "quarantined"],
    ["damage", pack("yz-1", { socPct: 100, protectionBits: 1 << 10 }), "quarantined"],
    ["somebody else's id", fullPack("acme-77", 100), "quarantined"],
    ["no id", pack(undefined, { socPct: 100 }), "occupied-unknown"],
    ["an alarm of its BMS about discharging (I26)", pack("yz-1", { socPct: 100, protectionBits: 1 << 9 }), "waiting"],
    ["the bits of a full pack, which are no alarm", pack("yz-1", { socPct: 100, protectionBits: 0b101 }), "ready"],
  ];
  for (const [says, inside, phase] of rows) {
    test(`is ${phase} with ${says}`, () => expect(phaseAfter(inside)).toBe(phase));
  }

  test("is not ready while one cell is frozen, though no heater runs and the others are warm (E14)", () => {
    const bench = new StationBench({ stock: { 1: fullPack("yz-1", 100) } });
    bench.pass(3_000);
    bench.bay(1).pack = { ...fullPack("yz-1", 100), cellTempsC: [-1, 12] };
    expect(phaseNow(bench)).toBe("waiting");
  });

  test("is unknown when the pack fell silent, however full it was", () => {
    const silenced = (bay: BenchBay, bench: StationBench) => {
      bay.silent = true;
      bench.pass(10_000);
    };
    expect(phaseAfter(fullPack("yz-1"), silenced)).toBe("occupied-unknown");
  });

  test("waits while there is no power for it", () => {
    const bench = new StationBench({ siteLimitW: 300, stock: { 1: pack("yz-1") } });
    bench.pass(4_000);
    expect(phaseNow(bench)).toBe("waiting");
  });
});

describe("the minutes until a pack is ready", () => {
  const minutesOf = (inside: PackReading): number | undefined => {
    const bench = new StationBench({ stock: { 1: inside } });
    bench.pass(4_000);
    const state = bench.state.bays[1];
    const layout = bench.config.bays[1];
    const readings = bench.readings().bays[1];
    if (state === undefined || layout === undefined || readings === undefined)
      throw new Error("the bench has no bay 1");
    return readyInMinutes({ state, layout, readings }, bench.nowMs, bench.config);
  };

  test("follow from what is missing, and from the cold", () => {
    expect(minutesOf(fullPack("yz-1"))).toBe(0);
    expect(minutesOf(pack("yz-1", { socPct: 40 }))).toBe(60);
    expect(minutesOf(pack("yz-1", { socPct: 90, cellTempsC: [-4] }))).toBe(20);
  });

  test("are never promised for a pack that will not be handed out", () => {
    expect(minutesOf(fullPack("acme-77"))).toBeUndefined();
    expect(minutesOf(pack(undefined))).toBeUndefined();
  });
});
