/**
 * One name for all worlds that will go on alike: times become ages, swaps lose their numbers, riders and equal packs their
 * names. It goes by the code's own conventions (a name that ends in `Ms` is a time, `at` and `since` are wall time, an id is
 * known by its form), so that a field nobody here has heard of is simply part of the name. Two worlds with one name may differ
 * in what no decision rests on; every world that is visited was really reached, so that can hide a way but never invent one.
 */
import { createHash } from "node:crypto";
import type { BayReadings } from "../../services/readings.ts";
import type { BayWorld, RiderWorld, Scene, World } from "./world.ts";

/** Beyond this age, in ms, a time says nothing new. The numbers are the longest window that looks at the field. */
const agesMs: Readonly<Record<string, number>> = {
  unlockedMs: 15_000,
  absentSinceMs: 16_000,
  openSinceMs: 0,
  contradictsSinceMs: 5_250,
  leakSinceMs: 15_250,
  startedMs: 15_250,
  shutMs: 10_250,
  pulses: 31_000,
  toldMs: 10_000,
  // Times by member.
  offers: 600_250,
};
const otherAgesMs = 61_000;
/** Windows so long that only being inside counts here, not how far. */
const coarse: ReadonlySet<string> = new Set(["offers"]);
/** More samples of one kind than this prove no more. */
const samplesMax = 3;
/** Here a time that is long past is as good as none. */
const pastIsGone: ReadonlySet<string> = new Set(["unlockedMs"]);

/**
 * What no decision rests on: counters, stamps, what was last said. Faults and prompts are told to people and nothing is
 * decided by them.
 */
const ignored: ReadonlySet<string> = new Set([
  "nextSwap",
  "streamSeq",
  "today",
  "answers",
  "outboxCursor",
  "at",
  "since",
  "last",
  "startedAt",
  "faults",
  "prompts",
  "publish",
  "seq",
]);

const isTime = (key: string): boolean => key.endsWith("Ms") || agesMs[key] !== undefined;

const swapId = /^s-\d+$/;

class Names {
  private readonly nowMs: number;
  private readonly names = new Map<string, string>();
  private counts = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  give(id: string, name: string): void {
    if (!this.names.has(id)) this.names.set(id, name);
  }

  of(text: string): string {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    if (!swapId.test(text)) return text;
    const name = `s${this.counts++}`;
    this.names.set(text, name);
    return name;
  }

  age(timeMs: number, key: string): string {
    const ageMs = this.nowMs - timeMs;
    const oldMs = agesMs[key] ?? otherAgesMs;
    if (ageMs >= oldMs) return "old";
    return coarse.has(key) ? "lately" : String(ageMs);
  }

  private number(value: number, key: string): string {
    if (isTime(key)) return this.age(value, key);
    return key === "samples" && value > samplesMax ? String(samplesMax) : String(value);
  }

  write(value: unknown, key: string): string {
    if (typeof value === "string") return this.of(value);
    if (typeof value === "number") return this.number(value, key);
    if (typeof value !== "object" || value === null) return String(value);
    if (Array.isArray(value)) {
      const items = value.map((item) => this.write(item, key));
      return `[${(key === "pulses" ? items.filter((item) => item !== "old") : items).join()}]`;
    }
    let text = "{";
    for (const [name, part] of Object.entries(value)) {
      if (part === undefined || ignored.has(name)) continue;
      const called = this.of(name);
      // What is kept by id, and what stands in a list of times, is of the kind of the whole.
      const said = this.write(part, called === name && !isTime(key) ? name : key);
      if (said !== "old" || !pastIsGone.has(name)) text += `${called}:${said};`;
    }
    return `${text}}`;
  }
}

/** Packs that are alike in every number are told apart only by where they are. */
function namePacks(names: Names, scene: Scene, world: World, riders: readonly RiderWorld[]): void {
  const counts = new Map<number, number>();
  const name = (id: string | undefined) => {
    if (id === undefined) return;
    const socPct = scene.packs[id]?.socPct ?? 0;
    const n = counts.get(socPct) ?? 0;
    counts.set(socPct, n + 1);
    names.give(id, `p${socPct}-${n}`);
  };
  for (const bay of world.bays) name(bay?.pack);
  for (const { hand } of riders) name(hand);
}

