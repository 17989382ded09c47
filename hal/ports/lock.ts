import type { Reading, Watch } from "./reading.ts";

/**
 * One bay lock. The coil is timed by the board; nothing here can hold it. `pulse` settles exactly once. `driven` says that
 * the board drove the pulse, never that the door opened: the door is known from its switch and from `feedback` alone.
 */
export type PulseOutcome =
  | { readonly is: "driven"; readonly atMs: number }
  | { readonly is: "failed"; readonly why: string };

export interface Lock {
  /** Drives one pulse. Not repeated by the driver: an unanswered pulse is `failed`, and the caller looks at the door first. */
  pulse(done: (outcome: PulseOutcome) => void): void;
  /** What the lock's own contact says: `true` = latched shut. */
  feedback(): Reading<boolean>;
  watch(onChange: Watch<boolean>): void;
  /** Ask for faster feedback while a person stands at the door. */
  attend(attended: boolean): void;
}
