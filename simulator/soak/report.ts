/** What a swarm amounts to: counts over all seeds, what failed and how to see it again, what was never come by. */
import { judgeHits } from "./sometimes.ts";
import type { SeedDone } from "./work.ts";

export interface SoakFailure {
  readonly seed: string;
  readonly invariant: string;
  readonly atMs: number;
  readonly what: string;
  /** The one command that shows it again. */
  readonly replay: string;
}

export interface SoakReport {
  readonly seeds: number;
  readonly simulatedDays: number;
  readonly visits: number;
  readonly swaps: number;
  readonly starts: number;
  readonly checked: number;
  readonly transactions: number;
  readonly strikes: number;
  readonly struck: Readonly<Record<string, number>>;
  readonly failures: readonly SoakFailure[];
  readonly sometimes: { readonly hit: number; readonly of: number; readonly missing: readonly string[] };
  readonly cpuSeconds: number;
  /** Simulated seconds for each second of processor time. */
  readonly timesRealTimeACore: number;
  /** Over the digests of all seeds, in order. */
  readonly digests: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;

export class SoakTally {
  private readonly done: SeedDone[] = [];
  private readonly hits = new Map<string, number>();
  private readonly howTo: (seed: string) => string;

  constructor(howTo: (seed: string) => string) {
    this.howTo = howTo;
  }

  add(one: SeedDone): void {
    this.done.push(one);
    for (const [name, count] of one.result.hits) this.hits.set(name, (this.hits.get(name) ?? 0) + count);
  }

  get seeds(): number {
    return this.done.length;
  }

  get simulatedMs(): number {
    return this.sum(({ result }) => result.simulatedMs);
  }

  coverage(): { readonly hit: number; readonly of: number; readonly missing: readonly string[] } {
    return judgeHits(this.hits);
  }

  failureOf({ seed, result }: SeedDone): SoakFailure | undefined {
    const { violation } = result;
    return violation === undefined ? undefined : { seed, ...violation, replay: this.howTo(seed) };
  }

  report(): SoakReport {
    const struck: Record<string, number> = {};
    for (const { result } of this.done)
      for (const [name, count] of Object.entries(result.struck)) struck[name] = (struck[name] ?? 0) + count;
    const inOrder = [...this.done].sort((one, other) => one.seed.localeCompare(other.seed, "en", { numeric: true }));
    const cpuMs = this.sum((one) => one.cpuMs);
    return {
      seeds: this.seeds,
      simulatedDays: Number((this.simulatedMs / DAY_MS).toFixed(2)),
      visits: this.sum(({ result }) => result.visits),
      swaps: this.sum(({ result }) => result.tally.completed),
      starts: this.sum(({ result }) => result.lives),
      checked: this.sum(({ result }) => result.checked),
      transactions: this.sum(({ result }) => result.transactions),
      strikes: Object.values(struck).reduce((sum, count) => sum + count, 0),
      struck: Object.fromEntries(Object.entries(struck).sort(([, one], [, other]) => other - one)),
      failures: inOrder.flatMap((one) => this.failureOf(one) ?? []),
      sometimes: this.coverage(),
      cpuSeconds: Number((cpuMs / 1_000).toFixed(1)),
      timesRealTimeACore: Math.round(this.simulatedMs / Math.max(1, cpuMs)),
      digests: Object.fromEntries(inOrder.map(({ seed, result }) => [seed, result.digest])),
    };
  }

  private sum(of: (one: SeedDone) => number): number {
    return this.done.reduce((sum, one) => sum + of(one), 0);
  }
}

const listed = (items: readonly string[], indent: string): string => items.map((item) => `${indent}${item}\n`).join("");

export function soakPage(report: SoakReport): string {
  const { sometimes, failures } = report;
  const pct = ((100 * sometimes.hit) / Math.max(1, sometimes.of)).toFixed(1);
  const faultLines = Object.entries(report.struck).map(([name, count]) => `${String(count).padStart(6)}  ${name}`);
  return [
    `${report.seeds} seeds, ${report.simulatedDays} simulated days, ${report.visits} visits, ${report.swaps} swaps, ${report.starts} starts of the controller`,
    `${report.transactions} frames on the wires, ${report.checked} looks by checkers, ${report.strikes} faults struck, ${Object.keys(report.struck).length} kinds`,
    `${report.cpuSeconds} s of processor time: ${report.timesRealTimeACore} × real time a core`,
    `sometimes-properties: ${sometimes.hit} of ${sometimes.of} come by (${pct} %)`,
    ...(faultLines.length === 0 ? [] : ["", "faults by kind", listed(faultLines, "  ").trimEnd()]),
    ...(sometimes.missing.length === 0 ? [] : ["", "never come by", listed(sometimes.missing, "  ").trimEnd()]),
    "",
    failures.length === 0
      ? "no invariant was violated"
      : `${failures.length} of ${report.seeds} seeds failed\n${listed(
          failures.map(
            ({ seed, invariant, atMs, what, replay }) =>
              `seed ${seed}, after ${Math.round(atMs / 1_000)} s: ${invariant}: ${what}\n    ${replay}`,
          ),
          "  ",
        ).trimEnd()}`,
  ].join("\n");
}
