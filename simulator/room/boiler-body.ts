/**
 * The boiler with its inlet, its tap and its contacts. The town's water may be cut off, then it empties cup by cup; the level
 * contact hangs a little above the element, as it must. It protects itself by its fuse alone.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import {
  BOILER_DRY_KG,
  BOILER_KG_MAX,
  type BoilerState,
  boilerAt,
  drawWater,
  refill,
  stepBoiler,
} from "../models/boiler.ts";
import type { Site } from "../models/site.ts";
import type { Circuits } from "./circuits.ts";
import { amenityWire } from "./names.ts";
import type { RoomShell } from "./shell.ts";

export interface BoilerBodyOptions {
  readonly id: string;
  readonly circuits: Circuits;
  readonly site: Site;
  readonly clock: Clock;
  readonly shell: RoomShell;
}

const STEP_S_MAX = 5;
const TAP_KG_PER_S = 0.04;
const INLET_KG_PER_S = 0.03;
const TOWN_WATER_C = 9;
/** Above the element, so that it is never dry when the contact says so. */
const LEVEL_KG = BOILER_DRY_KG + 0.7;
const FLOAT_SWITCH_MS = 500;
/** The float refills once so much is missing. */
const FLOAT_KG = 0.5;

export class BoilerBody {
  readonly id: string;
  electricJ = 0;
  /** Element under current without water. */
  dryS = 0;
  townWater = true;
  leaks = false;
  unlockHeld = false;
  buttonHeld = false;
  private state: BoilerState = boilerAt(BOILER_KG_MAX, 60);
  private pouredKg = 0;
  private readonly options: BoilerBodyOptions;
  private lookedMs: number;

  constructor(options: BoilerBodyOptions) {
    this.options = options;
    this.id = options.id;
    this.lookedMs = options.clock.monotonicMs();
    const { circuits, id } = options;
    circuits.beforeChange(() => this.look());
    circuits.contact(amenityWire(id, "filled"), () => this.filled);
    circuits.contact(amenityWire(id, "leaking"), () => this.leaks);
    circuits.contact(amenityWire(id, "unlock"), () => this.unlockHeld);
    circuits.contact(amenityWire(id, "button"), () => this.buttonHeld);
  }

  private live(what: string): boolean {
    return this.options.circuits.isLive(amenityWire(this.id, what));
  }

  private get fed(): boolean {
    const { circuits } = this.options;
    return circuits.isWired(amenityWire(this.id, "feed")) ? this.live("feed") : true;
  }

  get heats(): boolean {
    return this.live("element") && this.fed && this.state.fuseOk;
  }

  get pours(): boolean {
    return this.live("tap");
  }

  look(): void {
    const nowMs = this.options.clock.monotonicMs();
    while (this.lookedMs < nowMs) {
      // Nothing moves between two sips: then one step may be long.
      const isMoving = this.pours || this.state.waterKg < BOILER_KG_MAX - FLOAT_KG;
      const longestS = isMoving ? STEP_S_MAX : 300;
      const seconds = Math.min(longestS, (nowMs - this.lookedMs) / 1_000);
      this.step(seconds);
      this.lookedMs = Math.min(nowMs, this.lookedMs + seconds * 1_000);
    }
  }

  private step(seconds: number): void {
    const heats = this.heats;
    if (heats && this.state.waterKg <= BOILER_DRY_KG) this.dryS += seconds;
    const step = stepBoiler(this.state, heats, this.options.shell.airC, seconds);
    this.electricJ += step.electricJ;
    this.state = step;
    if (this.pours) this.pour(seconds);
    if (this.townWater && this.fed && this.options.site.mainsOn && step.waterKg < BOILER_KG_MAX - FLOAT_KG)
      this.state = refill(this.state, INLET_KG_PER_S * seconds, TOWN_WATER_C).boiler;
  }

  private pour(seconds: number): void {
    const drawn = drawWater(this.state, TAP_KG_PER_S * seconds);
    this.state = drawn.boiler;
    this.pouredKg += drawn.kg;
  }

  /** Asked ten times a second, and slower than that by nature. */
  get filled(): boolean {
    if (this.options.clock.monotonicMs() - this.lookedMs >= FLOAT_SWITCH_MS) this.look();
    return this.state.waterKg >= LEVEL_KG;
  }

  get waterC(): number {
    this.look();
    return this.state.elementC;
  }

  get waterKg(): number {
    this.look();
    return this.state.waterKg;
  }

  holdUnlock(held: boolean): void {
    this.unlockHeld = held;
    this.options.circuits.changed(amenityWire(this.id, "unlock"));
  }

  holdButton(held: boolean): void {
    this.look();
    this.buttonHeld = held;
    this.options.circuits.changed(amenityWire(this.id, "button"));
    if (held || this.pouredKg === 0) return;
    this.options.site.emit({ type: "room-water", amenity: this.id, kg: this.pouredKg, tempC: this.waterC });
    this.pouredKg = 0;
  }
}
