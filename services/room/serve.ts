/**
 * A member shows a code or a card at the fridge, a locker or an appliance. Whatever opens a door is written down first and waits
 * for the disk; whatever is refused is refused in words, at that place. A technician's code gives back what is latched, because it
 * can be shown on site only.
 */
import type { AmenityConfig } from "../amenities/config.ts";
import { newHotWater, openChildLock } from "../amenities/hot-water.ts";
import { judgeAmenityReset } from "../amenities/latches.ts";
import { emptyLockers, judgeGift, judgePhoneLocker } from "../amenities/lockers.ts";
import { type OutletConfig, startOutlet, stopOutlet } from "../amenities/outlets.ts";
import { judgeClimateOrder } from "../climate/orders.ts";
import { newClimate } from "../climate/state.ts";
import { judgeFridgeRequest } from "../fridge/release.ts";
import { giftOf, memberAt, type Shown } from "../members/known.ts";
import { type RoomDraft, tell, write } from "./draft.ts";
import { fridgeLook, outletLook } from "./looks.ts";
import { memberSources } from "./members.ts";
import type { RoomSentenceId } from "./sentences.ts";
import { type AmenityState, changedRoom, type LockersState, type LockerTurn } from "./state.ts";

/** Every refusal is said; how many a day can be seen in the log, and by whom only where a member was known. */
export function refuse(
  draft: RoomDraft,
  place: { readonly reader: string; readonly at: string },
  reason: RoomSentenceId,
): void {
  tell(draft, place.reader, reason);
  write(draft, { kind: "service-refused", at: place.at, reason });
}

export function setAmenity(draft: RoomDraft, id: string, next: AmenityState): void {
  draft.state = changedRoom(draft.state, { amenities: { ...draft.state.amenities, [id]: next } });
}

function takeDrink(draft: RoomDraft, reader: string, member: string): void {
  const { fridge } = draft.state;
  const config = draft.context.config.fridge;
  if (fridge === undefined || config === undefined) return;
  const { wallMs } = draft.context.now;
  const id = `d-${wallMs}`;
  const seen = { state: fridge, durable: draft.durable.fridge, look: fridgeLook(draft.context) };
  const judged = judgeFridgeRequest({ id, member }, seen, config);
  if ("refused" in judged) {
    refuse(draft, { reader, at: "fridge" }, judged.refused);
    return;
  }
  write(draft, judged.record);
  draft.state = changedRoom(draft.state, { fridge: judged.state });
  openFridge(draft, reader, `fridge/${id}`);
}

function openFridge(draft: RoomDraft, reader: string, token: string): void {
  const sinceMs = draft.context.now.monotonicMs;
  draft.state = changedRoom(draft.state, { fridgeTurn: { token, reader, sinceMs, untilMs: undefined } });
  draft.effects.push({ do: "written", token });
}

/** To fill and to clean it: not counted, and even when its contents are blocked. */
function openFridgeForService(draft: RoomDraft, reader: string, by: string): void {
  if (draft.state.fridge === undefined) return;
  write(draft, { kind: "service-opened", at: "fridge", by });
  openFridge(draft, reader, `fridge/s-${draft.context.now.wallMs}`);
}

/** The same lockers with something different. */
export function setLockers(draft: RoomDraft, id: string, change: Partial<Omit<LockersState, "kind">>): void {
  const was = draft.state.amenities[id];
  if (was?.kind === "lockers") setAmenity(draft, id, { ...was, ...change });
}

export function turnLocker(
  draft: RoomDraft,
  amenity: string,
  turn: Omit<LockerTurn, "token" | "sinceMs" | "untilMs">,
): void {
  const sinceMs = draft.context.now.monotonicMs;
  const token = `locker/${amenity}/${turn.locker}/${draft.context.now.wallMs}`;
  setLockers(draft, amenity, { turn: { ...turn, token, sinceMs, untilMs: undefined } });
  draft.effects.push({ do: "written", token });
}

function usePhoneLocker(
  draft: RoomDraft,
  reader: string,
  config: Extract<AmenityConfig, { kind: "phone-lockers" }>,
  member: string,
): void {
  const place = { reader, at: config.id };
  const state = draft.state.amenities[config.id];
  if (state?.kind !== "lockers") return;
  if (state.turn !== undefined) {
    refuse(draft, place, "lockers-busy");
    return;
  }
  const judged = judgePhoneLocker(member, draft.durable.lockers[config.id] ?? emptyLockers, config);
  if ("refused" in judged) {
    refuse(draft, place, judged.refused);
    return;
  }
  const { record } = judged;
  write(draft, record);
  const { locker } = record;
  if (record.kind === "locker-assigned")
    turnLocker(draft, config.id, { locker, reader, says: "locker-put", frees: "unopened" });
  else if (state.unproven.includes(locker)) turnLocker(draft, config.id, { locker, reader, says: "locker-put" });
  else turnLocker(draft, config.id, { locker, reader, says: "locker-take", frees: "opened" });
}

