import { describe, expect, test } from "vitest";
import { type ChargingCabinet, chargingCabinet } from "../support/charging-cabinet.ts";

const charges = (cabinet: ChargingCabinet, bay: number) => cabinet.bay(bay).chargeMa > 50;
const stopOf = (cabinet: ChargingCabinet, bay: number) => cabinet.simulation.station.loop.state().bays[bay]?.stop;
const lockOutOf = (cabinet: ChargingCabinet, bay: number) =>
  cabinet.simulation.station.loop.state().durable.lockOuts[String(bay)]?.reason;

function expectNothingBroken(cabinet: ChargingCabinet): void {
  cabinet.simulation.invariants.finish();
  expect(cabinet.simulation.invariants.violations()).toEqual([]);
}

describe("a pack that falls silent while it charges (E18)", () => {
  test("is off within two seconds of its last word, asked three times, given up, and taken back when it speaks", () => {
    const cabinet = chargingCabinet("silent");
    const { world } = cabinet.simulation;
    expect(charges(cabinet, 2)).toBe(true);
    world.bayFaults(2).bmsSilent = true;
    // Its last word may be a poll of one second old, and the relay's answer takes a moment.
    expect(cabinet.secondsUntil(() => !cabinet.bay(2).contactorClosed, "the contactor")).toBeLessThanOrEqual(2.5);
    const gaveUpS = cabinet.secondsUntil(() => lockOutOf(cabinet, 2) !== undefined, "the lock-out");
    expect(gaveUpS).toBeGreaterThan(28);
    expect(gaveUpS).toBeLessThan(34);
    expect(lockOutOf(cabinet, 2)).toBe("pack-silent");
    expect(cabinet.faults()).toContain("bay-pack-silent/2");
    world.bayFaults(2).bmsSilent = false;
    cabinet.seconds(20);
    expect(lockOutOf(cabinet, 2)).toBeUndefined();
    expect(charges(cabinet, 2)).toBe(true);
    expectNothingBroken(cabinet);
  });
});

describe("a hot pack (E13)", () => {
  test("stops its own charger and those beside it, runs the fan, and leaves the others alone", () => {
    const cabinet = chargingCabinet("hot");
    const { world } = cabinet.simulation;
    expect([1, 2, 3, 4].map((bay) => charges(cabinet, bay))).toEqual([true, true, true, true]);
    world.setPackTemp(2, 62);
    const off = (bay: number) => !cabinet.bay(bay).contactorClosed && !charges(cabinet, bay);
    expect(cabinet.secondsUntil(() => off(1) && off(2) && off(3), "three chargers")).toBeLessThanOrEqual(2.5);
    cabinet.minutes(1);
    expect([1, 2, 3, 4].map((bay) => charges(cabinet, bay))).toEqual([false, false, false, true]);
    expect(cabinet.simulation.world.truth.cabinets[0]?.fanOn).toBe(true);
    expect(cabinet.faults()).toEqual(["bay-hot/2", "bay-neighbour-hot/1", "bay-neighbour-hot/3"]);
    // It cools, and still waits for a person.
    world.setPackTemp(2, 20);
    cabinet.minutes(5);
    expect(stopOf(cabinet, 2)).toBe("hot");
    expect([1, 2, 3].map((bay) => charges(cabinet, bay))).toEqual([false, false, false]);
    expectNothingBroken(cabinet);
  });

  test("beyond the hard limit latches its bay, and cooling down does not give it back", () => {
    const cabinet = chargingCabinet("hard-limit");
    cabinet.simulation.world.setPackTemp(2, 71);
    cabinet.seconds(10);
    cabinet.simulation.world.setPackTemp(2, 20);
    cabinet.minutes(1);
    expect(cabinet.simulation.station.loop.state().durable.safety.bays.latches["2"]?.why).toBe("over-temperature");
    expect(cabinet.faults()).toContain("bay-over-temperature/2");
    expect(cabinet.bay(2).contactorClosed).toBe(false);
  });
});

describe("currents that should not be", () => {
  test("a leak between charger and pack is found within half a minute", () => {
    const cabinet = chargingCabinet("leak");
    cabinet.simulation.world.bayFaults(3).leakMa = 1_500;
    expect(cabinet.secondsUntil(() => stopOf(cabinet, 3) === "leakage", "the stop")).toBeLessThan(30);
    cabinet.seconds(2);
    expect(cabinet.bay(3).contactorClosed).toBe(false);
    expect(cabinet.faults()).toEqual(["bay-leakage/3"]);
  });

  test("a wet pack that delivers current is found at rest as well", () => {
    const cabinet = chargingCabinet("wet", { initialSoc: 1 });
    cabinet.simulation.world.bayFaults(3).deliversMa = 500;
    expect(cabinet.secondsUntil(() => stopOf(cabinet, 3) === "delivers-current", "the stop")).toBeLessThan(30);
  });

  test("a charger that goes on after it was told to stop, behind a contactor that is welded: the bay is given up (E19)", () => {
    const cabinet = chargingCabinet("stuck");
    const { world } = cabinet.simulation;
    Object.assign(world.bayFaults(1), { chargerStuck: true, contactorWelded: true });
    world.setPackTemp(1, 46);
    expect(cabinet.secondsUntil(() => lockOutOf(cabinet, 1) === "charger-stuck", "the lock-out")).toBeLessThan(20);
    cabinet.seconds(2);
    expect(cabinet.faults()).toContain("bay-charger-stuck/1");
  });
});

