/** The power-cut table as data: what the log says last, what the bays show, where the swap is taken up, how it ends alone. */
import type { Door } from "../../../services/bay/door.ts";
import { emptyDurable, type OpenSwap, type SwapStage } from "../../../services/journal/durable.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { applyEntry } from "../../../services/publication.ts";
import { memberName } from "../../support/bench-config.ts";

export const rider = memberName(1);

export const reserved: Omit<OpenSwap, "stage"> = {
  id: "s-000001",
  cabinet: "c-1",
  member: rider,
  inBay: 1,
  outBay: 2,
  spares: [3],
  packIn: undefined,
  pays: undefined,
  because: undefined,
  startedAt: 0,
};

const points: readonly SwapStage[] = ["reserved", "in-open", "in-closed", "in-accepted", "out-open", "taken"];

/** The records of a swap that was cut behind this stage. */
export function recordsUpTo(stage: SwapStage): JournalRecord[] {
  const found: JournalRecord[] = [{ kind: "swap-reserved", swap: reserved }];
  if (stage === "returning") {
    for (const way of ["in-open", "in-closed"] as const)
      found.push({ kind: "swap-stage", swap: reserved.id, stage: way, bay: 1 });
    found.push({ kind: "swap-stage", swap: reserved.id, stage, bay: 1, because: "foreign-pack" });
    return found;
  }
  for (const way of points.slice(1, points.indexOf(stage) + 1)) {
    const bay = way === "out-open" || way === "taken" ? 2 : 1;
    const packId = way === "in-accepted" ? { packId: "yz-own-1" } : way === "taken" ? { packId: "yz-full-2" } : {};
    found.push({ kind: "swap-stage", swap: reserved.id, stage: way, bay, ...packId });
  }
  return found;
}

export const durableAt = (stage: SwapStage) =>
  recordsUpTo(stage).reduce((durable, record) => applyEntry(durable, { record, at: 1_769_800_000_000 }), emptyDurable);

export interface Shown {
  readonly in?: Door;
  readonly inHolds?: boolean;
  readonly out?: Door;
  readonly outHolds?: boolean;
}

interface Row {
  readonly row: string;
  readonly says: string;
  readonly after: SwapStage;
  readonly shown: Shown;
  /** Where the swap is taken up, or how it ends at once. */
  readonly to: string;
  /** How it ends when nobody comes, and nobody scans. */
  readonly ends: string;
}

export const rows: readonly Row[] = [
  {
    row: "P1",
    says: "the empty bay is shut and empty: the reservation is given up, nothing is charged",
    after: "reserved",
    shown: {},
    to: "cut-before-deposit",
    ends: "cut-before-deposit",
  },
  {
    row: "P2",
    says: "the empty bay stands open: as if it had been seen open",
    after: "reserved",
    shown: { in: "open" },
    to: "await-insert",
    ends: "suspended-open",
  },
  {
    row: "P2",
    says: "a pack is behind the shut door: it is looked at",
    after: "reserved",
    shown: { inHolds: true },
    to: "inspecting",
    ends: "waiting-for-rescan",
  },
  {
    row: "P3",
    says: "the empty bay stands open: a fresh window",
    after: "in-open",
    shown: { in: "open" },
    to: "await-insert",
    ends: "suspended-open",
  },
  {
    row: "P4",
    says: "shut with a pack: it is looked at",
    after: "in-open",
    shown: { inHolds: true },
    to: "inspecting",
    ends: "waiting-for-rescan",
  },
  {
    row: "P5",
    says: "shut without a pack: called off",
    after: "in-open",
    shown: {},
    to: "nothing-inserted",
    ends: "nothing-inserted",
  },
  {
    row: "P6",
    says: "the pack is there: it is looked at",
    after: "in-closed",
    shown: { inHolds: true },
    to: "inspecting",
    ends: "waiting-for-rescan",
  },
  {
    row: "P7",
    says: "the door is open again: a fresh window",
    after: "in-closed",
    shown: { in: "open", inHolds: true },
    to: "await-insert",
    ends: "suspended-open",
  },
  {
    row: "P8",
    says: "shut, and the pack is gone: called off, a person checks",
    after: "in-closed",
    shown: {},
    to: "pack-vanished",
    ends: "pack-vanished",
  },
  {
    row: "P9",
    says: "the full bay is shut with its pack: the rider scans again",
    after: "in-accepted",
    shown: { inHolds: true },
    to: "waiting-for-rescan",
    ends: "waiting-for-rescan",
  },
  {
    row: "P10",
    says: "the full bay is open with its pack: as if it had been seen open",
    after: "in-accepted",
    shown: { inHolds: true, out: "open" },
    to: "await-take",
    ends: "not-taken-open",
  },
  {
    row: "P10",
    says: "the pack of the full bay is gone: as if it had been seen open",
    after: "in-accepted",
    shown: { inHolds: true, outHolds: false },
    to: "taken",
    ends: "completed",
  },
  {
    row: "P11",
    says: "open and the pack gone: taken, the door is waited for",
    after: "out-open",
    shown: { inHolds: true, out: "open", outHolds: false },
    to: "taken",
    ends: "completed-door-open",
  },
  {
    row: "P12",
    says: "shut and the pack gone: completed",
    after: "out-open",
    shown: { inHolds: true, outHolds: false },
    to: "taken",
    ends: "completed",
  },
  {
    row: "P13",
    says: "shut with the pack: owed",
    after: "out-open",
    shown: { inHolds: true },
    to: "not-taken",
    ends: "not-taken",
  },
  {
    row: "P14",
    says: "open with the pack: a fresh window",
    after: "out-open",
    shown: { inHolds: true, out: "open" },
    to: "await-take",
    ends: "not-taken-open",
  },
  {
    row: "P15",
    says: "taken and shut: completed",
    after: "taken",
    shown: { inHolds: true, outHolds: false },
    to: "taken",
    ends: "completed",
  },
  {
    row: "P15",
    says: "taken and open: completed with the door open",
    after: "taken",
    shown: { inHolds: true, out: "open", outHolds: false },
    to: "taken",
    ends: "completed-door-open",
  },
  {
    row: "P15",
    says: "taken, put back in the dark and shut: owed, and no door opens by itself",
    after: "taken",
    shown: { inHolds: true },
    to: "taken",
    ends: "not-taken",
  },
  {
    row: "P17",
    says: "the contacts of the bay contradict each other: a person",
    after: "in-closed",
    shown: { in: "unknown", inHolds: true },
    to: "wait",
    ends: "interrupted",
  },
  {
    row: "P17",
    says: "the contacts of the full bay contradict each other: a person",
    after: "out-open",
    shown: { inHolds: true, out: "unknown" },
    to: "wait",
    ends: "interrupted",
  },
  {
    row: "own pack",
    says: "that was being given back stands behind the shut door: the rider scans again",
    after: "returning",
    shown: { inHolds: true },
    to: "waiting-for-rescan",
    ends: "waiting-for-rescan",
  },
  {
    row: "own pack",
    says: "that was being given back is gone: it is over, for the reason it was given back",
    after: "returning",
    shown: { in: "open" },
    to: "foreign-pack",
    ends: "foreign-pack",
  },
  {
    row: "own pack",
    says: "that was being given back stands in the open door: it may be taken",
    after: "returning",
    shown: { in: "open", inHolds: true },
    to: "await-take-back",
    ends: "left-behind",
  },
];
