/**
 * Which credentials were used. One is forgotten only when the floor of time alone refuses it for ever, and never to make room:
 * when nothing may be forgotten, nobody new is let in by a code.
 */
export type UsedCredentials = Readonly<Record<string, number>>;

export const usedMax = 4_096;

/** Those that the floor does not refuse yet; `untilMs` already holds the skew. */
export function stillAlive(used: UsedCredentials, floorMs: number): UsedCredentials {
  const entries = Object.entries(used);
  const alive = entries.filter(([, untilMs]) => untilMs >= floorMs);
  return alive.length === entries.length ? used : Object.fromEntries(alive);
}

export const hasRoom = (used: UsedCredentials, floorMs: number): boolean => {
  let alive = 0;
  for (const untilMs of Object.values(used)) if (untilMs >= floorMs) alive++;
  return alive < usedMax;
};
