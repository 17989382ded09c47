/**
 * What people do inside: a drink, a cup of hot water, a phone on its plug, a warm meal, dry clothes, a minute alone. They hear the
 * station's sentences and see doors spring open; they forget to shut the fridge, and now and then somebody needs help.
 */
import type { LockersBody } from "./lockers-body.ts";
import { amenityWire } from "./names.ts";
import { about, amenityOf, type Person, readerAt, refused, type Surroundings, show } from "./person.ts";
import type { Story } from "./script.ts";

const HEAR_S = 6;
const LEAVES_AJAR = 0.03;
const AJAR_MEAN_S = 240;

function* present(person: Person, around: Surroundings, reader: string): Story<string | undefined> {
  show(around, reader, { credential: "member-code", member: person.member, text: person.code, good: true });
  return yield { hear: reader, s: HEAR_S };
}

/** Whoever has a care package waiting fetches it. */
export function* fetchPackage(person: Person, around: Surroundings): Story<void> {
  const { room, book, office } = around;
  const id = amenityOf(around, "gift-lockers");
  const lockers = id === undefined ? undefined : room.lockers.get(id);
  const reader = id === undefined ? undefined : readerAt(around, { amenity: id });
  if (lockers === undefined || reader === undefined || office.packagesOf(person.member) === 0) return;
  const heard = yield* present(person, around, reader);
  yield about(person, 1, 3);
  const open = lockers.cells.findIndex(({ isOpen }) => isOpen) + 1;
  if (heard !== "gift-take" || open === 0) {
    refused(around, heard);
    return;
  }
  if (lockers.cell(open).full) book.packages++;
  lockers.take(open);
  yield about(person, 2, 5);
  lockers.shut(open);
}

export function* takeDrink(person: Person, around: Surroundings): Story<void> {
  const { room, book } = around;
  const { fridge } = room;
  const reader = readerAt(around, "fridge");
  if (fridge === undefined || reader === undefined) return;
  if (fridge.doorOpen) {
    yield about(person, 1, 3);
    fridge.shut();
    yield about(person, 2, 4);
  }
  const heard = yield* present(person, around, reader);
  if (heard !== "drink-taken") {
    refused(around, heard);
    return;
  }
  yield about(person, 1, 3);
  if (!fridge.open()) {
    refused(around, "fridge-stayed-shut");
    return;
  }
  yield about(person, 2, 6);
  if (fridge.take(person.member)) book.drinks++;
  if (person.random.chance(LEAVES_AJAR)) yield { s: person.random.exponential(AJAR_MEAN_S) };
  else yield about(person, 0.5, 2);
  fridge.shut();
}

export function* pourWater(person: Person, around: Surroundings): Story<void> {
  const id = amenityOf(around, "hot-water");
  const boiler = id === undefined ? undefined : around.room.boilers.get(id);
  if (boiler === undefined) return;
  const beforeKg = boiler.waterKg;
  boiler.holdUnlock(true);
  yield about(person, 0.6, 1.5);
  boiler.holdButton(true);
  boiler.holdUnlock(false);
  yield about(person, 4, 8);
  boiler.holdButton(false);
  if (boiler.waterKg < beforeKg || boiler.pours) around.book.cups++;
  yield about(person, 3, 6);
}

function sprung(lockers: LockersBody, mine: (owner: string | undefined, full: boolean) => boolean): number | undefined {
  const at = lockers.cells.findIndex((cell) => cell.isOpen && mine(cell.owner, cell.full));
  return at < 0 ? undefined : at + 1;
}

/** Says which locker holds the phone now. */
export function* putPhone(person: Person, around: Surroundings): Story<number | undefined> {
  const { room, book } = around;
  const id = amenityOf(around, "phone-lockers");
  const lockers = id === undefined ? undefined : room.lockers.get(id);
  const reader = id === undefined ? undefined : readerAt(around, { amenity: id });
  if (lockers === undefined || reader === undefined) return undefined;
  for (let attempt = 0; attempt < 2; attempt++) {
    const heard = yield* present(person, around, reader);
    yield about(person, 1, 3);
    const open = sprung(lockers, (_owner, full) => !full);
    if (heard === "locker-put" && open !== undefined) {
      lockers.put(open, person.member);
      book.phonesIn++;
      yield about(person, 2, 6);
      lockers.shut(open);
      return open;
    }
    if (heard !== "locker-take") {
      refused(around, heard);
      return undefined;
    }
    // It was still down as theirs, from before a power cut: empty, and free again now.
    if (open !== undefined) lockers.shut(open);
    yield about(person, 3, 6);
  }
  return undefined;
}

