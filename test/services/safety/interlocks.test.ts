/** The interlocks' part in fire, water and emergency stop: what they take away, and the one thing that nobody talks them into. */
import { describe, expect, test } from "vitest";
import { type InterlockFacts, interlock, type RemovalReason } from "../../../services/interlocks.ts";
import { type Levels, restingBay } from "../../../services/levels.ts";
import type { Reading } from "../../../services/reading.ts";
import type { CabinetReadings, PackReading, StationReadings } from "../../../services/readings.ts";
import { type Alerts, calmAlerts, type Release } from "../../../services/safety/alerts.ts";
import type { SafetyState } from "../../../services/safety/latches.ts";
import { calmZone } from "../../../services/safety/zones.ts";
import { benchConfig, pack } from "../../support/bench-config.ts";

const nowMs = 100_000;
const config = benchConfig({ baysEach: 1, allSafety: true });
const heard = <T>(value: T, ageMs = 0): Reading<T> => ({ value, atMs: nowMs - ageMs, quality: "good" });
const calmCabinet: CabinetReadings = {
  smoke: heard(false),
  conductor: heard(false),
  water: heard(false),
  airTempC: heard(20),
};

function readings(
  cabinet: Partial<CabinetReadings> = {},
  emergencyStop: Reading<boolean> | "never" = heard(false),
): StationReadings {
  const bay = {
    doorShut: heard(true),
    latched: heard(true),
    present: heard(true),
    pack: heard<PackReading | undefined>(pack("yz-1")),
    charger: heard({ outMv: 48_000, outMa: 0 }),
  };
  return {
    bays: [undefined, bay],
    cabinets: { "c-1": { ...calmCabinet, ...cabinet } },
    station: { emergencyStop: emergencyStop === "never" ? undefined : emergencyStop },
  };
}

const everything: Levels = {
  bays: [undefined, { ...restingBay(), chargeMa: 12_000, chargeMv: 54_600, heater: true }],
  fans: { "c-1": false },
  safety: { aerosols: { "c-1": true }, alarms: { "c-1": true }, stationAlarm: true, exitRelease: true },
};

const latches: SafetyState["latches"] = { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } };
const releasing: Release = { at: "releasing", untilMs: nowMs + 5_000 };
const calm: InterlockFacts = { nowMs, lockBay: undefined, masterEnabled: true, alerts: calmAlerts, latches: {} };
const withAlerts = (alerts: Partial<Alerts>): Partial<InterlockFacts> => ({
  alerts: { ...calmAlerts, active: true, ...alerts },
});

const grant = (seen: StationReadings, facts: Partial<InterlockFacts> = {}, settings = config) =>
  interlock(everything, seen, { ...calm, ...facts }, settings);

describe("charging and heating are taken away", () => {
  test.each<[string, RemovalReason, StationReadings, Partial<InterlockFacts>?]>([
    ["the conductor is closed", "conductor", readings({ conductor: heard(true) })],
    [
      "the conductor was closed and fell silent",
      "conductor",
      readings({ conductor: { ...heard(true, 60_000), quality: "stale" } }),
    ],
    ["the conductor was never heard", "conductor-lost", readings({ conductor: undefined })],
    ["the conductor was not heard for 6 s", "conductor-lost", readings({ conductor: heard(false, 6_000) })],
    ["there is water", "water", readings({ water: heard(true) })],
    ["the water sensor was never heard", "water-lost", readings({ water: undefined })],
    ["water is gone only a moment", "water", readings(), withAlerts({ zones: { "c-1": { ...calmZone, wet: true } } })],
    ["the emergency stop is pressed", "emergency-stop", readings({}, heard(true))],
    ["the emergency stop was never heard", "emergency-stop-lost", readings({}, "never")],
    ["the emergency stop was released only a moment ago", "emergency-stop", readings(), withAlerts({ stopped: true })],
    ["heat alone made an alert", "alert", readings(), withAlerts({ zones: { "c-1": { ...calmZone, alert: true } } })],
    ["a runaway is latched, with everything calm again", "runaway", readings(), { latches }],
    ["it smokes and is wet", "smoke", readings({ smoke: heard(true), water: heard(true) })],
  ])("when %s: %s", (_says, reason, seen, facts) => {
    const { levels, removed } = grant(seen, facts);
    expect(levels.bays[1]).toMatchObject({ chargeMa: 0, heater: false });
    expect(removed).toEqual([
      { bay: 1, what: "charge", reason },
      { bay: 1, what: "heat", reason },
    ]);
  });

  test("not when everything is heard and calm", () => {
    expect(grant(readings()).removed).toEqual([]);
  });
});

describe("the extinguisher", () => {
  test.each<[string, Partial<InterlockFacts>, boolean]>([
    ["no latch stands", withAlerts({ releases: { "c-1": releasing } }), false],
    ["a latch stands, and no release is due", { latches }, false],
    [
      "its intent is still being written",
      { latches, ...withAlerts({ releases: { "c-1": { at: "waiting", sinceMs: 0 } } }) },
      false,
    ],
    ["its time is over", { latches, ...withAlerts({ releases: { "c-1": { at: "holding", untilMs: 0 } } }) }, false],
    ["a latch stands and its release is due", { latches, ...withAlerts({ releases: { "c-1": releasing } }) }, true],
  ])("wanted while %s", (_says, facts, granted) => {
    for (const seen of [readings(), readings({ smoke: heard(true), conductor: heard(true) })])
      expect(grant(seen, facts).levels.safety.aerosols).toEqual({ "c-1": granted });
  });

  test("is the only safety output that is ever taken away", () => {
    const { levels } = grant(readings({}, heard(true)));
    expect(levels.safety).toEqual({ ...everything.safety, aerosols: { "c-1": false } });
  });
});

describe("the fan", () => {
  const flooded = { latches, ...withAlerts({ releases: { "c-1": releasing } }) };

  test.each<[string, StationReadings, Partial<InterlockFacts>, boolean]>([
    ["runs in smoke", readings({ smoke: heard(true) }), {}, true],
    ["runs when the conductor closed", readings({ conductor: heard(true) }), {}, true],
    ["runs in a latched zone", readings(), { latches }, true],
    [
      "stands still while the agent is on its way or at work, in any smoke",
      readings({ smoke: heard(true) }),
      flooded,
      false,
    ],
    ["is nobody's business in water", readings({ water: heard(true) }), {}, false],
    ["is nobody's business under an emergency stop", readings({}, heard(true)), {}, false],
  ])("%s", (_says, seen, facts, on) => {
    expect(grant(seen, facts).levels.fans).toEqual({ "c-1": on });
  });

  test("runs through the agent's work where the configuration says so", () => {
    const settings = { ...config, safety: { ...config.safety, fanDuringAerosol: true } };
    expect(grant(readings(), flooded, settings).levels.fans).toEqual({ "c-1": true });
  });
});
