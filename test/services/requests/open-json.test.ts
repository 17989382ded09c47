import fc from "fast-check";
import { expect, test } from "vitest";
import { JSON_DEPTH_MAX, jsonDepth, openJson, PAYLOAD_BYTES_MAX } from "../../../services/requests/open-json.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("the nesting counted on the bytes is the nesting of the value", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 12 }), (text) => jsonDepth(bytes(text)) === depthOf(JSON.parse(text))));
});

test("brackets, quotes and backslashes inside strings do not count", () => {
  expect(jsonDepth(bytes(JSON.stringify({ a: '[[[{"\\"}]' })))).toBe(1);
});

test("any object within the limits is opened as the parser opens it", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: JSON_DEPTH_MAX - 2 }));
  fc.assert(
    fc.property(object, (value) => {
      const text = JSON.stringify(value);
      const payload = bytes(text);
      fc.pre(payload.length <= PAYLOAD_BYTES_MAX && depthOf(value) <= JSON_DEPTH_MAX);
      expect(openJson(payload)).toEqual({ is: "object", value: JSON.parse(text) });
    }),
  );
});

test("no bytes at all make it throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => openJson(payload) !== undefined));
});

test("100 kB of brackets are turned away by their size, 16 kB of them by their depth", () => {
  expect(openJson(bytes("[".repeat(100_000)))).toEqual({ is: "refused", reason: "too-large" });
  expect(openJson(bytes("[".repeat(PAYLOAD_BYTES_MAX)))).toEqual({ is: "refused", reason: "too-deep" });
});
