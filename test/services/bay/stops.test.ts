/** What each stop means for its bay: whether the charger may be to blame, and what it takes to end it. */
import { describe, expect, test } from "vitest";
import {
  type BayStop,
  endsAtOpenDoor,
  heaterStopFaults,
  isElectrical,
  latchFaults,
  stopFaults,
} from "../../../services/bay/stops.ts";
import { faultCatalogue } from "../../../services/faults.ts";

const stops = Object.keys(stopFaults) as BayStop[];

describe("a stop", () => {
  test("may be the charger's doing when it is about volts, amperes or damage", () => {
    expect(stops.filter(isElectrical).sort()).toEqual(["damaged", "over-current", "overvoltage"]);
  });

  test("ends at an open door, unless the pack was hot: that one must have left", () => {
    expect(stops.filter((stop) => !endsAtOpenDoor(stop))).toEqual(["hot"]);
  });

  test("raises a fault of its own, which the catalogue knows", () => {
    const faults = [...Object.values(stopFaults), ...Object.values(heaterStopFaults), ...Object.values(latchFaults)];
    expect(new Set(faults).size).toBe(faults.length);
    expect(faults.filter((code) => !Object.hasOwn(faultCatalogue, code))).toEqual([]);
    expect(stops.every((stop) => stopFaults[stop].startsWith("bay-"))).toBe(true);
  });
});
