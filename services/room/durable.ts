/** What of the room must outlive a power cut, each part as its own service folds it. */
import { type AccessDurable, emptyAccess, foldAccess } from "../access/durable.ts";
import type { AccessRecord } from "../access/records.ts";
import { type AmenityLatches, foldAmenityLatches } from "../amenities/latches.ts";
import { emptyLockers, foldLockers, type LockerRecord, type LockersDurable } from "../amenities/lockers.ts";
import { type ClimateDurable, emptyClimate, foldClimate } from "../climate/records.ts";
import { emptyFridge, type FridgeDurable, foldFridge } from "../fridge/records.ts";

export interface RoomDurable {
  readonly access: AccessDurable;
  readonly climate: ClimateDurable;
  readonly fridge: FridgeDurable;
  readonly latches: AmenityLatches;
  /** By amenity: phone and gift lockers. */
  readonly lockers: Readonly<Record<string, LockersDurable>>;
}

export const emptyRoomDurable: RoomDurable = {
  access: emptyAccess,
  climate: emptyClimate,
  fridge: emptyFridge,
  latches: {},
  lockers: {},
};

/** Opening a locker leaves it with whoever holds it; all others change something. */
const changesLockers = {
  "locker-assigned": true,
  "locker-opening": false,
  "locker-released": true,
  "gift-filled": true,
  "gift-given": true,
  "gift-kept": true,
} as const satisfies Record<LockerRecord["kind"], boolean>;

const isLockerChange = (kind: string): boolean =>
  Object.hasOwn(changesLockers, kind) && changesLockers[kind as LockerRecord["kind"]];

function foldRoomLockers(was: RoomDurable["lockers"], record: { readonly kind: string }, at: number) {
  if (!isLockerChange(record.kind)) return was;
  const known = record as LockerRecord;
  return { ...was, [known.id]: foldLockers(was[known.id] ?? emptyLockers, known, known.id, at) };
}

/** Total: what is no record of the room changes nothing, and hands back the same object. */
export function foldRoom(was: RoomDurable, record: { readonly kind: string }, at: number): RoomDurable {
  const access = foldAccess(was.access, record as AccessRecord, at);
  const climate = foldClimate(was.climate, record, at);
  const fridge = foldFridge(was.fridge, record, at);
  const latches = foldAmenityLatches(was.latches, record, at);
  const lockers = foldRoomLockers(was.lockers, record, at);
  const isSame =
    access === was.access &&
    climate === was.climate &&
    fridge === was.fridge &&
    latches === was.latches &&
    lockers === was.lockers;
  return isSame ? was : { ...was, access, climate, fridge, latches, lockers };
}
