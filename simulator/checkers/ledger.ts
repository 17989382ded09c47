/**
 * I5 by the book: the one place where the controller's opinion is held against the truth. Of every bay that can be seen and where
 * no swap is at work, the ledger says what really stands there; and whatever the ledger finds is really so.
 */
import type { JournalRecord } from "../../services/journal/records.ts";
import { fresh } from "../../services/reading.ts";
import type { BayTruth } from "../truth-types.ts";
import type { BookCheckerSetup, Checker } from "./checker.ts";
import { hasTwin, isMisnamed } from "./excuses.ts";

/** What was put in or taken out must be in the book after this: ten seconds, and as much again for a pack that sleeps. */
const settledMs = 20_000;
const contactHeardMs = 5_000;
const packHeardMs = 12_000;

function standsThere({ pack, foreignObject }: BayTruth): string {
  if (pack !== undefined) return pack.id;
  return foreignObject ? "a thing" : "nothing";
}

/**
 * The book has this pack in another bay, of which nothing is heard that speaks against it: of two packs with one name neither is
 * believed. So it stays where plugs were exchanged and put right while the other line or its contacts were silent.
 */
function isBookedElsewhere({ bay, pack }: BayTruth, { world, controller }: BookCheckerSetup): boolean {
  const { packs } = controller.state().durable.ledger;
  const place = pack === undefined ? undefined : packs[pack.id];
  if (place === undefined || !("bay" in place) || place.bay === bay) return false;
  const { nowMs } = world.truth;
  const there = controller.readings.bays[place.bay];
  const isThere = there && fresh(there.present, nowMs, contactHeardMs);
  const name = isThere ? fresh(there.pack, nowMs, packHeardMs)?.packId : undefined;
  return isThere !== false && (name === undefined || name === pack?.id);
}

/** A late deposit counts once its door is shut, and a contact that sticks or is not heard never says so: its rider may be at it. */
function isStillAwaited(bay: number, { world, controller }: BookCheckerSetup): boolean {
  const { doorSwitchStuckAt, lockContactStuckAt } = world.bayFaults(bay);
  const { doorShut, latched } = controller.readings.bays[bay] ?? {};
  const isUnheard = [doorShut, latched].some(
    (contact) => contact !== undefined && fresh(contact, world.truth.nowMs, contactHeardMs) === undefined,
  );
  const mayBeOpen = isUnheard || doorSwitchStuckAt === false || lockContactStuckAt === false;
  return mayBeOpen && controller.state().durable.lockOuts[String(bay)]?.member !== undefined;
}

/** Whether the controller can know what stands there: a shut door, honest contacts, a pack that answers. */
function isPlain(bay: BayTruth, setup: BookCheckerSetup): boolean {
  const { world, controller } = setup;
  const { nowMs } = world.truth;
  const faults = world.bayFaults(bay.bay);
  const readings = controller.readings.bays[bay.bay];
  if (isMisnamed(bay.bay, setup) || hasTwin(setup) || isStillAwaited(bay.bay, setup)) return false;
  if (bay.doorOpen || readings === undefined || faults.presenceStuckAt !== undefined) return false;
  if (fresh(readings.present, nowMs, contactHeardMs) === undefined) return false;
  const talks = bay.pack !== undefined && bay.plugged && !faults.bmsSilent;
  return !talks || fresh(readings.pack, nowMs, packHeardMs)?.packId !== undefined;
}

function isAtWork(bay: number, { controller }: BookCheckerSetup): boolean {
  const { swaps, recovering, openings } = controller.state();
  const running = [...Object.values(swaps), ...recovering.map(({ swap }) => swap)];
  return (
    running.some(({ inBay, outBay }) => inBay === bay || outBay === bay) ||
    Object.values(openings).some((opening) => opening.bay === bay)
  );
}

