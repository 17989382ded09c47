/**
 * What a swarm must come by at least once: every fault, every refusal and every other end of a swap, every step from one state of a
 * swap to the next, every way a swap found open after a restart goes on, and faults of every class beside those of every other.
 * Invariants say what is always so; this list says what they were held against. It judges nothing.
 */

import type { JournalRecord } from "../../services/journal/records.ts";
import type { StationState } from "../../services/station/state.ts";
import { outcomes } from "../../services/swap/outcomes.ts";
import type { Swap } from "../../services/swap/swap.ts";
import { faultNamed, faults } from "../faults/catalogue.ts";
import type { Landed } from "../faults/director.ts";
import { type FaultClass, faultClasses } from "../faults/fault.ts";
import { passed } from "./moments.ts";

/**
 * From one state of a swap to the next, as `services/swap/` takes them. `start`: there was no swap before. An own pack whose door
 * is shut again before it was taken is left behind, and opens with the rider's next scan: nothing leads from "await-take-back" to
 * "returning".
 */
const transitions: Readonly<Record<string, readonly string[]>> = {
  start: ["opening-in", "inspecting", "preparing-out", "await-take", "returning"],
  "opening-in": ["await-insert", "ended"],
  "await-insert": ["inspecting", "reopening-in", "ended"],
  "reopening-in": ["await-insert", "ended"],
  inspecting: ["preparing-out", "returning", "reopening-in", "await-insert", "ended"],
  returning: ["await-take-back", "ended"],
  "await-take-back": ["ended"],
  "preparing-out": ["opening-out", "returning", "ended"],
  "opening-out": ["await-take", "preparing-out", "returning", "ended"],
  "await-take": ["taken", "reopening-out", "ended"],
  "reopening-out": ["await-take", "ended"],
  taken: ["await-take", "ended"],
};

/** How a swap that a restart found open goes on: rows of the power-cut table (`services/swap/recover.ts`). */
const recoveries = [
  "resumed at await-insert",
  "resumed at inspecting",
  "resumed at await-take-back",
  "resumed at await-take",
  "resumed at taken",
  "ended cut-before-deposit",
  "ended nothing-inserted",
  "ended pack-vanished",
  "ended not-taken",
  "ended waiting-for-rescan",
  "ended interrupted",
] as const;

function pairsOfClasses(): string[] {
  return faultClasses.flatMap((one, at) => faultClasses.slice(at + 1).map((other) => pairName(one, other)));
}

function pairName(one: FaultClass, other: FaultClass): string {
  const [first, second] = [one, other].sort((a, b) => faultClasses.indexOf(a) - faultClasses.indexOf(b));
  return `fault beside fault: ${first} and ${second}`;
}

/** Everything that must be come by, in the order of a report. */
export const sometimes: readonly string[] = [
  ...faults.filter(({ provenBy }) => provenBy === undefined).map(({ name }) => `fault: ${name}`),
  ...pairsOfClasses(),
  ...faultClasses.map((kind) => `fault while starting: ${kind}`),
  ...Object.entries(outcomes).map(([code, outcome]) => `${outcome.class}: ${code}`),
  ...Object.entries(transitions).flatMap(([from, to]) => to.map((state) => `swap: ${from} to ${state}`)),
  ...recoveries.map((way) => `after a restart: ${way}`),
];

/** What one run came by. */
export class Hits {
  private readonly seen = new Map<string, number>();
  private before: StationState | undefined;

  get counts(): ReadonlyMap<string, number> {
    return this.seen;
  }

  private hit(name: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  landed({ planned, beside, whileRecovering }: Landed): void {
    const fault = faultNamed(planned.fault);
    if (fault === undefined) return;
    this.hit(`fault: ${fault.name}`);
    if (whileRecovering) this.hit(`fault while starting: ${fault.kind}`);
    for (const name of beside) {
      const other = faultNamed(name)?.kind;
      if (other !== undefined && other !== fault.kind) this.hit(pairName(fault.kind, other));
    }
  }

  recorded(record: JournalRecord): void {
    if (record.kind === "scan-refused") this.hit(`refused: ${record.reason}`);
    if (record.kind === "swap-ended") this.hit(`${outcomes[record.outcome].class}: ${record.outcome}`);
  }

  /** The controller's state after one decision. Another life of it begins with another `life`. */
  decided(state: StationState, records: readonly JournalRecord[]): void {
    const { before } = this;
    this.before = state;
    if (before === undefined || before === state) return;
    if (before.recovering !== state.recovering) this.recovered(before, state, records);
    if (before.swaps !== state.swaps) this.moved(before, state);
  }

  /** The controller was started anew. */
  restarted(): void {
    this.before = undefined;
  }

  private recovered(before: StationState, state: StationState, records: readonly JournalRecord[]): void {
    for (const { swap } of before.recovering) {
      if (state.recovering.some((one) => one.swap.id === swap.id)) continue;
      const ended = records.find((record) => record.kind === "swap-ended" && record.swap === swap.id);
      if (ended?.kind === "swap-ended") this.hit(`after a restart: ended ${ended.outcome}`);
      else {
        const now = Object.values(state.swaps).find((one) => one.id === swap.id);
        if (now !== undefined) this.hit(`after a restart: resumed at ${now.at}`);
      }
    }
  }

  /** One decision may lead through several states; another full bay is always prepared before its door opens. */
  private went(was: Swap, now: Swap): void {
    let from: Swap["at"] = was.at;
    if (was.outBay !== now.outBay && was.at === "opening-out" && now.at === "opening-out") {
      this.hit("swap: opening-out to preparing-out");
      from = "preparing-out";
    }
    if (from === now.at) return;
    for (const to of passed(from, now.at)) {
      this.hit(`swap: ${from} to ${to}`);
      from = to;
    }
  }

  private moved(before: StationState, state: StationState): void {
    for (const [cabinet, now] of Object.entries(state.swaps)) {
      const was = before.swaps[cabinet];
      if (was === now) continue;
      const resumed = before.recovering.some(({ swap }) => swap.id === now.id);
      if (was === undefined || was.id !== now.id) {
        if (!resumed) this.hit(`swap: start to ${now.at}`);
      } else this.went(was, now);
    }
    for (const [cabinet, was] of Object.entries(before.swaps)) {
      if (state.swaps[cabinet]?.id !== was.id) this.hit(`swap: ${was.at} to ended`);
    }
  }
}

/** What was come by of what must be, and by accident of what nobody listed. */
export function judgeHits(counts: ReadonlyMap<string, number>): {
  readonly hit: number;
  readonly of: number;
  readonly missing: readonly string[];
} {
  const missing = sometimes.filter((name) => (counts.get(name) ?? 0) === 0);
  return { hit: sometimes.length - missing.length, of: sometimes.length, missing };
}
