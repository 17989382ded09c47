/**
 * One door of the room, as wood and metal: leaf, latch, strike or magnet, closer, inside handle. From outside it opens when the
 * lock lets it; from inside the handle draws the latch, and an exit button breaks its magnet's supply by its own contact. It
 * decides nothing, and a closer that is wedged does not close.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { Site } from "../models/site.ts";
import type { Circuits } from "./circuits.ts";
import type { OpenedBy } from "./events.ts";
import { doorContact, doorOutput } from "./names.ts";

export interface DoorBodyOptions {
  readonly id: string;
  readonly lock: "strike" | "magnet";
  readonly exitBreaksPower: boolean;
  readonly circuits: Circuits;
  readonly site: Site;
  readonly clock: Clock;
}

/** The closer takes the leaf home in this time. */
const CLOSES_MS = 3_500;
/** A hand turns the handle this long. */
const HANDLE_MS = 900;
/** A latch that was just pushed in needs a moment to fall in. */
export const HANDLE_TO_OPEN_MS = 300;

export class DoorBody {
  readonly id: string;
  isOpen = false;
  wedged = false;
  tampered = false;
  private readonly options: DoorBodyOptions;
  private handleDown = false;
  private closing: Timer | undefined;

  constructor(options: DoorBodyOptions) {
    this.options = options;
    this.id = options.id;
    const { circuits, site, id } = options;
    circuits.contact(doorContact(id, "shut"), () => !this.isOpen);
    circuits.contact(doorContact(id, "exitRequest"), () => this.handleDown);
    circuits.contact(doorContact(id, "tamper"), () => this.tampered);
    circuits.contact(doorContact(id, "lockPower"), () => site.mainsOn);
  }

  /** Whether the lock holds the leaf against somebody outside. */
  get holdsOut(): boolean {
    const { lock, circuits, id } = this.options;
    return lock === "strike" ? !circuits.isLive(doorOutput(id, "strike")) : this.magnetHolds;
  }

  private get magnetHolds(): boolean {
    const { circuits, exitBreaksPower, id } = this.options;
    return circuits.isLive(doorOutput(id, "magnet")) && !(exitBreaksPower && this.handleDown);
  }

  /** Somebody outside pulls. */
  pull(): boolean {
    if (this.isOpen) {
      this.closing?.cancel();
      return true;
    }
    if (this.holdsOut) return false;
    this.move(true, "outside");
    return true;
  }

  /** Somebody inside turns the handle or presses the button, and pushes. */
  turnHandle(): boolean {
    const { clock, circuits, site, id, lock } = this.options;
    this.handleDown = true;
    circuits.changed(doorContact(id, "exitRequest"));
    clock.after(HANDLE_MS, () => {
      this.handleDown = false;
      circuits.changed(doorContact(id, "exitRequest"));
    });
    const opens = this.isOpen || lock === "strike" || !this.magnetHolds;
    site.emit({ type: "room-handle", door: id, opens });
    if (opens) clock.after(HANDLE_TO_OPEN_MS, () => this.move(true, "handle"));
    return opens;
  }

  /** Whoever held it lets go: the closer does the rest, unless something is wedged under the leaf. */
  letGo(): void {
    this.closing?.cancel();
    if (this.wedged || !this.isOpen) return;
    this.closing = this.options.clock.after(CLOSES_MS, () => this.move(false, "closer"));
  }

  shutByHand(): void {
    this.wedged = false;
    this.move(false, "hand");
  }

  force(): void {
    this.move(true, "force");
  }

  private move(open: boolean, by: OpenedBy): void {
    this.closing?.cancel();
    if (open === this.isOpen) return;
    const { circuits, site, id } = this.options;
    circuits.catchUp();
    this.isOpen = open;
    site.emit({ type: "room-door", door: id, open, by });
    circuits.changed(doorContact(id, "shut"));
  }
}
