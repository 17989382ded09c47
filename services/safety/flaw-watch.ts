/**
 * A flaw of a pack is believed when it stays: heat and the pack's own alarms when a second sample shows them, because one
 * spike proves nothing; cell voltages when two readings of the cells agree. Charging does not wait for that: the interlocks
 * take it away at the first sample.
 */
import { type Flaw, flawOf } from "../bay/condition.ts";
import type { BayLook } from "./look.ts";

export interface FlawWatch {
  readonly flaw: Flaw;
  readonly sinceMs: number;
  /** The sample that showed it first. */
  readonly sampledMs: number;
}

export function watchFlaw(was: FlawWatch | undefined, look: BayLook): FlawWatch | undefined {
  const flaw = flawOf(look.pack, look.config);
  if (flaw === undefined) return undefined;
  return was?.flaw === flaw ? was : { flaw, sinceMs: look.nowMs, sampledMs: look.sampledMs };
}

export function provenFlaw(watch: FlawWatch | undefined, look: BayLook): Flaw | undefined {
  if (watch === undefined) return undefined;
  switch (watch.flaw) {
    case "hot":
    case "damaged":
    case "over-current":
      return look.sampledMs > watch.sampledMs ? watch.flaw : undefined;
    case "overvoltage":
    case "undervoltage":
    case "unbalanced":
      return look.nowMs - watch.sinceMs > look.config.safety.cellFlawMs ? watch.flaw : undefined;
  }
}
