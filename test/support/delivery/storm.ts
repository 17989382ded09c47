/**
 * What happens to a line and to those at its ends, drawn by chance from a seed: cuts, cuts within a packet, lines that look alive
 * and are dead, brokers that restart, processes that are killed. It goes on until it is told to stop.
 */
import type { SplitRandom } from "../../../simulator/random.ts";
import type { TcpProxy } from "../tcp-proxy.ts";

export interface Suffering {
  /** Every one of them gets the same treatment at the same moment. */
  readonly lines: readonly TcpProxy[];
  restartBroker(): Promise<void>;
  /** False when they have done nothing since the last time: killing them again and again would only stop everything. */
  killProcesses(): Promise<boolean>;
}

export interface StormCounts {
  cuts: number;
  tears: number;
  stalls: number;
  brokerRestarts: number;
  kills: number;
}

/** Times of what happens, in ms. A stall must outlast the patience of whoever waits. */
export interface StormTimes {
  readonly calmMin: number;
  readonly calmMax: number;
  readonly stall: number;
}

type Blow = keyof StormCounts;
const weights: readonly (readonly [Blow, number])[] = [
  ["cuts", 44],
  ["tears", 44],
  ["stalls", 3],
  ["brokerRestarts", 3],
  ["kills", 6],
];

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Storm {
  readonly counts: StormCounts = { cuts: 0, tears: 0, stalls: 0, brokerRestarts: 0, kills: 0 };
  private readonly random: SplitRandom;
  private readonly times: StormTimes;
  private over = false;

  constructor(random: SplitRandom, times: StormTimes) {
    this.random = random;
    this.times = times;
  }

  stop(): void {
    this.over = true;
  }

  async rage(suffering: Suffering): Promise<void> {
    while (!this.over) {
      await wait(this.random.between(this.times.calmMin, this.times.calmMax));
      if (!this.over) await this.strike(this.draw(), suffering);
    }
  }

  private draw(): Blow {
    let left = this.random.between(
      0,
      weights.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const [blow, weight] of weights) {
      left -= weight;
      if (left < 0) return blow;
    }
    return "cuts";
  }

  private async strike(blow: Blow, { lines, restartBroker, killProcesses }: Suffering): Promise<void> {
    if (blow === "kills" && !(await killProcesses())) return;
    this.counts[blow]++;
    switch (blow) {
      case "cuts":
        for (const line of lines) line.cut();
        return;
      case "tears": {
        const share = this.random.next();
        for (const line of lines) line.tear(share);
        return;
      }
      case "stalls":
        for (const line of lines) line.freeze();
        await wait(this.times.stall);
        for (const line of lines) line.thaw();
        return;
      case "brokerRestarts":
        return restartBroker();
      case "kills":
        return;
    }
  }
}
