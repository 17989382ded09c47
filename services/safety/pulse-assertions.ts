/**
 * The same for lock pulses, which are effects and no levels: judged between the decision and the deed. One coil at a time, three
 * pulses in half a minute, and no rider's door in smoke. Whatever it finds is a bug, and the process stops.
 */

import type { StationConfig } from "../config.ts";
import type { Effect } from "../effects.ts";
import type { StationState } from "../station/state.ts";
import type { Breach } from "./assertion.ts";

export interface Decided {
  /** Before the decision, and after it. */
  readonly was: StationState;
  readonly state: StationState;
  readonly effects: readonly Effect[];
  readonly config: StationConfig;
  readonly nowMs: number;
}

type Unlock = Extract<Effect, { readonly do: "unlock" }>;

const windowMs = 30_000;
const pulsesMax = 3;
/** A pulse that no board confirmed may still be on this long after it was decided. */
const coilMsMax = 1_000;

/** I1: the turn is this pulse's own, and nobody else's coil may be on. */
function secondCoil({ bay }: Unlock, pulses: number, { was, state, nowMs }: Decided): string | undefined {
  if (pulses > 1) return `${pulses} locks at once`;
  if (state.lockTurn?.bay !== bay) return `bay ${bay} without the lock's turn`;
  const turn = was.lockTurn;
  if (turn === undefined || nowMs >= (turn.freeMs ?? turn.sinceMs + coilMsMax)) return undefined;
  return `bay ${bay} while the lock of bay ${turn.bay} may be on`;
}

/** I2. */
function fourthPulse({ bay }: Unlock, { was, nowMs }: Decided): string | undefined {
  const before = was.bays[bay]?.pulses;
  if (before === undefined) return undefined;
  let recent = 0;
  for (let at = 0; at < before.length; at++) if (nowMs - (before[at] as number) < windowMs) recent++;
  return recent < pulsesMax ? undefined : `bay ${bay} a fourth time in 30 s`;
}

/** I13: riders are kept out; an operator on site knows what burns. */
function intoSmoke({ bay, swap }: Unlock, { state, config }: Decided): string | undefined {
  const cabinet = config.bays[bay]?.cabinet;
  if (swap === undefined || cabinet === undefined) return undefined;
  const isFire = state.alerts.zones[cabinet]?.alert === true || state.durable.safety.latches[cabinet] !== undefined;
  return isFire ? `bay ${bay} for a rider in smoke` : undefined;
}

function judge(unlock: Unlock, pulses: number, decided: Decided): Breach | undefined {
  const coil = secondCoil(unlock, pulses, decided);
  if (coil !== undefined) return { invariant: "I1", what: `unlocks ${coil}` };
  const pulse = fourthPulse(unlock, decided);
  if (pulse !== undefined) return { invariant: "I2", what: `unlocks ${pulse}` };
  const smoke = intoSmoke(unlock, decided);
  return smoke === undefined ? undefined : { invariant: "I13", what: `unlocks ${smoke}` };
}

/** Nearly all decisions unlock nothing and cost one pass over a short list. */
export function pulseBreachOf(decided: Decided): Breach | undefined {
  const { effects } = decided;
  let pulses = 0;
  for (let at = 0; at < effects.length; at++) if (effects[at]?.do === "unlock") pulses++;
  if (pulses === 0) return undefined;
  for (const effect of effects) {
    const breach = effect.do === "unlock" ? judge(effect, pulses, decided) : undefined;
    if (breach !== undefined) return breach;
  }
  return undefined;
}
