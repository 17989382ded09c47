// Memory and CPU of the controller while nobody is there: all lines answer, everything is polled, telemetry goes out.
import { setTimeout as pause } from "node:timers/promises";
import { amount, atMost, figure } from "./figures.mjs";
import { childrenOf, cpuSeconds, end, memoryMb, start } from "./processes.mjs";
import { missingTools } from "./pseudo-terminals.mjs";
import { startController, startStation, untilArmed } from "./station.mjs";

async function bareNode(forMs) {
  const child = start(process.execPath, ["-e", "setInterval(() => {}, 1e3)"], { stdio: "ignore" });
  await pause(forMs);
  const memory = memoryMb(child.pid);
  await end(child);
  return memory;
}

async function idleStation(root, { example, settleMs, watchMs }) {
  const station = await startStation({ root, example });
  const controller = startController(station);
  try {
    await untilArmed(station, controller);
    await pause(settleMs);
    const cpuBefore = cpuSeconds(controller.pid);
    const fromMs = performance.now();
    await pause(watchMs);
    const cpuPct = ((cpuSeconds(controller.pid) - cpuBefore) / (performance.now() - fromMs)) * 1e5;
    const [guardian] = childrenOf(controller.pid);
    return { ...memoryMb(controller.pid), cpuPct, guardian: guardian === undefined ? undefined : memoryMb(guardian) };
  } finally {
    await end(controller);
    await station.stop();
  }
}

export const memory = {
  name: "memory",
  title: "the idle controller, real process, every line answering",
  async run({ root, quick, say }) {
    const missing = missingTools();
    if (missing !== undefined) return { skipped: missing };
    const times = quick ? { settleMs: 3_000, watchMs: 5_000 } : { settleMs: 20_000, watchMs: 20_000 };
    say("bare Node");
    const bare = await bareNode(2_000);
    say("reference station");
    const reference = await idleStation(root, { example: "reference-station", ...times });
    say("starter cabinet");
    const starter = await idleStation(root, { example: "starter-cabinet", ...times });
    const baseline = { name: "a bare Node process", value: bare.rss };
    const own = ({ own: mb }) => amount(mb, "MB");
    return {
      figures: [
        figure({
          name: "resident memory, reference station (36 bays, 48 lines)",
          value: reference.rss,
          unit: "MB",
          limit: atMost(85),
          baseline,
          note: `${own(reference)} of it shared with no other process; bare Node ${own(bare)}`,
        }),
        figure({
          name: "resident memory, starter cabinet (4 bays, 8 lines)",
          value: starter.rss,
          unit: "MB",
          limit: atMost(85),
          baseline,
          note: `${own(starter)} of it shared with no other process`,
        }),
        figure({
          name: "resident memory of the guardian",
          value: reference.guardian?.rss ?? Number.NaN,
          unit: "MB",
          baseline,
          note:
            reference.guardian === undefined
              ? undefined
              : `${own(reference.guardian)} of it shared with no other process`,
        }),
        figure({
          name: "CPU of one core while polling, reference station",
          value: reference.cpuPct,
          unit: "%",
          limit: atMost(2),
        }),
        figure({
          name: "CPU of one core while polling, starter cabinet",
          value: starter.cpuPct,
          unit: "%",
          limit: atMost(2),
        }),
      ],
      notes: [
        `after ${times.settleMs / 1_000} s of rest, over ${times.watchMs / 1_000} s; broker connected without TLS`,
      ],
    };
  },
};
