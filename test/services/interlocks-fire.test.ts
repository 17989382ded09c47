/** What the interlocks take away in a fire: an extinguisher nobody latched, and a fan that would blow its agent out. */
import { describe, expect, test } from "vitest";
import { interlock } from "../../services/interlocks.ts";
import { type Levels, restingSafety } from "../../services/levels.ts";
import { type Alerts, calmAlerts } from "../../services/safety/alerts.ts";
import type { SafetyState } from "../../services/safety/latches.ts";
import { calmZone } from "../../services/safety/zones.ts";
import { StationBench } from "../support/station-bench.ts";

const bench = new StationBench();
const { nowMs } = bench;
const latches: SafetyState["latches"] = { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } };
const releasing: Alerts = {
  ...calmAlerts,
  active: true,
  releases: { "c-1": { at: "releasing", untilMs: nowMs + 5_000 } },
};

/** Everything wanted at once, as a mistaken service might. */
function granted(alerts: Alerts, standing: SafetyState["latches"]): Levels {
  const asked = { bays: [], fans: { "c-1": true }, safety: { ...restingSafety, aerosols: { "c-1": true } } };
  const facts = { nowMs, lockBay: undefined, masterEnabled: true, alerts, latches: standing };
  return interlock(asked, bench.readings(), facts, bench.config).levels;
}

describe("an extinguisher that is wanted", () => {
  test("works only with a latch in the log and a release under way", () => {
    expect(granted(releasing, latches).safety.aerosols).toEqual({ "c-1": true });
  });

  test("stays shut without the latch, whatever is under way", () => {
    expect(granted(releasing, {}).safety.aerosols).toEqual({ "c-1": false });
  });

  test("stays shut without a release under way: a latch alone, or one whose intent is still being written", () => {
    expect(granted(calmAlerts, latches).safety.aerosols).toEqual({ "c-1": false });
    const waiting = { ...releasing, releases: { "c-1": { at: "waiting", sinceMs: nowMs } } } as const;
    expect(granted(waiting, latches).safety.aerosols).toEqual({ "c-1": false });
  });
});

describe("extinguishers that nobody may release", () => {
  const two = { ...restingSafety, aerosols: { "c-1": true, "c-2": true, "c-3": false } };
  const asked: Levels = { bays: [], fans: {}, safety: two };
  const facts = { nowMs, lockBay: undefined, masterEnabled: true, alerts: releasing, latches };

  test("are held shut one by one: the one that is latched and under way goes on", () => {
    const { aerosols } = interlock(asked, bench.readings(), facts, bench.config).levels.safety;
    expect(aerosols).toEqual({ "c-1": true, "c-2": false, "c-3": false });
  });

  test("cost a station that wants none nothing: its safety levels are handed on as they are", () => {
    const none: Levels = { ...asked, safety: { ...two, aerosols: { "c-1": false, "c-3": false } } };
    expect(interlock(none, bench.readings(), facts, bench.config).levels.safety).toBe(none.safety);
  });
});

describe("a fan that is wanted", () => {
  test("stands still while the agent is on its way or at work", () => {
    expect(granted(releasing, latches).fans).toEqual({ "c-1": false });
    const holding = { ...releasing, releases: { "c-1": { at: "holding", untilMs: nowMs + 5_000 } } } as const;
    expect(granted(holding, latches).fans).toEqual({ "c-1": false });
  });

  test("runs otherwise, and in a latched cabinet even when nobody wants it", () => {
    expect(granted(calmAlerts, {}).fans).toEqual({ "c-1": true });
    const asked = { bays: [], fans: {}, safety: restingSafety };
    const facts = { nowMs, lockBay: undefined, masterEnabled: true, alerts: calmAlerts, latches };
    expect(interlock(asked, bench.readings(), facts, bench.config).levels.fans).toEqual({ "c-1": true });
  });

  test("runs while a signal stands, though nobody wants it: heat that is the zone's alert, and smoke", () => {
    const asked = { bays: [], fans: { "c-1": false }, safety: restingSafety };
    const zone = { ...calmZone, alert: true, dangerMs: nowMs };
    const alerts = { ...calmAlerts, active: true, zones: { "c-1": zone } };
    const facts = { nowMs, lockBay: undefined, masterEnabled: true, alerts, latches: {} };
    expect(interlock(asked, bench.readings(), facts, bench.config).levels.fans).toEqual({ "c-1": true });
    const wet = { ...facts, alerts: { ...alerts, zones: { "c-1": { ...calmZone, wet: true, wetMs: nowMs } } } };
    expect(interlock(asked, bench.readings(), wet, bench.config).levels.fans).toEqual({ "c-1": false });
    const unnamed = { ...asked, fans: {} };
    expect(interlock(unnamed, bench.readings(), wet, bench.config).levels.fans).toEqual({ "c-1": false });
  });

  test("is none where a cabinet has none", () => {
    const cabinets = bench.config.cabinets.map((cabinet) => ({ ...cabinet, hasFan: false }));
    const asked = { bays: [], fans: {}, safety: restingSafety };
    const facts = { nowMs, lockBay: undefined, masterEnabled: true, alerts: calmAlerts, latches };
    expect(interlock(asked, bench.readings(), facts, { ...bench.config, cabinets }).levels.fans).toEqual({});
  });
});
