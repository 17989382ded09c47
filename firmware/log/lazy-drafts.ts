/**
 * Drafts that may wait a little for company, and the outbox's mark, of which only the newest matters. Bounded in number
 * and in time; it keeps no promise that any of them reaches the disk.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { Drafted } from "./queue.ts";

export interface LazyDraftsOptions {
  readonly clock: Clock;
  readonly lazyMs: number;
  /** Called when they have waited long enough, or are too many. */
  flush(): void;
}

const LAZY_MAX = 64;

export class LazyDrafts {
  /** The outbox's mark moved since it was last written. */
  markMoved = false;
  private readonly options: LazyDraftsOptions;
  private waiting: Drafted[] = [];
  private timer: Timer | undefined;

  constructor(options: LazyDraftsOptions) {
    this.options = options;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  push(draft: Drafted): void {
    this.waiting.push(draft);
    if (this.waiting.length >= LAZY_MAX) this.options.flush();
    else this.arm();
  }

  moveMark(): void {
    this.markMoved = true;
    this.arm();
  }

  take(): Drafted[] {
    this.cancel();
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }

  cancel(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private arm(): void {
    this.timer ??= this.options.clock.after(this.options.lazyMs, this.options.flush);
  }
}
