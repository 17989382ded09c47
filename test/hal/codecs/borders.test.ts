/** Each codec at its borders: what stands behind the length says nothing, and what is one step off is told with its reason. */
import { describe, expect, test } from "vitest";
import * as dpm from "../../../hal/codecs/dpm86.ts";
import * as gm65 from "../../../hal/codecs/gm65.ts";
import * as jbd from "../../../hal/codecs/jbd.ts";
import { decodeJbdBasic, encodeJbdBasic } from "../../../hal/codecs/jbd-registers.ts";
import * as lock from "../../../hal/codecs/lock-8a.ts";
import * as modbus from "../../../hal/codecs/modbus-rtu.ts";
import * as chip from "../../../hal/codecs/pn532.ts";
import { encodePn532Retries, pn532Found } from "../../../hal/codecs/pn532-cards.ts";
import { decodeW1Slave } from "../../../hal/codecs/w1-slave.ts";
import { bytesOf, hexOf } from "./golden.ts";

const text = (said: string): Uint8Array => Uint8Array.from(said, (letter) => letter.charCodeAt(0));
const read = modbus.encodeModbusRead(1, 3, 0, 2);
const xored = (...bytes: readonly number[]): Uint8Array =>
  Uint8Array.of(
    ...bytes,
    bytes.reduce((sum, byte) => sum ^ byte, 0),
  );

type Parser = (bytes: Uint8Array, length: number) => unknown;
const parsers: Readonly<Record<string, Parser>> = {
  dpmReply: dpm.parseDpmReply,
  dpmRequest: dpm.parseDpmRequest,
  gm65: gm65.parseGm65,
  gm65Command: gm65.parseGm65Command,
  jbdReply: (bytes, length) => jbd.parseJbdReply(bytes, length, 3),
  jbdRequest: jbd.parseJbdRequest,
  lockAck: lock.parseLockAck,
  lockStatus: lock.parseLockStatus,
  lockRequest: lock.parseLockRequest,
  modbusReply: (bytes, length) => modbus.parseModbusReply(bytes, length, read),
  modbusRequest: modbus.parseModbusRequest,
  modbusRequestFor: (bytes, length) => modbus.parseModbusRequest(bytes, length, 1),
  pn532: chip.parsePn532,
  pn532Answer: (bytes, length) => chip.parsePn532Answer(bytes, length, 0x4a),
};

const said: readonly Uint8Array[] = [
  ...[
    ":01r10=-12,345.\r\n",
    ":01ok\r\n",
    ":01w10=5400,,\r\n",
    ":01r30=0,\n",
    "x1r",
    "\r\n\r\n",
    ":0x",
    ":01r1x=5.",
    "ab:01ok",
  ].map(text),
  gm65.encodeGm65Ack(),
  gm65.encodeGm65Data(Uint8Array.of(1, 2)),
  gm65.encodeGm65Code("yz-001"),
  gm65.encodeGm65Trigger(),
  gm65.encodeGm65Read(0x2a, 2),
  jbd.encodeJbdRead(3),
  jbd.encodeJbdReply(3, 0, Uint8Array.of(1, 2, 3)),
  jbd.encodeJbdReply(4, 0x80, new Uint8Array(0)),
  lock.encodeLockAck(1, 2, 0x11),
  lock.encodeLockStatus(1, 2, 3, 4),
  lock.encodeLockEvent(1, 2, 0x11),
  xored(0x8a, 1, 2, 0x11, 9),
  xored(0x90, 1, 2, 3, 4),
  read,
  modbus.encodeModbusCoils(1, 0, [true, false, true]),
  modbus.encodeModbusReplyRegisters(1, 3, [7, 8]),
  modbus.encodeModbusReplyException(1, 3, 2),
  chip.encodePn532Ack(),
  chip.encodePn532Error(),
  chip.withPn532WakeUp(chip.encodePn532Command(0x4a, Uint8Array.of(1, 0))),
  Uint8Array.of(...chip.encodePn532Ack(), ...chip.encodePn532Answer(0x4a, Uint8Array.of(0))),
  bytesOf("00112233"),
];
/** Whatever could begin, go on or end a message. */
const behind = [0x00, 0xff, 0x01, 0x03, 0x0a, 0x0d, 0x2c, 0x2e, 0x30, 0x3a, 0x55, 0x77, 0x7e, 0x80, 0x82, 0x8a, 0xdd];

