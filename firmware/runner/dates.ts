/** Calendar dates in the station's zone, for stamps and reports only. */

/** `YYYY-MM-DD` of a moment in an IANA zone. */
export function dateInZone(wallMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(wallMs);
}
