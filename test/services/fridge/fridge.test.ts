import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FridgeConfig } from "../../../services/fridge/config.ts";
import { emptyFridge } from "../../../services/fridge/records.ts";
import { fridgeRefusals, judgeRestock } from "../../../services/fridge/release.ts";
import { Fridge } from "./fridge-box.ts";

describe("the compressor", () => {
  test("keeps the drinks between 2 and 7 °C and counts its energy", () => {
    const fridge = new Fridge().run(3_600);
    fridge.run(14_400, () => {
      expect(fridge.airC).toBeGreaterThan(2);
      expect(fridge.airC).toBeLessThan(7);
    });
    expect(fridge.durable.energyWh).toBeGreaterThan(5);
    expect(fridge.durable.energyWh).toBeLessThan(5 * 90);
    expect(fridge.durable.aboveMs).toBe(0);
    expect(fridge.faults()).toEqual([]);
  });

  test("rests 180 s after every stop and as long as its order may come late, whatever temperatures, doors, restarts and losses come", () => {
    const happening = fc.record({
      seconds: fc.integer({ min: 1, max: 400 }),
      airC: fc.option(fc.integer({ min: -5, max: 30 }), { nil: undefined }),
      shut: fc.option(fc.boolean(), { nil: undefined }),
      restarts: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 15 }), (happenings) => {
        let fridge = new Fridge();
        fridge.works = false;
        // Before the first look it may have run a moment ago.
        let offS = 0;
        let was = false;
        for (const { seconds, airC, shut, restarts } of happenings) {
          if (restarts) {
            fridge = new Fridge({}, fridge.durable, fridge.second);
            fridge.works = false;
            if (was) offS = fridge.second;
            was = false;
          }
          fridge.airC = airC;
          fridge.shut = shut;
          fridge.run(seconds, () => {
            if (fridge.compressor && !was) expect(fridge.second - offS).toBeGreaterThanOrEqual(182);
            if (!fridge.compressor && was) offS = fridge.second;
            was = fridge.compressor;
          });
        }
      }),
      { numRuns: Number(process.env.YIZHAN_PROPERTY_RUNS ?? 25) },
    );
  });

  test("stops within 10 s when its sensor falls silent, and its contents' time runs", () => {
    const fridge = new Fridge();
    fridge.airC = 9;
    fridge.run(200);
    expect(fridge.compressor).toBe(true);
    fridge.airC = undefined;
    fridge.run(1);
    expect(fridge.compressor).toBe(false);
    expect(fridge.faults()).toContain("fridge-sensor-lost");
    fridge.run(1_000);
    expect(fridge.state.aboveMs).toBeGreaterThan(990_000);
  });

  test("pauses behind a door open for 10 s, complains after a minute, and is released from both", () => {
    const fridge = new Fridge();
    fridge.airC = 9;
    fridge.run(200);
    fridge.shut = false;
    fridge.run(9);
    expect(fridge.compressor).toBe(true);
    fridge.run(3);
    expect(fridge.compressor).toBe(false);
    expect(fridge.faults()).toEqual([]);
    fridge.run(50);
    expect(fridge.faults()).toEqual(["fridge-door-ajar"]);
    fridge.shut = true;
    fridge.run(190);
    expect(fridge.faults()).toEqual([]);
    expect(fridge.compressor).toBe(true);
  });

  test("rests in winter, warns of frozen drinks, and works again when it is warm", () => {
    const fridge = new Fridge();
    fridge.ambientC = 2;
    fridge.airC = 8;
    fridge.run(600, () => expect(fridge.compressor).toBe(false));
    fridge.airC = -1;
    fridge.run(1);
    expect(fridge.faults()).toEqual(["fridge-freezing"]);
    fridge.ambientC = 6;
    fridge.airC = 8;
    fridge.run(300);
    expect(fridge.state.winter).toBe(true);
    fridge.ambientC = 8;
    fridge.run(2);
    expect(fridge.compressor).toBe(true);
  });

  test("that runs for an hour and cools nothing is reported", () => {
    const fridge = new Fridge();
    fridge.works = false;
    fridge.airC = 9;
    fridge.run(3_700);
    expect(fridge.faults()).not.toContain("fridge-cools-not");
    fridge.run(200);
    expect(fridge.faults()).toContain("fridge-cools-not");
  });
});

describe("a defrost", () => {
  test.each([
    ["by the clock", (fridge: Fridge) => Object.assign(fridge, { minuteOfDay: 210 }), 1],
    [
      "when the evaporator is iced",
      (fridge: Fridge) => Object.assign(fridge, { evaporatorC: -20, airC: 9, works: false }),
      800,
    ],
  ])("comes %s, melts by its heater, drips, and happens once", (_says, cause, seconds) => {
    const fridge = new Fridge({ hasDefrostHeater: true });
    fridge.run(2);
    cause(fridge);
    fridge.run(seconds);
    expect(fridge.heater).toBe(true);
    expect(fridge.compressor).toBe(false);
    fridge.evaporatorC = 7;
    fridge.run(1);
    expect(fridge.heater).toBe(false);
    expect(fridge.state.at).toBe("drip");
    fridge.run(182);
    expect(fridge.state.at).not.toBe("drip");
    fridge.run(30);
    expect(fridge.heater).toBe(false);
  });

  test("ends without its sensor and at its longest time", () => {
    const blind = new Fridge({ hasDefrostHeater: true });
    blind.minuteOfDay = 210;
    blind.run(5);
    blind.evaporatorC = undefined;
    blind.run(1);
    expect(blind.heater).toBe(false);
    const long = new Fridge({ hasDefrostHeater: true });
    long.minuteOfDay = 210;
    long.run(1_500);
    expect(long.heater).toBe(true);
    long.run(2);
    expect(long.heater).toBe(false);
  });
});

