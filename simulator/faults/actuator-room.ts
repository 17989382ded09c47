/** The room's machines: a fridge that asks for its compressor all the time, and appliances whose buttons stay pressed. */
import { amenityWire } from "../room/names.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { take } from "./targets.ts";

/** The probe of the fridge swings above and below what the compressor is switched at. */
const swingC = 8;

function swing(ground: FaultGround): Strike | undefined {
  const { config, random, simulation } = ground;
  const { clock, world } = simulation;
  const device = config.file.fridge?.wires.air.device;
  const faults = device === undefined ? undefined : world.probeFaults(device);
  if (faults === undefined || device === undefined) return undefined;
  const taken = take(ground, "fridge-swings", "offset", [{ where: `sensor ${device}` }]);
  if (taken === undefined) return undefined;
  let over = false;
  const turn = (byC: number): void => {
    if (over) return;
    faults.offsetC = byC;
    clock.after(random.between(5, 40) * 1_000, () => turn(-byC));
  };
  turn(swingC);
  return taken.until(() => {
    over = true;
    faults.offsetC = 0;
  });
}

interface Button {
  readonly where: string;
  press(down: boolean): void;
}

/** Whoever presses here leaves something on: the tap, the microwave, a socket. */
function buttons({ simulation: { world } }: FaultGround): Button[] {
  const room = world.room?.room;
  if (room === undefined) return [];
  const taps = [...room.boilers].map(
    ([id, boiler]): Button => ({
      where: `amenity ${id}`,
      press: (down) => {
        boiler.holdUnlock(down);
        boiler.holdButton(down);
      },
    }),
  );
  const outlets = room.config.amenities.flatMap(({ id }): Button[] => {
    const button = room.switches.get(amenityWire(id, "button"));
    return button === undefined ? [] : [{ where: `amenity ${id}`, press: (down) => button.set(down) }];
  });
  return [...taps, ...outlets];
}

/** Somebody presses and leaves, or the button sticks. */
function leaveOn(ground: FaultGround): Strike | undefined {
  const taken = take(ground, "appliance-left-on", "button", buttons(ground));
  if (taken === undefined) return undefined;
  taken.target.press(true);
  return taken.until(() => taken.target.press(false));
}

export const roomActuatorFaults: readonly Fault[] = [
  {
    id: "A7",
    name: "fridge-swings",
    kind: "actuator",
    says: { zh: "冰箱频繁启停", en: "the fridge wants its compressor on and off all the time" },
    expects: "the compressor rests three minutes between two runs",
    invariants: ["I11"],
    perDay: 2,
    lastsS: [300, 3_600],
    strike: swing,
  },
  {
    id: "A8",
    name: "appliance-left-on",
    kind: "actuator",
    says: { zh: "热水或微波炉忘关", en: "hot water or the microwave is left on" },
    expects: "it is off at its longest time, and pressing longer does not make it longer",
    invariants: ["I11"],
    perDay: 2,
    lastsS: [60, 7_200],
    strike: leaveOn,
  },
];
