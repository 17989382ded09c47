/**
 * What the registers of known Modbus devices mean (hardware survey and maker's documents). Each answers undefined for a
 * block it cannot be. A block's first register is known only with its request.
 */
import type { Fields } from "./result.ts";

export interface RegisterBlock {
  readonly fn: number;
  readonly start: number | undefined;
  readonly registers: readonly number[];
}

type Meaning = (block: RegisterBlock) => Fields | undefined;

interface ModbusDevice {
  readonly name: string;
  /** Lower-case fragments by which people call it. */
  readonly known: readonly string[];
  /** Undefined for boards of coils and inputs, whose replies mean the same on all of them. */
  readonly meaning: Meaning | undefined;
}

const signed = (word: number) => (word << 16) >> 16;
/** 32 bits with the low word first. */
const lowFirst = (registers: readonly number[], at: number) =>
  (registers[at] ?? 0) + (registers[at + 1] ?? 0) * 0x10000;

/** Register 1 is the temperature, 2 the humidity. */
function xyMd02(forcedScale: number | undefined): Meaning {
  return ({ fn, start, registers }) => {
    const [first = 0, second] = registers;
    const one = registers.length === 1;
    if (fn !== 4 || registers.length > 2) return undefined;
    if (one && start === undefined) return eitherQuantity(signed(first), forcedScale);
    if (one && start === 2) return quantities(undefined, first, forcedScale);
    return (start ?? 1) === 1 ? quantities(signed(first), second, forcedScale) : undefined;
  };
}

function quantities(
  temperature: number | undefined,
  humidity: number | undefined,
  forcedScale: number | undefined,
): Fields | undefined {
  // Clones count in hundredths. Tenths outside −40…80 °C or above 100 % cannot be meant.
  const hundredths = outside(temperature, -400, 800) || outside(humidity, 0, 1000);
  const scale = forcedScale ?? (hundredths ? 100 : 10);
  if (outside(temperature, -40 * scale, 80 * scale) || outside(humidity, 0, 100 * scale)) return undefined;
  return {
    ...(temperature === undefined ? {} : { temperature_C: temperature / scale }),
    ...(humidity === undefined ? {} : { humidity_pct: humidity / scale }),
    scale,
  };
}

function eitherQuantity(raw: number, forcedScale: number | undefined): Fields {
  const scale = forcedScale ?? (Math.abs(raw) > 1000 ? 100 : 10);
  const value = raw / scale;
  // Humidity is never below zero, so a negative word decides.
  if (raw < 0) return { temperature_C: value, scale };
  return { temperature_C: value, humidity_pct: value, scale, ambiguous: "one of the two; --request tells which" };
}

function outside(value: number | undefined, min: number, max: number): boolean {
  return value !== undefined && (value < min || value > max);
}

function pzem017({ fn, start, registers }: RegisterBlock): Fields | undefined {
  if (fn !== 4 || registers.length !== 8 || (start ?? 0) !== 0) return undefined;
  return {
    voltage_V: (registers[0] ?? 0) / 100,
    current_A: (registers[1] ?? 0) / 100,
    power_W: lowFirst(registers, 2) / 10,
    energy_Wh: lowFirst(registers, 4),
    hiAlarm: registers[6],
    loAlarm: registers[7],
  };
}

function pzem016({ fn, start, registers }: RegisterBlock): Fields | undefined {
  if (fn !== 4 || (registers.length !== 9 && registers.length !== 10) || (start ?? 0) !== 0) return undefined;
  return {
    voltage_V: (registers[0] ?? 0) / 10,
    current_A: lowFirst(registers, 1) / 1000,
    power_W: lowFirst(registers, 3) / 10,
    energy_Wh: lowFirst(registers, 5),
    frequency_Hz: (registers[7] ?? 0) / 10,
    powerFactor: (registers[8] ?? 0) / 100,
    ...(registers[9] === undefined ? {} : { alarm: registers[9] }),
  };
}

/** Input registers of the SDM120 (Eastron protocol document); the larger models keep these for phase 1 or the sum. */
const SDM: Readonly<Record<number, string>> = {
  0: "voltage_V",
  6: "current_A",
  12: "power_W",
  18: "apparentPower_VA",
  24: "reactivePower_var",
  30: "powerFactor",
  70: "frequency_Hz",
  72: "importEnergy_kWh",
  74: "exportEnergy_kWh",
  342: "totalEnergy_kWh",
};

function eastron({ fn, start, registers }: RegisterBlock): Fields | undefined {
  if (fn !== 4 || registers.length === 0 || registers.length % 2 !== 0) return undefined;
  const fields: Record<string, unknown> = {};
  const floats: number[] = [];
  for (let at = 0; at < registers.length; at += 2) {
    const value = float32(registers[at] ?? 0, registers[at + 1] ?? 0);
    // Integers of another device look like this when read as a float.
    if (!Number.isFinite(value) || (value !== 0 && Math.abs(value) < 1e-9)) return undefined;
    floats.push(value);
    const name = SDM[(start ?? 0) + at];
    if (name !== undefined) fields[name] = value;
  }
  return { ...fields, floats, ...(start === undefined ? { assumed: "first register 0; --request tells" } : {}) };
}

/** High word first. Seven digits are what a float32 knows. */
function float32(high: number, low: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, high);
  view.setUint16(2, low);
  return Number(view.getFloat32(0).toPrecision(7));
}

function waterLeak({ fn, start, registers }: RegisterBlock): Fields | undefined {
  const first = registers[0];
  if (fn !== 3 || (start ?? 0) !== 0 || registers.length !== 1 || (first !== 0 && first !== 1)) return undefined;
  return { leak: first === 1 };
}

export const MODBUS_DEVICES: readonly ModbusDevice[] = [
  { name: "waveshare-relay-d", known: ["waveshare"], meaning: undefined },
  { name: "lctech", known: ["lctech", "lc-modbus"], meaning: undefined },
  { name: "xy-md02-x100", known: ["xy-md02-x100", "x100"], meaning: xyMd02(100) },
  { name: "xy-md02", known: ["xy-md02", "xymd02", "sht20"], meaning: xyMd02(undefined) },
  { name: "pzem-017", known: ["pzem-017", "pzem017", "pzem-003"], meaning: pzem017 },
  { name: "pzem-016", known: ["pzem-016", "pzem016", "pzem-004t", "pzem004t", "pzem-014"], meaning: pzem016 },
  { name: "eastron-sdm", known: ["eastron", "sdm"], meaning: eastron },
  { name: "water-leak", known: ["leak"], meaning: waterLeak },
  { name: "generic", known: ["generic", "modbus"], meaning: undefined },
];

/** By name or by how a label or a person writes it ("PZEM-017 (DC)"). */
export function modbusDevice(called: string): ModbusDevice | undefined {
  const text = called.toLowerCase();
  return MODBUS_DEVICES.find(({ known }) => known.some((fragment) => text.includes(fragment)));
}
