/**
 * What people do to a station, and what befalls it, beside the faults of the catalogue: somebody presses the emergency stop, is
 * called away from an open door, carries a pack off. It touches the world and the computer, and decides nothing.
 */
import { passerBy } from "../faults/come.ts";
import { createRandom } from "../random.ts";
import type { Simulation } from "../simulation.ts";
import type { Place } from "./moments.ts";

export interface Scene {
  readonly simulation: Simulation;
  /** The swap that the deed waited for. */
  readonly place: Place | undefined;
  readonly where: string | undefined;
}

/** How it is undone when its time is over. */
type Undo = () => void;
type Deed = (scene: Scene) => Undo | undefined;

export const deedNames = [
  "emergency-stop",
  "water-comes-in",
  "heat-cord-closes",
  "controller-killed",
  "controller-restarted",
  "rider-scans-again",
  "rider-called-away",
  "door-pulled-open",
  "door-shut",
  "pack-carried-off",
  "pack-left-behind",
  "plug-wet",
  "pack-silent",
] as const;
export type DeedName = (typeof deedNames)[number];

/** "in-bay", "out-bay" and "cabinet" are those of the swap; other words mean what they say. */
export function placeText(where: string | undefined, place: Place | undefined): string | undefined {
  if (place === undefined || where === undefined) return where;
  if (where === "in-bay") return place.inBay === undefined ? undefined : `bay ${place.inBay}`;
  if (where === "out-bay") return `bay ${place.outBay}`;
  return where === "cabinet" ? `cabinet ${place.cabinet}` : where;
}

/** Undefined where this station has no such bay. */
function bayOf({ simulation, place, where }: Scene): number | undefined {
  const text = placeText(where, place);
  return simulation.world.truth.bays.find(({ bay }) => text === `bay ${bay}`)?.bay;
}

function cabinetOf({ simulation, place, where }: Scene): string | undefined {
  const { cabinets } = simulation.world.truth;
  const text = placeText(where ?? "cabinet", place);
  if (where === undefined && place === undefined) return cabinets[0]?.id;
  return cabinets.find(({ id }) => text === `cabinet ${id}`)?.id;
}

/** For deeds at a bay; nothing happens where there is none. */
const atBay =
  (deed: (simulation: Simulation, bay: number) => Undo | undefined): Deed =>
  (scene) => {
    const bay = bayOf(scene);
    return bay === undefined ? undefined : deed(scene.simulation, bay);
  };

const atCabinet =
  (deed: (simulation: Simulation, cabinet: string) => Undo | undefined): Deed =>
  (scene) => {
    const cabinet = cabinetOf(scene);
    return cabinet === undefined ? undefined : deed(scene.simulation, cabinet);
  };

/** Whoever follows shuts what stands open there, as after any rider who leaves a door open. */
function shutLater(simulation: Simulation, cabinet: string): void {
  const { config, troubles } = simulation;
  const random = createRandom(`passer-by ${cabinet}`);
  passerBy({ simulation, config, random, where: undefined, troubles, landed: () => undefined }, cabinet);
}

/** More than a sound pack delivers with nothing connected to it. */
const wetMa = 3_000;

/** An orderly stop lets go of its outputs first, says goodbye to the broker, and is gone within this. */
const stoppingMs = 8_000;

const deeds: Readonly<Record<DeedName, Deed>> = {
  "emergency-stop": ({ simulation: { world } }) => {
    world.pressEmergencyStop(true);
    return () => world.pressEmergencyStop(false);
  },
  "water-comes-in": atCabinet(({ world }, cabinet) => {
    world.setWater(cabinet, true);
    return () => world.setWater(cabinet, false);
  }),
  "heat-cord-closes": atCabinet(({ world }, cabinet) => {
    world.setConductor(cabinet, true);
    return () => world.setConductor(cabinet, false);
  }),
  "controller-killed": ({ simulation: { computer } }) => {
    computer.processDied();
    return undefined;
  },
  "controller-restarted": ({ simulation: { computer, troubles, clock } }) => {
    clock.after(stoppingMs, troubles.begin("controller-stopping", "computer"));
    computer.restart("its configuration was changed");
    return undefined;
  },
  "rider-scans-again": atCabinet(({ world }, cabinet) => {
    world.showAgain(cabinet);
    return undefined;
  }),
  "rider-called-away": atCabinet((simulation, cabinet) => {
    if (simulation.world.callAway(cabinet)) shutLater(simulation, cabinet);
    return undefined;
  }),
  "door-pulled-open": atBay((simulation, bay) => {
    const { world, troubles, clock } = simulation;
    const over = troubles.begin("second-door-forced", `bay ${bay}`);
    world.forceDoor(bay);
    clock.after(0, over);
    shutLater(simulation, world.truth.bay(bay).cabinet);
    return undefined;
  }),
  "door-shut": atBay(({ world }, bay) => {
    world.shutDoor(bay);
    return undefined;
  }),
  "pack-carried-off": atBay(({ world }, bay) => {
    world.carryOff(bay);
    return undefined;
  }),
  "pack-left-behind": atBay(({ world }, bay) => {
    world.smuggle(bay, "pack");
    return undefined;
  }),
  "pack-silent": atBay(({ world }, bay) => {
    const faults = world.bayFaults(bay);
    if (faults.bmsSilent) return undefined;
    faults.bmsSilent = true;
    return () => {
      faults.bmsSilent = false;
    };
  }),
  "plug-wet": atBay(({ world }, bay) => {
    const faults = world.bayFaults(bay);
    faults.deliversMa = wetMa;
    return () => {
      faults.deliversMa = 0;
    };
  }),
};

/** Does it now; it is undone `lastsMs` later, and at the end of the scenario at the latest: the caller hears how. */
export function doDeed(name: DeedName, scene: Scene): Undo | undefined {
  return deeds[name](scene);
}
