import { describe, expect, test } from "vitest";
import { hotWaterFault } from "../../../services/amenities/faults.ts";
import {
  HotWaterConfig,
  type HotWaterLatch,
  type HotWaterLook,
  hotWaterLevels,
  hotWaterRefusals,
  newHotWater,
  openChildLock,
  pourHotWater,
  stepHotWater,
} from "../../../services/amenities/hot-water.ts";
import { type AmenityLatches, foldAmenityLatches, judgeAmenityReset } from "../../../services/amenities/latches.ts";

const config = HotWaterConfig.parse({ kind: "hot-water", id: "boiler" });

/** Ten litres over 2 kW: 0.048 °C a second, told in tenths every second. */
class Boiler {
  state = newHotWater(0);
  latches: AmenityLatches = {};
  second = 0;
  tempC = 60;
  warmsCPerS = 0.048;
  heard = true;
  says: number | undefined;
  filled: boolean | undefined = true;
  leaking: boolean | undefined = false;
  boilerAtMs = 0;
  levels = { element: false, tap: false, feed: false };

  get latch(): HotWaterLatch | undefined {
    return this.latches.boiler?.why;
  }

  run(seconds: number, each: () => void = () => {}): this {
    for (let count = 0; count < seconds; count++) {
      this.second++;
      const nowMs = this.second * 1_000;
      this.tempC += this.levels.element ? this.warmsCPerS : -0.001;
      if (this.heard) this.boilerAtMs = nowMs;
      const of = <T>(value: T | undefined, atMs = nowMs) =>
        value === undefined ? undefined : ({ value, atMs, quality: "good" } as const);
      const look: HotWaterLook = {
        nowMs,
        boilerC: of(this.says ?? Math.round(this.tempC * 10) / 10, this.boilerAtMs),
        filled: of(this.filled),
        leaking: of(this.leaking),
        stopped: false,
      };
      const { state, latched } = stepHotWater(this.state, look, this.latch, config);
      this.state = state;
      if (latched !== undefined)
        this.latches = foldAmenityLatches(
          this.latches,
          { kind: "amenity-latched", id: "boiler", why: latched } as { kind: string },
          5,
        );
      this.levels = hotWaterLevels(state, this.latch, nowMs);
      each();
    }
    return this;
  }
}

describe("the boiler", () => {
  test("is held between 83 and 89 °C", () => {
    const boiler = new Boiler().run(1_200);
    boiler.run(7_200, () => {
      expect(boiler.tempC).toBeGreaterThan(83);
      expect(boiler.tempC).toBeLessThan(89);
    });
    expect(hotWaterFault(boiler.state)).toBeUndefined();
  });

  test.each([
    ["falls silent", { heard: false }, 8, "hot-water-stopped"],
    ["freezes its temperature", { says: 60.5 }, 51, "hot-water-stopped"],
    ["runs out of water", { filled: false }, 1, "hot-water-stopped"],
    ["loses its level contact", { filled: undefined }, 1, "hot-water-stopped"],
    ["loses its leak sensor", { leaking: undefined }, 1, "hot-water-stopped"],
    ["leaks", { leaking: true }, 1, "hot-water-latched"],
    ["boils dry under a level contact that sticks", { warmsCPerS: 2 }, 2, "hot-water-latched"],
    ["is too hot", { says: 105.5 }, 1, "hot-water-latched"],
  ] as const)("that %s goes off in time", (_says, change, seconds, fault) => {
    const latches = fault === "hot-water-latched";
    const boiler = new Boiler().run(20);
    expect(boiler.levels.element).toBe(true);
    Object.assign(boiler, change);
    boiler.run(seconds);
    expect(boiler.levels).toMatchObject({ element: false, feed: !latches });
    expect(hotWaterFault(boiler.state)).toBe(fault);
    expect(boiler.latch !== undefined).toBe(latches);
  });

  test("stays latched when the floor is dry again, until somebody on site resets it", () => {
    const boiler = new Boiler().run(20);
    boiler.leaking = true;
    boiler.run(1);
    boiler.leaking = false;
    boiler.run(600, () => expect(boiler.levels.element || boiler.levels.feed).toBe(false));
    expect(judgeAmenityReset({ id: "boiler", by: "key-1", onSite: false }, boiler.latches)).toEqual({
      refused: "amenity-not-on-site",
    });
    const answer = judgeAmenityReset({ id: "boiler", by: "key-1", onSite: true }, boiler.latches);
    if ("refused" in answer) throw new Error(answer.refused);
    boiler.latches = foldAmenityLatches(boiler.latches, answer.record, 9);
    boiler.state = newHotWater(boiler.second * 1_000);
    boiler.run(5);
    expect(boiler.levels.element).toBe(true);
  });

  test("that never gets warm enough rests after its longest time", () => {
    const boiler = new Boiler();
    boiler.warmsCPerS = 0.002;
    boiler.run(2_690);
    expect(boiler.levels.element).toBe(true);
    boiler.run(20);
    expect(boiler.levels.element).toBe(false);
    boiler.run(560, () => expect(boiler.levels.element).toBe(false));
    boiler.run(60);
    expect(boiler.levels.element).toBe(true);
  });
});

describe("the tap", () => {
  const nowMs = (boiler: Boiler) => boiler.second * 1_000;
  test("pours only after the child lock, once for each opening, and no longer than 12 s", () => {
    const boiler = new Boiler().run(20);
    expect(pourHotWater(boiler.state, nowMs(boiler), config)).toEqual({ refused: "water-child-lock" });
    boiler.state = openChildLock(boiler.state, nowMs(boiler), config);
    const answer = pourHotWater(boiler.state, nowMs(boiler), config);
    if ("refused" in answer) throw new Error(answer.refused);
    boiler.state = answer.state;
    boiler.run(11, () => expect(boiler.levels.tap).toBe(true));
    boiler.run(1);
    expect(boiler.levels.tap).toBe(false);
    boiler.run(3);
    expect(pourHotWater(boiler.state, nowMs(boiler), config)).toEqual({ refused: "water-child-lock" });
  });

  test("an opened child lock shuts by itself, and a leak ends a pour at once", () => {
    const boiler = new Boiler().run(20);
    boiler.state = openChildLock(boiler.state, nowMs(boiler), config);
    expect(pourHotWater(boiler.state, nowMs(boiler) + 8_000, config)).toEqual({ refused: "water-child-lock" });
    const answer = pourHotWater(boiler.state, nowMs(boiler), config);
    if ("refused" in answer) throw new Error(answer.refused);
    boiler.state = answer.state;
    boiler.run(2);
    boiler.leaking = true;
    boiler.run(1);
    expect(boiler.levels.tap).toBe(false);
    expect(pourHotWater(boiler.state, nowMs(boiler), config)).toEqual({ refused: "water-stopped" });
    for (const { zh, en } of Object.values(hotWaterRefusals)) expect(zh.length * en.length).toBeGreaterThan(0);
  });
});
