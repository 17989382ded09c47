/**
 * One rider at the station, from arrival to departure: queues, scans, watches the doors, listens, uses their hands, makes
 * their one mistake, and leaves in bounded time whatever the station does. They see doors and packs as people do, hear the
 * station's sentences, and know nothing of its state.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { SplitRandom } from "../random.ts";
import type { PackPlace } from "../truth-types.ts";
import type { Ending, WorldPrompt } from "../visit-types.ts";
import type { Bay } from "./bay.ts";
import type { Pack } from "./pack.ts";
import { type Mind, RiderDoors } from "./rider-doors.ts";
import { type Heard, heard, isAnswer, isNo } from "./rider-ears.ts";
import { PATIENCE } from "./rider-habits.ts";
import { RiderHands } from "./rider-hands.ts";
import type { Notes, Person, Scene, StockRule, Visitor } from "./scene.ts";

export interface VisitContext {
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly stock: StockRule;
  /** Where else to go, best first. */
  readonly others: (from: Scene) => Scene[];
  /** A pack is somewhere else now. */
  readonly handed: (pack: Pack, place: PackPlace) => void;
  readonly left: (visit: Visitor) => void;
}

export class RiderVisit implements Visitor, Mind {
  readonly notes: Notes;
  readonly person: Person;
  /** The last sentence that has not been acted upon. */
  cue: Heard | undefined;
  /** The cabinet said no to the last scan: until the next one its doors and sentences are for somebody else. */
  private turnedAway: Heard | undefined;
  private readonly context: VisitContext;
  private readonly clock: Clock;
  private readonly hands: RiderHands;
  private readonly doors: RiderDoors;
  private scene: Scene;
  private gone = false;
  private asked = false;
  private rivalled = false;
  private askedMs = 0;
  private sawDoor = false;
  private timer: Timer | undefined;
  private scans = 0;
  private laterTries = 0;
  private waits = 0;

  constructor(notes: Notes, person: Person, scene: Scene, context: VisitContext) {
    const { clock, random, handed } = context;
    this.notes = notes;
    this.person = person;
    this.scene = scene;
    this.context = context;
    this.clock = clock;
    this.hands = new RiderHands(clock, random);
    this.doors = new RiderDoors({ notes, person, mind: this, hands: this.hands, clock, random, handed });
    // Whatever happens, and however long the queue was, the visit ends.
    clock.after(PATIENCE.visitMs + PATIENCE.queueMs, () => this.leave());
  }

  get beingServed(): boolean {
    return this.doors.depositBay !== undefined;
  }

  // --- Getting to the scanner.

  /** Joins the people at this cabinet. */
  join(): void {
    this.scene.queue.push(this);
    if (this.scene.queue[0] === this) this.wait(this.hands.durationMs("toScanner"), () => this.approach());
    else this.wait(PATIENCE.queueMs, () => this.leave());
    if (this.notes.behaviour === "scans-out-of-turn") this.push();
  }

  /** Scans while somebody else is being served. */
  private push(): void {
    const first = this.scene.queue[0];
    if (first === undefined || first === this) return;
    this.clock.after(this.hands.durationMs("toScanner"), () => {
      const busy = this.scene.queue[0];
      if (!this.gone && busy !== this && busy?.beingServed) this.showCode();
    });
  }

  /** The one before has gone. */
  stepForward(): void {
    this.wait(this.hands.durationMs("stepForward"), () => this.approach());
  }

  /** Doors that others left open are shut first; then the code is shown. */
  private approach(): void {
    const open = this.scene.cabinet.bays.find((bay) => bay.doorOpen);
    if (open === undefined || this.scans > 0 || this.isForMe(open)) {
      this.scan();
      return;
    }
    const toScanner = (): void => this.wait(this.hands.durationMs("tidyDoor"), () => this.scan());
    if (this.notes.behaviour === "puts-in-first" && this.doors.putInFirst(open, toScanner)) return;
    if (!this.context.random.chance(0.9)) {
      this.scan();
      return;
    }
    this.hands.shut(open, () => this.wait(this.hands.durationMs("tidyDoor"), () => this.approach()));
  }

  /** Whoever comes for a pack that they are owed does not shut a door behind which one stands. */
  private isForMe({ pack }: Bay): boolean {
    return pack !== undefined && this.doors.intent === "collect";
  }

  private scan(): void {
    const { notes, scene, context } = this;
    this.scans++;
    this.cue = undefined;
    this.turnedAway = undefined;
    this.asked = true;
    this.askedMs = this.clock.monotonicMs();
    notes.firstScanMs ??= this.askedMs;
    const { stock } = context;
    const has = (rule: (bay: Bay) => boolean): boolean => scene.cabinet.bays.some(rule);
    const room = this.doors.intent === "collect" || has((bay) => stock.surelyEmpty(bay));
    notes.readyAtArrival ||= room && has((bay) => stock.surelyReady(bay));
    this.showCode();
    if (notes.behaviour === "scans-twice" && this.scans === 1) {
      this.clock.after(this.hands.durationMs("scanTwice"), () => {
        if (!this.gone) this.showCode();
      });
    }
    if (notes.behaviour === "scans-and-leaves") this.clock.after(this.hands.durationMs("react"), () => this.leave());
    else this.wait(PATIENCE.answerMs, () => (this.scans < PATIENCE.scans ? this.scan() : this.leave()));
  }

