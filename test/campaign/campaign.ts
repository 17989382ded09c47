/**
 * The power-cut campaign: plays a story drawn from a seed, lets the power go at every instant of it, plays what follows, lets
 * it go again in that, and a third time. A broken promise names the seed and the way there.
 */
import { SwapConfig } from "../../services/config.ts";
import { recoveryPatienceMs } from "../../services/swap/recover.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { createRandom, type SplitRandom } from "../../simulator/random.ts";
import { benchConfig, benchContext } from "../support/bench-config.ts";
import { checkLog, checkServed, checkSettled, isHandedOver, logOf, packsOf, serveAll } from "./aftermath.ts";
import { Life, type Remains } from "./life.ts";
import type { Rider } from "./rider.ts";
import { ridersOf, type Story, type StoryName, stories, storyNames, tell } from "./stories.ts";
import { newWorld, type World } from "./world.ts";

const wallStartMs = 1_769_800_000_000;
/** Short windows, because nobody in a simulated queue minds; the rules are the same. */
const windows = SwapConfig.parse({ insertWindowMs: 20_000, takeWindowMs: 20_000, doorOpenAlarmMs: 15_000 });

const contexts = [1, 2].map((cabinets) =>
  benchContext(benchConfig({ cabinets, baysEach: cabinets === 1 ? 6 : 4, swap: windows })),
);

export interface Tally {
  seeds: number;
  /** Instants before and after every write, pulse, sentence and deed of the stories. */
  cutPoints: number;
  /** Those that differ from the one before. */
  cuts: number;
  secondCuts: number;
  thirdCuts: number;
  torn: number;
  /** Ended with a person called, because a bay could not be seen after the start. */
  handedOver: number;
  helped: number;
  readonly stories: Record<string, number>;
  readonly instants: Record<string, number>;
  readonly standings: Record<string, number>;
  readonly sentences: Set<string>;
  readonly broken: string[];
  /** Whose history is wanted; without one, that of the first way on which something broke. */
  readonly way: string | undefined;
  readonly history: string[];
}

export const newTally = (way?: string): Tally => ({
  way,
  seeds: 0,
  cutPoints: 0,
  cuts: 0,
  secondCuts: 0,
  thirdCuts: 0,
  torn: 0,
  handedOver: 0,
  helped: 0,
  stories: {},
  instants: {},
  standings: {},
  sentences: new Set(),
  broken: [],
  history: [],
});

const count = (counts: Record<string, number>, what: string) => {
  counts[what] = (counts[what] ?? 0) + 1;
};

/** Keeps so many of what is offered, each with the same chance; what is not kept is not made. */
class Sample {
  readonly kept: Remains[] = [];
  private seen = 0;
  private readonly size: number;
  private readonly random: SplitRandom;

  constructor(size: number, random: SplitRandom) {
    this.size = size;
    this.random = random;
  }

  offer(remains: () => Remains): void {
    this.seen++;
    if (this.kept.length < this.size) this.kept.push(remains());
    else {
      const at = this.random.int(this.seen);
      if (at < this.size) this.kept[at] = remains();
    }
  }
}

interface Way {
  readonly story: Story;
  readonly packs: readonly string[];
  readonly says: string;
  readonly depth: number;
  readonly isFirst: boolean;
  readonly random: SplitRandom;
  readonly tally: Tally;
}

/** How many instants of a recovery are cut again; a third cut falls into the first of them. */
const againOf = ({ depth, isFirst }: Way): number => (depth === 1 ? 2 : depth === 2 && isFirst ? 1 : 0);

const contextOf = (story: Story) => contexts[story.cabinets === 2 ? 1 : 0] as (typeof contexts)[number];

function note(life: Life, way: Way): void {
  const { tally } = way;
  for (const end of life.said) tally.sentences.add(end);
  for (const problem of life.broken) tally.broken.push(`${way.says}: ${problem}`);
  const isWanted = tally.way === undefined ? life.broken.length > 0 : tally.way === way.says;
  if (isWanted && tally.history.length === 0) tally.history.push(...logOf(life));
}

/** The lights are out: some go home, some do at the open door what they were about to do. */
function inTheDark(riders: readonly Rider[], random: SplitRandom): string[] {
  const done: string[] = [];
  for (const rider of riders) {
    rider.darken();
    if (random.chance(0.25)) rider.data.here = false;
    const deeds = random.chance(0.4) ? 1 + random.int(3) : 0;
    for (let deed = 0; deed < deeds; deed++) {
      rider.look(0);
      const deed = rider.look(Number.POSITIVE_INFINITY);
      if (deed !== undefined) done.push(deed);
    }
  }
  return done;
}

