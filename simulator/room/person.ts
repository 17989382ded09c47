/** One person at the room, and what surrounds them: the room, its readers, their phone, their habits. Types and small helpers. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Site } from "../models/site.ts";
import type { SplitRandom } from "../random.ts";
import type { SimulatedCard } from "../wires/card-reader.ts";
import type { Credential } from "./events.ts";
import type { Issuer } from "./issuer.ts";
import type { Office } from "./office.ts";
import type { RoomWorld } from "./room-world.ts";
import type { Pause } from "./script.ts";

/** Whoever stands before a reader holds a text before it. */
export interface RoomReaderEnd {
  show(text: string): void;
}

/** Or a card. */
export interface CardReaderEnd {
  hold(card: SimulatedCard | undefined): void;
}

export interface Surroundings {
  readonly room: RoomWorld;
  readonly site: Site;
  readonly clock: Clock;
  readonly issuer: Issuer;
  readonly station: string;
  readonly readers: ReadonlyMap<string, RoomReaderEnd>;
  readonly cardReaders: ReadonlyMap<string, CardReaderEnd>;
  readonly office: Office;
  /** The last codes that opened something, for those who replay what they filmed. */
  readonly seenCodes: string[];
  readonly book: RoomBook;
}

export interface Person {
  readonly number: number;
  readonly member: string;
  /** What is shown at fridge and lockers. */
  readonly code: string;
  readonly random: SplitRandom;
}

/** What a run adds up to, by what people themselves saw. */
export interface RoomBook {
  visits: number;
  letIn: number;
  notLetIn: number;
  /** Of those, at a reader without power, or with no controller behind it. */
  notLetInDark: number;
  /** Heard a welcome and found the door shut all the same. */
  welcomedInVain: number;
  exits: number;
  exitsLate: number;
  drinks: number;
  cups: number;
  phonesIn: number;
  phonesOut: number;
  phonesKept: number;
  microwaves: number;
  dryers: number;
  helpCalls: number;
  aedTaken: number;
  wedged: number;
  packages: number;
  lockersCleared: number;
  restocks: number;
  resets: number;
  warmMinutes: number;
  readonly refusals: Record<string, number>;
}

export const newRoomBook = (): RoomBook => ({
  visits: 0,
  letIn: 0,
  notLetIn: 0,
  notLetInDark: 0,
  welcomedInVain: 0,
  exits: 0,
  exitsLate: 0,
  drinks: 0,
  cups: 0,
  phonesIn: 0,
  phonesOut: 0,
  phonesKept: 0,
  microwaves: 0,
  dryers: 0,
  helpCalls: 0,
  aedTaken: 0,
  wedged: 0,
  packages: 0,
  lockersCleared: 0,
  restocks: 0,
  resets: 0,
  warmMinutes: 0,
  refusals: {},
});

export const about = ({ random }: Person, fromS: number, toS: number): Pause => ({ s: random.between(fromS, toS) });

/** The reader that stands at this place, if there is one. */
export function readerAt({ room }: Surroundings, what: "fridge" | { readonly amenity: string }): string | undefined {
  return room.config.readers.find(({ place }) =>
    what === "fridge" ? place.at === "fridge" : place.at === "amenity" && place.amenity === what.amenity,
  )?.id;
}

export function amenityOf({ room }: Surroundings, kind: string): string | undefined {
  return room.config.amenities.find((amenity) => amenity.kind === kind)?.id;
}

export interface Showing {
  readonly credential: Credential;
  readonly member: string | undefined;
  readonly good: boolean;
  /** Held before a code reader, or before a card reader. */
  readonly text?: string;
  readonly card?: SimulatedCard;
}

/** A card is held to its reader this long. */
const HOLDS_MS = 2_500;

export function show({ room, readers, cardReaders, clock }: Surroundings, reader: string, showing: Showing): void {
  const { credential, member, good, text, card } = showing;
  room.tellShown({ reader, credential, member, good });
  if (text !== undefined) readers.get(reader)?.show(text);
  const field = cardReaders.get(reader);
  if (card === undefined || field === undefined) return;
  field.hold(card);
  clock.after(HOLDS_MS, () => field.hold(undefined));
}

export function refused({ book }: Surroundings, sentence: string | undefined): void {
  const reason = sentence ?? "nothing-said";
  book.refusals[reason] = (book.refusals[reason] ?? 0) + 1;
}
