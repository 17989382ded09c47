/** The ledger's fold, record by record: where each says that a pack went, and that both sides of the book stay equal. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Durable, emptyDurable, type OpenSwap } from "../../../services/journal/durable.ts";
import { applyRecord } from "../../../services/journal/fold.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { awayMax, emptied, putIn, standsInBay } from "../../../services/ledger/book.ts";
import { emptyLedger, type LedgerState } from "../../../services/ledger/places.ts";
import { deepFreeze } from "../../support/bench-config.ts";
import { doOne, history, newBench, propertyRuns } from "../station/histories.ts";

const swap: Omit<OpenSwap, "stage"> = {
  id: "s-1",
  cabinet: "c-1",
  member: "m-1",
  inBay: 1,
  outBay: 2,
  spares: [],
  packIn: undefined,
  pays: undefined,
  because: undefined,
  startedAt: 0,
};

/** Records one second after another. */
function folded(records: readonly JournalRecord[], from: Durable = emptyDurable): Durable {
  return records.reduce<Durable>(
    (durable, record, at) => applyRecord(deepFreeze(durable), record, (at + 1) * 1_000),
    from,
  );
}

const stock: readonly JournalRecord[] = [
  { kind: "bay-counted", bay: 1 },
  { kind: "pack-seen", bay: 2, packId: "yz-2", how: "stocktaking" },
];
const reserved: JournalRecord = { kind: "swap-reserved", swap };
const accepted: JournalRecord = { kind: "swap-stage", swap: "s-1", stage: "in-accepted", bay: 1, packId: "yz-own" };
const outOpen: JournalRecord = { kind: "swap-stage", swap: "s-1", stage: "out-open", bay: 2, packId: "yz-2" };
const taken: JournalRecord = { kind: "swap-stage", swap: "s-1", stage: "taken", bay: 2, packId: "yz-2" };
const returning: JournalRecord = {
  kind: "swap-stage",
  swap: "s-1",
  stage: "returning",
  bay: 1,
  because: "foreign-pack",
  packId: "acme-1",
};
const ended = (outcome: Extract<JournalRecord, { kind: "swap-ended" }>["outcome"]): JournalRecord => ({
  kind: "swap-ended",
  swap: "s-1",
  outcome,
});
const swapping = [...stock, reserved, accepted];
const lifted: JournalRecord = { kind: "lock-out", bay: 1, lockOut: "none", reason: "looked at", by: "operator" };

type Row = readonly [string, readonly JournalRecord[], Readonly<Record<string, object>>];

const inBay = (bay: number) => ({ at: "bay", bay });
const apart = (bay: number, why: string) => ({ at: "quarantine", bay, why });
const withRider = { at: "rider", member: "m-1" };

const rows: readonly Row[] = [
  ["an accepted deposit stands in the in-bay", swapping, { "yz-own": inBay(1), "yz-2": inBay(2) }],
  [
    "a pack set aside is quarantined",
    [...stock, reserved, { ...accepted, setAside: "hot" }],
    { "yz-own": apart(1, "hot") },
  ],
  ["a pack taken is with the member", [...swapping, outOpen, taken], { "yz-2": withRider }],
  [
    "a pack taken that could not be read is the one the book has there",
    [...swapping, outOpen, { kind: "swap-stage", swap: "s-1", stage: "taken", bay: 2 }],
    { "yz-2": withRider },
  ],
  ["a pack taken and put back stands where it stood", [...swapping, outOpen, taken, outOpen], { "yz-2": inBay(2) }],
  [
    "a refused pack is kept apart while it goes back",
    [...stock, reserved, returning],
    { "acme-1": apart(1, "foreign-pack") },
  ],
  [
    "a refused pack is with the member again",
    [...stock, reserved, returning, ended("foreign-pack")],
    { "acme-1": withRider },
  ],
  [
    "a refused pack that was not taken back stays apart",
    [...stock, reserved, returning, ended("left-behind")],
    { "acme-1": apart(1, "foreign-pack") },
  ],
  [
    "an accepted pack given back because no full door opened is with the member again",
    [
      ...swapping,
      { kind: "swap-stage", swap: "s-1", stage: "returning", bay: 1, because: "full-door-failed" },
      ended("full-door-failed"),
    ],
    { "yz-own": withRider, "yz-2": inBay(2) },
  ],
  [
    "a debt leaves the packs where they stand",
    [...swapping, outOpen, ended("not-taken")],
    { "yz-own": inBay(1), "yz-2": inBay(2) },
  ],
  [
    "a payment does not move the pack of the earlier deposit",
    [
      ...swapping,
      ended("not-taken"),
      { kind: "pack-gone", bay: 1, packId: "yz-own", how: "operator" },
      { kind: "swap-reserved", swap: { ...swap, inBay: undefined, pays: "s-1", packIn: "yz-own", id: "s-2" } },
      { ...accepted, swap: "s-2", bay: 2 },
    ],
    { "yz-own": { at: "rider", member: undefined }, "yz-2": inBay(2) },
  ],
  [
    "an unasked deposit is quarantined",
    [{ kind: "pack-seen", bay: 1, packId: "yz-x", how: "unasked" }],
    { "yz-x": apart(1, "deposit-unasked") },
  ],
  [
    "what an operator lifts is accepted",
    [{ kind: "pack-seen", bay: 1, packId: "yz-x", how: "unasked" }, lifted],
    { "yz-x": inBay(1) },
  ],
  [
    "what the station lifts by itself is not",
    [
      { kind: "pack-seen", bay: 1, packId: "yz-x", how: "unasked" },
      { ...lifted, by: "station" },
    ],
    { "yz-x": apart(1, "deposit-unasked") },
  ],
  [
    "a late deposit is kept for its member",
    [{ kind: "pack-seen", bay: 1, packId: "yz-x", how: "late-deposit", member: "m-1" }],
    { "yz-x": { ...apart(1, "late-deposit"), member: "m-1" } },
  ],
  [
    "a vanished pack is unknown",
    [...stock, { kind: "pack-gone", bay: 2, packId: "yz-2", how: "vanished" }],
    { "yz-2": { at: "unknown", lastBay: 2 } },
  ],
  [
    "an unknown pack stays unknown when its bay is given back",
    [...stock, { kind: "pack-gone", bay: 2, packId: "yz-2", how: "vanished" }, { ...lifted, bay: 2 }],
    { "yz-2": { at: "unknown", lastBay: 2 } },
  ],
  [
    "an exchanged pack is quarantined and the other unknown",
    [...stock, { kind: "pack-changed", bay: 2, wasPackId: "yz-2", packId: "yz-y" }],
    { "yz-2": { at: "unknown", lastBay: 2 }, "yz-y": apart(2, "pack-changed") },
  ],
  [
    "where something unread stands now, the pack of the book is unknown",
    [...stock, { kind: "pack-seen", bay: 2, packId: undefined, how: "unasked" }],
    { "yz-2": { at: "unknown", lastBay: 2 } },
  ],
  [
    "a pack seen in another bay has left the first",
    [...stock, { kind: "pack-seen", bay: 1, packId: "yz-2", how: "unasked" }],
    { "yz-2": apart(1, "deposit-unasked") },
  ],
];

