/**
 * The mains meter of the cabinets: power per source, energy, cost by the hour's price, and the peak. Power counts as
 * constant between two reports of a source, so whoever draws it reports often enough.
 */

/** CNY per kWh by local hour: a night, a day and two evening rates in the manner of a Chinese time-of-use tariff. */
const PRICES = [
  0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.65, 1.0, 1.0, 1.0, 0.65, 0.65, 0.65, 0.65, 0.65, 0.65, 1.0, 1.0, 1.0, 1.0,
  0.65, 0.65, 0.35,
] as const;

const HOUR_MS = 3_600_000;
const J_PER_KWH = 3_600_000;

export class GridMeter {
  totalW = 0;
  peakW = 0;
  energyJ = 0;
  cost = 0;
  private readonly watts: Float64Array;
  private readonly localStartMs: number;
  private lastMs = 0;
  private price = 0;
  private priceUntilMs = 0;

  constructor(sources: number, localStartMs: number) {
    this.watts = new Float64Array(sources);
    this.localStartMs = localStartMs;
  }

  /** From now on `source` draws `watts`. */
  report(source: number, watts: number, nowMs: number): void {
    this.pass(nowMs);
    this.totalW += watts - (this.watts[source] as number);
    this.watts[source] = watts;
    if (this.totalW > this.peakW) this.peakW = this.totalW;
  }

  /** Counts energy up to now. Also takes away what adding and subtracting left over in the total. */
  settle(nowMs: number): void {
    this.pass(nowMs);
    let sum = 0;
    for (let source = 0; source < this.watts.length; source++) sum += this.watts[source] as number;
    this.totalW = sum;
  }

  private pass(nowMs: number): void {
    while (nowMs > this.priceUntilMs) this.passUntil(this.priceUntilMs, true);
    this.passUntil(nowMs, false);
  }

  private passUntil(untilMs: number, hourEnds: boolean): void {
    const joules = (this.totalW * (untilMs - this.lastMs)) / 1_000;
    this.energyJ += joules;
    this.cost += (joules / J_PER_KWH) * this.price;
    this.lastMs = untilMs;
    if (!hourEnds) return;
    const hours = Math.floor((this.localStartMs + untilMs) / HOUR_MS);
    this.price = PRICES[((hours % 24) + 24) % 24] as number;
    this.priceUntilMs = (hours + 1) * HOUR_MS - this.localStartMs;
  }
}
