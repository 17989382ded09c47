/**
 * The data parts of JBD registers (General Protocol V4): 03 basic information, 04 cell voltages, 05 model, AA error
 * counters. They are parsed by length: newer firmware appends bytes after the temperatures, which are kept as `tail`.
 */
import { copyOf, i16, putU16, u8, u16 } from "./bytes.ts";

export interface JbdBasic {
  readonly packMv: number;
  /** + into the pack. */
  readonly packMa: number;
  readonly remainingMah: number;
  readonly nominalMah: number;
  readonly cycles: number;
  /** As the pack says it, "YYYY-MM-DD"; a pack may say a day that does not exist. */
  readonly productionDate: string;
  /** Bit 0 = cell 1. */
  readonly balanceBits: number;
  readonly protectionBits: number;
  readonly version: string;
  readonly socPct: number;
  readonly chargeMosOn: boolean;
  readonly dischargeMosOn: boolean;
  readonly cellCount: number;
  readonly tempsC: readonly number[];
  readonly tail: Uint8Array;
}

/** Bits 0–12 of the protection word, in the vendor's order. */
export const JBD_PROTECTIONS = [
  "cellOvervoltage",
  "cellUndervoltage",
  "packOvervoltage",
  "packUndervoltage",
  "chargeOvertemp",
  "chargeUndertemp",
  "dischargeOvertemp",
  "dischargeUndertemp",
  "chargeOvercurrent",
  "dischargeOvercurrent",
  "shortCircuit",
  "frontEndError",
  "mosSoftwareLock",
] as const;

/** The first eleven words of register AA. Boards send 24 bytes; what follows the eleventh word is not documented. */
export const JBD_ERROR_COUNTERS = [
  "shortCircuit",
  "chargeOvercurrent",
  "dischargeOvercurrent",
  "cellOvervoltage",
  "cellUndervoltage",
  "chargeOvertemp",
  "chargeUndertemp",
  "dischargeOvertemp",
  "dischargeUndertemp",
  "packOvervoltage",
  "packUndervoltage",
] as const;
export type JbdErrors = Readonly<Record<(typeof JBD_ERROR_COUNTERS)[number], number>>;

/** Bytes before the first temperature. */
const FIXED = 23;
const NO_TAIL = new Uint8Array(0);
/** 0 °C in tenths of a kelvin, as the vendor rounds it. */
const ZERO_C = 2731;

/** Undefined when the data is too short for what it announces. */
export function decodeJbdBasic(data: Uint8Array): JbdBasic | undefined {
  if (data.length < FIXED) return undefined;
  const temperatures = u8(data, 22);
  const end = FIXED + 2 * temperatures;
  if (data.length < end) return undefined;
  const tempsC: number[] = [];
  for (let at = FIXED; at < end; at += 2) tempsC.push((u16(data, at) - ZERO_C) / 10);
  const mos = u8(data, 20);
  return {
    packMv: u16(data, 0) * 10,
    packMa: i16(data, 2) * 10,
    remainingMah: u16(data, 4) * 10,
    nominalMah: u16(data, 6) * 10,
    cycles: u16(data, 8),
    productionDate: dateOf(u16(data, 10)),
    balanceBits: u16(data, 12) + u16(data, 14) * 0x10000,
    protectionBits: u16(data, 16),
    version: versionOf(u8(data, 18)),
    socPct: u8(data, 19),
    chargeMosOn: (mos & 1) !== 0,
    dischargeMosOn: (mos & 2) !== 0,
    cellCount: u8(data, 21),
    tempsC,
    tail: data.length === end ? NO_TAIL : copyOf(data, end, data.length),
  };
}

