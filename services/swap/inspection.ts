/** What is to be done with a pack that was just put in: accepted, isolated, or given back with a reason in words. */
import { isDamaged, isHot, isOwnPack } from "../bay/condition.ts";
import type { StationConfig } from "../config.ts";
import type { PackReading } from "../readings.ts";
import type { EndCode } from "./outcomes.ts";

export type Verdict =
  | { readonly is: "accepted"; readonly packId: string }
  /** Accepted, but isolated: the rider still gets a pack (E13, E15). */
  | { readonly is: "isolated"; readonly packId: string; readonly why: "hot" | "damaged" }
  | { readonly is: "give-back"; readonly because: EndCode };

export interface InspectionRules {
  readonly config: StationConfig;
  readonly ownPack: RegExp;
  readonly holder: string | undefined;
  readonly member: string;
}

export function inspect(pack: PackReading, packId: string, rules: InspectionRules): Verdict {
  const { config, holder, member } = rules;
  if (!isOwnPack(packId, rules.ownPack)) return { is: "give-back", because: "foreign-pack" };
  if (isHot(pack, config.safety)) return { is: "isolated", packId, why: "hot" };
  if (config.swap.strictOwner && holder !== undefined && holder !== member) {
    return { is: "give-back", because: "other-riders-pack" };
  }
  if (isDamaged(pack, config.packs)) return { is: "isolated", packId, why: "damaged" };
  if (pack.socPct >= config.charging.maxSocPct) return { is: "give-back", because: "pack-already-full" };
  return { is: "accepted", packId };
}
