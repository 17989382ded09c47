/** `decode lock-8a`: the 8A/80 lock-board family. A request to pulse and the answer to it can be the same five bytes. */
import { checksumWhy, hex2, u8 } from "../../../hal/codecs/bytes.ts";
import { xor8 } from "../../../hal/codecs/crc.ts";
import { type LockRequest, parseLockRequest } from "../../../hal/codecs/lock-8a.ts";
import { frame, type Junk, junk, type Parsed, SHORT } from "../../../hal/codecs/parsed.ts";
import { type Decoded, type Direction, decodeFirst, type Fields, type Input } from "./result.ts";

const ANSWERS: Readonly<Record<number, string>> = {
  128: "readOne",
  130: "event",
  138: "unlock",
  154: "holdOn",
  155: "holdOff",
};
/** 50-way boards are the largest: seven status bytes. */
const STATUS_BYTES_MAX = 7;

export function decodeLock8a(input: Input): Decoded {
  return decodeFirst(
    input.bytes,
    (bytes, length) => parseEither(bytes, length, input.direction),
    (fields) => fields,
  );
}

function parseEither(bytes: Uint8Array, length: number, direction: Direction | undefined): Parsed<Fields> {
  if (direction === "req") return asRequest(bytes, length, false);
  const status = parseStatus(bytes, length);
  if (status !== undefined) return status;
  const answer = parseAnswer(bytes, length);
  if (direction === "resp" || direction === "event") return answer;
  const request = asRequest(bytes, length, answer.is === "frame");
  if (request.is === "frame") return request;
  if (request.is === "junk" && answer.is === "junk") return answer.why.startsWith("checksum") ? answer : request;
  return answer.is === "junk" ? request : answer;
}

/** "Read all" answered. Three bytes on every board seen; more are accepted when they fill the input exactly. */
function parseStatus(bytes: Uint8Array, length: number): Parsed<Fields> | undefined {
  if (bytes[0] !== 0x80 || length < 6) return undefined;
  const whole =
    length > 7 && length <= 4 + STATUS_BYTES_MAX && bytes[length - 2] === 0x33 && xor8(bytes, 0, length) === 0;
  const used = whole ? length : 7;
  if (bytes[used - 2] !== 0x33) return undefined;
  if (length < used) return SHORT;
  const expected = xor8(bytes, 0, used - 1);
  // Exactly as long as a status but spoiled: no shorter frame is looked for inside it.
  if (bytes[used - 1] !== expected) {
    return length === used ? junk(used, checksumWhy(expected, u8(bytes, used - 1), 2)) : undefined;
  }
  const statusBytes = Array.from(bytes.subarray(2, used - 2));
  return frame(
    {
      direction: "resp",
      op: "readAll",
      board: u8(bytes, 1),
      status: `0x${statusBytes.map(hex2).join("")}`,
      statusBytes,
      // Sources disagree about which byte holds ways 1–8; the names are those of the setting `statusOrder`.
      waysSet: { "last-first": waysSet([...statusBytes].reverse()), "first-first": waysSet(statusBytes) },
    },
    used,
  );
}

function waysSet(statusBytes: readonly number[]): number[] {
  const ways: number[] = [];
  for (let way = 0; way < 8 * statusBytes.length; way++) {
    if (((statusBytes[way >> 3] ?? 0) & (1 << (way & 7))) !== 0) ways.push(way + 1);
  }
  return ways;
}

/** `cmd board channel 00|11 bcc`. */
function parseAnswer(bytes: Uint8Array, length: number): Parsed<Fields> {
  const command = u8(bytes, 0);
  const name = ANSWERS[command];
  if (name === undefined) return noStart(bytes, length);
  if (length < 5) return SHORT;
  const contact = u8(bytes, 3);
  const expected = xor8(bytes, 0, 4);
  if (bytes[4] !== expected) return noStart(bytes, length, checksumWhy(expected, u8(bytes, 4), 2));
  // An 82 also carries other things than a contact, such as a firmware version.
  if (command !== 0x82 && contact !== 0x00 && contact !== 0x11)
    return noStart(bytes, length, "contact is neither 00 nor 11");
  const op = name === "unlock" && bytes[2] === 0 ? "unlockAll" : name;
  const direction = command === 0x82 ? "event" : "resp";
  return frame({ direction, op, board: u8(bytes, 1), channel: u8(bytes, 2), feedback: `0x${hex2(contact)}` }, 5);
}

function noStart(bytes: Uint8Array, length: number, why = "no command byte"): Junk {
  for (let at = 1; at < length; at++)
    if (ANSWERS[u8(bytes, at)] !== undefined || bytes[at] === 0x90) return junk(at, why);
  return junk(length, why);
}

/** `alsoAnswer`: the same bytes are a valid answer too, and nothing said which of the two they are. */
function asRequest(bytes: Uint8Array, length: number, alsoAnswer: boolean): Parsed<Fields> {
  const parsed = parseLockRequest(bytes, length);
  if (parsed.is !== "frame") return parsed;
  const fields = requestFields(parsed.value);
  const both = alsoAnswer ? { direction: "either", feedback: `0x${hex2(u8(bytes, 3))}` } : { direction: "req" };
  return frame({ ...both, ...fields }, parsed.used);
}

const NEVER_SENT = "this controller never sends it";

function requestFields(request: LockRequest): Fields {
  const board = request.board;
  switch (request.do) {
    case "pulse": {
      const { channel, seconds } = request;
      if (seconds === undefined) return { op: "unlock", board, channel, pulse: "default 300 ms" };
      return { op: "unlock", board, channel, pulse: `${seconds} s`, seconds, warning: NEVER_SENT };
    }
    case "pulse-all":
      return { op: "unlockAll", board, warning: `opens every way; ${NEVER_SENT}` };
    case "pulse-many":
      return { op: "unlockMany", board, channels: waysSet(request.bytes), warning: NEVER_SENT };
    case "read-all":
      return { op: "readAll", board };
    case "read-one":
      return { op: "readOne", board, channel: request.channel };
    case "query":
      return { op: "queryVariant", board, channel: request.channel };
    case "hold-on":
      return { op: "holdOn", board, channel: request.channel, warning: `latches the coil; ${NEVER_SENT}` };
    case "hold-off":
      return { op: "holdOff", board, channel: request.channel, warning: NEVER_SENT };
  }
}
