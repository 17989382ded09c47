import { expect, test } from "vitest";
import { encodeW1Slave } from "../../../hal/codecs/w1-slave.ts";
import { w1Thermometer } from "../../../hal/drivers/w1-thermometer.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { fakeTextFiles } from "../../support/fake-text-files.ts";

const PATH = "/sys/bus/w1/devices/28-0000072f4f2a/w1_slave";

function bench(options: { pollMs?: number; missesMax?: number; jumpMaxC?: number } = {}) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const files = fakeTextFiles(clock);
  files.set(PATH, encodeW1Slave(20));
  const thermometer = w1Thermometer(files, clock, { path: PATH, pollMs: 1_250, ...options });
  const show = (tempC: number): void => files.set(PATH, encodeW1Slave(tempC));
  /** One read of 750 ms and one pause of 1,250 ms. */
  const pass = (polls = 1): void => void clock.runUntil(clock.nowMs + 2_000 * polls);
  return { clock, files, thermometer, show, pass, value: () => thermometer.reading().value };
}

test("the sensor is asked again only after it answered, however long it takes", () => {
  const { clock, files } = bench();
  files.readMs = 10_000;
  clock.runUntil(9_999);
  expect(files.reads).toBe(1);
  clock.runUntil(11_250);
  expect(files.reads).toBe(2);
});

test.each([
  [
    "the power-on value with the chip's own mark",
    "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n",
  ],
  ["the power-on value without the mark, as clones give it", encodeW1Slave(85)],
  ["a wrong checksum", "62 ff 4b 46 7f ff 0e 10 c9 : crc=c9 NO\n62 ff 4b 46 7f ff 0e 10 c9 t=-62\n"],
  ["an empty file", ""],
  ["words", "no such sensor\n"],
])("one bad sample among good ones changes nothing: %s", (_, text) => {
  const { files, thermometer, pass, show } = bench();
  pass();
  const before = thermometer.reading();
  files.set(PATH, text);
  pass(2);
  expect(thermometer.reading()).toBe(before);
  show(20.5);
  pass();
  expect(thermometer.reading()).toMatchObject({ value: 20.5, quality: "good" });
  files.set(PATH, text);
  pass(3);
  expect(thermometer.reading()).toMatchObject({ value: 20.5, quality: "invalid" });
});

test("a boiler that cools through 85 °C is believed all the way, as long as the last sample stood beside it", () => {
  const { pass, show, thermometer } = bench();
  show(86.5);
  pass(4);
  expect(thermometer.reading()).toMatchObject({ value: 86.5, quality: "good" });
  show(85);
  pass(5);
  expect(thermometer.reading()).toMatchObject({ value: 85, quality: "good" });
});

test("a sensor that is read wrong and then vanishes is told as gone", () => {
  const { files, thermometer, pass } = bench();
  pass();
  files.set(PATH, "");
  pass(4);
  expect(thermometer.reading().quality).toBe("invalid");
  files.set(PATH, undefined);
  pass(4);
  expect(thermometer.reading().quality).toBe("stale");
});

test("a single jump is not believed, a jump that the next sample confirms is", () => {
  const { pass, show, value, thermometer } = bench({ jumpMaxC: 15 });
  pass();
  show(60);
  pass();
  expect(value()).toBe(20);
  show(20.5);
  pass();
  expect(value()).toBe(20.5);
  show(70);
  pass();
  show(74);
  pass();
  expect(thermometer.reading()).toMatchObject({ value: 74, quality: "good" });
});

test("jumps in every direction are no confirmation of one another, and cost the reading its quality", () => {
  const { pass, show, thermometer } = bench({ jumpMaxC: 15, missesMax: 3 });
  pass();
  for (const tempC of [60, -40, 100]) {
    show(tempC);
    pass();
  }
  expect(thermometer.reading()).toMatchObject({ value: 20, quality: "invalid" });
});
