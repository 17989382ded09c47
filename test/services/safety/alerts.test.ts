/** A latch is a fire until a person on site has reset it, however calm everything looks by then. */
import { describe, expect, test } from "vitest";
import { calmAlerts, isFire } from "../../../services/safety/alerts.ts";
import type { SafetyState } from "../../../services/safety/latches.ts";
import { deriveLevels } from "../../../services/station/levels.ts";
import { pulseStillWanted } from "../../../services/station/pulse.ts";
import { memberName } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const latches: SafetyState["latches"] = { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } };

describe("a latched cabinet in which everything is calm again", () => {
  test("still burns, as far as the station is concerned; its neighbour does not", () => {
    expect(isFire(calmAlerts, latches, "c-1")).toBe(true);
    expect(isFire(calmAlerts, latches, "c-2")).toBe(false);
    expect(isFire(calmAlerts, {}, "c-1")).toBe(false);
  });

  test("keeps its fan running, and no pulse that waited for the disk is driven there", () => {
    const bench = new StationBench();
    bench.scan(memberName(1));
    const pulse = bench.told.flatMap(({ effect }) => (effect.do === "unlock" ? [effect] : []))[0];
    if (pulse === undefined) throw new Error("no lock was told to open");
    expect(pulseStillWanted(bench.state, pulse)).toBe(true);
    const { durable } = bench.state;
    const latched = { ...bench.state, durable: { ...durable, safety: { ...durable.safety, latches } } };
    expect(latched.alerts).toBe(calmAlerts);
    expect(pulseStillWanted(latched, pulse)).toBe(false);
    expect(deriveLevels(latched, bench.context).fans).toEqual({ "c-1": true });
  });
});
