/** Probes that fall silent, stand still, break, drift, spike or say what is no number: in packs, in the air, in files. */
import type { PackTold } from "../models/pack-faults.ts";
import type { AirSensor } from "../room/room-world.ts";
import { addressOf } from "./addresses.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { tellOtherwise } from "./pack-lies.ts";
import {
  type AirTarget,
  airSensorsOf,
  type BayTarget,
  devicesOf,
  type ProbeTarget,
  packsOf,
  probesOf,
  ratherThose,
  take,
} from "./targets.ts";

type AnyProbe = AirTarget | ProbeTarget | (BayTarget & { readonly kind: "pack" });

const inPacks = (bays: readonly BayTarget[]): AnyProbe[] => bays.map((bay) => ({ ...bay, kind: "pack" }));

/** How one kind of probe is broken; undefined where this kind can not be broken so. */
interface Ways {
  readonly pack?: (told: PackTold) => PackTold;
  readonly air?: NonNullable<AirSensor["fault"]>;
  readonly file?: { readonly gone: true } | { readonly frozen: true } | { readonly text: string };
}

const soundFile = { gone: false, frozen: false, text: undefined } as const;

function breakProbe(
  ground: FaultGround,
  name: string,
  ways: Ways,
  bays: readonly BayTarget[] = packsOf(ground),
): Strike | undefined {
  const { random, simulation, where } = ground;
  const { world } = simulation;
  const kinds: AnyProbe[][] = [
    ways.pack === undefined ? [] : inPacks(bays),
    ways.air === undefined ? [] : airSensorsOf(ground),
    ways.file === undefined ? [] : probesOf(ground),
  ].filter((kind) => kind.length > 0);
  if (kinds.length === 0) return undefined;
  const all = where === undefined ? random.pick(kinds) : kinds.flat();
  const { pack } = ways;
  if (pack !== undefined && all.every(({ kind }) => kind === "pack")) return tellOtherwise(ground, name, bays, pack);
  if (where?.startsWith("bay")) return pack === undefined ? undefined : tellOtherwise(ground, name, bays, pack);
  const taken = take(
    ground,
    name,
    "words",
    all.filter((probe) => probe.kind !== "pack"),
  );
  if (taken === undefined) return undefined;
  const { target } = taken;
  if (target.kind === "file") {
    const faults = world.probeFaults(target.device);
    if (faults !== undefined) Object.assign(faults, ways.file);
    return taken.until(() => {
      if (faults !== undefined) Object.assign(faults, soundFile);
    });
  }
  const room = world.room?.room;
  room?.breakSensor(target.device, ways.air);
  return taken.until(() => room?.breakSensor(target.device, undefined));
}

/** One probe of a pack says what a broken one says; which one is drawn. */
function oneProbe(ground: FaultGround, says: (tempC: number) => number): (told: PackTold) => PackTold {
  const which = ground.random.int(3);
  return (told) => ({ ...told, tempsC: told.tempsC.map((tempC, at) => (at === which ? says(tempC) : tempC)) });
}

/** Stands still from the first answer on. */
function frozen(): (told: PackTold) => PackTold {
  let temps: readonly number[] | undefined;
  return (told) => {
    temps ??= told.tempsC;
    return { ...told, tempsC: temps };
  };
}

const heats = (ground: FaultGround) => (bay: number) => ground.simulation.world.truth.bay(bay).heaterOn;

/** A file with all nine bytes at nought: the data line is shorted. Without the sensor every bit reads one. */
const shortedFile = "00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0\n";
const openFile = "ff ff ff ff ff ff ff ff ff : crc=c9 NO\n50 05 4b 46 7f ff 0c 10 1c t=85000\n";
/** What a converter without a probe, and one across a short, makes of it (10 kΩ NTC at the ends of its table). */
const openC = -40;
const shortedC = 150;

const wordsThatAreNoNumber = ["", "null\n", "NaN\n", "t=NaN\n", "a3 01 4b 46 7f ff 0c 10 d8 : crc=d8 YES\n t=warm\n"];

/** Drifts: a pack's probe beside two sound ones, or a sensor of the room that others can contradict. */
function drift(ground: FaultGround): Strike | undefined {
  const { random, simulation, where } = ground;
  const byC = random.chance(0.5) ? 10 : -10;
  const airs = airSensorsOf(ground);
  const wantsAir = airs.length > 1 && (where === undefined ? random.chance(0.5) : where.startsWith("sensor"));
  if (!wantsAir)
    return tellOtherwise(
      ground,
      "probe-drifts",
      packsOf(ground),
      oneProbe(ground, (tempC) => tempC + byC),
    );
  const taken = take(ground, "probe-drifts", "offset", airs);
  const sensor = taken && simulation.world.room?.room.sensors.get(taken.target.device);
  if (taken === undefined || sensor === undefined) return undefined;
  sensor.offsetC = byC;
  return taken.until(() => {
    sensor.offsetC = undefined;
  });
}

