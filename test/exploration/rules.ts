/** What a rule of the exploration is, and small questions that many of them ask. */
import type { Effect } from "../../services/effects.ts";
import type { OpenSwap } from "../../services/journal/durable.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { Seen } from "./runner.ts";
import type { Pulse, Scene, World } from "./world.ts";

/** Says what is wrong, or nothing. */
export interface Rule {
  /** The invariant's number, where it has one. */
  readonly id: string;
  readonly says: string;
  /** After every decision. */
  readonly step?: (seen: Seen) => string | undefined;
  /** In every world that is reached. */
  readonly rest?: (scene: Scene, world: World) => string | undefined;
  /** In every world that is reached by a start. */
  readonly started?: (scene: Scene, world: World) => string | undefined;
  /** When a pulse goes out. */
  readonly sent?: (scene: Scene, world: World, pulse: Pulse) => string | undefined;
  /** When a coil is energised. */
  readonly driven?: (scene: Scene, world: World, bay: number) => string | undefined;
}

export function recordsOf<K extends JournalRecord["kind"]>(
  effects: readonly Effect[],
  kind: K,
): Extract<JournalRecord, { kind: K }>[] {
  return effects.flatMap((effect) =>
    effect.do === "record" && effect.record.kind === kind ? [effect.record as Extract<JournalRecord, { kind: K }>] : [],
  );
}

type Held = Pick<OpenSwap, "id" | "member" | "cabinet" | "inBay" | "outBay" | "spares">;

/** Swaps that run, and those that wait to be taken up again. */
export const swapsOf = ({ station }: World): Held[] => [
  ...Object.values(station.swaps),
  ...station.recovering.map(({ swap }) => swap),
];

/** Every bay a swap holds, once. */
export const holdsOf = ({ inBay, outBay, spares }: Held): number[] => [
  ...new Set([inBay, outBay, ...spares].filter((bay) => bay !== undefined)),
];

/** A bay that no wire has told anything of. */
export const isUnread = ({ image }: World): boolean => image.bays.every((bay) => bay?.present === undefined);
