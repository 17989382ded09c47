import { expect, test } from "vitest";
import type { RoomRecord } from "../../../services/room/records.ts";
import { roomLine } from "../../../simulator/cli/room-ticker.ts";

test.each<[RoomRecord, string, string]>([
  [{ kind: "door-granted", door: "front", decision: 1, by: "token", knownMs: 0 }, "front", "let in by a code"],
  [
    { kind: "door-refused", door: "front", reader: "r", reason: "wrong-door" },
    "front",
    "This code is for another door.",
  ],
  [{ kind: "service-refused", at: "fridge", reason: "of-a-newer-station" }, "fridge", "of-a-newer-station"],
  [{ kind: "fridge-released", id: "d-1", member: "m-1", date: "2026-01-15" }, "fridge", "a cold drink"],
  [{ kind: "locker-assigned", id: "phones", locker: 3, member: "m-1" }, "phones", "locker 3 takes a phone"],
  [{ kind: "help-called", id: "help" }, "help", "somebody calls for help"],
])("%j has a line that names nobody", (record, subject, words) => {
  const line = roomLine(record);
  expect([line?.subject, line?.words.en]).toEqual([subject, words]);
  expect(JSON.stringify(line)).not.toContain("m-1");
});

test("what only the log needs has no line", () => {
  expect(roomLine({ kind: "access-time", floorMs: 1 })).toBeUndefined();
});
