// Seeded bugs against the swarm: which does a drawn day of the simulated station show, by which judge, and in how few steps? The
// tests of this repository catch them all (docs/reference/seeded-bugs.md); this asks the same of the simulator.
import { Copies } from "./swarm-bugs/copies.mjs";
import { Hunt, inOrder } from "./swarm-bugs/hunt.mjs";
import { listed, Results, sourcesNow, writePage } from "./swarm-bugs/results.mjs";
import { verdict } from "./verdict.mjs";

const seeds = Array.from({ length: 200 }, (_unused, at) => `${at + 1}`);

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const half = sorted.length / 2;
  if (sorted.length === 0) return undefined;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

function page({ sources, days, bugs }) {
  const found = bugs.filter(({ seed }) => seed !== undefined);
  const steps = found.flatMap((one) => one.steps ?? []);
  const row = ({ bug, module, seed, invariant, steps: count, ofSteps, tried }) =>
    `  ${bug.padEnd(7)}${module.padEnd(11)}${seed === undefined ? `not found in ${tried.length} seeds` : `seed ${seed.padEnd(5)}${invariant.padEnd(14)}${count ?? "?"} steps of ${ofSteps}`}`;
  return [
    `swarm-bugs: seeds 1..${seeds.length} of ${days} days, every fault, sources of ${sources}`,
    "",
    ...bugs.map(row),
    "",
    `${found.length} of ${bugs.length} found; median of ${median(steps) ?? "no"} steps over ${steps.length} shrunk scenarios`,
  ].join("\n");
}

/** What is still to be done: bugs of the list that these sources have no find for, and that have seeds left. */
function waiting(results, { only, bugs, triesMax, days }) {
  const isDone = ({ bug }) => {
    const known = results.of(bug);
    if (known === undefined || known.sources !== results.sources || known.days !== days) return false;
    return known.seed !== undefined || known.tried.length >= triesMax || known.exhausted === true;
  };
  const chosen = listed.filter(({ bug }) => (only === undefined ? true : only.includes(bug)));
  return chosen.filter((one) => !isDone(one)).slice(0, bugs);
}

/** A seed that showed the bug before comes first, then those named in the list; what these sources were tried with is left out. */
function seedsFor({ bug, needs, seeds: named = [] }, { drawn, results, triesMax, days }) {
  const known = results.of(bug);
  const isSame = known?.sources === results.sources && known?.days === days;
  const tried = isSame ? known.tried : [];
  const first = known?.seed === undefined ? [] : [known.seed];
  const order = [...new Set([...first, ...named, ...inOrder(drawn, needs)])].filter((seed) => !tried.includes(seed));
  return {
    tried,
    order: order.slice(0, Math.max(0, triesMax - tried.length)),
    exhausted: drawn.length > 0 && order.length + tried.length <= triesMax,
  };
}

/**
 * Shows every find again, on the sources as they are: its seed with the bug and without, and its shrunk scenario with and without. With
 * `write`, what holds is marked as shown on these sources; what does not is told, and hunted anew by the next run without `--replay`.
 */
async function replay({ root, days, results, only, progress, write }) {
  const copies = new Copies(root);
  const hunt = new Hunt(copies, { days, clean: results.clean });
  const broken = [];
  const lines = [];
  try {
    const { seededBugs, seed } = await copies.registry();
    const kept = results.all.bugs.filter((one) => one.seed !== undefined && (only?.includes(one.bug) ?? true));
    if (kept.length === 0) broken.push("nothing is kept of these bugs");
    for (const [at, one] of kept.entries()) {
      const { bug } = one;
      if ((await progress((at + 0.05) / kept.length, () => bug)) === "enough") break;
      const planted = seededBugs.find(({ id }) => id === bug);
      const serves = listed.find((entry) => entry.bug === bug)?.serves === true;
      const { wrong, ...said } = await hunt.again(planted, seed, { ...one, serves });
      if (wrong === undefined && write) results.keep({ ...one, ...said, sources: results.sources, days });
      if (wrong !== undefined) broken.push(`${bug}: ${wrong}`);
      lines.push(`  ${bug.padEnd(7)}${wrong ?? `shows ${one.invariant} in seed ${one.seed}, and nothing without it`}`);
      process.stderr.write(`${lines.at(-1)}\n`);
    }
  } finally {
    hunt.end();
    copies.remove();
  }
  if (write) writePage();
  return { result: { broken }, page: [...lines, "", verdict(broken)].join("\n") };
}

export const swarmBugsCampaign = {
  name: "swarm-bugs",
  says: "seeded bugs against the swarm: which seed shows each, by which judge, in how few steps",
  days: 1,
  async run({ root, days, progress, only, bugs, tries: triesMax, wholeDays, replay: isReplay, write }) {
    const results = new Results(sourcesNow());
    if (isReplay) return replay({ root, days, results, only: only?.split(","), progress, write });
    const copies = new Copies(root);
    const hunt = new Hunt(copies, { days, clean: results.clean });
    let enough = false;
    try {
      const { seededBugs, seed } = await copies.registry();
      const todo = waiting(results, { only: only?.split(","), bugs, triesMax, days });
      const drawn = [];
      // Where the list names all seeds that may be tried, nobody needs to know what the others draw.
      const isNamed = todo.every((entry) => (entry.seeds?.length ?? 0) >= triesMax);
      for (const one of isNamed ? [] : seeds) drawn.push(await hunt.draw(one));
      for (const [at, entry] of todo.entries()) {
        if (enough) break;
        const { tried, order, exhausted } = seedsFor(entry, { drawn, results, triesMax, days });
        const onTry = async (one, number) => {
          const what = typeof number === "string" ? number : `try ${tried.length + number + 1}`;
          enough ||=
            (await progress((at + 0.05) / todo.length, () => `${entry.bug} seed ${one}, ${what}`)) === "enough";
          return enough ? "enough" : undefined;
        };
        const bug = seededBugs.find(({ id }) => id === entry.bug);
        const found = await hunt.find(bug, seed, {
          seeds: order,
          needs: entry.needs,
          minutes: entry.minutes,
          whole: wholeDays || entry.whole === true,
          serves: entry.serves === true,
          onTry,
        });
        const kept = { bug: entry.bug, module: entry.module, sources: results.sources, days };
        const parts = (tried.length === 0 ? 0 : (results.of(entry.bug)?.parts ?? 0)) + found.parts;
        results.keep({ ...kept, ...found, parts, tried: [...tried, ...found.tried], exhausted });
        process.stderr.write(
          `${page({ sources: results.sources, days, bugs: [results.of(entry.bug)] }).split("\n")[2]}\n`,
        );
      }
    } finally {
      hunt.end();
      copies.remove();
    }
    writePage();
    const result = { sources: results.sources, days, bugs: results.all.bugs, broken: [] };
    return { result, page: page(result) };
  },
};
