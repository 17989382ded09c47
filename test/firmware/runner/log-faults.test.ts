/** What the log says of itself becomes a fault of the station that stands as long as any cause does. */
import { expect, test } from "vitest";
import type { LogFault } from "../../../firmware/log/entry.ts";
import { createLogFaults } from "../../../firmware/runner/log-faults.ts";

const full = (raised: boolean): LogFault => ({ code: "log-full", raised, bytes: 1 });
const failed = (raised: boolean): LogFault => ({ code: "log-failed", raised, failure: undefined });

function told(...faults: readonly LogFault[]): string[] {
  const said: string[] = [];
  const take = createLogFaults(
    () => undefined,
    (code, subject, present) => said.push(`${code}/${subject} ${present}`),
  );
  for (const fault of faults) take(fault);
  return said;
}

test("a log that is full and failed stays unwritable until neither is so", () => {
  expect(told(full(true), failed(true), full(false)).at(-1)).toBe("log-failed/station true");
  expect(told(full(true), failed(true), full(false), failed(false)).at(-1)).toBe("log-failed/station false");
});

test("damage is a fault of its own, and what was dropped is none", () => {
  expect(told({ code: "log-corrupt", raised: true, file: "a", offset: 1, why: "x" })).toEqual([
    "log-corrupt/station true",
  ]);
  expect(told({ code: "outbox-dropped", raised: true, dropped: 3 })).toEqual([]);
});
