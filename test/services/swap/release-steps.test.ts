/** The second half of a swap at the edge of its times: one step before, one step after. */
import { describe, expect, test } from "vitest";
import { type FailedBay, newOpening, type Swap } from "../../../services/swap/swap.ts";
import { pack } from "../../support/bench-config.ts";
import { inside, opened, pulsed, sinceMs, step, stuckLock, swap, times } from "./one-step.ts";

describe("making the full bay dead", () => {
  const preparing = (more: Partial<Swap> = {}) => swap({ at: "preparing-out", sinceMs }, more);
  const waitMs = times.chargerOffWaitMs;

  test("goes on to its door once the current is known to be gone and the door shut", () => {
    expect(step(preparing(), { ms: 5, currentMa: 99 }).next).toMatchObject({
      at: "opening-out",
      opening: newOpening(2, sinceMs + 5),
    });
    for (const currentMa of [100, -100, undefined]) expect(step(preparing(), { currentMa }).is).toBe("preparing-out");
    expect(step(preparing(), { currentMa: 0, door: "unknown" }).is).toBe("preparing-out");
  });

  test("waits for the charger, then takes the spare and says which of the two it was", () => {
    const more = { readyBays: () => [3] };
    expect(step(preparing(), { ms: waitMs, currentMa: 500, more }).is).toBe("preparing-out");
    const stuck = step(preparing(), { ms: waitMs + 1, currentMa: 500, more });
    expect(stuck.next).toMatchObject({
      at: "preparing-out",
      outBay: 3,
      spares: [],
      failedBays: [{ bay: 2, why: "charger-stuck" }],
      sinceMs: sinceMs + waitMs + 1,
    });
    expect(stuck.does).toEqual(["swap-bay-chosen", "charger-stuck-other"]);
    const silent = step(preparing(), { ms: waitMs + 1, currentMa: undefined, more });
    expect(silent.next).toMatchObject({ failedBays: [{ bay: 2, why: "unfit" }] });
    expect(silent.does).toEqual(["swap-bay-chosen", "door-fault-other"]);
  });

  test("takes another at once when its pack was isolated, and only one that is ready and did not fail", () => {
    const more = { isolated: (bay: number) => bay === 2, readyBays: () => [2, 6, 7] };
    const failedBays: FailedBay[] = [{ bay: 6, why: "lock-failed" }];
    const { next, effects } = step(preparing({ spares: [3, 7], failedBays }), { more });
    expect(next).toMatchObject({ outBay: 7, spares: [3] });
    expect(effects[0]).toMatchObject({ record: { outBay: 7, spares: [3] } });
  });

  test("never takes the very pack that was just put in for another", () => {
    const more = { isolated: (bay: number) => bay === 2, readyBays: () => [1, 2] };
    expect(step(preparing({ spares: [1] }), { more }).next).toMatchObject({ at: "returning", inBay: 1, outBay: 2 });
  });

  test("without another gives the own pack back; what was set aside, or never was put in, is owed for", () => {
    const isolated = (...bays: readonly number[]) => ({ isolated: (bay: number) => bays.includes(bay) });
    const back = step(preparing(), { more: isolated(2) });
    expect(back.next).toMatchObject({ at: "returning", because: "full-door-failed", opening: newOpening(1, sinceMs) });
    expect(back.effects[0]).toMatchObject({ record: { stage: "returning", bay: 1, because: "full-door-failed" } });
    const failed = { bay: 2, why: "unfit" };
    expect(step(preparing(), { more: isolated(1, 2) }).next).toEqual({ at: "ended", outcome: "not-taken", failed });
    const paying = preparing({ inBay: undefined });
    expect(step(paying, { more: isolated(2) }).next).toEqual({ at: "ended", outcome: "not-taken", failed });
  });
});

describe("a charger that tells nothing", () => {
  test("is waited for like one that is on, to the last millisecond", () => {
    const waiting = (ms: number) => step(swap({ at: "preparing-out", sinceMs }), { ms, currentMa: undefined }).is;
    expect([waiting(times.chargerOffWaitMs), waiting(times.chargerOffWaitMs + 1)]).toEqual([
      "preparing-out",
      "returning",
    ]);
  });
});

