/**
 * Safety's part of a step: looks at zones and the emergency stop before anything else is decided, latches a runaway and asks for
 * the one release, tells people to leave, and takes a technician's reset at the cabinet. Nothing that comes from afar ends up
 * here: no request can reset, silence or release.
 */

import { cellTempRangeC } from "../bay/condition.ts";
import type { CabinetLayout } from "../config.ts";
import { say } from "../prompts.ts";
import { fresh } from "../reading.ts";
import { type Alerts, beginRelease, lookAtAlerts, type Release, withParts } from "../safety/alerts.ts";
import { contactDanger } from "../safety/danger.ts";
import { hasSignal, runawaySignals } from "../safety/zones.ts";
import { type Draft, journal, readingsOf } from "./draft.ts";

/** Words for people who are in danger are said again and again. */
const tellAgainMs = 10_000;

function setRelease(draft: Draft, cabinet: string, release: Release | undefined): void {
  const { [cabinet]: _was, ...others } = draft.state.alerts.releases;
  const releases = release === undefined ? others : { ...others, [cabinet]: release };
  draft.state.alerts = withParts(draft.state.alerts, { releases });
}

/** Written first, acted on when it is written: the restart that follows a release must know of it. */
function latch(draft: Draft, cabinet: CabinetLayout, signals: string): void {
  journal(draft, { kind: "runaway-latched", cabinet: cabinet.id, signals });
  if (!cabinet.hasAerosol) return;
  draft.effects.push({ do: "release", cabinet: cabinet.id });
  setRelease(draft, cabinet.id, { at: "waiting", sinceMs: draft.input.nowMs });
}

/** The first look of every step. */
export function watchAlerts(draft: Draft): void {
  const { readings, nowMs } = draft.input;
  const { config } = draft.context;
  const { latches } = draft.state.durable.safety;
  const alerts = lookAtAlerts(draft.state.alerts, { readings, config, latches, nowMs });
  draft.state.alerts = alerts;
  for (const cabinet of config.cabinets) {
    const zone = alerts.zones[cabinet.id];
    if (zone === undefined || latches[cabinet.id] !== undefined) continue;
    const signals = runawaySignals(zone, config.safety.runawayConfirmMs);
    if (signals !== undefined) latch(draft, cabinet, signals);
  }
}

/** Whether this cabinet's people are to hear it: their own zone's danger, or a runaway anywhere in the room. */
function inDanger({ zones }: Alerts, draft: Draft, cabinet: string): boolean {
  for (const id in zones) {
    const zone = zones[id];
    if (zone === undefined || !hasSignal(zone, draft.input.nowMs)) continue;
    if (id === cabinet || draft.state.durable.safety.latches[id] !== undefined) return true;
  }
  return false;
}

/** The last words of a step: whatever else was said, people in front of a fire read that they are to leave. */
export function tellDanger(draft: Draft): void {
  const { alerts } = draft.state;
  if (!alerts.active) return;
  const { nowMs } = draft.input;
  let toldMs: Record<string, number> | undefined;
  for (const { id } of draft.context.config.cabinets) {
    if (!inDanger(alerts, draft, id)) continue;
    const lastMs = alerts.toldMs[id];
    if (lastMs !== undefined && nowMs - lastMs < tellAgainMs) continue;
    toldMs ??= { ...alerts.toldMs };
    toldMs[id] = nowMs;
    draft.effects.push({ do: "prompt", cabinet: id, prompt: say("evacuate") });
  }
  if (toldMs !== undefined) draft.state.alerts = withParts(alerts, { toldMs });
}

/** The intent is on disk. */
export function releaseDue(draft: Draft, cabinet: string): void {
  if (draft.state.alerts.releases[cabinet]?.at !== "waiting") return;
  setRelease(draft, cabinet, beginRelease(draft.context.config, draft.input.nowMs));
}

/** A log that cannot be written keeps no fire waiting. A restart that forgets it may release again: an agent is spent once. */
export function releaseUnwritten(draft: Draft): void {
  for (const cabinet in draft.state.alerts.releases) releaseDue(draft, cabinet);
}

/** Smoke heard to be gone, conductor heard to be open, and every pack and the air cooler than a hot pack. */
function isCold(draft: Draft, cabinet: CabinetLayout): boolean {
  const { readings, nowMs } = draft.input;
  const { config } = draft.context;
  const at = { nowMs, config };
  if (contactDanger("smoke", readings, cabinet, at) !== undefined) return false;
  if (contactDanger("conductor", readings, cabinet, at) !== undefined) return false;
  const zone = draft.state.alerts.zones[cabinet.id];
  if (zone !== undefined && hasSignal(zone, nowMs)) return false;
  const { hotPackC } = config.safety;
  const airTempC = readings.cabinets[cabinet.id]?.airTempC;
  if (airTempC !== undefined && airTempC.quality === "good" && airTempC.value >= hotPackC) return false;
  return cabinet.bays.every((bay) => {
    const pack = fresh(readingsOf(draft, bay).pack, nowMs, config.safety.contactHeardMs * 2);
    return pack === undefined || (cellTempRangeC(pack)?.maxC ?? 0) < hotPackC;
  });
}

/** The cabinet as a whole, or one of its bays. */
function isLatched({ state }: Draft, { id, bays }: CabinetLayout): boolean {
  const { safety } = state.durable;
  return safety.latches[id] !== undefined || bays.some((bay) => safety.bays.latches[String(bay)] !== undefined);
}

/** A technician shows a code at a latched cabinet: that, and nothing else, gives it back. */
export function resetLatch(draft: Draft, cabinetId: string, member: string): "reset" | "too-early" | "not-latched" {
  const cabinet = draft.context.config.cabinets.find(({ id }) => id === cabinetId);
  if (cabinet === undefined || !isLatched(draft, cabinet)) return "not-latched";
  if (!isCold(draft, cabinet)) return "too-early";
  journal(draft, { kind: "latch-reset", cabinet: cabinetId, by: member });
  setRelease(draft, cabinetId, undefined);
  draft.effects.push({ do: "prompt", cabinet: cabinetId, prompt: say("latch-reset") });
  return "reset";
}
