/** Values on their way into a recording and back. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, pack, unpack } from "../../../firmware/recorder/packed.ts";

const throughJson = (value: unknown): unknown => unpack(JSON.parse(JSON.stringify(pack(value))));

const values = fc.anything({
  key: fc.oneof(fc.string(), fc.constantFrom("$", "of", "member")),
  values: [fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(undefined), fc.constant(null)],
  withMap: true,
  withSet: true,
  withNullPrototype: false,
});

describe("a value that is packed", () => {
  test("comes back as it was, whatever it holds: nothing, no number, minus zero, maps, sets, a key like the mark", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(throughJson(value)).toStrictEqual(value);
      }),
    );
  });

  test("keeps the difference between a key that leads nowhere and no key", () => {
    expect(Object.keys(throughJson({ one: undefined }) as object)).toEqual(["one"]);
  });

  test("has one canonical text, in whatever order its keys came", () => {
    expect(canonical(pack({ a: { c: 1, b: [2] } }))).toBe(canonical(pack({ a: { b: [2], c: 1 } })));
    expect(canonical(pack({ a: [1, 2] }))).not.toBe(canonical(pack({ a: [2, 1] })));
  });

  test("holds no function: what decides is data", () => {
    expect(() => pack({ verify: () => true })).toThrow("function");
  });
});
