/**
 * What somebody does at the room's door who is up to something, and somebody who falls asleep inside. Each is a story of one
 * person; `told` hears when it has come to the point. They try the door as anybody does, and go by what they hear and see.
 */
import { callHelp } from "./deeds.ts";
import { about, type Person, type Showing, type Surroundings } from "./person.ts";
import type { Story } from "./script.ts";
import {
  type BadCode,
  badShowing,
  cardReaderOf,
  comeIn,
  entranceOf,
  freshCode,
  goOut,
  passIn,
  tryDoor,
} from "./way-in.ts";

export type Told = () => void;

/** Longer than a grant and the lease of its strike, shorter than the life of a code: only its first use can be the reason. */
const SHOWN_AGAIN_S = 3;

/** Shows one code, has the door open, and shows the same once more as soon as it is shut again. */
export function* reusesCode(person: Person, around: Surroundings, told: Told): Story<void> {
  const entrance = entranceOf(around);
  if (entrance === undefined) return;
  const showing = freshCode(person, around, entrance.door.id, 0);
  if (!(yield* tryDoor(person, around, entrance, showing))) return;
  entrance.door.letGo();
  yield { s: untilShut(around, entrance.door.id) };
  yield* showsAgain(person, around, showing, told);
}

/** Comes in with a good code, of which a friend outside shows a screenshot right afterwards. */
export function* sharesCode(person: Person, around: Surroundings, told: Told): Story<void> {
  const entrance = entranceOf(around);
  if (entrance === undefined) return;
  const showing = freshCode(person, around, entrance.door.id, 0);
  if (!(yield* tryDoor(person, around, entrance, showing))) return;
  yield* passIn(person, around, entrance.door);
  yield { s: untilShut(around, entrance.door.id) };
  yield* showsAgain({ ...person, number: -person.number }, around, showing, told);
  yield about(person, 60, 300);
  yield* goOut(person, around);
}

/** The rest of the grant, and a little. */
function untilShut({ room }: Surroundings, door: string): number {
  const grantMs = room.config.access.doors.find(({ id }) => id === door)?.grantMs ?? 0;
  return grantMs / 1_000 + SHOWN_AGAIN_S;
}

function* showsAgain(person: Person, around: Surroundings, { text }: Showing, told: Told): Story<void> {
  const entrance = entranceOf(around);
  if (entrance === undefined || text === undefined) return;
  told();
  yield* intrudes(person, around, { credential: "replayed", member: undefined, good: false, text });
}

/** Holds something bad before the reader and tries the door. Whoever finds it open goes in all the same, and out again. */
export function* intrudes(person: Person, around: Surroundings, showing: Showing): Story<void> {
  const entrance = entranceOf(around);
  if (entrance === undefined) return;
  const { door, reader } = entrance;
  const at = showing.card === undefined ? reader : (cardReaderOf(around, door.id) ?? reader);
  if (!(yield* tryDoor(person, around, { door, reader: at }, showing))) return;
  yield* passIn(person, around, door);
  yield about(person, 60, 300);
  yield* goOut(person, around);
}

export function* triesBadCode(person: Person, around: Surroundings, which: BadCode, told: Told): Story<void> {
  const entrance = entranceOf(around);
  const showing = entrance && badShowing(which, person, around, entrance.door.id);
  if (showing === undefined) return;
  told();
  yield* intrudes(person, around, showing);
}

/** A card that carries a member's number and lacks the member's key. */
export function* triesCopiedCard(person: Person, around: Surroundings, told: Told): Story<void> {
  const entrance = entranceOf(around);
  if (entrance === undefined || cardReaderOf(around, entrance.door.id) === undefined) return;
  const card = around.office.falseCard(person.member, person.random);
  told();
  yield* intrudes(person, around, { credential: "false-card", member: undefined, good: false, card });
}

export interface Sleep {
  asleep(): void;
  isOver(): boolean;
  /** They feel ill before they fall asleep, and press the button. */
  readonly unwell: boolean;
}

const WAKES_S = 20;

/** Sits down, and does not move until the sleep is over; then turns the handle and goes. */
export function* fallsAsleep(person: Person, around: Surroundings, sleep: Sleep): Story<void> {
  if (!(yield* comeIn(person, around, 1))) return;
  sleep.asleep();
  yield about(person, 5, 15);
  if (sleep.unwell) yield* callHelp(person, around);
  while (!sleep.isOver()) yield { s: WAKES_S };
  yield* goOut(person, around);
}
