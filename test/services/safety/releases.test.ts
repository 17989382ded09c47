/** One release of one extinguisher, from its latch to calm: each moment of it, and everything that cuts it short. */
import { describe, expect, test } from "vitest";
import type { StationReadings } from "../../../services/readings.ts";
import {
  type Alerts,
  beginRelease,
  bootAlerts,
  calmAlerts,
  isFlooded,
  lookAtAlerts,
  type Release,
  withParts,
} from "../../../services/safety/alerts.ts";
import { emptySafety, type SafetyState } from "../../../services/safety/latches.ts";
import { calmZone } from "../../../services/safety/zones.ts";
import { benchConfig } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const config = benchConfig({ cabinets: 2, allSafety: true });
const { aerosolMs, aerosolHoldMs } = config.safety;
const startMs = 1_000_000;
const latched: SafetyState["latches"] = { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } };

/** Calm signals, at this instant. */
function readingsAt(nowMs: number, stopPressed = false): StationReadings {
  const bench = new StationBench({ cabinets: 2, allSafety: true });
  bench.nowMs = nowMs;
  const readings = bench.readings();
  const emergencyStop = { value: stopPressed, atMs: nowMs, quality: "good" as const };
  return { ...readings, station: { ...readings.station, emergencyStop } };
}

const withRelease = (release: Release): Alerts => withParts(calmAlerts, { releases: { "c-1": release } });

const lookAt = (was: Alerts, nowMs: number, latches = latched, stopPressed = false): Alerts =>
  lookAtAlerts(was, { readings: readingsAt(nowMs, stopPressed), config, latches, nowMs });

const later = (release: Release, ms: number, latches = latched): Release | undefined =>
  lookAt(withRelease(release), startMs + ms, latches).releases["c-1"];

describe("a release", () => {
  const waiting: Release = { at: "waiting", sinceMs: startMs };
  const releasing = beginRelease(config, startMs);
  const holding: Release = { at: "holding", untilMs: startMs + aerosolHoldMs };

  test("waits for the disk two seconds, and begins without it then: a fire does not wait longer", () => {
    expect(later(waiting, 1_999)).toBe(waiting);
    expect(later(waiting, 2_000)).toEqual({ at: "releasing", untilMs: startMs + 2_000 + aerosolMs });
  });

  test("lasts as long as configured, and is followed by the agent's time", () => {
    expect(releasing).toEqual({ at: "releasing", untilMs: startMs + aerosolMs });
    expect(later(releasing, aerosolMs - 1)).toBe(releasing);
    expect(later(releasing, aerosolMs)).toEqual({ at: "holding", untilMs: startMs + aerosolMs + aerosolHoldMs });
  });

  test("is over when the agent had its time, and the station calm with it", () => {
    expect(later(holding, aerosolHoldMs - 1)).toBe(holding);
    expect(later(holding, aerosolHoldMs)).toBeUndefined();
    expect(lookAt(withRelease(holding), startMs + aerosolHoldMs)).toBe(calmAlerts);
  });

  test("ends at once when a person on site resets the latch, whatever it was at", () => {
    for (const release of [waiting, releasing, holding]) expect(later(release, 1, {})).toBeUndefined();
  });

  test("of one cabinet ends without touching the other's", () => {
    const both = withParts(calmAlerts, { releases: { "c-1": holding, "c-2": releasing } });
    const latches = { ...latched, "c-2": { cabinet: "c-2", why: "runaway", since: 0 } } as const;
    const now = lookAt(both, startMs + aerosolHoldMs - 1, latches);
    expect(now.releases).toEqual({ "c-1": holding, "c-2": later(releasing, aerosolHoldMs - 1) });
  });

  test("floods its own cabinet in every moment of it, unless the fan may run", () => {
    const [first, second] = config.cabinets;
    if (first === undefined || second === undefined) throw new Error("two cabinets");
    for (const release of [waiting, releasing, holding]) {
      expect(isFlooded(withRelease(release), first, config)).toBe(true);
      expect(isFlooded(withRelease(release), second, config)).toBe(false);
      const windy = { ...config, safety: { ...config.safety, fanDuringAerosol: true } };
      expect(isFlooded(withRelease(release), first, windy)).toBe(false);
    }
    expect(isFlooded(calmAlerts, first, config)).toBe(false);
  });
});

