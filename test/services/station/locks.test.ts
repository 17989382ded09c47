/** Locks beyond a single door: one that stays released, and pulses that a restart must not forget. */
import { describe, expect, test } from "vitest";
import { memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);

describe("a lock that is still released behind a shut door (E42, A2)", () => {
  /** A swap after which the latch of the emptied bay does not come back. */
  function held(): { bench: StationBench; bay: number } {
    const bench = new StationBench();
    bench.swapProperly(rider, pack("yz-own-1"));
    bench.pass(20_000);
    bench.bay(1).latchSays = false;
    return { bench, bay: 1 };
  }

  test("is told after five seconds, not at once; its bay does not charge and is not offered", () => {
    const { bench, bay } = held();
    expect(bench.granted.bays[bay]?.chargeMa).toBe(12_000);
    bench.pass(250);
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
    bench.pass(4_500);
    expect(bench.faults).toEqual([]);
    bench.pass(2_000);
    expect(bench.faults).toEqual([`bay-lock-held/${bay}`]);
  });

  test("clears itself when the latch is back", () => {
    const { bench, bay } = held();
    bench.pass(10_000);
    bench.bay(bay).latchSays = undefined;
    bench.pass(25_000);
    expect(bench.faults).toEqual([]);
    expect(bench.granted.bays[bay]?.chargeMa).toBe(12_000);
  });

  test("is a mere contradiction where nobody pulsed it, or where the latch says shut and the door says open", () => {
    const idle = new StationBench();
    idle.pass(20_000);
    idle.bay(2).latchSays = false;
    idle.pass(7_000);
    expect(idle.faults).toEqual(["bay-door-contradiction/2"]);
    const { bench, bay } = held();
    Object.assign(bench.bay(bay), { latchSays: true, doorSwitchSays: false });
    bench.pass(7_000);
    expect(bench.faults).toEqual([`bay-door-contradiction/${bay}`]);
  });
});

describe("the three-pulse rule", () => {
  const pulsesOf = (bench: StationBench, bay: number) => bench.pulses.filter((pulse) => pulse.bay === bay).length;

  /** A swap whose empty door was pulsed so often in vain when the power went. */
  function cutAfter(pulses: number): StationBench {
    const bench = new StationBench({ stock: { 2: pack("yz-full-2", { socPct: 97 }), 1: pack("yz-low-1") } });
    for (const bay of [3, 4]) bench.bay(bay).lock = "stuck";
    bench.pass(3_000);
    bench.scan(rider);
    bench.until(() => pulsesOf(bench, 3) === pulses, "the pulses", 60_000);
    bench.restart();
    bench.until(() => bench.state.recovering.length === 0, "the recovery");
    return bench;
  }

  test("counts what was driven before a restart: a fourth within half a minute is not", () => {
    const bench = cutAfter(3);
    const atMs = bench.nowMs;
    bench.scan(rider);
    bench.pass(20_000);
    expect(pulsesOf(bench, 3)).toBe(3);
    bench.until(() => pulsesOf(bench, 3) > 3, "the next pulse", 60_000);
    expect(bench.nowMs - atMs).toBeGreaterThan(20_000);
  });

  test("sends whoever comes meanwhile to another bay, where there is one", () => {
    const bench = cutAfter(3);
    for (const bay of [3, 4]) bench.bay(bay).lock = "works";
    bench.scan(rider);
    bench.pass(3_000);
    expect(pulsesOf(bench, 3)).toBe(3);
    expect(pulsesOf(bench, 4)).toBe(1);
    expect(bench.openBays()).toEqual([4]);
  });

  test("makes nobody wait where fewer were", () => {
    for (const pulses of [1, 2]) {
      const bench = cutAfter(pulses);
      bench.scan(rider);
      bench.pass(1_000);
      expect(pulsesOf(bench, 3)).toBe(pulses + 1);
    }
  });

  test("has every pulse written down before it is driven, with its number", () => {
    const bench = new StationBench();
    bench.bay(1).lock = "stuck";
    bench.scan(rider);
    bench.untilOpen();
    const told = bench.told.flatMap(({ effect }) => {
      if (effect.do === "unlock") return [`unlock ${effect.bay}`];
      return effect.do === "record" && effect.record.kind === "bay-pulsed"
        ? [`bay ${effect.record.bay} pulse ${effect.record.pulse}`]
        : [];
    });
    expect(told).toEqual([...[1, 2, 3].flatMap((n) => [`bay 1 pulse ${n}`, "unlock 1"]), "bay 4 pulse 1", "unlock 4"]);
  });
});
