/** `decode jbd`: JBD General Protocol V4, requests and replies. */
import { hex2, toHex, u16 } from "../../../hal/codecs/bytes.ts";
import {
  JBD_BASIC,
  JBD_CELLS,
  JBD_ERRORS,
  JBD_MODEL,
  JBD_MOS,
  JBD_OK,
  type JbdReply,
  type JbdRequest,
  parseJbdReply,
  parseJbdRequest,
} from "../../../hal/codecs/jbd.ts";
import {
  decodeJbdBasic,
  decodeJbdCells,
  decodeJbdErrors,
  decodeJbdModel,
  type JbdBasic,
  jbdProtectionNames,
} from "../../../hal/codecs/jbd-registers.ts";
import type { Parsed } from "../../../hal/codecs/parsed.ts";
import { type Decoded, decodeFirst, type Fields, type Input, refused } from "./result.ts";

type Message =
  | { readonly from: "master"; readonly request: JbdRequest }
  | { readonly from: "pack"; readonly reply: JbdReply };

export function decodeJbd(input: Input): Decoded {
  const asked = input.request === undefined ? undefined : parseJbdRequest(input.request, input.request.length);
  if (asked !== undefined && asked.is !== "frame") return refused("E_MISMATCH", "the request itself is not valid");
  const register = asked?.value.register;
  const parse = (bytes: Uint8Array, length: number): Parsed<Message> => {
    const isRequest = register === undefined && (bytes[1] === 0xa5 || bytes[1] === 0x5a) && input.direction !== "resp";
    if (isRequest || input.direction === "req") {
      const parsed = parseJbdRequest(bytes, length);
      return parsed.is === "frame" ? { ...parsed, value: { from: "master", request: parsed.value } } : parsed;
    }
    const parsed = parseJbdReply(bytes, length, register);
    return parsed.is === "frame" ? { ...parsed, value: { from: "pack", reply: parsed.value } } : parsed;
  };
  return decodeFirst(input.bytes, parse, (message) =>
    message.from === "master" ? requestFields(message.request) : replyFields(message.reply),
  );
}

function requestFields(request: JbdRequest): Fields {
  const { action, register, data } = request;
  const base = { direction: "req", cmd: action, register };
  if (action === "read") return { ...base, reg: register === JBD_ERRORS ? "0xAA error counters" : register };
  const word = data.length >= 2 ? u16(data, 0) : undefined;
  const written = { ...base, reg: writeName(register, word), dataHex: toHex(data) };
  if (register !== JBD_MOS || word === undefined) return written;
  const mos = { charge: (word & 1) === 0, discharge: (word & 2) === 0 };
  return {
    ...written,
    mos,
    encoding: "bit set = OFF (inverted)",
    ...(word > 3 ? { warning: "only 00…03 are allowed" } : {}),
  };
}

function writeName(register: number, word: number | undefined): string {
  const name = `0x${hex2(register)}`;
  if (register === JBD_MOS) return `${name} MOS`;
  if (register === 0x00 && word === 0x5678) return `${name} enter factory mode`;
  if (register === 0x01 && word === 0x0000) return `${name} exit factory mode, no NVM write`;
  if (register === 0x01 && word === 0x2828) return `${name} exit factory mode, NVM write`;
  return name;
}

function replyFields(reply: JbdReply): Fields | Decoded {
  const base = { direction: "resp", register: reply.register, reg: `0x${hex2(reply.register)}` };
  if (reply.status !== JBD_OK) return { ...base, error: true, status: `0x${hex2(reply.status)}` };
  const data = reply.data;
  if (data.length === 0) return { ...base, ack: true };
  const fields = registerFields(reply.register, data);
  if (fields === undefined) {
    return refused(
      "E_VALUE",
      `register ${hex2(reply.register)} sent ${data.length} data bytes, too few for what it holds`,
    );
  }
  return { ...base, ...fields };
}

function registerFields(register: number, data: Uint8Array): Fields | undefined {
  switch (register) {
    case JBD_BASIC: {
      const basic = decodeJbdBasic(data);
      return basic === undefined ? undefined : basicFields(basic);
    }
    case JBD_CELLS:
      return { cells_mV: decodeJbdCells(data) };
    case JBD_MODEL:
      return { model: decodeJbdModel(data) };
    case JBD_ERRORS:
      return decodeJbdErrors(data);
    default:
      return { dataHex: toHex(data) };
  }
}

function basicFields(basic: JbdBasic): Fields {
  return {
    voltage_V: basic.packMv / 1000,
    current_A: basic.packMa / 1000,
    remaining_Ah: basic.remainingMah / 1000,
    nominal_Ah: basic.nominalMah / 1000,
    cycles: basic.cycles,
    production: basic.productionDate,
    balance: basic.balanceBits,
    protection: basic.protectionBits,
    protectionNames: jbdProtectionNames(basic.protectionBits),
    version: basic.version,
    soc: basic.socPct,
    chargeMos: basic.chargeMosOn,
    dischargeMos: basic.dischargeMosOn,
    cells: basic.cellCount,
    ntc: basic.tempsC.length,
    temps_C: basic.tempsC,
    ...(basic.tail.length > 0 ? { extraTailHex: toHex(basic.tail) } : {}),
  };
}
