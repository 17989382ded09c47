/** The book of visits: what came of every rider who came. */
import type { Ending, RiderVisit } from "../visit-types.ts";

export class VisitBook {
  arrivals = 0;
  nobodyFree = 0;
  readonly endings: Record<Ending, number> = {
    swapped: 0,
    collected: 0,
    refused: 0,
    returned: 0,
    owed: 0,
    cancelled: 0,
    ignored: 0,
    busy: 0,
  };
  readonly refusals: Record<string, number> = {};
  readonly behaviours: Record<string, number> = {};
  readonly visits: RiderVisit[] = [];
  private readonly kept: number;

  constructor(kept: number) {
    this.kept = kept;
  }

  arrived(visit: RiderVisit): void {
    this.arrivals++;
    this.behaviours[visit.behaviour] = (this.behaviours[visit.behaviour] ?? 0) + 1;
  }

  left(visit: RiderVisit): void {
    if (visit.ending !== undefined) this.endings[visit.ending]++;
    if (visit.refusal !== undefined) this.refusals[visit.refusal] = (this.refusals[visit.refusal] ?? 0) + 1;
    this.visits.push(visit);
    if (this.visits.length > this.kept) this.visits.shift();
  }
}
