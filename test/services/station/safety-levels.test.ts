/** The levels that answer a danger: which fan, alarm, exit and extinguisher, and which packs are listened to. */
import { describe, expect, test } from "vitest";
import { restingBay, restingSafety } from "../../../services/levels.ts";
import { type Alerts, calmAlerts, type Release } from "../../../services/safety/alerts.ts";
import { calmZone, type Zone } from "../../../services/safety/zones.ts";
import { deriveSafety } from "../../../services/station/safety-levels.ts";
import type { StationContext, StationState } from "../../../services/station/state.ts";
import { StationBench } from "../../support/station-bench.ts";

const bench = new StationBench({ cabinets: 2, baysEach: 2, allSafety: true });
const { nowMs } = bench;

interface Trouble {
  readonly zone?: Partial<Zone>;
  readonly release?: Release;
  readonly latched?: boolean;
  readonly context?: StationContext;
  /** Whether something charges in cabinet 1, so that its fan is wanted anyway. */
  readonly charges?: boolean;
}

/** Cabinet 1 in trouble, cabinet 2 calm. */
function derived({ zone, release, latched = false, context = bench.context, charges = true }: Trouble) {
  const alerts: Alerts = {
    ...calmAlerts,
    active: true,
    zones: zone === undefined ? {} : { "c-1": { ...calmZone, ...zone } },
    releases: release === undefined ? {} : { "c-1": release },
  };
  const { durable } = bench.state;
  const latches = latched ? { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } as const } : {};
  const state: StationState = {
    ...bench.state,
    alerts: zone === undefined && release === undefined ? calmAlerts : alerts,
    durable: { ...durable, safety: { ...durable.safety, latches } },
  };
  const bays = [undefined, ...[1, 2, 3, 4].map(restingBay)];
  const fans: Record<string, boolean> = { "c-1": charges, "c-2": false };
  const safety = deriveSafety(state, context, { bays, fans });
  return { safety, fans, watched: bays.flatMap((bay, number) => (bay?.watchPack === true ? [number] : [])) };
}

const releasing: Release = { at: "releasing", untilMs: nowMs + 1_000 };
const off = { "c-1": false, "c-2": false };
const first = { "c-1": true, "c-2": false };

describe("a calm station", () => {
  test("wants nothing, and gets the one resting object", () => {
    expect(derived({}).safety).toBe(restingSafety);
    expect(derived({}).watched).toEqual([]);
  });
});

describe("a zone with a hint that is no alert yet", () => {
  test("has its packs asked often, because the second signal is in their cells; nothing else", () => {
    const { safety, watched, fans } = derived({ zone: { wet: true, wetMs: nowMs } });
    expect(watched).toEqual([1, 2]);
    expect(safety).toEqual({ aerosols: off, alarms: off, stationAlarm: false, exitRelease: false });
    expect(fans).toEqual(first);
  });

  test("may have bays that are not equipped", () => {
    const { config } = bench.context;
    const cabinets = config.cabinets.map((cabinet) => ({ ...cabinet, bays: [...cabinet.bays, 9] }));
    const context = { ...bench.context, config: { ...config, cabinets } };
    expect(derived({ zone: { wet: true, wetMs: nowMs }, context }).watched).toEqual([1, 2]);
  });
});

describe("a zone in alert, and one that is latched", () => {
  test.each([
    { says: "in alert", zone: { alert: true, dangerMs: nowMs } },
    { says: "latched, its signals gone", latched: true },
  ])("$says: alarms, exit and fan, and its packs are asked often; the other cabinet goes on", (trouble) => {
    const { safety, fans, watched } = derived({ ...trouble, charges: false });
    expect(safety).toEqual({ aerosols: off, alarms: first, stationAlarm: true, exitRelease: true });
    expect(fans).toEqual(first);
    expect(watched).toEqual([1, 2]);
  });

  test("opens nothing that the station does not have", () => {
    const { config } = bench.context;
    const cabinets = config.cabinets.map((one) => ({ ...one, hasFan: false, hasAlarm: false, hasAerosol: false }));
    const bare = { ...config, cabinets, hasAlarm: false, hasExitRelease: false };
    const { safety, fans } = derived({
      latched: true,
      release: releasing,
      context: { ...bench.context, config: bare },
    });
    expect(safety).toEqual({ aerosols: {}, alarms: {}, stationAlarm: false, exitRelease: false });
    expect(fans).toEqual({ "c-1": true, "c-2": false });
  });
});

describe("an extinguisher", () => {
  test("is on only while its release is under way, and its cabinet's fan stands still for as long as the agent works", () => {
    const rows: readonly [Release, boolean][] = [
      [{ at: "waiting", sinceMs: nowMs }, false],
      [releasing, true],
      [{ at: "holding", untilMs: nowMs + 1_000 }, false],
    ];
    for (const [release, on] of rows) {
      const { safety, fans } = derived({ latched: true, release });
      expect([release.at, safety.aerosols]).toEqual([release.at, { "c-1": on, "c-2": false }]);
      expect(fans).toEqual(off);
    }
  });

  test("may be configured to let the fan run", () => {
    const { config } = bench.context;
    const windy = { ...config, safety: { ...config.safety, fanDuringAerosol: true } };
    const context = { ...bench.context, config: windy };
    expect(derived({ latched: true, release: releasing, context }).fans).toEqual(first);
  });
});
