import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeModbusRead, encodeModbusReplyData, parseModbusReply } from "../../../hal/codecs/modbus-rtu.ts";
import { frame, SHORT } from "../../../hal/codecs/parsed.ts";
import { type Parser, Remembered, remembered } from "../../../hal/codecs/remembered.ts";

const request = encodeModbusRead(1, 2, 0, 8);
const parse: Parser<unknown> = (bytes, length) => parseModbusReply(bytes, length, request);

/** A whole answer, one of another board, one with a bit flipped, a piece, or one with something behind it. */
const answer = fc
  .record({
    bits: fc.integer({ min: 0, max: 3 }),
    spoilt: fc.integer({ min: 0, max: 12 }),
    cut: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ bits, spoilt, cut }) => {
    const whole = [...encodeModbusReplyData(1, 2, Uint8Array.of(bits)), 7, 7];
    if (spoilt < 6) whole[spoilt] = (whole[spoilt] as number) ^ 1;
    return Uint8Array.from(whole.slice(0, cut));
  });

test("a parser with a memory says of every answer what the parser without one says", () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
      const known = remembered(parse);
      for (const bytes of answers) expect(known(bytes, bytes.length)).toEqual(parse(bytes, bytes.length));
    }),
  );
});

test("the same bytes give the very value of before, and are not read again", () => {
  let reads = 0;
  const known = remembered((bytes, length) => {
    reads++;
    return parse(bytes, length);
  });
  const bytes = encodeModbusReplyData(1, 2, Uint8Array.of(5));
  const first = known(bytes, bytes.length);
  expect(known(Uint8Array.from(bytes), bytes.length)).toBe(first);
  expect(reads).toBe(1);
});

test("a buffer that is used again for another answer does not change what is remembered", () => {
  const known = remembered(parse);
  const buffer = encodeModbusReplyData(1, 2, Uint8Array.of(5));
  known(buffer, buffer.length);
  buffer.set(encodeModbusReplyData(1, 2, Uint8Array.of(6)));
  expect(known(buffer, buffer.length)).toMatchObject({ value: { data: Uint8Array.of(6) } });
});

test("what is forgotten is read again, and what does not fit is read each time", () => {
  const memory = new Remembered<number>();
  let reads = 0;
  const count: Parser<number> = (_bytes, length) => (length === 0 ? SHORT : frame(++reads, length));
  const long = new Uint8Array(65);
  memory.read(long, 65, count);
  memory.read(long, 65, count);
  expect(reads).toBe(2);
  memory.read(long, 64, count);
  memory.forget();
  memory.read(long, 64, count);
  memory.read(long, 64, count);
  expect(reads).toBe(4);
});
