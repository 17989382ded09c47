/** Faults of the power supply. */
import type { Simulation } from "../simulation.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { lurking, swapStep, truthWatch } from "./lurking.ts";

/** Mains goes, and the computer with it. Returns how both come back. */
function darken({ world, computer }: Simulation): () => void {
  const mainsBack = world.cutMains();
  computer.powerLost();
  return () => {
    mainsBack();
    computer.powerBack();
  };
}

function dark({ simulation, troubles }: FaultGround, name: string): () => void {
  const over = troubles.begin(name, "mains");
  const light = darken(simulation);
  return () => {
    over();
    light();
  };
}

const mainsCutIdle: Fault = {
  id: "P1",
  name: "mains-cut-idle",
  kind: "power",
  says: { zh: "无人时停电", en: "mains fails while nobody swaps" },
  expects: "outputs are off by default; the station starts again to the same state",
  invariants: ["I1", "I19"],
  perDay: 2,
  lastsS: [5, 900],
  strike: (ground) => {
    const { mainsOn, cabinets } = ground.simulation.world.truth;
    if (!mainsOn || cabinets.some(({ people }) => people > 0)) return undefined;
    return { where: "mains", end: dark(ground, "mains-cut-idle") };
  },
};

const mainsCutMidSwap: Fault = {
  id: "P2",
  name: "mains-cut-mid-swap",
  kind: "power",
  says: { zh: "换电途中停电", en: "mains fails in the middle of a swap" },
  expects: "the swap goes on or is made good; every pack is in one place",
  invariants: ["I5", "I20", "I25"],
  perDay: 3,
  lastsS: [3_600, 10_800],
  strike: (ground) => {
    const { random, simulation } = ground;
    const step = swapStep(ground);
    return lurking(ground, {
      where: `after ${step.name}`,
      watch: truthWatch(ground, step.isIt),
      afterMs: random.between(0, 3_000),
      forMs: random.between(2, 300) * 1_000,
      begin: () => (simulation.world.truth.mainsOn ? dark(ground, "mains-cut-mid-swap") : undefined),
    });
  },
};

/** The first cut comes at a step of a swap, the second while the station is finding out where it was. */
const mainsCutWhileRecovering: Fault = {
  id: "P3",
  name: "mains-cut-while-recovering",
  kind: "power",
  says: { zh: "恢复途中再次停电", en: "mains fails again while the station recovers from a cut in a swap" },
  expects: "recovering from a recovery ends where one recovery would have",
  invariants: ["I20", "I5"],
  perDay: 2,
  lastsS: [3_600, 10_800],
  strike: (ground) => {
    const { random, simulation } = ground;
    const { clock, world } = simulation;
    const step = swapStep(ground);
    const firstMs = random.between(1, 10) * 1_000;
    const secondMs = random.between(1, 60) * 1_000;
    const onceMore = (): (() => void) =>
      lurking(ground, {
        where: "after starting",
        watch: truthWatch(ground, (event) => event.type === "computer" && event.on),
        afterMs: random.between(0, 8_000),
        forMs: secondMs,
        begin: () => (world.truth.mainsOn ? dark(ground, "mains-cut-while-recovering") : undefined),
      }).end ?? (() => undefined);
    let callOff: () => void = () => undefined;
    const first = lurking(
      { ...ground, landed: () => undefined },
      {
        where: `after ${step.name}`,
        watch: truthWatch(ground, step.isIt),
        afterMs: random.between(0, 3_000),
        forMs: firstMs,
        begin: () => {
          if (!world.truth.mainsOn) return undefined;
          const light = dark(ground, "mains-cut-while-recovering");
          // A minute is enough for a computer to start; after that there is nothing to be recovered from.
          callOff = onceMore();
          clock.after(firstMs + 90_000, () => callOff());
          return light;
        },
      },
    );
    return {
      ...first,
      end: () => {
        first.end?.();
        callOff();
      },
    };
  },
};

const flutters = 10;
const flutterS = 60;

const mainsFlutters: Fault = {
  id: "P4",
  name: "mains-flutters",
  kind: "power",
  says: { zh: "一分钟内停电十次", en: "mains fails ten times in a minute" },
  expects: "nothing moves until the supply has been steady for ten seconds",
  invariants: ["I19", "I1"],
  perDay: 1,
  lastsS: [flutterS, flutterS],
  strike: ({ simulation, troubles, random }) => {
    if (!simulation.world.truth.mainsOn) return undefined;
    const { clock } = simulation;
    const over = troubles.begin("mains-flutters", "mains");
    let light: (() => void) | undefined;
    let isOver = false;
    const lighten = (): void => {
      light?.();
      light = undefined;
    };
    for (let time = 0; time < flutters; time++) {
      const atMs = (time * flutterS * 1_000) / flutters;
      clock.after(atMs, () => {
        if (!isOver) light ??= darken(simulation);
      });
      clock.after(atMs + random.between(200, 4_000), lighten);
    }
    return {
      where: "mains",
      end: () => {
        isOver = true;
        over();
        lighten();
      },
    };
  },
};

