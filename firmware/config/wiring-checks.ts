/** Buses and devices must fit each other: ids and ports once, buses that exist, and on each bus only what can live together. */
import { posix } from "node:path";
import { closest } from "./nearest.ts";
import { type Bilingual, type Detail, type Located, type Locator, locate, type Path, same } from "./problem.ts";
import type { DeviceEntry, DeviceKind } from "./schema-wiring.ts";
import type { Survey } from "./survey.ts";
import type { Entry } from "./uses.ts";

/**
 * What kinds that answer to an address speak: whoever speaks the same may share a bus. The others own their line. Addresses of
 * one protocol are numbers of one list, whatever kind answers to them.
 */
const protocols: Readonly<Partial<Record<DeviceKind, string>>> = {
  "lock-8a": "8A",
  "waveshare-relay-d": "Modbus",
  "xy-md02": "Modbus",
  dpm86: "DPM",
};

type BusDevice = Extract<DeviceEntry, { bus: string }>;

interface Twice<T> {
  readonly first: Entry<T>;
  readonly second: Entry<T>;
}

/** Every entry whose key was seen before, with the one that had it first. */
export function repeated<T>(list: readonly Entry<T>[], keyOf: (value: T) => string | number): Twice<T>[] {
  const seen = new Map<string | number, Entry<T>>();
  const twice: Twice<T>[] = [];
  for (const second of list) {
    const key = keyOf(second.value);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, second);
    else twice.push({ first, second });
  }
  return twice;
}

export function alreadyOn(locator: Locator, path: Path, what: Bilingual): Bilingual {
  const { line } = locator.place(path, "value");
  return { zh: `${what.zh} 已在第 ${line} 行使用`, en: `${what.en} is taken already on line ${line}` };
}

/** The next free number from `from` on, else the lowest free one. */
export function firstFree(taken: ReadonlySet<number>, from: number, max: number): string | undefined {
  for (let number = from; number <= max; number++) if (!taken.has(number)) return String(number);
  for (let number = 1; number <= max; number++) if (!taken.has(number)) return String(number);
  return undefined;
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  const stem = id.slice(0, 28).replace(/-?\d+$/, "");
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

export function duplicateIds(list: readonly Entry<string>[], locator: Locator): Located[] {
  const taken = new Set(list.map(({ value }) => value));
  return repeated(list, (id) => id).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_ID",
      message: alreadyOn(locator, first.path, same(second.value)),
      expected: { zh: "未用过的编号", en: "an id that is not taken" },
      nearest: freeId(second.value, taken),
    }),
  );
}

function duplicatePaths(survey: Survey, locator: Locator): Located[] {
  const ports = survey.buses.map(({ path, value }) => ({ path: [...path, "path"], value: value.path }));
  const sensors = survey.devices.flatMap(({ path, value }) =>
    value.kind === "w1-thermometer" || value.kind === "firmata" ? [{ path: [...path, "path"], value: value.path }] : [],
  );
  return repeated([...ports, ...sensors], (path) => posix.normalize(path)).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_PATH",
      message: alreadyOn(locator, first.path, same(second.value)),
      expected: { zh: "每个端口或传感器文件只用一次", en: "each port or sensor file once" },
    }),
  );
}

function unknownBuses(survey: Survey, locator: Locator): Located[] {
  const known = new Set(survey.busIds.map(({ value }) => value));
  return busDevices(survey).flatMap(({ path, value }) => {
    if (known.has(value.bus)) return [];
    const nearest = closest(value.bus, known);
    const detail: Detail = {
      code: "E_CFG_NO_SUCH_BUS",
      message: { zh: `总线 ${value.bus} 不存在`, en: `names the bus ${value.bus}, which does not exist` },
      expected: { zh: "buses 中的一个编号", en: "an id from buses" },
      nearest,
    };
    return [locate(locator, [...path, "bus"], "value", detail)];
  });
}

function busDevices(survey: Survey): Entry<BusDevice>[] {
  return survey.devices.flatMap(({ path, value }) => ("bus" in value ? [{ path, value }] : []));
}

