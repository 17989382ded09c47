/** A pack that fell silent while it was charged or heated: asked anew, then its bay locked out until it speaks again (E18). */
import { fresh } from "../reading.ts";
import { stepSilence } from "../safety/silence.ts";
import { type Draft, journal, ownerOf, readingsOf } from "./draft.ts";
import { type BayState, changedBay } from "./state.ts";

const reason = "pack-silent";

/** The lock-out that silence brought, and no other, ends with it. */
export function liftSilence(bay: number, because: "pack-heard" | "pack-gone", draft: Draft): void {
  const standing = draft.state.durable.lockOuts[String(bay)];
  if (standing?.lockOut !== "system" || standing.reason !== reason) return;
  journal(draft, { kind: "lock-out", bay, lockOut: "none", reason: because, by: "station" });
}

export function watchSilence(was: BayState, draft: Draft): BayState {
  const { nowMs } = draft.input;
  const { safety } = draft.context.config;
  const { pack, present } = readingsOf(draft, was.bay);
  const heard = fresh(pack, nowMs, safety.packHeardMs);
  if (heard !== undefined) {
    if (heard.packId === undefined) return was; // It speaks, and has not said yet who it is.
    liftSilence(was.bay, "pack-heard", draft);
    return was.silence === undefined ? was : changedBay(was, { silence: undefined });
  }
  const atWork = was.chargeMa > 0 || was.heater !== undefined;
  if (was.silence === undefined && !atWork) return was;
  const left = fresh(present, nowMs, safety.contactHeardMs) === false;
  if (left || ownerOf(draft.state, was.bay) !== undefined) return changedBay(was, { silence: undefined });
  const { next, act } = stepSilence(was.silence, nowMs, safety);
  if (act === "probe") draft.effects.push({ do: "reidentify", bay: was.bay });
  if (act === "give-up" && draft.state.durable.lockOuts[String(was.bay)] === undefined)
    journal(draft, { kind: "lock-out", bay: was.bay, lockOut: "system", reason, by: "station" });
  return next === was.silence ? was : changedBay(was, { silence: next });
}
