/** Orders that an operator's software sends as it should not: twice, in the wrong order, so that the broker keeps them, or hours late. */
import type { Order } from "../operator.ts";
import type { Simulation } from "../simulation.ts";
import type { BayTruth } from "../truth-types.ts";
import type { Fault, FaultGround } from "./fault.ts";

const hourMs = 3_600_000;
/** Whoever had a bay opened looks into it and shuts it again. */
const lookMs = [4_000, 15_000] as const;

/** Empty bays behind shut doors of a cabinet at which nobody stands: opening one harms nobody. */
function idleBays({ world }: Simulation): BayTruth[] {
  return world.truth.cabinets.flatMap(({ people, bays }) => (people > 0 ? [] : bays.filter(({ empty }) => empty)));
}

/** The bay that was asked for, or some; undefined where there is none to be opened. */
function someBay({ simulation, random, where }: FaultGround, but?: number): number | undefined {
  const bays = idleBays(simulation)
    .map(({ bay }) => bay)
    .filter((bay) => bay !== but);
  const named = bays.find((bay) => where === `bay ${bay}`);
  return named ?? (bays.length === 0 ? undefined : random.pick(bays));
}

/** Somebody stands there, and shuts every door that this order opens. */
function shutAfter({ simulation: { world, clock }, random }: FaultGround, bays: readonly number[]): void {
  const lookedMs = random.between(...lookMs);
  for (const times of [1, 2, 3]) {
    clock.after(lookedMs * times, () => {
      for (const bay of bays) {
        const { doorOpen, cabinet } = world.truth.bay(bay);
        const isFree = world.truth.cabinets.every(({ id, people }) => id !== cabinet || people === 0);
        if (doorOpen && isFree) world.shutDoor(bay);
      }
    });
  }
}

function openingOf({ simulation: { operator } }: FaultGround, bay: number, livesMs?: number): Order | undefined {
  return operator?.order("open", { bay }, livesMs === undefined ? {} : { livesMs });
}

export const orderFaults: readonly Fault[] = [
  {
    id: "N5",
    name: "command-twice",
    kind: "network",
    says: { zh: "同一命令送达两次", en: "the same order arrives twice" },
    expects: "one actuation, and the same answer to both",
    invariants: ["I16"],
    perDay: 2,
    lastsS: [0, 0],
    strike: (ground) => {
      const { clock, operator } = ground.simulation;
      const bay = someBay(ground);
      const order = bay === undefined ? undefined : openingOf(ground, bay);
      if (bay === undefined || order === undefined) return undefined;
      operator?.send(order);
      clock.after(ground.random.between(0, 20_000), () => operator?.send(order));
      shutAfter(ground, [bay]);
      return { where: `bay ${bay}` };
    },
  },
  {
    id: "N6",
    name: "commands-reordered",
    kind: "network",
    says: { zh: "命令乱序到达", en: "two orders arrive in the wrong order" },
    expects: "the older one is refused",
    invariants: ["I16"],
    perDay: 2,
    lastsS: [0, 0],
    strike: (ground) => {
      const { clock, operator } = ground.simulation;
      const bay = someBay(ground);
      const older = bay === undefined ? undefined : openingOf(ground, bay);
      if (operator === undefined || bay === undefined || older === undefined) return undefined;
      // A harmless one that was sent after it and comes first.
      operator.send(operator.order("update-mode", { on: false }));
      clock.after(ground.random.between(1_000, 10_000), () => operator.send(older));
      shutAfter(ground, [bay]);
      return { where: `bay ${bay}` };
    },
  },
  {
    id: "N7",
    name: "command-retained",
    kind: "network",
    says: { zh: "命令被 Broker 保留，重连后重放", en: "the broker keeps an order and replays it to whoever connects" },
    expects: "it is refused and noted as a security event; nothing moves",
    invariants: ["I16"],
    perDay: 2,
    lastsS: [30, 300],
    strike: (ground) => {
      const { broker, operator } = ground.simulation;
      const bay = someBay(ground);
      const order = bay === undefined ? undefined : openingOf(ground, bay);
      if (broker === undefined || operator === undefined || order === undefined) return undefined;
      // The station is not there when it is sent; it finds it when it is back.
      broker.cut("connection reset");
      operator.send(order, { retained: true });
      shutAfter(ground, bay === undefined ? [] : [bay]);
      return { where: `bay ${bay}`, end: () => broker.inject(order.topic, "", { retained: true }) };
    },
  },
  {
    id: "N8",
    name: "command-late",
    kind: "network",
    says: { zh: "命令迟到 6 小时", en: "an order arrives six hours late" },
    expects: "it is refused as expired; nothing moves",
    invariants: ["I16"],
    perDay: 2,
    lastsS: [0, 0],
    strike: (ground) => {
      const bay = someBay(ground);
      const order = bay === undefined ? undefined : openingOf(ground, bay, -6 * hourMs);
      if (order === undefined) return undefined;
      ground.simulation.operator?.send(order);
      shutAfter(ground, bay === undefined ? [] : [bay]);
      return { where: `bay ${bay}` };
    },
  },
];
