import { describe, expect, test } from "vitest";
import { encodeModbusRead, encodeModbusRegister } from "../../../hal/codecs/modbus-rtu.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { type ClimateSensor, createClimateSensors } from "../../../simulator/wires/climate-sensors.ts";
import { DeviceLine } from "../../../simulator/wires/device-line.ts";

function line() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const devices = new DeviceLine();
  const site = { mainsOn: true };
  const air = { tempC: 30.5, humidityPct: 54.6 };
  const tenths: ClimateSensor = { address: 1, scale: 10, air: () => air };
  const hundredths: ClimateSensor = { address: 2, scale: 100, air: () => air };
  const sensors = [tenths, hundredths];
  devices.add(createClimateSensors({ clock, site, sensors, turnaroundMs: 5, reply: devices.reply }));
  const said: string[] = [];
  devices.connect((bytes) => said.push(Buffer.from(bytes).toString("hex").toUpperCase()));
  const ask = (bytes: Uint8Array): string | undefined => {
    said.length = 0;
    devices.receive(bytes, bytes.length);
    return said[0];
  };
  return { air, tenths, site, ask };
}

describe("a simulated XY-MD02", () => {
  test("answers with the frames of the maker's sheet, one register or both", () => {
    const { ask } = line();
    expect(ask(encodeModbusRead(1, 4, 1, 1))).toBe("01040201317974");
    expect(ask(encodeModbusRead(1, 4, 2, 1))).toBe("01040202223849");
    expect(ask(encodeModbusRead(1, 4, 1, 2))).toBe("010404013102222ACE");
    // The same degrees from a clone that speaks hundredths.
    expect(ask(encodeModbusRead(2, 4, 1, 1))?.slice(6, 10)).toBe("0BEA");
  });

  test("says frost as a signed word", () => {
    const { air, ask } = line();
    air.tempC = -20.5;
    expect(ask(encodeModbusRead(1, 4, 1, 1))?.slice(6, 10)).toBe("FF33");
  });

  test("refuses registers and functions it does not have, and is deaf to other addresses", () => {
    const { ask } = line();
    expect(ask(encodeModbusRead(1, 4, 0, 1))).toContain("018402");
    expect(ask(encodeModbusRead(1, 4, 2, 2))).toContain("018402");
    expect(ask(encodeModbusRead(1, 3, 1, 1))).toContain("018301");
    expect(ask(encodeModbusRegister(1, 0x101, 9))).toContain("018601");
    expect(ask(encodeModbusRead(9, 4, 1, 2))).toBeUndefined();
  });

  test("frozen, it keeps its last words; gone or without mains it says nothing", () => {
    const { air, tenths, site, ask } = line();
    const both = encodeModbusRead(1, 4, 1, 2);
    const before = ask(both);
    tenths.fault = "frozen";
    air.tempC = 35;
    expect(ask(both)).toBe(before);
    tenths.fault = "gone";
    expect(ask(both)).toBeUndefined();
    tenths.fault = undefined;
    expect(ask(both)).not.toBe(before);
    site.mainsOn = false;
    expect(ask(both)).toBeUndefined();
  });
});
