import { describe, expect, test } from "vitest";
import { parseDpmReply, parseDpmRequest } from "../../../hal/codecs/dpm86.ts";
import { parseGm65, parseGm65Command } from "../../../hal/codecs/gm65.ts";
import { parseJbdReply, parseJbdRequest } from "../../../hal/codecs/jbd.ts";
import { parseLockAck, parseLockRequest, parseLockStatus } from "../../../hal/codecs/lock-8a.ts";
import { parseModbusReply, parseModbusRequest } from "../../../hal/codecs/modbus-rtu.ts";
import { decodeW1Slave } from "../../../hal/codecs/w1-slave.ts";
import { bytesOf, GOLDEN, hexOf, modbusRequestFor, naive, type Parser, SPOKEN } from "./golden.ts";

/** How many mutated frames; the nightly run sets more. */
const RUNS = Number(process.env.YIZHAN_FUZZ_RUNS ?? 200_000);
const SEED = Number(process.env.YIZHAN_FUZZ_SEED ?? 20_260_101);

/** A small generator of our own: a million draws must cost less than the parsing. */
function draws(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Mutation = (bytes: number[], draw: (below: number) => number) => void;

const MUTATIONS: readonly Mutation[] = [
  (bytes, draw) => {
    bytes[draw(bytes.length)]! ^= 1 << draw(8);
  },
  (bytes, draw) => {
    bytes[draw(bytes.length)] = draw(256);
  },
  (bytes, draw) => void bytes.splice(draw(bytes.length), 1 + draw(3)),
  (bytes, draw) => void bytes.splice(draw(bytes.length + 1), 0, draw(256)),
  (bytes, draw) => void bytes.splice(draw(bytes.length)),
  (bytes) => void bytes.push(...bytes),
  (bytes, draw) => void bytes.unshift(...Array.from({ length: 1 + draw(6) }, () => draw(256))),
  (bytes, draw) => void bytes.reverse().splice(draw(bytes.length + 1), 0, draw(256)),
];

function mutated(original: Uint8Array, draw: (below: number) => number): Uint8Array {
  const bytes = [...original];
  for (let times = 1 + draw(3); times > 0 && bytes.length > 0; times--) MUTATIONS[draw(MUTATIONS.length)]!(bytes, draw);
  return Uint8Array.from(bytes);
}

const word = (bytes: Uint8Array, at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
const jbdSum = (bytes: Uint8Array) => (0x10000 - naive.sum(bytes.subarray(2, -3))) % 0x10000;
const wireCrc = (bytes: Uint8Array) => {
  const crc = naive.modbus(bytes.subarray(0, -2));
  return ((crc & 0xff) << 8) | (crc >> 8);
};
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

/** Whether accepted bytes really are a frame, judged without the codecs. */
type Judge = (bytes: Uint8Array) => boolean;
const jbdFrame: Judge = (b) =>
  b[0] === 0xdd && b.at(-1) === 0x77 && b.length === 7 + b[3]! && word(b, b.length - 3) === jbdSum(b);
const lockFrame: Judge = (b) => b.length >= 5 && b.length <= 7 && naive.xor(b) === 0;
const modbusFrame: Judge = (b) => b.length >= 5 && word(b, b.length - 2) === wireCrc(b);
const commandFrame: Judge = (b) =>
  b[0] === 0x7e && b.length === 8 + b[3]! && [0xabcd, naive.xmodem(b.subarray(2, -2))].includes(word(b, b.length - 2));
const readerMessage: Judge = (bytes) => {
  const start = bytes.findIndex((byte) => byte !== 0x0d && byte !== 0x0a);
  const b = bytes.subarray(start);
  if (b[0] === 0x02) return b.length === 6 + b[3]! && word(b, b.length - 2) === naive.xmodem(b.subarray(2, -2));
  return /^[\x20-\x7e\x80-\xff]{1,512}(\r|\n|\r\n)$/.test(text(b));
};

interface Suspect {
  readonly protocol: string;
  readonly name: string;
  readonly parse: Parser;
  readonly judge: Judge;
}

const SUSPECTS: readonly Suspect[] = [
  { protocol: "jbd", name: "jbd reply", parse: parseJbdReply, judge: jbdFrame },
  {
    protocol: "jbd",
    name: "jbd reply to 03",
    parse: (b, n) => parseJbdReply(b, n, 3),
    judge: (b) => jbdFrame(b) && b[1] === 3,
  },
  { protocol: "jbd", name: "jbd request", parse: parseJbdRequest, judge: jbdFrame },
  { protocol: "lock-8a", name: "lock ack", parse: parseLockAck, judge: lockFrame },
  { protocol: "lock-8a", name: "lock status", parse: parseLockStatus, judge: lockFrame },
  { protocol: "lock-8a", name: "lock request", parse: parseLockRequest, judge: lockFrame },
  { protocol: "modbus-rtu", name: "modbus request", parse: parseModbusRequest, judge: modbusFrame },
  {
    protocol: "dpm86-ascii",
    name: "charger reply",
    parse: parseDpmReply,
    judge: (b) => /^[\r\n]*:\d\d(ok|r\d\d=[\d,-]+\.)[\r\n]*$/.test(text(b)),
  },
  {
    protocol: "dpm86-ascii",
    name: "charger request",
    parse: parseDpmRequest,
    judge: (b) => /^[\r\n]*:\d\d[rw]\d\d=[\d,-]+,\r?\n$/.test(text(b)),
  },
  { protocol: "gm65", name: "reader message", parse: parseGm65, judge: readerMessage },
  { protocol: "gm65", name: "reader command", parse: parseGm65Command, judge: commandFrame },
  ...SPOKEN.filter(({ protocol, way }) => protocol === "modbus-rtu" && way === "resp").map(({ hex }) => {
    const request = modbusRequestFor(bytesOf(hex));
    return {
      protocol: "modbus-rtu",
      name: `modbus reply to ${hexOf(request)}`,
      parse: (b: Uint8Array, n: number) => parseModbusReply(b, n, request),
      judge: modbusFrame,
    };
  }),
];

/** Takes everything out of the bytes; complains about a lie. */
function interrogate({ parse, judge }: Suspect, bytes: Uint8Array): string | undefined {
  let rest = bytes;
  while (rest.length > 0) {
    const parsed = parse(rest, rest.length);
    if (parsed.is === "short") return undefined;
    if (!(parsed.used >= 1 && parsed.used <= rest.length)) return `used ${parsed.used} of ${rest.length}`;
    if (parsed.is === "frame" && !judge(rest.subarray(0, parsed.used)))
      return `accepted ${hexOf(rest.subarray(0, parsed.used))}`;
    rest = rest.subarray(parsed.used);
  }
  return undefined;
}

describe("mutated frames", () => {
  test(`of ${RUNS} mutated frames none makes a parser throw, stall or believe a wrong checksum`, {
    timeout: 600_000,
  }, () => {
    const draw = draws(SEED);
    const originals = SPOKEN.map(({ protocol, hex }) => ({ protocol, bytes: bytesOf(hex) }));
    for (let run = 0; run < RUNS; run++) {
      const { protocol, bytes: original } = originals[draw(originals.length)]!;
      const bytes = mutated(original, draw);
      const stranger = draw(SUSPECTS.length);
      for (const [index, suspect] of SUSPECTS.entries()) {
        if (suspect.protocol !== protocol && index !== stranger) continue;
        const complaint = interrogate(suspect, bytes);
        if (complaint === undefined) continue;
        expect.fail(`${suspect.name}: ${complaint} in ${hexOf(bytes)} (YIZHAN_FUZZ_SEED=${SEED}, run ${run})`);
      }
    }
  });

  test("the judges themselves let every golden frame pass, so that they are not blind", () => {
    let passed = 0;
    for (const { hex, refuse } of SPOKEN) {
      for (const suspect of SUSPECTS) {
        const parsed = suspect.parse(bytesOf(hex), bytesOf(hex).length);
        if (parsed.is !== "frame") continue;
        expect(refuse).not.toBe(true);
        expect(suspect.judge(bytesOf(hex).subarray(0, parsed.used)), `${suspect.name} ${hex}`).toBe(true);
        passed++;
      }
    }
    expect(passed).toBeGreaterThan(SPOKEN.length);
  });

  test("of mutated sensor files none with a wrong CRC is believed", { timeout: 600_000 }, () => {
    const draw = draws(SEED + 1);
    const originals = GOLDEN.filter(({ protocol }) => protocol === "sysfs-w1_slave").map(({ hex }) => bytesOf(hex));
    for (let run = 0; run < Math.ceil(RUNS / 10); run++) {
      const file = text(mutated(originals[draw(originals.length)]!, draw));
      const reading = decodeW1Slave(file);
      if (!reading.valid) continue;
      const bytes = bytesOf(file.trim().slice(0, 26));
      expect(naive.maxim(bytes.subarray(0, 8)), `${file} (YIZHAN_FUZZ_SEED=${SEED}, run ${run})`).toBe(bytes[8]);
      expect(file).toContain("YES");
      expect(Math.abs(reading.tempC)).toBeLessThanOrEqual(125);
    }
  });
});