  showCode(): void {
    this.scene.lastScanner = this;
    this.scene.reader.show(this.notes.credential);
    for (const other of this.scene.queue) if (other !== this) other.rivalScans();
  }

  rivalScans(): void {
    if (this.notes.behaviour !== "scans-at-once" || this.asked || this.rivalled) return;
    this.rivalled = true;
    this.clock.after(this.hands.durationMs("scanAtOnce"), () => {
      if (!this.gone) this.showCode();
    });
  }

  // --- Seeing and hearing.

  hear(prompt: WorldPrompt): void {
    // Somebody who has not scanned yet has nothing to do with the cabinet's sentences.
    if (this.gone || !this.asked) return;
    const cue = heard(prompt);
    const answer = isAnswer(prompt) && !this.beingServed;
    if (answer) this.turnedAway = cue;
    else if (this.turnedAway === undefined) this.cue = cue;
    if (isNo(cue) && (answer || this.turnedAway === undefined)) this.notes.refusal = prompt.code ?? prompt.promptId;
    this.notice();
  }

  /** A door moved or somebody spoke: looks, after the time a person needs. */
  notice(): void {
    if (this.gone || !this.asked || this.hands.busy) return;
    this.wait(this.hands.durationMs("react"), () => this.decide());
  }

  decide(): void {
    if (this.gone || this.hands.busy) return;
    const away = this.turnedAway;
    if (away === "flee" || this.cue === "flee") {
      this.leave();
      return;
    }
    const open = this.scene.cabinet.bays.find((bay) => bay.doorOpen && bay.doorChangedMs >= this.askedMs);
    if (open !== undefined && away === undefined) {
      this.sawDoor = true;
      this.doors.dealWith(open);
      return;
    }
    if (open !== undefined && away === "later") {
      this.doors.shutUnasked(open);
      return;
    }
    this.doors.nothingOpen();
    if (this.doors.intent === "finished") this.wait(this.hands.durationMs("react"), () => this.leave());
    else this.obey();
  }

  /** No door is open: only the words count. */
  private obey(): void {
    switch (this.turnedAway ?? this.cue) {
      case "no":
      case "ended":
        this.leave();
        return;
      case "elsewhere":
        if (this.beingServed) this.leave();
        else this.goElsewhere();
        return;
      case "later":
        if (this.laterTries >= PATIENCE.laterTries) this.leave();
        else this.wait(this.hands.durationMs("scanAgainWhenBusy"), () => this.scanLater());
        return;
      default:
        this.wait(PATIENCE.doorMs, () => this.impatient());
    }
  }

  private scanLater(): void {
    this.laterTries++;
    this.scan();
  }

  /** Nothing has moved for long. Whoever waits for a pack scans once more; then they give up. */
  private impatient(): void {
    if (this.waits++ < 2 && this.doors.intent === "collect") {
      this.scans = 0;
      this.scan();
    } else this.leave();
  }

  // --- Leaving.

  private goElsewhere(): void {
    const { notes } = this;
    const [next] = this.context.others(this.scene);
    if (next === undefined || notes.cabinetsTried.length >= PATIENCE.cabinets) {
      this.leave();
      return;
    }
    this.leaveQueue();
    this.asked = false;
    this.scans = 0;
    this.scene = next;
    notes.cabinet = next.cabinet.id;
    notes.cabinetsTried.push(next.cabinet.id);
    this.wait(this.hands.durationMs("toNextCabinet"), () => this.join());
  }

  private leaveQueue(): void {
    const { queue } = this.scene;
    const at = queue.indexOf(this);
    if (at >= 0) queue.splice(at, 1);
    if (at === 0) queue[0]?.stepForward();
  }

  leave(): void {
    if (this.gone) return;
    this.gone = true;
    this.hands.stop();
    this.timer?.cancel();
    this.notes.endedMs = this.clock.monotonicMs();
    this.notes.ending = this.ending();
    this.leaveQueue();
    this.context.left(this);
  }

  private ending(): Ending {
    const { notes, person } = this;
    if (notes.receivedPack !== undefined) return notes.depositedPack === undefined ? "collected" : "swapped";
    if (person.pack === undefined) return "owed";
    if (notes.depositedPack !== undefined) return "returned";
    if (this.sawDoor) return "cancelled";
    if (notes.firstScanMs === undefined) return "busy";
    return notes.refusal === undefined ? "ignored" : "refused";
  }

  /** One thing to wait for at a time: a new one replaces the old. */
  wait(ms: number, then: () => void): void {
    this.timer?.cancel();
    this.timer = this.clock.after(ms, () => {
      if (!this.gone) then();
    });
  }
}