/** One package for each entitlement, and none while nobody knows whether it was taken back. */
function fetchGift(
  draft: RoomDraft,
  reader: string,
  config: Extract<AmenityConfig, { kind: "gift-lockers" }>,
  member: string,
): void {
  const { id } = config;
  const place = { reader, at: id };
  const state = draft.state.amenities[id];
  if (state?.kind === "lockers" && state.turn !== undefined) {
    refuse(draft, place, "lockers-busy");
    return;
  }
  const gift = giftOf(member, givenAnywhere(draft), memberSources(draft));
  const judged =
    "refused" in gift ? gift : judgeGift(gift.entitlement, draft.durable.lockers[id] ?? emptyLockers, config);
  if ("refused" in judged) {
    refuse(draft, place, judged.refused);
    return;
  }
  const { record } = judged;
  write(draft, record);
  turnLocker(draft, id, { locker: record.locker, reader, says: "gift-take", gives: record.entitlement });
}

/** Two rows of lockers do not hand out one entitlement twice. */
const givenAnywhere = ({ durable }: RoomDraft): string[] =>
  Object.values(durable.lockers).flatMap(({ given }) => given);

/** The same code that started it stops it; anybody else hears that it is in use. */
export function useOutlet(draft: RoomDraft, reader: string, config: OutletConfig, member: string): void {
  const { id, maxOnMs } = config;
  const was = draft.state.amenities[id];
  if (was?.kind !== "outlet") return;
  const look = outletLook(draft.durable, draft.context);
  const stops = was.state.at === "on" && was.state.member === member;
  const judged = stops
    ? stopOutlet(was.state, member, look.nowMs)
    : startOutlet(was.state, { member, forMs: maxOnMs }, look, config);
  if ("refused" in judged) {
    refuse(draft, { reader, at: id }, judged.refused);
    return;
  }
  setAmenity(draft, id, { ...was, state: judged.state });
  if (stops) {
    tell(draft, reader, "outlet-ended");
    return;
  }
  write(draft, { kind: "amenity-used", id, use: "outlet" });
  tell(draft, reader, "outlet-on", { minutes: Math.round(maxOnMs / 60_000) });
}

function useAmenity(draft: RoomDraft, reader: string, config: AmenityConfig, member: string): void {
  switch (config.kind) {
    case "phone-lockers":
      usePhoneLocker(draft, reader, config, member);
      return;
    case "gift-lockers":
      fetchGift(draft, reader, config, member);
      return;
    case "microwave":
    case "socket":
      useOutlet(draft, reader, config, member);
      return;
    case "hot-water": {
      const was = draft.state.amenities[config.id];
      if (was?.kind !== "hot-water") return;
      setAmenity(draft, config.id, { ...was, state: openChildLock(was.state, draft.context.now.monotonicMs, config) });
      tell(draft, reader, "water-unlocked");
      return;
    }
    case "rescue-cabinet":
    case "light":
    case "ventilation":
    case "toilet-light":
    case "help":
      return; // Nothing of these asks who somebody is.
  }
}

/** True when there was something to give back, whether or not it was. */
function resetLatches(draft: RoomDraft, reader: string, by: string): boolean {
  const { climate: climateConfig, amenities } = draft.context.config;
  const { climate } = draft.state;
  const { monotonicMs } = draft.context.now;
  let found = false;
  if (climate !== undefined && climateConfig !== undefined && draft.durable.climate.latch !== undefined) {
    found = true;
    const judged = judgeClimateOrder({ do: "reset", by, onSite: true }, climate, draft.durable.climate, climateConfig);
    if ("refused" in judged) tell(draft, reader, judged.refused);
    else {
      write(draft, judged.record);
      draft.state = changedRoom(draft.state, { climate: newClimate(monotonicMs, draft.context.config.climateSensors) });
      tell(draft, reader, "reset-done");
    }
  }
  for (const { id, kind } of amenities) {
    if (kind !== "hot-water" || draft.durable.latches[id] === undefined) continue;
    found = true;
    const judged = judgeAmenityReset({ id, by, onSite: true }, draft.durable.latches);
    if ("refused" in judged) continue;
    write(draft, judged.record);
    setAmenity(draft, id, { kind: "hot-water", state: newHotWater(monotonicMs), pressed: false });
    tell(draft, reader, "reset-done");
  }
  return found;
}

type Visitor = Extract<ReturnType<typeof memberAt>, { readonly ok: true }>;

function serve(draft: RoomDraft, reader: string, { member, isTechnician, isProven }: Visitor): void {
  const { readers, amenities } = draft.context.config;
  const place = readers.find(({ id }) => id === reader)?.place;
  if (place === undefined || place.at === "door") return;
  if (isTechnician && resetLatches(draft, reader, member)) return;
  if (place.at === "fridge") {
    if (isTechnician) openFridgeForService(draft, reader, member);
    else takeDrink(draft, reader, member);
    return;
  }
  const config = amenities.find(({ id }) => id === place.amenity);
  if (!isProven) refuse(draft, { reader, at: place.amenity }, "challenge-required");
  else if (config !== undefined) useAmenity(draft, reader, config, member);
}

/**
 * What was shown at a reader that stands at no door. A card's bare number may be a copy: it gets a drink like anybody's, and opens
 * nobody's locker.
 */
export function shown(draft: RoomDraft, reader: string, what: Shown): void {
  const found = memberAt(what, memberSources(draft));
  if (found.ok) serve(draft, reader, found);
  else tell(draft, reader, found.reason);
}
