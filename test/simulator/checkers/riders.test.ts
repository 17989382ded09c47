/** The judges of people: who is left without a pack is noted, who is refused hears why. */
import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { nobodyIsStranded, refusalsAreSaid } from "../../../simulator/checkers/riders.ts";
import { type JudgeBench, judgeBench } from "../../support/judge-bench.ts";

describe("riders (I25, I36)", () => {
  /** A station that is long awake. */
  function awake(): JudgeBench {
    const bench = judgeBench();
    bench.judge(nobodyIsStranded);
    bench.seconds(200);
    return bench;
  }
  const visit = { rider: 6, depositedPack: "yz-77", receivedPack: undefined, ending: "owed" };

  test("one who left a pack and has none is noted somewhere, or found", () => {
    const bench = awake();
    bench.tell({ type: "left", visit });
    bench.seconds(59);
    expect(bench.found).toEqual([]);
    bench.seconds(2);
    expect(bench.found).toEqual(["I25: rider 6 left yz-77 here and has nothing, and nobody notes it"]);
    const noted = awake();
    const place = { at: "quarantine", bay: 1, since: 0, why: "late-deposit", member: "m-0007" } as const;
    noted.controller.durable = { ...emptyDurable, ledger: { packs: { "yz-77": place }, bays: {} } };
    noted.tell({ type: "left", visit });
    noted.seconds(100);
    expect([noted.found, noted.looks()]).toEqual([[], 1]);
  });

  test("a note that ended when somebody looked into the bay on site was one, a note that just went was none", () => {
    for (const by of ["operator", "swap"] as const) {
      const bench = awake();
      const lockOut = { lockOut: "pending-check", reason: "pack-vanished", member: "m-0007" } as const;
      bench.controller.durable = { ...emptyDurable, lockOuts: { "1": lockOut } };
      bench.tell({ type: "left", visit });
      bench.seconds(30);
      bench.controller.durable = emptyDurable;
      bench.record({ kind: "lock-out", bay: 1, lockOut: "none", reason: "looked at on site", by });
      bench.seconds(40);
      expect(bench.found).toHaveLength(by === "operator" ? 0 : 1);
    }
  });

  test.each([
    ["while its rider still stood there, by somebody on site", 20_000, "operator", 0],
    ["before its rider came", 190_000, "operator", 1],
    ["by nobody who had looked", 20_000, "swap", 1],
  ] as const)("a note on a bay that was taken off %s", (_, agoMs, by, found) => {
    const bench = awake();
    bench.record({
      kind: "lock-out",
      bay: 1,
      lockOut: "pending-check",
      reason: "open",
      by: "station",
      member: "m-0007",
    });
    bench.record({ kind: "lock-out", bay: 1, lockOut: "none", reason: "looked at on site", by });
    bench.seconds(agoMs / 1_000);
    bench.tell({ type: "left", visit: { ...visit, arrivedMs: bench.clock.nowMs - 60_000 } });
    bench.seconds(70);
    expect(bench.found).toHaveLength(found);
  });

  test("a pack that nobody can read and that was not taken back is noted where it stands", () => {
    for (const reason of ["left-behind", "door-open"]) {
      const bench = awake();
      bench.bay(1).pack = { id: "yz-77" } as never;
      const lockOut = { lockOut: "pending-check", reason } as const;
      bench.controller.durable = { ...emptyDurable, lockOuts: { "1": lockOut } };
      bench.tell({ type: "left", visit });
      bench.seconds(70);
      expect(bench.found).toHaveLength(reason === "left-behind" ? 0 : 1);
    }
  });

  test("a pack put into an open door before any code, or at an operator's, is told, and nobody can know whose it is", () => {
    for (const how of ["unasked", "operator", "identified"] as const) {
      const bench = awake();
      bench.bay(1).pack = { id: "yz-77" } as never;
      bench.record({ kind: "pack-seen", bay: 1, packId: undefined, how });
      bench.tell({ type: "left", visit: { ...visit, arrivedMs: bench.clock.nowMs - 10_000 } });
      bench.seconds(70);
      expect(bench.found).toHaveLength(how === "identified" ? 1 : 0);
    }
  });

  test.each([
    ["at a door that still stands open, before any code", true, false, 0],
    ["at a door that was shut since", false, false, 1],
    ["at a door that still stands open, on a code of theirs", true, true, 1],
  ])("a pack put in %s", (_, doorOpen, isAsked, found) => {
    const bench = awake();
    Object.assign(bench.bay(1), { doorOpen, pack: { id: "yz-77" } });
    const arrivedMs = bench.clock.nowMs;
    bench.seconds(5);
    if (isAsked) bench.record({ kind: "swap-reserved", swap: { cabinet: "a", member: "m-0007" } } as never);
    bench.tell({ type: "left", visit: { ...visit, arrivedMs } });
    bench.seconds(70);
    expect(bench.found).toHaveLength(found);
  });

  test("a pack that a thief took while no controller ran is noted by nobody, one that was taken before its eyes must be", () => {
    for (const runs of [false, true]) {
      const bench = awake();
      bench.tell({ type: "computer", on: runs });
      bench.tell({ type: "pack", bay: 1, packId: "yz-77", in: false });
      bench.tell({ type: "computer", on: true });
      bench.tell({ type: "left", visit });
      bench.seconds(200);
      expect(bench.found).toHaveLength(runs ? 1 : 0);
    }
  });

  test("a pack that a thief took from a door that was forced while no controller ran may have been its rider's to take", () => {
    for (const isUpFirst of [false, true]) {
      const bench = awake();
      bench.tell({ type: "computer", on: isUpFirst });
      bench.tell({ type: "door", bay: 1, open: true });
      bench.tell({ type: "computer", on: true });
      bench.tell({ type: "pack", bay: 1, packId: "yz-77", in: false });
      bench.tell({ type: "door", bay: 1, open: false });
      bench.tell({ type: "left", visit });
      bench.seconds(200);
      expect(bench.found).toHaveLength(isUpFirst ? 1 : 0);
    }
  });

  test("a pack taken from a door that opens before its eyes must be noted, whatever was forced at that bay before", () => {
    const bench = awake();
    bench.tell({ type: "computer", on: false });
    for (const open of [true, false]) bench.tell({ type: "door", bay: 1, open });
    bench.tell({ type: "computer", on: true });
    bench.tell({ type: "door", bay: 1, open: true });
    bench.tell({ type: "pack", bay: 1, packId: "yz-77", in: false });
    bench.tell({ type: "left", visit });
    bench.seconds(200);
    expect(bench.found).toHaveLength(1);
  });

  test("a pack that was put in on another member's code is owed to that member, and nobody else's note is missed", () => {
    const bench = awake();
    const debt = { member: "m-0038", packIn: "yz-77" } as never;
    bench.controller.durable = { ...emptyDurable, debts: { "s-1": debt } };
    bench.tell({ type: "left", visit });
    bench.seconds(100);
    expect([bench.found, bench.looks()]).toEqual([[], 1]);
  });

  test("the time in which the controller is dead, and reads its bays again, does not count", () => {
    const bench = awake();
    bench.tell({ type: "left", visit });
    bench.seconds(30);
    bench.tell({ type: "computer", on: false });
    bench.seconds(60);
    bench.tell({ type: "computer", on: true });
    bench.seconds(100);
    expect(bench.found).toEqual([]);
    bench.seconds(200);
    expect(bench.found).toHaveLength(1);
  });

  test.each([
    ["was served before the judge could look", 6, "yz-77", 0],
    ["was not", 6, undefined, 1],
    ["is somebody else than whoever was", 7, "yz-77", 1],
  ])("one who came back and %s", (_, rider, receivedPack, found) => {
    const bench = awake();
    bench.tell({ type: "computer", on: false });
    bench.tell({ type: "left", visit });
    bench.seconds(20);
    bench.tell({ type: "computer", on: true });
    bench.seconds(80);
    bench.tell({ type: "left", visit: { rider, depositedPack: undefined, receivedPack, ending: "collected" } });
    bench.seconds(200);
    expect(bench.found).toHaveLength(found);
  });

  test("a refusal that nobody hears is found, one that is said in Chinese is not", () => {
    const bench = judgeBench();
    bench.judge(refusalsAreSaid);
    const refused = { kind: "scan-refused", cabinet: "a", reason: "busy" } as const;
    bench.record(refused);
    bench.tell({ type: "prompt", cabinet: "a", prompt: { promptId: "refused-busy", cue: "refused" } });
    bench.seconds(2);
    expect([bench.found, bench.looks()]).toEqual([[], 1]);
    bench.record(refused);
    bench.tell({ type: "prompt", cabinet: "b", prompt: { promptId: "refused-busy", cue: "refused" } });
    bench.tell({ type: "prompt", cabinet: "a", prompt: { promptId: "no-such-sentence", cue: "refused" } });
    bench.seconds(2);
    expect(bench.found).toEqual(["I36: cabinet a refused with busy, and nothing is said"]);
  });
});
