/**
 * Whoever looks after the room: fills the fridge, brings the AED back, answers calls for help, gives latched boilers back after a
 * look at them. They see what anybody sees who comes by every two hours, show their own code, and have a key to the fridge.
 */
import type { SplitRandom } from "../random.ts";
import type { FridgeBody } from "./fridge-body.ts";
import { amenityOf, readerAt, type Surroundings, show } from "./person.ts";
import { type Ears, play, type Story } from "./script.ts";

export interface StaffOptions {
  readonly around: Surroundings;
  readonly ears: Ears;
  readonly random: SplitRandom;
  readonly localStartMs: number;
}

/** The one technician's code; a real station never knows it. */
const CODE = "yz-technician-0001";
const ROUND_MS = 7_200_000;
const HELP_ANSWERED_S = [20, 120] as const;
const HOUR_MS = 3_600_000;
/** Between these hours somebody comes by. */
const FROM_HOUR = 6;
const TO_HOUR = 23;
/** Filled up when fewer are left; the station asks for it at its own mark. */
const FEW_CANS = 15;
/** What only somebody on site gives back. */
const LATCHED = /^(room-heater-latched|hot-water-latched)\//;
const CALL_MS = 300_000;
const DRIVE_S = [600, 2_100] as const;
const OPENING_MS = 90_000;

const OVERDUE = /^locker-overdue\/(.+)-(\d+)$/;

type Ask = (verb: string, body: Readonly<Record<string, unknown>>) => void;

export class Staff {
  /** Requests to the station; nobody hears them until somebody connects it. */
  ask: Ask = () => undefined;
  /** Faults as the station tells them on retained topics: `locker-overdue/phones-3`. */
  faults: () => readonly string[] = () => [];
  private readonly options: StaffOptions;
  private complaints = 0;
  private isCalled = false;

  constructor(options: StaffOptions) {
    this.options = options;
    options.around.site.listen((event) => {
      if (event.type === "room-button" && event.down) this.called(event.amenity);
    });
  }

  start(): void {
    const { room, clock } = this.options.around;
    clock.after(ROUND_MS, () => this.round());
    clock.after(CALL_MS, () => this.onCall());
    // Whoever opened the station filled the fridge before, and says so now.
    clock.after(OPENING_MS, () => {
      if (room.fridge !== undefined) this.ask("restock", { count: room.fridge.cans });
    });
  }

  private called(amenity: string): void {
    const { around, random } = this.options;
    around.clock.after(random.between(...HELP_ANSWERED_S) * 1_000, () => this.ask("answer-help", { amenity }));
  }

  private round(): void {
    const { around, ears, localStartMs } = this.options;
    around.clock.after(ROUND_MS, () => this.round());
    const hour = ((localStartMs + around.clock.monotonicMs()) / HOUR_MS) % 24;
    if (hour < FROM_HOUR || hour > TO_HOUR || !around.site.mainsOn) return;
    play(this.visit(), ears, around.clock);
  }

  private *visit(): Story<void> {
    const { room } = this.options.around;
    const { fridge } = room;
    // What riders complain about: a fridge that says no.
    const { "fridge-blocked": blocked = 0, "fridge-empty": empty = 0 } = this.options.around.book.refusals;
    const isWarm = fridge !== undefined && fridge.warmMs > HOUR_MS;
    if (fridge !== undefined && (fridge.cans < FEW_CANS || isWarm || blocked + empty > this.complaints)) {
      this.complaints = blocked + empty;
      yield* this.fill(fridge);
    }
    this.fillPackages();
    yield* this.clearLockers();
  }

  /** What lies too long is taken into keeping; most such lockers are empty, because power went as they were given. */
  private *clearLockers(): Story<void> {
    const { around } = this.options;
    for (const fault of this.faults()) {
      const [, amenity = "", number = ""] = OVERDUE.exec(fault) ?? [];
      const lockers = around.room.lockers.get(amenity);
      if (lockers === undefined) continue;
      const locker = Number(number);
      around.room.tellOrdered(amenity, locker);
      this.ask("open-locker", { amenity, locker });
      yield { s: 5 };
      if (!lockers.cell(locker).isOpen) continue;
      lockers.take(locker);
      lockers.shut(locker);
      around.book.lockersCleared++;
    }
  }

  /** With a key; the station is told which locker holds a package now. */
  private fillPackages(): void {
    const { around } = this.options;
    const amenity = amenityOf(around, "gift-lockers");
    const lockers = amenity === undefined ? undefined : around.room.lockers.get(amenity);
    for (const [at, cell] of (lockers?.cells ?? []).entries()) {
      if (cell.full || cell.isOpen) continue;
      lockers?.put(at + 1, undefined);
      this.ask("fill-locker", { amenity, locker: at + 1 });
    }
  }

  private *fill(fridge: FridgeBody): Story<void> {
    const { around } = this.options;
    const reader = readerAt(around, "fridge");
    const { config } = around.room;
    if (reader === undefined || config.fridge === undefined) return;
    show(around, reader, { credential: "technician-code", member: undefined, text: CODE, good: true });
    yield { hear: reader, s: 6 };
    yield { s: 2 };
    if (!fridge.open()) fridge.open(true);
    yield { s: 50 };
    const cans = fridge.fill(config.fridge.capacity, true);
    fridge.shut();
    around.book.restocks++;
    yield { s: 5 };
    this.ask("restock", { count: cans });
  }

  /** Day and night: what is latched off is looked at on site, and given back by a code that only staff have. */
  private onCall(): void {
    const { around, ears, random } = this.options;
    around.clock.after(CALL_MS, () => this.onCall());
    if (this.isCalled || !this.faults().some((fault) => LATCHED.test(fault))) return;
    this.isCalled = true;
    around.clock.after(random.between(...DRIVE_S) * 1_000, () => {
      this.isCalled = false;
      play(this.giveBack(), ears, around.clock);
    });
  }

  private *giveBack(): Story<void> {
    const { around } = this.options;
    const phones = amenityOf(around, "phone-lockers");
    const place = readerAt(around, "fridge") ?? (phones && readerAt(around, { amenity: phones }));
    if (place === undefined) return;
    yield { s: 30 };
    show(around, place, { credential: "technician-code", member: undefined, text: CODE, good: true });
    if ((yield { hear: place, s: 6 }) === "reset-done") around.book.resets++;
  }
}
