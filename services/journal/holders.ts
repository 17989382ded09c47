/** Who holds which pack, bounded: the oldest are forgotten first. */
const holdersMax = 5_000;

/** `member` undefined: nobody holds it. */
export function withHolder(holders: Readonly<Record<string, string>>, packId: string, member: string | undefined) {
  const { [packId]: _was, ...rest } = holders;
  const next: Record<string, string> = rest;
  if (member !== undefined) next[packId] = member;
  const ids = Object.keys(next);
  return ids.length > holdersMax && ids[0] !== undefined ? Object.fromEntries(Object.entries(next).slice(1)) : next;
}
