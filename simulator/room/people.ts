/**
 * Who comes to the room and when: riders after a swap, and those who only want to be warm, or cool, for a while. One random
 * stream for arrivals and one for each visit, so that one person's doings change nobody else's.
 */
import { visitRate, visitRateMax } from "../models/rider-habits.ts";
import type { SplitRandom } from "../random.ts";
import {
  callHelp,
  dryClothes,
  fetchPackage,
  fetchPhone,
  openRescue,
  pourWater,
  putPhone,
  takeDrink,
  useToilet,
  warmMeal,
} from "./deeds.ts";
import { about, type Person, type Surroundings } from "./person.ts";
import { type Ears, play, type Story } from "./script.ts";
import { comeIn, goOut } from "./way-in.ts";

export interface RoomPeopleOptions {
  readonly around: Surroundings;
  readonly ears: Ears;
  readonly random: SplitRandom;
  readonly localStartMs: number;
  readonly visitsPerDay: number;
  readonly members: readonly { readonly member: string; readonly code: string }[];
}

/** Share of the riders who come in after a swap. */
const AFTER_SWAP = 0.3;
/** Numbers of those who are sent. */
const SENT_FROM = 1_000_000;
const SITS_MEAN_S = 900;
const SITS_S_MAX = 5_400;

/** Probability of each deed in one visit. */
const HABITS = {
  drink: 0.45,
  secondDrink: 0.12,
  water: 0.4,
  phone: 0.25,
  meal: 0.12,
  dryer: 0.04,
  toilet: 0.2,
  help: 0.01,
  rescue: 0.006,
  package: 0.8,
} as const;

export class RoomPeople {
  private readonly options: RoomPeopleOptions;
  private readonly arrivals: SplitRandom;
  private readonly here = new Set<number>();
  private visits = 0;
  private sent = 0;
  private comes = false;

  constructor(options: RoomPeopleOptions) {
    this.options = options;
    this.arrivals = options.random.split("arrivals");
    options.around.site.listen((event) => {
      if (event.type !== "left" || !this.comes) return;
      if (this.arrivals.chance(AFTER_SWAP)) this.come(event.visit.rider);
    });
  }

  start(): void {
    if (this.comes) return;
    this.comes = true;
    this.next();
  }

  stop(): void {
    this.comes = false;
  }

  private next(): void {
    const { around, localStartMs, visitsPerDay } = this.options;
    if (visitsPerDay <= 0) return;
    const max = visitRateMax(visitsPerDay);
    const localMs = localStartMs + around.clock.monotonicMs();
    let inMs = 0;
    do inMs += this.arrivals.exponential(1 / max);
    while (!this.arrivals.chance(visitRate(localMs + inMs, visitsPerDay) / max));
    around.clock.after(inMs, () => {
      if (!this.comes) return;
      this.come(this.arrivals.int(this.options.members.length));
      this.next();
    });
  }

  /** Somebody with a story of their own, whom the day did not bring. They are numbered apart, so that nobody else changes. */
  send(story: (person: Person, around: Surroundings) => Story<void>, random: SplitRandom): void {
    const { around, ears, members } = this.options;
    const upMs = around.room.controllerUpMs;
    const trusted = members.filter(({ member }) => !around.office.isCardRevoked(member, upMs));
    if (trusted.length === 0) return;
    const person: Person = { number: SENT_FROM + ++this.sent, ...random.pick(trusted), random };
    play(story(person, around), ears, around.clock);
  }

  private come(rider: number): void {
    const known = this.options.members[rider];
    if (known === undefined || this.here.has(rider)) return;
    this.here.add(rider);
    const number = ++this.visits;
    const person: Person = { number, ...known, random: this.options.random.split(`visit-${number}`) };
    play(this.visit(person, rider), this.options.ears, this.options.around.clock);
  }

  private *visit(person: Person, rider: number): Story<void> {
    const { around } = this.options;
    const { book } = around;
    if (yield* comeIn(person, around)) {
      const fromMs = around.clock.monotonicMs();
      yield* this.stay(person);
      book.warmMinutes += (around.clock.monotonicMs() - fromMs) / 60_000;
      yield* goOut(person, around);
    }
    this.here.delete(rider);
  }

  private *stay(person: Person): Story<void> {
    const { around } = this.options;
    const { random } = person;
    const locker = random.chance(HABITS.phone) ? yield* putPhone(person, around) : undefined;
    const deeds: (() => Story<void>)[] = [];
    const maybe = (share: number, deed: (person: Person, around: Surroundings) => Story<void>): void => {
      if (random.chance(share)) deeds.push(() => deed(person, around));
    };
    maybe(HABITS.drink, takeDrink);
    maybe(HABITS.water, pourWater);
    maybe(HABITS.meal, warmMeal);
    maybe(HABITS.dryer, dryClothes);
    maybe(HABITS.toilet, useToilet);
    maybe(HABITS.help, callHelp);
    maybe(HABITS.rescue, openRescue);
    maybe(HABITS.secondDrink, takeDrink);
    maybe(HABITS.package, fetchPackage);
    const sitsS = Math.min(SITS_S_MAX, 60 + random.exponential(SITS_MEAN_S)) / (deeds.length + 1);
    for (const deed of deeds) {
      yield { s: sitsS };
      yield* deed();
    }
    yield { s: sitsS };
    if (locker !== undefined) yield* fetchPhone(person, around, locker);
    yield about(person, 2, 10);
  }
}
