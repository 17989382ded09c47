import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as modbus from "../../../hal/codecs/modbus-rtu.ts";
import { bytesOf, deliver, hexOf } from "./golden.ts";

const word = fc.integer({ min: 0, max: 0xffff });
const address = fc.integer({ min: 1, max: 255 });

describe("Modbus requests", () => {
  test("the makers' printed requests come out", () => {
    expect(hexOf(modbus.encodeModbusCoil(1, 0, true))).toBe("01050000FF008C3A");
    expect(hexOf(modbus.encodeModbusCoil(1, 0, false))).toBe("010500000000CDCA");
    expect(hexOf(modbus.encodeModbusRead(1, 1, 0, 8))).toBe("0101000000083DCC");
    expect(hexOf(modbus.encodeModbusRead(1, 4, 1, 1))).toBe("010400010001600A");
    expect(hexOf(modbus.encodeModbusRead(1, 4, 0, 10))).toBe("01040000000A700D");
    expect(hexOf(modbus.encodeModbusCoil(255, 0, true))).toBe("FF050000FF0099E4");
  });

  test("every request arrives at its device as asked, and at no other", () => {
    fc.assert(
      fc.property(address, fc.constantFrom(1, 2, 3, 4, 5, 6), word, word, (address, fn, start, second) => {
        const bytes =
          fn <= 4
            ? modbus.encodeModbusRead(address, fn as modbus.ModbusReadFunction, start, second)
            : fn === 5
              ? modbus.encodeModbusCoilWord(address, start, second)
              : modbus.encodeModbusRegister(address, start, second);
        const parsed = modbus.parseModbusRequest(bytes, 8, address);
        const expected = fn <= 4 ? { count: second, value: 0 } : { count: 1, value: second };
        expect(parsed).toMatchObject({ is: "frame", used: 8, value: { address, function: fn, start, ...expected } });
        expect(deliver((view, length) => modbus.parseModbusRequest(view, length, 0), [bytes]).values).toEqual([]);
      }),
    );
  });

  test("many coils are packed with the first coil in the lowest bit", () => {
    fc.assert(
      fc.property(address, word, fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (address, start, on) => {
        const bytes = modbus.encodeModbusCoils(address, start, on);
        const parsed = modbus.parseModbusRequest(bytes, bytes.length);
        if (parsed.is !== "frame") throw new Error(JSON.stringify(parsed));
        expect(parsed.value).toMatchObject({ address, function: 15, start, count: on.length });
        expect(on.map((_, index) => modbus.bitAt(parsed.value.data, index))).toEqual(on);
        const echo = modbus.encodeModbusReplyEcho(parsed.value);
        expect(modbus.parseModbusReply(echo, echo.length, bytes)).toMatchObject({ is: "frame", used: 8 });
      }),
    );
  });
});

describe("Modbus replies", () => {
  test("registers arrive in order, high byte first", () => {
    fc.assert(
      fc.property(address, fc.constantFrom(3, 4), fc.array(word, { minLength: 1, maxLength: 125 }), (to, fn, words) => {
        const request = modbus.encodeModbusRead(to, fn as 3, 0, words.length);
        const reply = modbus.encodeModbusReplyRegisters(to, fn, words);
        const parsed = modbus.parseModbusReply(reply, reply.length, request);
        if (parsed.is !== "frame") throw new Error(JSON.stringify(parsed));
        expect(words.map((_, index) => modbus.registerAt(parsed.value.data, index))).toEqual(words);
        expect(parsed.value.exception).toBeUndefined();
      }),
    );
  });

  test("an exception is a frame that says which", () => {
    const request = modbus.encodeModbusRead(17, 3, 0, 1);
    expect(modbus.parseModbusReply(bytesOf("1183044136"), 5, request)).toMatchObject({
      is: "frame",
      value: { address: 17, function: 3, exception: 4 },
    });
    expect(hexOf(modbus.encodeModbusReplyException(17, 3, 4))).toBe("1183044136");
  });

  test.each([
    ["another device", modbus.encodeModbusReplyRegisters(2, 4, [305]), "address: expected 01, got 02"],
    ["another function", modbus.encodeModbusReplyRegisters(1, 3, [305]), "function: expected 04, got 03"],
    ["more registers", modbus.encodeModbusReplyRegisters(1, 4, [305, 546]), "byte count: expected 2, got 4"],
    ["an exception of another function", modbus.encodeModbusReplyException(1, 3, 2), "function: expected 04, got 83"],
  ])("an answer from %s, however valid, is not this request's", (_, reply, why) => {
    const request = modbus.encodeModbusRead(1, 4, 1, 1);
    const { values, junk } = deliver((view, length) => modbus.parseModbusReply(view, length, request), [reply]);
    expect(values).toEqual([]);
    expect(junk[0]).toBe(why);
  });

  test("the echo of a coil write must repeat coil and value", () => {
    const request = modbus.encodeModbusCoil(1, 3, true);
    for (const other of [modbus.encodeModbusCoil(1, 3, false), modbus.encodeModbusCoil(1, 4, true)]) {
      expect(deliver((view, length) => modbus.parseModbusReply(view, length, request), [other]).values).toEqual([]);
    }
    expect(modbus.parseModbusReply(request, 8, request)).toMatchObject({ is: "frame" });
  });

  test("a late answer to an earlier request is dropped and the right one behind it is found", () => {
    const request = modbus.encodeModbusRead(1, 2, 0, 8);
    const late = modbus.encodeModbusReplyRegisters(1, 4, [0x0102]);
    const right = modbus.encodeModbusReplyData(1, 2, Uint8Array.of(0xb6));
    const { values } = deliver((view, length) => modbus.parseModbusReply(view, length, request), [late, right]);
    expect(values).toMatchObject([{ function: 2, data: Uint8Array.of(0xb6) }]);
  });

  test("the greeting of an LCTECH board over its first echo is no echo", () => {
    const request = modbus.encodeModbusCoil(255, 0, true);
    const greeting = bytesOf("FF050000FF800A5468616E6B20796F7520666F72207573696E67");
    const again = deliver((view, length) => modbus.parseModbusReply(view, length, request), [greeting, request]);
    expect(again.values).toHaveLength(1);
    expect(again.junk.length).toBeGreaterThan(0);
  });
});
