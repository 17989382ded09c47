/**
 * For faults that wait for their moment in what really happens: a door that springs open, a computer that has just started. They
 * strike a while after it, stay as long as they please, and are called off when their time is over. They look at the world's truth
 * only; what the controller thinks is nothing to them.
 */
import type { TruthEvent } from "../truth-types.ts";
import type { FaultGround, Strike } from "./fault.ts";

export interface LurkingPlan {
  /** In the words of `FaultGround.where`. */
  readonly where: string;
  /** Calls `now` at its moment, any number of times. Returns how to stop watching. */
  readonly watch: (now: () => void) => () => void;
  readonly afterMs: number;
  readonly forMs: number;
  /** Undefined: not now after all; it goes on waiting. */
  readonly begin: () => (() => void) | undefined;
}

export function lurking(ground: FaultGround, { where, watch, afterMs, forMs, begin }: LurkingPlan): Strike {
  const { clock } = ground.simulation;
  let waits = true;
  let isOver = false;
  let undo: (() => void) | undefined;
  const finish = (): void => {
    undo?.();
    undo = undefined;
  };
  const strike = (): void => {
    if (isOver) return;
    undo = begin();
    waits = undo === undefined;
    if (waits) return;
    stop();
    ground.landed();
    clock.after(forMs, finish);
  };
  const stop = watch(() => {
    if (!waits || isOver) return;
    waits = false;
    clock.after(afterMs, strike);
  });
  return {
    where,
    lurks: true,
    end: () => {
      isOver = true;
      stop();
      finish();
    },
  };
}

/** Watches for what really happens. Listeners must not change the world, so whatever follows needs at least a timer. */
export function truthWatch(ground: FaultGround, isIt: (event: TruthEvent) => boolean): LurkingPlan["watch"] {
  return (now) => {
    let watching = true;
    ground.simulation.world.onTruth((event) => {
      if (watching && isIt(event)) now();
    });
    return () => {
      watching = false;
    };
  };
}

/** The steps of a swap as somebody sees them who stands beside it. */
export const swapSteps: Readonly<Record<string, (event: TruthEvent) => boolean>> = {
  scan: (event) => event.type === "scan",
  pulse: (event) => event.type === "coil" && event.on,
  "door open": (event) => event.type === "door" && event.open,
  "pack in": (event) => event.type === "pack" && event.in,
  "plug in": (event) => event.type === "plug" && event.in,
  "door shut": (event) => event.type === "door" && !event.open,
  "pack out": (event) => event.type === "pack" && !event.in,
  leaving: (event) => event.type === "left",
};

/** The step that was asked for, or any. */
export function swapStep({ where, random }: FaultGround): { name: string; isIt: (event: TruthEvent) => boolean } {
  const names = Object.keys(swapSteps);
  const drawn = random.pick(names);
  const name = names.find((candidate) => where === `after ${candidate}`) ?? drawn;
  return { name, isIt: swapSteps[name] as (event: TruthEvent) => boolean };
}