/** The two riders in an order that does not depend on their names. */
function ordered(scene: Scene, world: World): RiderWorld[] {
  const { durable, swaps, recovering } = world.station;
  const mark = ({ member, hand, scanned, astray, left }: RiderWorld): string => {
    const running = Object.values(swaps).findIndex((swap) => swap.member === member);
    const waiting = recovering.findIndex(({ swap }) => swap.member === member);
    const debts = Object.values(durable.debts).findIndex((debt) => debt.member === member);
    const held = Object.entries(durable.lockOuts).find(([, lockOut]) => lockOut.member === member)?.[0];
    const holds = Object.entries(durable.holders).filter(([, holder]) => holder === member).length;
    const soc = hand === undefined ? -1 : (scene.packs[hand]?.socPct ?? 0);
    return `${running} ${waiting} ${debts} ${held} ${holds} ${soc} ${left} ${scanned} ${astray}`;
  };
  return world.riders
    .map((rider) => ({ rider, mark: mark(rider) }))
    .sort((one, other) => (one.mark < other.mark ? -1 : one.mark > other.mark ? 1 : 0))
    .map(({ rider }) => rider);
}

const heardAs = (names: Names, heard: BayReadings | undefined): string => {
  if (heard?.present === undefined) return "unread";
  const { pack } = heard;
  const packId = pack?.quality === "good" ? names.of(pack.value?.packId ?? "?") : "-";
  return `${heard.doorShut?.value} ${heard.present.value} ${packId} ${heard.charger?.value.outMa}`;
};

function bayText(names: Names, world: World, bay: BayWorld, number: number): string {
  const { open, pack, silent, jammed, touched, opened, pulses } = bay;
  const alive = opened !== undefined && (open || world.station.durable.swaps[opened.swap] !== undefined);
  const by = alive ? `${names.of(opened.swap)} ${opened.pack === undefined ? "-" : names.of(opened.pack)}` : "";
  const held = pack === undefined ? "-" : names.of(pack);
  const heard = heardAs(names, world.image.bays[number]);
  return `${open} ${held} ${silent} ${jammed} ${touched} ${by} ${names.write(pulses, "pulses")} ${heard} ${world.chargeMa[number]}`;
}

/** First come is first served, so of the times of the packs only the order counts. */
function arrivals(world: World): string {
  const times = world.station.bays.flatMap((bay) => (bay?.packId === undefined ? [] : [bay.sinceMs]));
  const sorted = [...new Set(times)].sort((one, other) => one - other);
  return times.map((timeMs) => sorted.indexOf(timeMs)).join();
}

export function canonical(scene: Scene, world: World): string {
  const names = new Names(world.nowMs);
  const riders = ordered(scene, world);
  namePacks(names, scene, world, riders);
  riders.forEach(({ member }, index) => {
    names.give(member, `m${index}`);
  });
  const { durable, bays, swaps, lockTurn, ...rest } = world.station;
  const turnFreeMs = lockTurn === undefined ? 0 : (lockTurn.freeMs ?? lockTurn.sinceMs + 3_000) - world.nowMs;
  const running = Object.values(swaps).map(({ startedMs: _startedMs, ...swap }) => swap);
  const { disk } = world;
  const behind = disk.mode === "works" && !disk.hole ? "" : names.write(disk.durable, "");
  const holders = Object.entries(durable.holders).map(([packId, member]) => `${names.of(packId)}=${names.of(member)}`);
  return [
    names.write(running, ""),
    turnFreeMs > 0 ? `${lockTurn?.bay} ${turnFreeMs}` : "",
    names.write(rest, ""),
    names.write({ ...durable, holders: holders.sort() }, ""),
    world.bays.map((bay, number) => (bay === undefined ? "" : bayText(names, world, bay, number))).join("|"),
    names.write(
      bays.map((bay) => (bay === undefined ? undefined : { ...bay, sinceMs: undefined })),
      "",
    ),
    arrivals(world),
    riders
      .map(({ hand, scanned, astray, left }) => `${hand === undefined ? left : names.of(hand)} ${scanned} ${astray}`)
      .join("|"),
    JSON.stringify(world.smoke),
    `${disk.mode} ${disk.hole} ${names.write(disk.waiting, "")} ${behind}`,
    names.write(world.pulses, ""),
    world.coil === undefined ? "" : `${world.coil.bay} ${world.coil.untilMs - world.nowMs}`,
  ].join("\n");
}

/** Short enough to keep millions of them; 72 bits make two worlds with one key a thing of one in a hundred million runs. */
export const keyOf = (text: string): string => createHash("md5").update(text).digest("base64").slice(0, 12);
