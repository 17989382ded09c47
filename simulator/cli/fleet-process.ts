/**
 * Entry of one process of a fleet. It weighs itself before it loads anything, because what stations cost is told over that; all
 * the rest is in the part that is loaded then. It ends when the one who started it is gone.
 */
import type { FleetOrder } from "../fleet/messages.ts";
import type { FleetStart } from "./fleet-part.ts";

const bareMb = process.memoryUsage.rss() / 1_048_576;

// Ctrl-C reaches every process of the terminal; the fleet ends when its coordinator says so.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit(0));

// What comes before the part is loaded waits for it.
const early: FleetOrder[] = [];
let obey = (order: FleetOrder): void => {
  early.push(order);
};
process.once("message", (start: FleetStart) => {
  process.on("message", (order: FleetOrder) => obey(order));
  import("./fleet-part.ts").then(
    ({ playFleetPart }) => {
      obey = playFleetPart(start, bareMb);
      for (const order of early) obey(order);
    },
    (error: unknown) => {
      process.stderr.write(`E_FLEET ${String(error)}\n`);
      process.exit(1);
    },
  );
});
