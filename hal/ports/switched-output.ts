/**
 * An output that is on only while somebody keeps saying so: a contactor, a heater, a fan, the master enable. `hold(true, t)`
 * is a lease until monotonic time `t` (at most 2 s ahead); without a renewal the output goes off by itself at `t`, timed
 * by the board where the board can. `hold(false, …)` switches off at once and needs no lease.
 */
export interface SwitchedOutput {
  hold(on: boolean, untilMs: number): void;
  /** What is known about the output: `unknown` after a lost answer, until the board was read again. */
  state(): "on" | "off" | "unknown";
  /** When it last went off, or may have, by the monotonic clock, told or not; for loads that must rest. -Infinity: never yet. */
  wentOffMs?(): number;
}
