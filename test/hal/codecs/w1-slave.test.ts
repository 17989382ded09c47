import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeW1Slave, encodeW1Slave, w1SlaveText } from "../../../hal/codecs/w1-slave.ts";

describe("the sensor file of a DS18B20", () => {
  test("a captured good file reads 22.125 °C", () => {
    const file = "62 01 4b 46 7f ff 0e 10 03 : crc=03 YES\n62 01 4b 46 7f ff 0e 10 03 t=22125\n";
    expect(decodeW1Slave(file)).toEqual({ valid: true, tempC: 22.125 });
    expect(encodeW1Slave(22.125)).toBe(file);
  });

  test("every temperature the sensor can measure is read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -55 * 16, max: 125 * 16 }), (sixteenths) => {
        const reading = decodeW1Slave(encodeW1Slave(sixteenths / 16));
        expect(reading.valid && Math.abs(reading.tempC - sixteenths / 16)).toBeLessThan(0.001);
      }),
    );
  });

  test("a real 85 °C is believed, the power-on 85 °C is not", () => {
    expect(decodeW1Slave(encodeW1Slave(85))).toEqual({ valid: true, tempC: 85 });
    const powerOn = "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n";
    expect(decodeW1Slave(powerOn)).toMatchObject({ valid: false, reason: expect.stringContaining("power-on") });
  });

  test("a clone with FF in the unused bytes and a right CRC is believed", () => {
    const clone = w1SlaveText(Uint8Array.of(0x91, 0x01, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0), 25_062);
    expect(decodeW1Slave(clone)).toEqual({ valid: true, tempC: 25.062 });
  });

  test("an older relative that counts in half degrees is believed as the kernel converts it", () => {
    const ds18s20 = w1SlaveText(Uint8Array.of(0x2d, 0x00, 0x4b, 0x46, 0xff, 0xff, 0x08, 0x10, 0), 22_750);
    expect(decodeW1Slave(ds18s20)).toEqual({ valid: true, tempC: 22.75 });
  });

  test.each([
    ["the kernel said NO", "62 01 4b 46 7f ff 0e 10 04 : crc=03 NO\n62 01 4b 46 7f ff 0e 10 03 t=22125\n", "wrong CRC"],
    [
      "the bus is stuck high",
      "ff ff ff ff ff ff ff ff ff : crc=c9 NO\n62 01 4b 46 7f ff 0e 10 03 t=-62\n",
      "stuck high",
    ],
    [
      "YES over a wrong CRC",
      "62 01 4b 46 7f ff 0e 10 04 : crc=04 YES\n62 01 4b 46 7f ff 0e 10 04 t=22125\n",
      "checksum",
    ],
    [
      "the data line is shorted",
      "00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0\n",
      "shorted",
    ],
    [
      "t does not follow from the bytes",
      "62 01 4b 46 7f ff 0e 10 03 : crc=03 YES\n62 01 4b 46 7f ff 0e 10 03 t=2212\n",
      "follow",
    ],
    ["t is missing", "62 01 4b 46 7f ff 0e 10 03 : crc=03 YES\n62 01 4b 46 7f ff 0e 10 03\n", "t="],
    ["t is no number", "62 01 4b 46 7f ff 0e 10 03 : crc=03 YES\n62 01 4b 46 7f ff 0e 10 03 t=2x\n", "t="],
    ["the file is empty", "", "nine bytes"],
    ["the file is cut", "62 01 4b 46 7f ff", "nine bytes"],
  ])("refused when %s", (_, file, reason) => {
    expect(decodeW1Slave(file)).toEqual({ valid: false, reason: expect.stringContaining(reason) });
  });

  test("no text at all makes it throw", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        (bytes) => void decodeW1Slave(Buffer.from(bytes).toString("latin1")),
      ),
    );
  });
});
