/**
 * What is broken on purpose at this moment, for judges: a checker that finds a coil hot for two seconds must know that somebody
 * shorted its driver. It holds no rule; who is excused by what is the checker's own decision, and each says why.
 */
import type { Clock } from "../../hal/ports/clock.ts";

interface Trouble {
  readonly name: string;
  readonly where: string;
  readonly sinceMs: number;
  untilMs: number | undefined;
}

/** Ended ones are kept so long: what they did may show later. */
const keptMs = 600_000;

export class Troubles {
  private readonly clock: Clock;
  private list: Trouble[] = [];
  private isFirst = true;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Nothing was ever broken on purpose in this run. */
  get isUntouched(): boolean {
    return this.isFirst;
  }

  begin(name: string, where: string): () => void {
    this.isFirst = false;
    const trouble: Trouble = { name, where, sinceMs: this.clock.monotonicMs(), untilMs: undefined };
    this.list.push(trouble);
    return () => {
      trouble.untilMs ??= this.clock.monotonicMs();
      const oldMs = this.clock.monotonicMs() - keptMs;
      this.list = this.list.filter(({ untilMs }) => untilMs === undefined || untilMs > oldMs);
    };
  }

  /** Whether this is broken now, or was at most `withinMs` ago. `where` undefined: anywhere. */
  active(name: string, where?: string, withinMs = 0): boolean {
    const sinceMs = this.clock.monotonicMs() - withinMs;
    return this.list.some(
      (one) =>
        one.name === name &&
        (where === undefined || one.where === where) &&
        (one.untilMs === undefined || (withinMs > 0 && one.untilMs >= sinceMs)),
    );
  }

  /** Whether anything is broken at a place whose name begins so, or was at most `withinMs` ago. */
  activeAt(place: string, withinMs: number): boolean {
    const sinceMs = this.clock.monotonicMs() - withinMs;
    return this.list.some(
      ({ where, untilMs }) => where.startsWith(place) && (untilMs === undefined || untilMs >= sinceMs),
    );
  }

  /** Names of all that is broken now. */
  now(): { readonly name: string; readonly where: string; readonly sinceMs: number }[] {
    return this.list.filter(({ untilMs }) => untilMs === undefined);
  }
}
