/** One process of a swarm: takes a seed, answers with what it came to. It ends when nobody is there any more. */
import { runSeed, type SoakOrder } from "../soak/work.ts";

// Ctrl-C reaches every process of the terminal; the swarm ends when the one that started it says so.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit(0));

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

process.on("message", (order: SoakOrder) => {
  process.send?.(runSeed(order, cpuMs));
});
