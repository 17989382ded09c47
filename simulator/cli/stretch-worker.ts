/** One process of a winter in stretches: takes its stretch, says how far it is, answers with what it came to, and ends. */
import { loadConfig } from "../../firmware/config/load.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import type { Stretch, StretchNews } from "../campaigns/stretches.ts";
import { winter } from "../campaigns/winter.ts";

// Ctrl-C reaches every process of the terminal; the stretches end when the one that started them says so.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit(0));

let enough = false;

const clock = nodeClock();
const say = (news: StretchNews): void => void process.send?.(news);
/** Whoever started this may have said something meanwhile. */
const listen = (): Promise<void> => new Promise((next) => void clock.after(0, next));

async function play({ configFile, ...stretch }: Stretch): Promise<void> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) throw new Error(`${configFile} is not valid`);
  const result = await winter({
    ...stretch,
    config: loaded.config,
    wallNowMs: () => clock.monotonicMs(),
    progress: async (share, report) => {
      const { swaps, invariants } = report();
      say({ type: "reached", share, completed: swaps.completed, broken: invariants.violated.length });
      await listen();
      return enough ? "enough" : undefined;
    },
  });
  say({ type: "done", result });
}

process.on("message", (said: Stretch | "enough") => {
  if (said === "enough") enough = true;
  else void play(said);
});
