/**
 * What the station knows of wall time, whatever its clock says. The floor is the newest time that somebody with a key signed;
 * from there it rises with the monotonic clock, a little slower than that, so that a fast oscillator cannot carry it past the
 * truth. A clock that was set back, by a spoofed time source or a pulled battery, is answered by the floor. The wall clock itself
 * never raises the floor, or one jump forward would refuse everybody for ever.
 */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
  readonly synchronised: boolean;
}

/** The newest signed time, and when it was learned in this run. */
export interface FloorMark {
  readonly floorMs: number;
  readonly atMs: number;
}

/** Fault C4 lets a clock gain 1 s a minute, which is 1.7 %; the floor stays below that. */
const slowdown = 0.98;

export const floorAt = (mark: FloorMark, monotonicMs: number): number =>
  mark.floorMs + Math.max(0, Math.floor((monotonicMs - mark.atMs) * slowdown));

export interface KnownTime {
  /** No credential of before this is good. */
  readonly floorMs: number;
  readonly nowMs: number;
  readonly synchronised: boolean;
  /** The clock stands further behind the floor than two clocks may differ. */
  readonly behind: boolean;
}

export function knownTime(moment: Moment, mark: FloorMark, skewMs: number): KnownTime {
  const floorMs = floorAt(mark, moment.monotonicMs);
  const behind = moment.wallMs + skewMs < floorMs;
  return {
    floorMs,
    nowMs: Math.max(moment.wallMs, floorMs),
    synchronised: moment.synchronised && !behind,
    behind: moment.synchronised && behind,
  };
}

export type WindowVerdict = "inside" | "expired" | "not-yet-valid" | "clock-unsynchronised";

/** What may be forgotten is exactly what this refuses by the floor: see `used.ts`. */
export function judgeWindow(
  window: { readonly fromMs: number; readonly untilMs: number },
  time: KnownTime,
  rule: { readonly skewMs: number; readonly unsynchronisedLeapMs: number },
): WindowVerdict {
  const { skewMs } = rule;
  if (window.untilMs + skewMs < time.floorMs) return "expired";
  const begun = window.fromMs - skewMs <= time.nowMs;
  const over = window.untilMs + skewMs < time.nowMs;
  if (begun && !over) return "inside";
  if (time.synchronised) return over ? "expired" : "not-yet-valid";
  if (!over && window.fromMs - time.nowMs <= rule.unsynchronisedLeapMs) return "inside";
  return "clock-unsynchronised";
}
