/**
 * What a consumer counts of numbered events that reach it at least once: each id once, repeats apart, and whether sorting by stream
 * and `seq` restores the order in which they were produced. It keeps a few bytes an event, so that a million of them fit.
 */
export interface Received {
  readonly id: string;
  readonly stream: string;
  readonly seq: number;
  /** The producer's own number of the event, from 1: what the consumer is judged by, not what it judges by. */
  readonly number: number;
}

export interface Account {
  readonly received: number;
  /** Different ids. */
  readonly unique: number;
  /** Messages that bore an id which had been seen. */
  readonly duplicates: number;
  /** Events that came under a second id, or ids that came with another event: what dropping repeats by id cannot mend. */
  readonly leftAfterDeduplication: number;
  /** First arrivals that came behind a later one of their stream. */
  readonly inversions: number;
}

interface StreamAccount {
  /** Producer's number by `seq`, 0 where nothing came yet. */
  numbers: number[];
  highestSeq: number;
}

export class EventAccount {
  private readonly numberOf = new Map<string, number>();
  private readonly seen = new Set<number>();
  private readonly streams = new Map<string, StreamAccount>();
  private count = 0;
  private duplicates = 0;
  private left = 0;
  private inversions = 0;

  take({ id, stream, seq, number }: Received): void {
    this.count++;
    const before = this.numberOf.get(id);
    if (before !== undefined) {
      this.duplicates++;
      if (before !== number) this.left++;
      return;
    }
    this.numberOf.set(id, number);
    if (this.seen.has(number)) this.left++;
    this.seen.add(number);
    const account = this.streams.get(stream) ?? { numbers: [], highestSeq: 0 };
    this.streams.set(stream, account);
    if (account.numbers[seq] !== undefined) this.left++;
    account.numbers[seq] = number;
    if (seq < account.highestSeq) this.inversions++;
    account.highestSeq = Math.max(account.highestSeq, seq);
  }

  get unique(): number {
    return this.numberOf.size;
  }

  has(number: number): boolean {
    return this.seen.has(number);
  }

  totals(): Account {
    const { count: received, unique, duplicates, left: leftAfterDeduplication, inversions } = this;
    return { received, unique, duplicates, leftAfterDeduplication, inversions };
  }

  /** Streams in which sorting by `seq` does not give every number from 1 on, in the order of production. */
  disordered(): string[] {
    return [...this.streams].flatMap(([stream, { numbers }]) => {
      let last = 0;
      for (let seq = 1; seq < numbers.length; seq++) {
        const number = numbers[seq];
        if (number === undefined) return [`${stream}: seq ${seq} is missing`];
        if (number <= last) return [`${stream}: seq ${seq} is event ${number}, behind ${last}`];
        last = number;
      }
      return [];
    });
  }
}
