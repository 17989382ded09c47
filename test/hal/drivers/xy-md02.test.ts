import { describe, expect, test } from "vitest";
import { type XyMd02Options, xyMd02 } from "../../../hal/drivers/xy-md02.ts";
import type { Quality } from "../../../hal/ports/reading.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { roomBench } from "../../support/room-bench.ts";

function start(options: Partial<XyMd02Options> = {}) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const bench = roomBench(clock, options.scale);
  const device = xyMd02({ address: 1, ...options }, { bus: bench.buses.sensor });
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  /** Time until the temperature has this quality. */
  const until = (quality: Quality, limitMs = 60_000): number => {
    const fromMs = clock.nowMs;
    while (device.thermometer.reading().quality !== quality && clock.nowMs - fromMs < limitMs) pass(50);
    return clock.nowMs - fromMs;
  };
  pass(3_000);
  return { clock, device, pass, until, ...bench };
}

describe("an XY-MD02 sensor", () => {
  test("says temperature and humidity of the same moment", () => {
    const { device } = start();
    expect(device.thermometer.reading()).toMatchObject({ value: 21, quality: "good" });
    expect(device.hygrometer.reading()).toMatchObject({ value: 40, quality: "good" });
    expect(device.hygrometer.reading().atMs).toBe(device.thermometer.reading().atMs);
  });

  test.each(["gone", "open", "short"] as const)("that is %s is not believed within ten seconds", (fault) => {
    const { sensor, until, device } = start();
    sensor.fault = fault;
    expect(until(fault === "gone" ? "stale" : "invalid")).toBeLessThan(10_000);
    expect(device.hygrometer.reading().quality).toBe(device.thermometer.reading().quality);
    sensor.fault = undefined;
    expect(until("good")).toBeLessThan(10_000);
  });

  test("whose line is pulled out is not believed from that moment", () => {
    const { lines, until } = start();
    lines.sensor.unplug();
    expect(until("stale")).toBeLessThan(200);
    lines.sensor.replug();
    expect(until("good")).toBeLessThan(15_000);
  });

  test("one spike is passed over, a step that stays is believed at the second sample", () => {
    const { air, device, pass } = start();
    air.tempC = 55;
    pass(2_000);
    expect(device.thermometer.reading()).toMatchObject({ value: 21, quality: "good" });
    air.tempC = 21.3;
    pass(2_000);
    expect(device.thermometer.reading()).toMatchObject({ value: 21.3, quality: "good" });
    air.tempC = 55;
    pass(4_100);
    expect(device.thermometer.reading()).toMatchObject({ value: 55, quality: "good" });
  });

  test("a clone that speaks hundredths, taken for one that speaks tenths, is invalid and never a number", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const { buses, air } = roomBench(clock, 100);
    const { thermometer } = xyMd02({ address: 1, scale: 10 }, { bus: buses.sensor });
    for (const tempC of [-30, -4, 0, 3.05, 21, 40]) {
      air.tempC = tempC;
      clock.runUntil(clock.nowMs + 10_000);
      expect(thermometer.reading().quality).toBe("invalid");
      expect(thermometer.reading().value).toBeNaN();
    }
  });

  test("with a third of its answers damaged it says the truth or nothing", () => {
    const { lines, device, air, pass } = start();
    lines.sensor.faults.corruptReply = 0.3;
    lines.sensor.faults.dropReply = 0.1;
    const told: number[] = [];
    device.thermometer.watch(({ value, quality }) => void (quality === "good" && told.push(value)));
    for (let at = 0; at < 200; at++) {
      air.tempC = 20 + (at % 10) / 10;
      pass(2_000);
    }
    expect(told.length).toBeGreaterThan(80);
    for (const value of told) expect(value >= 20 && value < 21).toBe(true);
  });

  test("at another address there is nobody", () => {
    const { device } = start({ address: 2 });
    expect(device.thermometer.reading()).toMatchObject({ value: Number.NaN, quality: "stale" });
  });
});
