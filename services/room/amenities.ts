/**
 * The amenities' part of a step: what their contacts say, and what time does to them. Buttons are looked at at every scan,
 * because a person waits; a button that is not heard is not pressed.
 */
import type { AmenityConfig } from "../amenities/config.ts";
import { type HelpConfig, stepHelp } from "../amenities/help.ts";
import { type HotWaterConfig, openChildLock, pourHotWater, stepHotWater, stopPour } from "../amenities/hot-water.ts";
import { stepFollower } from "../amenities/occupancy.ts";
import { type OutletConfig, stepOutlet, stopOutlet } from "../amenities/outlets.ts";
import { stepRescue } from "../amenities/rescue-cabinet.ts";
import { fresh, type Reading } from "../reading.ts";
import { type RoomDraft, tell, write } from "./draft.ts";
import { amenityReadings, hotWaterLook, outletLook, rescueLook } from "./looks.ts";
import type { AmenityContact } from "./readings.ts";
import { refuse, setAmenity, setLockers, useOutlet } from "./serve.ts";
import type { LockersState, LockerTurn } from "./state.ts";

const contactHeardMs = 5_000;

function isDown(draft: RoomDraft, id: string, contact: AmenityContact): boolean | undefined {
  return fresh(amenityReadings(draft.context, id).contacts[contact], draft.context.now.monotonicMs, contactHeardMs);
}

/** Who pressed a button is nobody's business: the one who did stops it again. */
const atTheButton = "button";

function lookAtHotWaterButtons(draft: RoomDraft, config: HotWaterConfig): void {
  const was = draft.state.amenities[config.id];
  if (was?.kind !== "hot-water") return;
  const { monotonicMs } = draft.context.now;
  const pressed = isDown(draft, config.id, "button") === true;
  const unlocks = isDown(draft, config.id, "unlock") === true;
  let next = unlocks ? { ...was, state: openChildLock(was.state, monotonicMs, config) } : was;
  if (pressed && !was.pressed) {
    const judged = pourHotWater(next.state, monotonicMs, config);
    if ("refused" in judged) refuse(draft, { reader: config.id, at: config.id }, judged.refused);
    else {
      write(draft, { kind: "amenity-used", id: config.id, use: "hot-water" });
      next = { ...next, state: judged.state };
    }
  } else if (!pressed && was.pressed && was.state.pour !== undefined) {
    next = { ...next, state: stopPour(next.state, monotonicMs) };
  }
  if (pressed !== was.pressed) next = { ...next, pressed };
  if (next !== was) setAmenity(draft, config.id, next);
}

function lookAtOutletButtons(draft: RoomDraft, config: OutletConfig): void {
  const was = draft.state.amenities[config.id];
  if (was?.kind !== "outlet") return;
  const pressed = isDown(draft, config.id, "button") === true;
  if (isDown(draft, config.id, "stop") === true && was.state.at === "on") {
    const stopped = stopOutlet(was.state, undefined, draft.context.now.monotonicMs);
    if ("state" in stopped) setAmenity(draft, config.id, { ...was, state: stopped.state, pressed });
    tell(draft, config.id, "outlet-ended");
    return;
  }
  if (pressed === was.pressed) return;
  setAmenity(draft, config.id, { ...was, pressed });
  if (pressed) useOutlet(draft, config.id, config, atTheButton);
}

function lookAtHelp(draft: RoomDraft, config: HelpConfig): void {
  const was = draft.state.amenities[config.id];
  if (was?.kind !== "help") return;
  const { state, record } = stepHelp(
    was.state,
    isDown(draft, config.id, "button"),
    draft.context.now.monotonicMs,
    config,
  );
  const isSame = state.pressedMs === was.state.pressedMs && state.wasDown === was.state.wasDown;
  if (!isSame) setAmenity(draft, config.id, { kind: "help", state });
  if (record === undefined) return;
  write(draft, record);
  tell(draft, config.id, "help-shown", { hotline: config.hotline });
}

/** At every scan and whenever a contact changed. */
export function lookAtButtons(draft: RoomDraft): void {
  for (const config of draft.context.config.amenities) {
    if (config.kind === "help") lookAtHelp(draft, config);
    else if (config.kind === "hot-water") lookAtHotWaterButtons(draft, config);
    else if (config.kind === "microwave" || config.kind === "socket") lookAtOutletButtons(draft, config);
  }
}

function presenceAt(draft: RoomDraft, id: string): Reading<boolean> | undefined {
  return amenityReadings(draft.context, id).contacts.present ?? draft.context.readings.present;
}

function passTime(draft: RoomDraft, config: AmenityConfig): void {
  const { id } = config;
  const was = draft.state.amenities[id];
  if (was?.kind === "hot-water" && config.kind === "hot-water") {
    const latch = draft.durable.latches[id]?.why;
    const { state, latched } = stepHotWater(was.state, hotWaterLook(draft.context, id), latch, config);
    setAmenity(draft, id, { ...was, state });
    if (latched !== undefined) write(draft, { kind: "amenity-latched", id, why: latched });
  } else if (was?.kind === "outlet" && (config.kind === "microwave" || config.kind === "socket")) {
    const state = stepOutlet(was.state, outletLook(draft.durable, draft.context), config);
    if (state !== was.state) setAmenity(draft, id, { ...was, state });
  } else if (was?.kind === "rescue" && config.kind === "rescue-cabinet") {
    const { state, records } = stepRescue(was.state, rescueLook(draft.context, id), config);
    setAmenity(draft, id, { kind: "rescue", state });
    for (const record of records) write(draft, record);
  } else if (was?.kind === "lockers" && was.turn !== undefined) endTurn(draft, id, was.turn, was.unproven);
}

/**
 * The latch has had its time: whoever wanted their things back has them, if it was pulled. Where its board did not answer nobody
 * knows that, and a locker that stayed shut must not be given to the next one with their things in it; nor is it taken back from
 * somebody who was never let in, and whose next scan is to put their phone in still.
 */
function endTurn(draft: RoomDraft, id: string, turn: LockerTurn, unproven: LockersState["unproven"]): void {
  const { sinceMs, untilMs, frees, locker, reader, says } = turn;
  if (untilMs === undefined || draft.context.now.monotonicMs < untilMs) return;
  const { pulled } = amenityReadings(draft.context, id);
  const wasPulled = pulled?.value === locker && pulled.atMs >= sinceMs;
  if (frees === "opened" && wasPulled) write(draft, { kind: "locker-released", id, locker });
  const isPhone = says === "locker-put" || says === "locker-take";
  if (isPhone && !wasPulled) tell(draft, reader, "locker-silent", { locker });
  const others = unproven.filter((one) => one !== locker);
  const staysUnproven = !wasPulled && (says === "locker-put" || unproven.includes(locker));
  setLockers(draft, id, { turn: undefined, unproven: staysUnproven ? [...others, locker] : others });
}

/** Light answers at once, and goes out in its own time. */
function follow(draft: RoomDraft, config: AmenityConfig): void {
  const was = draft.state.amenities[config.id];
  const isFollower = config.kind === "light" || config.kind === "ventilation" || config.kind === "toilet-light";
  if (was?.kind !== "follower" || !isFollower) return;
  const { now, stopped } = draft.context;
  const look = { nowMs: now.monotonicMs, present: presenceAt(draft, config.id), stopped };
  setAmenity(draft, config.id, { kind: "follower", state: stepFollower(was.state, look, config) });
}

/** Once a second. */
export function lookAtAmenities(draft: RoomDraft): void {
  for (const config of draft.context.config.amenities) {
    passTime(draft, config);
    follow(draft, config);
  }
}
