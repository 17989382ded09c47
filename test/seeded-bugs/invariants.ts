/** What must hold at every moment, by the numbers under which the simulator's checkers know it; those that a bug breaks. */
export const invariants = {
  I1: "at most one lock coil is energised at any instant",
  I2: "no coil is on for longer than a second, nor pulsed more than three times in 30 s",
  I3: "every output that is on has a lease of two seconds at most that has not run out",
  I4: "a swap owns its bays from the scan to its end",
  I5: "every pack is in exactly one place",
  I6: "no heater runs on a reading that has become stale",
  I7: "no heater stays on without warming, nor on a sensor that stands still",
  I8: "a pack is charged only behind a shut door, heard, within its temperatures, without smoke, with its lock at rest",
  I9: "whatever became too hot stays off until somebody has looked",
  I10: "the commanded power never exceeds the site limit",
  I12: "the loss of a safety sensor is never taken for normal",
  I13: "in smoke nothing is powered and no door is opened for a rider",
  I15: "nothing opens before the decision is written down",
  I16: "a request acts at most once, in time, for somebody who may ask, and never when it was retained",
  I17: "from afar the rules can only be made stricter",
  I19: "after a restart nothing moves before it was looked at",
  I20: "recovering twice is recovering once",
  I21: "what was acknowledged is delivered, once and in order",
  I23: "a value that is old or impossible decides nothing",
  I24: "an answer counts only for the question that was asked",
  I25: "no rider is left without a pack, a debt or help",
  I26: "no pack is handed out below the wanted charge or with an alarm",
  I34: "a gap in the log is found",
} as const satisfies Record<`I${number}`, string>;

export type Invariant = keyof typeof invariants;
