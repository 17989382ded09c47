/** Faults of the controller's own process and memory. What ends it is followed by a start, as a service manager does it. */
import type { Fault } from "./fault.ts";
import { lurking, swapStep, truthWatch } from "./lurking.ts";

const where = "controller";

export const processFaults: readonly Fault[] = [
  {
    id: "M1",
    name: "heap-exhausted",
    kind: "process",
    says: { zh: "内存耗尽，进程崩溃", en: "the heap is full: the process stands still over its garbage, then dies" },
    expects: "outputs drop, the process starts again and goes on where it was",
    invariants: ["I3", "I30"],
    perDay: 2,
    lastsS: [0, 0],
    strike: ({ simulation: { computer, clock }, troubles, random }) => {
      if (!computer.isAlive || computer.standsStill) return undefined;
      const over = troubles.begin("heap-exhausted", where);
      const goOn = computer.standStill();
      // V8 collects in vain for a while before it gives up.
      clock.after(random.between(1, 6) * 1_000, () => {
        computer.processDied();
        goOn();
        over();
      });
      return { where };
    },
  },
  {
    id: "M2",
    name: "loop-blocked",
    kind: "process",
    says: { zh: "事件循环阻塞 10 秒", en: "the event loop is blocked for ten seconds" },
    expects: "every lease runs out; nothing is switched on before the station has been seen again",
    invariants: ["I3", "I19"],
    perDay: 3,
    lastsS: [10, 10],
    strike: ({ simulation: { computer }, troubles }) => {
      if (!computer.isAlive || computer.standsStill) return undefined;
      const over = troubles.begin("loop-blocked", where);
      const goOn = computer.standStill();
      return {
        where,
        end: () => {
          over();
          goOn();
        },
      };
    },
  },
  {
    id: "M3",
    name: "unexpected-error",
    kind: "process",
    says: { zh: "程序出现意外错误", en: "an error nobody expected leaves the controller in the middle of something" },
    expects: "the process ends itself at once, outputs drop, and it starts again in the safe state",
    invariants: ["I19", "I3"],
    perDay: 2,
    lastsS: [0, 0],
    strike: ({ simulation: { computer } }) => {
      if (!computer.isAlive || computer.standsStill) return undefined;
      computer.plantBug();
      return { where };
    },
  },
  {
    id: "M4",
    name: "process-killed",
    kind: "process",
    says: { zh: "换电途中进程被强制终止", en: "the process is killed in the middle of a swap" },
    expects: "the swap goes on or is made good; every pack is in one place",
    invariants: ["I20", "I5", "I3"],
    perDay: 3,
    lastsS: [3_600, 10_800],
    strike: (ground) => {
      const { random, simulation, troubles } = ground;
      const { computer } = simulation;
      const step = swapStep(ground);
      return lurking(ground, {
        where: `after ${step.name}`,
        watch: truthWatch(ground, step.isIt),
        afterMs: random.between(0, 2_000),
        forMs: 1_000,
        begin: () => {
          if (!computer.isAlive) return undefined;
          const over = troubles.begin("process-killed", where);
          computer.processDied();
          return over;
        },
      });
    },
  },
  {
    id: "M5",
    name: "memory-over-days",
    kind: "process",
    says: { zh: "长期运行后内存或句柄增长", en: "memory or timers grow over weeks" },
    expects: "after weeks there is no more of either than on the first day",
    invariants: ["I31"],
    perDay: 0,
    lastsS: [0, 0],
    provenBy: "test/simulation/weeks.test.ts",
    strike: () => undefined,
  },
  {
    id: "M6",
    name: "config-spoilt",
    kind: "process",
    says: { zh: "重启时配置文件损坏", en: "the configuration is spoilt when the process starts again" },
    expects: "the last good one runs, or nothing does: every output stays off until somebody mends the file",
    invariants: ["I19"],
    perDay: 1,
    lastsS: [60, 900],
    strike: ({ simulation: { computer }, troubles, random, where: wanted }) => {
      if (!computer.isAlive || troubles.active("config-spoilt")) return undefined;
      const kept = "last good one kept";
      const drawn = random.chance(0.5) ? kept : "none kept";
      const place = wanted === kept || wanted === "none kept" ? wanted : drawn;
      const over = troubles.begin("config-spoilt", place);
      computer.spoilConfig(place === kept ? "last-good-kept" : "none-kept");
      computer.processDied();
      return {
        where: place,
        end: () => {
          over();
          computer.spoilConfig(undefined);
          if (place === kept) computer.restart("the configuration was mended");
        },
      };
    },
  },
];
