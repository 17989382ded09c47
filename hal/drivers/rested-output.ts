/**
 * The relay of a compressor. Whoever decides lets it rest after every stop that was decided; this lets it rest after those that were
 * not: a board that lost its supply, a line that was cut, a process that stood still for longer than its lease. It then looked as if
 * it ran all along, and going on at once would start it against its pressure. It never switches anything on by itself.
 */
import type { Clock } from "../ports/clock.ts";
import type { SwitchedOutput } from "../ports/switched-output.ts";

/** Longer than this without being known to be on, it may have gone off: no lease lasts longer. */
const LEASE_MS_MAX = 2_000;

export class RestedOutput implements SwitchedOutput {
  private readonly output: SwitchedOutput;
  private readonly clock: Pick<Clock, "monotonicMs">;
  private readonly restMs: number;
  /** When it was last known to run; undefined while it does not. */
  private ranMs: number | undefined;
  private restsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(output: SwitchedOutput, clock: Pick<Clock, "monotonicMs">, restMs: number) {
    this.output = output;
    this.clock = clock;
    this.restMs = restMs;
  }

  hold(on: boolean, untilMs: number): void {
    const nowMs = this.clock.monotonicMs();
    if (this.ranMs !== undefined && nowMs - this.ranMs > LEASE_MS_MAX) {
      this.ranMs = undefined;
      this.restsUntilMs = nowMs + this.restMs;
    }
    // Meant to run, known to have run, and not known to run now: its lease ended while nobody could renew it.
    else if (this.ranMs !== undefined && on && this.output.state() === "off") {
      this.ranMs = undefined;
      this.restsUntilMs = nowMs + this.restMs;
    }
    // A board that is driven by words knows best when a word may have come too late.
    const wentOffMs = this.output.wentOffMs?.() ?? Number.NEGATIVE_INFINITY;
    const runs = on && nowMs >= this.restsUntilMs && nowMs >= wentOffMs + this.restMs;
    this.output.hold(runs, untilMs);
    if (!runs) this.ranMs = undefined;
    else if (this.output.state() === "on") this.ranMs = nowMs;
  }

  state(): "on" | "off" | "unknown" {
    return this.output.state();
  }
}
