/**
 * One reading: a value, when it was sampled and how good it is. A missing reading is `undefined`, which no rule may take for
 * "normal".
 */
export type Quality = "good" | "stale" | "invalid";

export interface Reading<T> {
  readonly value: T;
  /** Monotonic ms of the sample. */
  readonly atMs: number;
  readonly quality: Quality;
}

/** The value when it is good and at most `maxAgeMs` old, otherwise undefined: one way to ask, so nobody forgets the age. */
export function fresh<T>(reading: Reading<T> | undefined, nowMs: number, maxAgeMs: number): T | undefined {
  if (reading === undefined || reading.quality !== "good") return undefined;
  return nowMs - reading.atMs <= maxAgeMs ? reading.value : undefined;
}
