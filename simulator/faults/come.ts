/**
 * Riders who come on purpose: one arranged visit with one manner, which has struck once the rider did what they came for. Doors
 * that they leave open are shut by a passer-by when the fault is over.
 */
import type { TruthEvent } from "../truth-types.ts";
import type { ArrangedVisit, Behaviour, RiderVisit } from "../visit-types.ts";
import type { FaultGround, Strike } from "./fault.ts";

export interface Manner {
  /** Name of the fault. */
  readonly name: string;
  readonly behaviours: readonly Behaviour[];
  readonly wish?: ArrangedVisit;
  /** They did it: `event` is the first sign of that. Asked for as long as the visit lasts. */
  readonly did: (event: TruthEvent, visit: RiderVisit, ground: FaultGround) => boolean;
}

/** Calls `landed` at the first event that is a sign of it. */
export function landsAt(ground: FaultGround, isSign: (event: TruthEvent) => boolean): void {
  let done = false;
  ground.simulation.world.onTruth((event) => {
    if (done || !isSign(event)) return;
    done = true;
    ground.landed();
  });
}

/** The cabinet that was asked for, or any; undefined when that is no cabinet of this station. */
export function cabinetOf({ simulation, random, where }: FaultGround): string | undefined {
  const { cabinets } = simulation.world.truth;
  if (where === undefined) return random.pick(cabinets).id;
  return cabinets.find(({ id }) => where === `cabinet ${id}`)?.id;
}

/** Longer than any swap waits at an open door. */
const passesByMs = 150_000;
const passesMax = 4;

/** After a while somebody shuts what stands open there, once nobody stands before it. */
export function passerBy(ground: FaultGround, cabinet: string, passes = passesMax): void {
  const { world, clock } = ground.simulation;
  const truth = world.truth.cabinets.find(({ id }) => id === cabinet);
  if (truth === undefined || passes === 0) return;
  clock.after(passesByMs, () => {
    if (truth.doorsOpen === 0) return;
    if (truth.people === 0) for (const { bay, doorOpen } of truth.bays) if (doorOpen) world.shutDoor(bay);
    passerBy(ground, cabinet, passes - 1);
  });
}

export function comes(ground: FaultGround, { name, behaviours, wish, did }: Manner): Strike | undefined {
  const { simulation, random, troubles } = ground;
  const cabinet = cabinetOf(ground);
  if (cabinet === undefined) return undefined;
  const visit = simulation.world.arrive({ ...wish, cabinet, behaviour: random.pick(behaviours) });
  if (visit === undefined) return undefined;
  const where = `cabinet ${cabinet}`;
  const over = troubles.begin(name, where);
  let left = false;
  landsAt(ground, (event) => {
    const isLate = left;
    left ||= event.type === "left" && event.visit === visit;
    return !isLate && did(event, visit, ground);
  });
  return {
    where,
    lurks: true,
    end: () => {
      over();
      for (const tried of visit.cabinetsTried) passerBy(ground, tried);
    },
  };
}

/** A door of the cabinet at which they stand was shut. */
export function shutBy(event: TruthEvent, visit: RiderVisit, { simulation }: FaultGround) {
  if (event.type !== "door" || event.open) return undefined;
  const bay = simulation.world.truth.bay(event.bay);
  return bay.cabinet === visit.cabinet && visit.firstScanMs !== undefined ? bay : undefined;
}
