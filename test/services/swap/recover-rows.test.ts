/** The table of what a restart makes of an open swap: last record, door and pack decide; no row opens a door. */
import { describe, expect, test } from "vitest";
import type { Door } from "../../../services/bay/door.ts";
import type { OpenSwap } from "../../../services/journal/durable.ts";
import { recoverSwap, recoveryPatienceMs } from "../../../services/swap/recover.ts";
import type { Sight } from "../../../services/swap/swap.ts";
import { memberName } from "../../support/bench-config.ts";

const nowMs = 1_000_000;
const open: OpenSwap = {
  id: "s-000009",
  cabinet: "c-1",
  member: memberName(1),
  inBay: 1,
  outBay: 2,
  spares: [3],
  stage: "reserved",
  packIn: undefined,
  pays: undefined,
  because: undefined,
  startedAt: 5,
};

interface Seen {
  readonly door: Door;
  readonly present: boolean | undefined;
}

/** What is seen at one bay; every other bay says the opposite, so that looking at the wrong one shows. */
function recovered(more: Partial<OpenSwap>, bay: number, seen: Seen, waitedMs = 0) {
  const other: Seen = { door: seen.door === "open" ? "shut" : "open", present: seen.present !== true };
  const at = (asked: number) => (asked === bay ? seen : other);
  const sight = { nowMs, door: (asked: number) => at(asked).door, present: (asked: number) => at(asked).present };
  return recoverSwap({ ...open, ...more }, nowMs - waitedMs, sight as Sight);
}

const shutEmpty: Seen = { door: "shut", present: false };
const shutFull: Seen = { door: "shut", present: true };
const openEmpty: Seen = { door: "open", present: false };
const openFull: Seen = { door: "open", present: true };

type Row = readonly [Partial<OpenSwap>, bay: number, Seen, string];
const rows: readonly Row[] = [
  [{ stage: "reserved" }, 1, shutEmpty, "cut-before-deposit"],
  [{ stage: "reserved" }, 1, shutFull, "inspecting"],
  [{ stage: "reserved" }, 1, openEmpty, "await-insert"],
  [{ stage: "in-open" }, 1, shutEmpty, "nothing-inserted"],
  [{ stage: "in-open" }, 1, openFull, "await-insert"],
  [{ stage: "in-closed" }, 1, shutEmpty, "pack-vanished"],
  [{ stage: "in-closed" }, 1, shutFull, "inspecting"],
  [{ stage: "returning", because: "foreign-pack" }, 1, shutEmpty, "foreign-pack"],
  [{ stage: "returning", because: "foreign-pack" }, 1, openEmpty, "foreign-pack"],
  [{ stage: "returning", because: "foreign-pack" }, 1, openFull, "await-take-back"],
  [{ stage: "returning", because: "foreign-pack" }, 1, shutFull, "waiting-for-rescan"],
  [{ stage: "returning" }, 1, shutEmpty, "own-pack-returned"],
  [{ stage: "reserved", pays: "s-000001" }, 1, shutEmpty, "own-pack-returned"],
  [{ stage: "in-open", pays: "s-000001" }, 1, shutFull, "waiting-for-rescan"],
  [{ stage: "in-accepted" }, 2, shutFull, "waiting-for-rescan"],
  [{ stage: "in-accepted" }, 2, shutEmpty, "taken"],
  [{ stage: "in-accepted", pays: "s-000001" }, 2, openFull, "await-take"],
  [{ stage: "out-open" }, 2, shutFull, "not-taken"],
  [{ stage: "out-open" }, 2, openFull, "await-take"],
  [{ stage: "out-open" }, 2, openEmpty, "taken"],
  [{ stage: "reserved", pays: "s-000001", inBay: undefined }, 2, shutFull, "waiting-for-rescan"],
  [{ stage: "returning", inBay: undefined }, 2, shutEmpty, "taken"],
];

describe("an open swap found at the start", () => {
  test.each(rows)("%j at bay %i with %j: %s", (more, bay, seen, becomes) => {
    const recovery = recovered(more, bay, seen);
    if (recovery.is === "wait") throw new Error("it waits");
    expect(recovery.is === "end" ? recovery.outcome : recovery.swap.at).toBe(becomes);
    if (recovery.is === "end") expect(recovery).toEqual({ is: "end", outcome: becomes });
  });

  test("goes on with what the log knows of it, unattended, and its times begin now", () => {
    const { stage: _stage, because: _because, ...known } = open;
    const base = { ...known, startedMs: nowMs, failedBays: [], unattended: true };
    const swapAt = (more: Partial<OpenSwap>, bay: number, seen: Seen) => {
      const recovery = recovered(more, bay, seen);
      return recovery.is === "resume" ? recovery.swap : recovery;
    };
    expect(swapAt({}, 1, openEmpty)).toEqual({
      ...base,
      at: "await-insert",
      sinceMs: nowMs,
      reopens: 0,
      shutMs: undefined,
    });
    expect(swapAt({}, 1, shutFull)).toEqual({ ...base, at: "inspecting", sinceMs: nowMs, reopens: 0, wakes: 0 });
    const because = "own-pack-returned" as const;
    expect(swapAt({ stage: "returning" }, 1, openFull)).toEqual({
      ...base,
      at: "await-take-back",
      sinceMs: nowMs,
      reopens: 0,
      because,
    });
    const unknown = { packId: undefined, shutMs: undefined };
    expect(swapAt({ stage: "out-open" }, 2, openFull)).toEqual({
      ...base,
      at: "await-take",
      sinceMs: nowMs,
      reopens: 0,
      ...unknown,
    });
    expect(swapAt({ stage: "out-open" }, 2, shutEmpty)).toEqual({ ...base, at: "taken", sinceMs: nowMs, ...unknown });
  });

  test("was taken when the log says so, whatever is seen", () => {
    for (const seen of [shutEmpty, openFull, { door: "unknown", present: undefined }] as const)
      expect(recovered({ stage: "taken" }, 2, seen)).toMatchObject({
        is: "resume",
        swap: { at: "taken", sinceMs: nowMs, shutMs: undefined, packId: undefined },
      });
  });

  test("knows the pack that was to be handed out, so that one put back in the dark is told from another", () => {
    const packOut = "yz-full-2";
    for (const [stage, seen] of [
      ["taken", shutFull],
      ["out-open", shutEmpty],
      ["out-open", openFull],
    ] as const)
      expect(recovered({ stage, packOut }, 2, seen)).toMatchObject({ is: "resume", swap: { packId: packOut } });
    expect(recovered({ stage: "taken", packOut }, 2, shutFull)).not.toMatchObject({ swap: { packOut } });
  });

  test("waits ten seconds for a clear story, and is handed to a person after that", () => {
    const blind: readonly Seen[] = [
      { door: "unknown", present: true },
      { door: "shut", present: undefined },
    ];
    for (const seen of blind) {
      for (const [more, bay] of [
        [{ stage: "in-open" }, 1],
        [{ stage: "in-accepted" }, 2],
      ] as const) {
        expect(recovered(more, bay, seen, recoveryPatienceMs)).toEqual({ is: "wait" });
        expect(recovered(more, bay, seen, recoveryPatienceMs + 1)).toEqual({
          is: "end",
          outcome: "interrupted",
          failed: { bay, why: "unclear" },
        });
      }
    }
  });
});
