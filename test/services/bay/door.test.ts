import { describe, expect, test } from "vitest";
import { doorContradicts, doorOf } from "../../../services/bay/door.ts";
import type { Quality, Reading } from "../../../services/reading.ts";
import { type BayReadings, emptyBayReadings } from "../../../services/readings.ts";
import { benchConfig } from "../../support/bench-config.ts";

const nowMs = 50_000;
const { safety } = benchConfig();
const withSwitch = { bay: 1, cabinet: "c-1", hasHeater: false, hasDoorSwitch: true };
const lockOnly = { ...withSwitch, hasDoorSwitch: false };

const said = (value: boolean, ageMs = 0, quality: Quality = "good"): Reading<boolean> => ({
  value,
  atMs: nowMs - ageMs,
  quality,
});
const contacts = (doorShut: Reading<boolean> | undefined, latched: Reading<boolean> | undefined): BayReadings => ({
  ...emptyBayReadings(),
  doorShut,
  latched,
});

describe("a door with two contacts (E28)", () => {
  const rows: readonly (readonly [string, BayReadings, string, boolean])[] = [
    ["both say shut", contacts(said(true), said(true)), "shut", false],
    ["both say open", contacts(said(false), said(false)), "open", false],
    ["the switch says shut, the latch is open", contacts(said(true), said(false)), "unknown", true],
    ["the switch says open, the latch is shut", contacts(said(false), said(true)), "unknown", true],
    ["the switch was never heard", contacts(undefined, said(true)), "unknown", false],
    ["the latch was never heard", contacts(said(true), undefined), "unknown", false],
    ["the switch was heard 5.1 s ago", contacts(said(true, 5_001), said(true)), "unknown", false],
    ["both were heard 5 s ago", contacts(said(true, 5_000), said(true, 5_000)), "shut", false],
    ["the latch's line is stale", contacts(said(true), said(true, 0, "stale")), "unknown", false],
    ["the switch tells nonsense", contacts(said(false, 0, "invalid"), said(true)), "unknown", false],
  ];
  for (const [says, readings, door, contradicts] of rows) {
    test(`is ${door} when ${says}`, () => {
      expect(doorOf(readings, withSwitch, nowMs, safety)).toBe(door);
      expect(doorContradicts(readings, withSwitch, nowMs, safety)).toBe(contradicts);
    });
  }
});

describe("a door with the lock's contact alone", () => {
  test("is what that contact says, and cannot contradict itself", () => {
    expect(doorOf(contacts(undefined, said(true)), lockOnly, nowMs, safety)).toBe("shut");
    expect(doorOf(contacts(said(true), said(false)), lockOnly, nowMs, safety)).toBe("open");
    expect(doorOf(contacts(said(true), undefined), lockOnly, nowMs, safety)).toBe("unknown");
    expect(doorOf(contacts(undefined, undefined), withSwitch, nowMs, safety)).toBe("unknown");
    expect(doorContradicts(contacts(said(true), said(false)), lockOnly, nowMs, safety)).toBe(false);
  });
});
