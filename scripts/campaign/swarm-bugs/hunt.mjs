// Looks for one bug with the swarm: plants it, tries seed after seed, and shrinks the first failure that the same seed does not show
// without the bug. Which seeds come first is chosen by what they draw: a seed that draws no smoke shows nothing about smoke. Parts
// of a seed's day are played first, because they are cheap; only a whole day counts.
import { Runner } from "./process.mjs";
import { worth } from "./windows.mjs";

/** A seed takes seconds; one that takes so long hangs, and proves nothing. */
const patienceMs = 600_000;
const slackMs = 600_000;
const shrinkRunsMax = 400;
const shrinkSecondsMax = 12;

/** Seeds that draw what a bug needs, best first, and what costs less before what costs more. */
export function inOrder(drawn, needs) {
  return drawn
    .map(({ seed, words, bays }) => ({ seed, worth: worth(words, needs) / (2 + bays) }))
    .filter((one) => one.worth > 0)
    .sort((one, other) => other.worth - one.worth || Number(one.seed) - Number(other.seed))
    .map(({ seed }) => seed);
}

export class Hunt {
  constructor(copies, { days, clean }) {
    this.copies = copies;
    this.days = days;
    this.sound = new Runner(copies.root, patienceMs);
    /** Of seeds without a bug: until when nothing was violated, or that something was. */
    this.clean = clean;
  }

  end() {
    this.sound.end();
  }

  async draw(seed) {
    return { seed, ...(await this.sound.ask({ verb: "draw", seed, days: this.days })) };
  }

  /** Whether a seed is without violation when no bug is in, up to that moment and a little longer. */
  async isClean(order, atMs) {
    const untilMs = atMs + slackMs;
    const known = this.clean[order.seed] ?? 0;
    if (known === "violated") return false;
    if (known >= untilMs) return true;
    const run = await this.sound.ask({ ...order, verb: "run", untilMs });
    const isSound = run !== undefined && run.violation === undefined;
    this.clean[order.seed] = isSound ? untilMs : "violated";
    return isSound;
  }

  /** `seeds`: in the order in which they are to be tried. `whole`: no parts first. */
  async find(bug, seed, { seeds, needs, minutes, whole, serves, onTry }) {
    const takeOut = this.copies.plant(bug, seed);
    const sick = new Runner(this.copies.folder, patienceMs);
    const tried = [];
    let parts = 0;
    try {
      for (const one of seeds) {
        if ((await onTry(one, tried.length)) === "enough") break;
        tried.push(one);
        const order = { seed: one, days: this.days, quick: !serves };
        const hint = whole ? {} : await sick.ask({ ...order, verb: "hint", needs, minutes });
        parts += hint?.parts ?? 0;
        if (!whole && hint?.violation === undefined) continue;
        const found = await this.confirm(sick, order, hint?.part);
        if (found !== undefined) return { seed: one, tried, parts, ...found };
      }
      return { tried, parts };
    } finally {
      sick.end();
      takeOut();
    }
  }

  /** A find once more: its seed and its scenario, each with the bug and without. `wrong`: what does not hold any more. */
  async again(bug, seed, { seed: one, invariant, scenario, serves }) {
    const takeOut = this.copies.plant(bug, seed);
    const sick = new Runner(this.copies.folder, patienceMs);
    try {
      const order = { seed: one, days: this.days, quick: !serves };
      const run = await sick.ask({ ...order, verb: "run" });
      const found = run?.violation;
      if (found?.invariant !== invariant) return { wrong: `seed ${one} shows ${found?.invariant ?? "nothing"}` };
      if (!(await this.isClean(order, found.atMs))) return { wrong: `seed ${one} shows something without it` };
      const wrong = scenario === undefined ? undefined : await this.playsWrong(sick, scenario, invariant);
      return { wrong, ...found, ofSteps: run.steps };
    } finally {
      sick.end();
      takeOut();
    }
  }

  async playsWrong(sick, scenario, invariant) {
    const ill = await sick.ask({ verb: "play", scenario, invariant });
    if (ill?.violation?.invariant !== invariant)
      return `its scenario shows ${ill?.violation?.invariant ?? ill?.problem ?? "nothing"}`;
    const well = await this.sound.ask({ verb: "play", scenario });
    if (well === undefined || well.problem !== undefined) return "its scenario cannot be played";
    return well.violation === undefined ? undefined : `its scenario shows ${well.violation.invariant} without it`;
  }

  async confirm(sick, order, part) {
    const run = await sick.ask({ ...order, verb: "run" });
    if (run?.violation === undefined || !(await this.isClean(order, run.violation.atMs))) return undefined;
    const { invariant } = run.violation;
    const bounds = { runsMax: shrinkRunsMax, secondsMax: shrinkSecondsMax };
    const shrunk = await sick.ask({ ...order, verb: "shrink", ...bounds, invariant, part });
    const found = { ...run.violation, ofSteps: run.steps };
    if (shrunk?.violation === undefined) return found;
    const { steps, scenario } = shrunk;
    // A scenario that fails without the bug as well would tell another story.
    const sound = await this.sound.ask({ verb: "play", scenario });
    return sound !== undefined && sound.violation === undefined ? { ...found, steps, scenario } : found;
  }
}
