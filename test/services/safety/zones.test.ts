/** A zone remembers each of its signals by itself, is the same object while nothing is different, and is calm again in the end. */
import { describe, expect, test } from "vitest";
import type { StationConfig } from "../../../services/config.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { Quality, Reading } from "../../../services/reading.ts";
import { emptyBayReadings, emptyCabinetReadings, type StationReadings } from "../../../services/readings.ts";
import { bootAlerts, calmAlerts, isFire, isFlooded, lookAtAlerts } from "../../../services/safety/alerts.ts";
import { cabinetDanger } from "../../../services/safety/danger.ts";
import type { SafetyState } from "../../../services/safety/latches.ts";
import { stepSilence } from "../../../services/safety/silence.ts";
import { calmZone, hasSignal, watchZone, type Zone } from "../../../services/safety/zones.ts";
import { benchConfig, pack } from "../../support/bench-config.ts";

const config: StationConfig = benchConfig({ allSafety: true });
const cabinet = config.cabinets[0] as StationConfig["cabinets"][number];
const nowMs = 5_000_000;
const { dangerClearMs } = config.safety;

const said = <T>(value: T, agoMs = 0, quality: Quality = "good"): Reading<T> => ({
  value,
  atMs: nowMs - agoMs,
  quality,
});

interface Said {
  readonly smoke?: Reading<boolean>;
  readonly conductor?: Reading<boolean>;
  readonly water?: Reading<boolean>;
  readonly airTempC?: Reading<number>;
  /** By bay, from 1 on. */
  readonly packsC?: readonly (Reading<number> | undefined)[];
  readonly emergencyStop?: Reading<boolean>;
}

function readingsOf({ packsC = [], emergencyStop, ...contacts }: Said): StationReadings {
  const bays = packsC.map((heat) => ({
    ...emptyBayReadings(),
    pack: heat === undefined ? undefined : { ...heat, value: pack("yz-1", { cellTempsC: [20, heat.value] }) },
  }));
  return {
    bays: [undefined, ...bays],
    cabinets: { "c-1": { ...emptyCabinetReadings(), ...contacts } },
    station: { emergencyStop },
  };
}

const look = (was: Zone, given: Said, atMs = nowMs): Zone =>
  watchZone(was, { readings: readingsOf(given), cabinet, config, nowMs: atMs });

/** What each signal says, and says anew a little later at the same look. */
const signals: readonly (readonly [name: string, first: Said, again: Said])[] = [
  ["smoke", { smoke: said(true, 10) }, { smoke: said(true, 5) }],
  ["the conductor", { conductor: said(true, 10) }, { conductor: said(true, 5) }],
  ["hot air", { airTempC: said(90, 10) }, { airTempC: said(90, 5) }],
  ["a hot pack", { packsC: [said(90, 10)] }, { packsC: [said(90, 5)] }],
];

