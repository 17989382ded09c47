/** What an operator orders, as the station sees it: form, age and repetition were judged before; the rest is the station's. */
import type { OrderVerb, RequestPayload } from "../contract/request-payloads.ts";
import type { Asker } from "../requests/roles.ts";

type Envelope = "transaction" | "expiresAt" | "station" | "by" | "key" | "signature";

export type OperatorRequest = {
  [V in OrderVerb]: { readonly verb: V /** Wall ms. */; readonly expiresAt: number } & Asker &
    Readonly<Omit<RequestPayload<V>, Envelope>>;
}[OrderVerb];

export type OrderOf<V extends OrderVerb> = Extract<OperatorRequest, { verb: V }>;

/** What comes back. `refused` changed nothing; `error` should have worked. */
export interface OrderAnswer {
  readonly status: "ok" | "refused" | "error";
  readonly reason?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
