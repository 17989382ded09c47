import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeModbusReplyException, parseModbusReply } from "../../../hal/codecs/modbus-rtu.ts";
import {
  encodeXyMd02Read,
  encodeXyMd02Reply,
  type XyMd02Scale,
  xyMd02Registers,
  xyMd02Sample,
} from "../../../hal/codecs/xy-md02.ts";
import frames from "./frames/modbus-rtu.json" with { type: "json" };
import { bytesOf, hexOf } from "./golden.ts";

const REQUEST = encodeXyMd02Read(1);
const SCALES: readonly XyMd02Scale[] = [10, 100];

function said(bytes: Uint8Array, scale: XyMd02Scale) {
  const parsed = parseModbusReply(bytes, bytes.length, REQUEST);
  return parsed.is === "frame" ? xyMd02Sample(parsed.value, scale) : parsed;
}
const says = (words: readonly number[], scale: XyMd02Scale) => said(encodeXyMd02Reply(1, words), scale);

describe("the XY-MD02", () => {
  test("both values are asked for at once, and answered, with the maker's frames", () => {
    expect(hexOf(REQUEST)).toBe("010400010002200B");
    expect(said(bytesOf("010404013102222ACE"), 10)).toEqual({ is: "climate", tempC: 30.5, humidityPct: 54.6 });
  });

  test("the single registers of the captured frames hold the same words", () => {
    const answers = frames.frames.filter((entry) => "device" in entry && entry.device === "xy-md02");
    const words = answers.filter(({ way }) => way === "resp").map(({ hex }) => Number.parseInt(hex.slice(6, 10), 16));
    const [tempTenths = 0, tempHundredths = 0, humidityTenths = 0] = words;
    expect(says([tempTenths, humidityTenths], 10)).toMatchObject({ tempC: 30.5, humidityPct: 54.6 });
    expect(says([tempHundredths, 10 * humidityTenths], 100)).toMatchObject({ tempC: 30.5, humidityPct: 54.6 });
  });

  test.each([
    ["frost, as a signed word", [0xff33, 800], 10, { tempC: -20.5, humidityPct: 80 }],
    ["its coldest", [0xfe70, 1], 10, { tempC: -40, humidityPct: 0.1 }],
    ["its hottest", [600, 1000], 10, { tempC: 60, humidityPct: 100 }],
    ["air that drips: the sensor says more than all", [270, 1_012], 10, { tempC: 27, humidityPct: 100 }],
    ["air drier than its formula knows", [270, 0xffd8], 10, { tempC: 27, humidityPct: 0 }],
    ["a real zero, in air that is not empty", [0, 5], 10, { tempC: 0, humidityPct: 0.5 }],
  ] as const)("%s is believed", (_, words, scale, expected) => {
    expect(says(words, scale)).toEqual({ is: "climate", ...expected });
  });

  test.each([
    ["hotter than it can be", [601, 500], 10],
    ["colder than it can be", [0xfe6f, 500], 10],
    ["wetter than its formula can say", [200, 1_191], 10],
    ["drier than its formula can say", [200, 0xffc3], 10],
    ["a clone's hundredths read as tenths", [3050, 5460], 10],
    ["a clone's hundredths near zero read as tenths: its humidity gives it away", [150, 5460], 10],
    ["a board that read nothing", [0, 0], 10],
    ["a shorted line", [0x8000, 0], 100],
    ["a broken line", [0x7fff, 0xffff], 100],
  ] as const)("%s is nonsense as a whole", (_, words, scale) => {
    expect(says(words, scale)).toMatchObject({ is: "nonsense" });
  });

  test("an exception is nonsense, and an answer of another length is not the answer", () => {
    expect(said(encodeModbusReplyException(1, 4, 2), 10)).toMatchObject({ is: "nonsense" });
    expect(said(encodeXyMd02Reply(1, [305]), 10).is).toBe("junk");
  });

  test("every climate that a sensor can say comes back to its step", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCALES),
        fc.double({ min: -40, max: 60, noNaN: true }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        (scale, tempC, humidityPct) => {
          const sample = says(xyMd02Registers(tempC, humidityPct, scale), scale);
          if (sample.is !== "climate") throw new Error(JSON.stringify(sample));
          expect(Math.abs(sample.tempC - tempC)).toBeLessThanOrEqual(0.5 / scale + 1e-9);
          expect(Math.abs(sample.humidityPct - humidityPct)).toBeLessThanOrEqual(0.5 / scale + 1e-9);
        },
      ),
    );
  });

  test("whatever the registers hold, no number outside the sensor's range is ever told", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), fc.constantFrom(...SCALES), (first, second, scale) => {
        const sample = says([first, second], scale);
        if (sample.is !== "climate") return;
        expect(sample.tempC).toBeGreaterThanOrEqual(-40);
        expect(sample.tempC).toBeLessThanOrEqual(60);
        expect(sample.humidityPct).toBeGreaterThanOrEqual(0);
        expect(sample.humidityPct).toBeLessThanOrEqual(100);
      }),
    );
  });
});
