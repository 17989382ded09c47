/** Which danger is named when several stand at once, and what the log makes of a latched cabinet. */
import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import type { Quality, Reading } from "../../../services/reading.ts";
import type { StationReadings } from "../../../services/readings.ts";
import { type CabinetDanger, cabinetDanger } from "../../../services/safety/danger.ts";
import { foldSafety } from "../../../services/safety/fold.ts";
import { benchConfig } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const config = benchConfig({ allSafety: true });
const bench = new StationBench({ allSafety: true });
const { nowMs } = bench;
const cabinet = config.cabinets[0];
if (cabinet === undefined) throw new Error("no cabinet");

const said = (value: boolean, quality: Quality = "good"): Reading<boolean> => ({ value, atMs: nowMs, quality });
const calm = { smoke: said(false), conductor: said(false), water: said(false), emergencyStop: said(false) };

function danger(more: Partial<Record<keyof typeof calm, Reading<boolean> | undefined>>, of = config) {
  const { emergencyStop, ...contacts } = { ...calm, ...more };
  const readings = bench.readings();
  const here = { ...readings.cabinets["c-1"], ...contacts } as StationReadings["cabinets"][string];
  const layout = of.cabinets[0] ?? cabinet;
  return cabinetDanger(
    { ...readings, cabinets: { "c-1": here }, station: { emergencyStop } },
    layout as NonNullable<typeof cabinet>,
    nowMs,
    of,
  );
}

describe("the danger that is named", () => {
  const order: readonly (readonly [keyof typeof calm, CabinetDanger])[] = [
    ["smoke", "smoke"],
    ["conductor", "conductor"],
    ["emergencyStop", "emergency-stop"],
    ["water", "water"],
  ];

  test("is the gravest that is there; what is only lost comes behind everything that is there", () => {
    expect(danger({})).toBeUndefined();
    order.forEach(([, named], at) => {
      const standing = Object.fromEntries(order.slice(at).map(([contact]) => [contact, said(true)]));
      const lost = Object.fromEntries(order.slice(0, at).map(([contact]) => [contact, undefined]));
      expect(danger({ ...lost, ...standing })).toBe(named);
    });
    order.forEach(([, named], at) => {
      const lost = Object.fromEntries(order.slice(at).map(([contact]) => [contact, undefined]));
      expect(danger(lost)).toBe(`${named}-lost`);
    });
  });

  test("is an alarm though it is old, and lost when it is nonsense", () => {
    expect(danger({ smoke: said(true, "stale") })).toBe("smoke");
    expect(danger({ smoke: said(true, "invalid") })).toBe("smoke-lost");
  });

  test("is none of a contact that is not there", () => {
    const bare = benchConfig();
    expect(danger({ conductor: undefined, water: undefined, emergencyStop: undefined }, bare)).toBeUndefined();
    expect(danger({ emergencyStop: said(true), water: said(true), conductor: said(true) }, bare)).toBeUndefined();
  });
});

describe("a cabinet in the log", () => {
  const latched = (cabinetId: string): JournalRecord => ({
    kind: "runaway-latched",
    cabinet: cabinetId,
    signals: "smoke",
  });
  const reset = (cabinetId: string): JournalRecord => ({ kind: "latch-reset", cabinet: cabinetId, by: "technician-1" });

  test("is latched since its first latch, until somebody on site resets it, and no other with it", () => {
    const once = foldSafety(emptyDurable, latched("c-1"), 7);
    expect(once.safety.latches).toEqual({ "c-1": { cabinet: "c-1", why: "runaway", since: 7 } });
    const both = foldSafety(foldSafety(once, latched("c-2"), 8), latched("c-1"), 9);
    expect(both.safety.latches).toEqual({
      "c-1": { cabinet: "c-1", why: "runaway", since: 7 },
      "c-2": { cabinet: "c-2", why: "runaway", since: 8 },
    });
    expect(Object.keys(foldSafety(both, reset("c-1"), 10).safety.latches)).toEqual(["c-2"]);
  });

  test("is left as it is by every other record, and so is everything else by a latch", () => {
    const was = foldSafety(emptyDurable, latched("c-1"), 7);
    expect(foldSafety(was, { kind: "outage", from: 0 } as unknown as JournalRecord, 8)).toBe(was);
    const stopped = foldSafety(was, { kind: "bay-stopped", bay: 3, why: "hot" }, 8);
    expect(stopped.safety).toEqual({ ...was.safety, bays: { ...was.safety.bays, stops: { 3: { why: "hot" } } } });
    expect(stopped.safety.latches).toBe(was.safety.latches);
  });
});