function wrongIn(bay: BayTruth, { controller }: BookCheckerSetup, isUnheard: boolean): string | undefined {
  const holding = controller.state().durable.ledger.bays[String(bay.bay)];
  const there = standsThere(bay);
  const told = holding === undefined ? "nobody knows what" : holding.holds === "pack" ? holding.packId : holding.holds;
  if (holding?.holds === "unread")
    return there === "nothing" || (bay.pack !== undefined && bay.plugged && !isUnheard) ? told : undefined;
  // Of a pack that fell silent the name is what it said last, and it may have lied.
  const isNameless = bay.pack !== undefined && holding?.holds === "pack" && isUnheard;
  return told === there || isNameless ? undefined : told;
}

export function bookMatchesBays(setup: BookCheckerSetup): Checker {
  const { world, clock, report, looked } = setup;
  const wrongSince = new Map<number, { readonly what: string; readonly sinceMs: number }>();
  /** Bays whose pack was called by another's name through an exchanged plug, and has not spoken since: its own is not in. */
  const misnamed = new Set<number>();
  function isUnheard(bay: BayTruth): boolean {
    if (isMisnamed(bay.bay, setup)) misnamed.add(bay.bay);
    else if (bay.plugged || bay.pack === undefined) misnamed.delete(bay.bay);
    return misnamed.has(bay.bay) || world.bayFaults(bay.bay).bmsSilent;
  }
  function look(bay: BayTruth): void {
    const unheard = isUnheard(bay);
    const isJudged = isPlain(bay, setup) && !isAtWork(bay.bay, setup) && !isBookedElsewhere(bay, setup);
    if (isJudged) looked();
    const told = isJudged ? wrongIn(bay, setup, unheard) : undefined;
    if (told === undefined) {
      wrongSince.delete(bay.bay);
      return;
    }
    const what = `${standsThere(bay)} stands in bay ${bay.bay}, and the ledger says ${told}`;
    const was = wrongSince.get(bay.bay);
    if (was?.what !== what) wrongSince.set(bay.bay, { what, sinceMs: clock.nowMs });
    else if (clock.nowMs - was.sinceMs >= settledMs) report("I5-ledger", what);
  }
  return {
    invariant: "I5-ledger",
    says: "the ledger says of every bay that can be seen what really stands there",
    looksAt: "what stands in each bay, against the ledger",
    excuses:
      "bays that cannot be seen: a stuck presence contact, contacts that another board may tell because two bear one address, a silent pack, an open door, one whose door is told as open or not heard and that awaits its rider's pack; a pack that the book has in another bay of which nothing is heard; the name of a pack that an exchanged plug misnamed, or that fell silent, until it speaks",
    onLook() {
      for (const bay of world.truth.bays) look(bay);
    },
  };
}

function falseIn(record: JournalRecord, { world }: BookCheckerSetup): string | undefined {
  switch (record.kind) {
    case "bay-counted":
      return standsThere(world.truth.bay(record.bay)) === "nothing" ? undefined : "counted as empty";
    case "pack-gone": {
      const there = standsThere(world.truth.bay(record.bay));
      return there === (record.packId ?? "a thing") ? `${there} is missed from where it stands` : undefined;
    }
    case "pack-seen":
    case "pack-changed": {
      const there = standsThere(world.truth.bay(record.bay));
      const wrong = record.packId === undefined ? there === "nothing" : there !== record.packId;
      return wrong ? `${record.packId ?? "something"} is seen where ${there} stands` : undefined;
    }
    default:
      return undefined;
  }
}

const findings: ReadonlySet<string> = new Set(["bay-counted", "pack-gone", "pack-seen", "pack-changed"]);

export function noFalseFinds(setup: BookCheckerSetup): Checker {
  return {
    invariant: "I5-finds",
    says: "nothing is found missing that is there, nor anything there that is not",
    looksAt: "what stands in a bay when the log says that something is there or gone",
    excuses: "a presence contact that is stuck, and contacts that another board may tell because two bear one address",
    onRecord(record) {
      if (findings.has(record.kind)) setup.looked();
      const wrong = falseIn(record, setup);
      if (wrong === undefined || !("bay" in record) || record.bay === undefined) return;
      const { presenceStuckAt } = setup.world.bayFaults(record.bay);
      if (presenceStuckAt === undefined && !isMisnamed(record.bay, setup) && !hasTwin(setup))
        setup.report("I5-finds", `bay ${record.bay}: ${wrong}`);
    },
  };
}
