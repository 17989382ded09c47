import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeLine,
  entryBody,
  entryRest,
  follows,
  parseEntry,
  parseHeader,
  readLine,
  readNumbers,
} from "../../../firmware/log/line.ts";
import { LOG_ID } from "./log-rig.ts";

const BODY = '{"n":1,"at":1768449600000,"clock":"ntp","boot":"b1","record":{"kind":"note","text":"驿站"}}';
/** Computed with zlib.crc32 and hashlib.sha256 of Python 3. */
const GOLDEN = `cb5bae07 63a5a13343339357bc3154cbdd468c61 ${BODY}\n`;

const whole = (bytes: Buffer) => readLine(bytes, 0, bytes.length);

describe("a line of the log", () => {
  test("is what any other program would compute", () => {
    expect(encodeLine(LOG_ID, BODY).bytes.toString()).toBe(GOLDEN);
    const line = whole(Buffer.from(GOLDEN));
    expect(line).toMatchObject({ hash: "63a5a13343339357bc3154cbdd468c61", next: Buffer.byteLength(GOLDEN) });
  });

  test("is refused after any single bit of it changed, its CRC and its newline included", () => {
    const golden = Buffer.from(GOLDEN);
    for (let bit = 0; bit < golden.length * 8; bit++) {
      const changed = Buffer.from(golden);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(whole(changed), `bit ${bit}`).toBeUndefined();
    }
  });

  test("is refused when it is cut anywhere, and when its CRC is written in capitals", () => {
    const golden = Buffer.from(GOLDEN);
    for (let end = 0; end < golden.length; end++) expect(readLine(golden, 0, end), `cut at ${end}`).toBeUndefined();
    expect(whole(Buffer.from(GOLDEN.replace("cb5bae07", "CB5BAE07")))).toBeUndefined();
  });

  test("follows only from the hash it was made from", () => {
    const bytes = Buffer.from(GOLDEN);
    const line = whole(bytes);
    if (line === undefined) throw new Error("not a line");
    expect(follows(LOG_ID, bytes, line)).toBe(true);
    expect(follows(LOG_ID.replace("0", "1"), bytes, line)).toBe(false);
  });

  test("is found wherever it stands between others", () => {
    const bytes = Buffer.from(`junk\n${GOLDEN}${GOLDEN}`);
    expect(readLine(bytes, 5, bytes.length)?.next).toBe(5 + Buffer.byteLength(GOLDEN));
    expect(readLine(bytes, 0, bytes.length)).toBeUndefined();
  });

  test("longer than anything seen before is hashed right", () => {
    const { bytes } = encodeLine(LOG_ID, JSON.stringify({ n: 1, text: "驿".repeat(50_000) }));
    const line = whole(bytes);
    expect(line !== undefined && follows(LOG_ID, bytes, line)).toBe(true);
  });

  test("carries any entry there and back", () => {
    const entries = fc.record({
      n: fc.integer({ min: 0, max: 2 ** 50 }),
      at: fc.integer({ min: 0, max: 2 ** 42 }),
      clock: fc.constantFrom("ntp" as const, "unsynced" as const),
      boot: fc.string({ unit: "binary" }),
      record: fc.record({ kind: fc.string(), value: fc.jsonValue() }),
    });
    fc.assert(
      fc.property(entries, fc.nat(), fc.boolean(), (entry, back, more) => {
        const synced = Math.max(0, entry.n - 1 - (back % 3));
        const { bytes } = encodeLine(LOG_ID, entryBody({ n: entry.n, synced, more }, entryRest(entry)));
        const line = whole(bytes);
        if (line === undefined) throw new Error("not a line");
        const numbers = { n: -1, synced: -1, more: !more };
        expect(readNumbers(bytes, line, numbers)).toBe(true);
        expect(numbers).toEqual({ n: entry.n, synced: entry.n === 0 && synced === 0 ? 0 : synced, more });
        expect(parseEntry(bytes, line)).toEqual(JSON.parse(JSON.stringify(entry)));
      }),
      { numRuns: 500 },
    );
  });

  test("junk of any kind is no line and throws nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (junk) => whole(Buffer.from(junk)) === undefined),
      { numRuns: 2_000 },
    );
  });
});

describe("a whole line that does not hold what it should", () => {
  const bodies: readonly (readonly [string, string])[] = [
    ["no JSON", '{"n":1,'],
    ["a list", "[1,2]"],
    ["no number", '{"n":"1","at":1,"record":{"kind":"a"}}'],
    ["half a number", '{"n":1.5,"at":1,"record":{"kind":"a"}}'],
    ["no time", '{"n":1,"record":{"kind":"a"}}'],
    ["no record", '{"n":1,"at":1}'],
    ["a record without a kind", '{"n":1,"at":1,"record":{}}'],
    ["something to publish that has no stream", '{"n":1,"at":1,"record":{"kind":"a"},"publish":{"kind":"a","seq":1}}'],
    ["something to publish that is a list", '{"n":1,"at":1,"record":{"kind":"a"},"publish":[]}'],
  ];
  test.each(bodies)("%s is no entry", (_what, body) => {
    const { bytes } = encodeLine(LOG_ID, body);
    const line = whole(bytes);
    expect(line).toBeDefined();
    if (line !== undefined) expect(parseEntry(bytes, line)).toBeUndefined();
  });

  const numbersOf: readonly (readonly [string, string])[] = [
    ["a header", '{"format":1}'],
    ["no digits", '{"n":,"at":1}'],
    ["a negative number", '{"n":-1,"at":1}'],
    ["no digits in what was synced", '{"n":5,"synced":x}'],
  ];
  test.each(numbersOf)("%s has no numbers of an entry", (_what, body) => {
    const { bytes } = encodeLine(LOG_ID, body);
    const line = whole(bytes);
    expect(line !== undefined && readNumbers(bytes, line, { n: 0, synced: 0, more: false })).toBe(false);
  });

  const good = {
    format: 1,
    log: LOG_ID,
    segment: 1,
    firstN: 1,
    previous: LOG_ID,
    previousBytes: 0,
    acknowledged: 0,
  };
  const headers: readonly (readonly [string, object])[] = [
    ["of another format", { format: 2 }],
    ["without an id", { log: undefined }],
    ["with a hash in capitals", { previous: LOG_ID.toUpperCase() }],
    ["with a size that is none", { previousBytes: -1 }],
    ["with a segment that is none", { segment: "1" }],
    ["with a mark that is none", { acknowledged: 0.5 }],
  ];
  test.each(headers)("a header %s is none", (_what, change) => {
    const read = (header: object) => {
      const { bytes } = encodeLine(LOG_ID, JSON.stringify(header));
      const line = whole(bytes);
      return line && parseHeader(bytes, line);
    };
    expect(read(good)).toEqual(good);
    expect(read({ ...good, ...change })).toBeUndefined();
  });
});
