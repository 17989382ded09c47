/**
 * What the log says of itself, as conditions of the station: damage is one, not being able to write another, whichever of its two
 * causes stands. What was dropped is no condition: it is counted in `health`.
 */
import type { LogFault } from "../log/entry.ts";
import type { Note } from "./platform.ts";

export function createLogFaults(
  note: Note,
  condition: (code: string, subject: string, present: boolean) => void,
): (fault: LogFault) => void {
  const unwritable = new Set<string>();
  return (fault) => {
    note(fault.raised ? "error" : "info", "log fault", { ...fault });
    if (fault.code === "outbox-dropped") return;
    if (fault.code === "log-corrupt") {
      condition("log-corrupt", "station", true);
      return;
    }
    if (fault.raised) unwritable.add(fault.code);
    else unwritable.delete(fault.code);
    condition("log-failed", "station", unwritable.size > 0);
  };
}
