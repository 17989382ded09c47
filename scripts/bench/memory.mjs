// Memory and CPU of the controller while nobody is there: all lines answer, everything is polled, telemetry goes out.
import { setTimeout as pause } from "node:timers/promises";
import { amount, atMost, figure } from "./figures.mjs";
import { askPart, childrenOf, cpuSeconds, end, memoryMb, start } from "./processes.mjs";
import { missingTools } from "./pseudo-terminals.mjs";
import { startController, startStation, untilArmed } from "./station.mjs";

async function bareNode(forMs) {
  const child = start(process.execPath, ["-e", "setInterval(() => {}, 1e3)"], { stdio: "ignore" });
  await pause(forMs);
  const memory = memoryMb(child.pid);
  await end(child);
  return memory;
}

/** The same questions on the same lines by a process that does nothing else with them. */
async function barePolling({ root, file }, lines, watchMs) {
  const part = new URL("./bare-poller.mjs", import.meta.url).pathname;
  const baudOf = new Map(file.buses.map(({ path, baud, stopBits }) => [path, { baudRate: baud, stopBits }]));
  const asked = lines.map((line) => ({ ...line, ...baudOf.get(line.path) }));
  return askPart(part, { root, lines: asked, watchMs });
}

async function idleStation(root, { example, settleMs, watchMs }) {
  const station = await startStation({ root, example });
  const controller = startController(station);
  try {
    await untilArmed(station, controller);
    await pause(settleMs);
    await station.traffic();
    const cpuBefore = cpuSeconds(controller.pid);
    const fromMs = performance.now();
    await pause(watchMs);
    const cpuPct = ((cpuSeconds(controller.pid) - cpuBefore) / (performance.now() - fromMs)) * 1e5;
    const lines = await station.traffic();
    const [guardianPid] = childrenOf(controller.pid);
    const guardian = guardianPid === undefined ? undefined : memoryMb(guardianPid);
    const memory = memoryMb(controller.pid);
    await end(controller);
    const bare = await barePolling(station, lines, watchMs);
    const perSecond = lines.reduce((sum, line) => sum + line.perSecond, 0);
    return { ...memory, cpuPct, guardian, bare, perSecond };
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
    const beside = { name: "a bare Node process", value: bare.rss };
    const own = ({ own: mb }) => amount(mb, "MB");
    const resident = (name, station) =>
      figure({
        name: `resident memory, ${name}`,
        value: station.rss,
        unit: "MB",
        limit: atMost(85),
        baseline: beside,
        note: `${own(station)} of it shared with no other process; a bare process that polls the same lines: ${amount(station.bare.rss, "MB")}`,
      });
    const busy = (name, { cpuPct, perSecond, bare: polling }) =>
      figure({
        name: `CPU of one core, ${name}`,
        value: cpuPct,
        unit: "%",
        limit: atMost(2),
        baseline: { name: "a bare process, the same lines as often", value: polling.cpuPct },
        note: `${perSecond.toFixed(0)} questions a second, ${amount((cpuPct * 1e4) / perSecond, "µs")} each`,
      });
    return {
      figures: [
        resident("reference station (36 bays, 48 lines)", reference),
        resident("starter cabinet (4 bays, 8 lines)", starter),
        figure({
          name: "resident memory, guardian",
          value: reference.guardian?.rss ?? Number.NaN,
          unit: "MB",
          baseline: beside,
          note:
            reference.guardian === undefined
              ? undefined
              : `${own(reference.guardian)} of it shared with no other process`,
        }),
        busy("reference station", reference),
        busy("starter cabinet", starter),
      ],
      notes: [
        `after ${times.settleMs / 1_000} s of rest, over ${times.watchMs / 1_000} s; broker connected without TLS; nobody at the doors`,
      ],
      raw: { bare, reference, starter },
    };
  },
};
