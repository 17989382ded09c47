/** The rules about the log: I20. What is on the disk is what runs, and a start leads to the same end however often it is made. */
import type { Durable } from "../../services/journal/durable.ts";
import { type Rule, swapsOf } from "./rules.ts";
import { Runner, type Watch } from "./runner.ts";
import type { Scene, World } from "./world.ts";

/** What the disk leaves out (nothing is not written) or may stamp later, when it is slow. */
const isSaid = ([key, value]: [string, unknown]): boolean =>
  value !== undefined && key !== "since" && key !== "startedAt";

/** Everything that was decided, in one order of names. */
const written = (durable: Durable): string =>
  JSON.stringify(durable, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(isSaid).sort())
      : value,
  );

const texts = new WeakMap<Durable, string>();
function textOf(durable: Durable): string {
  const known = texts.get(durable);
  if (known !== undefined) return known;
  const text = written(durable);
  texts.set(durable, text);
  return text;
}

const fold: Rule = {
  id: "I20",
  says: "the live state is what the records on the disk amount to",
  rest: (_scene: Scene, { station, disk }: World) => {
    if (disk.mode === "fails" || disk.waiting.length > 0) return undefined;
    const [live, read] = [textOf(station.durable), textOf(disk.durable)];
    return live === read ? undefined : `live ${live}\n  disk ${read}`;
  },
};

const runningIsWritten: Rule = {
  id: "I20",
  says: "what runs stands open in the log, and nothing else does",
  rest: (_scene, world) => {
    const running = swapsOf(world).map(({ id }) => id);
    const open = Object.keys(world.station.durable.swaps);
    return running.sort().join() === open.sort().join() ? undefined : `running ${running}, open ${open}`;
  },
};

const unwatched: Watch = { stepped: () => undefined, sent: () => undefined, driven: () => undefined };

/** Counters of what was told, and stamps: two starts tell more than one. */
const isCounter = (key: string): boolean =>
  ["streamSeq", "today", "people", "nextSwap", "since", "startedAt", "last"].includes(key);

const outcomeOf = ({ station }: World): string =>
  JSON.stringify(station.durable, (key, value: unknown) => {
    if (isCounter(key)) return undefined;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value;
  });

/** Long enough for every window to end, with nobody there. */
function leftAlone(runner: Runner, from: World): World {
  let world = from;
  for (let seconds = 0; seconds < 12; seconds++) world = runner.tick(world, 1_000);
  for (let ticks = 0; ticks < 14 && swapsOf(world).length > 0; ticks++) world = runner.tick(world, 5_000);
  return world;
}

/** Taken up, and the mains fail again as soon as everything is. */
function startedTwice(runner: Runner, from: World): World {
  let world = from;
  for (let seconds = 0; seconds < 12 && world.station.recovering.length > 0; seconds++)
    world = runner.tick(world, 1_000);
  return runner.cut(world, false, 0);
}

const recovery: Rule = {
  id: "I20",
  says: "a second start comes to the same as the first",
  started: (scene, world) => {
    if (swapsOf(world).length === 0) return undefined;
    const runner = new Runner(scene, unwatched);
    const once = outcomeOf(leftAlone(runner, world));
    const twice = outcomeOf(leftAlone(runner, startedTwice(runner, world)));
    return once === twice ? undefined : `once  ${once}\n  twice ${twice}`;
  },
};

export const logRules: readonly Rule[] = [fold, runningIsWritten, recovery];
