/** What the room leaves in the log: the records of its services, under one name. Each kind stands with the service it belongs to. */
import type { AccessRecord } from "../access/records.ts";
import type { HelpRecord } from "../amenities/help.ts";
import type { AmenityLatchRecord } from "../amenities/latches.ts";
import type { LockerRecord } from "../amenities/lockers.ts";
import type { RescueRecord } from "../amenities/rescue-cabinet.ts";
import type { ClimateRecord } from "../climate/records.ts";
import type { FridgeRecord } from "../fridge/records.ts";

/** A drink, a gift, a locker or an appliance was asked for at a reader and not given. */
export type ServiceRefusedRecord = {
  readonly kind: "service-refused";
  /** `fridge`, or the amenity's id. */
  readonly at: string;
  readonly reason: string;
  readonly member?: string;
};

/** An appliance was switched on for a time, or water was poured: counted, and by whom is not kept. */
export type AmenityUsedRecord = {
  readonly kind: "amenity-used";
  readonly id: string;
  readonly use: "hot-water" | "outlet";
};

/** A technician opened the fridge to fill or clean it: nothing is counted. */
export type ServiceOpenedRecord = {
  readonly kind: "service-opened";
  /** `fridge`. */
  readonly at: string;
  readonly by: string;
};

export type RoomRecord =
  | AccessRecord
  | ClimateRecord
  | FridgeRecord
  | AmenityLatchRecord
  | LockerRecord
  | RescueRecord
  | HelpRecord
  | ServiceRefusedRecord
  | AmenityUsedRecord
  | ServiceOpenedRecord;

const kinds = {
  "door-granted": true,
  "door-grant-ended": true,
  "door-refused": true,
  "door-left": true,
  "door-forced": true,
  "door-forced-cleared": true,
  "door-mode-ordered": true,
  "occupancy-set": true,
  "access-list-accepted": true,
  "access-list-refused": true,
  "access-time": true,
  "climate-latched": true,
  "climate-reset": true,
  "climate-mode": true,
  "fridge-released": true,
  "fridge-not-taken": true,
  "fridge-restocked": true,
  "fridge-restock-wanted": true,
  "fridge-blocked": true,
  "fridge-logged": true,
  "amenity-latched": true,
  "amenity-reset": true,
  "locker-assigned": true,
  "locker-opening": true,
  "locker-released": true,
  "gift-filled": true,
  "gift-given": true,
  "gift-kept": true,
  "rescue-opened": true,
  "aed-taken": true,
  "aed-returned": true,
  "help-called": true,
  "help-answered": true,
  "service-refused": true,
  "amenity-used": true,
  "service-opened": true,
} as const satisfies Record<RoomRecord["kind"], true>;

export const isRoomRecord = <R extends { readonly kind: string }>(record: R | RoomRecord): record is RoomRecord =>
  Object.hasOwn(kinds, record.kind);