/** Device side. Values are rounded to the register's resolution (10 mV, 10 mA, 10 mAh, 0.1 °C). */
export function encodeJbdBasic(basic: JbdBasic): Uint8Array {
  const count = Math.min(basic.tempsC.length, 64);
  const data = new Uint8Array(FIXED + 2 * count + basic.tail.length);
  putU16(data, 0, Math.round(basic.packMv / 10));
  putU16(data, 2, Math.round(basic.packMa / 10));
  putU16(data, 4, Math.round(basic.remainingMah / 10));
  putU16(data, 6, Math.round(basic.nominalMah / 10));
  putU16(data, 8, basic.cycles);
  putU16(data, 10, dateWord(basic.productionDate));
  putU16(data, 12, basic.balanceBits & 0xffff);
  putU16(data, 14, Math.floor(basic.balanceBits / 0x10000));
  putU16(data, 16, basic.protectionBits);
  data[18] = versionByte(basic.version);
  data[19] = Math.round(basic.socPct);
  data[20] = (basic.chargeMosOn ? 1 : 0) | (basic.dischargeMosOn ? 2 : 0);
  data[21] = basic.cellCount;
  data[22] = count;
  for (let at = 0; at < count; at++) {
    putU16(data, FIXED + 2 * at, Math.round((basic.tempsC[at] as number) * 10) + ZERO_C);
  }
  data.set(basic.tail, FIXED + 2 * count);
  return data;
}

/** Millivolts, cell 1 first. An unwired cell reads 0. A last odd byte is ignored. */
export function decodeJbdCells(data: Uint8Array): number[] {
  const cellsMv: number[] = [];
  for (let at = 0; at + 1 < data.length; at += 2) cellsMv.push(u16(data, at));
  return cellsMv;
}

export function encodeJbdCells(cellsMv: readonly number[]): Uint8Array {
  const data = new Uint8Array(2 * cellsMv.length);
  for (let at = 0; at < cellsMv.length; at++) putU16(data, 2 * at, Math.round(cellsMv[at] as number));
  return data;
}

/** Printable ASCII only; whatever else a pack sends in its name is left out. */
export function decodeJbdModel(data: Uint8Array): string {
  let text = "";
  for (const byte of data) if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
  return text.trim();
}

export function encodeJbdModel(model: string): Uint8Array {
  const data = new Uint8Array(Math.min(model.length, 31));
  for (let at = 0; at < data.length; at++) data[at] = model.charCodeAt(at) & 0x7f;
  return data;
}

/** Undefined when the eleven counters are not all there. */
export function decodeJbdErrors(data: Uint8Array): JbdErrors | undefined {
  if (data.length < 2 * JBD_ERROR_COUNTERS.length) return undefined;
  const counters: Record<string, number> = {};
  for (const [index, name] of JBD_ERROR_COUNTERS.entries()) counters[name] = u16(data, 2 * index);
  return counters as JbdErrors;
}

export function encodeJbdErrors(errors: JbdErrors): Uint8Array {
  const data = new Uint8Array(24);
  for (const [index, name] of JBD_ERROR_COUNTERS.entries()) putU16(data, 2 * index, errors[name]);
  return data;
}

/** Names of the protection bits that are set. */
export function jbdProtectionNames(protectionBits: number): string[] {
  return JBD_PROTECTIONS.filter((_, bit) => (protectionBits & (1 << bit)) !== 0);
}

// A pack says the same day and version in every answer, and answers are read about once a second per bay.
const dates = new Map<number, string>();

function dateOf(word: number): string {
  let text = dates.get(word);
  if (text === undefined) {
    const two = (value: number) => String(value).padStart(2, "0");
    text = `${2000 + (word >> 9)}-${two((word >> 5) & 15)}-${two(word & 31)}`;
    dates.set(word, text);
  }
  return text;
}

const dateWords = new Map<string, number>();

function dateWord(date: string): number {
  let word = dateWords.get(date);
  if (word === undefined) {
    word = wordOf(date);
    dateWords.set(date, word);
  }
  return word;
}

function wordOf(date: string): number {
  const year = Number(date.slice(0, 4)) - 2000;
  return ((year & 0x7f) << 9) | ((Number(date.slice(5, 7)) & 15) << 5) | (Number(date.slice(8, 10)) & 31);
}

const VERSIONS = Array.from({ length: 256 }, (_, byte) => `${byte >> 4}.${byte & 15}`);

function versionOf(byte: number): string {
  return VERSIONS[byte] as string;
}

const versionBytes = new Map(VERSIONS.map((version, byte) => [version, byte]));

function versionByte(version: string): number {
  return versionBytes.get(version) ?? 0;
}
