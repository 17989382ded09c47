import { describe, expect, test } from "vitest";
import { bytesOf, deliver, type Golden, parserFor, SPOKEN } from "./golden.ts";

const VALID = SPOKEN.filter(({ refuse }) => refuse !== true);
const titled = (frames: readonly Golden[]) =>
  frames.map((golden) => [`${golden.protocol} ${golden.hex}`, golden] as const);

/** Noise of a line that was idle, of another baud rate, and of a frame that broke off. */
function noiseFor(golden: Golden): Uint8Array[] {
  const first = golden.hex.slice(0, 2);
  const control = ["00", "FF00", "0000000000", "5500"];
  // Printable noise before a scanned code cannot be told from the code.
  const printable = golden.expect?.op === "code" ? [] : ["68656C6C6F", "FFFFFF", "7F", first];
  return [...control, ...printable].map(bytesOf);
}

describe("a frame decodes to one value however the line delivers it", () => {
  test.each(titled(VALID))("%s", (_, golden) => {
    const parse = parserFor(golden);
    const bytes = bytesOf(golden.hex);
    const whole = deliver(parse, [bytes]);
    expect(whole.junk).toEqual([]);
    expect(whole.values).toHaveLength(1);
    const [value] = whole.values;

    const byteByByte = deliver(
      parse,
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
    );
    expect(byteByByte).toMatchObject({ values: [value], junk: [] });

    for (let cut = 1; cut < bytes.length; cut++) {
      const halves = deliver(parse, [bytes.slice(0, cut), bytes.slice(cut)]);
      expect(halves, `cut after ${cut} bytes`).toMatchObject({ values: [value], junk: [] });
    }

    if (golden.chunks !== undefined) expect(deliver(parse, golden.chunks.map(bytesOf)).values).toEqual([value]);

    const twice = deliver(parse, [Uint8Array.from([...bytes, ...bytes])]);
    expect(twice).toMatchObject({ values: [value, value], junk: [] });
  });

  test.each(titled(VALID))("%s, after noise", (_, golden) => {
    const parse = parserFor(golden);
    const bytes = bytesOf(golden.hex);
    const [value] = deliver(parse, [bytes]).values;
    for (const noise of noiseFor(golden)) {
      expect(deliver(parse, [noise, bytes]).values, `noise ${noise}`).toEqual([value]);
      const bitByBit = Array.from([...noise, ...bytes], (byte) => Uint8Array.of(byte));
      expect(deliver(parse, bitByBit).values, `noise ${noise}, byte by byte`).toEqual([value]);
    }
  });

  test("every proper beginning of a frame is short, never a value", () => {
    for (const golden of VALID) {
      // A charger's reply is whole before its line end.
      const bytes = bytesOf(golden.hex.replace(/0D0A$/, ""));
      const parse = parserFor(golden);
      for (let length = 0; length < bytes.length; length++) {
        expect(parse(bytes, length).is, `${golden.hex} cut to ${length}`).toBe("short");
      }
    }
  });

  test("a parser looks at no byte beyond the length it was given", () => {
    for (const golden of VALID) {
      const bytes = bytesOf(golden.hex);
      const behind = Uint8Array.from([...bytes, ...bytes]);
      for (let length = 0; length <= bytes.length; length++) {
        expect(parserFor(golden)(behind, length)).toEqual(parserFor(golden)(bytes.slice(0, length), length));
      }
    }
  });

  test("a value keeps nothing of the buffer it was read from", () => {
    for (const golden of VALID) {
      const buffer = Buffer.from(golden.hex, "hex");
      const parsed = parserFor(golden)(buffer, buffer.length);
      const before = JSON.stringify(parsed);
      buffer.fill(0xee);
      expect(JSON.stringify(parsed)).toBe(before);
    }
  });
});

describe("bytes that public documents print wrongly are refused", () => {
  const wrong = [
    ...SPOKEN.filter(({ refuse }) => refuse === true).map(({ protocol, way, hex, name }) => ({
      protocol,
      way,
      hex,
      name,
    })),
    { protocol: "lock-8a", way: "resp", hex: "8A0101119A", name: "a lock server's wrong XOR, read as an answer" },
    {
      protocol: "modbus-rtu",
      way: "req",
      hex: "0105020000058DB0",
      name: "a relay driver's comment: the CRC of 700 ms at 500 ms",
    },
    { protocol: "modbus-rtu", way: "req", hex: "0105040000078DB0", name: "the same CRC again, at flash-off" },
    { protocol: "jbd", way: "resp", hex: "DD0400080F450F3D0F370F3DFEC676", name: "no end byte" },
  ];
  test.each(wrong.map((golden) => [golden.name, golden] as const))("%s", (_, golden) => {
    const { values, junk } = deliver(parserFor(golden), [bytesOf(golden.hex)]);
    expect(values).toEqual([]);
    expect(junk.length).toBeGreaterThan(0);
  });

  test("with the CRC recomputed they pass", () => {
    for (const hex of ["0105020000050C71", "0105040000078D38", "0105020000024DB3"]) {
      const golden = { protocol: "modbus-rtu", way: "req", hex, name: hex };
      expect(deliver(parserFor(golden), [bytesOf(hex)]).values).toHaveLength(1);
    }
  });

  test("the reason names both checksums", () => {
    const golden = { protocol: "jbd", way: "resp", hex: "DD0400080F450F3D0F370F3DFEC777", name: "" };
    expect(deliver(parserFor(golden), [bytesOf(golden.hex)]).junk[0]).toBe("checksum: expected FEC6, got FEC7");
  });
});
