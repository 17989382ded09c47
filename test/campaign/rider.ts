/**
 * A person at a cabinet. Acts on what a person can see and hear: open doors, what stands in them, the last sentence with a bay
 * in it. Has manners (forgets, leaves, shuts on nothing) and takes time. Copied with the world, because people outlive power
 * cuts.
 */

import type { Prompt } from "../../services/prompts.ts";
import type { PackReading } from "../../services/readings.ts";
import type { SplitRandom } from "../../simulator/random.ts";
import type { World } from "./world.ts";

export interface Manner {
  /** Shuts the empty bay on nothing so many times before doing what was asked. */
  readonly shutsOnNothing: number;
  /** Shuts the full bay with the pack inside so many times. */
  readonly takesNothing: number;
  /** Walks away after so many deeds, leaving everything as it is. */
  readonly leavesAfter: number;
  /** Does not push the plug home until told to; `never` has a plug that is broken. */
  readonly plug: "home" | "when told" | "never";
  readonly slownessMs: number;
}

export const proper: Manner = {
  shutsOnNothing: 0,
  takesNothing: 0,
  leavesAfter: Number.POSITIVE_INFINITY,
  plug: "home",
  slownessMs: 3_000,
};

/** After these nothing is to be taken from a door that still stands open: scan, wait for help, or leave, it is said. */
const toldToLeaveIt: ReadonlySet<string> = new Set([
  "evacuate",
  "owed",
  "owed-open",
  "interrupted",
  "own-door-stuck",
  "refused-no-pack",
  "refused-fire",
]);

const asksToPutIn: ReadonlySet<string> = new Set(["insert-pack", "insert-again", "push-plug", "suspended-open"]);

type Deed = "put" | "take" | "plug" | "shut";

export interface RiderData {
  readonly member: string;
  readonly cabinet: string;
  hand: PackReading | undefined;
  /** The pack they came with. */
  own: string | undefined;
  manner: Manner;
  here: boolean;
  /** The bay they are concerned with. */
  at: number | undefined;
  heard: string | undefined;
  /** Doors that stood open already when they came. */
  notMine: readonly number[];
  /** Put into the open bay and not shut in yet. */
  justPut: boolean;
  /** Was told to take nothing now. */
  leavesIt: boolean;
  /** Their own pack was handed back to them at this visit. */
  gotBack: boolean;
  erred: number;
  deeds: number;
  /** The lights went out while they stood here. */
  dark: boolean;
}

export const newRider = (member: string, cabinet: string, hand: PackReading | undefined): RiderData => ({
  member,
  cabinet,
  hand,
  own: hand?.packId,
  manner: proper,
  here: false,
  at: undefined,
  heard: undefined,
  notMine: [],
  justPut: false,
  leavesIt: false,
  gotBack: false,
  erred: 0,
  deeds: 0,
  dark: false,
});

export class Rider {
  readonly data: RiderData;
  private readonly world: World;
  private readonly random: SplitRandom;
  private planned: { readonly dueMs: number; readonly deed: Deed; readonly bay: number } | undefined;

  constructor(data: RiderData, world: World, random: SplitRandom) {
    this.data = data;
    this.world = world;
    this.random = random;
  }

  hear(prompt: Prompt): void {
    const { data } = this;
    if (!data.here) return;
    data.heard = prompt.id;
    if (toldToLeaveIt.has(prompt.id)) data.leavesIt = true;
    else if (prompt.bay !== undefined) data.leavesIt = false;
    data.dark = false;
    if (prompt.bay !== undefined) data.at = prompt.bay;
  }

  /** Comes to the cabinet, or comes back to it. */
  come(manner: Manner): void {
    this.data.notMine = this.world.openBays(this.data.cabinet);
    Object.assign(this.data, {
      manner,
      here: true,
      at: undefined,
      heard: undefined,
      erred: 0,
      deeds: 0,
      dark: false,
      gotBack: false,
    });
  }

