/** The operators' part of the fold: what they ordered, until they order something else. */
import type { Durable } from "../journal/durable.ts";
import { withHolder } from "../journal/holders.ts";
import type { JournalRecord } from "../journal/records.ts";
import { inLayoutOf } from "../one-layout.ts";
import { askerOf } from "../requests/roles.ts";
import { openerOf, withOpening } from "./opens.ts";
import { emptyOperators, type OperatorsState } from "./orders.ts";

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

export function foldOperators(after: Durable, record: JournalRecord, at: number): Durable {
  if (record.kind === "pack-bound")
    return { ...after, holders: withHolder(after.holders, record.packId, record.member) };
  const operators = foldOrders(after.operators, record, at);
  return operators === after.operators ? after : { ...after, operators: inLayoutOf(emptyOperators, operators) };
}

function foldOrders(was: OperatorsState, record: JournalRecord, at: number): OperatorsState {
  switch (record.kind) {
    case "request-taken": {
      const { id, verb, expiresAt } = record;
      const taken = { ...was.taken, [id]: { verb, at, expiresAt, ...askerOf(record) } };
      return { ...was, taken, sequences: withSequence(was.sequences, record) };
    }
    case "request-answered":
      return Object.hasOwn(was.taken, record.id) ? { ...was, taken: without(was.taken, record.id) } : was;
    case "cabinet-lock-out": {
      const { cabinet, on, reason } = record;
      const others = without(was.cabinetLockOuts, cabinet);
      return { ...was, cabinetLockOuts: on ? { ...others, [cabinet]: { reason, since: at } } : others };
    }
    case "parameters-set":
      return { ...was, parameters: record.parameters };
    case "reserved": {
      const { bay, member, packId, until } = record;
      return { ...was, reservations: { ...was.reservations, [String(bay)]: { bay, member, packId, until } } };
    }
    case "reservation-ended":
      return { ...was, reservations: without(was.reservations, String(record.bay)) };
    default:
      return foldOpened(was, record, at);
  }
}

/** Keys that ever numbered an order; the one that was quiet longest is forgotten first. */
const sequencesMax = 256;

function withSequence(
  was: OperatorsState["sequences"],
  { key, seq }: { readonly key?: string; readonly seq?: number },
): OperatorsState["sequences"] {
  if (key === undefined || seq === undefined) return was;
  const { [key]: last = seq, ...others } = was;
  const keys = Object.entries(others);
  const kept = keys.length < sequencesMax ? others : Object.fromEntries(keys.slice(1 - sequencesMax));
  return { ...kept, [key]: Math.max(last, seq) };
}

/** A door that was not seen open may still come open a moment later, so only looking at the shut bay ends it. */
function foldOpened(was: OperatorsState, record: JournalRecord, at: number): OperatorsState {
  switch (record.kind) {
    case "operator-opening": {
      const { bay, request, all } = record;
      const opened = { ...was.opened, [String(bay)]: { request, at, all } };
      if (all) return { ...was, opened };
      const key = Object.hasOwn(was.taken, request) ? was.taken[request]?.key : undefined;
      return { ...was, opened, opens: withOpening(was.opens, openerOf(key), at) };
    }
    case "operator-settled":
      return { ...was, opened: without(was.opened, String(record.bay)) };
    default:
      return was;
  }
}
