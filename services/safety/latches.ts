/** What stays stopped until a person on site has looked: kept in the log, so that no restart forgets a fire. */
import { type BaySafetyState, emptyBaySafety } from "./bay-state.ts";

export interface Latch {
  readonly cabinet: string;
  readonly why: "runaway";
  /** Wall ms. */
  readonly since: number;
}

export interface SafetyState {
  /** By cabinet. */
  readonly latches: Readonly<Record<string, Latch>>;
  readonly bays: BaySafetyState;
}

export const emptySafety: SafetyState = { latches: {}, bays: emptyBaySafety };
