import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Durable, emptyDurable, type OpenSwap } from "../../../services/journal/durable.ts";
import { applyRecord } from "../../../services/journal/fold.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { alarmCodesMax, nobody, type PeopleKind, servedIn } from "../../../services/people/counts.ts";
import { deepFreeze } from "../../support/bench-config.ts";

const fold = (records: readonly JournalRecord[], from: Durable = emptyDurable): Durable =>
  records.reduce((durable, record, at) => applyRecord(deepFreeze(durable), record, at), from);

const swap: Omit<OpenSwap, "stage"> = {
  id: "s-1",
  cabinet: "a",
  member: "m-1",
  inBay: 1,
  outBay: 2,
  spares: [],
  packIn: undefined,
  pays: undefined,
  because: undefined,
  startedAt: 1,
};
const begun: JournalRecord = { kind: "swap-reserved", swap };
const date = "2026-01-31";
const released: JournalRecord = { kind: "fridge-released", id: "d-1", member: "m-1", date };
const notTaken: JournalRecord = { kind: "fridge-not-taken", id: "d-1", member: "m-1", date };
const assigned: JournalRecord = { kind: "locker-assigned", id: "lockers", locker: 1, member: "m-1" };

const rows: readonly (readonly [string, readonly JournalRecord[], PeopleKind | undefined])[] = [
  ["a completed swap is one served", [begun, { kind: "swap-ended", swap: "s-1", outcome: "completed" }], "swap"],
  [
    "a swap that was called off is none",
    [begun, { kind: "swap-ended", swap: "s-1", outcome: "nothing-inserted" }],
    undefined,
  ],
  [
    "the end of a swap that nobody began is none",
    [{ kind: "swap-ended", swap: "s-9", outcome: "completed" }],
    undefined,
  ],
  [
    "whoever was let in and went in is one",
    [{ kind: "door-grant-ended", door: "d", decision: 1, used: true }],
    "entry",
  ],
  [
    "whoever was let in and stayed out is none",
    [{ kind: "door-grant-ended", door: "d", decision: 1, used: false }],
    undefined,
  ],
  ["whoever leaves was counted when they came", [{ kind: "door-left", door: "d" }], undefined],
  ["a drink is one", [released], "drink"],
  ["a drink that stayed in the fridge is none", [released, notTaken], undefined],
  ["a cup of hot water is one", [{ kind: "amenity-used", id: "boiler", use: "hot-water" }], "hotWater"],
  ["a warmed meal is one", [{ kind: "amenity-used", id: "oven", use: "outlet" }], "outlet"],
  ["a phone in a locker is one", [assigned], "phoneLocker"],
  ["fetching it is the same one", [assigned, { kind: "locker-released", id: "lockers", locker: 1 }], "phoneLocker"],
  ["a care package is one", [{ kind: "gift-given", id: "gifts", locker: 1, entitlement: "e-1" }], "gift"],
  [
    "a care package that stayed in its locker is none",
    [
      { kind: "gift-given", id: "gifts", locker: 1, entitlement: "e-1" },
      { kind: "gift-kept", id: "gifts", locker: 1, entitlement: "e-1" },
    ],
    undefined,
  ],
  ["filling its locker is none", [{ kind: "gift-filled", id: "gifts", locker: 1 }], undefined],
  ["a call for help is one", [{ kind: "help-called", id: "help" }], "help"],
  [
    "its answer is the same one",
    [
      { kind: "help-called", id: "help" },
      { kind: "help-answered", id: "help" },
    ],
    "help",
  ],
  ["an opened first-aid cabinet is one", [{ kind: "rescue-opened", id: "aid" }], "rescue"],
  ["a refusal serves nobody", [{ kind: "service-refused", at: "fridge", reason: "fridge-empty" }], undefined],
];

