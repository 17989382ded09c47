/** Which bays an operator has open: what is put in or taken out there is no tamper finding, and their doors are not forced. */
import type { Durable } from "../journal/durable.ts";

/** From before the pulse until the door is shut again and what stands behind it was looked at; a restart does not end it. */
export function operatorHasOpened({ durable }: { readonly durable: Durable }, bay: number): boolean {
  return durable.operators.opened[String(bay)] !== undefined;
}