/** Every pack that stands in a bay is what that bay holds, and the other way round. */
function imbalance({ packs, bays }: LedgerState): string[] {
  const wrong: string[] = [];
  for (const [packId, place] of Object.entries(packs)) {
    if (!standsInBay(place)) continue;
    const holding = bays[String(place.bay)];
    if (holding?.holds !== "pack" || holding.packId !== packId)
      wrong.push(`${packId} is not what bay ${place.bay} holds`);
  }
  for (const [bay, holding] of Object.entries(bays)) {
    if (holding.holds !== "pack") continue;
    const place = packs[holding.packId];
    if (!standsInBay(place) || String(place.bay) !== bay)
      wrong.push(`bay ${bay} holds ${holding.packId}, which is elsewhere`);
  }
  return wrong;
}

describe("the fold of the ledger", () => {
  test.each(rows)("%s", (_name, records, places) => {
    const { ledger } = folded(records);
    for (const [packId, place] of Object.entries(places)) expect(ledger.packs[packId]).toMatchObject(place);
    expect(imbalance(ledger)).toEqual([]);
  });

  test("keeps since when a pack is where it is", () => {
    const { ledger } = folded([...swapping, outOpen, taken]);
    expect([ledger.packs["yz-own"]?.since, ledger.packs["yz-2"]?.since]).toEqual([4_000, 6_000]);
  });

  test("pays the debt of whoever took the pack late, and no other", () => {
    const owed = folded([...swapping, outOpen, ended("not-taken-open")]);
    const debts = { ...owed.debts, "s-0": { ...owed.debts["s-1"], swap: "s-0" } } as Durable["debts"];
    const record = { kind: "pack-gone", bay: 2, packId: "yz-2", how: "late-take", swap: "s-1", member: "m-1" } as const;
    const paid = folded([record], { ...owed, debts });
    expect(Object.keys(paid.debts)).toEqual(["s-0"]);
    expect(paid.holders["yz-2"]).toBe("m-1");
  });

  test("counting a bay again undoes nothing", () => {
    const { ledger } = folded([...swapping, { kind: "bay-counted", bay: 1 }]);
    expect(ledger.packs["yz-own"]).toMatchObject(inBay(1));
  });

  test("starts empty from the checkpoint of a controller that kept no ledger", () => {
    const { ledger: _none, ...older } = emptyDurable;
    expect(folded([{ kind: "checkpoint", durable: older as Durable }]).ledger).toEqual(emptyLedger);
  });
});

describe("the book", () => {
  test("forgets the longest unseen of too many packs on the road, and never one in a bay", () => {
    const away = Array.from(
      { length: awayMax },
      (_, n) => [`yz-${n}`, { at: "rider", member: "m-1", since: n }] as const,
    );
    const full: LedgerState = { packs: Object.fromEntries(away), bays: {} };
    let ledger = putIn(full, "yz-stays", { at: "bay", bay: 1, since: -1 });
    for (const n of [1, 2, 3]) {
      ledger = putIn(ledger, `yz-new-${n}`, { at: "bay", bay: 2, since: awayMax + n });
      ledger = emptied(ledger, 2, undefined, { to: { at: "unknown", lastBay: 2, since: awayMax + n } });
    }
    expect(Object.keys(ledger.packs)).toHaveLength(awayMax + 1);
    expect([ledger.packs["yz-2"], ledger.packs["yz-3"]?.at]).toEqual([undefined, "rider"]);
    expect(ledger.packs["yz-stays"]).toMatchObject({ at: "bay", bay: 1 });
  });

  test("has every pack in one place and every bay with one thing, after any history", () => {
    fc.assert(
      fc.property(history, (deeds) => {
        const bench = newBench();
        bench.watch = () => {
          const wrong = imbalance(bench.state.durable.ledger);
          if (wrong.length > 0) throw new Error(wrong.join("; "));
        };
        for (const deed of deeds) doOne(bench, deed);
      }),
      { numRuns: propertyRuns },
    );
  });
});
