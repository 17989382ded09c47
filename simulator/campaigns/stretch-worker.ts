/** One process of a winter in stretches: takes its stretch, says how far it is, answers with what it came to, and ends. */
import { loadConfig } from "../../firmware/config/load.ts";
import type { Stretch, StretchNews } from "./stretches.ts";
import { winter } from "./winter.ts";

// Ctrl-C reaches every process of the terminal; the stretches end when the one that started them says so.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit(0));

let enough = false;

const say = (news: StretchNews): void => void process.send?.(news);
const ownTurn = (): Promise<void> => new Promise((next) => setImmediate(next));

async function play({ configFile, ...stretch }: Stretch): Promise<void> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) throw new Error(`${configFile} is not valid`);
  const result = await winter({
    ...stretch,
    config: loaded.config,
    wallNowMs: () => process.uptime() * 1_000,
    progress: async (share, report) => {
      const { swaps, invariants } = report();
      say({ type: "reached", share, completed: swaps.completed, broken: invariants.violated.length });
      await ownTurn();
      return enough ? "enough" : undefined;
    },
  });
  say({ type: "done", result });
}

process.on("message", (said: Stretch | "enough") => {
  if (said === "enough") enough = true;
  else void play(said);
});
