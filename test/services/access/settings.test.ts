/** What a configuration of the doors may say: each bound, each name, and the rules between doors, readers and magnets. */
import { describe, expect, test } from "vitest";
import { AccessConfig } from "../../../services/access/config.ts";

const taken = (settings: object): boolean => AccessConfig.safeParse(settings).success;
const door = (more: object = {}) => ({ doors: [{ id: "front", ...more }] });
const key = (more: object = {}) => ({ issuers: [{ kid: "k-1", publicKey: "A".repeat(43), ...more }] });
const hours = (more: object = {}) =>
  door({ hours: [{ days: [1], from: "08:00", to: "20:00", mode: "open", ...more }] });
const holiday = (more: object = {}) => ({ holidays: [{ from: "2026-02-17", to: "2026-02-23", ...more }] });
const many = <T>(count: number, one: (n: number) => T): T[] => Array.from({ length: count }, (_unused, n) => one(n));

describe("the bounds of the doors' settings", () => {
  const hour = 3_600_000;
  type Row = readonly [name: string, bounds: readonly [least: number, most: number], set: (value: number) => object];
  test.each<Row>([
    ["the time to open", [1_000, 15_000], (grantMs) => door({ grantMs })],
    ["the time to leave", [1_000, 15_000], (exitMs) => door({ exitMs })],
    ["the time until held", [10_000, 300_000], (heldMs) => door({ heldMs })],
    ["the latch's way home", [200, 3_000], (relatchMs) => door({ relatchMs })],
    ["the life of a code", [5_000, 15_000], (tokenLifeMsMax) => ({ tokenLifeMsMax })],
    ["the difference of clocks", [0, 5_000], (skewMs) => ({ skewMs })],
    ["the leap without a clock", [0, hour], (unsynchronisedLeapMs) => ({ unsynchronisedLeapMs })],
    ["the age of a list for visitors", [hour, 72 * hour], (visitorListMsMax) => ({ visitorListMsMax })],
    ["the age of a list for cards", [hour, 72 * hour], (cardListMsMax) => ({ cardListMsMax })],
    ["the age of a list for codes", [72 * hour, 720 * hour], (tokenListMsMax) => ({ tokenListMsMax })],
    ["wrong tries a minute", [1, 5], (triesPerMinute) => ({ triesPerMinute })],
    ["the first pause", [10_000, 600_000], (backOffMs) => ({ backOffMs })],
    ["the longest pause", [30_000, hour], (backOffMsMax) => ({ backOffMsMax })],
    ["the time without a second entry", [0, 24 * hour], (antiPassbackMs) => ({ antiPassbackMs })],
    ["a day of the week", [1, 7], (day) => hours({ days: [day] })],
    ["the weekday of a holiday", [1, 7], (asWeekday) => holiday({ asWeekday })],
  ])("%s within %j is taken, whole, and nothing beyond", (_name, [least, most], set) => {
    expect([least - 1, least, most, most + 1, least + 0.5].map((value) => taken(set(value)))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test.each<readonly [name: string, most: number, set: (count: number) => object]>([
    ["doors", 8, (count) => ({ doors: many(count, (n) => ({ id: `d-${n}` })) })],
    ["readers", 16, (count) => ({ ...door(), readers: many(count, (n) => ({ id: `r-${n}`, door: "front" })) })],
    ["keys of riders' codes", 16, (count) => ({ issuers: many(count, () => key().issuers[0]) })],
    ["keys of the list", 4, (count) => ({ authorities: many(count, () => key().issuers[0]) })],
    ["holidays", 200, (count) => ({ holidays: many(count, () => holiday({ mode: "closed" }).holidays[0]) })],
    [
      "hours of a door",
      50,
      (count) => door({ hours: many(count, () => ({ days: [1], from: "08:00", to: "20:00", mode: "open" })) }),
    ],
  ])("%s are at most %d", (_name, most, set) => {
    expect([taken(set(0)), taken(set(most)), taken(set(most + 1))]).toEqual([true, true, false]);
  });

  test("hours begin on one to seven days", () => {
    expect([[], [1], [1, 2, 3, 4, 5, 6, 7], [1, 1, 2, 3, 4, 5, 6, 7]].map((days) => taken(hours({ days })))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("what is not left out by mistake is what the station begins with", () => {
    expect(AccessConfig.parse(door())).toMatchObject({
      clocklessMode: "members-only",
      doors: [
        {
          lock: "strike",
          exitBreaksPower: false,
          hasExitRequest: true,
          hasTamper: false,
          hasLockPower: false,
          mode: "members-only",
          hours: [],
        },
      ],
      readers: [],
      holidays: [],
      issuers: [],
      authorities: [],
    });
    expect(taken({ clocklessMode: "closed" })).toBe(true);
    expect(taken({ clocklessMode: "open" })).toBe(false);
    expect(taken(door({ lock: "bolt" }))).toBe(false);
    for (const strange of [
      { more: 1 },
      door({ more: 1 }),
      key({ more: 1 }),
      hours({ more: 1 }),
      holiday({ mode: "open", more: 1 }),
    ])
      expect(taken(strange)).toBe(false);
    expect(taken({ ...door(), readers: [{ id: "r", door: "front", more: 1 }] })).toBe(false);
  });
});

describe("a name", () => {
  test.each(["a", "0", "a-b", "front-2", "a".repeat(32)])("may be %s", (id) => {
    expect(taken(door({ id }))).toBe(true);
  });

  test.each(["", "-a", "a-", "A", "ä", "a b", "a_b", "a".repeat(33), "a\n"])("may not be %j", (id) => {
    expect(taken(door({ id }))).toBe(false);
  });
});

describe("a public key", () => {
  test.each<[string, boolean]>([
    ["A".repeat(43), true],
    [`${"z09Z-_"}${"a".repeat(37)}`, true],
    ["A".repeat(42), false],
    ["A".repeat(44), false],
    [`${"A".repeat(42)}=`, false],
    [`${"A".repeat(42)}+`, false],
    [` ${"A".repeat(43)}`, false],
  ])("%j is one: %s", (publicKey, isOne) => {
    expect(taken(key({ publicKey }))).toBe(isOne);
  });
});

describe("hours and holidays", () => {
  test.each(["00:00", "09:59", "19:00", "23:59", "24:00"])("%s is an hour", (to) => {
    expect(taken(hours({ to }))).toBe(true);
  });

  test.each(["24:01", "25:00", "12:60", "7:00", "07:0", "07:000", "124:00", "24:000", "a24:00", "-07:00"])(
    "%s is none",
    (to) => {
      expect(taken(hours({ to }))).toBe(false);
    },
  );

  test.each(["2026-2-17", "26-02-17", "2026-02-177", "12026-02-17", "2026/02/17", "2026-02-1x", "x026-02-17"])(
    "%s is no date",
    (to) => {
      expect(taken(holiday({ to, mode: "closed" }))).toBe(false);
    },
  );

  test("a holiday has a mode or the hours of a weekday, not both and not neither", () => {
    const given = [{ mode: "closed" }, { asWeekday: 1 }, { mode: "closed", asWeekday: 1 }, {}];
    expect(given.map((more) => taken(holiday(more)))).toEqual([true, true, false, false]);
  });
});

describe("the rules between them", () => {
  const exit = { exitBreaksPower: true, hasExitRequest: true };
  type Row = readonly [says: string, settings: object, path: readonly (string | number)[]];
  test.each<Row>([
    ["a magnet without an exit that breaks its power", door({ lock: "magnet" }), ["doors", 0, "exitBreaksPower"]],
    [
      "a magnet without an exit that is read",
      door({ lock: "magnet", ...exit, hasExitRequest: false }),
      ["doors", 0, "hasExitRequest"],
    ],
    ["two doors of one name", { doors: [{ id: "front" }, { id: "front" }] }, ["doors"]],
    ["a reader at no door", { ...door(), readers: [{ id: "r", door: "back" }] }, ["readers"]],
    [
      "a reader at no door beside one at a door",
      {
        ...door(),
        readers: [
          { id: "q", door: "front" },
          { id: "r", door: "back" },
        ],
      },
      ["readers"],
    ],
    ["a door that waits for itself", door({ interlockWith: "front" }), ["doors"]],
    ["a door that waits for none", door({ interlockWith: "back" }), ["doors"]],
    [
      "a second door that waits for none",
      { doors: [{ id: "front" }, { id: "back", interlockWith: "side" }] },
      ["doors"],
    ],
    ["a holiday without a rule", holiday(), ["holidays", 0]],
  ])("%s is refused, at its place and in both languages", (_says, settings, path) => {
    const issues = AccessConfig.safeParse(settings).error?.issues ?? [];
    expect(issues.map((issue) => issue.path)).toEqual([path]);
    expect(issues[0]?.message).toMatch(/^[a-z, ]{20,}$/);
    expect((issues[0] as { params?: { zh?: string } }).params?.zh).toMatch(/\p{Script=Han}{4}/u);
  });

  test.each<readonly [string, object]>([
    ["a magnet with both", door({ lock: "magnet", ...exit })],
    ["a strike with neither", door({ exitBreaksPower: false, hasExitRequest: false })],
    ["a reader at its door", { ...door(), readers: [{ id: "r", door: "front" }] }],
    ["a chamber of two doors", { doors: [{ id: "front", interlockWith: "back" }, { id: "back" }] }],
  ])("%s is taken", (_says, settings) => {
    expect(taken(settings)).toBe(true);
  });
});
