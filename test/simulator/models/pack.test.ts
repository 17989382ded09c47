import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pack, type PackSpec, PROTECTION } from "../../../simulator/models/pack.ts";
import { cellOcvMv, resistanceFactor, usableShare } from "../../../simulator/models/pack-chemistry.ts";

const CHARGE_MA = 12_000;
const CHARGE_MV = 54_600;

const pack = (changes: Partial<PackSpec> = {}) =>
  new Pack({ id: "yz-4824-000001", cells: 13, capacityMah: 24_000, soc: 0.2, tempC: 20, ...changes });

/** Charges in steps of one second, with the surroundings holding the temperature. Returns the hours until `soc`. */
function hoursTo(target: Pack, soc: number): number {
  let seconds = 0;
  while (target.soc < soc && seconds < 20_000) {
    target.pass(1, target.currentFor(CHARGE_MA, CHARGE_MV), 0);
    seconds++;
  }
  return seconds / 3_600;
}

describe("a pack", () => {
  test("at 20 % takes about an hour and a half to 95 % at 0.5 C, and a little longer to the end", () => {
    const charged = pack();
    expect(hoursTo(charged, 0.95)).toBeGreaterThan(1.45);
    expect(charged.socPct).toBe(95);
    expect(hoursTo(charged, 0.995)).toBeLessThan(0.35);
  });

  test("is never pushed above the charger's voltage, whatever it starts from", () => {
    const starts = fc.record({
      soc: fc.double({ min: 0, max: 1, noNaN: true }),
      tempC: fc.integer({ min: 0, max: 40 }),
      setMa: fc.integer({ min: 0, max: 24_000 }),
    });
    fc.assert(
      fc.property(starts, ({ soc, tempC, setMa }) => {
        const charged = pack({ soc, tempC });
        for (let step = 0; step < 300; step++) {
          const flowMa = charged.currentFor(setMa, CHARGE_MV);
          expect(flowMa).toBeGreaterThanOrEqual(0);
          expect(flowMa).toBeLessThanOrEqual(setMa);
          charged.pass(10, flowMa, 0);
        }
        // A full cell rests at 4.2 V, so a pack that starts full may stand at the limit, never above it.
        expect(charged.peakMv).toBeLessThanOrEqual(CHARGE_MV + 0.001);
        expect(charged.soc).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  test("lets the current die out at the end of charge instead of cutting it off", () => {
    const charged = pack({ soc: 0.9 });
    const currents: number[] = [];
    for (let minute = 0; minute < 60; minute++) {
      currents.push(charged.currentFor(CHARGE_MA, CHARGE_MV));
      for (let second = 0; second < 60; second++) charged.pass(1, charged.currentFor(CHARGE_MA, CHARGE_MV), 0);
    }
    for (let minute = 1; minute < currents.length; minute++) {
      expect(currents[minute]).toBeLessThanOrEqual(currents[minute - 1] ?? 0);
    }
    expect(currents[59]).toBeLessThan(50);
  });

  test("keeps the books: energy in = what is stored at open-circuit voltage + what became heat", () => {
    const charged = pack();
    let storedJ = 0;
    for (let second = 0; second < 3_600; second++) {
      const flowMa = charged.currentFor(CHARGE_MA, CHARGE_MV);
      storedJ += (charged.ocvMv / 1_000) * (flowMa / 1_000);
      charged.pass(1, flowMa, 0);
    }
    expect(charged.chargedCoulombs).toBeCloseTo((charged.soc - 0.2) * 24 * 3_600, 3);
    expect(charged.energyInJ).toBeCloseTo(storedJ + charged.heatLossJ, 3);
    // Alone in the world, all that heat is in the pack.
    expect(charged.tempC - 20).toBeCloseTo(charged.heatLossJ / 7_500, 6);
    expect(charged.tempC).toBeLessThan(26);
  });

  test("counts every coulomb that goes in below 0 °C, and only those", () => {
    const cold = pack({ tempC: -1 });
    cold.pass(10, 1_000, 0);
    expect(cold.chargeBelowZeroCoulombs).toBe(10);
    const warm = pack({ tempC: 0 });
    warm.pass(10, 1_000, 0);
    expect(warm.chargeBelowZeroCoulombs).toBe(0);
  });

  test("never says that a cell is warmer than it is", () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 60, noNaN: true }), (tempC) => {
        const [coldest = 0] = pack({ tempC }).sensorTempsC();
        expect(coldest).toBeLessThanOrEqual(tempC);
        expect(coldest).toBeGreaterThan(tempC - 0.11);
      }),
    );
  });

  const protections = [
    { name: "charge under-temperature", tempC: -6, bits: PROTECTION.chargeCold, charge: false, discharge: true },
    {
      name: "discharge under-temperature",
      tempC: -21,
      bits: PROTECTION.chargeCold | PROTECTION.dischargeCold,
      charge: false,
      discharge: false,
    },
    { name: "charge over-temperature", tempC: 56, bits: PROTECTION.chargeHot, charge: false, discharge: true },
    {
      name: "discharge over-temperature",
      tempC: 66,
      bits: PROTECTION.chargeHot | PROTECTION.dischargeHot,
      charge: false,
      discharge: false,
    },
  ];
  test.each(protections)("protects itself: $name at $tempC °C", ({ tempC, bits, charge, discharge }) => {
    const protectedPack = pack({ tempC });
    expect(protectedPack.protectionBits).toBe(bits);
    expect(protectedPack.chargeMosOn).toBe(charge);
    expect(protectedPack.dischargeMosOn).toBe(discharge);
    expect(protectedPack.currentFor(CHARGE_MA, CHARGE_MV) > 0).toBe(charge);
    protectedPack.setTemp(20);
    expect(protectedPack.protectionBits).toBe(0);
    expect(protectedPack.chargeMosOn).toBe(true);
  });

  test("holds a protection until the release limit, not only until the trip limit", () => {
    const cold = pack({ tempC: -6 });
    cold.setTemp(-1);
    expect(cold.protectionBits).toBe(PROTECTION.chargeCold);
    cold.setTemp(0.1);
    expect(cold.protectionBits).toBe(0);
  });

  test("obeys its MOS register, says so in bit 12, and forgets it on the bike", () => {
    const commanded = pack();
    commanded.commandMos(false, true);
    expect(commanded.chargeMosOn).toBe(false);
    expect(commanded.protectionBits).toBe(PROTECTION.mosLocked);
    expect(commanded.currentFor(CHARGE_MA, CHARGE_MV)).toBe(0);
    commanded.unplugged();
    expect(commanded.chargeMosOn).toBe(true);
    expect(commanded.protectionBits).toBe(0);
  });

  test("has cells that add up to its voltage and differ by its spread", () => {
    const cells = pack({ spreadMv: 10 }).cellsMv();
    expect(cells).toHaveLength(13);
    expect(Math.max(...cells) - Math.min(...cells)).toBe(10);
    expect(cells.reduce((sum, cell) => sum + cell, 0)).toBeCloseTo(pack().packMv, -1);
  });
});

describe("cell chemistry", () => {
  test("rises with charge, grows stiff in the cold, and gives less of it", () => {
    for (let soc = 0; soc < 1; soc += 0.01) expect(cellOcvMv(soc + 0.01)).toBeGreaterThan(cellOcvMv(soc));
    expect(resistanceFactor(25)).toBe(1);
    expect(resistanceFactor(0)).toBeGreaterThan(2.5);
    expect(resistanceFactor(-32)).toBeLessThanOrEqual(8);
    expect(usableShare(25)).toBe(1);
    expect(usableShare(0)).toBeCloseTo(0.8);
    expect(usableShare(-32)).toBeLessThan(0.5);
    expect(usableShare(-60)).toBe(0.4);
  });
});
