/** Checks on a whole history that nothing was done before it was written: the rule every recovery rests on. */
import { expect } from "vitest";
import { type Durable, emptyDurable } from "../../../services/journal/durable.ts";
import { applyEntry } from "../../../services/publication.ts";
import type { Told } from "../../support/station-bench.ts";

/** What is wrong with one unlock, given what was on disk in front of it; undefined when nothing is. */
function unlockProblem(durable: Durable, bay: number, swapId: string | undefined): string | undefined {
  const swap = swapId === undefined ? undefined : durable.swaps[swapId];
  if (swap === undefined) return `bay ${bay} was unlocked for ${swapId}, which the log does not know`;
  if (bay !== swap.inBay && bay !== swap.outBay) return `bay ${bay} was unlocked but never written down for ${swapId}`;
  const { stage } = swap;
  if (bay === swap.inBay) return undefined;
  return stage === "in-accepted" || stage === "out-open" ? undefined : `full bay ${bay} was unlocked at ${stage}`;
}

/** An operator's request stands in the log as taken and unanswered, and names the bay, before the lock moves. */
function orderProblem({ operators }: Durable, bay: number, request: string): string | undefined {
  if (!Object.hasOwn(operators.taken, request)) return `bay ${bay} was unlocked for ${request}, which is not taken`;
  const opened = operators.opened[String(bay)];
  return opened?.request === request ? undefined : `bay ${bay} was unlocked but never written down for ${request}`;
}

export function writtenBeforeDone(told: readonly Told[]): string[] {
  const problems: string[] = [];
  let durable = emptyDurable;
  for (const { effect } of told) {
    if (effect.do === "record") {
      const { record, publish } = effect;
      durable = applyEntry(durable, { record, at: 0, ...(publish === undefined ? {} : { publish }) });
    } else if (effect.do === "unlock") {
      const { bay, swap, request } = effect;
      const problem = request === undefined ? unlockProblem(durable, bay, swap) : orderProblem(durable, bay, request);
      if (problem !== undefined) problems.push(problem);
    }
  }
  return problems;
}

export function expectWrittenBeforeDone(bench: { readonly told: readonly Told[] }): void {
  expect(writtenBeforeDone(bench.told)).toEqual([]);
}
