import { describe, expect, test } from "vitest";
import { type Silence, stepSilence } from "../../../services/safety/silence.ts";
import { benchConfig } from "../../support/bench-config.ts";

const { safety } = benchConfig();

describe("a silent pack", () => {
  const rows: readonly (readonly [string, Silence | undefined, number, "wait" | "probe" | "give-up"])[] = [
    ["is asked at once", undefined, 5_000, "probe"],
    ["is left alone for ten seconds", { probes: 1, probedMs: 5_000 }, 14_999, "wait"],
    ["is asked again then", { probes: 1, probedMs: 5_000 }, 15_000, "probe"],
    ["is asked a third time", { probes: 2, probedMs: 15_000 }, 25_000, "probe"],
    ["has ten seconds after the last one, too", { probes: 3, probedMs: 25_000 }, 34_999, "wait"],
    ["is given up after three", { probes: 3, probedMs: 25_000 }, 35_000, "give-up"],
  ];
  for (const [says, was, nowMs, act] of rows) {
    test(says, () => expect(stepSilence(was, nowMs, safety).act).toBe(act));
  }

  test("is counted and timed by its probes", () => {
    expect(stepSilence({ probes: 1, probedMs: 5_000 }, 16_000, safety).next).toEqual({ probes: 2, probedMs: 16_000 });
  });
});
