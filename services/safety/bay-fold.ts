/** The bay part of the safety fold: stops set and released, latches until a reset on site, counts. */
import { isElectrical } from "../bay/stops.ts";
import type { JournalRecord } from "../journal/records.ts";
import type { BaySafetyState } from "./bay-state.ts";

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (record[key] === undefined) return record;
  const { [key]: _gone, ...rest } = record;
  return rest;
}

const named = (packId: string | undefined) => (packId === undefined ? {} : { packId });

export function foldBaySafety(was: BaySafetyState, record: JournalRecord, at: number): BaySafetyState {
  switch (record.kind) {
    case "bay-stopped": {
      const { bay, why, packId } = record;
      const electrical = isElectrical(why)
        ? { ...was.electrical, [bay]: (was.electrical[bay] ?? 0) + 1 }
        : was.electrical;
      return { ...was, electrical, stops: { ...was.stops, [bay]: { why, ...named(packId) } } };
    }
    case "bay-heater-stopped": {
      const { bay, why, packId } = record;
      return { ...was, heaterStops: { ...was.heaterStops, [bay]: { why, ...named(packId) } } };
    }
    case "bay-released": {
      const key = String(record.bay);
      return { ...was, stops: without(was.stops, key), heaterStops: without(was.heaterStops, key) };
    }
    case "bay-latched": {
      const { bay, cabinet, why } = record;
      return { ...was, latches: { ...was.latches, [bay]: { cabinet, why, since: at } } };
    }
    case "latch-reset": {
      const kept = Object.entries(was.latches).filter(([, latch]) => latch.cabinet !== record.cabinet);
      return { ...was, latches: Object.fromEntries(kept) };
    }
    case "bay-pulsed":
      return { ...was, pulses: { ...was.pulses, [record.bay]: record.pulse } };
    case "lock-out":
      // A person who gives the bay back has seen to its charger.
      return record.lockOut === "none" && record.by === "operator"
        ? { ...was, electrical: without(was.electrical, String(record.bay)) }
        : was;
    case "day-closed":
      return { ...was, electrical: {} };
    default:
      return was;
  }
}
