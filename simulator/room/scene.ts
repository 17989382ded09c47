/**
 * The room with its people, its staff and what breaks in it, put together for one world. What the room needs before the station's
 * site exists (its air) is made first; who comes is started last. It never looks at the controller's state.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { RoomConfig } from "../../services/room/config.ts";
import type { Site } from "../models/site.ts";
import type { Weather } from "../models/weather.ts";
import type { SplitRandom } from "../random.ts";
import { createIssuer } from "./issuer.ts";
import { Office } from "./office.ts";
import type { RoomOptions } from "./options.ts";
import { RoomPeople } from "./people.ts";
import {
  type CardReaderEnd,
  newRoomBook,
  type Person,
  type RoomBook,
  type RoomReaderEnd,
  type Surroundings,
} from "./person.ts";
import { RoomWorld } from "./room-world.ts";
import { Ears, type Story } from "./script.ts";
import { RoomShell } from "./shell.ts";
import { Staff } from "./staff.ts";
import { RoomTroubles } from "./troubles.ts";

export interface SceneParts {
  readonly config: RoomConfig;
  readonly options: RoomOptions;
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly localStartMs: number;
  readonly members: readonly { readonly member: string; readonly code: string }[];
  readonly station: string;
  readonly seed: string;
}

const VISITS_PER_DAY = 120;
const START_C = 18;
/** What holds 20 °C at -32 °C with the door opening now and then. */
const HEATER_W = 18_000;
const COOLER_W = 9_000;

export const makeShell = (
  { options, clock, localStartMs }: Pick<SceneParts, "options" | "clock" | "localStartMs">,
  weather: Weather,
): RoomShell =>
  new RoomShell(
    {
      clock,
      weather,
      startC: options.startC ?? START_C,
      heaterW: options.heaterW ?? HEATER_W,
      coolerW: options.coolerW ?? COOLER_W,
    },
    localStartMs,
  );

export class RoomScene {
  readonly room: RoomWorld;
  readonly book: RoomBook = newRoomBook();
  private readonly ears = new Ears();
  private readonly site: Site;
  private readonly people: RoomPeople;
  private readonly staff: Staff;
  private readonly troubles: RoomTroubles;
  private readonly office: Office;
  private readonly readers = new Map<string, RoomReaderEnd>();
  private readonly cardReaders = new Map<string, CardReaderEnd>();

  constructor(parts: SceneParts, shell: RoomShell, site: Site) {
    const { config, clock, random, options, members, localStartMs, station, seed } = parts;
    this.site = site;
    this.room = new RoomWorld({ config, shell, site, clock });
    const issuer = createIssuer(seed);
    this.office = new Office({
      issuer,
      station,
      door: config.access.doors[0]?.id ?? "none",
      clock,
      random: random.split("office"),
      seed,
      members: members.map(({ member }) => member),
    });
    const around: Surroundings = {
      room: this.room,
      site,
      clock,
      issuer,
      station,
      readers: this.readers,
      cardReaders: this.cardReaders,
      office: this.office,
      seenCodes: [],
      book: this.book,
    };
    const visitsPerDay = options.visitsPerDay ?? VISITS_PER_DAY;
    this.people = new RoomPeople({
      around,
      ears: this.ears,
      random: random.split("people"),
      localStartMs,
      visitsPerDay,
      members,
    });
    this.staff = new Staff({ around, ears: this.ears, random: random.split("staff"), localStartMs });
    this.troubles = new RoomTroubles({
      room: this.room,
      clock,
      random: random.split("troubles"),
      perDay: options.troublesPerDay ?? 1,
    });
  }

  connect(readers: ReadonlyMap<string, RoomReaderEnd>, cardReaders: ReadonlyMap<string, CardReaderEnd>): void {
    for (const [id, reader] of readers) this.readers.set(id, reader);
    for (const [id, reader] of cardReaders) this.cardReaders.set(id, reader);
  }

  /** The office's lists go out from here. They are signed from the start, before anybody comes. */
  onList(publish: (text: string) => void): void {
    this.office.publish = publish;
    this.office.start();
  }

  /** Care packages that a member could fetch so far. */
  packagesOf(member: string): number {
    return this.office.packagesOf(member);
  }

  start(): void {
    this.people.start();
    this.staff.start();
    this.troubles.start();
  }

  stop(): void {
    this.people.stop();
  }

  /** Somebody with a story of their own comes. */
  send(story: (person: Person, around: Surroundings) => Story<void>, random: SplitRandom): void {
    this.people.send(story, random);
  }

  /** An access list of some hours ago, signed as well as today's. */
  oldList(): string | undefined {
    return this.office.oldList();
  }

  /** What is said at a reader or an appliance of the room. */
  say(place: string, sentence: string): void {
    this.site.emit({ type: "room-said", reader: place, sentence });
    this.ears.tell(place, sentence);
  }

  /** How staff tell the controller what they did, and hear what troubles it, where it takes such requests. */
  onRequest(
    ask: (verb: string, body: Readonly<Record<string, unknown>>) => void,
    faults: () => readonly string[],
  ): void {
    this.staff.ask = ask;
    this.staff.faults = faults;
  }
}
