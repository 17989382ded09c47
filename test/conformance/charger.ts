/** What every charger must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { Charger, ChargerSetpoint, ChargerStatus } from "../../hal/ports/charger.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface ChargerBench {
  readonly charger: Charger;
  /** What the charger really delivers to, with a load connected. */
  outMa(): number;
  answering(answers: boolean): void;
  /** How long a command may take until the current follows and was measured. */
  readonly settleMs: number;
  /** How long it may take until a dead charger is noticed, and until it is found again. */
  readonly noticeMs: number;
}

const FULL: ChargerSetpoint = { setMa: 12_000, setMv: 54_600 };
const LESS: ChargerSetpoint = { setMa: 4_800, setMv: 54_600 };

export function chargerConformance(name: string, open: (clock: VirtualClock) => ChargerBench): void {
  describe(`${name} keeps the contract of the charger port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const told: Array<Reading<ChargerStatus>> = [];
      bench.charger.watch((reading) => told.push(reading));
      const pass = (ms = bench.settleMs): void => void clock.runUntil(clock.nowMs + ms);
      const renew = (setpoint: ChargerSetpoint, ms = bench.settleMs): void => {
        for (let left = ms; left > 0; left -= 200) {
          bench.charger.hold(setpoint, clock.nowMs + 2_000);
          pass(200);
        }
      };
      return { clock, told, pass, renew, ...bench };
    }

    test("before the first answer nothing is good, and nothing is delivered", () => {
      const { charger, outMa, pass } = start();
      expect(charger.reading().quality).not.toBe("good");
      expect(charger.reading().value.confirmed).toBeUndefined();
      pass();
      expect(charger.reading()).toMatchObject({ value: { outMa: 0 }, quality: "good" });
      expect(outMa()).toBe(0);
    });

    test("a renewed set-point is delivered, measured, and confirmed as read back", () => {
      const { charger, outMa, renew, told } = start();
      renew(FULL);
      expect(outMa()).toBeCloseTo(12_000, -2);
      expect(charger.reading().quality).toBe("good");
      expect(charger.reading().value.outMa).toBeCloseTo(12_000, -2);
      expect(charger.reading().value.outMv).toBeGreaterThan(30_000);
      expect(charger.reading().value.confirmed).toEqual(FULL);
      expect(told.at(-1)).toBe(charger.reading());
    });

    test("another set-point takes effect without going off in between", () => {
      const { charger, outMa, renew, clock } = start();
      renew(FULL);
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at < 50; at++) {
        charger.hold(LESS, clock.nowMs + 2_000);
        clock.runUntil(clock.nowMs + 100);
        least = Math.min(least, outMa());
      }
      expect(least).toBeCloseTo(4_800, -2);
      expect(charger.reading().value.confirmed).toEqual(LESS);
    });

    test("a lease that nobody renews ends in time, however long it was asked for", () => {
      const { charger, outMa, renew, clock, pass } = start();
      renew(FULL);
      charger.hold(FULL, clock.nowMs + 60_000);
      pass(2_000 + 600);
      expect(outMa()).toBe(0);
      pass();
      expect(charger.reading().value.outMa).toBe(0);
    });

    test("zero current switches off at once", () => {
      const { charger, outMa, renew, clock, pass } = start();
      renew(FULL);
      charger.hold({ setMa: 0, setMv: 54_600 }, clock.nowMs + 2_000);
      pass(600);
      expect(outMa()).toBe(0);
    });

    test("a dead charger is stale with its last values, unconfirmed, and when it is back it starts from off", () => {
      const { charger, outMa, renew, pass, answering, noticeMs, told } = start();
      renew(FULL);
      answering(false);
      renew(FULL, noticeMs);
      expect(charger.reading().quality).toBe("stale");
      expect(charger.reading().value.confirmed).toBeUndefined();
      // Confirmation may be lost, and told, before or after the age is noticed; staleness itself is entered once.
      const entered = told.filter((reading, at) => reading.quality === "stale" && told[at - 1]?.quality === "good");
      expect(entered.length).toBeLessThanOrEqual(1);
      pass(2_000);
      answering(true);
      pass(noticeMs);
      expect(outMa()).toBe(0);
      expect(charger.reading()).toMatchObject({ quality: "good", value: { outMa: 0 } });
      renew(FULL);
      expect(outMa()).toBeCloseTo(12_000, -2);
    });

    test.each([
      { setMa: 99_999, setMv: 54_600 },
      { setMa: Number.NaN, setMv: 54_600 },
      { setMa: -5, setMv: 54_600 },
    ])("a set-point of $setMa mA never delivers more than 24 A", (setpoint) => {
      const { outMa, renew } = start();
      renew(setpoint);
      expect(outMa()).toBeLessThanOrEqual(24_000);
    });
  });
}