function byBus(survey: Survey): Map<string, Entry<BusDevice>[]> {
  const groups = new Map<string, Entry<BusDevice>[]>();
  for (const entry of busDevices(survey)) {
    const group = groups.get(entry.value.bus);
    if (group === undefined) groups.set(entry.value.bus, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** The first device of a bus decides what the bus is; everything else is measured against it. */
function misplaced(group: readonly Entry<BusDevice>[], survey: Survey, locator: Locator): Located[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const used = new Set(busDevices(survey).map(({ value }) => value.bus));
  const unused = survey.busIds.find(({ value }) => !used.has(value))?.value;
  return others.flatMap(({ path, value }) => {
    const spoken = protocols[first.value.kind];
    const owner = spoken !== undefined ? value.kind : first.value.kind;
    if (spoken !== undefined && protocols[value.kind] === spoken) return [];
    const { line } = locator.place([...first.path, "bus"], "value");
    const with_ = { zh: `${first.value.id}（第 ${line} 行）`, en: `${first.value.id} (line ${line})` };
    const alone = protocols[owner] === undefined;
    const detail: Detail = {
      code: alone ? "E_CFG_BUS_NOT_SHARED" : "E_CFG_BUS_MIXED",
      message: alone
        ? {
            zh: `与 ${with_.zh} 共用总线，而 ${owner} 没有地址`,
            en: `shares its bus with ${with_.en}, but ${owner} has no address`,
          }
        : {
            zh: `与协议不同的 ${with_.zh} 共用总线`,
            en: `shares its bus with ${with_.en}, which speaks another protocol`,
          },
      expected: alone
        ? { zh: "独占的总线", en: "a bus of its own" }
        : { zh: `只有 ${value.kind} 的总线`, en: `a bus with ${value.kind} only` },
      nearest: unused,
    };
    return [locate(locator, [...path, "bus"], "value", detail)];
  });
}

const addressMax: Partial<Record<DeviceKind, number>> = {
  "lock-8a": 32,
  "waveshare-relay-d": 247,
  "xy-md02": 247,
  dpm86: 99,
};

function duplicateAddresses(group: readonly Entry<BusDevice>[], locator: Locator): Located[] {
  const addressed = group.flatMap(({ path, value }) =>
    "address" in value ? [{ path: [...path, "address"], value: { kind: value.kind, address: value.address } }] : [],
  );
  const taken = new Set(addressed.map(({ value }) => value.address));
  return repeated(addressed, ({ kind, address }) => `${protocols[kind]} ${address}`).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_ADDRESS",
      message: alreadyOn(locator, first.path, {
        zh: `此总线上的地址 ${second.value.address}`,
        en: `address ${second.value.address} of this bus`,
      }),
      expected: { zh: "此总线上未用的地址", en: "an address that is free on this bus" },
      nearest: firstFree(taken, second.value.address, addressMax[second.value.kind] ?? 1),
    }),
  );
}

/** UM0701-02 (PN532 user manual): the chip's serial line speaks 115200 baud until it is told otherwise, and nobody tells it. */
const speeds: Readonly<Partial<Record<DeviceKind, number>>> = { pn532: 115_200 };

function wrongSpeeds(survey: Survey, locator: Locator): Located[] {
  return busDevices(survey).flatMap(({ value }) => {
    const wanted = speeds[value.kind];
    const bus = survey.buses.find((entry) => entry.value.id === value.bus);
    if (wanted === undefined || bus === undefined || bus.value.baud === wanted) return [];
    const detail: Detail = {
      code: "E_CFG_BUS_SPEED",
      message: {
        zh: `${bus.value.baud} baud 与 ${value.id} 不符，${value.kind} 只用 ${wanted} baud`,
        en: `is ${bus.value.baud} baud, but ${value.id} is a ${value.kind} and speaks ${wanted}`,
      },
      expected: { zh: `${wanted} baud`, en: `${wanted} baud` },
      nearest: String(wanted),
    };
    return [locate(locator, [...bus.path, "baud"], "value", detail)];
  });
}

export function wiringProblems(survey: Survey, locator: Locator): Located[] {
  const groups = [...byBus(survey).values()];
  return [
    ...duplicateIds(survey.busIds, locator),
    ...duplicateIds(
      survey.knownDevices.map(({ path, value }) => ({ path, value: value.id })),
      locator,
    ),
    ...duplicateIds(survey.cabinetIds, locator),
    ...duplicatePaths(survey, locator),
    ...unknownBuses(survey, locator),
    ...wrongSpeeds(survey, locator),
    ...groups.flatMap((group) => misplaced(group, survey, locator)),
    ...groups.flatMap((group) => duplicateAddresses(group, locator)),
  ];
}
