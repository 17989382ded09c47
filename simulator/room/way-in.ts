/**
 * Coming in and going out. Most show a fresh code; some show what must not open: a forgery, yesterday's screenshot, another
 * door's code, a film of somebody else's. Whoever is refused still tries the door, as people do. Leaving takes a handle and no
 * permission; how long it took is noted.
 */
import type { DoorBody } from "./door-body.ts";
import type { Credential } from "./events.ts";
import { about, type Person, refused, type Showing, type Surroundings, show } from "./person.ts";
import type { Story } from "./script.ts";

export interface WayInHabits {
  readonly forged: number;
  readonly expired: number;
  readonly wrongDoor: number;
  readonly replayed: number;
  readonly falseCard: number;
  readonly guessed: number;
  readonly card: number;
  readonly visitor: number;
  readonly wedges: number;
}

export const WAY_IN_HABITS: WayInHabits = {
  forged: 0.01,
  expired: 0.02,
  wrongDoor: 0.01,
  replayed: 0.01,
  falseCard: 0.01,
  guessed: 0.005,
  card: 0.15,
  visitor: 0.03,
  wedges: 0.01,
};

/** A door, and the code reader beside it. */
export interface Entrance {
  readonly door: DoorBody;
  readonly reader: string;
}

const TRIES = 3;
const HEAR_S = 6;
/** From the handle to the street, for somebody who is not held. */
const EXIT_S_MAX = 1;
const SEEN_CODES_MAX = 20;
const SCREENSHOT_AGE_MS = 120_000;

export function freshCode(person: Person, around: Surroundings, door: string, attempt: number): Showing {
  const { issuer, station, clock, seenCodes, office, room } = around;
  const jti = `p${person.number}-try-${attempt}-${Math.floor(clock.monotonicMs())}`;
  const text = issuer.code({ station, door, member: person.member, jti, nowMs: clock.wallMs() });
  seenCodes.push(text);
  if (seenCodes.length > SEEN_CODES_MAX) seenCodes.shift();
  if (office.isRevoked(person.member, room.controllerUpMs))
    return { credential: "revoked", member: undefined, text, good: false };
  return { credential: "code", member: person.member, text, good: true };
}

/** What somebody has beside the app: a card, or the code a host sent. */
function otherWay({ member, random }: Person, { office, room }: Surroundings): Showing | undefined {
  let roll = random.next();
  const is = (share: number): boolean => {
    roll -= share;
    return roll < 0;
  };
  const upMs = room.controllerUpMs;
  if (is(WAY_IN_HABITS.card)) {
    const card = office.cardOf(member);
    if (card === undefined) return undefined;
    const good = !office.isCardRevoked(member, upMs);
    return { credential: good ? "card" : "revoked", member: good ? member : undefined, card, good };
  }
  if (is(WAY_IN_HABITS.falseCard))
    return { credential: "false-card", member: undefined, card: office.falseCard(member, random), good: false };
  if (is(WAY_IN_HABITS.visitor)) {
    const text = office.visitorCode();
    return text === undefined ? undefined : { credential: "visitor", member: undefined, text, good: true };
  }
  if (is(WAY_IN_HABITS.guessed))
    return { credential: "guessed", member: undefined, text: String(1e7 + random.int(9e7)), good: false };
  return undefined;
}

/** What must open nothing, each made as its maker would. */
export type BadCode = "forged" | "expired" | "wrong-door" | "replayed";

/** Undefined: nobody filmed anything yet. */
export function badShowing(which: BadCode, person: Person, around: Surroundings, door: string): Showing | undefined {
  const { issuer, station, clock, seenCodes } = around;
  const { member, number } = person;
  const nowMs = clock.wallMs();
  const signed = { station, door, member, jti: `p${number}-bad-${Math.floor(clock.monotonicMs())}`, nowMs };
  const bad = { credential: which, member: undefined, good: false } as const;
  switch (which) {
    case "forged":
      return { ...bad, text: issuer.forged(signed) };
    case "expired":
      return { ...bad, text: issuer.code({ ...signed, nowMs: nowMs - SCREENSHOT_AGE_MS }) };
    case "wrong-door":
      return { ...bad, text: issuer.code({ ...signed, station: "elsewhere" }) };
    case "replayed": {
      const seen = seenCodes[0];
      return seen === undefined ? undefined : { ...bad, text: seen };
    }
  }
}

const badCodes: readonly { readonly which: BadCode; readonly share: number }[] = [
  { which: "forged", share: WAY_IN_HABITS.forged },
  { which: "expired", share: WAY_IN_HABITS.expired },
  { which: "wrong-door", share: WAY_IN_HABITS.wrongDoor },
  { which: "replayed", share: WAY_IN_HABITS.replayed },
];

