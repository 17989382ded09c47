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

/** Anything different is a step. Compares plain data. */
export function exactChange(sent: unknown, now: unknown): Change {
  return sent === now || JSON.stringify(sent) === JSON.stringify(now) ? "none" : "step";
}
