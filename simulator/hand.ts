/** What somebody does to the station on purpose: fire, mains, faults, a technician with a key. It never asks the controller. */
import type { Frame } from "./frame.ts";
import { Held } from "./held.ts";
import type { Bay } from "./models/bay.ts";
import { type FirePlace, PackFire } from "./models/fire.ts";
import type { RoomWorld } from "./room/room-world.ts";
import type { Wiring } from "./wires/wiring.ts";

export function setFire(fires: Map<number, PackFire>, place: FirePlace, burns: boolean): void {
  const { bay } = place.bay;
  fires.get(bay)?.burnOut();
  fires.delete(bay);
  if (burns) fires.set(bay, new PackFire(place));
}

export function service(bay: Bay): void {
  const loose = bay.pack !== undefined && !bay.plugged;
  if (bay.foreignObject || loose) bay.moveDoor(true);
  bay.setObject(false);
  bay.plug();
  bay.shut();
}

/** Faults take effect when they are set, not when somebody next looks. */
export function watchedFaults(bay: Bay): Bay["faults"] {
  return new Proxy(bay.faults, {
    set(target, property, value) {
      bay.look();
      Reflect.set(target, property, value);
      bay.supplyChanged();
      return true;
    },
  });
}

export interface Supplied {
  readonly frame: Frame;
  readonly wiring: Wiring;
  readonly room: RoomWorld | undefined;
}

/** The main switch, and whoever else keeps the supply away: there is mains only where nobody does. */
export class Mains {
  private readonly supplied: Supplied;
  private readonly cuts = new Held(() => this.apply());
  private switchedOff = false;

  constructor(supplied: Supplied) {
    this.supplied = supplied;
  }

  set(on: boolean): void {
    this.switchedOff = !on;
    this.apply();
  }

  cut(): () => void {
    return this.cuts.hold();
  }

  private apply(): void {
    setMains(this.supplied, !this.switchedOff && !this.cuts.is);
  }
}

function setMains({ frame, wiring, room }: Supplied, on: boolean): void {
  const { site, bays, cabinets } = frame;
  if (site.mainsOn === on) return;
  for (const bay of bays.values()) bay.look();
  room?.supplyChanged(true);
  const fans = [...cabinets.values()].map((cabinet) => cabinet.fanOn);
  site.mainsOn = on;
  site.emit({ type: "mains", on });
  if (!on) {
    for (const board of wiring.relayBoards) board.powerLost();
    for (const reader of wiring.cardReaders.values()) reader.powerLost();
    for (const bay of bays.values()) bay.charger.powerLost();
  }
  room?.supplyChanged(false);
  for (const bay of bays.values()) bay.supplyChanged();
  for (const [at, cabinet] of [...cabinets.values()].entries()) cabinet.supplyChanged(fans[at] ?? false);
}
