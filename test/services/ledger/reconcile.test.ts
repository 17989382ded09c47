/** One bay, look by look: what an operator did is the operator's, though the bay was given back before it was read. */
import { describe, expect, test } from "vitest";
import type { LedgerState } from "../../../services/ledger/places.ts";
import { type BayLook, newWatch, reconcileBay } from "../../../services/ledger/reconcile.ts";
import type { LedgerRecord } from "../../../services/ledger/records.ts";

const empty: LedgerState = { packs: {}, bays: { 1: { holds: "nothing", since: 0 } } };

/** Looks once a second; the last two seconds are what the story is about. */
function seen(looks: readonly Partial<BayLook>[]): readonly LedgerRecord[] {
  let watch = newWatch(0);
  const found: LedgerRecord[] = [];
  looks.forEach((more, second) => {
    const look: BayLook = {
      bay: 1,
      nowMs: second * 1_000,
      seen: { sees: "nothing" },
      door: "shut",
      busy: false,
      unlocked: false,
      operator: false,
      awaits: undefined,
      leftBehind: undefined,
      heir: undefined,
      ...more,
    };
    const step = reconcileBay(watch, look, empty);
    watch = step.watch;
    found.push(...step.records);
  });
  return found;
}

const shut: Partial<BayLook> = {};
const byOperator: Partial<BayLook> = { operator: true, door: "open" };
const withPack: Partial<BayLook> = { seen: { sees: "pack", packId: "yz-9" } };
const packSeen = { kind: "pack-seen", bay: 1, packId: "yz-9" };

describe("a pack that stands where nothing stood", () => {
  test("was put in by the operator whose opening ended a moment ago", () => {
    const records = seen([shut, byOperator, byOperator, withPack, withPack, withPack]);
    expect(records[0]).toEqual({ ...packSeen, how: "operator" });
  });

  test("was put in by nobody who was asked to, when no operator was there for a while", () => {
    const later = Array.from({ length: 20 }, () => shut);
    const records = seen([shut, byOperator, ...later, withPack, withPack, withPack]);
    expect(records[0]).toEqual({ ...packSeen, how: "unasked" });
  });

  test("is no finding before it was seen for a while without a break", () => {
    expect(seen([shut, shut, withPack, shut, withPack, shut])).toEqual([]);
  });
});
