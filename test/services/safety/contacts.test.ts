/** The emergency stop, water, and safety contacts that are not heard: what stops, what goes on, and what ends it. */
import { describe, expect, test } from "vitest";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);
const fullStock = { 2: fullPack("yz-full-2", 100), 3: fullPack("yz-full-3", 100) };

function station(): StationBench {
  const bench = new StationBench({
    cabinets: 2,
    allSafety: true,
    stock: { ...fullStock, 4: pack("yz-low-4"), 6: pack("yz-low-6") },
  });
  bench.pass(5_000);
  return bench;
}

const charging = (bench: StationBench): number[] =>
  bench.granted.bays.flatMap((levels, bay) => ((levels?.chargeMa ?? 0) > 0 ? [bay] : []));

function press(bench: StationBench, says: boolean | "lost" = true): void {
  bench.safety.emergencyStop = says;
  bench.step({ type: "noticed" });
}

function water(bench: StationBench, says = true): void {
  bench.safety.water["c-1"] = says;
  bench.step({ type: "noticed" });
}

describe("the emergency stop (E37)", () => {
  test("switches everything off in the same step, in every cabinet, and refuses scans in words of its own", () => {
    const bench = station();
    expect(charging(bench)).toEqual([4, 6]);
    press(bench);
    expect(charging(bench)).toEqual([]);
    bench.scan(rider);
    expect(bench.ends).toEqual(["emergency-stop"]);
    expect(bench.said).toEqual(["refused-emergency"]);
    bench.pass(2_000);
    expect(bench.faults).toEqual(["emergency-stop/station"]);
    expect(bench.pulses).toEqual([]);
  });

  test("ends a running swap with the debt kept; doors stay as they are and no lock is driven any more", () => {
    const bench = station();
    // The charger lets go late, so that the full bay's door is not opened yet.
    bench.bay(2).stuckMa = 5_000;
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    const pulses = bench.pulses.length;
    press(bench);
    expect(bench.ends).toEqual(["interrupted-emergency"]);
    expect(bench.said.at(-1)).toBe("interrupted-emergency");
    bench.pass(120_000);
    expect(bench.pulses).toHaveLength(pulses);
    expect(bench.openBays()).toEqual([]);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1" }]);
  });

  test("with a door open before the deposit calls the swap off, and leaves the door open", () => {
    const bench = station();
    bench.scan(rider);
    const bay = bench.untilOpen();
    press(bench);
    expect(bench.ends).toEqual(["cancelled-emergency"]);
    expect(bench.openBays()).toEqual([bay]);
  });

  test("with a door open before the deposit notes whose pack is put in there afterwards, until the door is shut on nothing", () => {
    const bench = station();
    bench.scan(rider);
    const bay = bench.untilOpen();
    press(bench);
    expect(bench.lockOutOf(bay)).toMatchObject({ lockOut: "pending-check", reason: "suspended-open", member: rider });
    bench.shut(bay);
    bench.pass(5_000);
    expect(bench.lockOutOf(bay)).toBeUndefined();
  });

  test("between a pulse and the opening of its door notes whose pack is put in there, and forgets it where no door opens", () => {
    for (const lock of ["works", "stuck"] as const) {
      const bench = station();
      bench.scan(rider);
      const pulsed = () => bench.pulses.at(-1)?.bay;
      bench.until(() => pulsed() !== undefined, "the pulse");
      const bay = pulsed() as number;
      bench.bay(bay).lock = lock;
      press(bench);
      expect(bench.ends).toEqual(["cancelled-emergency"]);
      expect(bench.lockOutOf(bay)).toMatchObject({ reason: "suspended-open", member: rider });
      bench.pass(10_000);
      expect(bench.openBays()).toEqual(lock === "works" ? [bay] : []);
      expect(bench.lockOutOf(bay)?.reason).toBe(lock === "works" ? "suspended-open" : undefined);
    }
  });

  test("lets a rider take the pack behind a door that is open already", () => {
    const bench = station();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    const bay = bench.untilOpen();
    press(bench);
    bench.take(bay);
    bench.pass(1_500);
    bench.shut(bay);
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["completed"]);
  });

  test("released by hand ends by itself; a bounce of its contact on the way does not", () => {
    const bench = station();
    press(bench);
    bench.pass(10_000);
    press(bench, false);
    bench.pass(2_000);
    expect(charging(bench)).toEqual([]);
    press(bench);
    press(bench, false);
    bench.pass(2_500);
    bench.scan(rider);
    expect(bench.ends).toEqual(["emergency-stop"]);
    bench.pass(1_000);
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    bench.collect();
    bench.until(() => bench.ends.length > 1, "the end");
    expect(bench.ends).toEqual(["emergency-stop", "completed"]);
    bench.pass(20_000);
    expect(charging(bench)).toContain(6);
    expect(bench.faults).toEqual([]);
  });

  test("pressed and then not heard any more is still pressed", () => {
    const bench = station();
    press(bench);
    const readings = bench.readings();
    const emergencyStop = { value: true, atMs: 0, quality: "stale" } as const;
    bench.pass(10_000);
    bench.step({ type: "tick" }, { ...readings, station: { emergencyStop } });
    expect(charging(bench)).toEqual([]);
    expect(bench.state.alerts.stopped).toBe(true);
  });

  test("never heard holds the chargers off like a pressed one, under a name of its own, and riders are still served", () => {
    const bench = station();
    press(bench, "lost");
    bench.pass(12_000);
    expect(charging(bench)).toEqual([]);
    expect(bench.faults).toEqual(["emergency-stop-lost/station"]);
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.ends).toEqual(["completed"]);
  });
});

