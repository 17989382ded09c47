/**
 * What becomes of a swap found open in the log after a restart: rows P1–P17 of the power-cut table. Doors and packs are read
 * first and decide together with the last record; no row fires a lock. Applying it to its own result changes nothing.
 */
import type { OpenSwap } from "../journal/durable.ts";
import type { EndCode } from "./outcomes.ts";
import type { FailedBay, Sight, Swap, SwapAt } from "./swap.ts";

export type Recovery =
  | { readonly is: "wait" }
  | { readonly is: "resume"; readonly swap: Swap }
  | { readonly is: "end"; readonly outcome: EndCode; readonly failed?: FailedBay };

/** Sensors get this long to tell a clear story before the swap is handed to a person (P17). */
export const recoveryPatienceMs = 10_000;

type Seen = { readonly door: "shut" | "open"; readonly present: boolean };

function look(bay: number, sight: Sight): Seen | undefined {
  const door = sight.door(bay);
  const present = sight.present(bay);
  return door === "unknown" || present === undefined ? undefined : { door, present };
}

const end = (outcome: EndCode): Recovery => ({ is: "end", outcome });

function resume(open: OpenSwap, sight: Sight, at: SwapAt): Recovery {
  const { stage: _stage, because: _because, packOut: _packOut, ...base } = open;
  return { is: "resume", swap: { ...base, startedMs: sight.nowMs, failedBays: [], unattended: true, ...at } };
}

function recoverDeposit(open: OpenSwap, seen: Seen, sight: Sight): Recovery {
  const sinceMs = sight.nowMs;
  if (seen.door === "open") return resume(open, sight, { at: "await-insert", sinceMs, reopens: 0, shutMs: undefined });
  if (seen.present) return resume(open, sight, { at: "inspecting", sinceMs, reopens: 0, wakes: 0 });
  if (open.stage === "reserved") return end("cut-before-deposit");
  return end(open.stage === "in-closed" ? "pack-vanished" : "nothing-inserted");
}

function recoverReturn(open: OpenSwap, seen: Seen, sight: Sight): Recovery {
  const because = open.because ?? "own-pack-returned";
  if (!seen.present) return end(because);
  if (seen.door === "open")
    return resume(open, sight, { at: "await-take-back", sinceMs: sight.nowMs, reopens: 0, because });
  // Shut with the own pack inside: no lock fires by itself, the rider's next scan opens it.
  return end("waiting-for-rescan");
}

function recoverRelease(open: OpenSwap, seen: Seen, sight: Sight): Recovery {
  const sinceMs = sight.nowMs;
  const packId = open.packOut;
  if (!seen.present) return resume(open, sight, { at: "taken", sinceMs, shutMs: undefined, packId });
  if (seen.door === "open")
    return resume(open, sight, { at: "await-take", sinceMs, reopens: 0, shutMs: undefined, packId });
  return end(open.stage === "out-open" ? "not-taken" : "waiting-for-rescan");
}

export function recoverSwap(open: OpenSwap, sinceMs: number, sight: Sight): Recovery {
  const late = sight.nowMs - sinceMs > recoveryPatienceMs;
  const unclear = (bay: number): Recovery =>
    late ? { is: "end", outcome: "interrupted", failed: { bay, why: "unclear" } } : { is: "wait" };
  if (open.stage === "taken")
    return resume(open, sight, { at: "taken", sinceMs: sight.nowMs, shutMs: undefined, packId: open.packOut });
  const depositing = open.stage === "reserved" || open.stage === "in-open" || open.stage === "in-closed";
  // A swap that pays with the rider's own pack has no deposit, even when the cut came before it said so.
  const returning = open.stage === "returning" || (depositing && open.pays !== undefined);
  if (open.inBay === undefined || (!depositing && !returning)) {
    const seen = look(open.outBay, sight);
    return seen === undefined ? unclear(open.outBay) : recoverRelease(open, seen, sight);
  }
  const seen = look(open.inBay, sight);
  if (seen === undefined) return unclear(open.inBay);
  return returning ? recoverReturn(open, seen, sight) : recoverDeposit(open, seen, sight);
}
