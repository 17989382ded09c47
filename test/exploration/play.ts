/** What a move makes of a world. */
import { noLevels } from "../../services/levels.ts";
import { bayState } from "../../services/station/view.ts";
import { digestOf } from "../support/bench-config.ts";
import type { CutWithin, LockEnd, Move, WholeMove } from "./moves.ts";
import { MainsFailed, Runner, scanMs, type Watch } from "./runner.ts";
import { bayOf, changeBay, changeRider, type Scene, type World, wallMsOf } from "./world.ts";

export interface Played {
  readonly world: World;
  /** Records that reached the disk on the way: before each of them the mains could have failed. */
  readonly written: number;
}

/** A person's windows end after 60 s; nothing waits longer for anything that shows. */
const waitMsMax = 70_000;
const idleMsMax = 32_000;
const fineMs = 4_000;

function scan(runner: Runner, was: World, rider: number, cabinet: string): World {
  const world = changeRider(was, rider, { scanned: true });
  return runner.put(world, { type: "scan", cabinet, digest: digestOf(was.riders[rider]?.member ?? "") });
}

/** Whose pack goes into a bay that was not opened for its rider is out of the station's hands. */
function put(was: World, rider: number, bay: number): World {
  const { member, hand } = was.riders[rider] ?? {};
  const swap = Object.values(was.station.swaps).find((running) => running.member === member);
  const asked = swap?.at === "await-insert" && swap.inBay === bay;
  const { opened } = bayOf(was, bay);
  const mine = asked || (opened !== undefined && was.station.durable.lockOuts[String(bay)]?.member === member);
  const moved = changeRider(was, rider, { hand: undefined, astray: !mine, left: bay });
  return changeBay(moved, bay, { pack: hand, touched: true, silent: false });
}

/** What is taken by another than the one it was opened for is missed by that one. */
function take(was: World, rider: number, bay: number): World {
  const { pack } = bayOf(was, bay);
  const { member } = was.riders[rider] ?? {};
  const swap = Object.values(was.station.swaps).find((running) => running.inBay === bay || running.outBay === bay);
  let world = changeRider(was, rider, { hand: pack, astray: false, left: undefined });
  was.riders.forEach((other, index) => {
    const robbed = index !== rider && (swap === undefined ? other.hand === undefined : swap.member === other.member);
    if (robbed && swap?.member !== member) world = changeRider(world, index, { astray: true });
  });
  return changeBay(world, bay, { pack: undefined, touched: true, silent: false });
}

function lock(runner: Runner, was: World, bay: number, how: LockEnd): World {
  const pulse = was.pulses.find((candidate) => candidate.bay === bay);
  if (pulse === undefined) return was;
  const landed = { ...was, pulses: was.pulses.filter((candidate) => candidate !== pulse) };
  if (how === "is not driven") return runner.put(landed, { type: "lock-failed", bay, why: "no answer" });
  const driven = runner.drive(landed, pulse, how === "opens" || how === "opens unheard");
  return how === "opens" || how === "stays shut" ? runner.put(driven, { type: "lock-driven", bay }) : driven;
}

/** What somebody who stands there, or looks at the cabinet from afar, could notice. */
function shows(scene: Scene, { station, image, nowMs }: World): string {
  const input = { state: station, readings: image, granted: noLevels, nowMs, wallMs: wallMsOf(nowMs) };
  const swaps = Object.values(station.swaps).map((swap) =>
    "opening" in swap ? `${swap.id} ${swap.at} ${swap.opening.step}` : `${swap.id} ${swap.at}`,
  );
  const bays = station.bays.map((bay) => (bay === undefined ? "" : bayState(input, bay.bay, scene.context)));
  return `${swaps.join()} ${station.recovering.length} ${bays.join()} ${Object.keys(station.durable.lockOuts).join()}`;
}

const isBusy = ({ station, pulses }: World): boolean =>
  pulses.length > 0 || station.recovering.length > 0 || Object.keys(station.swaps).length > 0;

/** Scans until something shows, and the world one scan before that. */
function wait(runner: Runner, scene: Scene, from: World): { before: World; after: World } {
  let before = from;
  let world = runner.tick(from);
  const first = shows(scene, from);
  const busy = isBusy(from);
  const endMs = from.nowMs + (busy ? waitMsMax : idleMsMax);
  while (shows(scene, world) === first && world.pulses === from.pulses) {
    if (world.nowMs >= endMs) return { before, after: { ...world, settled: true } };
    before = world;
    world = runner.tick(world, busy && world.nowMs - from.nowMs < fineMs ? scanMs : 1_000);
  }
  return { before, after: world };
}

function moved(runner: Runner, scene: Scene, was: World, move: WholeMove): World {
  switch (move.do) {
    case "scan":
      return scan(runner, was, move.rider, move.cabinet);
    case "put":
      return put(was, move.rider, move.bay);
    case "take":
      return take(was, move.rider, move.bay);
    case "shut":
      return changeBay(was, move.bay, { open: false });
    case "lock":
      return lock(runner, was, move.bay, move.how);
    case "silence":
      return changeBay(was, move.bay, { silent: move.silent });
    case "jam":
      return changeBay(was, move.bay, { jammed: move.jammed });
    case "smoke":
      return { ...was, smoke: { ...was.smoke, [move.cabinet]: move.smoke } };
    case "disk":
      return runner.disk(was, move.mode);
    case "cut":
      return runner.cut(was, move.lands, move.written);
    case "tick":
      return runner.tick(was);
    case "wait":
      return wait(runner, scene, was).after;
    case "nearly":
      return wait(runner, scene, was).before;
  }
}

function cutWithin(scene: Scene, was: World, move: CutWithin, watch: Watch): Played {
  const runner = new Runner(scene, watch, move.after);
  try {
    moved(runner, scene, was, move.move);
  } catch (problem) {
    if (!(problem instanceof MainsFailed)) throw problem;
    const after = new Runner(scene, watch);
    return { world: after.cut({ ...problem.world, settled: false }, move.lands, 0), written: after.written };
  }
  throw new Error("the move wrote less than it did before");
}

export function play(scene: Scene, was: World, move: Move, watch: Watch): Played {
  const from = was.settled ? { ...was, settled: false } : was;
  if (move.do === "cut-within") return cutWithin(scene, from, move, watch);
  const runner = new Runner(scene, watch);
  return { world: moved(runner, scene, from, move), written: runner.written };
}