describe("water (E16)", () => {
  test("switches the cabinet off, leaves the other alone, and refuses new swaps in words of its own", () => {
    const bench = station();
    water(bench);
    expect(charging(bench)).toEqual([6]);
    bench.scan(rider);
    expect(bench.ends).toEqual(["water"]);
    expect(bench.said).toEqual(["refused-water"]);
    bench.pass(2_000);
    expect(bench.faults).toEqual(["water/c-1"]);
  });

  test("lets a running swap give its pack out, through a door that opens on a dead connector only", () => {
    const bench = station();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    water(bench);
    const bay = bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.granted.bays[bay]).toMatchObject({ chargeMa: 0, heater: false });
  });

  test("opens no door while current still flows there", () => {
    const bench = station();
    bench.scan(rider);
    bench.bay(2).stuckMa = 5_000;
    bench.bay(3).stuckMa = 5_000;
    const own = bench.deposit(pack("yz-own-1"));
    water(bench);
    bench.pass(30_000);
    expect(bench.openBays().filter((bay) => bay !== own)).toEqual([]);
  });

  test("gone for a minute, the cabinet is used again", () => {
    const bench = station();
    water(bench);
    water(bench, false);
    bench.pass(58_000);
    expect(charging(bench)).toEqual([6]);
    bench.pass(10_000);
    expect(charging(bench)).toEqual([4, 6]);
  });
});

describe("a safety contact that is not heard is never normal (I12, S9)", () => {
  test.each([
    ["smoke", "smoke-lost/c-1"],
    ["conductor", "conductor-lost/c-1"],
    ["water", "water-lost/c-1"],
  ] as const)("%s: the cabinet's chargers are off, and the fault says why", (contact, fault) => {
    const bench = station();
    bench.safety[contact]["c-1"] = "lost";
    bench.pass(12_000);
    expect(charging(bench)).toEqual([6]);
    expect(bench.faults).toEqual([fault]);
    expect(bench.granted.safety.alarms["c-1"] ?? false).toBe(false);
  });
});

describe("a cabinet without supply (P6)", () => {
  test("whose chargers are all silent offers no swap, and still pays a debt with what is ready", () => {
    const bench = station();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    press(bench);
    press(bench, false);
    bench.chargers = "silent";
    bench.pass(40_000);
    bench.scan(memberName(2));
    expect(bench.ends).toEqual(["interrupted-emergency", "cabinet-unavailable"]);
    bench.scan(rider);
    bench.collect();
    bench.until(() => bench.ends.length > 2, "the end");
    expect(bench.ends.at(-1)).toBe("completed");
    expect(bench.debts).toEqual([]);
  });

  test("whose lock board is silent offers none either", () => {
    const bench = station();
    for (const bay of [1, 2, 3, 4]) bench.bay(bay).contacts = "lost";
    bench.pass(8_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["cabinet-unavailable"]);
    expect(bench.pulses).toEqual([]);
  });
});
