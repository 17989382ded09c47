import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeJbdMos,
  encodeJbdRead,
  encodeJbdReply,
  encodeJbdWrite,
  parseJbdReply,
  parseJbdRequest,
} from "../../../hal/codecs/jbd.ts";
import {
  decodeJbdBasic,
  decodeJbdCells,
  decodeJbdErrors,
  decodeJbdModel,
  encodeJbdBasic,
  encodeJbdCells,
  encodeJbdErrors,
  encodeJbdModel,
  type JbdBasic,
  jbdProtectionNames,
} from "../../../hal/codecs/jbd-registers.ts";
import { bytesOf, hexOf } from "./golden.ts";

function dataOf(hex: string): Uint8Array {
  const parsed = parseJbdReply(bytesOf(hex), hex.length / 2);
  if (parsed.is !== "frame") throw new Error(JSON.stringify(parsed));
  return parsed.value.data;
}

describe("JBD requests", () => {
  test("reads and MOS writes are the captured bytes", () => {
    expect(hexOf(encodeJbdRead(3))).toBe("DDA50300FFFD77");
    expect(hexOf(encodeJbdRead(4))).toBe("DDA50400FFFC77");
    expect(hexOf(encodeJbdRead(0xaa))).toBe("DDA5AA00FF5677");
    expect(hexOf(encodeJbdMos({ chargeOn: true, dischargeOn: true }))).toBe("DD5AE1020000FF1D77");
    expect(hexOf(encodeJbdMos({ chargeOn: false, dischargeOn: true }))).toBe("DD5AE1020001FF1C77");
    expect(hexOf(encodeJbdMos({ chargeOn: true, dischargeOn: false }))).toBe("DD5AE1020002FF1B77");
    expect(hexOf(encodeJbdMos({ chargeOn: false, dischargeOn: false }))).toBe("DD5AE1020003FF1A77");
    expect(hexOf(encodeJbdWrite(1, Uint8Array.of(0, 0)))).toBe("DD5A01020000FFFD77");
  });

  test("whatever is asked arrives at the device as asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 255 }), (register, data) => {
        const write = encodeJbdWrite(register, data);
        expect(parseJbdRequest(write, write.length)).toEqual({
          is: "frame",
          value: { action: "write", register, data },
          used: 7 + data.length,
        });
        const read = encodeJbdRead(register);
        expect(parseJbdRequest(read, 7)).toMatchObject({ value: { action: "read", register } });
      }),
    );
  });
});

describe("JBD replies", () => {
  test("whatever a pack answers arrives as answered, but only for the register that was asked", () => {
    const register = fc.integer({ min: 0, max: 255 }).filter((value) => value !== 0xa5 && value !== 0x5a);
    fc.assert(
      fc.property(register, fc.constantFrom(0, 0x80), fc.uint8Array({ maxLength: 255 }), (register, status, data) => {
        const reply = encodeJbdReply(register, status, data);
        const expected = { is: "frame", value: { register, status, data }, used: reply.length };
        expect(parseJbdReply(reply, reply.length)).toEqual(expected);
        expect(parseJbdReply(reply, reply.length, register)).toEqual(expected);
        expect(parseJbdReply(reply, reply.length, register ^ 1).is).toBe("junk");
      }),
    );
  });

  test("the echo of a request is never taken for a reply, whatever register was asked", () => {
    for (let register = 0; register < 256; register++) {
      expect(parseJbdReply(encodeJbdRead(register), 7).is).toBe("junk");
    }
  });

  test("a refused register is a frame with status 80", () => {
    expect(parseJbdReply(bytesOf("DD038000FF8077"), 7)).toMatchObject({ value: { register: 3, status: 0x80 } });
  });
});