describe("a start", () => {
  const safety = { ...emptySafety, latches: latched };

  test("releases nothing again: an agent released a moment ago keeps its time, and every scan is needed", () => {
    expect(bootAlerts(config, safety, startMs)).toEqual({
      ...calmAlerts,
      releases: { "c-1": { at: "holding", untilMs: startMs + aerosolHoldMs } },
      active: true,
    });
  });

  test("without a latch, or with one where there is no extinguisher, is calm", () => {
    expect(bootAlerts(config, emptySafety, startMs)).toBe(calmAlerts);
    expect(bootAlerts(benchConfig({ cabinets: 2 }), safety, startMs)).toBe(calmAlerts);
  });
});

describe("the emergency stop", () => {
  test("counts three seconds longer than it is seen pressed, because a contact on its way out bounces", () => {
    const pressed = lookAt(calmAlerts, startMs, {}, true);
    expect(pressed).toMatchObject({ stopped: true, stopMs: startMs, active: true });
    const released = lookAt(pressed, startMs + 2_999, {});
    expect(released).toBe(pressed);
    expect(lookAt(released, startMs + 3_000, {})).toBe(calmAlerts);
  });

  test("pressed again counts anew", () => {
    const pressed = lookAt(calmAlerts, startMs, {}, true);
    const again = lookAt(pressed, startMs + 2_000, {}, true);
    expect(again.stopMs).toBe(startMs + 2_000);
    expect(lookAt(again, startMs + 4_999, {})).toBe(again);
  });
});

describe("alerts put together", () => {
  test("are the same object while nothing is different, and the calm one when nothing is left", () => {
    const alert = withParts(calmAlerts, { zones: { "c-1": { ...calmZone, alert: true, dangerMs: 1 } } });
    expect(alert.active).toBe(true);
    expect(withParts(alert, {})).toBe(alert);
    expect(withParts(alert, { ...alert })).toBe(alert);
    expect(withParts(alert, { zones: {} })).toBe(calmAlerts);
    expect(lookAt(calmAlerts, startMs, {})).toBe(calmAlerts);
  });

  test("remember that people were told to leave, which alone needs no scan", () => {
    const told = withParts(calmAlerts, { toldMs: { "c-1": 1 } });
    expect(told).toEqual({ ...calmAlerts, toldMs: { "c-1": 1 }, active: false });
    expect(withParts(told, { toldMs: { "c-1": 2 } })).toEqual({ ...told, toldMs: { "c-1": 2 } });
  });

  test.each<[string, Partial<Alerts>]>([
    ["a zone", { zones: { "c-1": { ...calmZone, wet: true } } }],
    ["a release", { releases: { "c-1": { at: "waiting", sinceMs: 1 } } }],
    ["the time of the stop", { stopMs: 2, stopped: true }],
  ])("are another object when %s is", (_story, parts) => {
    const was = withParts(calmAlerts, { zones: { "c-2": { ...calmZone, alert: true } }, toldMs: { "c-2": 1 } });
    expect(withParts(was, parts)).toEqual({ ...was, ...parts, active: true });
  });

  test("forget a zone as soon as it is calm, and no other with it", () => {
    const was = withParts(calmAlerts, {
      zones: {
        "c-1": { ...calmZone, alert: true, dangerMs: startMs - config.safety.dangerClearMs },
        "c-2": { ...calmZone, alert: true, dangerMs: startMs - config.safety.dangerClearMs + 1 },
      },
    });
    expect(Object.keys(lookAt(was, startMs, {}).zones)).toEqual(["c-2"]);
  });
});
