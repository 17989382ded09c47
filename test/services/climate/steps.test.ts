/** One look at the room: what is believed, what forbids heat, and what is wanted at the edge of an hour. */
import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";
import { newProbe, watchProbe } from "../../../services/climate/probe.ts";
import type { ClimateLook } from "../../../services/climate/readings.ts";
import type { ClimateDurable } from "../../../services/climate/records.ts";
import type { ClimateState } from "../../../services/climate/state.ts";
import { floorC, gainCPerHour, minuteOf, targetsOf, type Wish } from "../../../services/climate/targets.ts";
import { believed, config, look, nowMs, sample } from "./cold-room.ts";

describe("a look at a cold room", () => {
  test("heats it, and begins to wait for the rise", () => {
    const { state, records } = look();
    expect(state).toMatchObject({
      at: "heat",
      sinceMs: nowMs,
      heaterPct: 100,
      stop: undefined,
      roomC: 10,
      rest: { fromMs: nowMs },
    });
    expect([state.rise, records]).toEqual([{ fromC: [10, 10], fromMs: nowMs }, []]);
  });

  test("heats nothing without the master enable, and holds no missing rise against the heater", () => {
    const heating = { at: "heat", sinceMs: nowMs - 5_000, rise: { fromC: [10, 10], fromMs: nowMs - 5_000 } } as const;
    expect(look(heating, { powered: false }).state).toMatchObject({
      at: "rest",
      stop: "unpowered",
      rest: undefined,
      rise: undefined,
    });
    expect(look(heating).state.rise).toEqual(heating.rise);
  });

  test("watches for a welded relay only with the feed on, long after heat, and while it is cold outside", () => {
    const rest = (was: Partial<ClimateState>, more: Partial<ClimateLook> = {}, durable?: ClimateDurable) =>
      look({ noRise: { untilMs: nowMs + 1, times: 1 }, ...was }, more, durable).state.rest;
    const began = { fromC: [10, 10], fromMs: nowMs };
    expect(rest({})).toEqual(began);
    expect(rest({}, { outsideC: undefined })).toEqual(began);
    expect(rest({}, { outsideC: config.weldedOutsideC })).toBeUndefined();
    expect(rest({}, { outsideC: config.weldedOutsideC - 0.1 })).toEqual(began);
    expect(rest({ heatedMs: nowMs - config.weldedSettleMs + 1 })).toBeUndefined();
    expect(rest({ heatedMs: nowMs - config.weldedSettleMs })).toEqual(began);
    expect(rest({ sinceMs: nowMs - config.weldedSettleMs + 1 })).toBeUndefined();
    expect(rest({ at: "cool" })).toBeUndefined();
    expect(rest({}, {}, { mode: "auto", latch: { why: "welded", since: 0 } })).toBeUndefined();
  });
});

describe("a latch", () => {
  const hot = { sensors: [sample(10), sample(10)], outsideC: -20 };
  const welded = {
    rest: { fromC: [10 - config.weldedRiseC, 10 - config.weldedRiseC], fromMs: nowMs - 1_000 },
  } as const;

  test("is decided once, holds from that look on, and is written once", () => {
    const first = look(welded, hot);
    expect([first.records, first.state.latching, first.state.stop]).toEqual([
      [{ kind: "climate-latched", why: "welded" }],
      "welded",
      "latched",
    ]);
    const second = look({ ...welded, latching: "welded" }, hot);
    expect([second.records, second.state.latching, second.state.at]).toEqual([[], "welded", "rest"]);
    const written = look({ ...welded, latching: "welded" }, hot, { mode: "auto", latch: { why: "welded", since: 0 } });
    expect([written.records, written.state.latching, written.state.stop]).toEqual([[], undefined, "latched"]);
  });

  test("follows from two samples over the hard limit in a row; one only stops the heater for its look", () => {
    const over = (overs: number) =>
      look({ probes: [{ ...believed(44), overs }, believed(44)] }, { sensors: [sample(46), sample(44)] });
    expect([over(0).records, over(0).state.stop]).toEqual([[], "too-hot"]);
    expect(over(1).records).toEqual([{ kind: "climate-latched", why: "hard-limit" }]);
  });

  test("follows from sensors that stay frozen after the heater went off, and not a moment too early", () => {
    const frozen = (ms: number) => {
      const probe = { ...believed(10), isFrozen: true, frozenMs: nowMs - ms };
      return look({ probes: [probe, probe] });
    };
    expect([frozen(config.frozenLatchMs - 1).records, frozen(0).state.stop]).toEqual([[], "frozen"]);
    expect(frozen(config.frozenLatchMs).records).toEqual([{ kind: "climate-latched", why: "frozen" }]);
  });
});

