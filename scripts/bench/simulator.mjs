// How much faster than life the simulated reference station runs, with every byte on every wire and every invariant watched.
// CPU seconds count, because wall seconds belong to whoever else uses the machine.
import { amount, atLeast, figure } from "./figures.mjs";
import { askPart } from "./processes.mjs";

const part = (name) => new URL(`./${name}.mjs`, import.meta.url).pathname;

export const simulator = {
  name: "simulator",
  title: "the reference station in virtual time, seed 7, every byte and every invariant",
  async run({ root, quick, say }) {
    const hours = quick ? 0.25 : 2;
    say(`${hours} h`);
    const run = await askPart(part("simulated-run"), { root, hours, seed: "7" });
    say("the floor");
    const floor = await askPart(part("floor-run"), {
      root,
      transactions: run.transactions,
      overMs: run.simulatedSeconds * 1_000,
    });
    if (floor.decoded < run.transactions * 0.99) throw new Error(`the floor decoded only ${floor.decoded} frames`);
    const limits = { unit: "×", limit: atLeast(1_000), aim: 10_000 };
    const perSecond = run.simulatedSeconds / run.cpuSeconds;
    const microseconds = (run.cpuSeconds * 1e6) / run.transactions;
    return {
      figures: [
        figure({
          name: "simulated seconds per CPU second",
          value: perSecond,
          ...limits,
          baseline: {
            name: "clock and codec alone, as many transactions",
            value: run.simulatedSeconds / floor.cpuSeconds,
          },
          note: `${amount(microseconds, "µs")} a transaction of CPU, the floor ${amount((floor.cpuSeconds * 1e6) / run.transactions, "µs")}`,
        }),
        figure({
          name: "the same, second half of the run",
          value: run.simulatedSeconds / 2 / (run.cpuSeconds - run.firstHalfSeconds),
          ...limits,
          note: "the first half also pays for compiling; a simulated day runs at about this speed",
        }),
        figure({
          name: "simulated seconds per second on the wall",
          value: run.simulatedSeconds / run.wallSeconds,
          ...limits,
        }),
      ],
      notes: [
        `${hours} h from 11:00: ${amount(run.transactions, "transactions")}, ${amount(run.timers, "timers")}, ${run.visits} visits, ${amount(run.checked, "looks of the invariants")}, ${run.violated} violated`,
        `digest ${run.digest}`,
      ],
      raw: run,
    };
  },
};
