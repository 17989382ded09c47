/** What operators' requests leave in the log: taken before the act, answered after it, and each door before its pulse. */
import type { OrderVerb } from "../contract/request-payloads.ts";
import type { Asker } from "../requests/roles.ts";

export type OperatorRecord =
  | ({
      readonly kind: "request-taken";
      readonly id: string;
      readonly verb: OrderVerb;
      /** Wall ms. */
      readonly expiresAt: number;
      readonly bay?: number;
      readonly cabinet?: string;
      readonly door?: string;
      readonly amenity?: string;
      readonly locker?: number;
      /** Number of the order among those of its key. */
      readonly seq?: number;
    } & Asker)
  /** A lock is about to be pulsed for an operator. */
  | { readonly kind: "operator-opening"; readonly bay: number; readonly request: string; readonly all: boolean }
  /** What was seen of it. */
  | { readonly kind: "operator-opened"; readonly bay: number; readonly request: string; readonly seen: boolean }
  /** Shut again, and what stands in it now was looked at. */
  | { readonly kind: "operator-settled"; readonly bay: number; readonly request: string }
  | {
      readonly kind: "reserved";
      readonly bay: number;
      readonly member: string;
      readonly packId: string;
      readonly until: number;
    }
  | { readonly kind: "update-mode"; readonly on: boolean; readonly why: "operator" | "time-over" }
  | { readonly kind: "reservation-ended"; readonly bay: number; readonly why: string }
  | { readonly kind: "cabinet-lock-out"; readonly cabinet: string; readonly on: boolean; readonly reason: string }
  | { readonly kind: "parameters-set"; readonly parameters: Readonly<Record<string, number>> }
  | { readonly kind: "pack-bound"; readonly packId: string; readonly member: string | undefined };
