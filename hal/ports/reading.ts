/**
 * What a sensor said, when, and how far it may be believed. A reading is immutable: a new sample is a new object, so a
 * consumer may keep one without copying it.
 */
export type Quality = "good" | "stale" | "invalid";

export interface Reading<T> {
  readonly value: T;
  /** Monotonic time of the sample the value comes from, not of the last attempt. */
  readonly atMs: number;
  /** `stale`: the device stopped answering. `invalid`: it answers, but with what cannot be true. */
  readonly quality: Quality;
}

/** Called with every new sample and with every change of quality. */
export type Watch<T> = (reading: Reading<T>) => void;
