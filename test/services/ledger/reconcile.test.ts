/** One bay, look by look: what an operator did is the operator's, though the bay was given back before it was read. */
import { describe, expect, test } from "vitest";
import type { LedgerState } from "../../../services/ledger/places.ts";
import { type BayLook, newWatch, reconcileBay } from "../../../services/ledger/reconcile.ts";
import type { LedgerRecord } from "../../../services/ledger/records.ts";

const empty: LedgerState = { packs: {}, bays: { 1: { holds: "nothing", since: 0 } } };

/** Looks once a second; the last two seconds are what the story is about. */
function seen(looks: readonly Partial<BayLook>[], ledger = empty): readonly LedgerRecord[] {
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
    const step = reconcileBay(watch, look, ledger);
    watch = step.watch;
    found.push(...step.records);
  });
  return found;
}

const shut: Partial<BayLook> = {};
const byOperator: Partial<BayLook> = { operator: true, door: "open" };
const withPack: Partial<BayLook> = { seen: { sees: "pack", packId: "yz-9" } };
const packSeen = { kind: "pack-seen", bay: 1, packId: "yz-9" };

describe("a pack that does not stand any more where it stood", () => {
  const full: LedgerState = {
    packs: { "yz-9": { at: "bay", bay: 1, since: 0 } },
    bays: { 1: { holds: "pack", packId: "yz-9", since: 0 } },
  };
  const heir = { member: "m-1", swap: "s-1" };
  const gone: Partial<BayLook> = { heir };
  const there: Partial<BayLook> = { ...withPack, heir };
  const ajar: Partial<BayLook> = { ...there, door: "open", unlocked: true };
  const quiet = (look: Partial<BayLook>) => Array.from({ length: 7 }, () => look);
  const how = (...looks: readonly Partial<BayLook>[]) =>
    seen([there, there, there, there, ...looks], full).map((record) => "how" in record && record.how);

  test.each<[string, readonly Partial<BayLook>[], string]>([
    ["was taken late from the open door", [ajar, ...quiet({ ...gone, door: "open" })], "late-take"],
    [
      "was taken late although the door was shut at once",
      [ajar, { ...gone, door: "open" }, ...quiet(gone)],
      "late-take",
    ],
    ["was taken late although both were seen at once", [ajar, ...quiet(gone)], "late-take"],
    ["vanished once the door had been shut before it", [ajar, there, ...quiet(gone)], "vanished"],
    ["vanished where no door was opened", [there, ...quiet(gone)], "vanished"],
    ["vanished where the door was forced", [{ ...there, door: "open" }, ...quiet(gone)], "vanished"],
  ])("%s", (_what, looks, expected) => {
    expect(how(...looks)[0]).toBe(expected);
  });

  test("vanished where nobody has seen it since the start", () => {
    expect(seen(quiet(gone), full)[0]).toMatchObject({ how: "vanished" });
  });
});

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
