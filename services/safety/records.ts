/** What bay and cabinet safety writes down. */
import type { BaySafetyRecord } from "./bay-records.ts";

export type SafetyRecord =
  | BaySafetyRecord
  /** Two signals agree that packs burn: everything of the cabinet stays off from here on. */
  | { readonly kind: "runaway-latched"; readonly cabinet: string; readonly signals: string }
  /** A person on site, with a credential, gave the cabinet back to the rules. */
  | { readonly kind: "latch-reset"; readonly cabinet: string; readonly by: string };
