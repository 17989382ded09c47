/** What a simulated run amounts to: the JSON of the `simulate` command, and the same as a page for people. */
import type { JournalRecord } from "../services/journal/records.ts";
import { outcomes } from "../services/swap/outcomes.ts";
import { type RoomReport, roomPage } from "./room-report.ts";
import type { Simulation } from "./simulation.ts";
import type { RiderVisit } from "./visit-types.ts";

/** Counts what the controller journals. */
export interface Tally {
  started: number;
  completed: number;
  refused: number;
  cancelled: number;
  owed: number;
  readonly durationsMs: number[];
  readonly outcomes: Record<string, number>;
}

export const newTally = (): Tally => ({
  started: 0,
  completed: 0,
  refused: 0,
  cancelled: 0,
  owed: 0,
  durationsMs: [],
  outcomes: {},
});

export function count(tally: Tally, record: JournalRecord): void {
  if (record.kind === "swap-reserved") tally.started++;
  if (record.kind === "scan-refused") {
    tally.refused++;
    tally.outcomes[record.reason] = (tally.outcomes[record.reason] ?? 0) + 1;
  }
  if (record.kind !== "swap-ended") return;
  tally.outcomes[record.outcome] = (tally.outcomes[record.outcome] ?? 0) + 1;
  const end = outcomes[record.outcome].class;
  tally[end]++;
  if (end === "completed" && record.durationMs !== undefined) tally.durationsMs.push(record.durationMs);
}

/** Nearest rank, so that the figure is one that really happened; 0 of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? 0;
}

const percentileSeconds = (durationsMs: readonly number[], percent: number): number =>
  Math.round(percentile(durationsMs, percent) / 100) / 10;

export interface RiderReport {
  readonly arrivals: number;
  /** Of all visits that are over, whatever the rider did or the station had: left with a charged pack. */
  readonly gotPack: { readonly visits: number; readonly withPack: number; readonly sharePct: number };
  /** Found a ready pack and an empty bay, and played their part to the end. */
  readonly served: { readonly entitled: number; readonly leftWithPack: number; readonly sharePct: number };
  readonly endings: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  /** Visits that ended without a word from the station. A right controller keeps this at 0. */
  readonly unnamed: number;
}

