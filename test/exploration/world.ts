/**
 * The world that is explored: the station's real state, what its wires last said, its disk, and around it bays, packs, riders
 * and smoke as they truly are. Immutable data, so that any moment can be gone on from in every way. It decides nothing.
 */
import type { StationConfig } from "../../services/config.ts";
import type { Effect } from "../../services/effects.ts";
import { type Durable, emptyDurable } from "../../services/journal/durable.ts";
import type { PackReading, StationReadings } from "../../services/readings.ts";
import { emptyBayReadings, emptyCabinetReadings } from "../../services/readings.ts";
import { bootState, type StationContext, type StationState } from "../../services/station/state.ts";
import { benchConfig, benchContext, fullPack, memberName, pack } from "../support/bench-config.ts";

export interface BayWorld {
  readonly open: boolean;
  readonly pack: string | undefined;
  /** The pack inside does not answer. */
  readonly silent: boolean;
  /** The lock is driven and does not move. */
  readonly jammed: boolean;
  /** What was put in or taken out since the contacts were last read: hands are not faster than contacts. */
  readonly touched: boolean;
  /** The door's last opening by command: for which swap, and what stood inside. */
  readonly opened: { readonly swap: string; readonly pack: string | undefined } | undefined;
  /** When the coil was driven, at most three times. */
  readonly pulses: readonly number[];
}

export interface RiderWorld {
  readonly member: string;
  readonly hand: string | undefined;
  /** Has scanned since the station's last start. */
  readonly scanned: boolean;
  /** Gave the own pack away by an own mistake, or had the new one stolen: nobody can owe this rider anything for it. */
  readonly astray: boolean;
  /** The bay into which the own pack was put, until another is taken. */
  readonly left: number | undefined;
}

export interface Pulse {
  readonly bay: number;
  readonly swap: string | undefined;
  readonly sinceMs: number;
}

type RecordEffect = Extract<Effect, { do: "record" }>;

/** Records that go to the disk together, and what may be done once they are there. */
export interface Run {
  readonly records: readonly RecordEffect[];
  readonly acts: readonly Effect[];
}

export interface DiskWorld {
  readonly mode: "works" | "slow" | "fails";
  /** What the records on the disk amount to. */
  readonly durable: Durable;
  /** Steps whose records a slow disk still holds back, and with them what stands behind. */
  readonly waiting: readonly (readonly Run[])[];
  /** A power cut took what a failed disk never got: the log is not the whole truth any more. */
  readonly hole: boolean;
}

export interface World {
  readonly nowMs: number;
  readonly station: StationState;
  /** What the wires said when they were last asked. */
  readonly image: StationReadings;
  /** Charging current by bay as the interlocks let it through. */
  readonly chargeMa: readonly number[];
  /** Index = bay number; index 0 is unused. */
  readonly bays: readonly (BayWorld | undefined)[];
  readonly riders: readonly RiderWorld[];
  readonly smoke: Readonly<Record<string, boolean>>;
  readonly disk: DiskWorld;
  /** Pulses on their way to a lock. */
  readonly pulses: readonly Pulse[];
  /** The coil that is on, and until when. */
  readonly coil: { readonly bay: number; readonly untilMs: number } | undefined;
  /** Nothing moves any more by itself. */
  readonly settled: boolean;
}

/** One station with its fixed parts. */
export interface Scene {
  readonly name: string;
  readonly config: StationConfig;
  readonly context: StationContext;
  readonly packs: Readonly<Record<string, PackReading>>;
  readonly first: World;
}

export const wallMsOf = (nowMs: number): number => 1_769_800_000_000 + nowMs;

const bootMs = 1_000_000;

export interface SceneOptions {
  readonly name: string;
  readonly cabinets: number;
  readonly baysEach: number;
  /** Packs by bay. */
  readonly stock: Readonly<Record<number, PackReading>>;
  /** Each rider carries the pack that was handed to the other. */
  readonly exchanged?: boolean;
}

export function emptyImage(config: StationConfig): StationReadings {
  const cabinets: Record<string, StationReadings["cabinets"][string]> = {};
  for (const { id } of config.cabinets) cabinets[id] = emptyCabinetReadings();
  const bays = config.bays.map((layout) => (layout === undefined ? undefined : emptyBayReadings()));
  return { bays, cabinets, station: { emergencyStop: undefined } };
}

