import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";
import { type ClimateFault, climateFaults } from "../../../services/climate/faults.ts";
import { judgeClimateOrder } from "../../../services/climate/orders.ts";
import { foldClimate } from "../../../services/climate/records.ts";
import { newClimate } from "../../../services/climate/state.ts";
import { targetsOf } from "../../../services/climate/targets.ts";
import { Room } from "./room.ts";

const codes = (room: Room): readonly ClimateFault["code"][] =>
  climateFaults(room.state, room.durable, room.nowMs, room.config).map((fault) => fault.code);

describe("a room at -32 °C", () => {
  test.each([
    ["on or off", {}],
    ["of 0 to 100 %", { proportional: {} }],
  ] as const)("is held between 16.5 and 19.5 °C by a heater %s", (_says, config) => {
    const room = new Room({ startC: 15, config, heaterW: 6_000 }).run(7_200);
    let [lowC, highC] = [99, -99];
    room.run(14_400, ({ tempC }) => {
      lowC = Math.min(lowC, tempC);
      highC = Math.max(highC, tempC);
    });
    expect(lowC).toBeGreaterThan(16.5);
    expect(highC).toBeLessThan(19.5);
    expect(codes(room)).toEqual([]);
  });

  test("never cools below the frost floor: not when empty, not with the door open, not by an operator's word", () => {
    for (const change of [
      (room: Room) => {
        room.occupied = false;
      },
      (room: Room) => {
        room.durable = { mode: "frost-only" };
      },
      (room: Room) => {
        room.doorShut = undefined;
      },
    ]) {
      const room = new Room({ startC: 12 });
      change(room);
      room.run(14_400, ({ tempC }) => expect(tempC).toBeGreaterThan(room.config.frostC));
    }
  });

  test("keeps its frost floor although one sensor drifts by 10 °C up or down", () => {
    for (const offC of [10, -10]) {
      const room = new Room({ startC: 16 }).run(60);
      room.failing = [
        (tempC, second) => ({ tempC: tempC + offC * Math.min(1, (second - 60) / 600), humidityPct: second % 10 }),
      ];
      room.run(28_800, ({ tempC }) => {
        expect(tempC).toBeGreaterThan(room.config.frostC - 0.5);
        expect(tempC).toBeLessThan(20);
      });
      expect(codes(room)).toContain("room-sensors-disagree");
    }
  });

  test("an open door sets the room back after a minute, and a shut one ends it", () => {
    const room = new Room({ startC: 17, heaterW: 6_000 }).run(120);
    room.doorShut = false;
    room.run(59);
    expect(room.state.targets?.why).toBe("occupied");
    room.run(3);
    expect(room.state.targets?.why).toBe("door-open");
    room.doorShut = true;
    room.run(1);
    expect(room.state.targets?.why).toBe("occupied");
  });
});

describe("what heats wrongly is switched off", () => {
  test("a heater that never heats goes off within 10 min, alarms, and rests twice as long each time", () => {
    const room = new Room({ startC: 10, outsideC: 9, heaterW: 0 });
    const onS: number[] = [];
    let was = false;
    room.run(6_000, ({ levels, second }) => {
      const isOn = levels.heaterPct > 0;
      if (isOn !== was) onS.push(second);
      was = isOn;
    });
    const [firstOn = 0, firstOff = 0, secondOn = 0, secondOff = 0, thirdOn = 0] = onS;
    expect(firstOff - firstOn).toBeLessThanOrEqual(600);
    expect(secondOn - firstOff).toBe(120);
    expect(thirdOn - secondOff).toBe(240);
    expect(codes(room)).toContain("room-heater-no-rise");
  });

  test("a welded relay loses its feed, latched; an honest heater, ever so strong, does not", () => {
    const room = new Room({ startC: 17, heaterW: 12_000 });
    room.run(4_000);
    const welded = new Room({ startC: 20, heaterW: 5_500, weldedAtS: 1 });
    welded.run(3_600);
    expect(room.durable.latch).toBeUndefined();
    expect(welded.durable.latch?.why).toBe("welded");
    expect(welded.levels.heaterFeed).toBe(false);
    expect(codes(welded)).toContain("room-heater-latched");
  });

  test("a welded relay under sensors that nobody hears loses its feed within 10 s, and has it again with them", () => {
    const room = new Room({ startC: 20, heaterW: 5_500, weldedAtS: 60 }).run(120);
    expect(room.state.at).toBe("rest");
    expect(room.levels.heaterFeed).toBe(true);
    room.failing = [() => undefined, () => undefined];
    room.run(10);
    expect(room.levels).toEqual({ heaterPct: 0, heaterFeed: false, cooler: false });
    expect(room.removed, "it is decided, not taken away").toEqual([]);
    const unseenC = room.tempC;
    room.run(600);
    expect(room.tempC).toBeLessThan(unseenC);
    expect(room.durable.latch).toBeUndefined();
    room.failing = [];
    room.run(10);
    expect(room.levels.heaterFeed).toBe(true);
  });

  test("two samples over the hard limit latch, one only switches off for its look; a reset needs site and coolness", () => {
    const room = new Room({ startC: 12, config: { sensors: 1 } }).run(60);
    expect(room.levels.heaterPct).toBe(100);
    room.failing = [() => ({ tempC: 46, humidityPct: 1 })];
    room.run(1);
    room.run(1);
    expect(room.levels).toEqual({ heaterPct: 0, heaterFeed: false, cooler: false });
    expect(room.durable.latch).toBeUndefined();
    room.run(2);
    expect(room.durable.latch?.why).toBe("hard-limit");
    const reset = { do: "reset", by: "key-1", onSite: true } as const;
    const judged = (order: Parameters<typeof judgeClimateOrder>[0]) =>
      judgeClimateOrder(order, room.state, room.durable, room.config);
    expect(judged(reset)).toEqual({ refused: "still-too-hot" });
    room.failing = [];
    room.run(600);
    expect(room.levels.heaterFeed).toBe(false);
    expect(judged({ ...reset, onSite: false })).toEqual({ refused: "not-on-site" });
    const answer = judged(reset);
    if (!("record" in answer)) throw new Error("refused");
    room.durable = foldClimate(room.durable, answer.record, 5);
    room.state = newClimate(room.nowMs, 1);
    room.run(10);
    expect(room.levels.heaterPct).toBe(100);
  });

  test("a single spike changes no output and is counted once", () => {
    const room = new Room({ startC: 12, config: { sensors: 1 } }).run(60);
    room.failing = [(tempC, second) => ({ tempC: second === 62 ? tempC + 20 : tempC, humidityPct: second % 10 })];
    room.run(20, ({ levels }) => expect(levels.heaterPct).toBe(100));
    expect(room.state.probes[0]?.spikes).toBe(1);
  });

  test("a dead sensor that never moves again is latched, one that moves again heats again", () => {
    const stuck = new Room({ startC: 12, config: { sensors: 1 } }).run(60);
    stuck.failing = [(_tempC, _second, last) => last];
    stuck.run(70);
    expect(stuck.levels.heaterPct).toBe(0);
    expect(codes(stuck)).toEqual(["room-sensor-frozen"]);
    stuck.failing = [];
    stuck.run(60);
    expect(stuck.levels.heaterPct).toBe(100);
    stuck.failing = [(_tempC, _second, last) => last];
    stuck.run(1_400);
    expect(stuck.durable.latch?.why).toBe("frozen");
  });
});

