/** The first half of a swap at the edge of its times: one step before, one step after. */
import { describe, expect, test } from "vitest";
import type { EndCode } from "../../../services/swap/outcomes.ts";
import { newOpening, type Sight } from "../../../services/swap/swap.ts";
import { pack } from "../../support/bench-config.ts";
import { inside, opened, pulsed, sinceMs, step, stuckLock, swap, times } from "./one-step.ts";

describe("the door of the empty bay", () => {
  const opening = swap({ at: "opening-in", opening: pulsed(1, 3) });

  test("that opens is written down, and the rider asked for the pack", () => {
    const { next, does } = step(opening, opened);
    expect(next).toMatchObject({ at: "await-insert", sinceMs, reopens: 0, shutMs: undefined, inBay: 1 });
    expect(does).toEqual(["in-open", "insert-pack"]);
  });

  test("that fails gives way to another empty bay, never to one that failed before, and is told", () => {
    const more = { emptyBays: () => [1, 4, 5] };
    const { next, does, effects } = step(
      swap({ at: "opening-in", opening: pulsed(1, 3) }, { failedBays: [{ bay: 4, why: "lock-failed" }] }),
      { ...stuckLock, more },
    );
    expect(next).toMatchObject({
      at: "opening-in",
      inBay: 5,
      opening: newOpening(5, sinceMs + 3_001),
      failedBays: [
        { bay: 4, why: "lock-failed" },
        { bay: 1, why: "lock-failed" },
      ],
    });
    expect(does).toEqual(["swap-bay-chosen", "door-fault-other"]);
    expect(effects[0]).toMatchObject({ record: { inBay: 5, spares: [3] } });
  });

  test("that fails gives way to no bay of the pack that is to come out, though a thief has emptied it", () => {
    const waits = swap({ at: "opening-in", opening: pulsed(1, 3) });
    const { next, effects } = step(waits, { ...stuckLock, more: { emptyBays: () => [2, 3] } });
    expect(waits).toMatchObject({ outBay: 2, spares: [3] });
    expect(next).toMatchObject({ at: "opening-in", inBay: 3, outBay: 2, spares: [] });
    expect(effects[0]).toMatchObject({ record: { kind: "swap-bay-chosen", inBay: 3, spares: [] } });
    expect(step(waits, { ...stuckLock, more: { emptyBays: () => [2] } }).next).toMatchObject({ at: "ended" });
  });

  test("that fails without another ends the swap, and names the bay", () => {
    const { next, does } = step(opening, stuckLock);
    expect(next).toEqual({ at: "ended", outcome: "no-door-opened", failed: { bay: 1, why: "lock-failed" } });
    expect(does).toEqual([]);
  });

  test("that waits goes on waiting", () => {
    expect(step(opening, { ms: 100, door: "unknown" })).toMatchObject({ is: "opening-in", does: [] });
  });
});

describe("waiting for the rider's pack", () => {
  const waiting = (more: { readonly shutMs?: number; readonly reopens?: number } = {}) =>
    swap({ at: "await-insert", sinceMs, reopens: 0, shutMs: undefined, ...more });
  const shut = (reopens = 0) => waiting({ shutMs: sinceMs, reopens });

  test("lasts as long as its window, and one moment more ends it with the door as it is", () => {
    expect(step(waiting(), { ...opened, ms: times.insertWindowMs }).is).toBe("await-insert");
    expect(step(waiting(), { ...opened, ms: times.insertWindowMs + 1 }).is).toBe("suspended-open");
    expect(step(waiting(), { door: "unknown", ms: times.insertWindowMs + 1 }).is).toBe("suspended-open");
  });

  test("asks the pack anew when the door shuts, and forgets that when it opens again", () => {
    const { next, does } = step(waiting(), { ms: 500 });
    expect([next, does]).toEqual([{ ...waiting(), shutMs: sinceMs + 500 }, ["reidentify"]]);
    expect(step(shut(), opened).next).toEqual(waiting());
  });

  test("believes the contacts only when they settled, and were sampled after the door shut", () => {
    const settleMs = times.presenceSettleMs;
    expect(step(shut(), { ms: settleMs - 1, pack: inside }).is).toBe("await-insert");
    expect(step(shut(), { ms: settleMs, contactsAgeMs: settleMs, pack: inside }).is).toBe("inspecting");
    expect(step(shut(), { ms: settleMs, contactsAgeMs: settleMs + 1, pack: inside }).is).toBe("await-insert");
  });

  test("hands what stays silent to a person when the time for looking is over", () => {
    expect(step(shut(), { ms: times.inspectMs, present: undefined }).is).toBe("await-insert");
    expect(step(shut(), { ms: times.inspectMs + 1, present: undefined }).is).toBe("interrupted");
    expect(step(shut(), { ms: times.inspectMs + 1, contactsAgeMs: times.inspectMs + 2 }).is).toBe("interrupted");
  });

  test("goes on to the inspection of what stands there, or answers although no contact sees it", () => {
    const seen = step(shut(1), { ms: 2_000, pack: inside });
    expect(seen.next).toMatchObject({ at: "inspecting", sinceMs, reopens: 1, wakes: 0 });
    expect(seen.does).toEqual(["in-closed", "inspecting"]);
    expect(step(shut(), { ms: 2_000, present: false, pack: inside }).is).toBe("inspecting");
  });

  test("opens again for a door that was shut on nothing, three times and no more", () => {
    const again = step(shut(times.reopenTries - 1), { ms: 2_000, present: false });
    expect(again.next).toMatchObject({
      at: "reopening-in",
      reopens: times.reopenTries,
      opening: newOpening(1, sinceMs + 2_000),
    });
    expect(again.does).toEqual(["swap-reopened", "insert-again"]);
    expect(again.effects[0]).toMatchObject({ record: { bay: 1, why: "nothing-inserted" } });
    expect(step(shut(times.reopenTries), { ms: 2_000, present: false }).is).toBe("nothing-inserted");
  });
});

