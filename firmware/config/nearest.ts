/** The closest of several words, by typing mistakes: a letter too many, too few, wrong, or two swapped. */

const LETTERS_MAX = 64;

/** Optimal string alignment distance; case does not count, and only the first 64 letters do. */
export function editDistance(left: string, right: string): number {
  const a = left.slice(0, LETTERS_MAX).toLowerCase();
  const b = right.slice(0, LETTERS_MAX).toLowerCase();
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + cost);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** The closest candidate however far it is; the first of equals. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The closest candidate that could have been meant: at most half of its letters differ, or one is a part of the other. */
export function plausible(word: string, candidates: Iterable<string>): string | undefined {
  const list = [...candidates];
  const best = closest(word, list);
  if (best !== undefined && editDistance(word, best) <= Math.max(1, Math.floor(best.length / 2))) return best;
  const lower = word.toLowerCase();
  return list.find((candidate) => {
    const other = candidate.toLowerCase();
    return lower.length >= 3 && (other.includes(lower) || lower.includes(other));
  });
}

export function closestNumber(value: number, candidates: readonly number[]): number | undefined {
  let best: number | undefined;
  for (const candidate of candidates) {
    if (best === undefined || Math.abs(candidate - value) < Math.abs(best - value)) best = candidate;
  }
  return best;
}
