/** I5 and I26: every pack is in exactly one place, none is lost or doubled, and none leaves that may not be handed out. */
import { HEALTHY_BITS } from "../models/pack.ts";
import type { RiderVisit } from "../visit-types.ts";
import type { Checker, CheckerSetup } from "./checker.ts";
import { answersForAnother, isForcedOpen, isNotOurs } from "./excuses.ts";

export function packsConserved({ world, report, looked }: CheckerSetup): Checker {
  let count = world.truth.packs.length;
  return {
    invariant: "I5",
    says: "every pack is in exactly one place",
    looksAt: "where every pack really is",
    everyMs: 60_000,
    onLook() {
      const { packs, bays } = world.truth;
      looked();
      // Riders may bring packs that were never here before; none may ever cease to exist.
      if (packs.length < count) report("I5", `${packs.length} packs, there were ${count}`);
      count = packs.length;
      const seen = new Map<string, number>();
      for (const { pack, bay } of bays) {
        if (pack === undefined) continue;
        const other = seen.get(pack.id);
        if (other !== undefined) report("I5", `${pack.id} is in bay ${other} and in bay ${bay}`);
        seen.set(pack.id, bay);
      }
      const elsewhere = packs.find(({ id, place }) => place.at === "bay" && seen.get(id) !== place.bay);
      if (elsewhere !== undefined) report("I5", `${elsewhere.id} is not in the bay it should be in`);
    },
  };
}

/** Whole percents and a pack that rested a while: this much below the policy is still the policy. */
const socTolerancePct = 2;

interface Taken {
  readonly bits: number;
  readonly coldestC: number;
}

/** A door that opens this soon behind the strike was opened by it. */
const forcedMs = 1_000;
/** A pack that was warm enough when it was chosen cools while its door stands open. */
const coolingC = 4;

function unfit(taken: Taken | undefined, warmC: number): string | undefined {
  if (taken === undefined) return undefined;
  if ((taken.bits & ~HEALTHY_BITS) !== 0) return `although its protection says ${taken.bits}`;
  return taken.coldestC < warmC - coolingC ? `with a cell of ${Math.round(taken.coldestC)} °C` : undefined;
}

export function onlyGoodPacksLeave(setup: CheckerSetup): Checker {
  const { world, config, report, looked } = setup;
  /** As each pack was when it left its bay: what a rider does with it afterwards is theirs. */
  const asTaken = new Map<string, Taken>();
  /** Bays whose door was opened by force and still stands open: whatever is taken there, nobody handed out. */
  const forced = new Set<number>();
  const robbed = new Set<string>();
  /** What each rider put in and has got nothing for yet. */
  const own = new Map<number, string>();
  /** A debt may be paid with the very pack that they left: it is theirs, as it is. */
  function gotOwnBack({ rider, leftWithPack, receivedPack, depositedPack }: RiderVisit): boolean {
    const before = own.get(rider);
    if (leftWithPack || receivedPack !== undefined) own.delete(rider);
    else if (depositedPack !== undefined) own.set(rider, depositedPack);
    return receivedPack !== undefined && receivedPack === before;
  }
  function taken(bay: number, id: string): void {
    if (forced.has(bay)) robbed.add(id);
    else robbed.delete(id);
    const pack = world.truth.packs.find((one) => one.id === id);
    if (pack !== undefined) asTaken.set(id, { bits: pack.protectionBits, coldestC: pack.cellTempC });
  }
  function left({ ending, receivedPack }: RiderVisit): void {
    if ((ending !== "swapped" && ending !== "collected") || receivedPack === undefined) return;
    looked();
    const pack = world.truth.packs.find((candidate) => candidate.id === receivedPack);
    if (pack === undefined) report("I26", `${receivedPack} does not exist`);
    if (pack === undefined || answersForAnother(setup) || robbed.has(receivedPack)) return;
    if (pack.socPct < config.charging.targetSocPct - socTolerancePct)
      report("I26", `${pack.id} left with ${pack.socPct} %`);
    const wrong = unfit(asTaken.get(receivedPack), config.safety.chargeMinC);
    if (wrong !== undefined) report("I26", `${receivedPack} left ${wrong}`);
  }
  return {
    invariant: "I26",
    says: "no pack is handed out below the policy or with an alarm",
    looksAt: "the pack a rider leaves with",
    excuses:
      "packs that answer for another, because lines or addresses were exchanged, and what a rider takes out of a door that was opened by force",
    onTruth(event) {
      if (event.type === "door" && !event.open) forced.delete(event.bay);
      else if (event.type === "door" && isForcedOpen(event.bay, setup, forcedMs)) forced.add(event.bay);
      if (event.type === "pack" && !event.in) taken(event.bay, event.packId);
      else if (event.type === "left" && !gotOwnBack(event.visit)) left(event.visit);
    },
  };
}

/** E26: a cabinet never has two doors open by its own doing, so nobody can put a pack into another rider's bay. */
export function oneDoorACabinet(setup: CheckerSetup): Checker {
  const { world, config, report, looked } = setup;
  /** A swap keeps its door at least this long; one that stands open longer was left so, and its swap may be over. */
  const { insertWindowMs, takeWindowMs, doorOpenAlarmMs } = config.swap;
  const staleMs = Math.min(insertWindowMs, takeWindowMs, doorOpenAlarmMs);
  let riders = 0;
  const opened = (number: number, atMs: number): void => {
    const bay = world.truth.bay(number);
    looked();
    for (const other of world.truth.bays) {
      if (other.cabinet !== bay.cabinet || other.bay === bay.bay || !other.doorOpen) continue;
      if (atMs - other.doorChangedMs < staleMs && !isForcedOpen(other.bay, setup, staleMs))
        report("E26", `bay ${bay.bay} opened while bay ${other.bay} is open`);
    }
  };
  return {
    invariant: "E26",
    says: "no second door of a cabinet is opened while a swap's door stands open",
    looksAt: "doors of one cabinet",
    excuses: "operators, who open one bay after another",
    onTruth(event) {
      riders += event.type === "arrived" ? 1 : event.type === "left" ? -1 : 0;
      // With no rider in the station it is an operator who opens one bay after another.
      if (event.type !== "coil" || !event.released || isNotOurs(event.bay, setup)) return;
      if (riders > 0) opened(event.bay, event.atMs);
    },
  };
}