describe("a heater that does not heat", () => {
  const heating = (more: Partial<ClimateState>, ms = config.noRiseMs) =>
    look({ at: "heat", sinceMs: nowMs - ms, rise: { fromC: [10, 10], fromMs: nowMs - ms }, ...more }).state;

  test("rests, twice as long each time in a row, up to the longest; a rise forgives", () => {
    expect(heating({}, config.noRiseMs - 1).noRise).toBeUndefined();
    expect(heating({})).toMatchObject({
      at: "rest",
      stop: "no-rise",
      noRise: { untilMs: nowMs + config.noRiseRestMs, times: 1 },
    });
    const again = (times: number) => (heating({ noRise: { untilMs: 0, times } }).noRise?.untilMs ?? 0) - nowMs;
    expect([again(1), again(2), again(60)]).toEqual([
      2 * config.noRiseRestMs,
      4 * config.noRiseRestMs,
      config.noRiseRestMsMax,
    ]);
    expect(heating({ noRise: { untilMs: 0, times: 3 }, rise: { fromC: [9, 9], fromMs: 0 } }).noRise).toBeUndefined();
  });

  test("rests until the last millisecond of its rest", () => {
    const rested = (untilMs: number) => look({ noRise: { untilMs, times: 1 } }).state;
    expect([rested(nowMs + 1).stop, rested(nowMs).stop]).toEqual(["no-rise", undefined]);
    expect(rested(nowMs).noRise).toEqual({ untilMs: nowMs, times: 1 });
  });
});

describe("sensors that disagree", () => {
  const apart = (ms: number) =>
    look({ disagreeSinceMs: nowMs - ms, probes: [believed(1), believed(10)] }, { sensors: [sample(1), sample(10)] })
      .state;

  test("stop the heater for a while, and then only the frost floor is held", () => {
    expect(apart(config.disagreeMs - 1).stop).toBeUndefined();
    expect(apart(config.disagreeMs)).toMatchObject({ stop: "disagree", at: "rest" });
    expect(apart(config.disagreeMs + config.disagreeRestMs - 1).stop).toBe("disagree");
    expect(apart(config.disagreeMs + config.disagreeRestMs)).toMatchObject({ stop: undefined, at: "heat" });
  });
});

describe("a sample that jumps", () => {
  const probe = believed(10);
  const taken = (tempC: number, was = probe) =>
    watchProbe(was, sample(tempC), { nowMs, heatingSinceMs: undefined }, config);

  test("is believed when the next one agrees, and counted as a spike while the old one is held", () => {
    expect(taken(10 + config.spikeC)).toMatchObject({ tempC: 10 + config.spikeC, goodMs: nowMs, spikes: 0 });
    expect(taken(10 + config.spikeC + 0.1)).toMatchObject({
      tempC: 10,
      doubtC: 15.1,
      spikes: 1,
      goodMs: nowMs - 1_000,
    });
    expect(taken(18, { ...probe, doubtC: 13 as never })).toMatchObject({ tempC: 18, doubtC: undefined });
    expect(taken(18.1, { ...probe, doubtC: 13 as never })).toMatchObject({ tempC: 10, doubtC: 18.1 });
  });

  test("is compared with nothing that is too old, nor counted then", () => {
    const old = { ...probe, goodMs: nowMs - config.staleMs };
    expect(taken(10, old)).toMatchObject({ doubtC: 10, spikes: 0, goodMs: old.goodMs });
    expect(taken(10, { ...probe, goodMs: nowMs - config.staleMs + 1 })).toMatchObject({ goodMs: nowMs });
    expect(taken(10, newProbe as never)).toMatchObject({ doubtC: 10, spikes: 0, goodMs: undefined });
  });
});

