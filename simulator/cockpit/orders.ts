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
import type { Words } from "./words.ts";

const longestS = 86_400;
export const speedMax = 3_600;
export const manners = ["proper", ...MISTAKES, ...TRICKS] as const;

export const Order = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("strike"),
    fault: z.string().max(80),
    /** "bay 3", "cabinet a", "line relays-a"; anywhere where it is left out. */
    where: z.string().max(80).optional(),
    /** The shortest that the fault has where it is left out. */
    lastsS: z.number().positive().max(longestS).optional(),
  }),
  z.strictObject({ do: z.literal("mend"), n: z.int().min(1) }),
  z.strictObject({
    do: z.literal("visit"),
    does: z.enum(manners),
    cabinet: z.string().max(40).optional(),
  }),
  z.strictObject({ do: z.literal("speed"), times: z.number().min(0).max(speedMax) }),
]);
export type Order = z.output<typeof Order>;

export interface OrderAnswer {
  readonly ok: boolean;
  readonly says: Words;
}

export interface Crew {
  readonly simulation: Simulation;
  readonly director: FaultDirector;
  /** Times real time; 0 stands still. */
  readonly setSpeed: (times: number) => void;
}

const done = (zh: string, en: string): OrderAnswer => ({ ok: true, says: { zh, en } });
const refused = (zh: string, en: string): OrderAnswer => ({ ok: false, says: { zh, en } });

function strike({ simulation, director }: Crew, order: Extract<Order, { do: "strike" }>): OrderAnswer {
  const fault = faultNamed(order.fault);
  if (fault === undefined) return refused(`没有故障 ${order.fault}`, noSuchFault(order.fault));
  const { name, says, provenBy, lastsS } = fault;
  if (provenBy !== undefined)
    return refused(
      `${says.zh}：不能在模拟中触发，见 ${provenBy}`,
      `${name} cannot strike in a simulation; see ${provenBy}`,
    );
  const atMs = simulation.clock.nowMs;
  const lastsMs = 1_000 * (order.lastsS ?? lastsS[0]);
  const planned = { atMs, fault: name, lastsMs, where: order.where, draw: `cockpit/${name}/${atMs}` };
  const before = director.strikes().length;
  if (!director.strike(planned)) {
    const { where } = order;
    return refused(
      `${says.zh}：现在没有可触发的对象（${where ?? "任意位置"}）`,
      `${says.en}: finds nothing to break now (${where ?? "anywhere"})`,
    );
  }
  const struck = director.strikes().slice(before).at(-1);
  if (struck === undefined) return done(`${says.zh}：已触发`, `${says.en}: struck`);
  return struck.waits
    ? done(`${says.zh}（${struck.where}）：等待时机`, `${says.en} (${struck.where}): waits for its moment`)
    : done(`${says.zh}（${struck.where}）：已触发`, `${says.en} (${struck.where}): struck`);
}

function visit({ simulation }: Crew, { does, cabinet }: Extract<Order, { do: "visit" }>): OrderAnswer {
  const known = simulation.world.truth.cabinets.map(({ id }) => id);
  if (cabinet !== undefined && !known.includes(cabinet)) {
    const list = known.join(", ");
    return refused(`没有换电柜 ${cabinet}；有 ${list}`, `there is no cabinet ${cabinet}; there is ${list}`);
  }
  const came = simulation.world.arrive({ behaviour: does, ...(cabinet === undefined ? {} : { cabinet }) });
  return came === undefined
    ? refused("所有骑手都在路上，请稍后再试", "every rider is under way; try again soon")
    : done(`${came.rider} 号骑手来到 ${came.cabinet}`, `rider ${came.rider} comes to ${came.cabinet}`);
}

function carryOutKnown(crew: Crew, order: Order): OrderAnswer {
  switch (order.do) {
    case "strike":
      return strike(crew, order);
    case "mend":
      return crew.director.mendNow(order.n)
        ? done("已修复", "mended")
        : refused("该故障已经结束", "that is over already");
    case "visit":
      return visit(crew, order);
    case "speed":
      crew.setSpeed(order.times);
      return order.times === 0
        ? done("时间停住", "time stands still")
        : done(`时间 × ${order.times}`, `time runs × ${order.times}`);
  }
}

/** Whatever was sent; what is no order is refused with the field that is wrong. */
export function carryOut(crew: Crew, body: unknown): OrderAnswer {
  const order = Order.safeParse(body);
  if (order.success) return carryOutKnown(crew, order.data);
  const [issue] = order.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "order" : issue.path.join(".");
  const why = `${where}: ${issue?.message ?? "not an order"}`;
  return refused(`指令无效（${why}）`, `not an order (${why})`);
}
