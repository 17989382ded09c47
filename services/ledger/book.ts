/**
 * The two moves that keep both sides of the book equal: a pack is put into a bay, or a bay is emptied. Every pack stays in one
 * place and every bay holds one thing, whatever order the records come in.
 */
import type { BayHolding, Finding, LedgerState, PackPlace } from "./places.ts";

/** Packs on the road and lost ones beyond this are forgotten, the longest unseen first; those in bays never are. */
export const awayMax = 5_000;

type InBay = Extract<PackPlace, { at: "bay" | "quarantine" }>;

export const standsInBay = (place: PackPlace | undefined): place is InBay =>
  place?.at === "bay" || place?.at === "quarantine";

export const holdingOf = (ledger: LedgerState, bay: number): BayHolding | undefined => ledger.bays[String(bay)];

/** Worked out once for each book: every bay is asked about every second, and the book changes a few times an hour. */
const quarantines = new WeakMap<LedgerState, (string | undefined)[]>();

/** Why what stands in a bay is quarantined, by bay number. */
export function quarantinedIn(ledger: LedgerState): readonly (string | undefined)[] {
  let why = quarantines.get(ledger);
  if (why === undefined) {
    why = [];
    for (const [bay, holding] of Object.entries(ledger.bays)) {
      const place = holding.holds === "pack" ? ledger.packs[holding.packId] : undefined;
      if (place?.at === "quarantine") why[Number(bay)] = place.why;
    }
    quarantines.set(ledger, why);
  }
  return why;
}

type Packs = Record<string, PackPlace>;
type Bays = Record<string, BayHolding>;

/** The one place where a pack that left its bay may have gone to. */
export type Away = Extract<PackPlace, { at: "rider" | "unknown" }>;

interface Parting {
  readonly to: Away;
  readonly finding?: Finding;
}

function forgetOldest(packs: Packs): void {
  if (Object.keys(packs).length <= awayMax) return;
  let away = 0;
  let oldest: string | undefined;
  let oldestSince = Number.POSITIVE_INFINITY;
  for (const [packId, place] of Object.entries(packs)) {
    if (standsInBay(place)) continue;
    away++;
    if (place.since >= oldestSince) continue;
    oldest = packId;
    oldestSince = place.since;
  }
  if (away > awayMax && oldest !== undefined) delete packs[oldest];
}

/** A pack that was missing from a bay and turns up is missing no more. */
function settleMissing(bays: Bays, place: PackPlace | undefined): void {
  if (place?.at !== "unknown" || place.lastBay === undefined) return;
  const holding = bays[String(place.lastBay)];
  // What never said who it was may be another than this one, and still missing.
  if (holding?.finding !== "pack-missing" || "member" in holding) return;
  const { finding: _settled, ...rest } = holding;
  bays[String(place.lastBay)] = rest;
}

/** Whose it is that stands in a bay, where the book names somebody for whom it is kept apart. */
export function whoseIs(holding: BayHolding, { packs }: Pick<LedgerState, "packs">): { readonly member?: string } {
  const named = holding.holds === "pack" ? packs[holding.packId] : holding;
  return named !== undefined && "member" in named && named.member !== undefined ? { member: named.member } : {};
}

/** The pack that the book has in this bay was not seen to go: nobody knows where it is, and whose it is stays known. */
function displace(packs: Packs, bays: Bays, bay: number, since: number): void {
  const holding = bays[String(bay)];
  if (holding?.holds === "pack")
    packs[holding.packId] = { at: "unknown", since, lastBay: bay, ...whoseIs(holding, { packs }) };
}

/** A pack stands in a bay now, wherever the book had it before. */
export function putIn(ledger: LedgerState, packId: string, place: InBay, finding?: BayHolding["finding"]): LedgerState {
  const packs: Packs = { ...ledger.packs };
  const bays: Bays = { ...ledger.bays };
  const was = packs[packId];
  if (standsInBay(was) && was.bay !== place.bay) bays[String(was.bay)] = { holds: "nothing", since: place.since };
  if (!standsInBay(was) || was.bay !== place.bay) displace(packs, bays, place.bay, place.since);
  settleMissing(bays, was);
  packs[packId] = place;
  const holding: BayHolding = { holds: "pack", packId, since: place.since };
  bays[String(place.bay)] = finding === undefined ? holding : { ...holding, finding };
  forgetOldest(packs);
  return { packs, bays };
}

/** A bay is empty now, and the pack that left it is elsewhere. `packId` is what was seen to leave, if that was read. */
export function emptied(ledger: LedgerState, bay: number, packId: string | undefined, more: Parting): LedgerState {
  const packs: Packs = { ...ledger.packs };
  const bays: Bays = { ...ledger.bays };
  const holding = bays[String(bay)];
  const stood = holding?.holds === "pack" ? holding.packId : undefined;
  const gone = packId ?? stood;
  if (stood !== undefined && stood !== gone) displace(packs, bays, bay, more.to.since);
  if (gone !== undefined) {
    const was = packs[gone];
    if (standsInBay(was) && was.bay !== bay) bays[String(was.bay)] = { holds: "nothing", since: more.to.since };
    settleMissing(bays, was);
    packs[gone] = more.to;
  }
  bays[String(bay)] = leftIn(gone, more);
  forgetOldest(packs);
  return { packs, bays };
}

/** That something is missing is a finding where it is known what, or at least whose it was. */
function leftIn(gone: string | undefined, { to, finding }: Parting): BayHolding {
  const left: BayHolding = { holds: "nothing", since: to.since };
  if (finding === undefined) return left;
  if (gone !== undefined) return { ...left, finding };
  return to.member === undefined ? left : { ...left, finding, member: to.member };
}

/** A bay holds what the book cannot name, or nothing. */
export function setHolding(ledger: LedgerState, bay: number, holding: BayHolding): LedgerState {
  const packs: Packs = { ...ledger.packs };
  const bays: Bays = { ...ledger.bays };
  displace(packs, bays, bay, holding.since);
  bays[String(bay)] = holding;
  forgetOldest(packs);
  return { packs, bays };
}
