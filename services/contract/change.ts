/** How two payloads of one topic are compared: the words for a difference, and the small comparisons that all rows share. */

export type Change = "none" | "drift" | "step" | "order";

/** Whether a measurement left its dead-band; to be known or not is another value. */
export function left(band: number, sent: number | null | undefined, now: number | null | undefined): boolean {
  if (sent === now) return false;
  if (typeof sent !== "number" || typeof now !== "number") return true;
  // Half a thousandth of the band: 21.7 - 21.5 is a hair less than 0.2.
  return Math.abs(now - sent) >= band * 0.9995;
}

export function sameList(a: readonly unknown[] = [], b: readonly unknown[] = []): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Whether both would be the same JSON, but for the order of fields. A field that is undefined is not there. */
export function sameData(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return Object.is(one, other);
  if (Array.isArray(one)) return Array.isArray(other) && sameItems(one, other);
  return !Array.isArray(other) && sameFields(one as Fields, other as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!sameData(one[at], other[at])) return false;
  return true;
}

function sameFields(one: Fields, other: Fields): boolean {
  for (const key in one) if (!sameData(one[key], other[key])) return false;
  for (const key in other) if (other[key] !== undefined && one[key] === undefined) return false;
  return true;
}

/** Anything different is a step. Compares plain data. */
export function exactChange(sent: unknown, now: unknown): Change {
  return sameData(sent, now) ? "none" : "step";
}