describe("people served", () => {
  test.each(rows)("%s", (_what, records, kind) => {
    const { people } = fold(records);
    expect(people.today).toEqual(kind === undefined ? nobody : { ...nobody, [kind]: 1 });
    expect(servedIn(people.today)).toBe(kind === undefined ? 0 : 1);
  });

  test("are counted without a trace of who it was", () => {
    const { people } = fold(rows.flatMap(([, records]) => records));
    expect(JSON.stringify(people)).not.toMatch(/m-1|d-1|e-1/);
  });

  test("keep their count when yesterday's drink is given back after midnight", () => {
    const next = "2026-02-01";
    const closed: JournalRecord = { kind: "day-closed", counts: { ...emptyDurable.today, date }, next };
    const took: JournalRecord = { kind: "fridge-released", id: "d-2", member: "m-2", date: next };
    expect(fold([{ kind: "day-begun", date }, released, closed, took, notTaken]).people.today.drink).toBe(1);
  });
});

describe("faults raised", () => {
  const raised = (code: string): JournalRecord => ({ kind: "fault-raised", code, subject: "front" });

  test("are counted by code, and a code that is called like a built-in is one like any other", () => {
    const { alarms } = fold([
      raised("door-held"),
      raised("door-held"),
      raised("constructor"),
      raised("__proto__"),
    ]).people;
    expect(Object.entries(alarms)).toEqual([
      ["door-held", 2],
      ["constructor", 1],
      ["__proto__", 1],
    ]);
  });

  test("of made-up codes never fill the memory", () => {
    const many = Array.from({ length: alarmCodesMax + 50 }, (_, at) => raised(`code-${at}`));
    expect(Object.keys(fold([...many, raised("code-0")]).people.alarms)).toHaveLength(alarmCodesMax);
    expect(fold([...many, raised("code-0")]).people.alarms["code-0"]).toBe(2);
  });
});

describe("closing a day", () => {
  const closing = (day: string, next?: string): JournalRecord => ({
    kind: "day-closed",
    counts: { ...emptyDurable.today, date: day },
    ...(next === undefined ? {} : { next }),
  });

  test("keeps what the day came to, and begins the next at nothing", () => {
    const { people, today } = fold([{ kind: "day-begun", date }, released, closing(date, "2026-02-01")]);
    expect(people).toEqual({
      today: nobody,
      alarms: {},
      days: [{ date, people: { ...nobody, drink: 1 }, alarms: {} }],
      weekDue: undefined,
    });
    expect(today.date).toBe("2026-02-01");
  });

  test("of a log from before people were counted takes what its records prove", () => {
    const ended: JournalRecord = { kind: "swap-ended", swap: "s-1", outcome: "completed" };
    const { people, today } = fold([begun, ended, closing(date)]);
    expect(people.days).toEqual([{ date, people: { ...nobody, swap: 1 }, alarms: {} }]);
    expect(today).toEqual(emptyDurable.today);
  });

  test("keeps seven days, and the same date once", () => {
    const days = ["01", "02", "02", "03", "04", "05", "06", "07", "08"].map((day) => closing(`2026-01-${day}`));
    expect(fold(days).people.days.map((day) => day.date.slice(-2))).toEqual(["02", "03", "04", "05", "06", "07", "08"]);
  });

  test("remembers that a week is due until its summary is written, also over a checkpoint", () => {
    const due = fold([closing("2026-02-01", "2026-02-02")]);
    expect(due.people.weekDue).toBe("2026-02-01");
    const again = fold([{ kind: "checkpoint", durable: structuredClone(due) }]);
    expect(again.people).toEqual(due.people);
    expect(fold([{ kind: "week-closed", days: [] }], again).people.weekDue).toBeUndefined();
  });

  test("a checkpoint of a controller that did not count people begins at nothing", () => {
    const { people: _none, ...older } = emptyDurable;
    expect(fold([{ kind: "checkpoint", durable: older as Durable }]).people).toEqual(emptyDurable.people);
  });
});

test("whatever is recorded, no count falls below nothing, and each record serves one person at most", () => {
  const records = rows.flatMap(([, all]) => all);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...records), { maxLength: 60 }), (history) => {
      let durable = emptyDurable;
      for (const record of history) {
        const before = servedIn(durable.people.today);
        durable = applyRecord(durable, record, 0);
        expect(Math.abs(servedIn(durable.people.today) - before)).toBeLessThanOrEqual(1);
        for (const count of Object.values(durable.people.today)) expect(count).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
