/**
 * One Modbus RTU frame without knowing the exchange it belongs to. The function code allows one or two lengths each way;
 * the one whose CRC holds is taken, the one that fills the input first. There is no start byte, so nothing is searched for
 * behind noise: a CRC found by trying offsets proves little.
 */
import { checksumWhy, copyOf, u8, u16 } from "../../../hal/codecs/bytes.ts";
import { crc16Modbus } from "../../../hal/codecs/crc.ts";
import { type Decoded, type Direction, refused } from "./result.ts";

export interface ModbusFrame {
  readonly slave: number;
  readonly fn: number;
  readonly form: "read-req" | "write-one" | "write-many-req" | "write-many-resp" | "data-resp" | "exception" | "other";
  /** Everything between the function code and the CRC. */
  readonly body: Uint8Array;
  readonly end: number;
}

interface Shape {
  readonly form: ModbusFrame["form"];
  readonly length: number;
  readonly way: "req" | "resp" | "either";
}

export function findModbusFrame(bytes: Uint8Array, direction: Direction | undefined): ModbusFrame | Decoded {
  if (bytes.length < 4) return refused("E_SHORT", `${bytes.length} bytes; the shortest frame has 4`);
  const shapes = shapesOf(bytes).filter((shape) => direction === undefined || fits(shape.way, direction));
  // Whatever fills the input exactly is looked at first.
  shapes.sort((a, b) => Number(b.length === bytes.length) - Number(a.length === bytes.length));
  const hit = shapes.find((shape) => shape.length <= bytes.length && crcHolds(bytes, shape.length));
  if (hit !== undefined) return frameOf(bytes, hit.form, hit.length);
  if (crcHolds(bytes, bytes.length) && shapes.length === 0) return frameOf(bytes, "other", bytes.length);
  return whyNot(bytes, shapes);
}

function fits(way: Shape["way"], direction: Direction): boolean {
  return way === "either" || (direction === "req") === (way === "req");
}

function shapesOf(bytes: Uint8Array): Shape[] {
  const fn = u8(bytes, 1);
  const count = u8(bytes, 2);
  if ((fn & 0x80) !== 0) return [{ form: "exception", length: 5, way: "resp" }];
  switch (fn) {
    case 1:
    case 2:
    case 3:
    case 4: {
      const whole = count > 0 && (fn <= 2 || count % 2 === 0);
      const request: Shape = { form: "read-req", length: 8, way: "req" };
      return whole ? [{ form: "data-resp", length: 5 + count, way: "resp" }, request] : [request];
    }
    case 5:
    case 6:
      return [{ form: "write-one", length: 8, way: "either" }];
    case 15:
    case 16: {
      const request: Shape = { form: "write-many-req", length: 9 + (bytes[6] ?? 0), way: "req" };
      return [request, { form: "write-many-resp", length: 8, way: "resp" }];
    }
    default:
      return [];
  }
}

function crcHolds(bytes: Uint8Array, length: number): boolean {
  return wireCrc(bytes, length) === u16(bytes, length - 2);
}

/** As it stands on the wire: low byte first. */
function wireCrc(bytes: Uint8Array, length: number): number {
  const crc = crc16Modbus(bytes, 0, length - 2);
  return ((crc & 0xff) << 8) | (crc >> 8);
}

function frameOf(bytes: Uint8Array, form: ModbusFrame["form"], length: number): ModbusFrame {
  return { slave: u8(bytes, 0), fn: u8(bytes, 1) & 0x7f, form, body: copyOf(bytes, 2, length - 2), end: length };
}

function whyNot(bytes: Uint8Array, shapes: readonly Shape[]): Decoded {
  const here = shapes.filter((shape) => shape.length <= bytes.length).at(0);
  if (here === undefined && shapes.length > 0) {
    const needed = Math.min(...shapes.map((shape) => shape.length));
    return refused("E_SHORT", `${bytes.length} bytes are here, the frame has ${needed}`);
  }
  const length = here?.length ?? bytes.length;
  const message = checksumWhy(wireCrc(bytes, length), u16(bytes, length - 2), 4);
  const text = printableRun(bytes);
  return refused("E_CHECKSUM", text === "" ? message : `${message}; the bytes hold the text "${text}"`);
}

/** Some boards greet in plain text at power-up, over the first answer. */
function printableRun(bytes: Uint8Array): string {
  const runs = toText(bytes).split("\u0000");
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  return longest.length >= 8 ? longest : "";
}

function toText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "\u0000";
  return text;
}
