/**
 * What a power cut does not touch: doors, locks, packs, plugs, smoke, and what every rider gave and took. It can be copied
 * at any instant, so that many futures start from one past. It knows no controller; whoever acts on it is told of it first.
 */
import type { PackReading } from "../../services/readings.ts";
import { fullPack } from "../support/bench-config.ts";

/** `stuck` is driven and does not move; `dead` says that it was not driven; `mute` neither moves nor answers. */
export type Lock = "works" | "stuck" | "dead" | "mute";

export interface WorldBay {
  readonly bay: number;
  readonly cabinet: string;
  open: boolean;
  pack: PackReading | undefined;
  /** The pack's plug is home, so that it answers. */
  plugged: boolean;
  lock: Lock;
}

/** What one rider has given to the station and taken from it; what counts is the difference. */
export interface Account {
  gave: number;
  took: number;
}

export class World {
  readonly bays: readonly (WorldBay | undefined)[];
  readonly smoke: Record<string, boolean>;
  readonly accounts: Record<string, Account>;
  /** Who took a pack out of a bay last. */
  takers: Readonly<Record<string, string>> = {};
  /** Moves on with everything that happens, so that two instants can be told apart. */
  version = 0;

  constructor(
    bays: readonly (WorldBay | undefined)[],
    smoke: Record<string, boolean>,
    accounts: Record<string, Account>,
  ) {
    this.bays = bays;
    this.smoke = smoke;
    this.accounts = accounts;
  }

  copy(): World {
    const accounts: Record<string, Account> = {};
    for (const [member, account] of Object.entries(this.accounts)) accounts[member] = { ...account };
    const copied = new World(
      this.bays.map((bay) => (bay === undefined ? undefined : { ...bay })),
      { ...this.smoke },
      accounts,
    );
    copied.version = this.version;
    copied.takers = this.takers;
    return copied;
  }

  bay(number: number): WorldBay {
    const found = this.bays[number];
    if (found === undefined) throw new Error(`there is no bay ${number}`);
    return found;
  }

  account(member: string): Account {
    this.accounts[member] ??= { gave: 0, took: 0 };
    return this.accounts[member];
  }

  /** Packs of this rider that the station has and has given nothing for. */
  owes(member: string): number {
    const { gave, took } = this.account(member);
    return gave - took;
  }

  openBays(cabinet: string): number[] {
    return this.bays.flatMap((bay) => (bay?.cabinet === cabinet && bay.open ? [bay.bay] : []));
  }

  put(number: number, pack: PackReading, member: string, plugged: boolean): void {
    const bay = this.bay(number);
    if (!bay.open || bay.pack !== undefined) throw new Error(`nothing can be put into bay ${number}`);
    bay.pack = pack;
    bay.plugged = plugged;
    this.account(member).gave++;
    this.version++;
  }

  take(number: number, member: string): PackReading {
    const bay = this.bay(number);
    const { pack } = bay;
    if (!bay.open || pack === undefined) throw new Error(`nothing can be taken from bay ${number}`);
    bay.pack = undefined;
    this.account(member).took++;
    if (pack.packId !== undefined) this.takers = { ...this.takers, [pack.packId]: member };
    this.version++;
    return pack;
  }

  shut(number: number): void {
    this.bay(number).open = false;
    this.version++;
  }

  plugHome(number: number): void {
    this.bay(number).plugged = true;
    this.version++;
  }

  /** What a coil does that was driven. */
  pulse(number: number): void {
    const bay = this.bay(number);
    if (bay.lock !== "works" || bay.open) return;
    bay.open = true;
    this.version++;
  }

  setSmoke(cabinet: string, on: boolean): void {
    this.smoke[cabinet] = on;
    this.version++;
  }

  packIds(): string[] {
    return this.bays.flatMap((bay) => (bay?.pack?.packId === undefined ? [] : [bay.pack.packId]));
  }
}

/** Cabinets `c-1`, `c-2`, … of the same size, the last bays of each holding full packs. */
export function newWorld(options: { cabinets: number; baysEach: number; full: number }): World {
  const bays: (WorldBay | undefined)[] = [undefined];
  const smoke: Record<string, boolean> = {};
  for (let cabinet = 1; cabinet <= options.cabinets; cabinet++) {
    smoke[`c-${cabinet}`] = false;
    for (let n = 1; n <= options.baysEach; n++) {
      const bay = bays.length;
      const pack = n > options.baysEach - options.full ? fullPack(`yz-full-${bay}`, 95) : undefined;
      bays.push({ bay, cabinet: `c-${cabinet}`, open: false, pack, plugged: true, lock: "works" });
    }
  }
  return new World(bays, smoke, {});
}
