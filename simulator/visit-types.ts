/** The people in front of a cabinet as judges see them: how they behave, how a visit ended, what they hear. It holds no behaviour. */

/** How a rider behaves during one visit: "proper", or the one thing they do wrong. */
export const MISTAKES = [
  "shut-on-nothing",
  "forgets-plug",
  "foreign-object",
  "leaves-door-open",
  "takes-nothing",
  "abandons-before-insert",
  "abandons-after-deposit",
  "scans-twice",
  "scans-out-of-turn",
  "unknown-code",
  "full-pack",
  "other-pack",
] as const;
export type Mistake = (typeof MISTAKES)[number];
/** What nobody does by chance: only a visit that is arranged. */
export const TRICKS = [
  /** Shuts the door on nothing however often it opens. */
  "never-inserts",
  /** Brings a pack that no station of the union ever gave out. */
  "strange-pack",
  /** Puts a pack in loosely, and another one when the door opens again. */
  "changes-pack",
  /** Shows their code in the very moment in which the one before shows theirs. */
  "scans-at-once",
  "scans-and-leaves",
  /** Has the full pack in their hands, and puts it back and shuts the door. */
  "puts-back",
  /** Finds an empty bay open, puts their pack in and shuts it, and only then shows their code. */
  "puts-in-first",
] as const;
export type Trick = (typeof TRICKS)[number];
/** "returns-for-debt": came back because they left without the pack that they put in. */
export type Behaviour = "proper" | "returns-for-debt" | Mistake | Trick;

/**
 * swapped: put one in, took one out · collected: took the pack that was owed · refused: heard a refusal, nothing deposited ·
 * returned: deposited, got the same pack back · owed: left without a pack that had gone in · cancelled: left with what
 * they came with after a door had opened · ignored: nothing ever answered · busy: gave up queueing.
 */
export type Ending = "swapped" | "collected" | "refused" | "returned" | "owed" | "cancelled" | "ignored" | "busy";

/** One visit of one rider, kept from arrival to departure. `ending` is undefined while the rider is at the station. */
export interface RiderVisit {
  /** Visits are counted from 1. */
  readonly visit: number;
  /** Index into `WorldOptions.credentials`. */
  readonly rider: number;
  /** What was shown to the scanner (differs from the member's own for "unknown-code"). */
  readonly credential: string;
  readonly behaviour: Behaviour;
  readonly arrivedMs: number;
  /** When they stood before a scanner for the first time, after queueing. */
  readonly firstScanMs: number | undefined;
  readonly endedMs: number | undefined;
  /** The last cabinet tried. */
  readonly cabinet: string;
  readonly cabinetsTried: readonly string[];
  /**
   * Ground truth at the first scan of any cabinet tried: a pack that may be handed out *and* an empty bay were there (for a debt:
   * the pack alone), both for long enough that the station must have heard so.
   */
  readonly readyAtArrival: boolean;
  /** Id of the last prompt that meant no: a refusal, a pack given back, a swap cancelled. */
  readonly refusal: string | undefined;
  readonly depositedPack: string | undefined;
  /** Coldest cell of the pack they brought, as they arrived; undefined when they brought none. */
  readonly broughtC: number | undefined;
  readonly receivedPack: string | undefined;
  /** When the pack they came for was in their hands. */
  readonly receivedMs: number | undefined;
  /** Left with a pack of the station that they did not bring. */
  readonly leftWithPack: boolean;
  readonly ending: Ending | undefined;
}

/** What a sentence asks of the person in front of the cabinet; the words themselves do not matter here. */
export type Cue =
  /** Put your pack into `bay`, or: nothing was seen in it, try again. */
  | "insert"
  | "push-plug"
  | "shut-door"
  /** Take the full pack out of `bay`. */
  | "take"
  /** Take out of `bay` what you put in; `code` says why. */
  | "take-back"
  | "wait"
  /** The visit is over, well. */
  | "done"
  /** The scan was answered with no; `code` says why. */
  | "refused"
  /** The visit is over, badly (cancelled, timed out, interrupted); `code` says why. */
  | "ended";

/** What the people at one cabinet hear or read. */
export interface WorldPrompt {
  /** The sentence's own id, for digests and records. */
  readonly promptId: string;
  readonly cue: Cue;
  readonly bay?: number;
  readonly code?: string;
  /** After a refusal: whether another cabinet may do better. Default true. */
  readonly elsewhere?: boolean;
}

/** A visit made on purpose, for scenarios and tests. What is missing is drawn as for any other arrival. */
export interface ArrangedVisit {
  readonly rider?: number;
  readonly behaviour?: Behaviour;
  readonly cabinet?: string;
  readonly socPct?: number;
  readonly packC?: number;
}
