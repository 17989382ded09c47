/** What bay safety writes down. */
import type { BayLatchCause, BayStop, HeaterStop } from "../bay/stops.ts";

export type BaySafetyRecord =
  /** The bay stopped charging: its pack is quarantined. */
  | { readonly kind: "bay-stopped"; readonly bay: number; readonly why: BayStop; readonly packId?: string }
  | { readonly kind: "bay-heater-stopped"; readonly bay: number; readonly why: HeaterStop; readonly packId?: string }
  /** Neither charging nor heating of this bay is stopped any longer: the pack changed, or the door was opened. */
  | {
      readonly kind: "bay-released";
      readonly bay: number;
      readonly because: "door-opened" | "pack-changed" | "pack-gone";
    }
  /** Dead until a person on site resets the cabinet. */
  | { readonly kind: "bay-latched"; readonly bay: number; readonly cabinet: string; readonly why: BayLatchCause }
  /** One more pulse on a lock: which one it is within the pulse window. Written before it is driven. */
  | { readonly kind: "bay-pulsed"; readonly bay: number; readonly pulse: number };
