/**
 * What is given to people: drinks that were kept cold and no more than is fair, a locker to whoever's things lie in it, help at
 * once. And a compressor that rests. Judged by cans, doors and sirens.
 */
import { civilClock } from "../../firmware/runner/civil-clock.ts";
import { amenityWire, climateOutput, fridgeOutput } from "../room/names.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { Checker, CheckerSetup, WiredCheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { hasTwin, isOutOfReach, isWelded } from "./excuses.ts";
import { boardsOfRoom, hearsForeignWords } from "./twins.ts";

const restMs = 180_000;
/** From a code to the door that springs open. */
const openMsMax = 15_000;
const sirenMsMax = 1_000;
/** A controller that has only just started looks first. */
const awakeMs = 10_000;

/** A start shows as a stall at the next look. */
const stallShownMs = 11_000;

export function compressorRests(setup: WiredCheckerSetup): Checker {
  const { world, file, report, looked } = setup;
  const fridge = fridgeOutput("compressor");
  const names = new Map([
    [fridge, "the fridge's compressor"],
    [climateOutput("cooler"), "the cooler"],
  ]);
  const boards = boardsOfRoom(file);
  const offMs = new Map<string, number>();
  let stalls = 0;
  const isForeign = (output: string, withinMs: number): boolean =>
    hearsForeignWords(boards.get(output), setup, withinMs);
  return {
    invariant: "R-rest",
    says: "a compressor rests 180 s between two runs, power cuts included",
    looksAt: "how long each compressor rested",
    excuses: "a start while its board bears another's address, and does what that one is told",
    onTruth(event) {
      if (event.type !== "room-output") return;
      const { output, on, atMs } = event;
      const name = names.get(output);
      if (name === undefined) return;
      looked();
      const sinceMs = atMs - (offMs.get(output) ?? Number.NEGATIVE_INFINITY);
      if (!on) offMs.set(output, atMs);
      else if (sinceMs < restMs && !isForeign(output, 0)) report("R-rest", `${name} rested ${sinceMs / 1_000} s`);
    },
    onLook() {
      const now = world.room?.room.fridge?.stalls ?? 0;
      if (now > stalls && !isForeign(fridge, stallShownMs))
        report("R-rest", "the fridge's compressor was started against its pressure");
      stalls = now;
    },
  };
}

export function drinksAreGood({ config, report, looked }: CheckerSetup): Checker {
  return {
    invariant: "R-food",
    says: "nothing is handed out that was above its limit for longer than it may be",
    looksAt: "how long each drink was too warm",
    onTruth(event) {
      const fridge = config.room?.fridge;
      if (event.type === "room-drink") looked();
      if (event.type === "room-drink" && fridge !== undefined && event.warmMs > fridge.foodMsMax)
        report("R-food", `a drink was handed out after ${(event.warmMs / 3_600_000).toFixed(1)} h above its limit`);
    },
  };
}

/** A clock that is wrong by hours, and not by the seconds of a drift. */
const clockShifts = ["clock-ahead-six-hours", "clock-back-two-weeks", "clock-off-by-an-hour", "boot-at-1970"] as const;

export function drinksAreShared({ config, clock, troubles, report, looked }: CheckerSetup): Checker {
  const civil = civilClock(config.timeZone);
  /** A clock that was hours ahead closed the day, and everybody's drinks of the next were theirs already. */
  const wronglyTold = new Set<string>();
  const askedOn = new Map<string, string>();
  const taken = new Map<string, number>();
  return {
    invariant: "R-fair",
    says: "nobody has more drinks in a day than the rules give",
    looksAt: "drinks that people took",
    excuses: "days on which the station's clock was wrong",
    onLook() {
      if (clockShifts.some((name) => troubles?.active(name, undefined, 60_000) === true))
        wronglyTold.add(civil(clock.wallMs()).date);
    },
    onTruth(event) {
      if (event.type === "room-shown" && event.member !== undefined)
        askedOn.set(event.member, civil(clock.wallMs()).date);
      if (event.type !== "room-drink" || event.member === undefined) return;
      const date = askedOn.get(event.member) ?? "";
      if (wronglyTold.has(date)) return;
      looked();
      const day = `${date} ${event.member}`;
      const count = (taken.get(day) ?? 0) + 1;
      taken.set(day, count);
      const most = config.room?.fridge?.perDay ?? Number.POSITIVE_INFINITY;
      if (count > most) report("R-fair", `${event.member} had ${count} drinks in a day`);
    },
  };
}

