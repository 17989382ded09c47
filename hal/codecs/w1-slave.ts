/**
 * The text of a DS18B20's `w1_slave` file (Linux w1_therm). Line 1 holds the nine bytes read and the kernel's verdict on
 * their CRC, line 2 the last good bytes and `t=` in millidegrees. A number alone proves nothing: after a failed read line 2
 * still shows one, and a sensor that lost power reports 85 °C with a perfect CRC.
 */
import { u8 } from "./bytes.ts";
import { crc8Maxim } from "./crc.ts";

export type W1Reading =
  | { readonly valid: true; readonly tempC: number }
  | { readonly valid: false; readonly reason: string };

const SCRATCHPAD = 9;
/** Measuring range of the sensor (DS18B20 datasheet). */
const MIN_MILLI_C = -55_000;
const MAX_MILLI_C = 125_000;
const POWER_ON_MILLI_C = 85_000;

export function decodeW1Slave(text: string): W1Reading {
  const lines = text.split("\n", 3);
  const first = (lines[0] as string).trim(); // What is split has a first part, be it empty.
  const second = (lines[1] ?? "").trim();
  const bytes = scratchpad(first);
  if (bytes === undefined) return refused("first line does not hold nine bytes");
  const verdict = first.slice(3 * SCRATCHPAD).trim();
  if (bytes.every((byte) => byte === 0xff)) {
    return refused("bus stuck high / sensor gone; line 2 shows the last GOOD bytes with a nonsense t");
  }
  if (!verdict.startsWith(": crc=")) return refused("first line does not say crc=");
  if (!verdict.endsWith(" YES")) return refused("the kernel found a wrong CRC; line 2 shows the last good bytes");
  const crc = crc8Maxim(bytes, 0, SCRATCHPAD - 1);
  if (bytes[SCRATCHPAD - 1] !== crc)
    return refused(`checksum: expected ${hex(crc)}, got ${hex(u8(bytes, SCRATCHPAD - 1))}`);
  if (bytes.every((byte) => byte === 0)) return refused("all bytes 0: the data line is shorted");
  const milliC = temperature(second);
  if (milliC === undefined) return refused("second line does not hold t=");
  return judge(bytes, milliC);
}

function judge(bytes: Uint8Array, milliC: number): W1Reading {
  // The kernel's own test for a conversion that never happened: byte 6 is 0C only at power-on.
  if (milliC === POWER_ON_MILLI_C && bytes[6] === 0x0c) {
    return refused("power-on reset value: CRC is fine but byte 6 = 0x0C and t = 85000");
  }
  if (milliC < MIN_MILLI_C || milliC > MAX_MILLI_C) return refused(`t = ${milliC} is outside −55…125 °C`);
  if (!agrees(bytes, milliC)) return refused(`t = ${milliC} does not follow from the bytes`);
  return { valid: true, tempC: milliC / 1000 };
}

/** Sixteenths of a degree in bytes 0–1; half a degree is allowed for the unused bits of lower resolutions. */
function agrees(bytes: Uint8Array, milliC: number): boolean {
  const configuration = u8(bytes, 4);
  // Only a DS18B20 has a configuration register 1F, 3F, 5F or 7F; its older relatives count differently.
  if ((configuration & 0x9f) !== 0x1f) return true;
  const sixteenths = ((u8(bytes, 1) << 24) >> 16) | u8(bytes, 0);
  return Math.abs(sixteenths * 62.5 - milliC) <= 500;
}

function scratchpad(line: string): Uint8Array | undefined {
  if (line.length < 3 * SCRATCHPAD - 1) return undefined;
  const bytes = new Uint8Array(SCRATCHPAD);
  for (let index = 0; index < SCRATCHPAD; index++) {
    const high = hexDigit(line.charCodeAt(3 * index));
    const low = hexDigit(line.charCodeAt(3 * index + 1));
    if (high < 0 || low < 0 || (index < SCRATCHPAD - 1 && line[3 * index + 2] !== " ")) return undefined;
    bytes[index] = 16 * high + low;
  }
  return bytes;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function temperature(line: string): number | undefined {
  const at = line.indexOf("t=");
  if (at < 0) return undefined;
  const digits = line.slice(at + 2);
  const value = digits.length > 0 && digits.length <= 7 ? Number(digits) : Number.NaN;
  return Number.isInteger(value) ? value : undefined;
}

function refused(reason: string): W1Reading {
  return { valid: false, reason };
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}

/** By sixteenths of a degree, of which the sensor knows fewer than three thousand. */
const written = new Map<number, string>();

/** Simulator side: the file as the kernel writes it after a good conversion. */
export function encodeW1Slave(tempC: number): string {
  const sixteenths = Math.round(tempC * 16);
  const before = written.get(sixteenths);
  if (before !== undefined) return before;
  const text = conversionText(sixteenths);
  if (tempC * 1_000 >= MIN_MILLI_C && tempC * 1_000 <= MAX_MILLI_C) written.set(sixteenths, text);
  return text;
}

function conversionText(sixteenths: number): string {
  const bytes = Uint8Array.of(sixteenths & 0xff, (sixteenths >> 8) & 0xff, 0x4b, 0x46, 0x7f, 0xff, 0, 0x10, 0);
  // Bytes 6 as the chip counts: 10 minus the low nibble of the temperature.
  bytes[6] = 0x10 - (sixteenths & 0x0f);
  return w1SlaveText(bytes, Math.trunc(sixteenths * 62.5));
}

/** The two lines for any bytes, with the kernel's verdict on them. */
export function w1SlaveText(bytes: Uint8Array, milliC: number): string {
  const crc = crc8Maxim(bytes, 0, SCRATCHPAD - 1);
  const sealed = Uint8Array.from(bytes);
  sealed[SCRATCHPAD - 1] = crc;
  const shown = Array.from(sealed, hex).join(" ");
  return `${shown} : crc=${hex(crc)} YES\n${shown} t=${milliC}\n`;
}