/** True = it is back in the pocket. */
export function* fetchPhone(person: Person, around: Surroundings, locker: number): Story<boolean> {
  const { room, book } = around;
  const id = amenityOf(around, "phone-lockers");
  const lockers = id === undefined ? undefined : room.lockers.get(id);
  const reader = id === undefined ? undefined : readerAt(around, { amenity: id });
  if (lockers === undefined || reader === undefined) return false;
  for (let attempt = 0; attempt < 20; attempt++) {
    const heard = yield* present(person, around, reader);
    yield about(person, 1, 3);
    const cell = lockers.cell(locker);
    if (cell.isOpen) {
      lockers.take(locker);
      book.phonesOut++;
      yield about(person, 1, 3);
      lockers.shut(locker);
      return true;
    }
    const wrong = sprung(lockers, (_owner, full) => !full);
    if (wrong !== undefined && heard === "locker-put") lockers.shut(wrong);
    refused(around, heard);
    // Dark or busy: sit down again and try later.
    yield about(person, 30, 180);
  }
  book.phonesKept++;
  return false;
}

export function* warmMeal(person: Person, around: Surroundings): Story<void> {
  const id = amenityOf(around, "microwave");
  const { switches, circuits } = around.room;
  const button = id === undefined ? undefined : switches.get(amenityWire(id, "button"));
  const stop = id === undefined ? undefined : switches.get(amenityWire(id, "stop"));
  if (id === undefined || button === undefined || stop === undefined) return;
  const wasOn = circuits.isLive(amenityWire(id, "power"));
  if (wasOn) return;
  button.set(true);
  yield about(person, 0.5, 1.2);
  button.set(false);
  yield about(person, 1, 2);
  if (!circuits.isLive(amenityWire(id, "power"))) return;
  around.book.microwaves++;
  yield about(person, 60, 200);
  stop.set(true);
  yield about(person, 0.5, 1);
  stop.set(false);
}

export function* dryClothes(person: Person, around: Surroundings): Story<void> {
  const id = amenityOf(around, "socket");
  const reader = id === undefined ? undefined : readerAt(around, { amenity: id });
  if (id === undefined || reader === undefined) return;
  const heard = yield* present(person, around, reader);
  if (heard !== "outlet-on") {
    refused(around, heard);
    return;
  }
  around.book.dryers++;
  yield about(person, 300, 1_800);
  yield* present(person, around, reader);
}

export function* useToilet(person: Person, around: Surroundings): Story<void> {
  const id = amenityOf(around, "toilet-light");
  const here = id === undefined ? undefined : around.room.switches.get(amenityWire(id, "present"));
  if (here === undefined || here.on) return;
  here.set(true);
  yield about(person, 120, 420);
  here.set(false);
}

export function* callHelp(person: Person, around: Surroundings): Story<void> {
  const id = amenityOf(around, "help");
  const button = id === undefined ? undefined : around.room.buttons.get(id);
  if (button === undefined || button.on) return;
  around.book.helpCalls++;
  button.set(true);
  yield about(person, 0.4, 2);
  button.set(false);
  yield about(person, 60, 300);
}

/** A plaster, mostly; once in a long while the AED, which staff bring back. */
export function* openRescue(person: Person, around: Surroundings): Story<void> {
  const id = amenityOf(around, "rescue-cabinet");
  const shut = id === undefined ? undefined : around.room.switches.get(amenityWire(id, "shut"));
  const inPlace = id === undefined ? undefined : around.room.switches.get(amenityWire(id, "inPlace"));
  if (shut === undefined || inPlace === undefined) return;
  shut.set(false);
  yield about(person, 5, 20);
  const takes = inPlace.on && person.random.chance(0.1);
  if (takes) {
    around.book.aedTaken++;
    inPlace.set(false);
  }
  yield about(person, 2, 5);
  shut.set(true);
  if (!takes) return;
  yield about(person, 1_800, 7_200);
  shut.set(false);
  yield about(person, 3, 8);
  inPlace.set(true);
  shut.set(true);
}
