import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../services/requests/canonical-json.ts";

/** The same value as a program of another language might have written it: members in another order, and room between them. */
function spelledDifferently(value: unknown, space: string): string {
  if (Array.isArray(value))
    return `[${space}${value.map((item) => spelledDifferently(item, space)).join(`${space},${space}`)}${space}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .reverse()
    .map(([name, inner]) => `${JSON.stringify(name)}${space}:${space}${spelledDifferently(inner, space)}`);
  return `{${space}${members.join(`${space},${space}`)}${space}}`;
}

// Lone surrogates have no canonical text, so whole Unicode strings only; keys of every object's own names included.
const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("__proto__", "constructor", "", "é", "\u20ac"));
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 5 }).map((members) => Object.fromEntries(members)),
  ),
}));

describe("the canonical text of a JSON value", () => {
  test("does not depend on the order of members or on white space", () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom("", " ", "\n", "\t \r\n"), (value, space) => {
        expect(canonicalJson(JSON.parse(spelledDifferently(value, space)))).toBe(canonicalJson(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test("says the same value again when it is read, and is then its own canonical text", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const canonical = canonicalJson(value) ?? "none";
        expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
      }),
      { numRuns: 2_000 },
    );
  });

  test("sorts members as section 3.2.3 of RFC 8785 shows it: by UTF-16 units, not by code points", () => {
    // The names of that example: a carriage return, a digit, a control, and letters of one, two and four bytes.
    const names = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
    const value = Object.fromEntries(names.map((name, at) => [name, at]));
    expect(canonicalJson(value)).toBe('{"\\r":1,"1":3,"\u0080":5,"\u00f6":6,"\u20ac":0,"\ud83d\ude00":4,"\ufb33":2}');
  });

  test("writes literals, numbers and escapes as section 3.2.2 of RFC 8785 shows it", () => {
    const spelled =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    expect(canonicalJson(JSON.parse(spelled))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  /** Appendix B of RFC 8785: the bits of a double, and its text. */
  test.each([
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ])("writes the double %s as %s", (bits, written) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${bits}`));
    expect(canonicalJson(view.getFloat64(0))).toBe(written);
  });

  test.each([
    ["a lone surrogate", { a: "\ud800" }],
    ["a lone surrogate in a name", { "\udc00": 1 }],
    ["no number", [Number.NaN]],
    ["no end", { a: Number.POSITIVE_INFINITY }],
    ["nothing at all", { a: undefined }],
    ["a function", [() => 1]],
  ])("is none for %s", (_, value) => {
    expect(canonicalJson(value)).toBeUndefined();
  });
});
