/** What a step changed in the state: paths to the smallest parts that differ, with what stood there. It finds at most so many. */
import { same } from "./same.ts";

export interface Change {
  readonly path: string;
  readonly was: unknown;
  readonly now: unknown;
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !(value instanceof Map) && !(value instanceof Set);

function collect(found: Change[], change: Change, max: number): void {
  const { path, was, now } = change;
  if (found.length >= max || same(was, now)) return;
  if (!isPlain(was) || !isPlain(now) || Array.isArray(was) !== Array.isArray(now)) {
    found.push(change);
    return;
  }
  for (const key of new Set([...Object.keys(was), ...Object.keys(now)])) {
    collect(found, { path: path === "" ? key : `${path}.${key}`, was: was[key], now: now[key] }, max);
  }
}

export function changesBetween(was: unknown, now: unknown, max: number): readonly Change[] {
  const found: Change[] = [];
  collect(found, { path: "", was, now }, max);
  return found;
}
