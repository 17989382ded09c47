/**
 * A bench for one judge: a world that is nothing but its truth, changed by hand, and everything else that a judge may look at. It
 * moves nothing by itself but time, and asks the judge when a run would.
 */
import { fileURLToPath } from "node:url";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import { emptyDurable } from "../../services/journal/durable.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { noLevels } from "../../services/levels.ts";
import { createSimulatedBroker } from "../../simulator/broker.ts";
import type { Checker, WholeSetup } from "../../simulator/checkers/checker.ts";
import type { Asked } from "../../simulator/checkers/ears.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { Troubles } from "../../simulator/faults/troubles.ts";
import { createRandom } from "../../simulator/random.ts";

const day = Date.UTC(2026, 0, 15, 4, 0);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function exampleStation(name: "starter-cabinet" | "room-station"): LoadedConfig {
  const loaded = loadConfig(fileURLToPath(new URL(`../../examples/${name}.yaml`, import.meta.url)));
  if (!loaded.ok) throw new Error(`examples/${name}.yaml is not valid`);
  return loaded.config;
}

export interface BenchPack {
  id: string;
  socPct: number;
  cellTempC: number;
  hottestCellC: number;
  chargeBelowZeroCoulombs: number;
  protectionBits: number;
}

const newPack = (id: string): BenchPack => ({
  id,
  socPct: 95,
  cellTempC: 15,
  hottestCellC: 16,
  chargeBelowZeroCoulombs: 0,
  protectionBits: 0,
});

function newBay(bay: number) {
  return {
    bay,
    cabinet: "a",
    doorOpen: false,
    doorChangedMs: 0,
    coilSinceMs: undefined as number | undefined,
    contactorRelayOn: false,
    heaterOn: false,
    heaterRelayOn: false,
    heaterRelayMs: 0,
    chargerOn: false,
    chargeMa: 0,
    foreignObject: false,
    plugged: true,
    pack: newPack(`yz-${bay}`) as BenchPack | undefined,
  };
}

const soundBay = () => ({
  doorSwitchStuckAt: undefined as boolean | undefined,
  lockContactStuckAt: undefined as boolean | undefined,
  presenceStuckAt: undefined as boolean | undefined,
  bmsSilent: false,
  contactorWelded: false,
  chargerStuck: false,
  temperaturesFrozen: false,
  gaugeFrozen: false,
});

interface Heard {
  readonly bus: string;
  readonly address: number | undefined;
}

function benchEars(clock: { readonly nowMs: number }) {
  const heard = new Map<string, number>();
  const asked = new Map<string, number>();
  const listeners = new Map<string, Asked[]>();
  const key = (bus: string, address?: number) => `${bus}/${address ?? ""}`;
  return {
    hears: () => true,
    heardMs: (bus: string, address?: number) => heard.get(key(bus, address)),
    askedMs: (bus: string) => asked.get(bus),
    onAsked: (bus: string, listener: Asked) => void listeners.set(bus, [...(listeners.get(bus) ?? []), listener]),
    answers({ bus, address }: Heard): void {
      heard.set(key(bus), clock.nowMs);
      if (address !== undefined) heard.set(key(bus, address), clock.nowMs);
    },
    asks(bus: string, bytes: Uint8Array): void {
      asked.set(bus, clock.nowMs);
      for (const listener of listeners.get(bus) ?? []) listener(bytes, bytes.length);
    },
  };
}

