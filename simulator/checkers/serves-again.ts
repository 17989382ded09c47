/**
 * I30: after faults have stopped, every cabinet serves again without anybody's help. A rider asks at each one, and the lock that opens
 * is the answer; where none opens the truth says why not. It runs the clock, so it is the last thing that is asked of a run.
 */

import type { VirtualClock } from "../clock.ts";
import type { CabinetTruth } from "../truth-types.ts";
import type { World } from "../world-types.ts";
import type { ControllerView } from "./checker.ts";

/** What a simulation has; a part of it, so that whoever makes simulations may import this. */
export interface Served {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly controller: Pick<ControllerView, "state">;
}

export interface NotServing {
  readonly cabinet: string;
  readonly why: string;
}

export const servesWithinMs = 120_000;
/** A rider stands there, looks for the code, scans, hears. */
const answerMs = 30_000;
/** A rider who came before finishes. */
const patienceMs = 300_000;

/** Only a person may give back what fire, heat or an operator took. */
function isLatched(cabinet: CabinetTruth, { controller }: Served): boolean {
  const { durable } = controller.state();
  if (durable.safety.latches[cabinet.id] !== undefined) return true;
  if (durable.operators.cabinetLockOuts[cabinet.id] !== undefined) return true;
  return cabinet.bays.every(({ bay }) => isOut(bay, controller));
}

function isOut(bay: number, { state }: Served["controller"]): boolean {
  const { durable } = state();
  const { latches, stops } = durable.safety.bays;
  const key = String(bay);
  return durable.lockOuts[key] !== undefined || latches[key] !== undefined || stops[key] !== undefined;
}

/** A cabinet without a full pack, or without room for another, serves nobody, and is none the worse for it. */
function hasStock(cabinet: CabinetTruth, { controller }: Served): boolean {
  const { ledger } = controller.state().durable;
  const sound = cabinet.bays.filter(({ bay }) => !isOut(bay, controller));
  const isKept = (packId: string): boolean => ledger.packs[packId]?.at === "quarantine";
  const ready = sound.some((bay) => bay.ready && bay.pack !== undefined && !isKept(bay.pack.id));
  return ready && sound.some(({ empty }) => empty);
}

/** Lets one rider ask there; undefined when a lock opened. */
function ask(cabinet: string, { world, clock }: Served): string | undefined {
  let opened = false;
  let watching = true;
  world.onTruth((event) => {
    if (watching && event.type === "coil" && event.on && world.truth.bay(event.bay).cabinet === cabinet) opened = true;
  });
  const visit = world.arrive({ behaviour: "proper", cabinet, socPct: 20, packC: 15 });
  if (visit === undefined) return "no rider is free to ask";
  const untilMs = clock.nowMs + patienceMs;
  while (!opened && clock.nowMs < untilMs && visit.endedMs === undefined) {
    clock.runUntil(clock.nowMs + 1_000);
    const scannedMs = visit.firstScanMs;
    if (scannedMs !== undefined && clock.nowMs - scannedMs > answerMs) break;
  }
  watching = false;
  return opened ? undefined : (visit.refusal ?? "nothing answers");
}

/** Every cabinet that should serve and does not. The faults must have ended `servesWithinMs` ago. */
export function servesAgain(simulation: Served): NotServing[] {
  const failing: NotServing[] = [];
  for (const cabinet of simulation.world.truth.cabinets) {
    if (isLatched(cabinet, simulation) || !hasStock(cabinet, simulation)) continue;
    const why = ask(cabinet.id, simulation);
    // The last full pack may have gone to somebody else meanwhile.
    if (why !== undefined && hasStock(cabinet, simulation)) failing.push({ cabinet: cabinet.id, why });
  }
  return failing;
}
