/**
 * Currents that should not be: more from the charger than into the pack, more than was set, out of the pack with nothing
 * connected, or any at all after switching off. Each must last, because charger and pack are read at different times; it
 * is the pack's samples that are timed, so that one odd sample proves nothing however long it stands.
 */
import { type BayLook, lasts, since } from "./look.ts";

export interface CurrentWatch {
  readonly leaksSinceMs: number | undefined;
  readonly overSinceMs: number | undefined;
  readonly deliversSinceMs: number | undefined;
  readonly straysSinceMs: number | undefined;
}

export const quietCurrents: CurrentWatch = {
  leaksSinceMs: undefined,
  overSinceMs: undefined,
  deliversSinceMs: undefined,
  straysSinceMs: undefined,
};

export function watchCurrents(was: CurrentWatch, look: BayLook): CurrentWatch {
  const { sampledMs, pack, setMa } = look;
  const { safety } = look.config;
  const outMa = look.charger?.outMa ?? 0;
  const flowsMa = Math.max(outMa, pack.packMa);
  const leaks = look.charger !== undefined && outMa - pack.packMa > safety.leakageMa;
  const leaksSinceMs = since(was.leaksSinceMs, leaks, sampledMs);
  const overSinceMs = since(was.overSinceMs, setMa > 0 && flowsMa > setMa + safety.overCurrentMa, sampledMs);
  const deliversSinceMs = since(was.deliversSinceMs, pack.packMa < -safety.deliversMa, sampledMs);
  const straysSinceMs = since(was.straysSinceMs, setMa === 0 && flowsMa > safety.strayMa, sampledMs);
  // Nearly always nothing is different, and then nothing is made.
  const sameOn = leaksSinceMs === was.leaksSinceMs && overSinceMs === was.overSinceMs;
  const same = sameOn && deliversSinceMs === was.deliversSinceMs && straysSinceMs === was.straysSinceMs;
  return same ? was : { leaksSinceMs, overSinceMs, deliversSinceMs, straysSinceMs };
}

export type CurrentStop = "leakage" | "over-current" | "delivers-current";

export function currentStop(watch: CurrentWatch, { sampledMs, config: { safety } }: BayLook): CurrentStop | undefined {
  if (lasts(watch.overSinceMs, safety.overCurrentMs, sampledMs)) return "over-current";
  if (lasts(watch.leaksSinceMs, safety.leakageMs, sampledMs)) return "leakage";
  return lasts(watch.deliversSinceMs, safety.deliversMs, sampledMs) ? "delivers-current" : undefined;
}

/** Current goes on although the charger is off and its contactor open (E19). */
export const currentStrays = (watch: CurrentWatch, { sampledMs, config: { safety } }: BayLook): boolean =>
  lasts(watch.straysSinceMs, safety.strayMs, sampledMs);
