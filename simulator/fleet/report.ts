/** What a fleet amounts to: one object for machines, and the same as a page for people. It leaves no number without its unit. */
import type { FleetCourse, Outage } from "./coordinator.ts";
import { type LatencySummary, summaryOf } from "./latencies.ts";
import type { FleetKind, FleetTally } from "./messages.ts";

export interface FleetReport {
  readonly kind: FleetKind;
  readonly stations: number;
  readonly processes: number;
  readonly broker: string;
  readonly seed: string;
  readonly failed: string | undefined;
  readonly connect: {
    readonly connected: number;
    readonly allSeconds: number | undefined;
    readonly perSecond: number | undefined;
    /** Until every station had told its whole state. */
    readonly toldSeconds: number | undefined;
  };
  /** From publish to acknowledgement: while all told their whole state, and afterwards. */
  readonly acknowledged: { readonly birth: LatencySummary; readonly steady: LatencySummary };
  readonly messages: { readonly published: number; readonly acknowledged: number; readonly failed: number };
  readonly events: {
    readonly acknowledged: number;
    readonly seen: number;
    readonly lost: number;
    readonly duplicated: number;
    readonly unjudged: number;
    readonly waiting: number;
    readonly lostExamples: readonly string[];
  };
  readonly reconnects: number;
  readonly outages: readonly {
    readonly atSeconds: number;
    readonly dropped: number;
    readonly backSeconds: number | undefined;
    readonly perSecond: number | undefined;
    readonly toldSeconds: number | undefined;
  }[];
  readonly errors: {
    readonly total: number;
    readonly by: Readonly<Record<string, number>>;
    readonly whileDropped: Readonly<Record<string, number>>;
  };
  readonly memory: {
    /** Resident memory over that of a bare process, shared out among the stations. */
    readonly perStationKb: number;
    /** The part of it that is code, loaded once a process. */
    readonly codePerStationKb: number;
    readonly bareMb: number;
    readonly rssMb: number;
    readonly peakMb: number;
  };
  readonly cpu: {
    readonly birthSeconds: number;
    readonly steadyPctOfOneCore: number;
    readonly steadyPctPerStation: number;
  };
  readonly steady: {
    readonly seconds: number;
    readonly messagesPerSecond: number;
    readonly bytesPerSecond: number;
  };
  /** Whole stations only. */
  readonly whole: { readonly violated: number; readonly behindSeconds: number } | undefined;
}

export interface ReportInput {
  readonly kind: FleetKind;
  readonly stations: number;
  readonly processes: number;
  readonly broker: string;
  readonly seed: string;
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : round(ms / 1_000, 2));
const rate = (count: number, ms: number | undefined): number | undefined =>
  ms === undefined || ms <= 0 ? undefined : Math.round((count * 1_000) / ms);

function mergedCounts(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const merged: Record<string, number> = {};
  for (const record of records)
    for (const [what, times] of Object.entries(record)) merged[what] = (merged[what] ?? 0) + times;
  return merged;
}

function rounded({ count, p50Ms, p99Ms, maxMs }: LatencySummary): LatencySummary {
  return { count, p50Ms: round(p50Ms, 2), p99Ms: round(p99Ms, 2), maxMs: round(maxMs, 2) };
}

function outageOf({ fromMs, lowest, backMs, toldMs }: Outage, stations: number): FleetReport["outages"][number] {
  const dropped = stations - lowest;
  const took = backMs === undefined ? undefined : backMs - fromMs;
  return {
    atSeconds: seconds(fromMs) ?? 0,
    dropped,
    backSeconds: seconds(took),
    perSecond: rate(dropped, took),
    toldSeconds: toldMs === undefined ? undefined : seconds(toldMs - fromMs),
  };
}

export function fleetReport(course: FleetCourse, input: ReportInput): FleetReport {
  const { tallies } = course;
  const { stations, kind } = input;
  const sum = (pick: (tally: FleetTally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0);
  const most = (pick: (tally: FleetTally) => number) => tallies.reduce((top, tally) => Math.max(top, pick(tally)), 0);
  const by = mergedCounts(tallies.map(({ errors }) => errors));
  const steadySeconds = most(({ steady }) => steady.seconds);
  const perSecond = (total: number) => (steadySeconds === 0 ? 0 : total / steadySeconds);
  const connects = sum(({ counters }) => counters.connects);
  const cpuPct = perSecond(sum(({ cpu }) => cpu.steadyS)) * 100;
  const overBareMb = sum(({ memory }) => memory.rssMb - memory.bareMb);
  const codeMb = sum(({ memory }) => memory.loadedMb - memory.bareMb);
  return {
    ...input,
    failed: course.failed,
    connect: {
      connected: sum(({ counters }) => counters.connected),
      allSeconds: seconds(course.connectAllMs),
      perSecond: rate(stations, course.connectAllMs),
      toldSeconds: seconds(course.toldAllMs),
    },
    acknowledged: {
      birth: rounded(summaryOf(tallies.map(({ latencies }) => latencies.birth))),
      steady: rounded(summaryOf(tallies.map(({ latencies }) => latencies.steady))),
    },
    messages: {
      published: sum(({ counters }) => counters.published),
      acknowledged: sum(({ counters }) => counters.acknowledged),
      failed: sum(({ counters }) => counters.failed),
    },
    events: {
      acknowledged: sum(({ events }) => events.acknowledged),
      seen: sum(({ events }) => events.seen),
      lost: sum(({ events }) => events.lost),
      duplicated: sum(({ events }) => events.duplicated),
      unjudged: sum(({ events }) => events.unjudged),
      waiting: sum(({ waiting }) => waiting),
      lostExamples: tallies.flatMap(({ events }) => events.examples).slice(0, 5),
    },
    reconnects: Math.max(0, connects - stations),
    outages: course.outages.map((outage) => outageOf(outage, stations)),
    errors: {
      total: Object.values(by).reduce((total, times) => total + times, 0),
      by,
      whileDropped: mergedCounts(tallies.map(({ errorsWhileDropped }) => errorsWhileDropped)),
    },
    memory: {
      perStationKb: round((overBareMb * 1_024) / stations),
      codePerStationKb: round((codeMb * 1_024) / stations),
      bareMb: round(most(({ memory }) => memory.bareMb)),
      rssMb: round(sum(({ memory }) => memory.rssMb)),
      peakMb: round(sum(({ memory }) => memory.peakMb)),
    },
    cpu: {
      birthSeconds: round(sum(({ cpu }) => cpu.birthS)),
      steadyPctOfOneCore: round(cpuPct),
      steadyPctPerStation: round(cpuPct / stations, 4),
    },
    steady: {
      seconds: round(steadySeconds),
      messagesPerSecond: round(perSecond(sum(({ steady }) => steady.messages)), 2),
      bytesPerSecond: Math.round(perSecond(sum(({ steady }) => steady.bytes))),
    },
    whole:
      kind === "full"
        ? { violated: sum(({ violated }) => violated), behindSeconds: round(most(({ behindMs }) => behindMs) / 1_000) }
        : undefined,
  };
}

/** Whether the fleet did what it should: everything there, nothing lost. */
export function fleetFailed({ failed, connect, stations, events }: FleetReport): boolean {
  return failed !== undefined || connect.connected < stations || events.lost > 0;
}