describe("a door opened again for the deposit", () => {
  const reopening = swap({ at: "reopening-in", opening: pulsed(1, 3), reopens: 2 });

  test("leads back to waiting, with the tries counted", () => {
    const { next, does } = step(reopening, opened);
    expect(next).toMatchObject({ at: "await-insert", sinceMs, reopens: 2, shutMs: undefined });
    expect(does).toEqual(["insert-pack"]);
    expect(step(reopening, { ms: 100 }).is).toBe("reopening-in");
  });

  test("that fails costs the rider nothing when the bay is proven empty, and is owed for when it may not be", () => {
    const nothing = step(reopening, { ...stuckLock, present: false });
    expect(nothing.next).toEqual({ at: "ended", outcome: "nothing-inserted", failed: { bay: 1, why: "lock-failed" } });
    expect(step(reopening, { ...stuckLock, present: true }).is).toBe("own-door-stuck");
    expect(step(reopening, { ...stuckLock, present: undefined }).is).toBe("own-door-stuck");
  });
});

describe("the inspection", () => {
  const inspecting = (more: { readonly wakes?: number; readonly reopens?: number } = {}) =>
    swap({ at: "inspecting", sinceMs, reopens: 0, wakes: 0, ...more }, { packIn: undefined });

  test("goes back to waiting when the door opens, and asks to have it shut", () => {
    const { next, does } = step(inspecting({ reopens: 1 }), { ...opened, ms: 700 });
    expect(next).toMatchObject({ at: "await-insert", sinceMs: sinceMs + 700, reopens: 1, shutMs: undefined });
    expect(does).toEqual(["shut-door"]);
  });

  test("asks a silent pack three times, a quarter of the time apart", () => {
    const quarterMs = times.inspectMs / 4;
    for (const wakes of [0, 1, 2]) {
      const dueMs = (wakes + 1) * quarterMs;
      expect(step(inspecting({ wakes }), { ms: dueMs - 1 }).does).toEqual([]);
      const asked = step(inspecting({ wakes }), { ms: dueMs });
      expect([asked.does, asked.next]).toEqual([["reidentify"], inspecting({ wakes: wakes + 1 })]);
    }
    expect(step(inspecting({ wakes: 3 }), { ms: times.inspectMs }).does).toEqual([]);
  });

  test("opens again for a pack that stays silent, whose plug may not be home, and gives it back in the end", () => {
    expect(step(inspecting({ wakes: 3 }), { ms: times.inspectMs }).is).toBe("inspecting");
    const again = step(inspecting({ wakes: 3, reopens: times.reopenTries - 1 }), { ms: times.inspectMs + 1 });
    expect(again.next).toMatchObject({ at: "reopening-in", reopens: times.reopenTries, opening: { bay: 1 } });
    expect(again.does).toEqual(["swap-reopened", "push-plug"]);
    expect(again.effects[0]).toMatchObject({ record: { why: "plug-not-home" } });
    const back = step(inspecting({ wakes: 3, reopens: times.reopenTries }), { ms: times.inspectMs + 1 });
    expect(back.next).toMatchObject({ at: "returning", because: "pack-unreadable", opening: { bay: 1 } });
    expect(back.effects).toMatchObject([{ record: { stage: "returning", bay: 1, because: "pack-unreadable" } }]);
    expect(back.effects[0]).not.toHaveProperty("record.packId");
  });

  test("judges nothing behind a door that is not known to be shut, and nothing that has no id", () => {
    expect(step(inspecting(), { door: "unknown", pack: inside }).is).toBe("inspecting");
    expect(step(inspecting(), { pack: pack(undefined) }).is).toBe("inspecting");
    expect(step(inspecting(), { ms: 10, pack: inside, packAgeMs: 11 }).is).toBe("inspecting");
  });

  test("accepts a sound pack, by its id and charge", () => {
    const { next, does, effects } = step(inspecting(), { ms: 10, pack: inside });
    expect(next).toMatchObject({ at: "preparing-out", packIn: "yz-own-1", sinceMs: sinceMs + 10 });
    expect(does).toEqual(["in-accepted"]);
    expect(effects[0]).toMatchObject({ record: { bay: 1, packId: "yz-own-1", socPct: 20 } });
    expect(effects[0]).not.toHaveProperty("record.setAside");
  });

  test("sets a hot pack aside, and says so", () => {
    const hot = pack("yz-own-1", { cellTempsC: [20, 70] });
    const { does, effects } = step(inspecting(), { pack: hot });
    expect(does).toEqual(["in-accepted", "pack-set-aside"]);
    expect(effects[0]).toMatchObject({ record: { setAside: "hot" } });
  });

  test("gives back what is not ours, by name", () => {
    const { next, effects } = step(inspecting(), { pack: pack("acme-7") });
    expect(next).toMatchObject({ at: "returning", because: "foreign-pack" });
    expect(effects[0]).toMatchObject({ record: { packId: "acme-7", because: "foreign-pack" } });
  });

  test("compares with the stock only what that told in the last quarter of a minute", () => {
    const good = pack("yz-own-1", { socPct: 50 });
    const stock = (ageMs: number): Partial<Sight> => ({
      packSince: (bay, fromMs) => {
        if (bay === 1) return good;
        return sinceMs - ageMs >= fromMs ? pack("yz-2", { socPct: 40 }) : undefined;
      },
    });
    expect(step(inspecting(), { more: stock(15_000) }).next).toMatchObject({ because: "better-than-stock" });
    expect(step(inspecting(), { more: stock(15_001) }).is).toBe("preparing-out");
  });
});

