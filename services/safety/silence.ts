/**
 * A pack that falls silent while it is charged or heated (E18). The interlocks switch its charger off at once, by the age of
 * its last word; here it is asked anew, a few times and not in a hurry, and then its bay is given up until it speaks again.
 */
import type { SafetyConfig } from "../config.ts";

export interface Silence {
  readonly probes: number;
  readonly probedMs: number;
}

export type SilenceStep = {
  readonly next: Silence;
  readonly act: "wait" | "probe" | "give-up";
};

/** The first probe comes at once; giving up comes one interval after the last. */
export function stepSilence(was: Silence | undefined, nowMs: number, safety: SafetyConfig): SilenceStep {
  if (was === undefined) return { next: { probes: 1, probedMs: nowMs }, act: "probe" };
  if (nowMs - was.probedMs < safety.silentProbeMs) return { next: was, act: "wait" };
  if (was.probes >= safety.silentProbes) return { next: was, act: "give-up" };
  return { next: { probes: was.probes + 1, probedMs: nowMs }, act: "probe" };
}
