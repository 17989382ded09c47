/**
 * Keeps one expander process running: starts it, hears it, ends it when it falls silent, and starts it anew after 1, 2, 4, 8,
 * then every 10 s. It waits for nobody: a board that never answers costs the station nothing but that board's readings.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { ExpanderProcess, ForkExpander } from "./child-process.ts";
import { type Order, pauseMs, Report } from "./messages.ts";

export type ExpanderHealth =
  | { readonly is: "ready"; readonly firmware: string }
  | { readonly is: "absent" | "lost" | "refused"; readonly why: string };

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly fork: ForkExpander;
  readonly open: Extract<Order, { say: "open" }>;
  readonly heard: (report: Extract<Report, { say: "sampled" | "confirmed" }>) => void;
  /** Every change, the same one once. */
  readonly health: (health: ExpanderHealth) => void;
}

/** Loading Node and the program on a small computer whose card is busy. */
const FIRST_WORD_MAX_MS = 15_000;
const SILENT_MAX_MS = 3_000;
/** A board that was heard for this long starts the pauses from the beginning. */
const HEALTHY_MS = 10_000;
/** Nobody installs a package or moves a wire within a second. */
const LASTING_PAUSE_MS = 60_000;
const RELEASE_MAX_MS = 1_000;

export class Supervisor {
  private readonly options: SupervisorOptions;
  private process: ExpanderProcess | undefined;
  private restart: Timer | undefined;
  private readySinceMs: number | undefined;
  private spokeMs = 0;
  private spoken = false;
  private tries = 0;
  /** How the process said that it would end. */
  private announced: "lost" | "refused" | undefined;
  private closed = false;
  private told: ExpanderHealth | undefined;

  constructor(options: SupervisorOptions) {
    this.options = options;
    this.start();
  }

  get ready(): boolean {
    return this.readySinceMs !== undefined;
  }

  /** Only a board that is ready has any use for an order. */
  send(order: Order): void {
    if (this.ready) this.process?.send(order);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.restart?.cancel();
    this.readySinceMs = undefined;
    const { process } = this;
    if (process === undefined) return;
    process.release();
    // Cancelled when it ends by itself, so that a station that closes is not kept waiting.
    this.restart = this.options.clock.after(RELEASE_MAX_MS, () => process.kill());
  }

  private start(): void {
    const { clock, fork, open } = this.options;
    this.spoken = false;
    this.announced = undefined;
    this.spokeMs = clock.monotonicMs();
    const process: ExpanderProcess = fork({
      message: (message) => this.hear(process, message),
      ended: (how) => this.ended(process, how),
    });
    this.process = process;
    process.send(open);
    this.watch(process);
  }

  private watch(process: ExpanderProcess): void {
    if (this.process !== process || this.closed) return;
    const { clock } = this.options;
    const limitMs = this.spoken ? SILENT_MAX_MS : FIRST_WORD_MAX_MS;
    const leftMs = this.spokeMs + limitMs - clock.monotonicMs();
    if (leftMs > 0) {
      clock.after(Math.min(leftMs, SILENT_MAX_MS), () => this.watch(process));
      return;
    }
    // What it says after this is not heard: bytes that waited in a stopped process are not news.
    this.ended(process, `the expander process said nothing for ${limitMs} ms`);
    process.kill();
  }

  private hear(process: ExpanderProcess, message: unknown): void {
    if (this.process !== process || this.closed) return;
    const { success, data: report } = Report.safeParse(message);
    if (!success) return;
    const { clock } = this.options;
    this.spoken = true;
    this.spokeMs = clock.monotonicMs();
    switch (report.say) {
      case "alive":
        return;
      case "ready":
        this.readySinceMs = this.spokeMs;
        this.tell({ is: "ready", firmware: report.firmware });
        return;
      case "absent":
        this.tell({ is: "absent", why: report.why });
        return;
      case "ended":
        this.announced = report.lasting ? "refused" : "lost";
        this.readyNoMore();
        this.tell({ is: this.announced, why: report.why });
        return;
      case "sampled":
      case "confirmed":
        this.options.heard(report);
        return;
    }
  }

  private readyNoMore(): void {
    const sinceMs = this.readySinceMs;
    this.readySinceMs = undefined;
    if (sinceMs !== undefined && this.options.clock.monotonicMs() - sinceMs >= HEALTHY_MS) this.tries = 0;
  }

  private ended(process: ExpanderProcess, how: string): void {
    if (this.process !== process) return;
    this.process = undefined;
    if (this.closed) {
      this.restart?.cancel();
      return;
    }
    this.readyNoMore();
    // One that announced its end has said why already.
    if (this.announced === undefined) this.tell({ is: "lost", why: how });
    const delayMs = this.announced === "refused" ? LASTING_PAUSE_MS : pauseMs(this.tries++);
    this.restart = this.options.clock.after(delayMs, () => this.start());
  }

  private tell(health: ExpanderHealth): void {
    if (JSON.stringify(health) === JSON.stringify(this.told)) return;
    this.told = health;
    this.options.health(health);
  }
}
