/**
 * What the fridge writes down, and the fold back: who took how many today, by pseudonym and for that day only, what is left,
 * how long the contents were warm. It refuses to forget a block at a restart, and to give a new day to a clock that went back.
 */
export type FridgeRecord =
  /** Written before the lock is released: it counts even if power fails in between. */
  | { readonly kind: "fridge-released"; readonly id: string; readonly member: string; readonly date: string }
  /** The door stayed shut: the drink is given back to the count. */
  | { readonly kind: "fridge-not-taken"; readonly id: string; readonly member: string; readonly date: string }
  | { readonly kind: "fridge-restocked"; readonly count: number; readonly by: string }
  | { readonly kind: "fridge-restock-wanted"; readonly left: number }
  | { readonly kind: "fridge-blocked"; readonly aboveMs: number }
  /** Every quarter of an hour, so that a power cut loses no more of it. */
  | { readonly kind: "fridge-logged"; readonly aboveMs: number; readonly addedWh: number; readonly warm: boolean };

export interface FridgeDurable {
  readonly date: string;
  /** Drinks of this date by pseudonym. */
  readonly taken: Readonly<Record<string, number>>;
  readonly left: number;
  readonly wanted: boolean;
  readonly blocked: boolean;
  readonly aboveMs: number;
  readonly energyWh: number;
  /** Wall ms of the last line of the food log, and whether it was above the limit. */
  readonly loggedAt?: number;
  readonly wasWarm: boolean;
}

export const emptyFridge: FridgeDurable = {
  date: "",
  taken: {},
  left: 0,
  wanted: false,
  blocked: false,
  aboveMs: 0,
  energyWh: 0,
  wasWarm: false,
};

/** Dates compare as text. An older date is no new day. */
export const dayOf = (was: FridgeDurable, date: string | undefined): string =>
  date !== undefined && date > was.date ? date : was.date;

export const takenBy = (was: FridgeDurable, member: string, date: string | undefined): number =>
  dayOf(was, date) === was.date ? (was.taken[member] ?? 0) : 0;

function taken(was: FridgeDurable, member: string, date: string, change: number): FridgeDurable {
  const day = dayOf(was, date);
  const kept = day === was.date ? was.taken : {};
  // What is given back of yesterday's is not taken off today's.
  const counted = change < 0 && date !== day ? kept : { ...kept, [member]: Math.max(0, (kept[member] ?? 0) + change) };
  return { ...was, date: day, taken: counted, left: Math.max(0, was.left - change) };
}

/** Total: a record it does not know changes nothing. */
export function foldFridge(was: FridgeDurable, record: { readonly kind: string }, at: number): FridgeDurable {
  const known = record as FridgeRecord;
  switch (known.kind) {
    case "fridge-released":
      return taken(was, known.member, known.date, 1);
    case "fridge-not-taken":
      return taken(was, known.member, known.date, -1);
    case "fridge-restocked":
      return { ...was, left: known.count, wanted: false, blocked: false, aboveMs: 0, loggedAt: at, wasWarm: false };
    case "fridge-restock-wanted":
      return { ...was, wanted: true };
    case "fridge-blocked":
      return { ...was, blocked: true, aboveMs: known.aboveMs };
    case "fridge-logged":
      return {
        ...was,
        aboveMs: known.aboveMs,
        energyWh: was.energyWh + known.addedWh,
        loggedAt: at,
        wasWarm: known.warm,
      };
    default:
      return was;
  }
}
