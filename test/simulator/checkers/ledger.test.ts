/** The judges of the book: what the ledger says of a bay is put beside what really stands there. */
import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { bookMatchesBays, noFalseFinds } from "../../../simulator/checkers/ledger.ts";
import { type JudgeBench, judgeBench } from "../../support/judge-bench.ts";

describe("the book (I5)", () => {
  /** A bay of which the controller has just heard everything, and the book that it keeps of it. */
  function seen(
    told: object | undefined,
    says: { readonly packId?: string } = { packId: "yz-1" },
    deaf = false,
  ): JudgeBench {
    const bench = judgeBench();
    const heardAt = (atMs: number) => ({ quality: "good", atMs });
    const hear = (): void => {
      const now = heardAt(bench.clock.nowMs);
      bench.controller.readings.bays[1] = {
        present: { ...now, value: bench.bay(1).pack !== undefined },
        doorShut: deaf ? { quality: "none" } : { ...now, value: true },
        pack: { ...now, value: says },
      };
      bench.clock.after(1_000, hear);
    };
    hear();
    const bays = told === undefined ? {} : { "1": told as never };
    bench.controller.durable = { ...emptyDurable, ledger: { packs: {}, bays } };
    bench.judge(bookMatchesBays);
    return bench;
  }
  const holds = { holds: "pack", packId: "yz-1" };
  const wrong = (told: string) => [`I5-ledger: yz-1 stands in bay 1, and the ledger says ${told}`];

  test.each([
    ["says what stands there", holds, []],
    ["knows nothing of it", undefined, wrong("nobody knows what")],
    ["calls it empty", { holds: "nothing" }, wrong("nothing")],
    ["calls it by another name", { holds: "pack", packId: "yz-9" }, wrong("yz-9")],
  ])("that %s is right or found once it had time to settle", (_, told, found) => {
    const bench = seen(told);
    bench.seconds(29);
    expect(bench.found).toEqual([]);
    bench.seconds(2);
    expect([bench.found, bench.looks() > 0]).toEqual([found, true]);
  });

  test.each(["doorSwitchStuckAt", "lockContactStuckAt"] as const)(
    "is judged of a bay whose door is told as open (%s), unless it still awaits its rider's pack there",
    (contact) => {
      for (const [stuckAt, member, found] of [
        [false, "m-0001", 0],
        [false, undefined, 1],
        [true, "m-0001", 1],
      ] as const) {
        const bench = seen({ holds: "nothing" });
        bench.faults(1)[contact] = stuckAt;
        const lockOut = { lockOut: "pending-check", reason: "suspended-open" } as const;
        const named = member === undefined ? lockOut : { ...lockOut, member };
        bench.controller.durable = { ...bench.controller.durable, lockOuts: { "1": named } };
        bench.seconds(31);
        expect(bench.found).toHaveLength(found);
      }
    },
  );

  test.each([
    ["unless it still awaits its rider's pack there", "m-0001", true, 0],
    ["and awaits nobody's", undefined, true, 1],
    ["but is heard again", "m-0001", false, 1],
  ] as const)("is judged of a bay whose door is not heard %s", (_, member, deaf, found) => {
    const bench = seen({ holds: "nothing" }, { packId: "yz-1" }, deaf);
    const lockOut = { lockOut: "pending-check", reason: "suspended-open" } as const;
    const named = member === undefined ? lockOut : { ...lockOut, member };
    bench.controller.durable = { ...bench.controller.durable, lockOuts: { "1": named } };
    bench.seconds(31);
    expect(bench.found).toHaveLength(found);
  });

  test.each([
    ["nothing is heard", undefined, true, 0],
    ["the same name is heard", { packId: "yz-1" }, true, 0],
    ["another pack is heard", { packId: "yz-2" }, true, 1],
    ["another pack is heard behind silent contacts", { packId: "yz-2" }, undefined, 0],
    ["it is heard that nothing stands there", undefined, false, 1],
  ])("that has a pack in another bay, of which %s", (_, says, present, found) => {
    const bench = seen({ holds: "nothing" });
    const hear = (): void => {
      const now = { quality: "good", atMs: bench.clock.nowMs };
      const heard = present === undefined ? { quality: "none" } : { ...now, value: present };
      bench.controller.readings.bays[2] = { present: heard, pack: { ...now, value: says ?? {} } };
      bench.clock.after(1_000, hear);
    };
    hear();
    const place = { at: "bay", bay: 2, since: 0 } as const;
    const { bays } = bench.controller.durable.ledger;
    bench.controller.durable = { ...emptyDurable, ledger: { packs: { "yz-1": place }, bays } };
    bench.seconds(31);
    expect(bench.found.filter((what) => what.includes("bay 1"))).toHaveLength(found);
  });

  test("is not judged while another board may tell the contacts of this one, and for a minute after", () => {
    const bench = seen({ holds: "nothing" });
    const over = bench.troubles.begin("two-on-one-address", "device bays-a-1");
    bench.seconds(100);
    over();
    bench.seconds(59);
    expect([bench.found, bench.looks()]).toEqual([[], 0]);
    bench.seconds(35);
    expect(bench.found).toEqual(wrong("nothing"));
  });

  test("is not judged of a pack that has not told its name for a while", () => {
    const bench = seen({ holds: "nothing" }, {});
    bench.seconds(100);
    expect([bench.found, bench.looks()]).toEqual([[], 0]);
  });

  test.each([
    ["a pack under another name", { holds: "pack", packId: "yz-9" }, []],
    ["something unread", { holds: "unread" }, []],
    ["nothing where a pack stands", { holds: "nothing" }, wrong("nothing")],
  ])("of a pack that fell silent may say %s, or is found", (_, told, found) => {
    const bench = seen(told);
    bench.faults(1).bmsSilent = true;
    bench.seconds(31);
    expect(bench.found).toEqual(found);
  });

  test.each([
    ["that an exchanged plug misnamed may say another's name until its own is in", true, false, false],
    ["that an exchanged plug misnamed may not once it speaks", true, true, true],
    ["that nothing misnamed may not", false, false, true],
  ])("of a pack without its plug %s", (_, exchanged, plugsIn, isFound) => {
    const bench = seen({ holds: "pack", packId: "yz-9" });
    bench.bay(1).plugged = false;
    const over = exchanged ? bench.troubles.begin("plugs-exchanged", "line pack-1 and line pack-2") : undefined;
    bench.seconds(20);
    over?.();
    bench.seconds(200);
    bench.bay(1).plugged = plugsIn;
    bench.seconds(800);
    expect(bench.found.length > 0).toBe(isFound);
  });

  test.each([
    ["what stands there", { kind: "pack-seen", bay: 1, packId: "yz-1", how: "identified" }, []],
    [
      "another pack",
      { kind: "pack-seen", bay: 1, packId: "yz-9", how: "identified" },
      ["yz-9 is seen where yz-1 stands"],
    ],
    [
      "that a pack is gone which stands there",
      { kind: "pack-gone", bay: 1, packId: "yz-1" },
      ["yz-1 is missed from where it stands"],
    ],
    ["an empty bay where a pack stands", { kind: "bay-counted", bay: 1 }, ["counted as empty"]],
  ] as const)("that finds %s is right or found", (_, record, found) => {
    const bench = judgeBench();
    bench.judge(noFalseFinds);
    bench.record(record as JournalRecord);
    expect(bench.found).toEqual(found.map((what) => `I5-finds: bay 1: ${what}`));
  });

  test("that finds a thing by a stuck contact, by another pack's plug or by another board is not blamed", () => {
    for (const prepare of [
      (bench: JudgeBench) => Object.assign(bench.faults(1), { presenceStuckAt: false }),
      (bench: JudgeBench) => bench.troubles.begin("plugs-exchanged", "line pack-1 and line pack-2"),
      (bench: JudgeBench) => bench.troubles.begin("two-on-one-address", "device bays-a-1"),
    ]) {
      const bench = judgeBench();
      bench.judge(noFalseFinds);
      prepare(bench);
      bench.record({ kind: "bay-counted", bay: 1 } as JournalRecord);
      expect([bench.found, bench.looks()]).toEqual([[], 1]);
    }
  });
});
