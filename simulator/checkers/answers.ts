/**
 * I24: an answer is used for the question it answers. What the controller holds of a bay is compared with what that very bay's
 * contacts and pack would say, and what its relays do with what it means them to do.
 */
import { fresh } from "../../services/reading.ts";
import type { BayTruth } from "../truth-types.ts";
import type { BookCheckerSetup, Checker } from "./checker.ts";
import { answersForAnother, isMisnamed, liesAboutItself } from "./excuses.ts";

const contactHeardMs = 2_000;
const packHeardMs = 12_000;
const socTolerancePct = 3;

/** What does not change between two looks can have only one right answer. */
interface Still {
  readonly shut: boolean;
  readonly present: boolean;
  readonly packId: string | undefined;
  readonly plugged: boolean;
  readonly changedMs: number;
}

function stillOf(bay: BayTruth, { world }: BookCheckerSetup): Still {
  const faults = world.bayFaults(bay.bay);
  return {
    shut: faults.doorSwitchStuckAt ?? !bay.doorOpen,
    present: faults.presenceStuckAt ?? (bay.pack !== undefined || bay.foreignObject),
    packId: bay.pack?.id,
    plugged: bay.plugged,
    changedMs: bay.doorChangedMs,
  };
}

const same = (one: Still, other: Still): boolean =>
  one.shut === other.shut &&
  one.present === other.present &&
  one.packId === other.packId &&
  one.plugged === other.plugged &&
  one.changedMs === other.changedMs;

function wrongAnswer(bay: BayTruth, still: Still, setup: BookCheckerSetup): string | undefined {
  const { controller, clock } = setup;
  if (answersForAnother(setup)) return undefined;
  const readings = controller.readings.bays[bay.bay];
  if (readings === undefined) return undefined;
  const shut = fresh(readings.doorShut, clock.nowMs, contactHeardMs);
  if (shut !== undefined && shut !== still.shut) return `its door is ${still.shut ? "shut" : "open"}`;
  const present = fresh(readings.present, clock.nowMs, contactHeardMs);
  if (present !== undefined && present !== still.present)
    return `there is ${still.present ? "something" : "nothing"} in it`;
  return wrongOfPack(bay, still, setup);
}

function wrongOfPack(bay: BayTruth, still: Still, setup: BookCheckerSetup): string | undefined {
  const { controller, world, clock } = setup;
  const told = fresh(controller.readings.bays[bay.bay]?.pack, clock.nowMs, packHeardMs);
  const { bmsSilent, gaugeFrozen } = world.bayFaults(bay.bay);
  if (told?.packId === undefined || bay.pack === undefined || !still.plugged || bmsSilent) return undefined;
  if (told.packId !== bay.pack.id && !isMisnamed(bay.bay, setup))
    return `${bay.pack.id} stands in it, not ${told.packId}`;
  const isFarOff = Math.abs(told.socPct - bay.pack.socPct) > socTolerancePct;
  return isFarOff && !gaugeFrozen && !liesAboutItself(setup)
    ? `its pack has ${bay.pack.socPct} %, not ${told.socPct} %`
    : undefined;
}

const contactorOf = (bay: number): string => `the contactor of bay ${bay}`;
const heaterOf = (bay: number): string => `the heater of bay ${bay}`;

export function answersBelong(setup: BookCheckerSetup): Checker {
  const { world, clock, controller, report, looked } = setup;
  const before = new Map<number, Still>();
  const strayRelays = new Map<string, number>();
  function relay(name: string, isStray: boolean): void {
    // Of two boards with one address each does what the other is told.
    if (!isStray || answersForAnother(setup)) {
      strayRelays.delete(name);
      return;
    }
    const sinceMs = strayRelays.get(name) ?? clock.nowMs;
    strayRelays.set(name, sinceMs);
    if (clock.nowMs - sinceMs >= 2 * lookMs) report("I24", `${name} is on, and nobody means it to be`);
  }
  function look(bay: BayTruth): void {
    const still = stillOf(bay, setup);
    const was = before.get(bay.bay);
    before.set(bay.bay, still);
    const levels = controller.granted().bays[bay.bay];
    relay(contactorOf(bay.bay), bay.contactorRelayOn && (levels?.chargeMa ?? 0) === 0);
    relay(heaterOf(bay.bay), bay.heaterRelayOn && levels?.heater !== true);
    // The last look of a run may come right behind another one, before anybody could have asked the contact.
    if (was === undefined || !same(was, still) || clock.nowMs - still.changedMs < lookMs) return;
    looked();
    const wrong = wrongAnswer(bay, still, setup);
    if (wrong !== undefined) report("I24", `bay ${bay.bay}: ${wrong}`);
  }
  return {
    invariant: "I24",
    says: "what is held of a bay is what that bay's own devices say, and its relays do what they are meant to",
    excuses: "devices that answer in another's name, and values that a device itself gets wrong",
    looksAt: "readings, against the bay's own contacts and pack; relays, against what is meant",
    everyMs: lookMs,
    onTruth(event) {
      // What moved since the last look obeys somebody.
      if (event.type === "contactor") strayRelays.delete(contactorOf(event.bay));
      else if (event.type === "heater") strayRelays.delete(heaterOf(event.bay));
    },
    onLook() {
      for (const bay of world.truth.bays) look(bay);
    },
  };
}

const lookMs = 10_000;