export function lockersKeep({ config, troubles, report, looked }: CheckerSetup): Checker {
  const last = new Map<string, { readonly member: string | undefined; readonly atMs: number }>();
  const ordered = new Map<string, number>();
  return {
    invariant: "R-locker",
    says: "a locker with somebody's things in it opens to nobody else",
    looksAt: "whose things lie in a locker that opens",
    onTruth(event) {
      if (event.type === "room-shown") last.set(event.reader, event);
      if (event.type === "room-ordered") ordered.set(`${event.amenity} ${event.locker}`, event.atMs);
      if (event.type !== "room-locker" || event.owner === undefined) return;
      const { amenity, locker, owner, atMs } = event;
      looked();
      if (atMs - (ordered.get(`${amenity} ${locker}`) ?? Number.NEGATIVE_INFINITY) <= openMsMax) return;
      const readers = config.room?.readers ?? [];
      const isOwner = readers.some(({ id, place }) => {
        const shown = last.get(id);
        const stands = place.at === "amenity" && place.amenity === amenity;
        return stands && shown?.member === owner && atMs - shown.atMs <= openMsMax;
      });
      if (!isOwner && !hasTwin({ troubles }))
        report("R-locker", `locker ${locker} of ${amenity} opened with the things of ${owner} in it`);
    },
  };
}

export function packagesGoOnce({ world, config, troubles, report, looked }: CheckerSetup): Checker {
  /** Who stood there lately: one shows a code, the next shows another before the first one's door has sprung open. */
  const shown = new Map<string, { readonly member: string; readonly atMs: number }[]>();
  const fetched = new Map<string, number>();
  const ordered = new Map<string, number>();
  const amenities = config.room?.amenities.filter(({ kind }) => kind === "gift-lockers").map(({ id }) => id) ?? [];
  const countOf = (member: string): number => fetched.get(member) ?? 0;
  const lately = (reader: string, atMs: number) =>
    (shown.get(reader) ?? []).filter((one) => atMs - one.atMs <= openMsMax);
  function opened({ amenity, locker, atMs }: Extract<TruthEvent, { type: "room-locker" }>): void {
    // Staff look into it, or fill it, by an order of their own.
    if (atMs - (ordered.get(`${amenity} ${locker}`) ?? Number.NEGATIVE_INFINITY) <= openMsMax) return;
    if (hasTwin({ troubles })) return;
    const reader = config.room?.readers.find(({ place }) => place.at === "amenity" && place.amenity === amenity)?.id;
    const people = lately(reader ?? "", atMs).map(({ member }) => member);
    const entitled = people.find((member) => countOf(member) < (world.room?.packagesOf(member) ?? 0));
    const member = entitled ?? people.at(-1);
    if (member === undefined) {
      report("R-gift", `locker ${locker} of ${amenity} opened for nobody`);
      return;
    }
    fetched.set(member, countOf(member) + 1);
    if (entitled === undefined) report("R-gift", `${member} had ${countOf(member)} care packages`);
  }
  return {
    invariant: "R-gift",
    says: "nobody gets more care packages than are theirs",
    looksAt: "care packages that people took",
    onTruth(event) {
      if (event.type === "room-shown" && event.member !== undefined)
        shown.set(event.reader, [...lately(event.reader, event.atMs), { member: event.member, atMs: event.atMs }]);
      if (event.type === "room-ordered") ordered.set(`${event.amenity} ${event.locker}`, event.atMs);
      if (event.type !== "room-locker" || !amenities.includes(event.amenity)) return;
      looked();
      opened(event);
    },
  };
}

export function helpIsHeard(setup: CheckerSetup): Checker {
  const { world, clock, config, report, looked } = setup;
  const era = controllerEra(setup);
  return {
    invariant: "R-help",
    says: "the siren sounds within 1 s of a press for help",
    looksAt: "help buttons and sirens",
    excuses:
      "a station without mains, which can do nothing; a button or a siren whose line or board is broken: nobody hears it",
    onTruth(event) {
      if (event.type !== "room-button" || !event.down || era.upMs() < awakeMs) return;
      const { amenity } = event;
      if (config.room?.amenities.find(({ id }) => id === amenity)?.kind !== "help") return;
      looked();
      clock.after(sirenMsMax, () => {
        const sounds = world.room?.room.circuits.isLive(amenityWire(amenity, "siren")) === true;
        if (!sounds && !isOutOfReach(setup) && era.upMs() > sirenMsMax)
          report("R-help", `${amenity} was pressed and no siren sounds`);
      });
    },
  };
}

const leaseMs = 2_000;

/** I9 for the room. */
export function nothingOutlivesTheController({ world, clock, troubles, report, looked }: CheckerSetup): Checker {
  return {
    invariant: "R-lease",
    says: "every output of the room is off 2 s after the controller died",
    looksAt: "loads of the room after the controller died",
    onTruth(event) {
      if (event.type !== "computer" || event.on) return;
      clock.after(leaseMs, () => {
        const closed = (world.room?.room.circuits.closedNow ?? []).filter((name) => !isWelded(name, { troubles }));
        looked();
        if (closed.length > 0) report("R-lease", `${closed.join(", ")} outlived the controller`);
      });
    },
  };
}
