/** The words of `yizhan soak`, read and refused in one place. */
import { parseArgs } from "node:util";
import { faultNamed } from "../faults/catalogue.ts";
import type { DrawOptions } from "../soak/draw.ts";
import { noSuchFault } from "../soak/planned.ts";

export interface SoakOptions {
  readonly seeds: readonly string[];
  readonly draw: DrawOptions;
  readonly workers: number;
  /** Each seed runs twice, and both must come to the same. */
  readonly twice: boolean;
  readonly shrink: boolean;
  /** A scenario to run instead of drawn ones. */
  readonly scenario: string | undefined;
  /** Where shrunk scenarios are put. */
  readonly out: string;
  readonly firstFailure: boolean;
  /** Everything that must be come by was, or the run fails. */
  readonly complete: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const soakUsage = `yizhan soak [options] — a swarm of simulated stations, each drawn from its seed, with every invariant checked

  --seeds A..B     these seeds, or one (default 1..20); the same seed at the same commit is the same run
  --days D         simulated days of each, faults and people included (default 1); after that it must serve again
  --faults LIST    all, none, or names or numbers separated by commas (default all: each seed draws its classes)
  --harsh          every class of faults at once, up to five times as often, instead of some of them
  --list-faults    names every fault, and ends
  --scenario FILE  runs this scenario file instead
  --shrink         makes each failing scenario short and writes it as a file
  --out DIR        where to (default: here)
  --workers N      processes at once (default: as many as there are cores)
  --twice          each seed runs twice and must come to the same digest
  --first-failure  ends at the first failure
  --complete       fails as well when a sometimes-property was never come by
  --quiet          no line for each seed
  --json           one JSON object at the end, nothing else on standard output
`;

type Values = Record<string, string | boolean | undefined>;
export type SoakRead =
  | { readonly options: SoakOptions }
  | { readonly problem: string }
  | { readonly help: true }
  | { readonly list: true };

function readSeeds(text: string): readonly string[] | string {
  const range = /^(\d+)\.\.(\d+)$/.exec(text);
  if (range === null) return text.trim() === "" ? "--seeds wants A..B or one seed" : [text];
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (to < from) return `--seeds ${text} counts down; write ${to}..${from}`;
  if (to - from >= 1_000_000) return "--seeds takes at most a million at once";
  return Array.from({ length: to - from + 1 }, (_unused, at) => String(from + at));
}

function readFaults(text: string): DrawOptions["faults"] | string {
  if (text === "all") return "all";
  if (text === "none") return [];
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => faultNamed(name) === undefined);
  if (unknown === undefined) return names.map((name) => faultNamed(name)?.name ?? name);
  return noSuchFault(unknown);
}

function positive(values: Values, name: string, fallback: number): number | string {
  const text = values[name];
  if (typeof text !== "string") return fallback;
  return Number(text) > 0 ? Number(text) : `--${name} wants a number above 0, not ${text}`;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

export function readSoakOptions(args: readonly string[], cores: number): SoakRead {
  let values: Values;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        ...{ seeds: text, seed: text, days: text, faults: text, scenario: text, out: text, workers: text },
        ...{ harsh: flag, shrink: flag, twice: flag, "first-failure": flag, complete: flag, "list-faults": flag },
        ...{ json: flag, quiet: flag, help: { ...flag, short: "h" } },
      },
    }).values;
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help === true) return { help: true };
  if (values["list-faults"] === true) return { list: true };
  return judge(values, cores);
}

function judge(values: Values, cores: number): SoakRead {
  const word = (name: string): string | undefined => (typeof values[name] === "string" ? values[name] : undefined);
  const seeds = readSeeds(word("seeds") ?? word("seed") ?? "1..20");
  const wanted = readFaults(word("faults") ?? "all");
  const days = positive(values, "days", 1);
  const workers = positive(values, "workers", Math.max(1, cores));
  for (const read of [seeds, days, workers]) if (typeof read === "string") return { problem: read };
  if (typeof wanted === "string" && wanted !== "all") return { problem: wanted };
  return {
    options: {
      seeds: seeds as readonly string[],
      draw: { days: days as number, faults: wanted as DrawOptions["faults"], harsh: values.harsh === true },
      workers: Math.floor(workers as number),
      twice: values.twice === true,
      shrink: values.shrink === true,
      scenario: word("scenario"),
      out: word("out") ?? ".",
      firstFailure: values["first-failure"] === true,
      complete: values.complete === true,
      json: values.json === true,
      quiet: values.quiet === true,
    },
  };
}

/** The words by which one seed of a swarm runs again. */
export function replayCommand(seed: string, { days, faults: wanted, harsh }: DrawOptions): string {
  const list = wanted === "all" ? "all" : wanted.length === 0 ? "none" : wanted.join(",");
  return `npx yizhan soak --seeds ${seed} --days ${days} --faults ${list}${harsh === true ? " --harsh" : ""}`;
}
