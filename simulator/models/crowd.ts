/**
 * The members and their visits: who comes when, with which pack and which mistake in mind, who comes back for a debt. One
 * random stream for the times of arrival and one per visit, so that one rider's doings change nobody else's.
 */
import type { Timer } from "../../hal/ports/clock.ts";
import type { WorldOptions } from "../option-types.ts";
import type { SplitRandom } from "../random.ts";
import type { PackPlace } from "../truth-types.ts";
import {
  type ArrangedVisit,
  type Behaviour,
  MISTAKES,
  type RiderVisit as VisitRecord,
  type WorldPrompt,
} from "../visit-types.ts";
import { exchanged, guestOf, type Loan, lentBeside, strangePack } from "./loans.ts";
import type { Pack } from "./pack.ts";
import { usableShare } from "./pack-chemistry.ts";
import type { PackRegister } from "./pack-register.ts";
import { isAnswer } from "./rider-ears.ts";
import { DEFAULT_MISTAKES, HABITS, PATIENCE, visitRate, visitRateMax } from "./rider-habits.ts";
import { RiderVisit, type VisitContext } from "./rider-visit.ts";
import { hasEmpty, type Notes, type Person, readyCount, type Scene, type StockRule, type Visitor } from "./scene.ts";
import type { Site } from "./site.ts";
import type { VisitBook } from "./visit-book.ts";
import type { Weather } from "./weather.ts";

export interface CrowdOptions {
  readonly site: Site;
  readonly weather: Weather;
  readonly scenes: readonly Scene[];
  readonly packs: PackRegister;
  readonly book: VisitBook;
  readonly stock: StockRule;
  readonly options: WorldOptions;
  /** Local wall time at the start of the world. */
  readonly localStartMs: number;
  readonly random: SplitRandom;
}

/** Nobody comes again so soon after leaving, unless nobody else is there. */
const REST_MS = 20 * 60_000;
const PICKS = 24;
/** Share of the riders who look at the cabinets' screens before they choose one. */
const LOOKS_FIRST = 0.8;
/** Packs come from under the seat of a moving bike: a little warmer than the air. */
const RIDE_WARMTH_C = [3, 8] as const;

export class Crowd {
  readonly people: Person[] = [];
  private readonly given: CrowdOptions;
  private readonly arrivals: SplitRandom;
  private readonly visitors: SplitRandom;
  private readonly scenesById = new Map<string, Scene>();
  private next: Timer | undefined;
  /** Those who will come back for a pack they are owed, and how to let them come at once. */
  private readonly returning = new Map<number, () => VisitRecord>();

  constructor(options: CrowdOptions) {
    this.given = options;
    this.arrivals = options.random.split("arrivals");
    this.visitors = options.random.split("visits");
    for (const scene of options.scenes) this.scenesById.set(scene.cabinet.id, scene);
    const nowMs = options.site.clock.monotonicMs();
    const outdoorC = options.weather.outdoorC(nowMs);
    for (const [rider, credential] of options.options.credentials.entries()) {
      const pack = options.packs.make(0.6, outdoorC, { at: "rider", rider });
      const lastLeftMs = nowMs - REST_MS;
      const { returns: returnsLeft } = PATIENCE;
      this.people.push({ rider, credential, pack, spare: undefined, busy: false, lastLeftMs, returnsLeft });
    }
    options.site.listen((event) => {
      if (event.type === "door" && event.open) this.doorOpened(event.bay);
    });
  }

  // --- When people come.

  start(): void {
    if (this.next === undefined && this.perDay > 0) this.await(0);
  }

  stop(): void {
    this.next?.cancel();
    this.next = undefined;
  }

  private get perDay(): number {
    return this.given.options.arrivalsPerDay ?? 400;
  }

  /** Waits for the next arrival: candidates come at the highest rate of the day and are kept in proportion to the hour. */
  private await(fromMs: number): void {
    const { site, localStartMs } = this.given;
    const max = visitRateMax(this.perDay);
    let inMs = fromMs;
    const localMs = localStartMs + site.clock.monotonicMs();
    do inMs += this.arrivals.exponential(1 / max);
    while (!this.arrivals.chance(visitRate(localMs + inMs, this.perDay) / max));
    this.next = site.clock.after(inMs, () => {
      this.arrive({});
      this.await(0);
    });
  }

