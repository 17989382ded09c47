/** Things of the room that are one contact each: a button, a cabinet's door, an AED on its hook, somebody in a toilet. */
import type { Site } from "../models/site.ts";
import type { Circuits } from "./circuits.ts";
import { amenityWire } from "./names.ts";

/** One contact that people move. */
export class Switch {
  private readonly name: string;
  private readonly circuits: Circuits;
  private now: boolean;

  constructor(circuits: Circuits, name: string, initially: boolean) {
    this.circuits = circuits;
    this.name = name;
    this.now = initially;
    circuits.contact(name, () => this.now);
  }

  get on(): boolean {
    return this.now;
  }

  set(on: boolean): void {
    this.now = on;
    this.circuits.changed(this.name);
  }
}

/** A button that checkers hold against what follows from it. */
export class WatchedButton extends Switch {
  private readonly site: Site;
  private readonly amenity: string;

  constructor(circuits: Circuits, site: Site, amenity: string) {
    super(circuits, amenityWire(amenity, "button"), false);
    this.site = site;
    this.amenity = amenity;
  }

  override set(on: boolean): void {
    super.set(on);
    this.site.emit({ type: "room-button", amenity: this.amenity, down: on });
  }
}
