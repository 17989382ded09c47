/** Whether two plain values are equal all through. It makes nothing, so that asking at every scan costs little. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  let keys = 0;
  for (const key in one) {
    keys++;
    if (!same((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key])) return false;
  }
  for (const _key in other) keys--;
  return keys === 0;
}
