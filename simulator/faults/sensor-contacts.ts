/** Contacts that stick or bounce, smoke heads that are lost, and smoke itself. */
import type { BayFaults } from "../fault-types.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { gone } from "./line-taps.ts";
import { type BayTarget, baysOf, devicesOf, take } from "./targets.ts";

type Contact = "doorSwitchStuckAt" | "lockContactStuckAt" | "presenceStuckAt";

/** The switch at the door where there is one, else the contact in the lock. */
function doorContactOf({ config }: FaultGround, bay: number): Contact {
  const entries = config.file.cabinets.flatMap(({ bays }) => bays);
  return entries.find((entry) => entry.bay === bay)?.door === undefined ? "lockContactStuckAt" : "doorSwitchStuckAt";
}

/** What the contact says where the door is shut. */
const saysShut = true;

interface Stuck {
  readonly name: string;
  readonly at: boolean;
  readonly contactOf: (bay: number) => Contact;
}

function stick(
  ground: FaultGround,
  { name, at, contactOf }: Stuck,
  bays: readonly BayTarget[] = baysOf(ground),
): Strike | undefined {
  const { world } = ground.simulation;
  const taken = take(ground, name, "contacts", bays);
  if (taken === undefined) return undefined;
  const { bay, faults } = taken.target;
  const contact = contactOf(bay);
  faults[contact] = at;
  world.contactsMoved();
  return taken.until(() => {
    faults[contact] = undefined;
    world.contactsMoved();
  });
}

const bounces = 20;

/** Waits for the door to move, and then cannot make up its mind. */
function bounce(ground: FaultGround): Strike | undefined {
  const { random, simulation } = ground;
  const { clock, world } = simulation;
  const taken = take(ground, "contact-bounces", "contacts", baysOf(ground));
  if (taken === undefined) return undefined;
  const { bay, faults } = taken.target;
  const contact = doorContactOf(ground, bay);
  let waits = true;
  let over = false;
  const flip = (left: number): void => {
    if (over) return;
    setContact(faults, contact, left === 0 ? undefined : left % 2 === 0);
    world.contactsMoved();
    if (left > 0) clock.after(random.between(2, 40), () => flip(left - 1));
  };
  world.onTruth((event) => {
    if (!waits || event.type !== "door" || event.bay !== bay) return;
    waits = false;
    // Listeners must not change the world while it is telling them.
    clock.after(0, () => flip(bounces));
    ground.landed();
  });
  const strike = taken.until(() => {
    waits = false;
    over = true;
    setContact(faults, contact, undefined);
    world.contactsMoved();
  });
  return { ...strike, lurks: true };
}

function setContact(faults: BayFaults, contact: Contact, at: boolean | undefined): void {
  faults[contact] = at;
}

/** The board that hears the smoke head of a cabinet is silent. */
function loseSmokeHead(ground: FaultGround): Strike | undefined {
  const { config, simulation } = ground;
  const devices = devicesOf(ground);
  const heads = config.file.cabinets.flatMap(({ id, smoke }) => {
    const board = smoke !== undefined && "device" in smoke ? smoke.device : undefined;
    const found = devices.find(({ device }) => device.id === board);
    return found === undefined ? [] : [{ ...found, where: `cabinet ${id}` }];
  });
  const taken = take(ground, "smoke-head-lost", "smoke head", heads);
  if (taken === undefined) return undefined;
  return taken.until(simulation.world.line(taken.target.path).tap(gone(taken.target.device)));
}

function raiseSmoke(ground: FaultGround): Strike | undefined {
  const { world } = ground.simulation;
  const clear = world.truth.cabinets.filter(({ smoke }) => !smoke);
  const cabinets = clear.map(({ id }) => ({ where: `cabinet ${id}`, id }));
  const taken = take(ground, "smoke", "air", cabinets);
  if (taken === undefined) return undefined;
  world.setSmoke(taken.target.id, true);
  return taken.until(() => world.setSmoke(taken.target.id, false));
}

export const contactFaults: readonly Fault[] = [
  {
    id: "S6",
    name: "door-switch-stuck-shut",
    kind: "sensor",
    says: { zh: "门磁卡在「关」", en: "a door switch is stuck at shut" },
    expects: "an opening that is not seen takes the bay out of service, and another bay is offered",
    invariants: ["I25"],
    perDay: 2,
    lastsS: [60, 900],
    strike: (ground) =>
      stick(ground, { name: "door-switch-stuck-shut", at: saysShut, contactOf: (bay) => doorContactOf(ground, bay) }),
  },
  {
    id: "S7",
    name: "door-switch-stuck-open",
    kind: "sensor",
    says: { zh: "门磁卡在「开」", en: "a door switch is stuck at open" },
    expects: "the bay is out of service and does not charge",
    invariants: ["I8"],
    perDay: 2,
    lastsS: [60, 900],
    strike: (ground) =>
      stick(ground, { name: "door-switch-stuck-open", at: !saysShut, contactOf: (bay) => doorContactOf(ground, bay) }),
  },
  {
    id: "S8",
    name: "contact-bounces",
    kind: "sensor",
    says: { zh: "触点抖动二十次", en: "a contact bounces twenty times" },
    expects: "the door opened once, and once is what happened",
    invariants: ["I4"],
    perDay: 3,
    lastsS: [600, 3_600],
    strike: bounce,
  },
  {
    id: "S9",
    name: "smoke-head-lost",
    kind: "sensor",
    says: { zh: "烟感失联", en: "the smoke head is not heard" },
    expects: "its cabinet neither charges nor heats, and says so",
    invariants: ["I12"],
    perDay: 1,
    lastsS: [10, 600],
    strike: loseSmokeHead,
  },
  {
    id: "S10",
    name: "smoke",
    kind: "sensor",
    says: { zh: "烟感报警", en: "there is smoke in a cabinet" },
    expects: "the cabinet is off and stays shut for riders, the exit is free, alarms within a second",
    invariants: ["I13"],
    perDay: 1,
    lastsS: [20, 300],
    strike: raiseSmoke,
  },
  {
    id: "S13",
    name: "presence-without-bms",
    kind: "sensor",
    says: { zh: "有物在仓但无通信", en: "a bay feels something whose BMS nobody hears" },
    expects: "it is no pack that anybody knows: no charge and no credit for it",
    invariants: ["I5", "I8"],
    perDay: 2,
    lastsS: [60, 900],
    strike: (ground) => {
      const { truth } = ground.simulation.world;
      const empty = baysOf(ground).filter(({ bay }) => truth.bay(bay).empty);
      return stick(ground, { name: "presence-without-bms", at: true, contactOf: () => "presenceStuckAt" }, empty);
    },
  },
];
