/**
 * Lets the steps of a scenario happen: each at its time, or, where it waits for a moment, at the first such moment after its time.
 * It adds nothing to what the scenario says.
 */
import { isoFromMs } from "../../services/contract/iso-time.ts";
import { topicRoot } from "../../services/contract/topics.ts";
import type { FaultDirector } from "../faults/director.ts";
import type { Simulation } from "../simulation.ts";
import type { ArrangedVisit } from "../visit-types.ts";
import { doDeed, placeText } from "./deeds.ts";
import type { Moments, Place } from "./moments.ts";
import { plannedFault } from "./planned.ts";
import {
  type DeedStep,
  isDeed,
  isFault,
  isRequest,
  isVisit,
  type RequestStep,
  type Scenario,
  type Step,
  type VisitStep,
} from "./scenario.ts";
import { lengthMs, momentMs } from "./time-text.ts";

const requestLifeMs = 30_000;

function ask(simulation: Simulation, step: RequestStep, number: number): void {
  const { broker, clock, config } = simulation;
  const expiresAt = isoFromMs(clock.wallMs() + requestLifeMs);
  const body = { id: `operator-${number}`, expiresAt, ...step.with };
  broker?.inject(`${topicRoot(config.station.stationId)}request/${step.request}`, JSON.stringify(body));
}

function visitOf({ rider, does, cabinet, packPct, packC }: VisitStep): ArrangedVisit {
  return {
    rider,
    behaviour: does,
    ...(cabinet === undefined ? {} : { cabinet }),
    ...(packPct === undefined ? {} : { socPct: packPct }),
    ...(packC === undefined ? {} : { packC }),
  };
}

export interface Stage {
  readonly simulation: Simulation;
  readonly director: FaultDirector;
  readonly moments: Moments;
}

export class Steps {
  private readonly stage: Stage;
  private readonly seed: string;
  private readonly undone = new Set<() => void>();

  constructor(stage: Stage, { seed, steps }: Scenario) {
    this.stage = stage;
    this.seed = seed;
    const { simulation, moments } = stage;
    for (const [number, step] of steps.entries()) {
      const { when, after = "0s" } = step;
      const happens = (place?: Place): void => this.happen(step, number, place);
      // A step says how long after its moment it comes; without one that is how long after its time.
      const afterMs = lengthMs(after) ?? 0;
      const atMs = momentMs(step.at) ?? 0;
      if (when === undefined) simulation.clock.after(atMs + afterMs, happens);
      else simulation.clock.after(atMs, () => moments.await({ moment: when, afterMs, happens }));
    }
  }

  /** Nothing happens any more, and whatever lasted is over. */
  end(): void {
    this.stage.moments.end();
    for (const undo of [...this.undone]) undo();
  }

  private happen(step: Step, number: number, place: Place | undefined): void {
    const { simulation, director } = this.stage;
    const { world } = simulation;
    if (isVisit(step)) world.arrive(visitOf(step));
    else if (isRequest(step)) ask(simulation, step, number);
    else if (isDeed(step)) this.do(step, place);
    else if (isFault(step)) director.strike({ ...plannedFault(this.seed, step), where: placeText(step.where, place) });
    else world.showCode(step.cabinet ?? place?.cabinet ?? (world.truth.cabinets[0]?.id as string), step.shows);
  }

  private do({ deed, where, lasts }: DeedStep, place: Place | undefined): void {
    const { simulation } = this.stage;
    const undo = doDeed(deed, { simulation, place, where });
    if (undo === undefined) return;
    const once = (): void => {
      if (this.undone.delete(once)) undo();
    };
    this.undone.add(once);
    if (lasts !== undefined) simulation.clock.after(lengthMs(lasts) ?? 0, once);
  }
}