/** One bay may be unheard for a while after the start, and that for longer than the station waits before it calls a person. */
function blindness(world: World, random: SplitRandom): { bays: number[]; untilMs: number } | undefined {
  if (!random.chance(0.1)) return undefined;
  const untilMs = random.chance(0.5) ? random.between(1_000, 9_000) : random.between(11_000, 16_000);
  return { bays: [1 + random.int(world.bays.length - 1)], untilMs };
}

function afterCut(remains: Remains, way: Way): void {
  const { random, tally, story } = way;
  const world = remains.world.copy();
  const disk = remains.disk.double({ clock: createVirtualClock({ wallStartMs: 0 }), random });
  disk.crash(random.split("tear"));
  if (remains.landing !== undefined) world.pulse(remains.landing);
  const offMs = random.between(1_000, 90_000);
  const blind = blindness(world, random.split("blind"));
  const life = new Life({
    world,
    riders: remains.riders.map((rider) => ({ ...rider })),
    disk: (clock, diskRandom) => disk.double({ clock, random: diskRandom }),
    wallMs: remains.wallMs + offMs,
    random: random.split("life"),
    boot: `boot-${way.depth}`,
    context: contextOf(story),
    trace: [...remains.trace, `${remains.wallMs} the power goes ${remains.what}`],
    ...(blind === undefined ? {} : { blind }),
    beforeStart: (riders) => inTheDark(riders, random.split("dark")),
  });
  if (life.controller.desk.recovered.tornBytes > 0) tally.torn++;
  const sample = new Sample(againOf(way), random.split("again"));
  life.onPoint = (made) => sample.offer(made);
  life.pass(3_500);
  life.settle();
  if (blind !== undefined && blind.untilMs > recoveryPatienceMs && isHandedOver(life, blind.bays)) {
    // What was done at that door behind the station's back is a person's to find out (P17); nothing more can be asked of it.
    tally.handedOver++;
    checkLog(life);
    note(life, way);
    return;
  }
  for (const standing of checkSettled(life)) count(tally.standings, standing);
  for (const rider of life.riders) rider.data.here = false;
  // Somebody else may come first.
  const stranger = life.riders[2];
  if (stranger !== undefined && random.chance(0.2)) {
    life.visit(stranger);
    life.finish();
  }
  if (serveAll(life)) tally.helped++;
  life.onPoint = undefined;
  checkServed(life, way.packs);
  note(life, way);
  sample.kept.forEach((next, at) => {
    if (way.depth === 1) tally.secondCuts++;
    else tally.thirdCuts++;
    cutAgain(next, way, at);
  });
}

function cutAgain(next: Remains, way: Way, at: number): void {
  const says = `${way.says}, again ${next.what}`;
  afterCut(next, { ...way, says, depth: way.depth + 1, isFirst: at === 0, random: way.random.split(`again-${at}`) });
}

/** Both futures of a pulse that was on its way. */
function futures(remains: Remains): Remains[] {
  return remains.landing === undefined ? [remains] : [remains, { ...remains, landing: undefined }];
}

export function runSeed(seed: number, tally: Tally): void {
  const random = createRandom(`crash-${seed}`);
  const name: StoryName = storyNames[seed % storyNames.length] as StoryName;
  const story: Story = stories[name];
  count(tally.stories, name);
  tally.seeds++;
  const world = newWorld(
    story.cabinets === 2 ? { cabinets: 2, baysEach: 4, full: 2 } : { cabinets: 1, baysEach: 6, full: 3 },
  );
  story.prepare?.(world, random.split("prepare"));
  const life = new Life({
    world,
    riders: ridersOf(story, random.split("riders")),
    disk: (clock, diskRandom) => simulatedDisk({ clock, random: diskRandom }),
    wallMs: wallStartMs,
    random: random.split("life"),
    boot: "boot-0",
    context: contextOf(story),
  });
  life.pass(4_000);
  story.before?.(life);
  const packs = packsOf(life);
  const cuts: Remains[] = [];
  life.onPoint = (remains) => cuts.push(remains());
  tell(story, life, random.split("story"));
  serveAll(life);
  life.onPoint = undefined;
  checkServed(life, packs);
  const way = { story, packs, tally, depth: 1, isFirst: true };
  note(life, { ...way, says: `seed ${seed}, ${name}, no cut`, random });
  for (const [what, points] of Object.entries(life.points)) {
    tally.cutPoints += points;
    tally.instants[what] = (tally.instants[what] ?? 0) + points;
  }
  cuts.forEach((remains, at) => {
    for (const future of futures(remains)) {
      tally.cuts++;
      const lands = future.landing === undefined ? "" : ", the pulse lands";
      const says = `seed ${seed}, ${name}, cut ${at} ${future.what}${lands}`;
      afterCut(future, { ...way, says, random: random.split(`cut-${at}${lands}`) });
    }
  });
}
