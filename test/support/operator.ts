/** The operator of a station bench: asks with ids and expiries that hold, and hears the answers. */
import type { OperatorRequest, OrderAnswer } from "../../services/operators/requests.ts";
import type { StationBench } from "./station-bench.ts";

type OrderAsked<R> = R extends OperatorRequest ? Omit<R, "id" | "expiresAt"> : never;
/** A request as a story tells it. */
export type Asked = OrderAsked<OperatorRequest> & { readonly id?: string; readonly expiresAt?: number };

/** Asks, and says under which id. */
export function order(bench: StationBench, asked: Asked): string {
  const id = asked.id ?? `op-${bench.steps}`;
  bench.step({ type: "request", request: { expiresAt: bench.wallMs + 60_000, ...asked, id } as OperatorRequest });
  return id;
}

/** What was sent back under this id, every time it was. */
export function answersTo(bench: StationBench, id: string): OrderAnswer[] {
  return bench.told.flatMap(({ effect }) => {
    if (effect.do !== "respond" || effect.id !== id) return [];
    const { do: _do, id: _id, verb: _verb, ...answer } = effect;
    return [answer];
  });
}
