/** What is to be done with a pack that was just put in: accepted, isolated, or given back with a reason in words. */
import { isDamaged, isHot, isOwnPack } from "../bay/condition.ts";
import type { StationConfig } from "../config.ts";
import type { PackReading } from "../readings.ts";
import type { EndCode } from "./outcomes.ts";

export type Verdict =
  | { readonly is: "accepted"; readonly packId: string }
  /** Accepted, but isolated: the rider still gets a pack (E13, E15). */
  | { readonly is: "isolated"; readonly packId: string; readonly why: "hot" | "damaged" | "leaking" }
  | { readonly is: "give-back"; readonly because: EndCode };

export interface InspectionRules {
  readonly config: StationConfig;
  readonly ownPack: RegExp;
  readonly holder: string | undefined;
  readonly member: string;
  /** Charge of the pack that would be handed out; undefined when it was not heard lately. */
  readonly stockSocPct: number | undefined;
  /** The rider was offered the own pack back a moment ago, and came again all the same (E30). */
  readonly wasOffered: boolean;
}

/** Below 60 V DC a rider may touch the pack (IEC 61140, extra-low voltage in dry conditions). */
const touchableMv = 60_000;

function isBetterThanStock(pack: PackReading, { config, stockSocPct, wasOffered }: InspectionRules): boolean {
  if (config.swap.higherSoc === "swap" || wasOffered || stockSocPct === undefined) return false;
  return pack.socPct > stockSocPct;
}

export function inspect(pack: PackReading, packId: string, rules: InspectionRules): Verdict {
  const { config, holder, member } = rules;
  if (!isOwnPack(packId, rules.ownPack)) return { is: "give-back", because: "foreign-pack" };
  if (isHot(pack, config.safety)) return { is: "isolated", packId, why: "hot" };
  if (config.swap.strictOwner && holder !== undefined && holder !== member) {
    return { is: "give-back", because: "other-riders-pack" };
  }
  // Nothing is connected to a pack that was just put in; one that delivers current does so through water or damage (E16).
  if (-pack.packMa > config.safety.deliversMa) {
    return pack.packMv < touchableMv
      ? { is: "give-back", because: "pack-leaking" }
      : { is: "isolated", packId, why: "leaking" };
  }
  if (isDamaged(pack, config)) return { is: "isolated", packId, why: "damaged" };
  if (pack.socPct >= config.charging.maxSocPct) return { is: "give-back", because: "pack-already-full" };
  if (isBetterThanStock(pack, rules)) return { is: "give-back", because: "better-than-stock" };
  return { is: "accepted", packId };
}