describe("what stands in the buffer behind the length", () => {
  test.each(Object.entries(parsers))("says nothing to %s, whatever was said before it", (_name, parse) => {
    for (const whole of said)
      for (let length = 0; length <= whole.length; length++) {
        const clean = new Uint8Array(length + 4);
        clean.set(whole.subarray(0, length));
        const expected = parse(clean, length);
        for (const rest of [...behind, undefined]) {
          const bytes = Uint8Array.from(clean).fill(rest ?? 0, length);
          if (rest === undefined) bytes.set(whole.subarray(length, length + 4), length);
          expect(parse(bytes, length), `${hexOf(whole)} to ${length}, then ${rest}`).toEqual(expected);
        }
      }
  });
});

describe("a supply's line", () => {
  const reply = (line: string) => dpm.parseDpmReply(text(line), line.length);
  const request = (line: string) => dpm.parseDpmRequest(text(line), line.length);

  test.each([
    ["x01r10=5.", "no `:` and two digits"],
    [":a1r10=5.", "no `:` and two digits"],
    [":01ox", "neither ok nor a value"],
    [":01x10=5.", "neither ok nor a value"],
    [":01rxx=5.", "no register and value"],
    [":01r1/=5.", "no register and value"],
    [":01r10:5.", "no register and value"],
    [":01r10=.", "no register and value"],
    [":01r10=-.", "no register and value"],
    [":01r10=5-.", "no register and value"],
  ])("%s is no reply", (line, why) => {
    expect(reply(line)).toMatchObject({ is: "junk", why });
  });

  test.each([
    ["x01r10=5,\n", "no `:` and two digits"],
    [":01x10=5,\n", "neither read nor write"],
    [":01wxx=5,\n", "no register and value"],
    [":01w10=5\n", "no register and value"],
  ])("%j is no request", (line, why) => {
    expect(request(line)).toMatchObject({ is: "junk", why });
  });

  test("may begin again at its next colon, and nowhere else", () => {
    expect(reply("x01r:01ok\r\n")).toMatchObject({ is: "junk", used: 4 });
    expect(reply("x01r10=5.")).toMatchObject({ is: "junk", used: 9 });
    expect(reply(":01ok\r\n")).toEqual({ is: "frame", value: { address: 1, ok: true }, used: 7 });
  });

  test("says its values as whole numbers, one, several or none", () => {
    const values = (...list: readonly number[]) => String.fromCharCode(...dpm.encodeDpmValue(1, 9, list));
    expect([values(12.4), values(-3, 4), values()]).toEqual([":01r09=12.\r\n", ":01r09=-3,4.\r\n", ":01r09=.\r\n"]);
  });
});

describe("a lock board's request", () => {
  const asked = (bytes: Uint8Array) => lock.parseLockRequest(bytes, bytes.length);

  test("may name one to nine seconds for a pulse, and for nothing else", () => {
    const timed = (seconds: number) => asked(xored(0x8a, 1, 1, 0x11, seconds));
    for (const seconds of [1, 9]) expect(timed(seconds)).toMatchObject({ value: { do: "pulse", seconds }, used: 6 });
    for (const seconds of [0, 10]) expect(timed(seconds)).toMatchObject({ is: "junk" });
    expect(asked(xored(0x8a, 1, 1, 0x33, 5))).toMatchObject({ is: "junk", why: expect.stringContaining("checksum") });
    expect(asked(xored(0x9a, 1, 1, 0x11, 5))).toMatchObject({ is: "junk", why: expect.stringContaining("checksum") });
  });

  test("is answered by a board and a channel below 80", () => {
    const answered = (bytes: Uint8Array) => lock.parseLockAck(bytes, bytes.length);
    for (const wrong of [xored(0x8a, 0x80, 1, 0), xored(0x8a, 1, 0x80, 0)]) {
      expect(answered(wrong)).toMatchObject({ is: "junk", why: "no board or channel" });
    }
    expect(answered(xored(0x8a, 0x7f, 0x7f, 0))).toMatchObject({ is: "frame" });
  });
});

describe("a code reader's command", () => {
  const parsed = (...bytes: readonly number[]) => gm65.parseGm65Command(Uint8Array.from(bytes), bytes.length);

  test("has its two first bytes and one of three types", () => {
    const good = [...gm65.encodeGm65Trigger()];
    expect(parsed(...good)).toMatchObject({ is: "frame", value: { action: "write" } });
    expect(parsed(0x7e, 0x01, ...good.slice(2))).toMatchObject({ is: "junk", why: "no second byte 00" });
    for (const type of [0x06, 0x0a])
      expect(parsed(0x7e, 0, type, 0, 0, 2, 0xab, 0xcd)).toMatchObject({ why: "neither read, write nor save" });
    for (const [type, action] of [
      [0x07, "read"],
      [0x08, "write"],
      [0x09, "save"],
    ] as const)
      expect(parsed(0x7e, 0, type, 0, 0, 2, 0xab, 0xcd)).toMatchObject({ value: { action } });
  });
});