const brownOut: Fault = {
  id: "P5",
  name: "brown-out",
  kind: "power",
  says: { zh: "电压跌落，主机重启，控制板未断电", en: "the voltage dips: the computer resets, the boards stay up" },
  expects: "every output is off within two seconds, by its lease on the board",
  invariants: ["I3", "I19"],
  perDay: 2,
  lastsS: [0, 0],
  strike: ({ simulation: { computer, clock }, troubles, random }) => {
    if (!computer.isPowered) return undefined;
    const over = troubles.begin("brown-out", "computer");
    computer.powerLost();
    clock.after(random.between(50, 400), () => {
      over();
      computer.powerBack();
    });
    return { where: "computer" };
  },
};

/** One fuse for all locks of a cabinet, and one for its chargers. */
const supplies = { locks: "lockUnpowered", chargers: "chargerUnpowered" } as const;

const actuatorSupplyLost: Fault = {
  id: "P6",
  name: "actuator-supply-lost",
  kind: "power",
  says: { zh: "锁或充电器电源丢失，主机正常", en: "the supply of locks or chargers fails, the computer runs" },
  expects: "what has no supply is noticed; no swap is offered that could not be finished",
  invariants: ["I25", "I2"],
  perDay: 2,
  lastsS: [60, 1_800],
  strike: ({ simulation: { world }, troubles, random, where }) => {
    const places = world.truth.cabinets.flatMap(({ id, bays }) =>
      (["locks", "chargers"] as const).map((what) => ({
        place: `${what} of cabinet ${id}`,
        faults: bays.map(({ bay }) => world.bayFaults(bay)),
        supply: supplies[what],
      })),
    );
    const free = places.filter(({ faults, supply }) => faults.every((one) => !one[supply]));
    const { place, faults, supply } =
      free.find((one) => one.place === where) ?? random.pick(free.length > 0 ? free : places);
    if (faults.some((one) => one[supply])) return undefined;
    const over = troubles.begin("actuator-supply-lost", place);
    for (const one of faults) one[supply] = true;
    return {
      where: place,
      end: () => {
        over();
        for (const one of faults) one[supply] = false;
      },
    };
  },
};

/** Mains is gone and the computer hangs on its UPS, which has it shut down in order while there is charge left. */
const upsLow: Fault = {
  id: "P7",
  name: "ups-low",
  kind: "power",
  says: { zh: "停电，UPS 电量低，主机有序关机", en: "mains is gone, the UPS runs low and shuts the computer down" },
  expects: "the current step is finished, no new swap begins, the log is flushed",
  invariants: ["I20", "I5"],
  perDay: 1.5,
  lastsS: [120, 900],
  strike: ({ simulation, troubles, random }) => {
    const { world, computer, clock } = simulation;
    if (!world.truth.mainsOn || !computer.isAlive || computer.standsStill) return undefined;
    const over = troubles.begin("ups-low", "mains");
    const mainsBack = world.cutMains();
    let isOver = false;
    let isOff = false;
    const switchOff = (): void => {
      // Mains came back in the meantime, and still a shutdown that has begun is finished.
      computer.powerLost();
      if (isOver) clock.after(1_000, () => computer.powerBack());
      else isOff = true;
    };
    clock.after(random.between(5, 60) * 1_000, () => {
      if (!isOver) computer.stop("the UPS runs low", switchOff);
    });
    return {
      where: "mains",
      end: () => {
        isOver = true;
        over();
        mainsBack();
        if (isOff) computer.powerBack();
      },
    };
  },
};

/** The computer hangs on its own supply and goes on: all that was charging is off, and would like to begin again in one instant. */
const allChargersAtOnce: Fault = {
  id: "P8",
  name: "all-chargers-at-once",
  kind: "power",
  says: {
    zh: "市电闪断后恢复，所有充电器同时想启动",
    en: "mains blinks: every charger wants to begin at once when it is back",
  },
  expects: "chargers begin one after the other, and the site limit holds",
  invariants: ["I10"],
  perDay: 2,
  // Shorter than a lease nobody could tell that it went: a board that lost its relays takes the next command as any other.
  lastsS: [3, 20],
  strike: ({ simulation: { world }, troubles }): Strike | undefined => {
    if (!world.truth.mainsOn || world.truth.bays.every(({ chargeMa }) => chargeMa <= 0)) return undefined;
    const over = troubles.begin("all-chargers-at-once", "mains");
    const mainsBack = world.cutMains();
    return {
      where: "mains",
      end: () => {
        over();
        mainsBack();
      },
    };
  },
};

export const powerFaults: readonly Fault[] = [
  mainsCutIdle,
  mainsCutMidSwap,
  mainsCutWhileRecovering,
  mainsFlutters,
  brownOut,
  actuatorSupplyLost,
  upsLow,
  allChargersAtOnce,
];
