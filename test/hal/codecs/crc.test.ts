import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc8Maxim, crc16Modbus, crc16Xmodem, jbdChecksum, sum8, xor8 } from "../../../hal/codecs/crc.ts";
import { naive } from "./golden.ts";

const NINE_DIGITS = new TextEncoder().encode("123456789");

describe("checksums", () => {
  test("the published check values of the three cyclic codes come out", () => {
    expect(crc16Modbus(NINE_DIGITS, 0, 9)).toBe(0x4b37);
    expect(crc16Xmodem(NINE_DIGITS, 0, 9)).toBe(0x31c3);
    expect(crc8Maxim(NINE_DIGITS, 0, 9)).toBe(0xa1);
  });

  test("the tables agree with shifting bit by bit, over any part of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(80), fc.nat(80), (bytes, a, b) => {
        const start = Math.min(a, b, bytes.length);
        const end = Math.min(Math.max(a, b), bytes.length);
        const part = bytes.slice(start, end);
        expect(crc16Modbus(bytes, start, end)).toBe(naive.modbus(part));
        expect(crc16Xmodem(bytes, start, end)).toBe(naive.xmodem(part));
        expect(crc8Maxim(bytes, start, end)).toBe(naive.maxim(part));
        expect(xor8(bytes, start, end)).toBe(naive.xor(part));
        expect(sum8(bytes, start, end)).toBe(naive.sum(part) % 256);
        expect(jbdChecksum(bytes, start, end)).toBe((0x10000 - naive.sum(part)) % 0x10000);
      }),
    );
  });
});
