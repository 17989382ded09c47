/** What the station knows of the time, whatever its clock says, and how long it remembers what was used. */
import { describe, expect, test } from "vitest";
import { floorAt, judgeWindow, type KnownTime, knownTime } from "../../../services/access/time.ts";
import { hasRoom, stillAlive, usedMax } from "../../../services/access/used.ts";

const time: KnownTime = { floorMs: 0, nowMs: 0, synchronised: true, behind: false };

describe("what is known of the time", () => {
  const mark = { floorMs: 1_000_000, atMs: 500 };

  test("never falls below what was signed, and rises a little slower than the clock that nobody sets", () => {
    expect([floorAt(mark, 500), floorAt(mark, 1_500), floorAt(mark, 400), floorAt(mark, 501)]).toEqual([
      1_000_000, 1_000_980, 1_000_000, 1_000_000,
    ]);
  });

  test("is the later of clock and floor; a clock behind the floor is not believed to be set", () => {
    const known = (wallMs: number, synchronised = true) =>
      knownTime({ monotonicMs: 500, wallMs, synchronised }, mark, 2_000);
    expect(known(998_000)).toEqual({ floorMs: 1_000_000, nowMs: 1_000_000, synchronised: true, behind: false });
    expect(known(997_999)).toEqual({ floorMs: 1_000_000, nowMs: 1_000_000, synchronised: false, behind: true });
    expect(known(997_999, false)).toMatchObject({ synchronised: false, behind: false });
    expect(known(1_000_001)).toMatchObject({ nowMs: 1_000_001 });
  });

  test("judges a window at both ends, with and without a clock", () => {
    const window = { fromMs: 10_000, untilMs: 20_000 };
    const at = (nowMs: number, more: Partial<KnownTime> = {}, leapMs = 0) =>
      judgeWindow(window, { ...time, nowMs, ...more }, { skewMs: 100, unsynchronisedLeapMs: leapMs });
    const blind = { synchronised: false };
    expect([at(9_899), at(9_900), at(20_100), at(20_101)]).toEqual(["not-yet-valid", "inside", "inside", "expired"]);
    expect([at(20_101, blind), at(9_899, blind), at(9_900, blind)]).toEqual([
      "clock-unsynchronised",
      "clock-unsynchronised",
      "inside",
    ]);
    expect([at(5_000, blind, 5_000), at(4_999, blind, 5_000)]).toEqual(["inside", "clock-unsynchronised"]);
    expect(at(20_101, blind, 5_000)).toBe("clock-unsynchronised");
    expect([at(15_000, { floorMs: 20_100 }), at(15_000, { floorMs: 20_101 })]).toEqual(["inside", "expired"]);
  });
});

describe("what was used", () => {
  test("lives until the floor is past its last moment, and only what lives takes room", () => {
    expect(stillAlive({ a: 5, b: 6 }, 6)).toEqual({ b: 6 });
    const full = Object.fromEntries(Array.from({ length: usedMax }, (_unused, n) => [`${n}`, 6]));
    expect([hasRoom(full, 6), hasRoom(full, 7)]).toEqual([false, true]);
  });
});
