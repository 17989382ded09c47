/**
 * What a rider does about an open door: puts the pack in, pushes the plug home, takes the full one, takes the own one back,
 * shuts what is not meant for them, or makes their one mistake. They go by what they see in the bay and by the last
 * sentence they heard.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { SplitRandom } from "../random.ts";
import type { PackPlace } from "../truth-types.ts";
import type { Behaviour } from "../visit-types.ts";
import type { Bay } from "./bay.ts";
import type { Pack } from "./pack.ts";
import type { Heard } from "./rider-ears.ts";
import type { RiderHands } from "./rider-hands.ts";
import type { Notes, Person } from "./scene.ts";

/** deposit: has something to put in · collect: waits for a full pack · finished: has what there was to get. */
export type Intent = "deposit" | "collect" | "finished";

/** The rider around the hands. */
export interface Mind {
  cue: Heard | undefined;
  decide(): void;
  leave(): void;
  showCode(): void;
  wait(ms: number, then: () => void): void;
}

export interface RiderDoorsOptions {
  readonly notes: Notes;
  readonly person: Person;
  readonly mind: Mind;
  readonly hands: RiderHands;
  readonly clock: Clock;
  readonly random: SplitRandom;
  /** A pack is somewhere else now. */
  readonly handed: (pack: Pack, place: PackPlace) => void;
}

/** How long somebody looks at an open door before they shut it without having been told to. */
const LOOK_MS = 5_000;

export class RiderDoors {
  intent: Intent;
  depositBay: Bay | undefined;
  private objectInside = false;
  private lookedAtMs: number | undefined;
  /** Times left to do the wrong thing. */
  private mistakesLeft: number;
  private readonly options: RiderDoorsOptions;
  private readonly mind: Mind;
  private readonly hands: RiderHands;

  constructor(options: RiderDoorsOptions) {
    this.options = options;
    this.mind = options.mind;
    this.hands = options.hands;
    this.intent = options.person.pack === undefined ? "collect" : "deposit";
    const { behaviour } = options.notes;
    const repeats = behaviour === "shut-on-nothing" || behaviour === "takes-nothing";
    this.mistakesLeft = repeats ? 1 + options.random.int(2) : 1;
  }

  /** No open door is left to look at. */
  nothingOpen(): void {
    this.lookedAtMs = undefined;
  }

  dealWith(bay: Bay): void {
    if (bay === this.depositBay && (bay.pack !== undefined || this.objectInside)) this.dealWithOwn(bay);
    else if (bay.pack !== undefined) {
      if (this.intent === "collect") this.collect(bay);
      else this.shutUnasked(bay);
    } else if (this.intent === "deposit" && !bay.foreignObject) this.deposit(bay);
    else this.shutUnasked(bay);
  }

  private errs(behaviour: Behaviour): boolean {
    return this.options.notes.behaviour === behaviour && this.mistakesLeft-- > 0;
  }

  private lookAgain(): void {
    this.lookedAtMs = undefined;
    this.mind.decide();
  }

  private shutThen(bay: Bay, then: () => void): void {
    this.hands.shut(bay, () => {
      this.mind.cue = undefined;
      then();
    });
  }

  private shutAndLook(bay: Bay): void {
    this.shutThen(bay, () => this.lookAgain());
  }

  /** An open door that is not meant for what they carry: shut after a while. */
  shutUnasked(bay: Bay): void {
    if (this.lookedLong()) this.shutAndLook(bay);
  }

  /** True once they have looked at an open door for long enough; until then they look again by themselves. */
  private lookedLong(): boolean {
    const nowMs = this.options.clock.monotonicMs();
    this.lookedAtMs ??= nowMs;
    const leftMs = this.lookedAtMs + LOOK_MS - nowMs;
    if (leftMs <= 0) return true;
    this.mind.wait(leftMs, () => this.mind.decide());
    return false;
  }

  /** Their own thing is inside and the door is open again. */
  private dealWithOwn(bay: Bay): void {
    const { cue } = this.mind;
    if (this.objectInside) this.takeObjectBack(bay);
    else if (this.mayChange() && this.errs("changes-pack")) this.change(bay);
    else if (cue === "take-back" || cue === "ended") this.takeBack(bay);
    else if (!bay.plugged) this.hands.plug(bay, () => this.shutAndLook(bay));
    else if (cue === "push-plug" || cue === "insert" || cue === "shut-door" || this.lookedLong()) this.shutAndLook(bay);
  }

  /** They have another pack with them, and have not exchanged the two yet. */
  private mayChange(): boolean {
    const { notes, person } = this.options;
    return notes.behaviour === "changes-pack" && person.spare !== undefined && this.mistakesLeft > 0;
  }

