/**
 * I25 from the other side: a pack is had for a pack. Riders are judged by what they put in and took; what they are owed is the log's.
 * What somebody carries off through a door that was forced or left open is theft, and no controller's trade.
 */
import { memberName } from "../members.ts";
import type { RiderVisit } from "../visit-types.ts";
import type { BookCheckerSetup, Checker, CheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";

/** The door that was shut behind the pack has been read, and its record is on the disk. */
const settledMs = 60_000;
/** A start reads its bays first, and ends what the cut interrupted. */
const recoverMs = 120_000;

/** Packs that each rider has put in and got nothing for. */
class Balance {
  private readonly owed = new Map<number, number>();

  of(rider: number): number {
    return this.owed.get(rider) ?? 0;
  }

  /** Gives what the rider is owed after this visit; below 0 is a pack too many. */
  after({ rider, depositedPack, receivedPack, ending }: RiderVisit): number {
    // What was put in was given back.
    if (ending === "returned") return this.of(rider);
    const owed = this.of(rider) + (depositedPack === undefined ? 0 : 1) - (receivedPack === undefined ? 0 : 1);
    this.owed.set(rider, Math.max(0, owed));
    return owed;
  }
}

export function packForPack({ report, looked, troubles }: CheckerSetup): Checker {
  const balance = new Balance();
  const isTheft = (): boolean =>
    troubles !== undefined &&
    (["second-door-forced", "unlock-on-bus", "lock-driver-shorted"] as const).some((name) =>
      troubles.active(name, undefined, settledMs),
    );
  return {
    invariant: "I25-trade",
    says: "whoever gets a pack has put one in, then or at an earlier visit",
    looksAt: "what riders put in and what they leave with",
    excuses: "doors that somebody else opened",
    onTruth(event) {
      if (event.type !== "left") return;
      looked();
      const { rider, receivedPack, behaviour } = event.visit;
      if (balance.after(event.visit) < 0 && !isTheft())
        report("I25-trade", `rider ${rider} (${behaviour}) left with ${receivedPack} and put nothing in`);
    },
  };
}

export function debtsEnd(setup: BookCheckerSetup): Checker {
  const { clock, controller, report, looked } = setup;
  const balance = new Balance();
  const era = controllerEra(setup);
  const visits = new Map<number, number>();
  /** Riders who took or left something while nobody saw it, or saw it wrongly: what they are owed is for people to find out. */
  const unseen = new Set<number>();
  /** A note about a bay gives back what stands there, if anything does: only a deposit that was taken is owed with a full pack. */
  const debtsOf = (rider: number): number =>
    Object.values(controller.state().durable.debts).filter(
      ({ member, packIn, inBay }) => member === memberName(rider) && (packIn !== undefined || inBay === undefined),
    ).length;
  /** A log that rotted, and that is told as damaged, may have lost the line that a debt was paid; too much is owed rather than too little. */
  const isTornLog = (): boolean => controller.state().faults["log-corrupt/station"] !== undefined;
  /** Told as missing: it went through a door that a stop or a fire had left open, and whoever has it is for people to find out. */
  const isMissed = (): boolean => Object.keys(controller.state().faults).some((key) => key.startsWith("pack-missing/"));
  /** Nobody judges a rider who has come again meanwhile: that swap is under way. */
  function judge(rider: number, visit: number): void {
    if (visits.get(rider) !== visit || unseen.has(rider)) return;
    if (era.upMs() < recoverMs) {
      clock.after(recoverMs - era.upMs() + 1_000, () => judge(rider, visit));
      return;
    }
    looked();
    const debts = debtsOf(rider);
    if (debts > balance.of(rider) && !isTornLog() && !isMissed())
      report("I25-debts", `rider ${rider} is owed ${debts} packs in the log, and by right ${balance.of(rider)}`);
  }
  return {
    invariant: "I25-debts",
    says: "nobody is owed more packs in the log than they left here and got nothing for",
    looksAt: "debts in the log, against what riders put in and took",
    excuses:
      "riders who came while the controller was dead or something was broken, a log told as damaged and a pack told as missing",
    onTruth(event) {
      if (event.type === "arrived") visits.set(event.visit.rider, event.visit.visit);
      if (event.type !== "left") return;
      const { rider, visit, arrivedMs } = event.visit;
      balance.after(event.visit);
      const isBroken = (setup.troubles?.now().length ?? 0) > 0;
      if (isBroken || !era.isUp || era.upMs() < clock.nowMs - arrivedMs) unseen.add(rider);
      visits.set(rider, visit);
      clock.after(settledMs, () => judge(rider, visit));
    },
  };
}
