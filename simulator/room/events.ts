/**
 * What really happens in the room, in order, for checkers and reports: outputs that change, doors and people that move, what is
 * shown, taken, locked away. Types only; none of it may reach the controller.
 */

/** What somebody shows at a reader, and whether it is good there and then. The truth knows; the controller has to find out. */
export type Credential =
  | "code"
  | "card"
  | "forged"
  | "expired"
  | "wrong-door"
  | "replayed"
  | "revoked"
  | "false-card"
  | "visitor"
  | "guessed"
  | "member-code"
  | "technician-code";

export type OpenedBy = "outside" | "handle" | "force" | "closer" | "hand";

export type RoomHappening =
  /** An output changed. Renewals say nothing. Names as in `names.ts`. */
  | { readonly type: "room-output"; readonly output: string; readonly on: boolean }
  /** A contact that may be wired to a header line changed. */
  | { readonly type: "room-contact"; readonly contact: string; readonly on: boolean }
  | { readonly type: "room-door"; readonly door: string; readonly open: boolean; readonly by: OpenedBy }
  /** Somebody inside turns the handle; `opens`: the door gave way. */
  | { readonly type: "room-handle"; readonly door: string; readonly opens: boolean }
  | {
      readonly type: "room-shown";
      readonly reader: string;
      readonly credential: Credential;
      readonly member: string | undefined;
      readonly good: boolean;
    }
  /** A sentence was said at a reader of the room. */
  | { readonly type: "room-said"; readonly reader: string; readonly sentence: string }
  | { readonly type: "room-person"; readonly person: number; readonly is: "came" | "in" | "out" | "not-let-in" }
  /** `warmMs`: how long the contents were too warm by then. */
  | { readonly type: "room-drink"; readonly member: string | undefined; readonly warmMs: number }
  | { readonly type: "room-stocked"; readonly cans: number }
  | { readonly type: "room-water"; readonly amenity: string; readonly kg: number; readonly tempC: number }
  /** A locker sprang open; `owner` is whose things lie in it. */
  | {
      readonly type: "room-locker";
      readonly amenity: string;
      readonly locker: number;
      readonly owner: string | undefined;
    }
  /** Staff asked the station to open this locker. */
  | { readonly type: "room-ordered"; readonly amenity: string; readonly locker: number }
  | { readonly type: "room-button"; readonly amenity: string; readonly down: boolean }
  /** A sensor of the room's air fails, or is well again. */
  | { readonly type: "room-sensor"; readonly sensor: string; readonly sound: boolean }
  /** The controller's computer loses its power, or has started again. */
  | { readonly type: "computer"; readonly on: boolean };