export interface SimulationReport {
  readonly seed: string;
  readonly config: string;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly speed: number;
  readonly swaps: {
    readonly requested: number;
    readonly completed: number;
    readonly refused: number;
    readonly failed: number;
    readonly p50Seconds: number;
    readonly p95Seconds: number;
    readonly outcomes: Readonly<Record<string, number>>;
  };
  readonly riders: RiderReport;
  readonly readiness: { readonly stockOutSeconds: number; readonly lostSwaps: number };
  readonly energy: {
    readonly chargeKwh: number;
    readonly heatKwh: number;
    /** Energy of the bay heaters per completed swap. */
    readonly heatWhPerSwap: number;
    readonly cost: number;
    readonly peakW: number;
  };
  /** Packs that came in below 0 °C, and what was charged into any pack below it: a right controller keeps that at 0. */
  readonly cold: { readonly deposits: number; readonly chargeSeconds: number; readonly chargeCoulombs: number };
  readonly mqtt: { readonly messages: number; readonly bytes: number };
  readonly wire: { readonly transactions: number; readonly collisions: number };
  readonly invariants: {
    readonly checked: number;
    readonly violated: readonly { invariant: string; atMs: number; what: string }[];
  };
  /** Only where the station has a room of its own. */
  readonly room?: RoomReport;
  readonly digest: string;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Whether a visit counts among those that must end with a pack. */
export function entitled(visit: RiderVisit): boolean {
  return visit.behaviour === "proper" && visit.readyAtArrival && visit.endedMs !== undefined;
}

const sharePct = (part: number, whole: number): number => (whole === 0 ? 100 : round((part / whole) * 100, 3));

const withPack = (visits: readonly RiderVisit[]): number =>
  visits.filter((visit) => visit.receivedPack !== undefined).length;

function riderReport(simulation: Simulation): RiderReport {
  const { stats } = simulation.world;
  const { visits } = stats;
  const entitledVisits = visits.filter(entitled);
  const leftWithPack = withPack(entitledVisits);
  const all = withPack(visits);
  return {
    arrivals: stats.arrivals,
    gotPack: { visits: visits.length, withPack: all, sharePct: sharePct(all, visits.length) },
    served: {
      entitled: entitledVisits.length,
      leftWithPack,
      sharePct: sharePct(leftWithPack, entitledVisits.length),
    },
    endings: stats.endings,
    refusals: stats.refusals,
    unnamed: stats.endings.ignored,
  };
}

function coldReport({ world }: Simulation): SimulationReport["cold"] {
  const { packs } = world.truth;
  const came = world.stats.visits.filter(
    ({ depositedPack, broughtC = 0 }) => depositedPack !== undefined && broughtC < 0,
  );
  return {
    deposits: came.length,
    chargeSeconds: round(sum(packs.map((pack) => pack.chargeBelowZeroSeconds)), 1),
    chargeCoulombs: round(sum(packs.map((pack) => pack.chargeBelowZeroCoulombs)), 3),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const lostFor = new Set<string>(["no-full-pack", "packs-warming"]);

export interface ReportInput {
  readonly seed: string;
  readonly configPath: string;
  readonly wallSeconds: number;
  readonly tally: Tally;
}

/** May be made at any moment of a run, and changes nothing in it. */
export function makeReport(simulation: Simulation, input: ReportInput): SimulationReport {
  const { world, clock, broker, invariants, station } = simulation;
  const digest = simulation.digest.copy();
  const { stats } = world;
  const { tally } = input;
  const simulatedSeconds = clock.nowMs / 1_000;
  const sent = broker?.counters();
  digest.text(station.journal.log.head().hash);
  digest.number(sent?.upMessages ?? 0);
  digest.number(sent?.upBytes ?? 0);
  digest.number(stats.transactions);
  const lostSwaps = Object.entries(stats.refusals).reduce(
    (sum, [code, times]) => (lostFor.has(refusalOf(code)) ? sum + times : sum),
    0,
  );
  return {
    seed: input.seed,
    config: input.configPath,
    simulatedSeconds: Math.round(simulatedSeconds),
    wallSeconds: round(input.wallSeconds, 2),
    speed: Math.round(simulatedSeconds / Math.max(input.wallSeconds, 0.001)),
    swaps: {
      requested: tally.started + tally.refused,
      completed: tally.completed,
      refused: tally.refused,
      failed: tally.cancelled + tally.owed,
      p50Seconds: percentileSeconds(tally.durationsMs, 50),
      p95Seconds: percentileSeconds(tally.durationsMs, 95),
      outcomes: tally.outcomes,
    },
    riders: riderReport(simulation),
    readiness: { stockOutSeconds: Math.round(stats.stockOutSeconds), lostSwaps },
    energy: {
      chargeKwh: round(stats.energyKwh - stats.heaterKwh, 2),
      heatKwh: round(stats.heaterKwh, 2),
      heatWhPerSwap: round((stats.heaterKwh * 1_000) / Math.max(1, tally.completed), 1),
      cost: round(stats.energyCost, 2),
      peakW: Math.round(stats.peakW),
    },
    cold: coldReport(simulation),
    mqtt: { messages: sent?.upMessages ?? 0, bytes: sent?.upBytes ?? 0 },
    wire: { transactions: stats.transactions, collisions: stats.collisions },
    invariants: { checked: invariants.checked(), violated: invariants.violations() },
    ...(simulation.roomGauge === undefined ? {} : { room: simulation.roomGauge.report(simulation.cuts) }),
    digest: digest.hex(),
  };
}

/** Riders know sentences; the report knows reasons. */
function refusalOf(promptId: string): string {
  const entry = Object.entries(outcomes).find(([, outcome]) => outcome.prompt === promptId);
  return entry?.[0] ?? promptId;
}

export type Language = "zh" | "en";

const words = {
  title: { zh: "服务报告", en: "Service report" },
  time: { zh: "模拟时长", en: "simulated" },
  swaps: { zh: "换电", en: "swaps" },
  completed: { zh: "完成", en: "completed" },
  refused: { zh: "谢绝（均有说明）", en: "refused, in words" },
  failed: { zh: "取消或欠电池", en: "cancelled or owed" },
  riders: { zh: "骑手", en: "riders" },
  energy: { zh: "用电", en: "energy" },
  invariants: { zh: "不变量", en: "invariants" },
  violated: { zh: "违反", en: "violated" },
} as const;

/** The report a person reads after Ctrl-C. */
export function reportPage(report: SimulationReport, language: Language): string {
  const say = (key: keyof typeof words) => words[key][language];
  const { swaps, riders, energy, invariants, wire } = report;
  const hours = (report.simulatedSeconds / 3_600).toFixed(1);
  const lines = [
    "",
    `── ${say("title")} ──`,
    `  ${say("time")}: ${hours} h (× ${report.speed})`,
    `  ${say("swaps")}: ${swaps.completed} ${say("completed")}, ${swaps.refused} ${say("refused")}, ${swaps.failed} ${say("failed")}; p50 ${swaps.p50Seconds} s, p95 ${swaps.p95Seconds} s`,
    `  ${say("riders")}: ${riders.arrivals}; ${riders.served.leftWithPack}/${riders.served.entitled} (${riders.served.sharePct} %)`,
    ...(report.room === undefined ? [] : roomPage(report.room, language)),
    `  ${say("energy")}: ${energy.chargeKwh} kWh + ${energy.heatKwh} kWh, ${energy.cost} CNY, max ${energy.peakW} W`,
    `  RS-485: ${wire.transactions}; ${say("invariants")}: ${invariants.checked}, ${say("violated")}: ${invariants.violated.length}`,
    ...invariants.violated.slice(0, 5).map(({ invariant, what }) => `    ! ${invariant} ${what}`),
    `  digest ${report.digest}`,
    "",
  ];
  return lines.join("\n");
}
