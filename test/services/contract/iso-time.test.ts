import fc from "fast-check";
import { expect, test } from "vitest";
import { isoFromMs, msFromIso } from "../../../services/contract/iso-time.ts";

const anyMs = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });

test("a moment is written as the runtime's own calendar writes it", () => {
  fc.assert(fc.property(anyMs, (ms) => isoFromMs(ms) === new Date(ms).toISOString()));
});

test("what was written is read back as the same moment", () => {
  fc.assert(fc.property(anyMs, (ms) => msFromIso(isoFromMs(ms)) === ms));
});

test("an offset is a moment too, and seconds may have fractions", () => {
  expect(msFromIso("2026-01-31T13:06:07+08:00")).toBe(Date.parse("2026-01-31T05:06:07Z"));
  expect(msFromIso("2026-01-31T05:06:07.5Z")).toBe(Date.parse("2026-01-31T05:06:07.500Z"));
  expect(msFromIso("2026-01-31T05:06:07.123456Z")).toBe(Date.parse("2026-01-31T05:06:07.123Z"));
});

test.each([
  "",
  "2026-01-31",
  "2026-01-31T05:06:07",
  "2026-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-00-10T00:00:00Z",
  "2026-04-31T00:00:00Z",
  "2026-01-31T24:00:00Z",
  "2026-01-31T05:60:00Z",
  "2026-01-31T05:06:60Z",
  "2026-01-31T05:06:07+24:00",
  "2026-01-31t05:06:07z",
  "1769836200000",
])("%j is not a moment", (text) => {
  expect(msFromIso(text)).toBeUndefined();
});