export function judgeBench(example: "starter-cabinet" | "room-station" = "starter-cabinet") {
  const config = exampleStation(example);
  const clock = createVirtualClock({ wallStartMs: day });
  const bays = config.station.bays.flatMap((layout) => (layout === undefined ? [] : [newBay(layout.bay)]));
  const cabinet = {
    id: "a",
    bays,
    smoke: false,
    conductor: false,
    fanOn: false,
    alarmOn: false,
    aerosolOn: false,
    people: 0,
  };
  const truth = {
    get nowMs() {
      return clock.nowMs;
    },
    mainsOn: true,
    masterEnable: true,
    alarmOn: false,
    exitFreed: false,
    mainsW: 0,
    bays,
    cabinets: [cabinet],
    get packs() {
      return bays.flatMap(({ pack, bay }) => (pack === undefined ? [] : [{ ...pack, place: { at: "bay", bay } }]));
    },
    bay(number: number) {
      const bay = bays.find((one) => one.bay === number);
      if (bay === undefined) throw new RangeError(`no bay ${number}`);
      return bay;
    },
  };
  const faults = new Map(bays.map(({ bay }) => [bay, soundBay()]));
  const listeners: ((event: object) => void)[] = [];
  const live = new Set<string>();
  const doors = new Map([["front", { isOpen: false }]]);
  const circuits = { isLive: (name: string) => live.has(name), closedNow: [] as string[] };
  const world = {
    truth,
    bayFaults: (bay: number) => faults.get(bay) ?? soundBay(),
    onTruth: (listener: (event: object) => void) => void listeners.push(listener),
    room: example === "room-station" ? { room: { circuits, doors } } : undefined,
    linePaths: [],
  };
  const ears = benchEars(clock);
  const broker = createSimulatedBroker({ clock });
  const disk = simulatedDisk({ clock, random: createRandom("bench") });
  const controller = {
    durable: emptyDurable as Mutable<typeof emptyDurable>,
    swaps: {} as Record<string, { readonly member: string }>,
    /** Those that are raised. */
    faults: {} as Record<string, object>,
    readings: { bays: [], cabinets: {}, station: { emergencyStop: undefined } } as {
      bays: unknown[];
      cabinets: Record<string, unknown>;
      room?: unknown;
    },
    levels: noLevels as unknown,
    aheadMs: 0,
    synced: 0,
    state: () => ({
      durable: controller.durable,
      swaps: controller.swaps,
      recovering: [],
      openings: {},
      faults: controller.faults,
    }),
    context: { config: config.station },
    granted: () => controller.levels,
    wallMs: () => clock.wallMs() + controller.aheadMs,
    syncedN: () => controller.synced,
  };
  const troubles = new Troubles(clock);
  const found: string[] = [];
  const count = { looks: 0 };
  const setup = {
    world,
    clock,
    config: config.station,
    file: config.file,
    ears,
    broker,
    disk,
    controller,
    troubles,
    report: (invariant: string, what: string) => found.push(`${invariant}: ${what}`),
    looked: () => {
      count.looks++;
    },
  } as unknown as WholeSetup;
  const checkers: Checker[] = [];
  return {
    clock,
    config,
    truth,
    cabinet,
    bay: truth.bay,
    faults: (bay: number) => faults.get(bay) ?? soundBay(),
    live,
    doors,
    circuits,
    ears,
    broker,
    disk,
    controller,
    troubles,
    found,
    /** Judgements made. */
    looks: () => count.looks,
    judge(make: (setup: WholeSetup) => Checker): Checker {
      const checker = make(setup);
      checkers.push(checker);
      listeners.push((event) => checker.onTruth?.(event as never));
      broker.subscribe("#", (message) => checker.onMessage?.(message));
      broker.overhear((message) => checker.onPublished?.(message));
      const look = (): void => {
        checker.onLook?.();
        clock.after(checker.everyMs ?? 10_000, look);
      };
      clock.after(checker.everyMs ?? 10_000, look);
      return checker;
    },
    seconds: (many: number) => void clock.runUntil(clock.nowMs + many * 1_000),
    tell: (event: object) => {
      for (const listener of listeners) listener({ atMs: clock.nowMs, ...event });
    },
    /** There is smoke in the cabinet now. */
    smoke: () => {
      cabinet.smoke = true;
      for (const listener of listeners) listener({ atMs: clock.nowMs, type: "smoke", cabinet: cabinet.id, on: true });
    },
    record: (record: JournalRecord) => {
      for (const checker of checkers) checker.onRecord?.(record);
    },
    scan: () => {
      for (const checker of checkers) checker.onScan?.(clock.nowMs);
    },
    finish: () => {
      for (const checker of checkers) checker.onLook?.();
      for (const checker of checkers) checker.onFinish?.();
    },
  };
}

export type JudgeBench = ReturnType<typeof judgeBench>;
