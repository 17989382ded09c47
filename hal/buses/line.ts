/**
 * The life of one line: opening, losing, retrying, and opening anew for hygiene. A wire object is used once. It always
 * opens the very path it was given, so an adapter that comes back under another name stays closed instead of some other
 * port being written to.
 */
import type { Clock } from "../ports/clock.ts";
import type { LineSpec, OpenWire, Wire } from "../ports/wire.ts";
import { Alarm, SLACK_MS } from "./alarm.ts";

export interface LineEvents {
  /** Ready to be written. `afterOutage` is false when it was only opened anew for hygiene. */
  ready(afterOutage: boolean): void;
  bytes(chunk: Uint8Array): void;
  /** The line is gone or an attempt to open it failed; another attempt follows by itself. */
  lost(why: string): void;
}

export interface LineOptions {
  readonly spec: LineSpec;
  readonly openWire: OpenWire;
  readonly clock: Clock;
}

/** Pauses before the next attempt, the last one repeated. */
const RETRY_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 10_000];
/** The kernel may still hold the old descriptor's lock for a moment when a line is opened anew. */
const HYGIENE_RETRY_MS = 40;
const HYGIENE_TRIES_MAX = 3;
/** An adapter that neither opens nor fails is given up. */
const OPEN_MS_MAX = 5_000;

export class Line {
  state: "starting" | "opening" | "open" | "waiting" | "shut" = "starting";
  private readonly options: LineOptions;
  private readonly events: LineEvents;
  private readonly alarm: Alarm;
  private wire: Wire | undefined;
  private attempt = 0;
  private dueMs: number;
  private failures = 0;
  private hygieneTries = 0;
  private outage = true;

  constructor(options: LineOptions, events: LineEvents) {
    this.options = options;
    this.events = events;
    this.alarm = new Alarm(options.clock, () => this.wake());
    // The first attempt comes after the caller's turn, so that every driver of the line is there when it opens.
    this.dueMs = options.clock.monotonicMs();
    this.alarm.by(this.dueMs);
  }

  write(bytes: Uint8Array): void {
    this.wire?.write(bytes);
  }

  /** Somebody answered: the next loss starts again with the shortest pause. */
  proven(): void {
    this.failures = 0;
  }

  /** Closes and opens anew at once, so that nothing of the past is left in a buffer. */
  reopen(): void {
    if (this.state !== "open") return;
    this.drop();
    this.outage = false;
    this.hygieneTries = HYGIENE_TRIES_MAX;
    this.open();
  }

  /** Gives the line up for a while. Does not report it: the caller knows. */
  isolate(): void {
    this.drop();
    this.retryLater();
  }

  shut(): void {
    this.drop();
    this.state = "shut";
    this.alarm.cancel();
  }

  private drop(): void {
    this.attempt++;
    const wire = this.wire;
    this.wire = undefined;
    wire?.close();
  }

  private retryLater(): void {
    this.outage = true;
    this.hygieneTries = 0;
    this.waitFor(RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)] ?? 0);
  }

  private waitFor(pauseMs: number): void {
    this.state = "waiting";
    this.dueMs = this.options.clock.monotonicMs() + pauseMs;
    this.alarm.by(this.dueMs);
  }

  private wake(): void {
    if (this.state === "open" || this.state === "shut") return;
    if (this.options.clock.monotonicMs() < this.dueMs - SLACK_MS) this.alarm.by(this.dueMs);
    else if (this.state === "opening") this.failed("opening took too long");
    else this.open();
  }

  private open(): void {
    const attempt = ++this.attempt;
    let inside = true;
    let openedInside = false;
    this.state = "opening";
    this.dueMs = this.options.clock.monotonicMs() + OPEN_MS_MAX;
    const wire = this.options.openWire(this.options.spec, {
      opened: () => {
        if (inside) openedInside = true;
        else if (attempt === this.attempt) this.opened();
      },
      bytes: (chunk) => {
        if (attempt === this.attempt && this.state === "open") this.events.bytes(chunk);
      },
      closed: (why) => {
        if (attempt === this.attempt) this.failed(why);
      },
    });
    inside = false;
    if (attempt !== this.attempt) return;
    this.wire = wire;
    if (openedInside) this.opened();
    else this.alarm.by(this.dueMs);
  }

  private opened(): void {
    const afterOutage = this.outage;
    this.state = "open";
    this.outage = false;
    this.hygieneTries = 0;
    this.events.ready(afterOutage);
  }

  private failed(why: string): void {
    const wasOpening = this.state === "opening";
    this.drop();
    if (wasOpening && this.hygieneTries > 0) {
      this.hygieneTries--;
      this.waitFor(HYGIENE_RETRY_MS);
      return;
    }
    this.retryLater();
    this.events.lost(why);
  }
}