function badCode(person: Person, around: Surroundings, door: string): Showing | undefined {
  let roll = person.random.next();
  for (const { which, share } of badCodes) {
    roll -= share;
    if (roll < 0) return badShowing(which, person, around, door);
  }
  return undefined;
}

export function* passIn(person: Person, { room, site, book }: Surroundings, door: DoorBody): Story<void> {
  yield about(person, 0.6, 1.4);
  room.count(1);
  book.letIn++;
  site.emit({ type: "room-person", person: person.number, is: "in" });
  yield about(person, 0.5, 1.5);
  yield* letGo(person, door, book);
}

/** Mostly the closer shuts the door; now and then somebody puts a foot mat under it and forgets. */
function* letGo(person: Person, door: DoorBody, book: Surroundings["book"]): Story<void> {
  if (!person.random.chance(WAY_IN_HABITS.wedges)) {
    door.letGo();
    return;
  }
  book.wedged++;
  door.wedged = true;
  yield { s: person.random.exponential(150) };
  door.shutByHand();
}

/** One showing at the reader. True = the door is open before them. */
export function* tryDoor(person: Person, around: Surroundings, at: Entrance, showing: Showing): Story<boolean> {
  show(around, at.reader, showing);
  const heard = yield { hear: at.reader, s: HEAR_S };
  const welcome = heard === "door-welcome" || heard === "door-free";
  if (!welcome) refused(around, heard);
  yield about(person, 0.7, 2);
  const opens = at.door.pull();
  if (welcome && !opens) around.book.welcomedInVain++;
  return opens;
}

const hasNothingBetter: ReadonlySet<Credential> = new Set<Credential>([
  "forged",
  "replayed",
  "revoked",
  "false-card",
  "guessed",
]);

export const cardReaderOf = ({ room, cardReaders }: Surroundings, door: string): string | undefined =>
  room.config.access.readers.find((reader) => reader.door === door && cardReaders.has(reader.id))?.id;

function* attemptToComeIn(
  person: Person,
  around: Surroundings,
  at: Entrance,
  attempt: number,
): Story<"in" | "not" | "gives-up"> {
  const { door } = at;
  if (door.isOpen && door.pull()) {
    yield* passIn(person, around, door);
    return "in";
  }
  const first = attempt === 0 ? (badCode(person, around, door.id) ?? otherWay(person, around)) : undefined;
  const showing = first ?? freshCode(person, around, door.id, attempt);
  const reader = showing.card === undefined ? at.reader : cardReaderOf(around, door.id);
  if (yield* tryDoor(person, around, { door, reader: reader ?? at.reader }, showing)) {
    yield* passIn(person, around, door);
    return "in";
  }
  // Whoever has no right does not get a better one.
  return hasNothingBetter.has(showing.credential) ? "gives-up" : "not";
}

export function entranceOf({ room, readers }: Surroundings): Entrance | undefined {
  const reader = room.config.access.readers.find(({ id }) => readers.has(id));
  const door = reader === undefined ? undefined : room.doors.get(reader.door);
  return reader === undefined || door === undefined ? undefined : { door, reader: reader.id };
}

/** Only the first attempt may be one with something bad: whoever begins with a later one is honest. */
export function* comeIn(person: Person, around: Surroundings, fromAttempt = 0): Story<boolean> {
  const { room, site, book } = around;
  const entrance = entranceOf(around);
  book.visits++;
  site.emit({ type: "room-person", person: person.number, is: "came" });
  if (entrance === undefined) return false;
  for (let attempt = fromAttempt; attempt < TRIES; attempt++) {
    const how = yield* attemptToComeIn(person, around, entrance, attempt);
    if (how === "in") return true;
    if (how === "gives-up") break;
    yield about(person, 4, 12);
  }
  book.notLetIn++;
  if (!site.mainsOn || !room.controllerRuns) book.notLetInDark++;
  site.emit({ type: "room-person", person: person.number, is: "not-let-in" });
  return false;
}

export function* goOut(person: Person, { room, site, book, clock }: Surroundings): Story<void> {
  const door = [...room.doors.values()][0];
  if (door === undefined) return;
  const fromMs = clock.monotonicMs();
  while (!door.isOpen) {
    door.turnHandle();
    yield { s: 0.5 };
  }
  const seconds = (clock.monotonicMs() - fromMs) / 1_000;
  book.exits++;
  if (seconds > EXIT_S_MAX) book.exitsLate++;
  door.pull();
  yield about(person, 0.6, 1.4);
  room.count(-1);
  site.emit({ type: "room-person", person: person.number, is: "out" });
  yield* letGo(person, door, book);
}
