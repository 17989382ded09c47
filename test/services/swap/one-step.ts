/** One step of one swap, with nothing around it but a sight that a test arranges. */
import type { Door } from "../../../services/bay/door.ts";
import { prompts } from "../../../services/prompts.ts";
import type { PackReading } from "../../../services/readings.ts";
import { stepSwap } from "../../../services/swap/step.ts";
import type { Opening, Sight, Swap, SwapAt } from "../../../services/swap/swap.ts";
import { benchConfig, benchContext, memberName, pack } from "../../support/bench-config.ts";

const config = benchConfig();
const context = { config, ownPack: benchContext(config).ownPack };
export const times = config.swap;
export const sinceMs = 1_000_000;

export interface Shown {
  /** How long after the state began. */
  readonly ms?: number;
  readonly door?: Door;
  readonly present?: boolean | undefined;
  /** How old the contacts are. */
  readonly contactsAgeMs?: number;
  /** The pack, and how old its word is. */
  readonly pack?: PackReading | undefined;
  readonly packAgeMs?: number;
  readonly currentMa?: number | undefined;
  readonly more?: Partial<Sight>;
}

function sightOf(shown: Shown): Sight {
  const { ms = 0, door = "shut", contactsAgeMs = 0, packAgeMs = 0 } = shown;
  const nowMs = sinceMs + ms;
  return {
    nowMs,
    door: () => door,
    contactsMs: () => nowMs - contactsAgeMs,
    present: () => ("present" in shown ? shown.present : true),
    packSince: (_bay, fromMs) => (nowMs - packAgeMs >= fromMs ? shown.pack : undefined),
    currentMa: () => ("currentMa" in shown ? shown.currentMa : 0),
    isolated: () => false,
    openElsewhere: () => undefined,
    wasOffered: false,
    hot: () => false,
    lockFree: () => true,
    emptyBays: () => [],
    readyBays: () => [],
    holderOf: () => undefined,
    fire: false,
    emergency: false,
    ...shown.more,
  };
}

const base = {
  id: "s-000009",
  cabinet: "c-1",
  member: memberName(1),
  inBay: 1,
  outBay: 2,
  spares: [3],
  packIn: "yz-own-1",
  pays: undefined,
  startedAt: 0,
  startedMs: 0,
  failedBays: [],
  unattended: false,
} as const;

export const swap = (at: SwapAt, more: Partial<Swap> = {}): Swap => ({ ...base, ...at, ...more }) as Swap;
const look = { type: "look" } as const;

export function step(was: Swap, shown: Shown = {}) {
  const { next, effects } = stepSwap(was, look, sightOf(shown), context);
  for (const effect of effects) {
    if (effect.do === "prompt" && prompts[effect.prompt.id].zh.includes("{bay}") && effect.prompt.bay === undefined)
      throw new Error(`${effect.prompt.id} does not say which bay`);
    if (!["record", "prompt", "reidentify", "unlock"].includes(effect.do)) throw new Error(JSON.stringify(effect));
  }
  const does = effects.map((effect) => {
    if (effect.do === "record") return "stage" in effect.record ? effect.record.stage : effect.record.kind;
    return effect.do === "prompt" ? effect.prompt.id : effect.do;
  });
  return { next, does, is: next.at === "ended" ? next.outcome : next.at, effects };
}

export const pulsed = (bay: number, pulses: number): Opening => ({ bay, step: "look", pulses, sinceMs });
export const stuckLock = { ms: 3_001, door: "shut" } as const;
export const opened = { door: "open" } as const;
export const inside = pack("yz-own-1", { socPct: 20 });
