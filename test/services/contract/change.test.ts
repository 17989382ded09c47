import fc from "fast-check";
import { expect, test } from "vitest";
import { exactChange, sameData } from "../../../services/contract/change.ts";

/** Plain data as payloads hold it, with fields that are not there now and then. */
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false, "", "shut", 0, 1, 21.5),
    fc.array(tie("data"), { maxLength: 3 }),
    fc.record(
      { a: fc.oneof(tie("data"), fc.constant(undefined)), b: tie("data"), c: tie("data") },
      { requiredKeys: ["b"], noNullPrototype: true },
    ),
  ),
}));

test("two payloads are the same exactly when their JSON is, and never changed by the comparison", () => {
  fc.assert(
    fc.property(data, data, (one, other) => {
      const before = JSON.stringify([one, other]);
      expect(sameData(one, other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      expect(sameData(one, structuredClone(one))).toBe(true);
      expect(JSON.stringify([one, other])).toBe(before);
    }),
    { numRuns: 500 },
  );
});

test("a field that came, went or moved into a list is a step, and one that was never there is none", () => {
  expect(exactChange({ a: 1 }, { a: 1, b: undefined })).toBe("none");
  expect(exactChange({ a: 1 }, { a: 1, b: null })).toBe("step");
  expect(exactChange({ a: 1, b: 2 }, { a: 1 })).toBe("step");
  expect(exactChange([1], { 0: 1 })).toBe("step");
  expect(exactChange([1, 2], [1])).toBe("step");
});
