/**
 * What everything that measures one number must do: the thermometer's contract for any quantity and any step. One suite, run
 * on each driver and on the fake.
 */
import { describe, expect, test } from "vitest";
import type { Reading, Watch } from "../../hal/ports/reading.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface MeasurementBench {
  readonly sensor: { reading(): Reading<number>; watch(onChange: Watch<number>): void };
  /** A value, `nonsense` (the sensor lies) or `silent` (it is gone). */
  set(sample: number | "nonsense" | "silent"): void;
  /** Long enough for several samples, and for a silent sensor to be noticed. */
  readonly noticeMs: number;
}

export interface Measurement {
  readonly unit: string;
  /** Values that the sensor can say exactly, its ends among them; at least two. */
  readonly values: readonly [number, number, ...number[]];
  readonly open: (clock: VirtualClock) => MeasurementBench;
}

export function measurementConformance(name: string, { unit, values, open }: Measurement): void {
  function start() {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const bench = open(clock);
    const told: Array<Reading<number>> = [];
    bench.sensor.watch((reading) => told.push(reading));
    const pass = (): void => void clock.runUntil(clock.nowMs + bench.noticeMs);
    return { clock, told, pass, ...bench };
  }

  describe(`${name} keeps the contract of a measuring port`, () => {
    test("before the first good sample there is no number and no quality to rely on", () => {
      const { sensor } = start();
      expect(sensor.reading().value).toBeNaN();
      expect(sensor.reading().quality).not.toBe("good");
    });

    test.each([...values])(`%d ${unit} is told with the time of its sample`, (value) => {
      const { sensor, set, pass, told, clock } = start();
      set(value);
      pass();
      const first = sensor.reading();
      expect(first).toMatchObject({ value, quality: "good" });
      expect(first.atMs).toBeLessThanOrEqual(clock.nowMs);
      expect(told.at(-1)).toBe(first);
      pass();
      expect(sensor.reading().atMs).toBeGreaterThan(first.atMs);
      expect(sensor.reading()).not.toBe(first);
    });

    test.each([
      ["silent", "stale"],
      ["nonsense", "invalid"],
    ] as const)("one that turns %s is %s, keeps its last value and age, and comes back", (fault, quality) => {
      const { sensor, set, pass, told } = start();
      const [value, next] = values;
      set(value);
      pass();
      const last = sensor.reading();
      set(fault);
      pass();
      const lost = sensor.reading();
      expect(lost).toMatchObject({ value, quality });
      expect(lost.atMs).toBeGreaterThanOrEqual(last.atMs);
      pass();
      expect(sensor.reading()).toBe(lost);
      expect(told.filter((reading) => reading.quality === quality)).toHaveLength(1);
      set(next);
      pass();
      expect(sensor.reading()).toMatchObject({ value: next, quality: "good" });
    });

    test("one that never said anything true is never good", () => {
      const { sensor, set, pass, told } = start();
      set("nonsense");
      pass();
      set("silent");
      pass();
      expect(told.some((reading) => reading.quality === "good")).toBe(false);
      expect(sensor.reading().value).toBeNaN();
    });
  });
}
