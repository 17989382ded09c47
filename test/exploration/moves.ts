/**
 * Everything that can happen next in a world, and how it is told. Each move is marked as proper (what riders, locks, packs and
 * mains should do) or as a deviation, which is what an exploration may ration.
 */
import type { Swap } from "../../services/swap/swap.ts";
import { bayOf, openBays, type World } from "./world.ts";

export type LockEnd = "opens" | "stays shut" | "is not driven" | "opens unheard" | "stays shut unheard";

/** A move that is made to its end. */
export type WholeMove =
  | { readonly do: "scan"; readonly rider: number; readonly cabinet: string }
  | { readonly do: "put" | "take"; readonly rider: number; readonly bay: number }
  | { readonly do: "shut"; readonly bay: number }
  | { readonly do: "lock"; readonly bay: number; readonly how: LockEnd }
  | { readonly do: "silence"; readonly bay: number; readonly silent: boolean }
  | { readonly do: "jam"; readonly bay: number; readonly jammed: boolean }
  | { readonly do: "smoke"; readonly cabinet: string; readonly smoke: boolean }
  | { readonly do: "disk"; readonly mode: World["disk"]["mode"] }
  | { readonly do: "cut"; readonly lands: boolean; readonly written: number }
  /** One scan; all scans until something is decided; all but the last of them. */
  | { readonly do: "tick" | "wait" | "nearly" };

/** The mains fail in the middle of a move, after so many of its records. */
export interface CutWithin {
  readonly do: "cut-within";
  readonly move: WholeMove;
  readonly after: number;
  readonly lands: boolean;
}

export type Move = WholeMove | CutWithin;

export interface Way {
  readonly move: WholeMove;
  readonly deviates: boolean;
}

/** A pulse reaches its lock within this, or its answer is lost. */
const wireMs = 500;

const lockEnds: readonly LockEnd[] = ["opens", "stays shut", "is not driven", "opens unheard", "stays shut unheard"];

const swapOf = (world: World, member: string): Swap | undefined =>
  Object.values(world.station.swaps).find((swap) => swap.member === member);

const ownerOf = (world: World, bay: number): Swap | undefined =>
  Object.values(world.station.swaps).find((swap) => swap.inBay === bay || swap.outBay === bay);

/** What a rider who does as asked would do with this door: shut it when done, and whenever no swap is about it. */
function properShut(world: World, bay: number): boolean {
  const swap = ownerOf(world, bay);
  const { pack } = bayOf(world, bay);
  switch (swap?.at) {
    case undefined:
      return true;
    case "await-insert":
      return swap.inBay === bay && pack !== undefined;
    case "await-take-back":
      return swap.inBay === bay && pack === undefined;
    case "taken":
      return swap.outBay === bay && pack === undefined;
    default:
      return false;
  }
}

function properTake(world: World, member: string, bay: number): boolean {
  const swap = swapOf(world, member);
  if (swap === undefined) return ownerOf(world, bay) === undefined;
  return (swap.at === "await-take" && swap.outBay === bay) || (swap.at === "await-take-back" && swap.inBay === bay);
}

function properPut(world: World, member: string, bay: number): boolean {
  const swap = swapOf(world, member);
  return swap?.at === "await-insert" && swap.inBay === bay;
}

function riderWays(world: World): Way[] {
  const ways: Way[] = [];
  world.riders.forEach(({ member, hand }, rider) => {
    for (const bay of openBays(world)) {
      const { pack, touched } = bayOf(world, bay);
      if (touched) continue;
      if (hand !== undefined && pack === undefined)
        ways.push({ move: { do: "put", rider, bay }, deviates: !properPut(world, member, bay) });
      if (hand === undefined && pack !== undefined)
        ways.push({ move: { do: "take", rider, bay }, deviates: !properTake(world, member, bay) });
    }
  });
  for (const bay of openBays(world)) ways.push({ move: { do: "shut", bay }, deviates: !properShut(world, bay) });
  return ways;
}

/** Nobody scans a second code while the pulse to the first bay is on the wire, or twice in a row for nothing. */
function scanWays(world: World): Way[] {
  return world.riders.flatMap(({ member }, rider) =>
    Object.keys(world.smoke).map((cabinet): Way => {
      const running = swapOf(world, member);
      const proper = running === undefined ? world.station.swaps[cabinet] === undefined : running.unattended;
      return { move: { do: "scan", rider, cabinet }, deviates: !proper };
    }),
  );
}

/** A jammed lock has one way to go; any other may fail this once. */
const lockWays = (world: World): Way[] =>
  world.pulses.flatMap(({ bay }): Way[] =>
    bayOf(world, bay).jammed
      ? [{ move: { do: "lock", bay, how: "stays shut" }, deviates: false }]
      : lockEnds.map((how): Way => ({ move: { do: "lock", bay, how }, deviates: how !== "opens" })),
  );

