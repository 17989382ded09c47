/**
 * What a restart must not forget about doors, and the fold that makes it from the records. It holds no list, which is read again
 * from its signed text, but the version of one, so that an older one stays refused.
 */
import type { AccessRecord } from "./records.ts";
import type { ModeOrder } from "./schedule.ts";
import { stillAlive, type UsedCredentials } from "./used.ts";

export interface AccessDurable {
  /** The newest signed time. Wall ms. */
  readonly floorMs: number;
  readonly used: UsedCredentials;
  readonly list: { readonly version: number; readonly digest: string };
  /** By door. */
  readonly orders: Readonly<Record<string, ModeOrder>>;
  /** Doors that were forced, and since when; until an operator cleared it. */
  readonly forced: Readonly<Record<string, number>>;
  /** When members last came in, wall ms as known. Only filled where it is asked. */
  readonly cameIn: Readonly<Record<string, number>>;
  readonly inside: number;
  readonly nextDecision: number;
}

export const emptyAccess: AccessDurable = {
  floorMs: 0,
  used: {},
  list: { version: 0, digest: "" },
  orders: {},
  forced: {},
  cameIn: {},
  inside: 0,
  nextDecision: 1,
};

const cameInMax = 500;
/** More than a room of this kind holds: a counter that miscounts stays readable. */
const insideMax = 999;

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

function withFloor(was: AccessDurable, floorMs: number): AccessDurable {
  if (floorMs <= was.floorMs) return was;
  return { ...was, floorMs, used: stillAlive(was.used, floorMs) };
}

function withCameIn(was: AccessDurable["cameIn"], member: string, knownMs: number): AccessDurable["cameIn"] {
  const others = Object.entries(without(was, member));
  // By the moment and not by the place in the record: numbers that are all digits stand first there, whenever they came.
  const kept = others.length < cameInMax ? others : others.sort(([, a], [, b]) => a - b).slice(1 - cameInMax);
  return Object.fromEntries([...kept, [member, knownMs]]);
}

function applyGrant(was: AccessDurable, record: Extract<AccessRecord, { kind: "door-granted" }>): AccessDurable {
  const { uses, member, knownMs, signedMs, decision } = record;
  const used = uses === undefined ? was.used : { ...was.used, [uses.name]: uses.untilMs };
  const cameIn = member === undefined ? was.cameIn : withCameIn(was.cameIn, member, knownMs);
  const nextDecision = Math.max(was.nextDecision, decision + 1);
  return withFloor({ ...was, used, cameIn, nextDecision }, signedMs ?? 0);
}

/** Total: a record of another service, or of a newer controller, changes nothing. `at` is the record's wall stamp. */
export function foldAccess(was: AccessDurable, record: AccessRecord, at: number): AccessDurable {
  switch (record.kind) {
    case "door-granted":
      return applyGrant(was, record);
    case "door-grant-ended":
      return record.used ? { ...was, inside: Math.min(insideMax, was.inside + 1) } : was;
    case "door-left":
      return { ...was, inside: Math.max(0, was.inside - 1) };
    case "occupancy-set":
      return { ...was, inside: Math.min(insideMax, Math.max(0, record.count)) };
    case "door-forced":
      return { ...was, forced: { ...was.forced, [record.door]: was.forced[record.door] ?? at } };
    case "door-forced-cleared":
      return { ...was, forced: without(was.forced, record.door) };
    case "door-mode-ordered": {
      const { door, mode, until } = record;
      const orders = mode === undefined ? without(was.orders, door) : { ...was.orders, [door]: { mode, until } };
      return { ...was, orders };
    }
    case "access-list-accepted": {
      const { version, digest, issuedAt } = record;
      return withFloor({ ...was, list: { version, digest } }, issuedAt);
    }
    case "access-time":
      return withFloor(was, record.floorMs);
    default:
      return was;
  }
}
