/** `decode dpm86-ascii`: DPM86xx chargers. "ok" says nothing by itself; with its request it says what was done. */
import {
  DPM_CURRENT,
  DPM_MAX_CURRENT,
  DPM_MAX_VOLTAGE,
  DPM_MODE,
  DPM_OUTPUT,
  DPM_SET_BOTH,
  DPM_SET_CURRENT,
  DPM_SET_VOLTAGE,
  DPM_TEMPERATURE,
  DPM_VOLTAGE,
  type DpmReply,
  type DpmRequest,
  parseDpmReply,
  parseDpmRequest,
} from "../../../hal/codecs/dpm86.ts";
import { type Decoded, decodeFirst, type Fields, type Input, refused } from "./result.ts";

const centivolts = (raw: number) => raw / 100;
const milliamps = (raw: number) => raw / 1000;
const same = (raw: number) => raw;

/** One entry per value of a register. */
const REGISTERS: Readonly<Record<number, readonly (readonly [string, (raw: number) => unknown])[]>> = {
  [DPM_MAX_VOLTAGE]: [["maxVoltage_V", centivolts]],
  [DPM_MAX_CURRENT]: [["maxCurrent_A", milliamps]],
  [DPM_SET_VOLTAGE]: [["setVoltage_V", centivolts]],
  [DPM_SET_CURRENT]: [["setCurrent_A", milliamps]],
  [DPM_OUTPUT]: [["output", (raw) => raw !== 0]],
  [DPM_SET_BOTH]: [
    ["setVoltage_V", centivolts],
    ["setCurrent_A", milliamps],
  ],
  [DPM_VOLTAGE]: [["voltage_V", centivolts]],
  [DPM_CURRENT]: [["current_A", milliamps]],
  [DPM_MODE]: [["mode", (raw) => (raw === 0 ? "CV" : "CC")]],
  [DPM_TEMPERATURE]: [["temperature_C", same]],
};

export function decodeDpm86(input: Input): Decoded {
  const bytes = withLineEnd(input.bytes);
  let asked: DpmRequest | undefined;
  if (input.request !== undefined) {
    const request = withLineEnd(input.request);
    const parsed = parseDpmRequest(request, request.length);
    if (parsed.is !== "frame") return refused("E_MISMATCH", "the request itself is not valid");
    asked = parsed.value;
  }
  const asRequest = () => decodeFirst(bytes, parseDpmRequest, requestFields);
  const asReply = () => decodeFirst(bytes, parseDpmReply, (reply) => replyFields(reply, asked));
  if (input.direction === "req") return asRequest();
  const reply = asReply();
  if (reply.is === "decoded" || asked !== undefined || input.direction === "resp") return reply;
  const request = asRequest();
  return request.is === "decoded" ? request : reply;
}

/** People copy these lines without their ends. */
function withLineEnd(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === 0x0a ? bytes : Uint8Array.of(...bytes, 0x0a);
}

function requestFields(request: DpmRequest): Fields {
  const { action, address, register, values } = request;
  const base = { direction: "req", cmd: action, address, register };
  if (action === "write") return { ...base, values, ...registerFields(register, values) };
  return { ...base, asks: (REGISTERS[register] ?? []).map(([name]) => name) };
}

function replyFields(reply: DpmReply, asked: DpmRequest | undefined): Fields | Decoded {
  const base = { direction: "resp", address: reply.address };
  if (asked !== undefined && asked.address !== reply.address) {
    return refused("E_MISMATCH", `address ${reply.address} answers, ${asked.address} was asked`);
  }
  if ("ok" in reply) {
    if (asked === undefined) return { ...base, ok: true };
    if (asked.action === "read") return refused("E_MISMATCH", "ok is no answer to a read");
    return { ...base, ok: true, register: asked.register, ...registerFields(asked.register, asked.values) };
  }
  if (asked !== undefined && (asked.register !== reply.register || asked.action !== "read")) {
    return refused("E_MISMATCH", `register ${reply.register} answers, ${asked.action} of ${asked.register} was asked`);
  }
  return { ...base, register: reply.register, values: reply.values, ...registerFields(reply.register, reply.values) };
}

function registerFields(register: number, values: readonly number[]): Fields {
  const fields: Record<string, unknown> = {};
  for (const [index, [name, scale]] of (REGISTERS[register] ?? []).entries()) {
    const raw = values[index];
    if (raw !== undefined) fields[name] = scale(raw);
  }
  return fields;
}
