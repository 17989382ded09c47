/** What every thermometer must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { Reading } from "../../hal/ports/reading.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface ThermometerBench {
  readonly thermometer: Thermometer;
  /** A temperature, `nonsense` (the sensor lies) or `silent` (it is gone). */
  set(sample: number | "nonsense" | "silent"): void;
  /** Long enough for several samples, and for a silent sensor to be noticed. */
  readonly noticeMs: number;
}

export function thermometerConformance(name: string, open: (clock: VirtualClock) => ThermometerBench): void {
  describe(`${name} keeps the contract of the thermometer port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const told: Array<Reading<number>> = [];
      bench.thermometer.watch((reading) => told.push(reading));
      const pass = (): void => void clock.runUntil(clock.nowMs + bench.noticeMs);
      return { clock, told, pass, ...bench };
    }

    test("before the first good sample there is no number and no quality to rely on", () => {
      const { thermometer } = start();
      expect(thermometer.reading().value).toBeNaN();
      expect(thermometer.reading().quality).not.toBe("good");
    });

    test.each([-40, -10.125, 0, 21.5, 60])("%d °C is told with the time of its sample", (tempC) => {
      const { thermometer, set, pass, told, clock } = start();
      set(tempC);
      pass();
      expect(thermometer.reading()).toMatchObject({ value: tempC, quality: "good" });
      expect(thermometer.reading().atMs).toBeLessThanOrEqual(clock.nowMs);
      expect(told.at(-1)).toBe(thermometer.reading());
      const first = thermometer.reading();
      pass();
      expect(thermometer.reading().atMs).toBeGreaterThan(first.atMs);
      expect(thermometer.reading()).not.toBe(first);
    });

    test.each([
      ["silent", "stale"],
      ["nonsense", "invalid"],
    ] as const)(
      "a sensor that turns %s is %s, keeps its last value and age, and comes back by itself",
      (fault, quality) => {
        const { thermometer, set, pass, told } = start();
        set(4.5);
        pass();
        const last = thermometer.reading();
        set(fault);
        pass();
        const lost = thermometer.reading();
        expect(lost).toMatchObject({ value: 4.5, quality });
        expect(lost.atMs).toBeGreaterThanOrEqual(last.atMs);
        pass();
        expect(thermometer.reading()).toBe(lost);
        expect(told.filter((reading) => reading.quality === quality)).toHaveLength(1);
        set(5);
        pass();
        expect(thermometer.reading()).toMatchObject({ value: 5, quality: "good" });
      },
    );

    test("a sensor that never said anything true is never good", () => {
      const { thermometer, set, pass, told } = start();
      set("nonsense");
      pass();
      set("silent");
      pass();
      expect(told.some((reading) => reading.quality === "good")).toBe(false);
      expect(thermometer.reading().value).toBeNaN();
    });
  });
}
