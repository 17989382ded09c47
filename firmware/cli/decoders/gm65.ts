/** `decode gm65`: commands, acknowledgements and scanned codes of GM65-family readers. */
import { hex4, toHex, u8 } from "../../../hal/codecs/bytes.ts";
import {
  GM65_BAUD,
  GM65_MAX_CODE,
  GM65_TRIGGER,
  type Gm65Command,
  type Gm65Message,
  parseGm65,
  parseGm65Command,
} from "../../../hal/codecs/gm65.ts";
import type { Parsed } from "../../../hal/codecs/parsed.ts";
import { type Decoded, decodeFirst, type Fields, type Input, refused } from "./result.ts";

export function decodeGm65(input: Input): Decoded {
  const { bytes, direction } = input;
  let asked: Gm65Command | undefined;
  if (input.request !== undefined) {
    const parsed = parseGm65Command(input.request, input.request.length);
    if (parsed.is !== "frame") return refused("E_MISMATCH", "the request itself is not valid");
    asked = parsed.value;
  }
  if (direction === "req" || (direction === undefined && bytes[0] === 0x7e && bytes[1] === 0x00)) {
    return decodeFirst(bytes, parseGm65Command, commandFields);
  }
  if (isPlainText(bytes)) return decodeFirst(Uint8Array.of(...bytes, 0x0d), parseGm65, (m) => messageFields(m, asked));
  const parse = (view: Uint8Array, length: number): Parsed<Fields> => {
    const command = view[0] === 0x7e && direction === undefined ? parseGm65Command(view, length) : undefined;
    if (command?.is === "frame") return { ...command, value: commandFields(command.value) };
    const message = parseGm65(view, length);
    return message.is === "frame" ? { ...message, value: messageFields(message.value, asked) } : message;
  };
  // A reply that was cut is not searched for text: its bytes would pass as a scanned code.
  return decodeFirst(bytes, parse, (fields) => fields, { stopAtShort: true });
}

/** A code without its line end: only when nothing but text is there, so that a spoiled answer never becomes a code. */
function isPlainText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length <= GM65_MAX_CODE && bytes.every((byte) => byte >= 0x20 && byte !== 0x7f);
}

function commandFields(command: Gm65Command): Fields {
  const { action, register, data } = command;
  const base = { direction: "req", cmd: action, addr: `0x${hex4(register)}` };
  switch (action) {
    case "read":
      return { ...base, op: register === GM65_BAUD ? "readBaud" : "read", count: u8(data, 0) };
    case "save":
      return { ...base, op: "save", meaning: "keep the settings over a power cut" };
    case "write": {
      const value = data.length <= 2 ? numberOf(data) : undefined;
      const meaning = meaningOf(register, value);
      return {
        ...base,
        op: "write",
        ...(value === undefined ? {} : { value }),
        dataHex: toHex(data),
        ...(meaning === undefined ? {} : { meaning }),
      };
    }
  }
}

/** Two bytes come low byte first: 39 01 is divisor 0139, which is 9600 baud. */
function numberOf(data: Uint8Array): number {
  return (data[0] ?? 0) | ((data[1] ?? 0) << 8);
}

function meaningOf(register: number, value: number | undefined): string | undefined {
  if (register === GM65_TRIGGER && value === 1) return "trigger one scan";
  if (register === GM65_TRIGGER && value === 0) return "stop scan";
  return register === GM65_BAUD ? "set baud" : undefined;
}

function messageFields(message: Gm65Message, asked: Gm65Command | undefined): Fields {
  switch (message.kind) {
    case "ack":
      if (asked?.action === "read") return { direction: "resp", op: "readReply", ok: true, value: 0, dataHex: "00" };
      return { direction: "resp", op: asked?.action === "save" ? "saveAck" : "writeAck", ok: true };
    case "data": {
      const value = message.data.length <= 2 ? { value: numberOf(message.data) } : {};
      const about = asked === undefined ? {} : { addr: `0x${hex4(asked.register)}` };
      const baud = asked?.register === GM65_BAUD && message.data.length === 2 ? baudFields(numberOf(message.data)) : {};
      const ok = message.type === 0;
      return { direction: "resp", op: "readReply", ok, ...about, ...value, dataHex: toHex(message.data), ...baud };
    }
    case "code":
      return { direction: "event", op: "code", text: message.text };
  }
}

const STANDARD_BAUDS = [1200, 4800, 9600, 14400, 19200, 38400, 57600, 115200];

/** The reader's clock is divided: baud = 3 000 000 / divisor, shown as the standard rate within 3 %. */
function baudFields(divisor: number): Fields {
  const exact = divisor === 0 ? 0 : 3_000_000 / divisor;
  const standard = STANDARD_BAUDS.find((baud) => Math.abs(baud - exact) <= 0.03 * baud);
  return { baud: standard ?? Math.round(exact) };
}
