/**
 * XY-MD02, a temperature and humidity sensor (SHT20) on Modbus RTU: function 04, register 1 temperature as a signed word,
 * register 2 relative humidity, both in tenths; clones of it speak hundredths. The two are asked for together and judged
 * together: one value that cannot be true takes the other with it, because that is how a wrong scale gives itself away.
 * It refuses to guess the scale: with the wrong one of the two, half of all winters would still look plausible.
 */
import { i16 } from "./bytes.ts";
import { encodeModbusRead, encodeModbusReplyRegisters, type ModbusReply } from "./modbus-rtu.ts";

/** Steps in one degree and in one percent. */
export type XyMd02Scale = 10 | 100;

export type XyMd02Sample =
  | { readonly is: "climate"; readonly tempC: number; readonly humidityPct: number }
  | { readonly is: "nonsense"; readonly why: string };

export const XY_MD02_FUNCTION = 4;
export const XY_MD02_FIRST_REGISTER = 1;
export const XY_MD02_REGISTERS = 2;

/** What the product is sold for; the sensor inside could do more, its housing and its figures cannot. */
const TEMP_C_MIN = -40;
const TEMP_C_MAX = 60;
/** The sensor's own formula goes from -6 to 119 %; what it says beyond 0 and 100 is wet or dry air, not a fault (SHT2x datasheet). */
const HUMIDITY_RAW_PCT = [-6, 119] as const;

/** Temperature and humidity in one question, so that they are of one moment. */
export function encodeXyMd02Read(address: number): Uint8Array {
  return encodeModbusRead(address, XY_MD02_FUNCTION, XY_MD02_FIRST_REGISTER, XY_MD02_REGISTERS);
}

/** What the answer to `encodeXyMd02Read` says. */
export function xyMd02Sample(reply: ModbusReply, scale: XyMd02Scale): XyMd02Sample {
  if (reply.exception !== undefined) return { is: "nonsense", why: `exception ${reply.exception}` };
  if (reply.data.length !== 2 * XY_MD02_REGISTERS) return { is: "nonsense", why: `${reply.data.length} data bytes` };
  const tempSteps = i16(reply.data, 0);
  const humiditySteps = i16(reply.data, 2);
  // Both exactly nothing is what a board says that has not read its sensor (seen on clones; unverified on the original).
  if (tempSteps === 0 && humiditySteps === 0) return { is: "nonsense", why: "both registers are zero" };
  const tempC = tempSteps / scale;
  const rawPct = humiditySteps / scale;
  if (tempC < TEMP_C_MIN || tempC > TEMP_C_MAX) return { is: "nonsense", why: `${tempC} °C` };
  if (rawPct < HUMIDITY_RAW_PCT[0] || rawPct > HUMIDITY_RAW_PCT[1]) return { is: "nonsense", why: `${rawPct} %RH` };
  return { is: "climate", tempC, humidityPct: Math.min(100, Math.max(0, rawPct)) };
}

/** Device side: the registers that say this. */
export function xyMd02Registers(tempC: number, humidityPct: number, scale: XyMd02Scale): readonly [number, number] {
  return [Math.round(tempC * scale) & 0xffff, Math.round(humidityPct * scale) & 0xffff];
}

/** Device side: the answer with `count` of its registers from `first` on. */
export function encodeXyMd02Reply(address: number, registers: readonly number[]): Uint8Array {
  return encodeModbusReplyRegisters(address, XY_MD02_FUNCTION, registers);
}
