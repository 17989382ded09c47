import { describe, expect, test } from "vitest";
import type { BayStop } from "../../../services/bay/stops.ts";
import type { PackReading } from "../../../services/readings.ts";
import { fullPack, memberName, pack, usualStock } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { expectWrittenBeforeDone } from "./written-before-done.ts";

const rider = memberName(1);
const other = memberName(2);

function scanned(options: ConstructorParameters<typeof StationBench>[0] = {}): StationBench {
  const bench = new StationBench(options);
  bench.scan(rider);
  return bench;
}

describe("a pack that does not answer", () => {
  test("was not pushed home: the door opens again with the right words, and the next try is accepted (E9)", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    expect(bench.untilOpen()).toBe(bay);
    expect(bench.said).toEqual(["insert-pack", "inspecting", "push-plug", "insert-pack"]);
    bench.bay(bay).silent = false;
    bench.shut(bay);
    bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["completed"]);
  });

  test("after three tries is given back, and charges nothing at any moment (E17)", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    for (let tries = 0; tries < 3; tries++) bench.shut(bench.untilOpen());
    bench.until(() => bench.points.includes("RETURNING"), "the return");
    expect(bench.untilOpen()).toBe(bay);
    bench.take(bay);
    bench.pass(1_500);
    bench.shut(bay);
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["pack-unreadable"]);
    expect(bench.debts).toEqual([]);
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
    expect(bench.said).toContain("unreadable");
  });

  test("and is left behind (a brick, E10) is never offered as an empty bay, nor charged", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, pack(undefined));
    bench.shut(bay);
    for (let tries = 0; tries < 4; tries++) bench.shut(bench.untilOpen());
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["left-behind"]);
    expect(bench.lockOutOf(bay)).toEqual({ lockOut: "pending-check", reason: "left-behind" });
    bench.scan(other);
    expect(bench.records.at(-1)).toMatchObject({ swap: { inBay: 4 } });
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
  });

  test("in a bay believed empty makes that bay unknown: it is not offered (E10)", () => {
    const bench = new StationBench();
    bench.bay(1).silent = true;
    bench.bay(1).pack = pack(undefined);
    bench.pass(2_000);
    bench.scan(rider);
    expect(bench.records.at(-1)).toMatchObject({ swap: { inBay: 4 } });
  });
});

describe("a pack that may not stay goes back through an open door, with the reason in words", () => {
  const cases: readonly (readonly [string, string, PackReading, string, string])[] = [
    ["foreign or counterfeit", "E11", pack("acme-77"), "foreign-pack", "not-own-pack"],
    ["bound to another rider", "E12", pack("yz-of-another"), "other-riders-pack", "not-your-pack"],
    ["already full", "E31", fullPack("yz-own-1", 100), "pack-already-full", "already-full"],
  ];
  for (const [what, edge, deposited, outcome, words] of cases) {
    test(`when it is ${what} (${edge})`, () => {
      const holders = { "yz-of-another": other };
      const bench = new StationBench();
      bench.state = { ...bench.state, durable: { ...bench.state.durable, holders } };
      bench.scan(rider);
      const bay = bench.deposit(deposited);
      expect(bench.untilOpen()).toBe(bay);
      bench.pass(1_000);
      expect(bench.said.at(-1)).toBe(words);
      bench.take(bay);
      bench.pass(1_500);
      bench.shut(bay);
      bench.until(() => bench.ends.length > 0, "the end");
      expect(bench.ends).toEqual([outcome]);
      expect(bench.points).toEqual(["RESERVED", "IN_OPEN", "IN_CLOSED", "RETURNING", outcome]);
      expect(bench.debts).toEqual([]);
      expect(bench.bay(2).open || bench.bay(3).open).toBe(false);
      expectWrittenBeforeDone(bench);
    });
  }

  test("but a pack of another rider is taken where the rules do not bind packs to riders (E12)", () => {
    const bench = new StationBench({ swap: { strictOwner: false } });
    bench.state = { ...bench.state, durable: { ...bench.state.durable, holders: { "yz-of-another": other } } };
    bench.swapProperly(rider, pack("yz-of-another"));
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.state.durable.holders).toEqual({ "yz-full-2": rider });
  });

  test("and is still the rider's when no full door opened: it was only lent to the bay", () => {
    const bench = new StationBench({ stock: { 2: usualStock[2] } });
    bench.state = { ...bench.state, durable: { ...bench.state.durable, holders: { "yz-own-1": rider } } };
    bench.bay(2).lock = "stuck";
    bench.scan(rider);
    const bay = bench.deposit(pack("yz-own-1"));
    expect(bench.untilOpen()).toBe(bay);
    bench.take(bay);
    bench.pass(1_500);
    bench.shut(bay);
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["full-door-failed"]);
    expect(bench.state.durable.holders).toEqual({ "yz-own-1": rider });
  });
});