describe("a charge that gets nowhere", () => {
  test("is stopped after twenty minutes, with its own fault", () => {
    const cabinet = chargingCabinet("flat");
    cabinet.simulation.world.bayFaults(4).gaugeFrozen = true;
    const afterS = cabinet.secondsUntil(() => stopOf(cabinet, 4) === "no-progress", "the stop");
    expect(afterS).toBeGreaterThan(1_150);
    expect(afterS).toBeLessThan(1_230);
    cabinet.seconds(2);
    expect(cabinet.faults()).toEqual(["bay-no-progress/4"]);
    expect(cabinet.bay(4).contactorClosed).toBe(false);
  });

  test("unlike one that does: four packs are filled and nothing is found", () => {
    const cabinet = chargingCabinet("good");
    cabinet.minutes(120);
    expect(cabinet.faults()).toEqual([]);
    expect([1, 2, 3, 4].map((bay) => cabinet.bay(bay).pack?.socPct)).toEqual([100, 100, 100, 100]);
    expectNothingBroken(cabinet);
  });

  test("nor does a pack whose cells drift apart near full charge any further", () => {
    const cabinet = chargingCabinet("drift", { initialSoc: 0.7 });
    cabinet.simulation.world.bayFaults(2).cellBehindMv = 200;
    cabinet.secondsUntil(() => stopOf(cabinet, 2) === "unbalanced", "the stop");
    cabinet.seconds(2);
    expect(cabinet.bay(2).contactorClosed).toBe(false);
    expect(cabinet.faults()).toEqual(["bay-unbalanced/2"]);
  });
});

describe("a bay heater", () => {
  const cold = { initialPackC: -15, weather: { fixedC: -20 }, outdoors: true };

  test("is off within a minute of its pack's temperatures standing still, and stays off with that pack (S2)", () => {
    const cabinet = chargingCabinet("frozen", cold);
    cabinet.minutes(5);
    expect(cabinet.bay(2).heaterOn).toBe(true);
    cabinet.simulation.world.bayFaults(2).temperaturesFrozen = true;
    expect(cabinet.secondsUntil(() => !cabinet.bay(2).heaterOn, "the heater to go off")).toBeLessThan(64);
    cabinet.simulation.world.bayFaults(2).temperaturesFrozen = false;
    cabinet.minutes(10);
    expect(cabinet.bay(2).heaterOn).toBe(false);
    expect(cabinet.faults()).toEqual(["bay-heater-frozen/2"]);
  });

  test("that never heats is given up", () => {
    const cabinet = chargingCabinet("dead-heater", cold);
    cabinet.simulation.world.bayFaults(2).heaterBroken = true;
    cabinet.minutes(20);
    expect(cabinet.simulation.station.loop.state().bays[2]?.heaterStop).toBeDefined();
    expect(cabinet.bay(3).heaterOn).toBe(true);
  });

  test("whose relay is welded is found by the warmth of its pack, and its bay and those beside it stand still (A3)", () => {
    const cabinet = chargingCabinet("welded", { initialSoc: 1 });
    cabinet.minutes(5);
    cabinet.simulation.world.bayFaults(2).heaterStuckOn = true;
    const latched = () => cabinet.simulation.station.loop.state().bays[2]?.latch;
    const afterS = cabinet.secondsUntil(() => latched() !== undefined, "the latch");
    expect(latched()).toBe("heater-welded");
    expect(afterS).toBeLessThan(1_500);
    cabinet.seconds(2);
    expect(cabinet.faults()).toEqual(["bay-heater-welded/2", "bay-neighbour-hot/1", "bay-neighbour-hot/3"]);
    expect(cabinet.bay(2).pack?.hottestCellC).toBeLessThan(45);
  });
});

describe("a winter's hour and a half in the street, at -32 °C", () => {
  test("warms packs of -25 °C, charges none of them cold, and takes no slow heater for a broken one", () => {
    const cabinet = chargingCabinet("street", { initialPackC: -25, weather: { fixedC: -32 }, outdoors: true });
    cabinet.minutes(90);
    const packs = [1, 2, 3, 4].map((bay) => cabinet.bay(bay).pack);
    expect(packs.map((pack) => pack?.chargeBelowZeroCoulombs)).toEqual([0, 0, 0, 0]);
    expect(packs.some((pack) => (pack?.chargedCoulombs ?? 0) > 1_000)).toBe(true);
    expect(cabinet.faults()).toEqual([]);
    expectNothingBroken(cabinet);
  });
});
