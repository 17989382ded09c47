/** The operators' part of the fold: what they ordered, until they order something else. */
import type { Durable } from "../journal/durable.ts";
import { withHolder } from "../journal/holders.ts";
import type { JournalRecord } from "../journal/records.ts";
import type { OperatorsState } from "./orders.ts";

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

export function foldOperators(after: Durable, record: JournalRecord, at: number): Durable {
  if (record.kind === "pack-bound")
    return { ...after, holders: withHolder(after.holders, record.packId, record.member) };
  const operators = foldOrders(after.operators, record, at);
  return operators === after.operators ? after : { ...after, operators };
}

function foldOrders(was: OperatorsState, record: JournalRecord, at: number): OperatorsState {
  switch (record.kind) {
    case "request-taken": {
      const { id, verb, expiresAt } = record;
      return { ...was, taken: { ...was.taken, [id]: { verb, at, expiresAt } } };
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

/** A door that was not seen open may still come open a moment later, so only looking at the shut bay ends it. */
function foldOpened(was: OperatorsState, record: JournalRecord, at: number): OperatorsState {
  switch (record.kind) {
    case "operator-opening": {
      const { bay, request, all } = record;
      return { ...was, opened: { ...was.opened, [String(bay)]: { request, at, all } } };
    }
    case "operator-settled":
      return { ...was, opened: without(was.opened, String(record.bay)) };
    default:
      return was;
  }
}
