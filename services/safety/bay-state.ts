/** What bay safety keeps through a restart: stops, latches, and the few counts that a rule needs over longer than a life. */
import type { BayLatchCause, BayStop, HeaterStop } from "../bay/stops.ts";

interface Stopped<Why> {
  readonly why: Why;
  /** The pack it was about, where that one told its name. */
  readonly packId?: string;
}

export interface BayLatch {
  readonly cabinet: string;
  readonly why: BayLatchCause;
  /** Wall ms. */
  readonly since: number;
}

/** All by bay number. */
export interface BaySafetyState {
  readonly stops: Readonly<Record<string, Stopped<BayStop>>>;
  readonly heaterStops: Readonly<Record<string, Stopped<HeaterStop>>>;
  readonly latches: Readonly<Record<string, BayLatch>>;
  /** Electrical stops since midnight. */
  readonly electrical: Readonly<Record<string, number>>;
  /** How many pulses a lock had had within the pulse window when it was pulsed last. */
  readonly pulses: Readonly<Record<string, number>>;
}

export const emptyBaySafety: BaySafetyState = { stops: {}, heaterStops: {}, latches: {}, electrical: {}, pulses: {} };
