import fc from "fast-check";
import { expect, test } from "vitest";
import { lengthMs, lengthText, momentMs, momentText } from "../../../simulator/soak/time-text.ts";

test("every moment and every length is read back as it was written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), (ms) => {
      expect(momentMs(momentText(ms))).toBe(ms);
      expect(lengthMs(lengthText(ms))).toBe(ms);
    }),
  );
});

test.each([
  ["03:12:05", 11_525_000],
  ["03:12:05.25", 11_525_250],
  ["2d 00:00:01", 172_801_000],
  ["27:00:00", 97_200_000],
])("the moment %s is so many milliseconds after the start", (text, ms) => {
  expect(momentMs(text)).toBe(ms);
});

test.each(["", "3:12:05", "00:60:00", "00:00:61", "tomorrow", "-00:00:01"])("%j is no moment", (text) => {
  expect(momentMs(text)).toBeUndefined();
});

test.each(["", "5", "5 s", "s", "1h-2m"])("%j is no length", (text) => {
  expect(lengthMs(text)).toBeUndefined();
});
