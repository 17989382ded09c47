/**
 * Events that were decided and numbered and that the log could not take: kept in memory, in order, and offered to the log again until
 * it takes them, so that a disk that fails for a while leaves no gap in a stream. Bounded; whatever is beyond the bound is
 * counted as dropped. It does not survive the process: what no disk ever held is promised to nobody.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { DiskFailure } from "../../hal/ports/disk.ts";
import { DROPPABLE_STREAM, LOG_CODES, type LogDraft } from "../log/entry.ts";
import type { OneLog } from "../log/one-log.ts";

const KEPT_MAX = 1_000;
const BATCH_MAX = 100;
const AGAIN_MS = 1_000;

/** Of these no later moment can make anything else. */
const forGood: ReadonlySet<string> = new Set([LOG_CODES.tooLarge, LOG_CODES.closed]);

export interface UnwrittenEventsOptions {
  readonly clock: Clock;
  readonly log: Pick<OneLog, "append" | "failure">;
  /** Some of them are on the disk now. */
  readonly written: () => void;
}

export class UnwrittenEvents {
  private readonly options: UnwrittenEventsOptions;
  private kept: LogDraft[] = [];
  private offering = false;
  private timer: Timer | undefined;
  private droppedCount = 0;

  constructor(options: UnwrittenEventsOptions) {
    this.options = options;
  }

  get waiting(): number {
    return this.kept.length;
  }

  get dropped(): number {
    return this.droppedCount;
  }

  /** Keeps the events among drafts that were refused; what publishes nothing stands in the next checkpoint. */
  keep(drafts: readonly LogDraft[], failure: DiskFailure): void {
    // Telemetry makes way, and the log counts it.
    const events = drafts.filter(({ publish }) => publish !== undefined && publish.stream !== DROPPABLE_STREAM);
    const room = forGood.has(failure.code) ? 0 : Math.max(0, KEPT_MAX - this.kept.length);
    // They happened, or were called off since: either way they are outcomes now.
    this.kept.push(...events.slice(0, room).map((draft) => ({ ...draft, outcome: true })));
    this.droppedCount += Math.max(0, events.length - room);
    this.later();
  }

  /** Offers what is kept before anything newer is appended. */
  offer(): void {
    if (this.kept.length === 0 || this.offering || this.options.log.failure() !== undefined) return;
    this.offering = true;
    const batch = this.kept.slice(0, BATCH_MAX);
    this.options.log.append(batch, (failure) => {
      this.offering = false;
      if (failure === undefined || forGood.has(failure.code)) this.kept.splice(0, batch.length);
      if (failure === undefined) {
        this.options.written();
        this.offer();
      } else {
        if (forGood.has(failure.code)) this.droppedCount += batch.length;
        this.later();
      }
    });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private later(): void {
    if (this.kept.length === 0) return;
    this.timer ??= this.options.clock.after(AGAIN_MS, () => {
      this.timer = undefined;
      this.offer();
      this.later();
    });
  }
}
