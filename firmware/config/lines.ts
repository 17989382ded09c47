/**
 * Offsets in a text → lines and columns. Our own, because yaml's LineCounter (2.9.1) misses line ends inside a flow mapping that
 * stands where none may stand, and is some lines off from there on.
 */
import type { Place } from "./problem.ts";

export interface Lines {
  /** An offset beyond the end is at the end. */
  place(offset: number): Place;
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return {
    place(offset) {
      const inside = Math.max(0, Math.min(offset, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((starts[middle] ?? 0) <= inside) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
    },
  };
}
