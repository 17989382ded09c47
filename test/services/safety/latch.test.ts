/** The latch: it outlives restarts, releases nothing twice, and is given back by a technician on site and by nothing else. */

import { describe, expect, test } from "vitest";
import { digestOf, memberName, pack, technician } from "../../support/bench-config.ts";
import {
  burn,
  called,
  charging,
  kinds,
  latches,
  outputs,
  releasedMs,
  rest,
  smoke,
  station,
} from "../../support/burning-station.ts";
import { order } from "../../support/operator.ts";
import type { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);

describe("a restart in the middle of it", () => {
  test("finds the latch, releases nothing a second time although it still burns, and keeps alarm, exit and everything else", () => {
    const bench = station();
    burn(bench);
    bench.pass(6_000);
    expect(outputs(bench)).toMatchObject({ aerosol: true });
    bench.restart();
    expect(releasedMs(bench, 1_200_000)).toBe(0);
    expect(latches(bench)).toEqual(["c-1"]);
    expect(charging(bench)).not.toContain(4);
    expect(outputs(bench)).toEqual({ ...called, fan: true });
    expect(kinds(bench).filter((kind) => kind === "runaway-latched")).toHaveLength(1);
  });

  test("in the first moments, with no contact heard yet, already holds the zone", () => {
    const bench = station();
    burn(bench);
    bench.pass(6_000);
    bench.restart();
    bench.smoke["c-1"] = false;
    bench.step({ type: "tick" });
    expect(outputs(bench)).toMatchObject(called);
    bench.scan(rider);
    expect(bench.ends).toEqual(["fire"]);
  });

  test("keeps the fan off as long as an agent needs, counted anew, because nobody knows when it was released", () => {
    const bench = station();
    burn(bench);
    bench.pass(6_000);
    bench.restart();
    bench.pass(590_000);
    expect(outputs(bench).fan).toBe(false);
    bench.pass(20_000);
    expect(outputs(bench).fan).toBe(true);
  });
});

describe("the reset", () => {
  /** Burnt out, smoke gone, cooled down. */
  function burntOut(): StationBench {
    const bench = station();
    burn(bench);
    bench.pass(20_000);
    smoke(bench, false);
    bench.bay(4).pack = pack("yz-burnt", { cellTempsC: [30, 41] });
    bench.pass(120_000);
    return bench;
  }

  test("is a technician's code at that cabinet: written down, said, and service goes on", () => {
    const bench = burntOut();
    bench.scan(technician);
    expect(bench.records.findLast(({ kind }) => kind === "latch-reset")).toEqual({
      kind: "latch-reset",
      cabinet: "c-1",
      by: technician,
    });
    expect(bench.said.at(-1)).toBe("latch-reset");
    bench.pass(1_000);
    expect(outputs(bench)).toMatchObject(rest);
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.ends).toEqual(["completed"]);
  });

  test("is no code that was shown while the station stood still", () => {
    const bench = burntOut();
    bench.step({ type: "scan", cabinet: "c-1", digest: digestOf(technician), late: true });
    expect(bench.records.some(({ kind }) => kind === "latch-reset")).toBe(false);
    expect(bench.ends.at(-1)).toBe("fire");
  });

  test.each<[string, (bench: StationBench) => void]>([
    ["while it smokes", (bench) => smoke(bench)],
    [
      "while the smoke head is not heard",
      (bench) => {
        bench.smoke["c-1"] = "lost";
      },
    ],
    [
      "while the conductor is closed",
      (bench) => {
        bench.safety.conductor["c-1"] = true;
      },
    ],
    [
      "while a pack is hot",
      (bench) => {
        bench.bay(3).pack = pack("yz-full-3", { cellTempsC: [20, 61] });
      },
    ],
    [
      "while the air is hot",
      (bench) => {
        bench.safety.airTempC["c-1"] = 61;
      },
    ],
  ])("is refused in words %s", (_story, change) => {
    const bench = burntOut();
    change(bench);
    bench.pass(6_000);
    bench.scan(technician);
    expect(latches(bench)).toEqual(["c-1"]);
    expect(bench.ends).toEqual(["reset-too-early"]);
    expect(bench.told.some(({ effect }) => effect.do === "prompt" && effect.prompt.id === "reset-too-early")).toBe(
      true,
    );
  });

  test("is nobody else's: no rider, no stranger, no other cabinet's reader, no time, no restart", () => {
    const bench = burntOut();
    bench.scan(rider);
    bench.scan("a stranger");
    bench.scan(technician, "c-2");
    bench.pass(3_600_000, 1_000);
    bench.restart();
    bench.pass(60_000);
    expect(latches(bench)).toEqual(["c-1"]);
    expect(outputs(bench)).toMatchObject(called);
  });

  test("does not come by a request: every verb and every value leaves the latch where it is", () => {
    const bench = burntOut();
    for (const lockOut of ["none", "operator"] as const) {
      for (let bay = 0; bay <= 9; bay++) {
        order(bench, { verb: "lock-out", id: `op-${bay}-${lockOut}`, bay, lockOut, reason: "latch-reset" });
      }
    }
    bench.step({ type: "condition", code: "runaway", subject: "c-1", present: false });
    bench.step({ type: "release-due", cabinet: "c-1" });
    bench.step({ type: "release-due", cabinet: "c-2" });
    expect(latches(bench)).toEqual(["c-1"]);
    expect(outputs(bench)).toMatchObject(called);
    expect(releasedMs(bench, 30_000)).toBe(0);
  });

  test("makes ready for the next time: a second fire latches and releases again", () => {
    const bench = burntOut();
    bench.scan(technician);
    burn(bench);
    expect(releasedMs(bench, 60_000)).toBe(10_000);
  });
});