describe("register 03", () => {
  test("a pack that discharges says minus, and 17 cells with four sensors are read by length", () => {
    const basic = decodeJbdBasic(
      dataOf("DD03001F19DFF8240DA50FA00002249100000000000012570311040B980BA90B960B97F89A77"),
    );
    expect(basic).toEqual({
      packMv: 66_230,
      packMa: -20_120,
      remainingMah: 34_930,
      nominalMah: 40_000,
      cycles: 2,
      productionDate: "2018-04-17",
      balanceBits: 0,
      protectionBits: 0,
      version: "1.2",
      socPct: 87,
      chargeMosOn: true,
      dischargeMosOn: true,
      cellCount: 17,
      tempsC: [23.7, 25.4, 23.5, 23.6],
      tail: new Uint8Array(0),
    });
  });

  test("the nine bytes that newer firmware appends are kept and change nothing", () => {
    const basic = decodeJbdBasic(
      dataOf("DD030022055F00004ADF4E2000022D1400000000000023600304010BB10000004E204ADF0000FAC277"),
    );
    expect(basic?.tempsC).toEqual([26.2]);
    expect(hexOf(basic?.tail ?? new Uint8Array(0))).toBe("0000004E204ADF0000");
  });

  test("data shorter than it announces gives no pack at all", () => {
    const data = dataOf("DD03001D0618000001F201F400002C7C00000000000080640304030B8B0B8A0B84FA8D77");
    for (let length = 0; length < data.length; length++) expect(decodeJbdBasic(data.slice(0, length))).toBeUndefined();
  });

  test("every status a simulated pack can say survives the wire", () => {
    const tenths = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 10);
    const word = fc.integer({ min: 0, max: 0xffff });
    const two = (value: number) => String(value).padStart(2, "0");
    const basic: fc.Arbitrary<JbdBasic> = fc.record({
      packMv: word.map((value) => value * 10),
      packMa: fc.integer({ min: -0x8000, max: 0x7fff }).map((value) => value * 10),
      remainingMah: word.map((value) => value * 10),
      nominalMah: word.map((value) => value * 10),
      cycles: word,
      productionDate: fc
        .tuple(fc.integer({ min: 2000, max: 2127 }), fc.nat(15), fc.nat(31))
        .map(([year, month, day]) => `${year}-${two(month)}-${two(day)}`),
      balanceBits: fc.integer({ min: 0, max: 0xffffffff }),
      protectionBits: word,
      version: fc.tuple(fc.nat(15), fc.nat(15)).map(([major, minor]) => `${major}.${minor}`),
      socPct: fc.nat(100),
      chargeMosOn: fc.boolean(),
      dischargeMosOn: fc.boolean(),
      cellCount: fc.nat(32),
      tempsC: fc.array(tenths(-400, 1250), { maxLength: 8 }),
      tail: fc.uint8Array({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(basic, (said) => {
        const reply = encodeJbdReply(3, 0, encodeJbdBasic(said));
        const parsed = parseJbdReply(reply, reply.length, 3);
        if (parsed.is !== "frame") throw new Error(JSON.stringify(parsed));
        expect(decodeJbdBasic(parsed.value.data)).toEqual(said);
      }),
    );
  });

  test("both cold bits of the protection word have their names", () => {
    expect(jbdProtectionNames((1 << 5) | (1 << 7))).toEqual(["chargeUndertemp", "dischargeUndertemp"]);
    expect(jbdProtectionNames(0x1000)).toEqual(["mosSoftwareLock"]);
    expect(jbdProtectionNames(0x1fff)).toHaveLength(13);
  });
});

describe("other registers", () => {
  test("an unwired sixteenth cell reads 0 mV", () => {
    const cells = decodeJbdCells(
      dataOf("DD0400200E100E100E100E100E100E100E100E100E100E100E100E100E100E100E100000FE1E77"),
    );
    expect(cells).toHaveLength(16);
    expect(cells[15]).toBe(0);
  });

  test("cells, model and error counters survive the wire", () => {
    const word = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 32 }), fc.stringMatching(/^[!-~]{1,31}$/), (cellsMv, model) => {
        expect(decodeJbdCells(encodeJbdCells(cellsMv))).toEqual(cellsMv);
        expect(decodeJbdModel(encodeJbdModel(model))).toBe(model);
      }),
    );
    const errors = decodeJbdErrors(dataOf("DDAA0018000000000000007A00020000000000000000000000000001FF6B77"));
    expect(errors).toMatchObject({ cellOvervoltage: 122, cellUndervoltage: 2, packUndervoltage: 0 });
    expect(errors === undefined ? undefined : decodeJbdErrors(encodeJbdErrors(errors))).toEqual(errors);
    expect(decodeJbdErrors(new Uint8Array(21))).toBeUndefined();
  });
});
