/** How far is explored: which worlds it begins in, in how many moves or with how many deviations, small here, large at night. */
import { allRules } from "./all-rules.ts";
import { type Bounds, Exploration, type Found } from "./explore.ts";
import { type WholeMove, waysFrom } from "./moves.ts";
import { play } from "./play.ts";
import type { Rule } from "./rules.ts";
import { Runner, type Watch } from "./runner.ts";
import { exchangedPacks, lowStock, oneCabinet, type Scene, twoCabinets, type World } from "./world.ts";

/** Moves of the exploration of every order; the ones that begin in the middle of a swap make one less. */
const depth = Number(process.env.YIZHAN_EXPLORE_DEPTH ?? 5);
/** Deviations of the exploration of whole ways. */
const deviations = Number(process.env.YIZHAN_EXPLORE_DEVIATIONS ?? 1);
/** A campaign ends here, whole or not, and says so. */
const worldsMax = Number(process.env.YIZHAN_EXPLORE_STATES ?? 50_000);
/** Whole ways are many more; by day only the first of them. */
const wholeWorldsMax = Number(process.env.YIZHAN_EXPLORE_STATES ?? 12_000);

export interface Campaign {
  readonly name: string;
  readonly scene: Scene;
  readonly prologue: readonly WholeMove[];
  readonly bounds: Bounds;
}

/** The moments of a proper swap in which something is up to somebody. */
const moments: Readonly<Record<string, (world: World) => boolean>> = {
  "the empty door stands open": ({ station }) => station.swaps["c-1"]?.at === "await-insert",
  "the pack is in": ({ station, bays }) =>
    station.swaps["c-1"]?.at === "await-insert" && bays[1]?.pack !== undefined && !bays[1].open,
  "the full door is told to open": ({ station, pulses }) =>
    station.swaps["c-1"]?.at === "opening-out" && pulses.length > 0,
  "the full door stands open": ({ station }) => station.swaps["c-1"]?.at === "await-take",
  "the full pack is taken": ({ station }) => station.swaps["c-1"]?.at === "taken",
};

const unwatched: Watch = { stepped: () => undefined, sent: () => undefined, driven: () => undefined };
const wayMax = 30;
const order = ["lock", "put", "take", "shut", "wait", "scan"];

/** What the station's own rider does from the start until that moment. */
export function properWay(scene: Scene, until: (world: World) => boolean): WholeMove[] {
  const runner = new Runner(scene, unwatched);
  let world = runner.begin();
  const way: WholeMove[] = [];
  while (!until(world)) {
    const proper = waysFrom(world).filter(({ deviates }) => !deviates);
    const next = order.map((kind) => proper.find(({ move }) => move.do === kind)).find((found) => found !== undefined);
    if (next === undefined || way.length > wayMax) throw new Error("the moment never comes");
    way.push(next.move);
    world = play(scene, world, next.move, unwatched).world;
  }
  return way;
}

const everyOrder = (moves: number): Bounds => ({ moves, deviations: undefined, worlds: worldsMax });
const wholeWays = (allowed: number): Bounds => ({
  moves: Number.POSITIVE_INFINITY,
  deviations: allowed,
  worlds: wholeWorldsMax,
});

export function campaigns(): Campaign[] {
  const one = oneCabinet();
  const low = lowStock();
  const two = twoCabinets();
  const middles = Object.entries(moments).map(
    ([moment, until]): Campaign => ({
      name: `${one.name}, from when ${moment}: every order`,
      scene: one,
      prologue: properWay(one, until),
      bounds: everyOrder(depth - 1),
    }),
  );
  const whole = (scene: Scene, allowed: number): Campaign => ({
    name: `${scene.name}: whole ways, deviations rationed`,
    scene,
    prologue: [],
    bounds: wholeWays(allowed),
  });
  const jams = [1, 2].map((bay): WholeMove => ({ do: "jam", bay, jammed: true }));
  const silent: WholeMove = { do: "silence", bay: 1, silent: true };
  const packIn = properWay(low, ({ bays }) => bays[1]?.pack !== undefined);
  return [
    { name: `${one.name}: every order`, scene: one, prologue: [], bounds: everyOrder(depth) },
    ...middles,
    { name: `${two.name}: every order`, scene: two, prologue: [], bounds: everyOrder(depth - 1) },
    // Where there is more to choose from, one deviation less is already more worlds.
    whole(one, deviations - 1),
    whole(low, deviations),
    {
      ...whole(low, deviations - 1),
      name: `${low.name}, a pack is put in and every lock jams: whole ways`,
      prologue: [...packIn, ...jams],
    },
    {
      ...whole(low, deviations),
      name: `${low.name}, a silent pack is put in: whole ways`,
      prologue: [...packIn, silent],
    },
    whole(exchangedPacks(), deviations - 1),
    whole(two, deviations - 1),
  ];
}

export function explored(campaign: Campaign, rules: readonly Rule[] = allRules): { found: Found; by: Exploration } {
  const by = new Exploration(campaign.scene, rules, campaign.bounds);
  return { found: by.run(campaign.prologue), by };
}

export function report({ name, bounds }: Campaign, found: Found, seconds: number): string {
  const bound = bounds.deviations === undefined ? `${bounds.moves} moves` : `${bounds.deviations} deviation(s)`;
  const level = found.complete < 0 ? "none of it whole" : `whole to ${found.complete} of ${bound}`;
  const far = found.whole ? `whole to ${bound}` : `stopped at ${found.worlds} worlds, ${level}`;
  const counts = `${found.worlds} worlds, ${found.transitions} transitions, ${found.decisions} decisions checked`;
  return `${name}: ${counts}, longest way ${found.deepest} moves, ${found.atRest} at rest; ${far}; ${seconds.toFixed(1)} s\n`;
}
