/**
 * The word that confirms an opening of all bays. It guards against slips, not against enemies: whoever may ask may also read
 * the answer, so it only has to be another one each time.
 */
export const confirmWordMs = 60_000;

/** Without letters and digits that are read as each other. */
const letters = "bcdfghjkmnpqrstvwxz23456789";
const length = 6;

/** FNV-1a over the seed, spelled in the alphabet above. */
export function confirmWord(seed: string): string {
  let hash = 0x811c9dc5;
  let word = "";
  for (let round = 0; word.length < length; round++) {
    for (let at = 0; at < seed.length; at++) hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ round, 0x01000193);
    word += letters[(hash >>> 8) % letters.length];
  }
  return word;
}