describe("what a Modbus device answers", () => {
  test("to a write is its word for one, and how many for several", () => {
    const echo = (code: number, value: number, count: number) =>
      hexOf(
        modbus.encodeModbusReplyEcho({ address: 1, function: code, start: 2, count, value, data: new Uint8Array(0) }),
      ).slice(0, 12);
    expect([echo(5, 0xff00, 1), echo(6, 0x1234, 1), echo(15, 0, 9), echo(16, 0, 3)]).toEqual([
      "01050002FF00",
      "010600021234",
      "010F00020009",
      "011000020003",
    ]);
  });

  test("is looked for again at the next byte, or at the next that is its address", () => {
    const bytes = Uint8Array.of(9, 0x77, 5, 1, 3);
    expect(modbus.parseModbusRequest(bytes, 5)).toMatchObject({ is: "junk", used: 1 });
    expect(modbus.parseModbusRequest(bytes, 5, 1)).toMatchObject({ is: "junk", used: 3 });
  });
});

describe("a card reader's chip", () => {
  const parsed = (...bytes: readonly number[]) => chip.parsePn532(Uint8Array.from(bytes), bytes.length);

  test("acknowledges with 00 FF, refuses with FF 00, and nothing that only adds up to it", () => {
    expect(parsed(0, 0, 0xff, 0x00, 0xff, 0)).toMatchObject({ value: { kind: "ack" } });
    expect(parsed(0, 0, 0xff, 0xff, 0x00, 0)).toMatchObject({ value: { kind: "nack" } });
    expect(parsed(0, 0, 0xff, 0x01, 0xfe, 0)).toMatchObject({ is: "junk", why: "length 01 with complement FE" });
  });

  test("is looked for again behind the start code that led to nothing, never at the byte where it stood", () => {
    expect(parsed(0, 0, 0xff, 0x01, 0xfe, 0, 0, 0xff)).toMatchObject({ is: "junk", used: 5 });
    expect(parsed(0xaa, 0, 0, 0xff)).toMatchObject({ is: "junk", used: 1 });
    expect(parsed(0, 0, 0xaa, 0x55, 0, 0xff)).toMatchObject({ is: "junk", used: 4 });
  });

  test("is told how often to look, and a search that found nobody is one byte", () => {
    expect(hexOf(encodePn532Retries(3)).slice(10)).toBe("D43205FF0103F200");
    expect(pn532Found(Uint8Array.of(0))).toEqual({ is: "none" });
    expect(pn532Found(Uint8Array.of(0, 0))).toEqual({ is: "nonsense", why: "2 bytes" });
    expect(pn532Found(Uint8Array.of(1))).toEqual({ is: "nonsense", why: "1 bytes" });
  });
});

describe("a sensor file whose form is wrong", () => {
  const bytes = "62 01 4b 46 7f ff 0e 10 03";
  const refused = (first: string, second = `${bytes} t=22125`) => {
    const reading = decodeW1Slave(`${first} : crc=03 YES\n${second}\n`);
    return reading.valid ? "valid" : reading.reason;
  };

  test.each([
    "6x 01 4b 46 7f ff 0e 10 03",
    "g2 01 4b 46 7f ff 0e 10 03",
    "6/ 01 4b 46 7f ff 0e 10 03",
    "6: 01 4b 46 7f ff 0e 10 03",
    "6` 01 4b 46 7f ff 0e 10 03",
    "62-01 4b 46 7f ff 0e 10 03",
    "62 01 4b 46 7f ff 0e 10-03",
  ])("%s holds no nine bytes", (first) => {
    expect(refused(first)).toBe("first line does not hold nine bytes");
  });

  test("or whose second line says no temperature, is told so", () => {
    expect(refused(bytes)).toBe("valid");
    for (const second of [bytes, `${bytes} 22125`, `${bytes} t=`, `${bytes} t=x`, `${bytes} t=22125000`, "225"])
      expect(refused(bytes, second)).toBe("second line does not hold t=");
  });
});

test("a pack's day is the same word each time it is said, and another day another one", () => {
  const basic = decodeJbdBasic(new Uint8Array(23));
  if (basic === undefined) throw new Error("23 bytes are a whole answer");
  const word = (productionDate: string) => hexOf(encodeJbdBasic({ ...basic, productionDate }).subarray(10, 12));
  const days = ["2016-03-15", "2021-12-31", "2016-03-15", "2000-01-01"];
  expect(days.map(word)).toEqual(["206F", "2B9F", "206F", "0021"]);
});
