/**
 * What was acknowledged and what was seen, per station and stream, by the numbers of the events. The broker took responsibility
 * for whatever it acknowledged, so an acknowledged event that the observer never sees is lost. It refuses to judge what happened
 * while the observer itself was away: those events are counted as unjudged, never as delivered.
 */

/** A set of numbers that mostly grows from 1 without gaps: one number instead of thousands. */
export class NumberSet {
  private upTo = 0;
  private readonly above = new Set<number>();

  /** False when it was there already. */
  add(value: number): boolean {
    if (this.has(value)) return false;
    this.above.add(value);
    while (this.above.delete(this.upTo + 1)) this.upTo++;
    return true;
  }

  has(value: number): boolean {
    return value <= this.upTo || this.above.has(value);
  }

  get size(): number {
    return this.upTo + this.above.size;
  }
}

export interface EventName {
  readonly station: string;
  readonly stream: string;
  readonly seq: number;
}

export interface DeliveryStats {
  readonly acknowledged: number;
  readonly seen: number;
  readonly duplicated: number;
  /** Acknowledged, not seen, and the observer was there all the time. */
  readonly lost: number;
  /** Acknowledged and not seen, but the observer was away around then, or it was acknowledged only just now. */
  readonly unjudged: number;
  /** A few of the lost ones by name. */
  readonly examples: readonly string[];
}

/** An event may take this long from the broker to the observer. */
const GRACE_MS = 5_000;
const EXAMPLES_MAX = 5;

const keyOf = ({ station, stream, seq }: EventName): string => `${station} ${stream} ${seq}`;

export class DeliveryBook {
  /** By `station stream`. */
  private readonly seenOf = new Map<string, NumberSet>();
  private readonly acknowledgedOf = new Map<string, NumberSet>();
  /** Acknowledged and not seen yet, with the moment. */
  private readonly awaited = new Map<string, number>();
  private readonly unjudged = new Set<string>();
  private watching = false;
  private duplicated = 0;

  /** The observer's subscriptions are in force, or it lost them. */
  observerIs(watching: boolean): void {
    this.watching = watching;
    if (watching) return;
    for (const key of this.awaited.keys()) this.unjudged.add(key);
    this.awaited.clear();
  }

  acknowledged(event: EventName, nowMs: number): void {
    // A re-sent event is acknowledged again; it is one event.
    if (!this.setIn(this.acknowledgedOf, event).add(event.seq) || this.setIn(this.seenOf, event).has(event.seq)) return;
    if (this.watching) this.awaited.set(keyOf(event), nowMs);
    else this.unjudged.add(keyOf(event));
  }

  seen(event: EventName): void {
    if (!this.setIn(this.seenOf, event).add(event.seq)) this.duplicated++;
    const key = keyOf(event);
    if (!this.awaited.delete(key)) this.unjudged.delete(key);
  }

  /** Events that the observer may still be about to see. */
  awaiting(): number {
    return this.awaited.size;
  }

  stats(nowMs: number): DeliveryStats {
    const lost = [...this.awaited].filter(([, sinceMs]) => nowMs - sinceMs >= GRACE_MS).map(([key]) => key);
    return {
      acknowledged: total(this.acknowledgedOf),
      seen: total(this.seenOf),
      duplicated: this.duplicated,
      lost: lost.length,
      unjudged: this.unjudged.size + this.awaited.size - lost.length,
      examples: lost.slice(0, EXAMPLES_MAX),
    };
  }

  private setIn(sets: Map<string, NumberSet>, { station, stream }: EventName): NumberSet {
    const key = `${station} ${stream}`;
    const found = sets.get(key);
    if (found !== undefined) return found;
    const made = new NumberSet();
    sets.set(key, made);
    return made;
  }
}

function total(sets: ReadonlyMap<string, NumberSet>): number {
  let sum = 0;
  for (const set of sets.values()) sum += set.size;
  return sum;
}
