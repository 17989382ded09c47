/** Lets the BMS of a pack tell something else than it measured. Whatever it tells is sealed with a right checksum. */
import type { PackTold } from "../models/pack-faults.ts";
import type { FaultGround, Strike } from "./fault.ts";
import { type BayTarget, take } from "./targets.ts";

export function tellOtherwise(
  ground: FaultGround,
  name: string,
  bays: readonly BayTarget[],
  tells: (told: PackTold) => PackTold,
): Strike | undefined {
  const taken = take(ground, name, "BMS", bays);
  if (taken === undefined) return undefined;
  const { faults } = taken.target;
  faults.tells = tells;
  return taken.until(() => {
    faults.tells = undefined;
  });
}
