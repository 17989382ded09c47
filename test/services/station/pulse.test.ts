import { describe, expect, test } from "vitest";
import { calmZone } from "../../../services/safety/zones.ts";
import { pulseStillWanted } from "../../../services/station/pulse.ts";
import type { StationState } from "../../../services/station/state.ts";
import { memberName } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

/** A swap whose lock was told to open just now. */
function pulsing(): StationBench {
  const bench = new StationBench();
  bench.scan(memberName(1));
  expect(bench.pulses).toMatchObject([{ bay: 1, swap: "s-000001" }]);
  return bench;
}

function pulseOf(bench: StationBench) {
  const unlocks = bench.told.flatMap(({ effect }) => (effect.do === "unlock" ? [effect] : []));
  const last = unlocks.at(-1);
  if (last === undefined) throw new Error("no lock was told to open");
  return last;
}

describe("a pulse that had to wait for the disk", () => {
  test("is driven while its swap still waits for it", () => {
    const bench = pulsing();
    expect(pulseStillWanted(bench.state, pulseOf(bench))).toBe(true);
  });

  test("is not driven any more once its swap gave it up and decided on another, which is", () => {
    const bench = new StationBench();
    bench.bay(1).lock = "mute";
    bench.scan(memberName(1));
    const first = pulseOf(bench);
    bench.until(() => bench.pulses.length === 2, "a second pulse");
    expect(pulseStillWanted(bench.state, first)).toBe(false);
    expect(pulseStillWanted(bench.state, pulseOf(bench))).toBe(true);
  });

  test("is not driven for another bay, another swap, or none", () => {
    const bench = pulsing();
    const pulse = pulseOf(bench);
    expect(pulseStillWanted(bench.state, { ...pulse, bay: 2 })).toBe(false);
    expect(pulseStillWanted(bench.state, { ...pulse, swap: "s-000002" })).toBe(false);
    expect(pulseStillWanted(bench.state, { ...pulse, swap: undefined })).toBe(false);
  });

  test("is not driven once its swap waits no longer: it looks at the door, and asks anew if it must", () => {
    const bench = pulsing();
    bench.bay(1).lock = "mute";
    bench.until(() => "opening" in (bench.state.swaps["c-1"] ?? {}) && bench.pulses.length === 2, "the second pulse");
    const swap = bench.state.swaps["c-1"];
    if (swap === undefined || !("opening" in swap)) throw new Error("the swap is over");
    const at = (step: "want" | "look") =>
      ({ ...bench.state, swaps: { "c-1": { ...swap, opening: { ...swap.opening, step } } } }) as const;
    expect(pulseStillWanted(at("want"), pulseOf(bench))).toBe(false);
    expect(pulseStillWanted(at("look"), pulseOf(bench))).toBe(false);
  });

  test("is not driven when the door opened meanwhile, or the swap ended in smoke", () => {
    const opened = pulsing();
    opened.open(1);
    expect(pulseStillWanted(opened.state, pulseOf(opened))).toBe(false);
    const smoky = pulsing();
    smoky.smoke["c-1"] = true;
    smoky.step({ type: "noticed" });
    expect(pulseStillWanted(smoky.state, pulseOf(smoky))).toBe(false);
  });

  test("is not driven in a zone that became a danger, nor under an emergency stop, whoever asked for it", () => {
    const bench = pulsing();
    const { alerts, durable } = bench.state;
    const dangers: Partial<StationState>[] = [
      { alerts: { ...alerts, stopped: true } },
      { alerts: { ...alerts, zones: { "c-1": { ...calmZone, alert: true } } } },
      {
        durable: {
          ...durable,
          safety: { latches: { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } }, bays: durable.safety.bays },
        },
      },
    ];
    for (const danger of dangers) expect(pulseStillWanted({ ...bench.state, ...danger }, pulseOf(bench))).toBe(false);
  });
});