const riderPacks = [pack("yz-own-1"), pack("yz-own-2")];

function packsOf(stock: SceneOptions["stock"]): Record<string, PackReading> {
  const found: Record<string, PackReading> = {};
  for (const reading of [...Object.values(stock), ...riderPacks]) found[reading.packId ?? ""] = reading;
  return found;
}

/** Two riders with a pack each stand before a station that has just been switched on. */
export function newScene({ name, cabinets, baysEach, stock, exchanged = false }: SceneOptions): Scene {
  const config = benchConfig({ cabinets, baysEach });
  const context = benchContext(config);
  const riders = riderPacks.map(
    ({ packId }, index): RiderWorld => ({
      member: memberName(index + 1),
      hand: packId,
      scanned: false,
      astray: false,
      left: undefined,
    }),
  );
  const hands = exchanged ? riders.map(({ hand }) => hand).reverse() : riders.map(({ hand }) => hand);
  const holders = Object.fromEntries(riders.map(({ member }, index) => [hands[index] ?? "", member]));
  const durable: Durable = { ...emptyDurable, holders };
  const bays = config.bays.map((layout, bay): BayWorld | undefined =>
    layout === undefined
      ? undefined
      : {
          open: false,
          pack: stock[bay]?.packId,
          silent: false,
          jammed: false,
          touched: false,
          opened: undefined,
          pulses: [],
        },
  );
  const first: World = {
    nowMs: bootMs,
    station: bootState(context, durable, bootMs),
    image: emptyImage(config),
    chargeMa: bays.map(() => 0),
    bays,
    riders,
    smoke: Object.fromEntries(config.cabinets.map(({ id }) => [id, false])),
    disk: { mode: "works", durable, waiting: [], hole: false },
    pulses: [],
    coil: undefined,
    settled: false,
  };
  return { name, config, context, packs: packsOf(stock), first };
}

/** One cabinet: bay 1 empty, full packs in 2 and 3, one of them better than the other. */
export const oneCabinet = (): Scene =>
  newScene({
    name: "one cabinet of three bays",
    cabinets: 1,
    baysEach: 3,
    stock: { 2: fullPack("yz-full-2", 97), 3: fullPack("yz-full-3", 93) },
  });

/** One cabinet with one pack to hand out, full to the brim, and one that is charging. */
export const lowStock = (): Scene =>
  newScene({
    name: "one cabinet of three bays, one pack still charging",
    cabinets: 1,
    baysEach: 3,
    stock: { 2: fullPack("yz-full-2", 100), 3: pack("yz-low-3", { socPct: 50 }) },
  });

/** The same with the riders' packs exchanged before they came. */
export const exchangedPacks = (): Scene =>
  newScene({
    name: "one cabinet of three bays, the riders' packs exchanged",
    cabinets: 1,
    baysEach: 3,
    stock: { 2: fullPack("yz-full-2", 100), 3: pack("yz-low-3", { socPct: 50 }) },
    exchanged: true,
  });

/** Two cabinets of two bays: two riders are really served at once. One pack is full to the brim. */
export const twoCabinets = (): Scene =>
  newScene({
    name: "two cabinets of two bays",
    cabinets: 2,
    baysEach: 2,
    stock: { 2: fullPack("yz-full-2", 96), 4: fullPack("yz-full-4", 100) },
  });

export function changeBay(world: World, bay: number, change: Partial<BayWorld>): World {
  const was = world.bays[bay];
  if (was === undefined) throw new Error(`there is no bay ${bay}`);
  const bays = world.bays.slice();
  bays[bay] = { ...was, ...change };
  return { ...world, bays };
}

export function changeRider(world: World, index: number, change: Partial<RiderWorld>): World {
  const was = world.riders[index];
  if (was === undefined) throw new Error(`there is no rider ${index}`);
  const riders = world.riders.slice();
  riders[index] = { ...was, ...change };
  return { ...world, riders };
}

export function bayOf(world: World, bay: number): BayWorld {
  const found = world.bays[bay];
  if (found === undefined) throw new Error(`there is no bay ${bay}`);
  return found;
}

export const bayNumbers = (world: World): number[] =>
  world.bays.flatMap((bay, number) => (bay === undefined ? [] : [number]));

/** Doors that stand open. */
export const openBays = (world: World): number[] => bayNumbers(world).filter((bay) => world.bays[bay]?.open === true);
