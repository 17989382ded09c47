/** What the log makes of bay safety, record by record: stops, latches, counts, and what the outside is told of them. */
import { describe, expect, test } from "vitest";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { foldBaySafety } from "../../../services/safety/bay-fold.ts";
import type { BaySafetyRecord } from "../../../services/safety/bay-records.ts";
import { type BaySafetyState, emptyBaySafety } from "../../../services/safety/bay-state.ts";
import { safetyEvent } from "../../../services/safety/events.ts";

const folded = (...records: readonly JournalRecord[]): BaySafetyState =>
  records.reduce((was, record, at) => foldBaySafety(was, record, at), emptyBaySafety);

const stopped = (why: "hot" | "overvoltage" | "over-current" | "damaged", packId?: string): JournalRecord => ({
  kind: "bay-stopped",
  bay: 3,
  why,
  ...(packId === undefined ? {} : { packId }),
});
const heaterStopped: JournalRecord = { kind: "bay-heater-stopped", bay: 3, why: "fell" };

describe("a stopped bay", () => {
  test("keeps its reason and its pack, when that was known", () => {
    expect(folded(stopped("hot", "yz-1")).stops).toEqual({ 3: { why: "hot", packId: "yz-1" } });
    expect(folded(stopped("hot")).stops).toEqual({ 3: { why: "hot" } });
    expect(folded({ ...heaterStopped, packId: "yz-1" } as JournalRecord).heaterStops).toEqual({
      3: { why: "fell", packId: "yz-1" },
    });
    expect(folded(heaterStopped).heaterStops).toEqual({ 3: { why: "fell" } });
  });

  test("is released with its heater, and no other bay is", () => {
    const other: JournalRecord = { kind: "bay-stopped", bay: 4, why: "leakage" };
    const released: JournalRecord = { kind: "bay-released", bay: 3, because: "pack-changed" };
    const state = folded(stopped("hot"), heaterStopped, other, released);
    expect([state.stops, state.heaterStops]).toEqual([{ 4: { why: "leakage" } }, {}]);
    const again = foldBaySafety(state, released, 9);
    expect([again.stops, again.heaterStops]).toEqual([state.stops, state.heaterStops]);
  });
});

describe("stops that may be the charger's doing", () => {
  test("are counted by bay, the others are not", () => {
    expect(folded(stopped("overvoltage"), stopped("over-current"), stopped("damaged")).electrical).toEqual({ 3: 3 });
    expect(folded(stopped("hot")).electrical).toEqual({});
  });

  test("are forgotten when an operator gives the bay back, and at the end of the day", () => {
    const lockOut = (more: object) =>
      ({ kind: "lock-out", bay: 3, lockOut: "none", by: "operator", ...more }) as JournalRecord;
    const counted = folded(stopped("damaged"));
    expect(foldBaySafety(counted, lockOut({}), 1).electrical).toEqual({});
    expect(foldBaySafety(counted, lockOut({ bay: 4 }), 1).electrical).toEqual({ 3: 1 });
    expect(foldBaySafety(counted, lockOut({ by: "station" }), 1)).toBe(counted);
    expect(foldBaySafety(counted, lockOut({ lockOut: "operator" }), 1)).toBe(counted);
    expect(foldBaySafety(counted, { kind: "day-closed" } as JournalRecord, 1)).toEqual({ ...counted, electrical: {} });
  });
});

describe("a latched bay", () => {
  const latched: JournalRecord = { kind: "bay-latched", bay: 3, cabinet: "c-1", why: "heater-welded" };

  test("keeps its cabinet, reason and age until a person on site resets the cabinet", () => {
    const state = folded(latched, { ...latched, bay: 7, cabinet: "c-2" } as JournalRecord);
    expect(state.latches).toEqual({
      3: { cabinet: "c-1", why: "heater-welded", since: 0 },
      7: { cabinet: "c-2", why: "heater-welded", since: 1 },
    });
    const reset = foldBaySafety(state, { kind: "latch-reset", cabinet: "c-1", by: "technician-1" }, 5);
    expect(Object.keys(reset.latches)).toEqual(["7"]);
  });
});

test("pulses keep the number of the last one, bay by bay", () => {
  const pulses = folded(
    { kind: "bay-pulsed", bay: 3, pulse: 1 },
    { kind: "bay-pulsed", bay: 4, pulse: 1 },
    {
      kind: "bay-pulsed",
      bay: 3,
      pulse: 2,
    },
  ).pulses;
  expect(pulses).toEqual({ 3: 2, 4: 1 });
});

test("a record of something else leaves everything as it is", () => {
  const was = folded(stopped("hot"));
  expect(foldBaySafety(was, { kind: "outage", from: 0 } as unknown as JournalRecord, 1)).toBe(was);
});

describe("the outside is told", () => {
  test.each<[BaySafetyRecord, string, object]>([
    [
      { kind: "bay-stopped", bay: 3, why: "hot", packId: "yz-1" },
      "bay-stopped",
      { bay: 3, reason: "hot", packId: "yz-1" },
    ],
    [{ kind: "bay-stopped", bay: 3, why: "hot" }, "bay-stopped", { bay: 3, reason: "hot" }],
    [{ kind: "bay-heater-stopped", bay: 3, why: "fell" }, "bay-heater-stopped", { bay: 3, reason: "fell" }],
    [{ kind: "bay-released", bay: 3, because: "pack-gone" }, "bay-released", { bay: 3, reason: "pack-gone" }],
    [
      { kind: "bay-latched", bay: 3, cabinet: "c-1", why: "over-temperature" },
      "bay-latched",
      { cabinet: "c-1", bay: 3, reason: "over-temperature" },
    ],
  ])("of %j", (record, type, data) => {
    expect(safetyEvent(record)).toEqual({ kind: "safety", stream: "safety", type, data });
  });

  test("of a runaway and of its reset, by a mark and not by a name", () => {
    expect(safetyEvent({ kind: "runaway-latched", cabinet: "c-1", signals: "smoke, cabinet air" })).toEqual({
      kind: "safety",
      stream: "safety",
      type: "runaway",
      data: { cabinet: "c-1", detail: "smoke, cabinet air" },
    });
    const reset = safetyEvent({ kind: "latch-reset", cabinet: "c-1", by: "technician-1" });
    expect(reset).toMatchObject({ kind: "safety", stream: "safety", type: "latch-reset", data: { cabinet: "c-1" } });
    expect(JSON.stringify(reset)).toContain('"by":');
  });

  test("nothing of a pulse: that is the log's alone", () => {
    expect(safetyEvent({ kind: "bay-pulsed", bay: 3, pulse: 1 })).toBeUndefined();
  });
});