  /** Takes out what they put in, and puts the other one there. */
  private change(bay: Bay): void {
    const { person } = this.options;
    const { spare } = person;
    this.hands.take(bay, (pack) => {
      if (pack === undefined || spare === undefined) {
        this.lookAgain();
        return;
      }
      this.own(pack);
      this.depositBay = undefined;
      this.intent = "deposit";
      person.pack = spare;
      person.spare = pack;
      this.depositPack(bay, spare);
    });
  }

  private takeBack(bay: Bay): void {
    this.hands.take(bay, (pack) => {
      if (pack !== undefined) this.own(pack);
      this.depositBay = undefined;
      this.intent = "finished";
      this.shutAndLook(bay);
    });
  }

  /** Half of those who put a bag in do it right the second time; the others go. */
  private takeObjectBack(bay: Bay): void {
    this.hands.takeObject(bay, () => {
      this.objectInside = false;
      this.depositBay = undefined;
      if (this.options.random.chance(0.5)) {
        this.deposit(bay);
        return;
      }
      this.intent = "finished";
      this.shutAndLook(bay);
    });
  }

  private deposit(bay: Bay): void {
    const { pack } = this.options.person;
    if (this.errs("abandons-before-insert") || pack === undefined) this.mind.leave();
    else if (this.options.notes.behaviour === "never-inserts") this.shutAndLook(bay);
    else if (this.errs("shut-on-nothing")) this.shutAndLook(bay);
    else if (this.errs("foreign-object")) this.depositObject(bay);
    else this.depositPack(bay, pack);
  }

  private depositObject(bay: Bay): void {
    this.hands.insertObject(bay, (inside) => {
      this.objectInside = inside;
      if (inside) this.depositBay = bay;
      this.shutAndLook(bay);
    });
  }

  /** Before any code was shown. False: nothing can be put in there. `then` once the door is shut, or the bay was full after all. */
  putInFirst(bay: Bay, then: () => void): boolean {
    const { pack } = this.options.person;
    if (pack === undefined || bay.pack !== undefined || bay.foreignObject) return false;
    this.depositPack(bay, pack, then);
    return true;
  }

  private depositPack(bay: Bay, pack: Pack, then?: () => void): void {
    const { notes } = this.options;
    const shut = then ?? (() => this.deposited());
    this.hands.insert(bay, pack, (inside) => {
      if (!inside) {
        if (then === undefined) this.lookAgain();
        else then();
        return;
      }
      this.letGo(pack, bay);
      this.depositBay = bay;
      notes.depositedPack = pack.id;
      this.intent = "collect";
      if (this.mayChange() || this.errs("forgets-plug")) this.shutThen(bay, shut);
      else this.hands.plug(bay, () => this.shutThen(bay, shut));
    });
  }

  private deposited(): void {
    if (this.errs("abandons-after-deposit")) {
      this.mind.leave();
      return;
    }
    if (this.options.notes.behaviour === "scans-twice") this.mind.showCode();
    this.lookAgain();
  }

  private collect(bay: Bay): void {
    const { notes, random } = this.options;
    if (this.errs("takes-nothing")) this.shutAndLook(bay);
    else if (notes.behaviour === "takes-nothing" && random.chance(0.3)) this.mind.leave();
    else this.take(bay);
  }

  private take(bay: Bay): void {
    this.hands.take(bay, (pack) => {
      if (pack === undefined) {
        this.lookAgain();
        return;
      }
      this.own(pack);
      if (this.errs("puts-back")) {
        this.putBack(bay, pack);
        return;
      }
      this.received(pack);
      if (this.errs("leaves-door-open")) this.mind.leave();
      else this.shutAndLook(bay);
    });
  }

  private received(pack: Pack): void {
    const { notes, clock } = this.options;
    notes.receivedPack = pack.id;
    notes.receivedMs = clock.monotonicMs();
    notes.leftWithPack = true;
    this.intent = "finished";
  }

  /** Into the bay from which they just took it. They want it all the same, and wait. */
  private putBack(bay: Bay, pack: Pack): void {
    this.hands.insert(bay, pack, (inside) => {
      if (!inside) {
        this.received(pack);
        this.lookAgain();
        return;
      }
      this.letGo(pack, bay);
      this.hands.plug(bay, () => this.shutAndLook(bay));
    });
  }

  private letGo(pack: Pack, { bay }: Bay): void {
    const { person, handed } = this.options;
    person.pack = undefined;
    handed(pack, { at: "bay", bay });
  }

  private own(pack: Pack): void {
    const { person, handed } = this.options;
    person.pack = pack;
    handed(pack, { at: "rider", rider: person.rider });
  }
}
