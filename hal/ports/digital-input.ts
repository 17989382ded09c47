import type { Reading, Watch } from "./reading.ts";

/** One contact. `true` means the contact's named meaning holds (door shut, pack present, smoke), polarity already applied. */
export interface DigitalInput {
  reading(): Reading<boolean>;
  watch(onChange: Watch<boolean>): void;
  /** Ask for faster polling while a person stands at the door. Inputs that interrupt by themselves ignore it. */
  attend(attended: boolean): void;
  /** Danger is read here: from now on ask as often as the line allows, day and night. */
  guard(): void;
}
