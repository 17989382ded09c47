/** From the first sign of fire to the release, told on the bench: what is on, what is off, what is said, what is written. */
import { describe, expect, test } from "vitest";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import {
  burn,
  called,
  charging,
  latches,
  outputs,
  releasedMs,
  releases,
  rest,
  smoke,
  station,
} from "../../support/burning-station.ts";

const rider = memberName(1);

describe("smoke alone", () => {
  test("stops the zone in the same step, calls out, frees the exit, starts the fan, and releases nothing, for a whole hour", () => {
    const bench = station();
    expect(charging(bench)).toEqual([4, 7]);
    smoke(bench);
    expect(charging(bench)).toEqual([7]);
    expect(outputs(bench)).toEqual({ ...called, fan: true });
    expect(bench.said).toEqual(["evacuate"]);
    expect(releasedMs(bench, 3_600_000)).toBe(0);
    expect(latches(bench)).toEqual([]);
    expect(bench.faults).toEqual(["smoke/c-1"]);
  });

  test("is not latched: gone for a minute, the cabinet is served and charged again", () => {
    const bench = station();
    smoke(bench);
    bench.pass(10_000);
    smoke(bench, false);
    bench.pass(59_000);
    expect(outputs(bench)).toMatchObject(called);
    expect(charging(bench)).toEqual([7]);
    bench.pass(3_000);
    expect(outputs(bench)).toMatchObject(rest);
    bench.pass(5_000);
    expect(charging(bench)).toEqual([4, 7]);
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.ends).toEqual(["completed"]);
  });

  test("is told to people again and again while it lasts", () => {
    const bench = station();
    smoke(bench);
    bench.pass(31_000);
    expect(bench.said).toEqual(["evacuate", "evacuate", "evacuate", "evacuate"]);
  });
});

describe("heat alone", () => {
  test("one spike of one sensor does nothing to the zone", () => {
    const bench = station();
    bench.bay(3).pack = pack("yz-full-3", { cellTempsC: [20, 900] });
    bench.pass(1_000);
    bench.bay(3).pack = fullPack("yz-full-3", 96);
    bench.pass(5_000);
    expect(outputs(bench)).toMatchObject(rest);
    expect(bench.said).toEqual([]);
  });

  test("that lasts three seconds stops the zone and calls out, and releases nothing", () => {
    const bench = station();
    bench.bay(3).pack = pack("yz-full-3", { cellTempsC: [20, 85] });
    bench.pass(5_000);
    expect(charging(bench)).toEqual([7]);
    expect(outputs(bench)).toEqual({ ...called, fan: true });
    expect(bench.faults).toContain("heat/c-1");
    expect(releasedMs(bench, 600_000)).toBe(0);
  });
});

describe("smoke and a hot cell together", () => {
  test("before they have lasted three seconds, release nothing", () => {
    const bench = station();
    burn(bench);
    bench.pass(2_750);
    expect(outputs(bench)).toMatchObject({ aerosol: false, fan: true });
    expect(latches(bench)).toEqual([]);
  });

  test("latch, write that down, and release once, for ten seconds, with the fan off until the agent has worked", () => {
    const bench = station();
    burn(bench);
    bench.pass(3_000);
    bench.until(() => latches(bench).length > 0, "the latch", 2_000);
    expect(outputs(bench)).toEqual({ ...called, aerosol: true, fan: false });
    expect(bench.records.findLast(({ kind }) => kind === "runaway-latched")).toEqual({
      kind: "runaway-latched",
      cabinet: "c-1",
      signals: "smoke, pack in bay 4",
    });
    expect(releasedMs(bench, 599_000)).toBeLessThanOrEqual(10_000);
    expect(outputs(bench)).toEqual({ ...called, fan: false });
    bench.pass(15_000);
    expect(outputs(bench)).toEqual({ ...called, fan: true });
    expect(releases(bench)).toBe(1);
    expect(bench.faults).toContain("runaway/c-1");
  });

  test("hold the release output for its ten seconds, scan by scan", () => {
    const bench = station();
    burn(bench);
    expect(releasedMs(bench, 60_000)).toBe(10_000);
  });

  test("are told in the whole room, and no cabinet of it takes a new swap until the reset", () => {
    const bench = station();
    burn(bench);
    bench.pass(4_000);
    const told = bench.told.flatMap(({ effect }) =>
      effect.do === "prompt" && effect.prompt.id === "evacuate" ? [effect.cabinet] : [],
    );
    expect(new Set(told)).toEqual(new Set(["c-1", "c-2"]));
    bench.scan(rider, "c-2");
    expect(bench.ends).toEqual(["fire"]);
    expect(bench.pulses).toEqual([]);
  });

  test("latch although the pack's electronics burnt before the smoke came", () => {
    const bench = station();
    bench.bay(4).pack = pack("yz-hot", { cellTempsC: [30, 96] });
    bench.pass(4_000);
    bench.bay(4).silent = true;
    bench.pass(30_000);
    smoke(bench);
    bench.pass(4_000);
    expect(latches(bench)).toEqual(["c-1"]);
  });

  test("let the fan run all the time where the agent's maker says so", () => {
    const bench = station({ safety: { fanDuringAerosol: true } });
    burn(bench);
    bench.pass(4_000);
    expect(outputs(bench)).toMatchObject({ aerosol: true, fan: true });
  });
});

describe("a swap in a zone that burns", () => {
  test("ends as interrupted with the debt kept, and no door of the zone opens any more, for a rider or by a pulse under way", () => {
    const bench = station();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    const pulses = bench.pulses.length;
    burn(bench);
    expect(bench.ends).toEqual(["interrupted"]);
    expect(bench.said.at(-1)).toBe("evacuate");
    bench.pass(120_000);
    bench.scan(rider);
    expect(bench.pulses).toHaveLength(pulses);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1" }]);
  });
});

describe("the log", () => {
  test("comes first: while the intent is being written nothing is released, and when it is written it is", () => {
    const bench = station();
    burn(bench);
    // The disk takes its time: what stands behind the record is held back by hand.
    const due: string[] = [];
    bench.watch = ({ effects }) => {
      for (const effect of effects)
        if (effect.do === "release") due.push(bench.granted.safety.aerosols["c-1"] ? "on" : "off");
    };
    bench.pass(4_000);
    expect(due).toEqual(["off"]);
    const order = bench.told.flatMap(({ effect }) =>
      effect.do === "release"
        ? ["release"]
        : effect.do === "record" && effect.record.kind === "runaway-latched"
          ? ["written"]
          : [],
    );
    expect(order).toEqual(["written", "release"]);
  });

  test("that cannot be written keeps no fire waiting", () => {
    const bench = station();
    bench.diskFails = true;
    burn(bench);
    expect(releasedMs(bench, 60_000)).toBe(10_000);
  });
});
