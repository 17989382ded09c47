// One process over one built program: it draws, runs, plays and shrinks scenarios as `yizhan soak` does, and says what came of it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { kindsOf, partsOf, wordOf } from "./windows.mjs";

const [, , folder] = process.argv;
const load = (name) => import(pathToFileURL(join(folder, "dist", "simulator", "soak", name)).href);
const modules = ["draw.js", "run.js", "shrink.js", "scenario-file.js", "time-text.js"];
const [{ drawScenario }, { runScenario }, { laterStart, shrink }, files, { lengthText, momentMs }] = await Promise.all(
  modules.map(load),
);

const drawn = ({ seed, days }) => drawScenario(seed, { days, faults: "all" }).scenario;

/** A part of a day as a scenario of its own. */
function cut(scenario, { fromMs, untilMs }) {
  const shiftMs = Math.floor(fromMs / 1_000) * 1_000;
  const steps = scenario.steps.filter(({ at }) => momentMs(at) < untilMs);
  const whole = { ...scenario, steps, lasts: lengthText(untilMs), mustServe: false };
  return shiftMs === 0 ? whole : laterStart(whole, shiftMs);
}

const orders = {
  /** What a seed draws, as words that may be counted. */
  draw(order) {
    const scenario = drawn(order);
    const { bays, room } = scenario.station;
    const words = [...scenario.steps.map(wordOf), ...kindsOf(scenario)];
    return { words, bays: room ? 20 : bays.reduce((sum, count) => sum + count, 0) };
  },
  /** The parts of a day that promise most, until one shows something. */
  hint({ needs, minutes, ...order }) {
    const scenario = drawn(order);
    const timed = scenario.steps.map((step) => ({ step, ms: momentMs(step.at) }));
    let parts = 0;
    for (const part of partsOf(timed, kindsOf(scenario), { needs, minutes })) {
      parts++;
      const { violation } = runScenario(cut(scenario, part));
      if (violation !== undefined) return { parts, part, violation };
    }
    return { parts };
  },
  run(order) {
    // Service is demanded after the day; what breaks during it breaks in a run that ends there as well.
    const scenario = order.quick === true ? { ...drawn(order), mustServe: false } : drawn(order);
    const { untilMs = Number.POSITIVE_INFINITY } = order;
    const { violation, digest } = runScenario(scenario, { onTime: (nowMs) => nowMs > untilMs });
    return { violation, digest, steps: scenario.steps.length };
  },
  /** Shrinks the day, or the part of it that already shows the same. */
  shrink({ runsMax, secondsMax, invariant, part, ...order }) {
    const day = { ...drawn(order), ...(order.quick === true ? { mustServe: false } : {}) };
    const isSame = ({ violation }) => violation?.invariant === invariant;
    const short = part === undefined ? day : cut(day, part);
    const inPart = runScenario(short, { lookingFor: invariant });
    const [scenario, result] = isSame(inPart) ? [short, inPart] : [day, runScenario(day, { lookingFor: invariant })];
    if (!isSame(result)) return {};
    const untilS = process.cpuUsage().user / 1e6 + secondsMax;
    const enough = () => process.cpuUsage().user / 1e6 > untilS;
    const shrunk = shrink(scenario, result, { runsMax, enough });
    const { violation } = shrunk.result;
    return { violation, steps: shrunk.scenario.steps.length, scenario: files.writeScenario(shrunk.scenario) };
  },
  /** `invariant`: others of the same run are let pass, as shrinking did. */
  play({ scenario, invariant }) {
    const read = files.readScenario(scenario);
    if (!read.ok) return { problem: read.problem };
    const { violation, digest } = runScenario(read.scenario, { lookingFor: invariant });
    return { violation, digest };
  },
};

process.on("disconnect", () => process.exit(0));
process.on("message", ({ verb, ...order }) => {
  process.send(orders[verb](order));
});
process.send("ready");
