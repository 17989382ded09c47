/** Locks, relays, heaters, chargers and fans that do not do what they are told, or do it untold. */
import type { BayFaults } from "../fault-types.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { heatingLoadsOf, type LoadTarget } from "./room-loads.ts";
import { type BayTarget, baysOf, packsOf, ratherThose, take } from "./targets.ts";

interface Break {
  readonly name: string;
  /** What is broken, as `take` keeps account of it. */
  readonly part: string;
  readonly broken: { readonly [Part in keyof BayFaults]?: BayFaults[Part] };
}

function breakBay(ground: FaultGround, what: Break, bays: readonly BayTarget[]): Strike | undefined {
  const { name, part, broken } = what;
  const taken = take(ground, name, part, bays);
  if (taken === undefined) return undefined;
  const { faults } = taken.target;
  const before = { ...faults };
  Object.assign(faults, broken);
  return taken.until(() => {
    for (const key of Object.keys(broken) as (keyof BayFaults)[]) Object.assign(faults, { [key]: before[key] });
  });
}

/** A bay's heater, or one of the room's loads. */
function breakHeating(
  ground: FaultGround,
  what: Break,
  load: (target: LoadTarget, isBroken: boolean) => void,
): Strike | undefined {
  const { random, where } = ground;
  const loads = heatingLoadsOf(ground);
  const isBay = where === undefined ? loads.length === 0 || random.chance(0.6) : where.startsWith("bay");
  if (isBay) return breakBay(ground, what, heatedBays(ground));
  const taken = take(ground, what.name, what.part, loads);
  if (taken === undefined) return undefined;
  load(taken.target, true);
  return taken.until(() => load(taken.target, false));
}

function heatedBays(ground: FaultGround): readonly BayTarget[] {
  const { config, simulation } = ground;
  const withHeater = new Set(
    config.file.cabinets.flatMap(({ bays }) => bays.filter(({ heater }) => heater !== undefined).map(({ bay }) => bay)),
  );
  const bays = baysOf(ground).filter(({ bay }) => withHeater.has(bay));
  return ratherThose(ground, bays, (bay) => simulation.world.truth.bay(bay).heaterOn);
}

const charging = (ground: FaultGround) =>
  ratherThose(ground, packsOf(ground), (bay) => ground.simulation.world.truth.bay(bay).chargeMa > 0);

export const bayActuatorFaults: readonly Fault[] = [
  {
    id: "A1",
    name: "lock-jams",
    kind: "actuator",
    says: { zh: "锁打不开", en: "a lock does not open" },
    expects: "at most three pulses, then another bay or an end without loss",
    invariants: ["I2", "I25"],
    perDay: 2,
    lastsS: [60, 1_800],
    strike: (ground) => {
      const broken = ground.random.chance(0.5) ? { lockFailure: 1 } : { doorStuck: true };
      return breakBay(ground, { name: "lock-jams", part: "latch", broken }, baysOf(ground));
    },
  },
  {
    id: "A2",
    name: "lock-driver-shorted",
    kind: "actuator",
    says: { zh: "锁驱动击穿，线圈持续通电", en: "the driver of a lock conducts by itself" },
    expects: "the bay is out of service and told of; no pulse is sent to it",
    invariants: ["I1", "I2"],
    perDay: 1,
    lastsS: [10, 600],
    strike: (ground) =>
      breakBay(ground, { name: "lock-driver-shorted", part: "coil", broken: { coilShorted: true } }, baysOf(ground)),
  },
  {
    id: "A3",
    name: "relay-welded",
    kind: "actuator",
    says: { zh: "继电器触点粘连", en: "the contacts of a heater's relay are welded" },
    expects: "warmth that nobody asked for cuts the feed, and stays off until somebody has looked",
    invariants: ["I9"],
    perDay: 1,
    lastsS: [60, 3_600],
    strike: (ground) =>
      breakHeating(
        ground,
        { name: "relay-welded", part: "heater relay", broken: { heaterStuckOn: true } },
        ({ load }, isBroken) => ground.simulation.world.room?.room.circuits.weld(load, isBroken),
      ),
  },
  {
    id: "A4",
    name: "heater-dead",
    kind: "actuator",
    says: { zh: "加热器不发热", en: "a heater never heats" },
    expects: "no rise is noticed; the heater is given up and told of",
    invariants: ["I7"],
    perDay: 1,
    lastsS: [600, 3_600],
    strike: (ground) =>
      breakHeating(
        ground,
        { name: "heater-dead", part: "heater", broken: { heaterBroken: true } },
        ({ load }, isBroken) => ground.simulation.world.room?.room.circuits.kill(load, isBroken),
      ),
  },
  {
    id: "A5",
    name: "charger-ignores-stop",
    kind: "actuator",
    says: { zh: "充电器不听停止命令", en: "a charger goes on after it was told to stop" },
    expects: "its contactor cuts it off within a second",
    invariants: ["I8", "I9"],
    perDay: 2,
    lastsS: [60, 1_800],
    strike: (ground) =>
      breakBay(
        ground,
        { name: "charger-ignores-stop", part: "charger", broken: { chargerStuck: true } },
        charging(ground),
      ),
  },
  {
    id: "A6",
    name: "fan-dead",
    kind: "actuator",
    says: { zh: "柜内风扇不转", en: "the fan of a cabinet does not turn" },
    expects: "charging gives way to the temperature",
    invariants: ["I9"],
    perDay: 1,
    lastsS: [600, 7_200],
    strike: (ground) => {
      const { config, simulation } = ground;
      const withFan = config.file.cabinets.filter(({ fan }) => fan !== undefined);
      const cabinets = withFan.map(({ id }) => ({ where: `cabinet ${id}`, id }));
      const taken = take(ground, "fan-dead", "fan", cabinets);
      if (taken === undefined) return undefined;
      simulation.world.breakFan(taken.target.id, true);
      return taken.until(() => simulation.world.breakFan(taken.target.id, false));
    },
  },
];