  /** Comes back with the pack in hand to the door that was left open, and puts it in before scanning. */
  putLate(): void {
    const { data, world } = this;
    const bay = data.at === undefined ? undefined : world.bay(data.at);
    if (bay === undefined || !bay.open || bay.pack !== undefined) return;
    if (data.hand === undefined || data.hand.packId !== data.own || !this.isToGive()) return;
    this.carryOut("put", bay.bay);
    this.carryOut("shut", bay.bay);
  }

  /** The power went while they stood here; what they were told to do later they remember. */
  darken(): void {
    const { data } = this;
    if (!data.here) return;
    Object.assign(data, { dark: true, heard: undefined });
  }

  /** Looks and, when it is time, does something; says what was done. */
  look(nowMs: number): string | undefined {
    const { data, planned } = this;
    if (!data.here) return undefined;
    const wanted = this.wanted();
    if (wanted === undefined) {
      this.planned = undefined;
      return undefined;
    }
    if (planned?.deed !== wanted.deed || planned.bay !== wanted.bay) {
      const reactMs = 300 + this.random.exponential(data.manner.slownessMs);
      this.planned = { ...wanted, dueMs: nowMs + Math.min(reactMs, 30_000) };
      return undefined;
    }
    if (nowMs < planned.dueMs) return undefined;
    this.planned = undefined;
    this.carryOut(wanted.deed, wanted.bay);
    if (++data.deeds >= data.manner.leavesAfter) data.here = false;
    return `${data.member} ${wanted.deed} ${wanted.bay}`;
  }

  /** Still has something to do at an open door. */
  isBusy(): boolean {
    return this.data.here && this.wanted() !== undefined;
  }

  private wanted(): { readonly deed: Deed; readonly bay: number } | undefined {
    const { data, world } = this;
    const open = world.openBays(data.cabinet);
    // Without a word, a person in the middle of a swap turns to the one door that opened since they came.
    const opened = open.filter((bay) => !data.notMine.includes(bay));
    if (data.dark && (data.at === undefined || !open.includes(data.at)) && opened.length === 1) data.at = opened[0];
    const { at } = data;
    if (at === undefined || !open.includes(at)) return undefined;
    const deed = this.deedAt(at);
    return deed === undefined ? undefined : { deed, bay: at };
  }

  private deedAt(bay: number): Deed {
    const { data, world } = this;
    const inside = world.bay(bay).pack;
    if (inside === undefined) {
      const hasOwn = data.hand !== undefined && data.hand.packId === data.own;
      return hasOwn && data.erred >= data.manner.shutsOnNothing && this.isToGive() ? "put" : "shut";
    }
    if (data.hand !== undefined || data.justPut || data.leavesIt) return "shut";
    if (inside.packId !== data.own) return data.erred < data.manner.takesNothing ? "shut" : "take";
    if (data.heard !== "push-plug") return "take";
    return world.bay(bay).plugged || data.manner.plug === "never" ? "shut" : "plug";
  }

  /** Puts in only what was asked for: not a pack that was just handed back with a reason. */
  private isToGive(): boolean {
    const { heard, dark, gotBack } = this.data;
    return (dark && !gotBack) || asksToPutIn.has(heard ?? "");
  }

  private carryOut(deed: Deed, bay: number): void {
    const { data, world } = this;
    const { pack } = world.bay(bay);
    switch (deed) {
      case "put":
        if (data.hand === undefined) return;
        world.put(bay, data.hand, data.member, data.manner.plug === "home");
        data.hand = undefined;
        data.justPut = true;
        return;
      case "take":
        data.hand = world.take(bay, data.member);
        data.gotBack = data.hand.packId === data.own;
        return;
      case "plug":
        world.plugHome(bay);
        return;
      case "shut": {
        const hasOwn = data.hand !== undefined && data.hand.packId === data.own;
        const isError = pack === undefined ? hasOwn : data.hand === undefined && !data.justPut;
        if (isError) data.erred++;
        data.justPut = false;
        world.shut(bay);
      }
    }
  }
}
