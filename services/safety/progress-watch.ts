/**
 * Whether a charge gets anywhere. Time is counted while the charger is switched on, pauses left out: with current and neither
 * more voltage nor more charge, without current into a pack below target, and in all. The end of a charge, at constant
 * voltage with a shrinking current, is slow by nature and only falls under the last.
 */
import type { BayLook } from "./look.ts";

export interface ProgressWatch {
  readonly lookMs: number;
  readonly onMs: number;
  readonly flatMs: number;
  readonly idleMs: number;
  readonly bestMv: number;
  readonly bestSocPct: number;
}

/** A rise is more than the pack's meter wavers: it counts in 10 mV. */
const riseMv = 20;
/** At most this much time is counted for one look, so that a pause is never taken for charging. */
const lookMsMax = 2_000;
/** Below the end voltage by no more than this, a charge tapers. */
export const taperMv = 400;

function begun({ nowMs, pack }: BayLook): ProgressWatch {
  return { lookMs: nowMs, onMs: 0, flatMs: 0, idleMs: 0, bestMv: pack.packMv, bestSocPct: pack.socPct };
}

export function watchProgress(was: ProgressWatch | undefined, look: BayLook): ProgressWatch | undefined {
  const { nowMs, pack, charger, config } = look;
  if (look.setMa === 0 || !look.powered) return was;
  if (was === undefined) return begun(look);
  const passedMs = Math.min(nowMs - was.lookMs, lookMsMax);
  const flows = Math.max(pack.packMa, charger?.outMa ?? 0) >= config.safety.noCurrentMa;
  const rises = pack.packMv >= was.bestMv + riseMv || pack.socPct > was.bestSocPct;
  const nearlyFull = pack.socPct >= config.charging.targetSocPct;
  const tapers = nearlyFull && pack.packMv >= config.packs.chargeMv - taperMv;
  return {
    lookMs: nowMs,
    onMs: was.onMs + passedMs,
    flatMs: rises || tapers ? 0 : flows ? was.flatMs + passedMs : was.flatMs,
    // A charger that is not heard is a fault of its own; its silence is not held against the pack.
    idleMs: flows || nearlyFull || charger === undefined ? 0 : was.idleMs + passedMs,
    bestMv: rises ? Math.max(was.bestMv, pack.packMv) : was.bestMv,
    bestSocPct: Math.max(was.bestSocPct, pack.socPct),
  };
}

export function progressStop(watch: ProgressWatch | undefined, look: BayLook): "no-progress" | "too-long" | undefined {
  if (watch === undefined) return undefined;
  const { safety } = look.config;
  if (watch.flatMs > safety.noProgressMs || watch.idleMs > safety.noCurrentMs) return "no-progress";
  return watch.onMs > safety.chargeMaxMs ? "too-long" : undefined;
}
