/**
 * One door as a machine: what its contacts and grants make of it. It is rebuilt by looking after every start, so a door that was
 * open before is not accused of anything. Housing and supply of the lock stand beside the position, because a door can be open
 * and tampered with at once. It decides nothing about who may come in, and nothing in it can refuse to let somebody out.
 */
import type { DoorConfig } from "./config.ts";
import type { DoorSight } from "./readings.ts";

export type OpenedBy = "grant" | "exit" | "free" | "unseen";

export type DoorPosition =
  | { readonly at: "unknown" }
  /** `allowedMs`: an opening until then is no forcing, because the latch may not be home yet. */
  | { readonly at: "shut"; readonly allowedMs: number }
  | { readonly at: "granted"; readonly decision: number; readonly untilMs: number }
  | { readonly at: "open"; readonly sinceMs: number; readonly by: OpenedBy }
  | { readonly at: "held"; readonly sinceMs: number; readonly by: OpenedBy }
  | { readonly at: "forced"; readonly sinceMs: number };

export interface DoorState {
  readonly position: DoorPosition;
  /** Whoever leaves has until then; monotonic ms. */
  readonly exitUntilMs: number;
  readonly tampered: boolean;
  readonly lockPower: "good" | "lost" | "unknown";
}

export const bootDoor: DoorState = {
  position: { at: "unknown" },
  exitUntilMs: 0,
  tampered: false,
  lockPower: "unknown",
};

export type DoorEvent =
  /** The contacts as they are now: at every scan, and when one changed. */
  | { readonly type: "look"; readonly sight: DoorSight; readonly free: boolean }
  /** A decision is written: let in. */
  | { readonly type: "grant"; readonly decision: number }
  /** What was granted holds no more: lockdown, fire, or a record that could not be written. */
  | { readonly type: "withdraw" };

export type DoorOutcome =
  | { readonly is: "grant-ended"; readonly decision: number; readonly used: boolean }
  | { readonly is: "left" }
  | { readonly is: "forced" };

export interface DoorStep {
  readonly next: DoorState;
  readonly outcomes: readonly DoorOutcome[];
}

const same = (state: DoorState): DoorStep => ({ next: state, outcomes: [] });
const to = (state: DoorState, position: DoorPosition, outcomes: readonly DoorOutcome[] = []): DoorStep => ({
  next: { ...state, position },
  outcomes,
});

/** A shut or granted door is seen open. */
function opened(state: DoorState, was: DoorPosition, look: Look): DoorStep {
  const { nowMs, config, sight, free } = look;
  if (was.at === "granted" && nowMs <= was.untilMs) {
    const ended = { is: "grant-ended", decision: was.decision, used: true } as const;
    return to(state, { at: "open", sinceMs: nowMs, by: "grant" }, [ended]);
  }
  if (nowMs <= state.exitUntilMs) return to(state, { at: "open", sinceMs: nowMs, by: "exit" }, [{ is: "left" }]);
  if (free) return to(state, { at: "open", sinceMs: nowMs, by: "free" });
  if (was.at === "shut" && nowMs <= was.allowedMs) return to(state, { at: "open", sinceMs: nowMs, by: "unseen" });
  // Without a contact that tells who leaves, an opening proves nothing; that the contact is lost is a fault of its own.
  if (!config.hasExitRequest || sight.exit === undefined)
    return to(state, { at: "open", sinceMs: nowMs, by: "unseen" });
  return to(state, { at: "forced", sinceMs: nowMs }, [{ is: "forced" }]);
}

interface Look {
  readonly sight: DoorSight;
  readonly free: boolean;
  readonly nowMs: number;
  readonly config: DoorConfig;
}

function endedUnused(was: DoorPosition): readonly DoorOutcome[] {
  return was.at === "granted" ? [{ is: "grant-ended", decision: was.decision, used: false }] : [];
}

function seenShut(state: DoorState, { nowMs, config }: Look): DoorStep {
  const was = state.position;
  switch (was.at) {
    case "shut":
      return same(state);
    case "granted":
      return nowMs <= was.untilMs ? same(state) : to(state, { at: "shut", allowedMs: nowMs }, endedUnused(was));
    case "unknown":
      return to(state, { at: "shut", allowedMs: nowMs });
    case "open":
    case "held":
    case "forced":
      return to(state, { at: "shut", allowedMs: nowMs + config.relatchMs });
  }
}

function seenOpen(state: DoorState, look: Look): DoorStep {
  const was = state.position;
  switch (was.at) {
    case "shut":
    case "granted": {
      const step = opened(state, was, look);
      const late = was.at === "granted" && !step.outcomes.some(({ is }) => is === "grant-ended");
      return late ? { ...step, outcomes: [...endedUnused(was), ...step.outcomes] } : step;
    }
    case "unknown":
      return to(state, { at: "open", sinceMs: look.nowMs, by: "unseen" });
    case "open":
      return look.nowMs - was.sinceMs < look.config.heldMs ? same(state) : to(state, { ...was, at: "held" });
    case "held":
    case "forced":
      return same(state);
  }
}

/** Contacts beside the position; the state stays the same object while they do. */
function withContacts(was: DoorState, { sight, nowMs, config }: Look): DoorState {
  const tampered = config.hasTamper && (sight.tamper ?? was.tampered);
  const lockPower = sight.lockPower === undefined ? "unknown" : sight.lockPower ? "good" : "lost";
  const exitUntilMs = sight.exit === true ? nowMs + config.exitMs : was.exitUntilMs;
  const unchanged = tampered === was.tampered && lockPower === was.lockPower && exitUntilMs === was.exitUntilMs;
  return unchanged ? was : { ...was, tampered, lockPower, exitUntilMs };
}

function look(was: DoorState, seen: Look): DoorStep {
  const state = withContacts(was, seen);
  if (seen.sight.shut === true) return seenShut(state, seen);
  if (seen.sight.shut === false) return seenOpen(state, seen);
  const { position } = state;
  // Somebody with a good credential is let in through a door whose contact is broken, too.
  if (position.at === "unknown" || (position.at === "granted" && seen.nowMs <= position.untilMs)) return same(state);
  return to(state, { at: "unknown" }, endedUnused(position));
}

export function stepDoor(was: DoorState, event: DoorEvent, nowMs: number, config: DoorConfig): DoorStep {
  const { position } = was;
  switch (event.type) {
    case "look":
      return look(was, { sight: event.sight, free: event.free, nowMs, config });
    case "grant": {
      const granted = { at: "granted", decision: event.decision, untilMs: nowMs + config.grantMs } as const;
      if (position.at === "shut" || position.at === "granted" || position.at === "unknown")
        return to(was, granted, endedUnused(position));
      // Through a door that stands open somebody walks in as it is.
      return to(was, position, [{ is: "grant-ended", decision: event.decision, used: true }]);
    }
    case "withdraw":
      if (position.at !== "granted") return same(was);
      return to(was, { at: "shut", allowedMs: nowMs }, endedUnused(position));
  }
}

/** A door that is forced open and stays open is held too. */
export const isHeld = ({ position }: DoorState, nowMs: number, config: DoorConfig): boolean =>
  position.at === "held" || (position.at === "forced" && nowMs - position.sinceMs >= config.heldMs);