function troubleWays(world: World): Way[] {
  const ways: Way[] = [];
  world.bays.forEach((inside, bay) => {
    if (inside?.pack !== undefined || inside?.silent === true)
      ways.push({ move: { do: "silence", bay, silent: !inside.silent }, deviates: !inside.silent });
    if (inside !== undefined) ways.push({ move: { do: "jam", bay, jammed: !inside.jammed }, deviates: !inside.jammed });
  });
  for (const [cabinet, smoke] of Object.entries(world.smoke))
    ways.push({ move: { do: "smoke", cabinet, smoke: !smoke }, deviates: !smoke });
  const { mode } = world.disk;
  if (mode !== "works") ways.push({ move: { do: "disk", mode: "works" }, deviates: false });
  if (mode !== "fails") ways.push({ move: { do: "disk", mode: "fails" }, deviates: true });
  if (mode === "works") ways.push({ move: { do: "disk", mode: "slow" }, deviates: true });
  return ways;
}

function cutWays(world: World): Way[] {
  const held = world.disk.waiting.flatMap((step) => step.flatMap(({ records }) => records)).length;
  const ways: Way[] = [];
  for (let written = 0; written <= held; written++) {
    ways.push({ move: { do: "cut", lands: false, written }, deviates: true });
    if (world.pulses.length > 0) ways.push({ move: { do: "cut", lands: true, written }, deviates: true });
  }
  return ways;
}

function timeWays(world: World, people: readonly Way[]): Way[] {
  const onWire = world.pulses.length > 0;
  if (onWire)
    return world.pulses.every(({ sinceMs }) => world.nowMs - sinceMs < wireMs)
      ? [{ move: { do: "tick" }, deviates: true }]
      : [];
  // Somebody is expected to act: to let the time go by is a deviation too.
  const expected = people.some(({ deviates }) => !deviates);
  const tick: Way = { move: { do: "tick" }, deviates: true };
  if (world.settled) return [tick];
  return [{ move: { do: "wait" }, deviates: expected }, { move: { do: "nearly" }, deviates: true }, tick];
}

/** A disk that holds back so many steps does nothing else until it has answered. */
const heldMax = 2;

/** All that can happen next, cuts within a move aside: those follow from what the move writes. */
export function waysFrom(world: World): Way[] {
  if (world.disk.waiting.length >= heldMax)
    return [...troubleWays(world).filter(({ move }) => move.do === "disk"), ...cutWays(world)];
  const people = riderWays(world);
  const others = [...lockWays(world), ...people, ...scanWays(world), ...troubleWays(world)];
  return [...others, ...timeWays(world, people), ...cutWays(world)];
}

const lockEndText: Readonly<Record<LockEnd, string>> = {
  opens: "opens",
  "stays shut": "is driven and stays shut",
  "is not driven": "is not driven, and says so",
  "opens unheard": "opens, but its answer is lost",
  "stays shut unheard": "stays shut, and its answer is lost",
};

export function tell(move: Move): string {
  switch (move.do) {
    case "scan":
      return `rider ${move.rider + 1} scans at ${move.cabinet}`;
    case "put":
      return `rider ${move.rider + 1} puts the pack in hand into bay ${move.bay}`;
    case "take":
      return `rider ${move.rider + 1} takes the pack out of bay ${move.bay}`;
    case "shut":
      return `the door of bay ${move.bay} is shut`;
    case "lock":
      return `the lock of bay ${move.bay} ${lockEndText[move.how]}`;
    case "silence":
      return move.silent ? `the pack in bay ${move.bay} falls silent` : `the pack in bay ${move.bay} answers again`;
    case "jam":
      return move.jammed ? `the lock of bay ${move.bay} jams` : `the lock of bay ${move.bay} is mended`;
    case "smoke":
      return move.smoke ? `smoke in ${move.cabinet}` : `the smoke in ${move.cabinet} is gone`;
    case "disk":
      return { works: "the disk works again", slow: "the disk holds back", fails: "the disk fails" }[move.mode];
    case "cut":
      return `the power fails and returns${move.lands ? "; pulses on the wire still land" : ""}${
        move.written > 0 ? `; ${move.written} record(s) held back had reached the disk` : ""
      }`;
    case "tick":
      return "one scan";
    case "wait":
      return "scans until something is decided";
    case "nearly":
      return "scans until one before something is decided";
    case "cut-within":
      return `${tell(move.move)}, but the power fails after ${move.after} of its records, and returns${
        move.lands ? "; pulses on the wire still land" : ""
      }`;
  }
}