  // --- Who comes.

  arrive(wish: ArrangedVisit): VisitRecord | undefined {
    const comeBack = wish.rider === undefined ? undefined : this.returning.get(wish.rider);
    if (comeBack !== undefined) return comeBack();
    const { book } = this.given;
    const random = this.visitors.split(String(book.arrivals + book.nobodyFree + 1));
    const person = wish.rider === undefined ? this.someone(random) : this.free(wish.rider);
    if (person === undefined) {
      book.nobodyFree++;
      return undefined;
    }
    const behaviour = wish.behaviour ?? this.behaviour(random);
    const loan = this.borrow(person, behaviour, random);
    this.ride(person, behaviour, wish, random);
    return this.begin(person, { behaviour, scene: this.choose(wish.cabinet, random), random, loan });
  }

  private free(rider: number): Person | undefined {
    const person = this.people[rider];
    return person === undefined || person.busy ? undefined : person;
  }

  private someone(random: SplitRandom, but?: Person): Person | undefined {
    const nowMs = this.given.site.clock.monotonicMs();
    let tired: Person | undefined;
    for (let pick = 0; pick < PICKS && this.people.length > 0; pick++) {
      const person = random.pick(this.people);
      if (person.busy || person.pack === undefined || person === but) continue;
      if (nowMs - person.lastLeftMs >= REST_MS) return person;
      tired ??= person;
    }
    return tired;
  }

  /** What they bring that is not their own, where their manner asks for it and somebody can lend it. */
  private borrow(person: Person, behaviour: Behaviour, random: SplitRandom): Loan | undefined {
    const { packs } = this.given;
    if (behaviour === "strange-pack") return strangePack(person, packs);
    if (behaviour !== "other-pack" && behaviour !== "changes-pack") return undefined;
    const lender = guestOf(this.people, person, random) ?? this.someone(random, person);
    if (lender === undefined) return undefined;
    return behaviour === "other-pack" ? exchanged(person, lender, packs) : lentBeside(person, lender, packs);
  }

  private behaviour(random: SplitRandom): Behaviour {
    const { options } = this.given;
    let roll = random.next();
    if (options.faultless) return "proper";
    for (const mistake of MISTAKES) {
      roll -= options.mistakes?.[mistake] ?? DEFAULT_MISTAKES[mistake];
      if (roll < 0) return mistake;
    }
    return "proper";
  }

  /** What the ride did to the pack. In the cold less of its charge could be drawn before the bike gave up. */
  private ride(person: Person, behaviour: Behaviour, wish: ArrangedVisit, random: SplitRandom): void {
    const { site, weather } = this.given;
    const tempC = wish.packC ?? weather.outdoorC(site.clock.monotonicMs()) + random.between(...RIDE_WARMTH_C);
    const left = Math.max(0.03, Math.min(0.6, random.normal(0.2, 0.08)));
    const worn = 1 - usableShare(tempC) * (1 - left);
    const soc = wish.socPct === undefined ? (behaviour === "full-pack" ? 1 : worn) : wish.socPct / 100;
    person.pack?.rode(soc, tempC);
  }

  /** Most look at the screens first and go where a pack and an empty bay are; then the shortest queue; then any. */
  private choose(wished: string | undefined, random: SplitRandom): Scene {
    const wish = wished === undefined ? undefined : this.scenesById.get(wished);
    if (wish !== undefined) return wish;
    const { scenes, stock } = this.given;
    const stocked = scenes.filter((scene) => readyCount(scene, stock) > 0 && hasEmpty(scene, stock));
    const looks = random.chance(LOOKS_FIRST) && stocked.length > 0;
    const candidates = looks ? stocked : scenes;
    const shortest = Math.min(...candidates.map((scene) => scene.queue.length));
    return random.pick(candidates.filter((scene) => scene.queue.length === shortest));
  }

  // --- A visit.