describe("the door of the full bay", () => {
  const opening = swap({ at: "opening-out", opening: pulsed(2, 3) });

  test("that opens is written down with the pack that was heard there a moment ago", () => {
    const full = pack("yz-full-2");
    const known = step(opening, { ...opened, ms: 5, pack: full, packAgeMs: 15_000 });
    expect(known.next).toMatchObject({
      at: "await-take",
      sinceMs: sinceMs + 5,
      reopens: 0,
      shutMs: undefined,
      packId: "yz-full-2",
    });
    expect(known.does).toEqual(["out-open", "take-pack"]);
    expect(known.effects[0]).toMatchObject({ record: { bay: 2, packId: "yz-full-2" } });
    const unknown = step(opening, { ...opened, pack: full, packAgeMs: 15_001 });
    expect(unknown.next).toMatchObject({ packId: undefined });
    expect(unknown.effects[0]).not.toHaveProperty("record.packId");
  });

  test("that fails gives way to the spare", () => {
    const { next } = step(opening, { ...stuckLock, more: { readyBays: () => [3] } });
    expect(next).toMatchObject({ outBay: 3, failedBays: [{ bay: 2, why: "lock-failed" }] });
    expect(step(opening, { ms: 100 }).is).toBe("opening-out");
  });
});

describe("waiting until the full pack is taken", () => {
  const waiting = (more: { readonly shutMs?: number; readonly reopens?: number; readonly packId?: string } = {}) =>
    swap({ at: "await-take", sinceMs, reopens: 0, shutMs: undefined, packId: "yz-full-2", ...more });
  const settleMs = times.presenceSettleMs;

  test("ends in taken only when a contact sampled after the door opened says so and the pack is silent", () => {
    const gone = { ...opened, ms: 1_500, present: false } as const;
    const taken = step(waiting(), gone);
    expect(taken.next).toMatchObject({ at: "taken", sinceMs: sinceMs + 1_500, shutMs: undefined, packId: "yz-full-2" });
    expect(taken.effects).toMatchObject([{ record: { stage: "taken", bay: 2, packId: "yz-full-2" } }]);
    const unknown = step(swap({ at: "await-take", sinceMs, reopens: 0, shutMs: undefined, packId: undefined }), gone);
    expect(unknown.effects[0]).not.toHaveProperty("record.packId");
    expect(step(waiting(), { ...gone, contactsAgeMs: 1_500 }).is).toBe("await-take");
    expect(step(waiting(), { ...gone, pack: inside, packAgeMs: 1_000 }).is).toBe("await-take");
    expect(step(waiting(), { ...gone, pack: inside, packAgeMs: 1_001 }).is).toBe("taken");
    expect(step(waiting(), { ...gone, present: undefined }).is).toBe("await-take");
  });

  test("opens again for a door that was shut on the pack, three times and no more", () => {
    const shut = (ms: number, reopens: number, contactsAgeMs = 0) =>
      step(waiting({ shutMs: sinceMs, reopens }), { ms, contactsAgeMs });
    expect(step(waiting(), { ms: 7 }).next).toEqual(waiting({ shutMs: sinceMs + 7 }));
    expect(shut(settleMs - 1, 0).is).toBe("await-take");
    expect(shut(settleMs, 0, settleMs + 1).is).toBe("await-take");
    const again = shut(settleMs, times.reopenTries - 1, settleMs);
    expect(again.next).toMatchObject({
      at: "reopening-out",
      reopens: times.reopenTries,
      packId: "yz-full-2",
      opening: newOpening(2, sinceMs + settleMs),
    });
    expect(again.does).toEqual(["swap-reopened", "take-again"]);
    expect(again.effects[0]).toMatchObject({ record: { bay: 2, why: "not-taken" } });
    expect(shut(settleMs, times.reopenTries).is).toBe("not-taken");
  });

  test("forgets that the door was shut when it opens again", () => {
    expect(step(waiting({ shutMs: sinceMs }), opened).next).toEqual(waiting());
    expect(step(waiting(), opened).next).toEqual(waiting());
    expect(step(waiting({ shutMs: sinceMs }), { present: undefined }).next).toEqual(waiting());
  });

  test("is over with its window; a pack that is just leaving gets five seconds more", () => {
    const windowMs = times.takeWindowMs;
    expect(step(waiting(), { ...opened, ms: windowMs }).is).toBe("await-take");
    expect(step(waiting(), { ...opened, ms: windowMs + 1 }).is).toBe("not-taken-open");
    expect(step(waiting(), { ms: windowMs + 1, present: undefined }).is).toBe("not-taken");
    const leaving = (ms: number) => step(waiting(), { ...opened, ms, present: false, pack: inside }).is;
    expect([leaving(windowMs + 5_000), leaving(windowMs + 5_001)]).toEqual(["await-take", "not-taken-open"]);
  });

  const reopening = swap({ at: "reopening-out", opening: pulsed(2, 3), reopens: 2, packId: "yz-full-2" });

  test("goes on behind a door that was opened again, and ends in a debt behind one that was not", () => {
    const again = step(reopening, opened);
    expect(again.next).toMatchObject({ at: "await-take", sinceMs, reopens: 2, shutMs: undefined, packId: "yz-full-2" });
    expect(again.does).toEqual(["take-pack"]);
    const failed = { bay: 2, why: "lock-failed" };
    expect(step(reopening, stuckLock).next).toEqual({ at: "ended", outcome: "not-taken", failed });
    expect(step(reopening, { ms: 100 }).is).toBe("reopening-out");
  });
});