describe("the rider's own pack on its way back", () => {
  const back = (because: EndCode, packIn?: string) =>
    swap({ at: "returning", opening: pulsed(1, 3), because }, { packIn });

  test.each<[EndCode, string]>([
    ["foreign-pack", "not-own-pack"],
    ["other-riders-pack", "not-your-pack"],
    ["pack-already-full", "already-full"],
    ["pack-unreadable", "unreadable"],
    ["full-door-failed", "full-door-failed"],
    ["pack-leaking", "leaking"],
    ["better-than-stock", "better-than-stock"],
    ["own-pack-returned", "own-pack-returned"],
    ["not-taken", "take-back"],
  ])("is told why: %s", (because, says) => {
    const { next, does } = step(back(because), opened);
    expect(next).toMatchObject({ at: "await-take-back", sinceMs, reopens: 0, because });
    expect(does).toEqual([says]);
  });

  test("behind a door that does not open is a debt", () => {
    expect(step(back("foreign-pack"), stuckLock).is).toBe("own-door-stuck");
    expect(step(back("foreign-pack"), { ms: 100 }).is).toBe("returning");
  });

  const taking = (packIn?: string) =>
    swap({ at: "await-take-back", sinceMs, reopens: 0, because: "foreign-pack" }, { packIn });
  const settleMs = times.presenceSettleMs;

  test("is gone when the bay is empty and shut, and the contacts settled", () => {
    expect(step(taking(), { ms: settleMs, present: false }).is).toBe("foreign-pack");
    expect(step(taking(), { ms: settleMs, present: false, contactsAgeMs: 1 }).is).toBe("await-take-back");
    expect(step(taking(), { ms: settleMs, present: undefined }).is).toBe("await-take-back");
  });

  test("is gone from an open bay only when that stands open too long", () => {
    const open = (ms: number) => step(taking(), { ...opened, ms, present: false, contactsAgeMs: 0 }).is;
    expect(open(times.doorOpenAlarmMs)).toBe("await-take-back");
    expect(open(times.doorOpenAlarmMs + 1)).toBe("foreign-pack");
  });

  test("that stays is left behind, or owed for when it was accepted", () => {
    expect(step(taking(), { ms: times.takeWindowMs }).is).toBe("await-take-back");
    expect(step(taking(), { ms: times.takeWindowMs + 1 }).is).toBe("left-behind");
    expect(step(taking("yz-own-1"), { ms: times.takeWindowMs + 1 }).is).toBe("not-taken");
  });
});
