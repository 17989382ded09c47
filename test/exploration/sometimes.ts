/** What the exploration must come by: a rule that is checked in no place where it could break would pass in silence. */
import type { OutcomeCode } from "../../services/swap/outcomes.ts";
import type { SwapAt } from "../../services/swap/swap.ts";

const everyState: Readonly<Record<SwapAt["at"], true>> = {
  "opening-in": true,
  "await-insert": true,
  "reopening-in": true,
  inspecting: true,
  returning: true,
  "await-take-back": true,
  "preparing-out": true,
  "opening-out": true,
  "await-take": true,
  "reopening-out": true,
  taken: true,
};
export const states = Object.keys(everyState);

/** Ends that cannot come about between two known riders with own, healthy, warm packs, each with the reason. */
export const unreachable: Partial<Readonly<Record<OutcomeCode, string>>> = {
  "unknown-credential": "both riders are members",
  "member-inactive": "both riders are active",
  "packs-warming": "all packs are warm",
  "emergency-stop": "nobody presses the emergency stop",
  "cancelled-emergency": "nobody presses the emergency stop",
  "interrupted-emergency": "nobody presses the emergency stop",
  water: "no water comes in",
  "reset-too-early": "both are riders, and only a technician resets a latch",
  "out-of-service": "no operator gives an order",
  "operator-at-work": "no operator gives an order",
  updating: "no update is asked for",
  stopping: "nobody asks the station to stop",
  "foreign-pack": "every pack is the station's own",
  "pack-leaking": "every pack is dry",
};