describe("a zone", () => {
  test.each(signals)(
    "is the same while %s says the same, and another one at the next sample",
    (_name, first, again) => {
      const zone = look(calmZone, first);
      expect(zone).not.toBe(calmZone);
      expect(look(zone, first)).toBe(zone);
      const next = look(zone, again);
      expect(next).not.toBe(zone);
      const [was, now] = [zone, next].map(
        ({ smoke, conductor, air, packs }) => smoke ?? conductor ?? air ?? packs["1"],
      );
      expect([was?.samples, now?.samples]).toEqual([1, 2]);
    },
  );

  test("with nothing but a silent station is calm", () => {
    expect(look(calmZone, {})).toBe(calmZone);
    const nothing: StationReadings = { bays: [], cabinets: {}, station: { emergencyStop: undefined } };
    expect(watchZone(calmZone, { readings: nothing, cabinet, config, nowMs })).toBe(calmZone);
    expect(cabinetDanger(nothing, cabinet, nowMs, config)).toBe("smoke-lost");
  });

  test("keeps the run of each pack by itself, and none of a pack that is heard to be cold", () => {
    const both = look(calmZone, { packsC: [said(90, 10), said(90, 10)] });
    const one = look(both, { packsC: [said(90, 5), said(90, 10)] });
    expect([one.packs["1"]?.samples, one.packs["2"]?.samples]).toEqual([2, 1]);
    const left = look(one, { packsC: [said(20, 0), said(90, 10)] });
    expect(Object.keys(left.packs)).toEqual(["2"]);
    expect(look(left, { packsC: [said(20, 0), said(20, 0)] })).toBe(calmZone);
  });

  test("makes no alert of one hot sample, and one of three that last", () => {
    let zone = calmZone;
    const alerts: boolean[] = [];
    for (let ms = 0; ms <= 3_000; ms += 1_000) {
      const heat = { value: 90, atMs: nowMs + ms, quality: "good" as const };
      zone = look(zone, { packsC: [heat] }, nowMs + ms);
      alerts.push(zone.alert);
    }
    expect(alerts).toEqual([false, false, false, true]);
  });

  test("is on alert until a while after its last signal, and wet until a while after the last water", () => {
    const alerted = look(calmZone, { smoke: said(true) });
    expect(alerted).toMatchObject({ alert: true, dangerMs: nowMs, wet: false, wetMs: undefined });
    const gone = (ms: number) =>
      look(alerted, { smoke: { value: false, atMs: nowMs + ms, quality: "good" } }, nowMs + ms);
    expect(gone(dangerClearMs - 1)).toMatchObject({ alert: true, dangerMs: nowMs, smoke: undefined });
    expect(gone(dangerClearMs)).toBe(calmZone);
    const wet = look(calmZone, { water: said(true) });
    expect(wet).toMatchObject({ wet: true, wetMs: nowMs, alert: false, dangerMs: undefined });
    const dry = (ms: number) => look(wet, { water: { value: false, atMs: nowMs + ms, quality: "good" } }, nowMs + ms);
    expect(dry(dangerClearMs - 1)).toMatchObject({ wet: true, wetMs: nowMs });
    expect(dry(dangerClearMs)).toBe(calmZone);
    expect(look(wet, { water: said(true) }, nowMs + 1)).toMatchObject({ wetMs: nowMs + 1 });
  });

  test("has a signal at the look that saw one, and no more when it only lasts", () => {
    const zone = look(calmZone, { smoke: said(true) });
    expect([hasSignal(zone, nowMs), hasSignal(zone, nowMs + 1), hasSignal(calmZone, nowMs)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("what safety has in hand", () => {
  const noLatches: SafetyState["latches"] = {};
  const see = (was: typeof calmAlerts, given: Said, atMs = nowMs) =>
    lookAtAlerts(was, { readings: readingsOf(given), config, latches: noLatches, nowMs: atMs });
  const quiet = { smoke: said(false), conductor: said(false), water: said(false), emergencyStop: said(false) };

  test("is the one calm object while nothing is there, and no longer when something is", () => {
    expect(see(calmAlerts, quiet)).toBe(calmAlerts);
    expect(calmAlerts.active).toBe(false);
    const alerts = see(calmAlerts, { ...quiet, smoke: said(true) });
    expect(alerts).toMatchObject({ active: true, stopped: false, zones: { "c-1": { alert: true } } });
    expect(isFire(alerts, noLatches, "c-1")).toBe(true);
    expect(isFire(alerts, noLatches, "c-2")).toBe(false);
    expect(see(alerts, { ...quiet, smoke: said(true) })).toBe(alerts);
  });

  test("is an emergency stop until three seconds after it was last seen pressed", () => {
    const pressed = see(calmAlerts, { ...quiet, emergencyStop: said(true) });
    expect(pressed).toMatchObject({ stopped: true, stopMs: nowMs, active: true, zones: {} });
    expect(isFire(pressed, noLatches, "c-1")).toBe(false);
    const released = (ms: number) =>
      see(pressed, { ...quiet, emergencyStop: { value: false, atMs: nowMs + ms, quality: "good" } }, nowMs + ms);
    expect(released(2_999)).toMatchObject({ stopped: true, stopMs: nowMs });
    expect(released(3_000)).toBe(calmAlerts);
  });

  test("is, after a start, an agent that holds where a latched cabinet has one, and nothing else", () => {
    const latches: SafetyState["latches"] = { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } };
    const atStart = (found: SafetyState["latches"], of = config) =>
      bootAlerts(of, { ...emptyDurable.safety, latches: found }, nowMs);
    const booted = atStart(latches);
    const untilMs = nowMs + config.safety.aerosolHoldMs;
    expect(booted).toEqual({ ...calmAlerts, releases: { "c-1": { at: "holding", untilMs } }, active: true });
    expect([isFlooded(booted, cabinet, config), isFlooded(calmAlerts, cabinet, config)]).toEqual([true, false]);
    expect(atStart(noLatches)).toBe(calmAlerts);
    const none = { ...config, cabinets: [{ ...cabinet, hasAerosol: false }] };
    expect(atStart(latches, none)).toBe(calmAlerts);
    const held = (ms: number) =>
      lookAtAlerts(booted, { readings: readingsOf(quiet), config, latches, nowMs: untilMs + ms });
    expect(held(-1).releases).toBe(booted.releases);
    expect(held(0)).toBe(calmAlerts);
  });
});

test("a pack that falls silent is asked at once, and that is the first of its probes", () => {
  expect(stepSilence(undefined, 7, config.safety)).toEqual({ next: { probes: 1, probedMs: 7 }, act: "probe" });
});
