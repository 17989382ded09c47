/** What a bay's door does between swaps: opened by force, left open, contradicted by its lock, shut on an empty bay. */
import { doorContradicts, doorOf } from "../bay/door.ts";
import { operatorHasOpened } from "../operators/opened.ts";
import { fresh } from "../reading.ts";
import { type Draft, journal, readingsOf } from "./draft.ts";
import { attendedBay } from "./levels.ts";
import { type BayState, changedBay } from "./state.ts";

/** After a command the door may open this long without being called forced: three pulses and their looks. */
export const openByCommandMs = 15_000;

export function updateDoor(was: BayState, draft: Draft): BayState {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const layout = config.bays[was.bay];
  if (layout === undefined) return was;
  const readings = readingsOf(draft, was.bay);
  const door = doorOf(readings, layout, nowMs, config.safety);
  const contradicts = doorContradicts(readings, layout, nowMs, config.safety);
  const contradictsSinceMs = contradicts ? (was.contradictsSinceMs ?? nowMs) : undefined;
  const openSinceMs = door === "open" ? (was.openSinceMs ?? nowMs) : undefined;
  if (door === "open" && was.wasShut) noticeForced(was, draft);
  const wasShut = door === "unknown" ? was.wasShut : door === "shut";
  if (contradictsSinceMs === was.contradictsSinceMs && openSinceMs === was.openSinceMs && wasShut === was.wasShut)
    return was;
  return changedBay(was, { contradictsSinceMs, openSinceMs, wasShut });
}

/** Opened without a command (E27): out of service until a person has looked. */
function noticeForced(was: BayState, draft: Draft): void {
  const { nowMs } = draft.input;
  if (attended(draft, was)) return;
  if (was.unlockedMs !== undefined && nowMs - was.unlockedMs < openByCommandMs) return;
  if (draft.state.durable.lockOuts[String(was.bay)] !== undefined) return;
  journal(draft, { kind: "lock-out", bay: was.bay, lockOut: "pending-check", reason: "door-forced", by: "station" });
  const type = "tamper-detection-activated";
  journal(draft, { kind: "security-noticed", type, reason: "door-forced", bay: was.bay });
}

/** A rider of a running swap stands at this very bay and may pull at its door; a reserved one is as shut as any other. */
function attended(draft: Draft, { bay, cabinet }: BayState): boolean {
  if (operatorHasOpened(draft.state, bay)) return true;
  const swap = draft.state.swaps[cabinet];
  return swap !== undefined && attendedBay(swap).bay === bay;
}

/** Lock-outs that end by themselves once the door is shut on an empty bay; an operator's never does. */
export const liftedByShutting: ReadonlySet<string> = new Set(["door-open", "suspended-open", "waiting-for-rescan"]);

/** A door that a pulse lets go is seen open within this. */
const opensMs = 3_000;

/** After a take, a no-show, or a pack fetched by its rider. */
export function liftByShutting(bay: BayState, draft: Draft): void {
  const lockOut = draft.state.durable.lockOuts[String(bay.bay)];
  if (lockOut === undefined || bay.openSinceMs !== undefined) return;
  if (bay.unlockedMs !== undefined && draft.input.nowMs - bay.unlockedMs < opensMs) return;
  if (lockOut.lockOut !== "pending-check" || !liftedByShutting.has(lockOut.reason)) return;
  const layout = draft.context.config.bays[bay.bay];
  const readings = readingsOf(draft, bay.bay);
  const { nowMs } = draft.input;
  const { safety } = draft.context.config;
  if (layout === undefined || doorOf(readings, layout, nowMs, safety) !== "shut") return;
  if (fresh(readings.present, nowMs, safety.contactHeardMs) !== false) return;
  journal(draft, { kind: "lock-out", bay: bay.bay, lockOut: "none", reason: "shut-and-empty", by: "station" });
}
