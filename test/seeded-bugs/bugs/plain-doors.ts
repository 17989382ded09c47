/** Plain mistakes in swaps, in doors that operators open, and in the log. */
import type { SeededBug } from "../seeded-bug.ts";

export const plainDoorBugs: readonly SeededBug[] = [
  {
    id: "b-211",
    title: "Entries that are written together are all chained to the one before them",
    standsFor: ["I34"],
    file: "firmware/log/segment-writer.ts",
    find: "encodeLine(hash, entryBody(numbers,",
    replace: "encodeLine(this.head.hash, entryBody(numbers,",
    caughtBy: ["test/firmware/log/log.test.ts"],
  },
  {
    id: "b-212",
    title: "An operator's door is written down for its cabinet instead of its request",
    standsFor: ["I16"],
    file: "services/operators/opening.ts",
    find: "    bay,\n    request: order.request,",
    replace: "    bay,\n    request: order.cabinet,",
    caughtBy: ["test/services/operators/open.test.ts"],
  },
  {
    id: "b-213",
    title: "A door that was shut until now is not looked at when it opens",
    standsFor: ["E27"],
    file: "services/station/bay-door.ts",
    find: '  if (door === "open" && was.wasShut) noticeForced',
    replace: '  if (door === "open" && !was.wasShut) noticeForced',
    caughtBy: ["test/services/station/faults.test.ts"],
  },
  {
    id: "b-214",
    title: "A code that was shown to a process that stood still opens when it goes on",
    standsFor: ["I18"],
    file: "firmware/runner/loop.ts",
    find: "return this.running && (nowMs - this.dueMs > pauseMs || nowMs < this.presentFromMs);",
    replace: "return !this.running && (nowMs - this.dueMs > pauseMs || nowMs < this.presentFromMs);",
    caughtBy: ["test/firmware/runner/loop.test.ts"],
  },
  {
    id: "b-215",
    title: "A pack that was taken and put back in the dark counts as handed out",
    standsFor: ["I25"],
    file: "services/swap/recover.ts",
    find: 'at: "taken", sinceMs: sight.nowMs, shutMs: undefined, packId: open.packOut });',
    replace: 'at: "taken", sinceMs: sight.nowMs, shutMs: undefined, packId: undefined });',
    caughtBy: ["test/services/swap/power-cuts.test.ts", "test/services/swap/recover-rows.test.ts"],
  },
  {
    id: "b-216",
    title: "A care package whose locker stayed shut counts as handed out",
    standsFor: ["I25"],
    file: "services/room/written.ts",
    find: "if (gives !== undefined) write(",
    replace: 'if (frees === "unopened" && gives !== undefined) write(',
    caughtBy: ["test/services/room/gifts.test.ts"],
  },
];
