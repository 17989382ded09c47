/**
 * A pack in thermal runaway: it heats itself, vents smoke, kills its own BMS, and heats the conductor through. An extinguisher
 * ends the flames and with them the smoke after a while, not the heat. A model with round figures, not a fire test.
 */
import type { Bay } from "./bay.ts";
import type { Cabinet } from "./cabinet.ts";
import type { Site } from "./site.ts";

const stepMs = 500;
/** Cells heat themselves slowly at first and then do not stop: °C per second below and above the onset. */
const onsetC = 90;
const slowCps = 0.3;
const fastCps = 8;
const hottestC = 450;
/** Cells vent well before they burn; electronics on them give up; a cord of 170 °C closes. */
const ventC = 75;
const bmsDiesC = 140;
const cordC = 170;
/** With the flames out, the smoke thins. */
const clearsMs = 300_000;

export interface FirePlace {
  readonly bay: Bay;
  readonly cabinet: Cabinet;
  readonly site: Site;
}

export class PackFire {
  private readonly place: FirePlace;
  private burns = true;
  private tempC: number;
  private outMs: number | undefined;
  private readonly step = (): void => this.pass();

  constructor(place: FirePlace) {
    this.place = place;
    this.tempC = place.bay.pack?.tempC ?? place.site.roomC;
    place.site.emit({ type: "fire", bay: place.bay.bay, burns: true });
    place.site.clock.after(stepMs, this.step);
  }

  /** The flames are out; what is hot stays hot and cools like anything else. */
  burnOut(): void {
    if (!this.burns) return;
    this.burns = false;
    this.outMs = this.place.site.clock.monotonicMs();
    this.place.site.emit({ type: "fire", bay: this.place.bay.bay, burns: false });
  }

  private pass(): void {
    const { bay, cabinet, site } = this.place;
    if (cabinet.aerosolReleases > 0) this.burnOut();
    if (this.outMs !== undefined) {
      if (site.clock.monotonicMs() - this.outMs >= clearsMs) cabinet.setSmoke(false);
      else site.clock.after(stepMs, this.step);
      return;
    }
    this.tempC = Math.min(hottestC, this.tempC + ((this.tempC < onsetC ? slowCps : fastCps) * stepMs) / 1_000);
    bay.look();
    bay.pack?.setTemp(this.tempC);
    if (this.tempC >= ventC) cabinet.setSmoke(true);
    if (this.tempC >= bmsDiesC) bay.faults.bmsSilent = true;
    if (this.tempC >= cordC) cabinet.setConductor(true);
    site.clock.after(stepMs, this.step);
  }
}