describe("a pack that was taken", () => {
  const taken = (more: { readonly shutMs?: number } = {}, packId: string | undefined = "yz-full-2") =>
    swap({ at: "taken", sinceMs, shutMs: undefined, packId, ...more });

  test("completes the swap with a shut door, or with one that stands open too long", () => {
    expect(step(taken(), { ms: 1, present: false }).is).toBe("completed");
    expect(step(taken(), { ms: 1, present: undefined }).is).toBe("completed");
    expect(step(taken(), { ms: 1, present: false, contactsAgeMs: 1 }).is).toBe("taken");
    expect(step(taken(), { ...opened, ms: times.doorOpenAlarmMs }).is).toBe("taken");
    expect(step(taken(), { ...opened, ms: times.doorOpenAlarmMs + 1 }).is).toBe("completed-door-open");
  });

  test("has whatever stands there afterwards asked for its name", () => {
    const { next, does } = step(taken(), { ms: 9 });
    expect([next, does]).toEqual([taken({ shutMs: sinceMs + 9 }), ["reidentify"]]);
    const silent = (ms: number) => step(taken({ shutMs: sinceMs }), { ms }).is;
    expect([silent(times.inspectMs), silent(times.inspectMs + 1)]).toEqual(["taken", "completed-exchanged"]);
    expect(step(taken({ shutMs: sinceMs }), { ms: 5, pack: pack(undefined) }).is).toBe("taken");
  });

  test("and put back is owed again, with its door to be opened; another one is an exchange", () => {
    const back = step(taken({ shutMs: sinceMs }), { ms: 5, pack: pack("yz-full-2") });
    expect(back.next).toMatchObject({
      at: "await-take",
      sinceMs: sinceMs + 5,
      reopens: 0,
      shutMs: sinceMs + 5,
      packId: "yz-full-2",
    });
    expect(back.effects).toMatchObject([{ record: { stage: "out-open", bay: 2, packId: "yz-full-2" } }]);
    const inTheDark = step({ ...taken({ shutMs: sinceMs }), unattended: true }, { ms: 5, pack: pack("yz-full-2") });
    expect(inTheDark.next).toMatchObject({ at: "await-take", reopens: times.reopenTries });
    expect(step(taken({ shutMs: sinceMs }), { ms: 5, pack: pack("yz-other") }).is).toBe("completed-exchanged");
    const unnamed = swap({ at: "taken", sinceMs, shutMs: sinceMs, packId: undefined });
    expect(step(unnamed, { ms: times.inspectMs + 1 }).is).toBe("completed-exchanged");
  });
});
