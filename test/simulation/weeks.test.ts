/**
 * A station that runs for long (M5): after warming up it holds no more memory and waits for no more timers than before, however many
 * riders came, however often the broker went and the process started anew. `YIZHAN_FLAT_DAYS` says for how many days; the nightly
 * run takes thirty.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createSimulation } from "../../simulator/simulation.ts";
import { exampleConfig } from "../support/starter-simulation.ts";

const days = Number(process.env.YIZHAN_FLAT_DAYS ?? "0.05");
const dayMs = 86_400_000;
const looks = 8;
/** Half of them are for warming up: caches, the log's first segments, answers remembered. */
const warm = looks / 2;
const heapMbMax = 2;
const timersMax = 25;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test(
  "neither memory nor timers grow with the days, nor with restarts and lost connections",
  () => {
    const simulation = createSimulation({
      config: exampleConfig("starter-cabinet"),
      seed: "weeks",
      fromMs: Date.UTC(2026, 0, 15, 2, 0),
      world: { arrivalsPerDay: 240, visitsKept: 10 },
    });
    const { clock, broker, computer } = simulation;
    const seen: { readonly heapMb: number; readonly timers: number }[] = [];
    for (let look = 1; look <= looks; look++) {
      broker?.cut("the line");
      computer.processDied();
      // A wire that was never let go, or a timer nobody calls off, would be left by each.
      clock.runUntil((look * days * dayMs) / looks);
      collectGarbage();
      seen.push({ heapMb: process.memoryUsage().heapUsed / 1_048_576, timers: clock.pending() });
    }
    const [before, after] = [seen[warm - 1], seen[looks - 1]];
    console.log(seen.map(({ heapMb, timers }) => `${heapMb.toFixed(1)} MB, ${timers} timers`).join(" · "));
    expect((after?.heapMb ?? 0) - (before?.heapMb ?? 0)).toBeLessThan(heapMbMax);
    expect((after?.timers ?? 0) - (before?.timers ?? 0)).toBeLessThan(timersMax);
    expect(simulation.world.stats.endings.swapped).toBeGreaterThan(days * 20);
    expect(simulation.invariants.violations()).toEqual([]);
  },
  60_000 + days * 600_000,
);
