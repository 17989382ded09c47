/** What no good device sends, and what asks for more than a frame holds: each codec's answer at the edge of its format. */
import { describe, expect, test } from "vitest";
import { encodeDpmValue, parseDpmReply } from "../../../hal/codecs/dpm86.ts";
import { GM65_MAX_CODE, parseGm65 } from "../../../hal/codecs/gm65.ts";
import { decodeJbdBasic, decodeJbdModel, encodeJbdBasic } from "../../../hal/codecs/jbd-registers.ts";
import { bitAt, packBits, registerAt } from "../../../hal/codecs/modbus-rtu.ts";
import { SHORT } from "../../../hal/codecs/parsed.ts";
import * as chip from "../../../hal/codecs/pn532.ts";
import * as cards from "../../../hal/codecs/pn532-cards.ts";
import { decodeW1Slave, encodeW1Slave } from "../../../hal/codecs/w1-slave.ts";
import { type RelayCommand, relayCommandOf } from "../../../hal/codecs/waveshare-relay-d.ts";
import { xyMd02Sample } from "../../../hal/codecs/xy-md02.ts";

const lineEnds = (count: number) => new Uint8Array(count).fill(0x0a);

describe("a line that never says anything", () => {
  test("is dropped once it is longer than any message: the DPM86's after 64 bytes, the scanner's after 512", () => {
    expect(parseDpmReply(lineEnds(64), 64)).toBe(SHORT);
    expect(parseDpmReply(lineEnds(65), 65)).toEqual({ is: "junk", used: 65, why: "line ends only" });
    expect(parseGm65(lineEnds(GM65_MAX_CODE), GM65_MAX_CODE)).toBe(SHORT);
    const long = GM65_MAX_CODE + 1;
    expect(parseGm65(lineEnds(long), long)).toEqual({ is: "junk", used: long, why: "line ends only" });
  });

  test("is dropped when a message of the DPM86 does not end within 64 bytes, counted from its own beginning", () => {
    const text = `\n:01r10=${"1".repeat(64)}`;
    const bytes = new TextEncoder().encode(text);
    expect(parseDpmReply(bytes, 65)).toBe(SHORT);
    expect(parseDpmReply(bytes, 66)).toMatchObject({ is: "junk", used: 66, why: "longer than 64 bytes" });
  });
});

describe("numbers that are none", () => {
  test("a minus inside a number of the DPM86 spoils the whole message", () => {
    const good = encodeDpmValue(1, 10, [12, 34]);
    const parsed = (bytes: Uint8Array) => parseDpmReply(bytes, bytes.length).is;
    const spoiled = good.map((byte) => (byte === 0x32 ? 0x2d : byte));
    expect([parsed(good), parsed(spoiled)]).toEqual(["frame", "junk"]);
  });

  test("a thermometer says nothing outside its range, whatever its checksum", () => {
    const read = (tempC: number) => decodeW1Slave(encodeW1Slave(tempC));
    expect([read(-55), read(125)]).toEqual([
      { valid: true, tempC: -55 },
      { valid: true, tempC: 125 },
    ]);
    expect([read(-55.5), read(125.5)]).toMatchObject([{ valid: false }, { valid: false }]);
  });
});

describe("a reply that is asked for more than it holds", () => {
  test("has no such bit and no such register: both read as nothing", () => {
    const bits = packBits([true, false, false, false, false, false, false, false, true]);
    expect([0, 1, 8, 9, 16, 99].map((index) => bitAt(bits, index))).toEqual([true, false, true, false, false, false]);
    const registers = Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a);
    expect([0, 1, 2, 3].map((index) => registerAt(registers, index))).toEqual([0x1234, 0x5678, 0, 0]);
  });

  test("with another number of bytes than two registers is no climate", () => {
    const reply = (...data: readonly number[]) =>
      xyMd02Sample({ address: 1, function: 4, exception: undefined, data: Uint8Array.from(data) }, 10);
    expect(reply(0, 200)).toEqual({ is: "nonsense", why: "2 data bytes" });
    expect(reply(0, 200, 1, 0, 0)).toEqual({ is: "nonsense", why: "5 data bytes" });
    expect(reply(0, 200, 1, 0)).toMatchObject({ is: "climate", tempC: 20 });
  });
});

test("a version that no pack could have is written as nothing", () => {
  const basic = decodeJbdBasic(new Uint8Array(23));
  if (basic === undefined) throw new Error("23 bytes are a whole answer");
  const versionByte = (version: string) => encodeJbdBasic({ ...basic, version })[18];
  expect([versionByte("2.1"), versionByte("16.0"), versionByte("new")]).toEqual([0x21, 0, 0]);
});