/** One answer of a pack or of a sensor of the room's air is far off, and the next is not. */
function spike(ground: FaultGround): Strike | undefined {
  const { random, simulation, where } = ground;
  const byC = random.pick([-60, 35, 60]);
  const airs = devicesOf(ground).filter(({ device }) => device.kind === "xy-md02");
  const wantsAir = airs.length > 0 && (where === undefined ? random.chance(0.5) : where.startsWith("device"));
  if (wantsAir) {
    const taken = take(ground, "probe-spikes", "next words", airs);
    const room = simulation.world.room?.room;
    if (taken === undefined || room === undefined) return undefined;
    const { device, path } = taken.target;
    const sensor = room.sensors.get(device.id);
    const strike = taken.until(() => leave());
    const leave = simulation.world.line(path).tap({
      hears(bytes, length, hand) {
        const asked = addressOf(device.kind, bytes) === device.address;
        const before = sensor?.offsetC;
        if (asked && sensor !== undefined) sensor.offsetC = byC;
        hand(bytes, length);
        if (!asked) return;
        if (sensor !== undefined) sensor.offsetC = before;
        strike.end?.();
      },
    });
    return { where: taken.where };
  }
  const one = oneProbe(ground, (tempC) => tempC + byC);
  const strike = tellOtherwise(ground, "probe-spikes", packsOf(ground), (told) => {
    strike?.end?.();
    return one(told);
  });
  return strike && { where: strike.where };
}

export const probeFaults: readonly Fault[] = [
  {
    id: "S1",
    name: "probe-silent",
    kind: "sensor",
    says: { zh: "温度不再更新", en: "a temperature is not told any more" },
    expects: "heater and charger that follow it are off within five seconds of its going stale",
    invariants: ["I6", "I8"],
    perDay: 2,
    lastsS: [10, 900],
    strike: (ground) =>
      breakProbe(ground, "probe-silent", {
        pack: (told) => ({ ...told, tempsC: [] }),
        air: "gone",
        file: { gone: true },
      }),
  },
  {
    id: "S2",
    name: "probe-frozen",
    kind: "sensor",
    says: { zh: "温度读数静止不变", en: "a temperature stands still" },
    expects: "what heats by it trips after a minute and stays off",
    invariants: ["I7"],
    perDay: 2,
    lastsS: [90, 1_800],
    strike: (ground) => {
      const bays = ratherThose(ground, packsOf(ground), heats(ground));
      return breakProbe(ground, "probe-frozen", { pack: frozen(), air: "frozen", file: { frozen: true } }, bays);
    },
  },
  {
    id: "S3",
    name: "probe-open-or-shorted",
    kind: "sensor",
    says: { zh: "探头断线或短路", en: "a probe is broken or shorted" },
    expects: "its value is invalid, which is the same as stale",
    invariants: ["I6", "I23"],
    perDay: 2,
    lastsS: [10, 900],
    strike: (ground) => {
      const isOpen = ground.random.chance(0.5);
      return breakProbe(ground, "probe-open-or-shorted", {
        pack: oneProbe(ground, () => (isOpen ? openC : shortedC)),
        air: isOpen ? "open" : "short",
        file: { text: isOpen ? openFile : shortedFile },
      });
    },
  },
  {
    id: "S4",
    name: "probe-drifts",
    kind: "sensor",
    says: { zh: "探头漂移 10 °C", en: "a probe drifts by 10 °C" },
    expects: "it disagrees with its neighbours, which is told; the safer value is obeyed",
    invariants: ["I9"],
    perDay: 2,
    lastsS: [120, 1_800],
    strike: drift,
  },
  {
    id: "S5",
    name: "probe-spikes",
    kind: "sensor",
    says: { zh: "温度读数偶发尖峰", en: "one sample is far off" },
    expects: "a single odd sample moves nothing",
    invariants: ["I23"],
    perDay: 3,
    lastsS: [0, 0],
    strike: spike,
  },
  {
    id: "S14",
    name: "value-no-number",
    kind: "sensor",
    says: { zh: "读数不是数字", en: "a sensor's text holds no number" },
    expects: "it is refused and counts as stale",
    invariants: ["I23"],
    perDay: 2,
    lastsS: [10, 300],
    strike: (ground) =>
      breakProbe(ground, "value-no-number", { file: { text: ground.random.pick(wordsThatAreNoNumber) } }),
  },
];
