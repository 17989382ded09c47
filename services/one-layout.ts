/**
 * State that is read at every scan has one layout in memory for all its versions. A spread of a spread gives every version another
 * one, and whoever reads the state then has to search for each field. Only the speed of reading depends on it, never a decision.
 */

/** `value` with the layout of `like`, which is always the same object. What `like` does not know is kept, behind the rest. */
export function inLayoutOf<T extends object>(like: T, value: T): T {
  return Object.assign({ ...like }, value);
}
