/** What operators' requests leave in the log: taken before the act, answered after it. */
export type OperatorRecord =
  | { readonly kind: "request-taken"; readonly id: string; readonly verb: string; readonly bay?: number }
  | { readonly kind: "reserved"; readonly bay: number; readonly member: string; readonly until: number }
  | { readonly kind: "reservation-ended"; readonly bay: number; readonly why: string }
  | { readonly kind: "cabinet-lock-out"; readonly cabinet: string; readonly on: boolean; readonly reason: string }
  | { readonly kind: "parameters-set"; readonly parameters: Readonly<Record<string, number>> }
  | { readonly kind: "pack-bound"; readonly packId: string; readonly member: string | undefined };
