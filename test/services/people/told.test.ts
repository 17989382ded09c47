import { expect, test } from "vitest";
import { emptyDurable, type OpenSwap } from "../../../services/journal/durable.ts";
import { applyRecord } from "../../../services/journal/fold.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { peopleKinds, servedIn } from "../../../services/people/counts.ts";
import { publicationOf } from "../../../services/publication.ts";

const swap: OpenSwap = {
  id: "s-1",
  cabinet: "a",
  member: "m-1",
  inBay: 1,
  outBay: 2,
  spares: [],
  stage: "taken",
  packIn: undefined,
  pays: undefined,
  because: undefined,
  startedAt: 1,
};
const before = { ...emptyDurable, swaps: { "s-1": swap } };

/** One record of each kind that counts somebody. */
const counting = {
  swap: { kind: "swap-ended", swap: "s-1", outcome: "completed" },
  entry: { kind: "door-grant-ended", door: "d", decision: 1, used: true },
  drink: { kind: "fridge-released", id: "d-1", member: "m-1", date: "2026-01-31" },
  hotWater: { kind: "amenity-used", id: "boiler", use: "hot-water" },
  outlet: { kind: "amenity-used", id: "oven", use: "outlet" },
  phoneLocker: { kind: "locker-assigned", id: "lockers", locker: 1, member: "m-1" },
  gift: { kind: "gift-given", id: "gifts", locker: 1, entitlement: "e-1" },
  help: { kind: "help-called", id: "help" },
  rescue: { kind: "rescue-opened", id: "aid" },
} as const satisfies Record<(typeof peopleKinds)[number], JournalRecord>;

/**
 * A checkpoint may already hold what stands behind it in the log. What has a number in its stream is not counted twice then; what
 * has none would be.
 */
test.each(peopleKinds)("whoever is counted as %s is told of as well, so that no start counts them twice", (kind) => {
  expect(servedIn(applyRecord(before, counting[kind], 0).people.today)).toBe(1);
  expect(publicationOf(counting[kind], before)).toBeDefined();
});

test("and so is a drink or a gift that is given back, and a fault", () => {
  const { kind: _released, ...drink } = counting.drink;
  const { kind: _given, ...gift } = counting.gift;
  expect(publicationOf({ kind: "gift-kept", ...gift }, before)).toBeDefined();
  expect(publicationOf({ kind: "fridge-not-taken", ...drink }, before)).toBeDefined();
  expect(publicationOf({ kind: "fault-raised", code: "smoke", subject: "a" }, before)).toBeDefined();
});
