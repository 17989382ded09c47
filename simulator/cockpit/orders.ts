/**
 * What somebody at the cockpit may ask for: something breaks, is mended, a rider comes, time runs faster. An order is checked to the
 * last field before anything is done, and what cannot be done is answered in words. It orders the world, never the controller.
 */
import { z } from "zod";
import { faultNamed } from "../faults/catalogue.ts";
import type { FaultDirector } from "../faults/director.ts";
import type { Simulation } from "../simulation.ts";
import { noSuchFault } from "../soak/planned.ts";
import { MISTAKES, TRICKS } from "../visit-types.ts";

const longestS = 86_400;

export const Order = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("strike"),
    fault: z.string().max(80),
    /** "bay 3", "cabinet a", "line relays-a"; anywhere where it is left out. */
    where: z.string().max(80).optional(),
    lastsS: z.number().min(0).max(longestS).optional(),
  }),
  z.strictObject({ do: z.literal("mend"), n: z.int().min(1) }),
  z.strictObject({
    do: z.literal("visit"),
    does: z.enum(["proper", ...MISTAKES, ...TRICKS]),
    cabinet: z.string().max(40).optional(),
  }),
  z.strictObject({ do: z.literal("speed"), times: z.number().min(0).max(3_600) }),
]);
export type Order = z.output<typeof Order>;

export type OrderAnswer = { readonly ok: true; readonly says: string } | { readonly ok: false; readonly says: string };

export interface Crew {
  readonly simulation: Simulation;
  readonly director: FaultDirector;
  /** Times real time; 0 stands still. */
  readonly setSpeed: (times: number) => void;
}

const done = (says: string): OrderAnswer => ({ ok: true, says });
const refused = (says: string): OrderAnswer => ({ ok: false, says });

function strike({ simulation, director }: Crew, order: Extract<Order, { do: "strike" }>): OrderAnswer {
  const fault = faultNamed(order.fault);
  if (fault === undefined) return refused(noSuchFault(order.fault));
  if (fault.provenBy !== undefined)
    return refused(`${fault.name} cannot strike in a simulation; see ${fault.provenBy}`);
  const atMs = simulation.clock.nowMs;
  const lastsMs = 1_000 * (order.lastsS ?? fault.lastsS[0]);
  const draw = `cockpit/${fault.name}/${atMs}`;
  const struck = director.strike({ atMs, fault: fault.name, lastsMs, where: order.where, draw });
  const place = order.where ?? "anywhere";
  return struck ? done(`${fault.name} strikes`) : refused(`${fault.name} finds nothing to break now (${place})`);
}

function visit({ simulation }: Crew, { does, cabinet }: Extract<Order, { do: "visit" }>): OrderAnswer {
  const known = simulation.world.truth.cabinets.map(({ id }) => id);
  if (cabinet !== undefined && !known.includes(cabinet))
    return refused(`there is no cabinet ${cabinet}; there is ${known.join(", ")}`);
  const came = simulation.world.arrive({ behaviour: does, ...(cabinet === undefined ? {} : { cabinet }) });
  return came === undefined ? refused("every rider is under way; try again soon") : done(`rider ${came.rider} comes`);
}

export function carryOut(crew: Crew, order: Order): OrderAnswer {
  switch (order.do) {
    case "strike":
      return strike(crew, order);
    case "mend":
      return crew.director.mendNow(order.n) ? done("mended") : refused("that is over already");
    case "visit":
      return visit(crew, order);
    case "speed":
      crew.setSpeed(order.times);
      return done(order.times === 0 ? "time stands still" : `× ${order.times}`);
  }
}
