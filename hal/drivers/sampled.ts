/** The latest reading of one thing and who wants to hear of it. Every change is a new, immutable reading. */
import type { Reading, Watch } from "../ports/reading.ts";

export class Sampled<T> {
  private current: Reading<T>;
  private readonly watchers: Watch<T>[] = [];

  /** Stale from the start: nobody has measured anything yet. */
  constructor(unmeasured: T) {
    this.current = { value: unmeasured, atMs: 0, quality: "stale" };
  }

  get reading(): Reading<T> {
    return this.current;
  }

  watch(onChange: Watch<T>): void {
    this.watchers.push(onChange);
  }

  good(value: T, atMs: number): void {
    this.replace({ value, atMs, quality: "good" });
  }

  /** A reading that is another thing's as well: readings are never changed, so those that say the same may share one. */
  share(reading: Reading<T>): void {
    this.replace(reading);
  }

  /** The value is known better, or no longer; its time and quality stay. */
  amend(value: T): void {
    this.replace({ value, atMs: this.current.atMs, quality: this.current.quality });
  }

  /** What was known belongs to something else. */
  forget(value: T): void {
    this.replace({ value, atMs: this.current.atMs, quality: "stale" });
  }

  /** The device answers with what cannot be true. The last value and its time stay, as history. */
  invalid(): void {
    const { value, atMs, quality } = this.current;
    if (quality !== "invalid") this.replace({ value, atMs, quality: "invalid" });
  }

  /** The device stopped answering. */
  stale(): void {
    const { value, atMs, quality } = this.current;
    if (quality !== "stale") this.replace({ value, atMs, quality: "stale" });
  }

  private replace(reading: Reading<T>): void {
    this.current = reading;
    for (const watcher of this.watchers) watcher(reading);
  }
}