describe("food safety", () => {
  test("a stretch shorter than a quarter of an hour counts nothing, a longer one whole", () => {
    const fridge = new Fridge();
    fridge.works = false;
    fridge.airC = 11;
    fridge.run(890);
    fridge.airC = 4;
    fridge.run(10);
    expect(fridge.state.aboveMs).toBe(0);
    fridge.airC = 11;
    fridge.run(1_800);
    expect(fridge.state.aboveMs).toBeGreaterThanOrEqual(1_798_000);
    expect(fridge.state.aboveMs).toBeLessThanOrEqual(1_800_000);
  });

  test("four warm hours block the contents over restarts and cold, until somebody restocks", () => {
    let fridge = new Fridge();
    fridge.works = false;
    fridge.airC = 11;
    fridge.run(7_300);
    // Power goes for two hours and comes back to a warm fridge.
    const { durable } = fridge;
    fridge = new Fridge({}, durable, fridge.second + 7_200);
    fridge.works = false;
    fridge.airC = 11;
    fridge.run(5);
    expect(fridge.durable.blocked).toBe(true);
    expect(fridge.ask("m-1")).toBe("fridge-blocked");
    fridge.airC = 3;
    fridge.run(600);
    expect(fridge.ask("m-1")).toBe("fridge-blocked");
    const answer = judgeRestock({ count: 60, by: "key-1" }, fridge.state, fridge.config);
    if ("refused" in answer) throw new Error(answer.refused);
    fridge.write(answer.record);
    fridge.state = answer.state;
    fridge.run(10);
    expect(fridge.durable).toMatchObject({ blocked: false, left: 60, aboveMs: 0 });
    expect(fridge.ask("m-1")).toBe("released");
  });

  test("a power cut that began and ended cold counts nothing", () => {
    const before = new Fridge().run(1_000);
    const after = new Fridge({}, before.durable, before.second + 7_200).run(5);
    expect(after.state.aboveMs).toBe(0);
  });
});

describe("drinks", () => {
  test("two a day for each member, one when few are left, and a new day gives anew", () => {
    const fridge = new Fridge({}, { ...emptyFridge, left: 13 }).run(5);
    expect([fridge.take("m-1"), fridge.take("m-1"), fridge.take("m-1")]).toEqual([
      "released",
      "released",
      "fridge-quota",
    ]);
    expect([fridge.take("m-2"), fridge.take("m-2")]).toEqual(["released", "fridge-quota-low"]);
    fridge.date = "2026-07-02";
    expect(fridge.take("m-1")).toBe("released");
    fridge.date = "2026-07-01";
    expect(fridge.take("m-1")).toBe("fridge-quota-low");
    expect(fridge.durable.left).toBe(9);
  });

  test("a door that stayed shut gives the drink back, to stock and member", () => {
    const fridge = new Fridge().run(5);
    expect(fridge.ask("m-1")).toBe("released");
    expect(fridge.ask("m-2")).toBe("fridge-busy");
    expect(fridge.durable).toMatchObject({ left: 39, taken: { "m-1": 1 } });
    fridge.run(25);
    expect(fridge.durable).toMatchObject({ left: 40, taken: { "m-1": 0 } });
    expect(fridge.take("m-2")).toBe("released");
  });

  test.each([
    ["an open door", (fridge: Fridge) => Object.assign(fridge, { shut: false }), "fridge-door-open"],
    ["a door that is not heard", (fridge: Fridge) => Object.assign(fridge, { shut: undefined }), "fridge-door-unknown"],
    ["nothing left", (fridge: Fridge) => Object.assign(fridge, { durable: emptyFridge }), "fridge-empty"],
    ["no date", (fridge: Fridge) => Object.assign(fridge, { date: "" }), "fridge-no-date"],
  ] as const)("%s refuses with its words", (_says, cause, reason) => {
    const fridge = new Fridge().run(5);
    cause(fridge);
    expect(fridge.ask("m-1")).toBe(reason);
    expect(fridgeRefusals[reason].zh).toMatch(/[一-鿿]/);
  });

  test("a restock is asked for once until somebody restocks", () => {
    const fridge = new Fridge({}, { ...emptyFridge, left: 11 }).run(5);
    fridge.take("m-1");
    fridge.take("m-2");
    expect(fridge.records.filter((record) => record.kind === "fridge-restock-wanted")).toEqual([
      { kind: "fridge-restock-wanted", left: 10 },
    ]);
    expect(judgeRestock({ count: 61, by: "key-1" }, fridge.state, fridge.config)).toEqual({
      refused: "fridge-too-many",
    });
  });

  test.each([
    ["a rest below 3 min", { minOffMs: 179_000 }],
    ["a start colder than its stop", { onC: 3, offC: 3 }],
    ["food that suffers before it cools", { onC: 8, foodLimitC: 8 }],
    ["more for each when few are left", { perDay: 1, perDayWhenLow: 2 }],
  ])("a configuration with %s is refused", (_says, input) => {
    expect(FridgeConfig.safeParse(input).success).toBe(false);
  });
});