describe("what warmth is wanted", () => {
  const [day] = config.periods;
  if (day === undefined) throw new Error("a climate has a period");
  const wish: Wish = { minuteOfDay: 720, isEmpty: false, isDoorOpen: false, frostOnly: false, roomC: 12, outsideC: 0 };
  const periods = [
    { ...day, from: "06:00", heatC: 20 },
    { ...day, from: "22:00", heatC: 14 },
  ];
  const wanted = (more: Partial<Wish>, of = { ...config, periods }) => targetsOf({ ...wish, ...more }, of);

  test("follows the hour, over midnight as well, and is the warmest while the hour is unknown", () => {
    const at = (clock: string) => wanted({ minuteOfDay: minuteOf(clock), roomC: undefined }).heatC;
    expect(["05:59", "06:00", "21:59", "22:00"].map(at)).toEqual([14, 20, 20, 14]);
    expect(wanted({ minuteOfDay: undefined })).toMatchObject({ heatC: 20, why: "occupied" });
    const turned = {
      ...config,
      periods: [periods[1]!, periods[0]!].map((one, n) => ({ ...one, from: n === 0 ? "06:00" : "22:00" })),
    };
    expect(wanted({ minuteOfDay: undefined }, turned).heatC).toBe(20);
  });

  test("prepares a warmer period in time, by what the heater gains, and a colder one not at all", () => {
    const ahead = (minutes: number, more: Partial<Wish> = {}) => wanted({ minuteOfDay: 360 - minutes, ...more });
    expect(ahead(80)).toMatchObject({ heatC: 20, why: "preheat" });
    expect(ahead(81)).toMatchObject({ heatC: 14, why: "occupied" });
    expect(ahead(config.preheatMinutesMax, { roomC: 5 }).why).toBe("preheat");
    expect(ahead(config.preheatMinutesMax + 1, { roomC: 5 }).why).toBe("occupied");
    expect(ahead(10, { roomC: undefined }).why).toBe("occupied");
    expect(wanted({ minuteOfDay: minuteOf("21:59"), roomC: 5 })).toMatchObject({ heatC: 20, why: "occupied" });
    const one = { ...config, periods: [{ ...day, from: "06:00" }] };
    expect(wanted({ minuteOfDay: 360, roomC: 5 }, one)).toMatchObject({ heatC: day.heatC, why: "occupied" });
  });

  test("is told to the minute, and not prepared for a period that is as warm", () => {
    expect(["00:00", "06:30", "23:59"].map(minuteOf)).toEqual([0, 390, 1_439]);
    const alike = [
      { ...day, from: "06:00", heatC: 20 },
      { ...day, from: "12:00", heatC: 20 },
    ];
    expect(wanted({ minuteOfDay: 710, roomC: 5 }, { ...config, periods: alike }).why).toBe("occupied");
    expect(floorC({ ...config, hysteresisC: 0.5 })).toBe(config.frostC + 1);
  });

  test("is the floor alone by an operator's word or with the door open, and never less", () => {
    expect(wanted({ frostOnly: true })).toEqual({ heatC: floorC(config), coolC: undefined, why: "frost" });
    expect(wanted({ isDoorOpen: true })).toEqual({ heatC: floorC(config), coolC: undefined, why: "door-open" });
    const cold = { ...config, periods: [{ ...day, emptyHeatC: 5 }] };
    expect(wanted({ isEmpty: true }, cold)).toEqual({ heatC: floorC(config), coolC: day.emptyCoolC, why: "empty" });
    expect(wanted({})).toMatchObject({ coolC: day.coolC });
  });

  test("gains less in the cold, down to half at -32 °C, and is taken for that cold when nobody knows", () => {
    const gains = [10, 0, -16, -32, -40, undefined].map((outsideC) => gainCPerHour(outsideC, config));
    expect(gains).toEqual([6, 6, 4.5, 3, 3, 3]);
  });
});

describe("periods", () => {
  const parsed = (...from: readonly string[]) =>
    ClimateConfig.safeParse({ periods: from.map((clock) => ({ from: clock })) }).success;
  test("follow one another through the day", () => {
    expect([
      parsed("06:00", "22:00"),
      parsed("06:00", "06:00"),
      parsed("22:00", "06:00"),
      parsed("00:00"),
      parsed(),
    ]).toEqual([true, false, false, true, false]);
  });
});