describe("a pack that must be isolated is taken, and the rider still gets a good one", () => {
  test("when it is hot: no charge, fan on, alarm, and its door stays shut (E13)", () => {
    const bench = scanned();
    const bay = bench.deposit(pack("yz-hot", { cellTempsC: [40, 66] }));
    bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    bench.pass(3_000);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.bay(bay).open).toBe(false);
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
    expect(bench.granted.fans["c-1"]).toBe(true);
    expect(bench.faults).toEqual([`bay-hot/${bay}`, "bay-neighbour-hot/2"]);
    bench.bay(bay).pack = fullPack("yz-hot");
    bench.pass(60_000);
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
    expect(bench.faults).toEqual([`bay-hot/${bay}`, "bay-neighbour-hot/2"]);
  });

  const damage: readonly (readonly [string, BayStop, Partial<PackReading>])[] = [
    ["one cell is below 2 V", "undervoltage", { cellsMv: [1_900, ...new Array<number>(12).fill(3_600)] }],
    [
      "its cells are spread by more than 0.1 V near full",
      "unbalanced",
      { cellsMv: [3_700, ...new Array<number>(12).fill(3_900)] },
    ],
    ["a cell is above 4.25 V", "overvoltage", { cellsMv: [4_251, ...new Array<number>(12).fill(4_200)] }],
    ["the whole pack is below its lowest voltage", "undervoltage", { packMv: 20_000 }],
    ["it reports a short circuit", "damaged", { protectionBits: 1 << 10 }],
  ];
  for (const [what, stop, more] of damage) {
    test(`when ${what}: it is quarantined, never charged and never handed out (E15)`, () => {
      const bench = scanned();
      const bay = bench.deposit(pack("yz-bad", { ...more, socPct: 99 }));
      bench.collect();
      bench.until(() => bench.ends.length > 0, "the end");
      bench.pass(13_000);
      expect(bench.ends).toEqual(["completed"]);
      expect(bench.state.bays[bay]?.stop).toBe(stop);
      expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
      bench.swapProperly(other, pack("yz-own-2"));
      bench.scan(memberName(3));
      expect(bench.ends.at(-1)).toBe("no-full-pack");
    });
  }
});

describe("wires that stop telling while a rider stands there", () => {
  test("do not hold the cabinet for ever: a shut door with no presence signal is handed to a person (P17)", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).presenceSays = "nothing";
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    bench.pass(90_000);
    expect(bench.ends).toEqual(["interrupted"]);
    expect(bench.debts).toMatchObject([{ member: rider, inBay: bay, packIn: undefined }]);
    expect(bench.lockOutOf(bay)?.lockOut).toBe("pending-check");
  });

  test("lead to the suspended bay when nothing of it is heard any more", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).contacts = "lost";
    bench.pass(70_000);
    expect(bench.ends).toEqual(["suspended-open"]);
  });

  test("a door pulled open again during the reading goes back to waiting for it", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    bench.pass(3_000);
    bench.open(bay);
    bench.pass(1_000);
    expect(bench.said.at(-1)).toBe("shut-door");
    bench.bay(bay).silent = false;
    bench.shut(bay);
    bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["completed"]);
  });
});