test("a pack's model leaves out what cannot be printed: below the blank, and from DEL on", () => {
  expect(decodeJbdModel(Uint8Array.of(0x1f, 0x20, 0x41, 0x00, 0x7e, 0x7f, 0xc3, 0x20))).toBe("A~");
});

describe("a coil write that reaches the relay board", () => {
  const asked = (start: number, value: number, code = 5) =>
    relayCommandOf({ address: 1, function: code, start, value, data: undefined } as never);

  test.each<[number, number, RelayCommand | undefined]>([
    [0x0200, 7, { do: "flash-on", relay: 0, tenths: 7 }],
    [0x0207, 7, { do: "flash-on", relay: 7, tenths: 7 }],
    [0x0208, 7, undefined],
    [0x01ff, 7, undefined],
    [0x0400, 9, { do: "flash-off", relay: 0, tenths: 9 }],
    [0x0407, 9, { do: "flash-off", relay: 7, tenths: 9 }],
    [0x0408, 9, undefined],
    [0x03ff, 9, undefined],
    [0, 0xff00, { do: "on", relay: 0 }],
    [7, 0x0000, { do: "off", relay: 7 }],
    [3, 0x5500, { do: "toggle", relay: 3 }],
    [0x00ff, 0xff00, { do: "on", relay: "all" }],
    [8, 0xff00, undefined],
    [3, 0x1234, undefined],
  ])("coil %i with %i", (start, value, command) => {
    expect(asked(start, value)).toEqual(command);
  });

  test("is none when the function is another", () => {
    expect(asked(0, 0xff00, 1)).toBeUndefined();
  });
});

/** A frame of the chip around any body. */
function framed(...body: readonly number[]): Uint8Array {
  const sum = -body.reduce((total, byte) => total + byte, 0) & 0xff;
  return Uint8Array.of(0, 0, 0xff, body.length, -body.length & 0xff, ...body, sum, 0);
}

describe("a frame of the card reader's chip", () => {
  const parsed = (bytes: Uint8Array) => chip.parsePn532(bytes, bytes.length);

  test("of one byte is its error, and nothing else", () => {
    expect(parsed(framed(0x7f))).toMatchObject({ is: "frame", value: { kind: "error" }, used: 8 });
    expect(parsed(framed(0x55))).toEqual({ is: "junk", used: 8, why: "a body of one byte" });
  });

  test("comes from the host or from the chip; what the chip says has an odd code", () => {
    expect(parsed(framed(0xd4, 0x02))).toMatchObject({ value: { kind: "command", command: 0x02 } });
    expect(parsed(framed(0xd5, 0x03))).toMatchObject({ value: { kind: "answer", command: 0x02 } });
    expect(parsed(framed(0xd5, 0x02))).toEqual({ is: "junk", used: 9, why: "from D5, code 02" });
    expect(parsed(framed(0xd6, 0x03))).toEqual({ is: "junk", used: 9, why: "from D6, code 03" });
  });

  test("behind an acknowledgement must be the answer: a command is none", () => {
    const bytes = Uint8Array.of(...chip.encodePn532Ack(), ...framed(0xd4, 0x02));
    expect(chip.parsePn532Answer(bytes, bytes.length, 0x02)).toEqual({
      is: "junk",
      used: 15,
      why: "command instead of an answer",
    });
  });

  test("as the device side writes it is the answer that the host reads, whatever it says of a card", () => {
    const card = { atqa: 0x0344, sak: 0x20, uid: "08A1B2C3", ats: Uint8Array.of(0x78, 0x80) };
    const answer = chip.encodePn532Answer(0x4a, cards.encodePn532Found(card));
    const bytes = Uint8Array.of(...chip.encodePn532Ack(), ...answer);
    const heard = chip.parsePn532Answer(bytes, bytes.length, 0x4a);
    if (heard.is !== "frame" || heard.value.is !== "answer") throw new Error(JSON.stringify(heard));
    expect(cards.pn532Found(heard.value.data)).toEqual({ is: "card", card });
    expect(cards.pn532Found(cards.encodePn532Found(undefined))).toEqual({ is: "none" });
    expect(cards.pn532Found(cards.encodePn532Found({ ...card, uid: "" }))).toMatchObject({ is: "nonsense" });
  });

  test("of a plain card has no answer to select", () => {
    const plain = { atqa: 0x0004, sak: 0x08, uid: "A1B2C3D4", ats: Uint8Array.of(0x78) };
    expect(cards.pn532Found(cards.encodePn532Found(plain))).toMatchObject({ is: "nonsense" });
    expect(cards.pn532Found(cards.encodePn532Found({ ...plain, ats: undefined }))).toMatchObject({ is: "card" });
  });

  test("may follow a wake-up, which is the one byte 55", () => {
    expect([0x55, 0x54, 0x00].map(chip.isPn532WakeUp)).toEqual([true, false, false]);
  });
});
