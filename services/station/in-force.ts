/** The context as operators' parameters make it: worked out once for each change, and the same object until the next one. */
import { withParameters } from "../operators/parameters.ts";
import type { StationContext, StationState } from "./state.ts";

const known = new WeakMap<object, { readonly from: StationContext; readonly inForce: StationContext }>();

function replaced(context: StationContext, set: Readonly<Record<string, number>>): StationContext {
  const config = withParameters(context.config, set);
  return config === context.config ? context : { ...context, config, configured: context.config };
}

export function contextInForce(context: StationContext, { durable }: Pick<StationState, "durable">): StationContext {
  const { parameters } = durable.operators;
  const before = known.get(parameters);
  if (before?.from === context) return before.inForce;
  const inForce = replaced(context, parameters);
  known.set(parameters, { from: context, inForce });
  return inForce;
}
