import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as gm65 from "../../../hal/codecs/gm65.ts";
import { bytesOf, deliver, hexOf } from "./golden.ts";

const ACK = bytesOf("02000001003331");
const line = (text: string) => new TextEncoder().encode(text);
const code = fc.stringMatching(/^[ -~]{1,80}$/);

describe("commands", () => {
  test("the manual's CRC for reading the baud rate and the ack's own come out", () => {
    expect(hexOf(gm65.encodeGm65Read(gm65.GM65_BAUD, 2))).toBe("7E000701002A02D80F");
    expect(hexOf(gm65.encodeGm65Ack())).toBe("02000001003331");
  });

  test("a trigger is understood with its CRC and with the literal AB CD", () => {
    const trigger = gm65.encodeGm65Trigger();
    for (const bytes of [trigger, bytesOf("7E000801000201ABCD")]) {
      expect(gm65.parseGm65Command(bytes, bytes.length)).toEqual({
        is: "frame",
        value: { action: "write", register: 2, data: Uint8Array.of(1) },
        used: 9,
      });
    }
    expect(hexOf(gm65.encodeGm65Stop()).slice(0, 14)).toBe("7E000801000200");
  });
});

describe("what the reader says", () => {
  test("any code arrives with the ack before it taken out exactly, whatever ends the line", () => {
    fc.assert(
      fc.property(code, fc.constantFrom("\r", "\n", "\r\n"), (text, end) => {
        const heard = deliver(gm65.parseGm65, [Uint8Array.from([...ACK, ...line(text + end)])]);
        expect(heard.values).toEqual([{ kind: "ack" }, { kind: "code", text }]);
        expect(heard.junk).toEqual([]);
      }),
    );
  });

  test("codes read one after the other stay apart, byte by byte as well", () => {
    const both = line("first\r\nsecond\r\n");
    const values = [
      { kind: "code", text: "first" },
      { kind: "code", text: "second" },
    ];
    expect(deliver(gm65.parseGm65, [both]).values).toEqual(values);
    const pieces = Array.from(both, (byte) => Uint8Array.of(byte));
    expect(deliver(gm65.parseGm65, pieces).values).toEqual(values);
  });

  test("Chinese text in a code is UTF-8; other bytes are no code", () => {
    expect(deliver(gm65.parseGm65, [line("驿站-7\r")]).values).toEqual([{ kind: "code", text: "驿站-7" }]);
    expect(deliver(gm65.parseGm65, [Uint8Array.of(0xe6, 0x97, 0x0d)]).values).toEqual([]);
  });

  test("a code of 512 bytes is read; of a longer line no part ever is", () => {
    expect(deliver(gm65.parseGm65, [line(`${"x".repeat(512)}\r`)]).values).toHaveLength(1);
    for (const length of [513, 600, 3000]) {
      const endless = line(`${"x".repeat(length)}\rnext\r`);
      const pieces = Array.from({ length: Math.ceil(endless.length / 50) }, (_, at) =>
        endless.slice(50 * at, 50 * at + 50),
      );
      for (const delivery of [[endless], pieces, Array.from(endless, (byte) => Uint8Array.of(byte))]) {
        expect(deliver(gm65.parseGm65, delivery).values).toEqual([{ kind: "code", text: "next" }]);
      }
    }
  });

  test("a spoiled ack is dropped whole, so that its last bytes never stand in front of a code", () => {
    const heard = deliver(gm65.parseGm65, [bytesOf("02000001003332"), line("ABC\r\n")]);
    expect(heard.values).toEqual([{ kind: "code", text: "ABC" }]);
    expect(heard.junk).toEqual(["checksum: expected 3331, got 3332"]);
  });

  test("settings read back are data, not an ack", () => {
    const reply = gm65.encodeGm65Data(Uint8Array.of(0x39, 0x01));
    expect(gm65.parseGm65(reply, reply.length)).toMatchObject({
      value: { kind: "data", data: Uint8Array.of(0x39, 1) },
    });
  });
});
