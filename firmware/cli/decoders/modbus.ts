/**
 * `decode modbus-rtu`: any frame of functions 01–06, 0F and 10, and exceptions. With `--request` a reply is checked against
 * it and its registers get their numbers; with `--device` they get their meaning.
 */
import { hex4, toHex, u8, u16 } from "../../../hal/codecs/bytes.ts";
import { parseModbusReply, parseModbusRequest } from "../../../hal/codecs/modbus-rtu.ts";
import { relayCommandOf } from "../../../hal/codecs/waveshare-relay-d.ts";
import { MODBUS_DEVICES, modbusDevice, type RegisterBlock } from "./modbus-devices.ts";
import { findModbusFrame, type ModbusFrame } from "./modbus-frame.ts";
import { type Decoded, decoded, type Fields, findFrame, type Input, refused } from "./result.ts";

export function decodeModbus(input: Input): Decoded {
  const asked = input.request;
  if (asked === undefined) {
    const found = findModbusFrame(input.bytes, input.direction);
    return "is" in found ? found : meant(found, input, 0, undefined);
  }
  const request = parseModbusRequest(asked, asked.length);
  if (request.is !== "frame") return refused("E_MISMATCH", "the request itself is not valid");
  const reply = findFrame(input.bytes, (bytes, length) => parseModbusReply(bytes, length, asked));
  if ("is" in reply) return reply;
  const found = findModbusFrame(input.bytes.subarray(reply.at, reply.end), "resp");
  return "is" in found ? found : meant(found, input, reply.at, request.value);
}

interface Asked {
  readonly start: number;
  readonly count: number;
}

function meant(found: ModbusFrame, input: Input, at: number, asked: Asked | undefined): Decoded {
  const fields = fieldsOf(found, input.device, asked);
  if (fields === undefined) {
    return refused("E_DEVICE", `these registers cannot be a reply of ${input.device}`);
  }
  return decoded({ slave: found.slave, fc: found.fn, ...fields }, input.bytes, at, at + found.end);
}

function fieldsOf(found: ModbusFrame, device: string | undefined, asked: Asked | undefined): Fields | undefined {
  const { body, fn } = found;
  switch (found.form) {
    case "exception":
      return { direction: "resp", exception: u8(body, 0), meaning: EXCEPTIONS[u8(body, 0)] ?? "unknown" };
    case "read-req":
      return { direction: "req", start: u16(body, 0), reg: u16(body, 0), count: u16(body, 2) };
    case "write-one":
      return { direction: "either", ...(fn === 5 ? coilFields(found) : registerFields(body, device)) };
    case "write-many-req":
    case "write-many-resp":
      return writeMany(found);
    case "data-resp":
      return fn <= 2 ? bitFields(found, asked) : blockFields(found, device, asked);
    case "other":
      return { dataHex: toHex(body) };
  }
}

const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: "illegal function",
  2: "illegal address",
  3: "illegal value",
  4: "device failure",
  5: "acknowledge",
  6: "device busy",
};

/** Standard words first; the timed words are the Waveshare board's and mean nothing elsewhere in Modbus. */
function coilFields(found: ModbusFrame): Fields {
  const start = u16(found.body, 0);
  const value = u16(found.body, 2);
  const coil = start === 0x00ff ? "0x00FF all" : start;
  if (value === 0xff00 || value === 0) return { coil, on: value !== 0 };
  const data = new Uint8Array(0);
  const command = relayCommandOf({ address: found.slave, function: 5, start, count: 1, value, data });
  if (command === undefined) return { coil, value };
  if ("tenths" in command) {
    return { coil, value, op: command.do, relay: command.relay, pulse_ms: 100 * command.tenths, unit: "100 ms" };
  }
  return { coil, value, op: command.do, relay: command.relay };
}

function registerFields(body: Uint8Array, device: string | undefined): Fields {
  const reg = u16(body, 0);
  const value = u16(body, 2);
  if (device !== "waveshare-relay-d") return { reg, value };
  if (reg === 0x4000) return { reg, value, op: "set-address" };
  return reg >= 0x1000 && reg < 0x1008
    ? { reg, value, op: "set-mode", relay: reg - 0x1000, mode: value }
    : { reg, value };
}

function writeMany(found: ModbusFrame): Fields {
  const { body, fn } = found;
  const base = { start: u16(body, 0), count: u16(body, 2) };
  if (found.form === "write-many-resp") return { direction: "resp", ...base };
  const data = body.subarray(5);
  const written = fn === 15 ? { bits: bitsOf(data).slice(0, base.count) } : { registers: wordsOf(data) };
  return { direction: "req", ...base, ...written };
}

/** Coils are called relays and discrete inputs inputs, as on the boards. */
function bitFields(found: ModbusFrame, asked: Asked | undefined): Fields {
  const data = found.body.subarray(1);
  const all = bitsOf(data);
  const bits = asked === undefined ? all : all.slice(0, asked.count);
  const coils = found.fn === 1;
  return {
    direction: "resp",
    ...(asked === undefined ? {} : { start: asked.start }),
    bits,
    ...(coils ? { relays: bits } : { inputs: bits }),
    ...(data.length === 1 ? { [coils ? "relaysByte" : "inputsByte"]: u8(data, 0) } : { dataHex: toHex(data) }),
  };
}

function blockFields(found: ModbusFrame, device: string | undefined, asked: Asked | undefined): Fields | undefined {
  const registers = wordsOf(found.body.subarray(1));
  const start = asked?.start;
  const base = { direction: "resp", ...(start === undefined ? {} : { start }), registers };
  const block: RegisterBlock = { fn: found.fn, start, registers };
  const meaning = device === undefined ? undefined : modbusDevice(device)?.meaning;
  if (meaning !== undefined) {
    const fields = meaning(block);
    return fields === undefined ? undefined : { ...base, device, ...fields };
  }
  return { ...base, registersHex: registers.map(hex4), ...(device === undefined ? couldBe(block) : {}) };
}

/** Without a device: what it would mean on each device that could have sent it. */
function couldBe(block: RegisterBlock): Fields {
  const readAs: Record<string, Fields> = {};
  for (const { name, meaning } of MODBUS_DEVICES) {
    // Two scales of one sensor would say the same bytes twice; its own check picks one.
    const fields = name === "xy-md02-x100" ? undefined : meaning?.(block);
    if (fields !== undefined) readAs[name] = fields;
  }
  return Object.keys(readAs).length === 0 ? {} : { readAs };
}

function bitsOf(data: Uint8Array): number[] {
  const bits: number[] = [];
  for (const byte of data) for (let bit = 0; bit < 8; bit++) bits.push((byte >> bit) & 1);
  return bits;
}

function wordsOf(data: Uint8Array): number[] {
  const words: number[] = [];
  for (let at = 0; at + 1 < data.length; at += 2) words.push(u16(data, at));
  return words;
}
