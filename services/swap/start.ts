/**
 * A scan becomes a swap, the payment of a debt, or a refusal in words: AUTHORISING and CHECKING of the swap design in one
 * decision. It reserves the empty bay, the full bay and a spare full bay before any door opens, or opens nothing.
 */
import type { Debt } from "../journal/durable.ts";
import type { RefusalCode } from "./outcomes.ts";
import { newOpening, type Swap } from "./swap.ts";

/** The cabinet as it can be offered at this instant. */
export interface Stock {
  readonly emptyBays: readonly number[];
  /** Best first: most charge, then longest there. */
  readonly readyBays: readonly number[];
  /** Minutes until the first pack here can be handed out; undefined when none is on its way. */
  readonly readyInMinutes: number | undefined;
  /** A pack with enough charge is here but too cold. */
  readonly warming: boolean;
  /** No bay of the cabinet can be seen: its boards do not answer. */
  readonly blind: boolean;
  /** No charger of the cabinet answers: its supply or its line is gone. */
  readonly unpowered: boolean;
}

export interface ScanSituation {
  readonly member:
    | { readonly ok: true; readonly member: string }
    | { readonly ok: false; readonly reason: "unknown-credential" | "member-inactive" };
  readonly cabinet: string;
  readonly swapHere: Swap | undefined;
  readonly memberBusyElsewhere: boolean;
  readonly recoveringHere: boolean;
  readonly debt: Debt | undefined;
  /** The bay of that debt has not been heard of: just after a start, or with its board silent. */
  readonly debtBayUnseen: boolean;
  /** The owed pack stands behind a door that its rider left open (E23): it is there to be taken, without a pulse. */
  readonly openDebt: { readonly bay: number; readonly packId: string | undefined } | undefined;
  /** Bay into which this member's pack was put after the window of an earlier swap was over (E7). */
  readonly lateDeposit: number | undefined;
  readonly stock: Stock;
  readonly fire: boolean;
  readonly emergency: boolean;
  readonly water: boolean;
  readonly canRecord: boolean;
  readonly stopping: boolean;
  /** An operator took the cabinet out of service; a swap that runs there is finished (E38). */
  readonly outOfService: boolean;
  /** An operator prepares an update: no new swap anywhere. */
  readonly updating: boolean;
  /** An operator's request opens bays here, or what it opened is not shut yet. */
  readonly operatorAtWork: boolean;
  readonly nextId: string;
  readonly nowMs: number;
  readonly wallMs: number;
}

export type ScanDecision =
  | { readonly is: "start"; readonly swap: Swap }
  /** The same rider scanned again while the own swap runs: say the last sentence again, act on nothing (E3). */
  | { readonly is: "repeat" }
  | { readonly is: "refuse"; readonly reason: RefusalCode; readonly member?: string; readonly minutes?: number };

const minutesUnknown = 60;

function refuse(reason: RefusalCode, member: string, minutes?: number): ScanDecision {
  return minutes === undefined ? { is: "refuse", reason, member } : { is: "refuse", reason, member, minutes };
}

function outOfStock(situation: ScanSituation, member: string): ScanDecision {
  if (situation.stock.blind) return refuse("cabinet-unavailable", member);
  const minutes = situation.stock.readyInMinutes ?? minutesUnknown;
  return refuse(situation.stock.warming ? "packs-warming" : "no-full-pack", member, minutes);
}

const common = (situation: ScanSituation, member: string) => ({
  id: situation.nextId,
  cabinet: situation.cabinet,
  member,
  startedAt: situation.wallMs,
  startedMs: situation.nowMs,
  failedBays: [],
  unattended: false,
});

/** A rescan pays what is owed: a full pack when the deposit was accepted, the rider's own pack when it was not. */
function payDebt(situation: ScanSituation, member: string, debt: Debt): ScanDecision {
  const { nowMs, stock } = situation;
  if (debt.packIn === undefined && debt.inBay !== undefined) {
    if (debt.cabinet !== situation.cabinet) return refuse("cabinet-busy", member);
    // No lock is driven on a bay that nobody sees.
    if (situation.debtBayUnseen) return refuse("cabinet-unavailable", member);
    const base = {
      ...common(situation, member),
      inBay: debt.inBay,
      outBay: debt.inBay,
      spares: [],
      packIn: undefined,
      pays: debt.swap,
    };
    return {
      is: "start",
      swap: { ...base, at: "returning", opening: newOpening(debt.inBay, nowMs), because: "own-pack-returned" },
    };
  }
  const { openDebt } = situation;
  if (openDebt !== undefined) return takeFromOpenDoor(situation, member, debt, openDebt);
  const [outBay, ...others] = stock.readyBays;
  if (outBay === undefined) return outOfStock(situation, member);
  const base = {
    ...common(situation, member),
    inBay: undefined,
    outBay,
    spares: others.slice(0, 1),
    packIn: debt.packIn,
    pays: debt.swap,
  };
  return { is: "start", swap: { ...base, at: "preparing-out", sinceMs: nowMs } };
}

function takeFromOpenDoor(
  situation: ScanSituation,
  member: string,
  debt: Debt,
  { bay, packId }: { readonly bay: number; readonly packId: string | undefined },
): ScanDecision {
  const { packIn, swap } = debt;
  const base = { ...common(situation, member), inBay: undefined, outBay: bay, spares: [], packIn, pays: swap };
  const { nowMs } = situation;
  return {
    is: "start",
    swap: { ...base, at: "await-take", sinceMs: nowMs, reopens: 0, shutMs: undefined, packId },
  };
}

function blocked(situation: ScanSituation): RefusalCode | undefined {
  if (situation.fire) return "fire";
  if (situation.emergency) return "emergency-stop";
  if (situation.stopping) return "stopping";
  if (situation.updating) return "updating";
  if (situation.outOfService) return "out-of-service";
  if (situation.recoveringHere) return "checking";
  if (situation.swapHere !== undefined || situation.memberBusyElsewhere) return "cabinet-busy";
  if (situation.operatorAtWork) return "operator-at-work";
  if (!situation.canRecord) return "cannot-record";
  return situation.water ? "water" : undefined;
}

export function decideScan(situation: ScanSituation): ScanDecision {
  if (!situation.member.ok) return { is: "refuse", reason: situation.member.reason };
  const { member } = situation.member;
  if (situation.swapHere?.member === member && !situation.fire && !situation.emergency) return { is: "repeat" };
  const block = blocked(situation);
  if (block !== undefined) return refuse(block, member);
  if (situation.debt !== undefined) return payDebt(situation, member, situation.debt);
  const { stock, nowMs } = situation;
  // A debt is paid with what is there; a swap is not offered where no charger could follow it (P6).
  if (stock.unpowered) return refuse("cabinet-unavailable", member);
  const [outBay, ...others] = stock.readyBays;
  if (outBay === undefined) return outOfStock(situation, member);
  const { lateDeposit } = situation;
  const inBay = lateDeposit ?? stock.emptyBays[0];
  if (inBay === undefined) return refuse("no-empty-bay", member);
  const base = {
    ...common(situation, member),
    inBay,
    outBay,
    spares: others.slice(0, 1),
    packIn: undefined,
    pays: undefined,
  };
  if (lateDeposit !== undefined)
    return { is: "start", swap: { ...base, at: "inspecting", sinceMs: nowMs, reopens: 0, wakes: 0 } };
  return { is: "start", swap: { ...base, at: "opening-in", opening: newOpening(inBay, nowMs) } };
}