describe("a room at 38 °C", () => {
  test("is cooled, the compressor rests 3 min at least, also after a start, and never runs beside the heater", () => {
    const room = new Room({ startC: 33, outsideC: 38, config: { hysteresisC: 0.5 } });
    const turnedS: number[] = [];
    let was = false;
    room.run(28_800, ({ levels, second }) => {
      expect(levels.cooler && levels.heaterPct > 0).toBe(false);
      if (levels.cooler !== was) turnedS.push(second);
      was = levels.cooler;
    });
    // A lease longer than the rule: an order to switch off may come so late.
    expect(turnedS[0]).toBeGreaterThanOrEqual(182);
    expect(turnedS.length).toBeGreaterThan(4);
    const lengthsS = turnedS.slice(1).map((atS, at) => atS - (turnedS[at] ?? 0));
    expect(Math.min(...lengthsS)).toBeGreaterThanOrEqual(180);
    expect(room.tempC).toBeLessThan(29);
  });

  test("is cooled no longer when its sensors fall silent", () => {
    const room = new Room({ startC: 33, outsideC: 38 }).run(400);
    expect(room.levels.cooler).toBe(true);
    room.failing = [() => undefined, () => undefined];
    room.run(10);
    expect(room.levels.cooler).toBe(false);
  });
});

describe("the targets", () => {
  const config = ClimateConfig.parse({
    periods: [
      { from: "05:00", heatC: 20, emptyHeatC: 14 },
      { from: "22:00", heatC: 16, emptyHeatC: 10 },
    ],
  });
  const wish = {
    minuteOfDay: 720,
    isEmpty: false,
    isDoorOpen: false,
    frostOnly: false,
    roomC: 15,
    outsideC: -32,
  };
  test.each([
    ["noon with people", {}, 20, "occupied"],
    ["noon without people", { isEmpty: true }, 14, "empty"],
    ["midnight, which belongs to the evening's period", { minuteOfDay: 0, roomC: 16 }, 16, "occupied"],
    ["80 min before the warm period, 5 °C below it", { minuteOfDay: 220 }, 20, "preheat"],
    ["100 min before it", { minuteOfDay: 200 }, 16, "occupied"],
    ["20 min before it, 0.5 °C below it", { minuteOfDay: 280, roomC: 19.5 }, 16, "occupied"],
    ["a clock that is not trusted", { minuteOfDay: undefined }, 20, "occupied"],
    ["an open door", { isDoorOpen: true }, 7, "door-open"],
    ["an operator's word", { frostOnly: true }, 7, "frost"],
  ] as const)("%s", (_says, change, heatC, why) => {
    expect(targetsOf({ ...wish, ...change }, config)).toMatchObject({ heatC, why });
  });

  test.each([
    ["periods out of order", { periods: [{ from: "08:00" }, { from: "07:00" }] }],
    ["cooling where heating ends", { periods: [{ from: "00:00", heatC: 23, coolC: 24 }] }],
    ["a frost floor at the freezing point", { frostC: 0 }],
    ["a reading that may be older than 9 s", { staleMs: 9_001 }],
    ["a compressor that rests less than 3 min", { coolerMinOffMs: 179_999 }],
  ])("a configuration with %s is refused", (_says, input) => {
    expect(ClimateConfig.safeParse(input).success).toBe(false);
  });
});