  private begin(
    person: Person,
    how: { behaviour: Behaviour; scene: Scene; random: SplitRandom; loan?: Loan | undefined },
  ): VisitRecord {
    const { site, book, stock } = this.given;
    const { behaviour, scene, random, loan } = how;
    const cabinet = scene.cabinet.id;
    const notes: Notes = {
      visit: book.arrivals + 1,
      rider: person.rider,
      credential: behaviour === "unknown-code" ? `unknown-${random.int(1e9)}` : person.credential,
      behaviour,
      arrivedMs: site.clock.monotonicMs(),
      firstScanMs: undefined,
      endedMs: undefined,
      cabinet,
      cabinetsTried: [cabinet],
      readyAtArrival: false,
      refusal: undefined,
      depositedPack: undefined,
      broughtC: person.pack?.tempC,
      receivedPack: undefined,
      receivedMs: undefined,
      leftWithPack: false,
      ending: undefined,
    };
    const context: VisitContext = {
      clock: site.clock,
      random,
      stock,
      others: (from) => this.others(from),
      handed: (pack, to) => this.handed(pack, to),
      left: (visit) => this.left(visit, loan),
    };
    person.busy = true;
    book.arrived(notes);
    site.emit({ type: "arrived", visit: notes });
    new RiderVisit(notes, person, scene, context).join();
    return notes;
  }

  /** The screens outside tell how many packs are ready. */
  private others(from: Scene): Scene[] {
    const { scenes, stock } = this.given;
    return scenes
      .filter((scene) => scene !== from)
      .sort((one, other) => readyCount(other, stock) - readyCount(one, stock));
  }

  private handed(pack: Pack, place: PackPlace): void {
    const entry = this.given.packs.entry(pack);
    entry.place = place;
    if (place.at === "rider") entry.handedTo = place.rider;
  }

  private left(visit: Visitor, loan: Loan | undefined): void {
    const { site, book } = this.given;
    const { notes, person } = visit;
    person.lastLeftMs = site.clock.monotonicMs();
    book.left(notes);
    site.emit({ type: "left", visit: notes });
    loan?.();
    if (person.pack !== undefined) {
      person.busy = false;
      person.returnsLeft = PATIENCE.returns;
    } else if (person.returnsLeft-- > 0) this.comeBack(person, notes);
  }

  /** Owed a pack: comes again, to the cabinet that swallowed theirs. Stays busy meanwhile; gives up after some times. */
  private comeBack(person: Person, notes: Notes): void {
    const random = this.visitors.split(`${notes.visit}-return`);
    const [from, to] = HABITS.returnAfter;
    const scene = this.scenesById.get(notes.cabinet) as Scene;
    const come = (): VisitRecord => {
      timer.cancel();
      this.returning.delete(person.rider);
      return this.begin(person, { behaviour: "returns-for-debt", scene, random });
    };
    const timer = this.given.site.clock.after(random.between(from, to) * 1_000, come);
    this.returning.set(person.rider, come);
  }

  // --- What people see and hear.

  prompt(cabinet: string, prompt: WorldPrompt): void {
    const scene = this.scenesById.get(cabinet);
    if (scene === undefined) return;
    this.given.site.emit({ type: "prompt", cabinet, prompt });
    const [first] = scene.queue;
    const answered = isAnswer(prompt) ? scene.lastScanner : undefined;
    const listener = answered !== undefined && scene.queue.includes(answered) ? answered : first;
    listener?.hear(prompt);
  }

  /** Whoever stands at the scanner is called away. */
  callAway(cabinet: string): boolean {
    const first = this.scenesById.get(cabinet)?.queue[0];
    first?.leave();
    return first !== undefined;
  }

  /** Whoever stands at the scanner is impatient. */
  showAgain(cabinet: string): void {
    this.scenesById.get(cabinet)?.queue[0]?.showCode();
  }

  private doorOpened(bay: number): void {
    for (const scene of this.given.scenes) {
      if (scene.cabinet.bays.some((candidate) => candidate.bay === bay)) scene.queue[0]?.notice();
    }
  }
}
