/** The fixed parts of the bench: a small configuration, its members, and packs to put into it. */
import {
  ChargingConfig,
  PackClass,
  type RequestRules,
  SafetyConfig,
  type StationConfig,
  SwapConfig,
} from "../../services/config.ts";
import { type Durable, emptyDurable } from "../../services/journal/durable.ts";
import type { BayHolding, PackPlace } from "../../services/ledger/places.ts";
import type { Member } from "../../services/members/members.ts";
import { opensPerHourMax } from "../../services/operators/opens.ts";
import type { PackReading } from "../../services/readings.ts";
import type { StationContext } from "../../services/station/state.ts";

export interface BenchOptions {
  readonly cabinets?: number;
  readonly baysEach?: number;
  readonly siteLimitW?: number;
  readonly doorSwitches?: boolean;
  /** Conductor, water, aerosol and alarm in every cabinet; emergency stop, alarm and exit release in the station. */
  readonly allSafety?: boolean;
  readonly swap?: Partial<SwapConfig>;
  readonly charging?: Partial<ChargingConfig>;
  readonly safety?: Partial<SafetyConfig>;
  readonly requests?: Partial<RequestRules>;
  /** Packs by bay number; a bay not named is empty. */
  readonly stock?: Readonly<Record<number, PackReading>>;
  /** What the log says at the start; a station that was stocktaken when nothing is given. */
  readonly durable?: Durable;
}

/** Long enough to be found again wherever it should not stand. */
export const memberName = (n: number): string => `member-ling-${n}`;
export const digestOf = (member: string): string => `digest-of-${member}`;
const memberCount = 30;

export function pack(packId: string | undefined, more: Partial<PackReading> = {}): PackReading {
  return {
    packId,
    packMv: 48_000,
    packMa: 0,
    socPct: 20,
    cellTempsC: [20, 21],
    cellsMv: new Array<number>(13).fill(3_692),
    protectionBits: 0,
    chargeMosOn: true,
    dischargeMosOn: true,
    remainingMah: 4_800,
    nominalMah: 24_000,
    cycles: 12,
    ...more,
  };
}

export const fullPack = (packId: string, socPct = 96): PackReading => pack(packId, { socPct, packMv: 53_500 });

/** One cabinet of four: full packs in bays 2 and 3, room in 1 and 4. */
export const usualStock = { 2: fullPack("yz-full-2", 97), 3: fullPack("yz-full-3", 96) };

export function benchConfig(options: BenchOptions = {}): StationConfig {
  const { cabinets = 1, baysEach = 4, allSafety: all = false } = options;
  const layouts: StationConfig["bays"][number][] = [undefined];
  const found: StationConfig["cabinets"][number][] = [];
  for (let cabinet = 1; cabinet <= cabinets; cabinet++) {
    const numbers: number[] = [];
    for (let n = 0; n < baysEach; n++) {
      const bay = layouts.length;
      numbers.push(bay);
      layouts.push({ bay, cabinet: `c-${cabinet}`, hasHeater: true, hasDoorSwitch: options.doorSwitches ?? true });
    }
    found.push({
      id: `c-${cabinet}`,
      bays: numbers,
      hasSmoke: true,
      hasFan: true,
      hasConductor: all,
      hasWater: all,
      hasAerosol: all,
      hasAlarm: all,
    });
  }
  return {
    stationId: "bench",
    timeZone: "Asia/Shanghai",
    siteLimitW: options.siteLimitW ?? 25_000,
    hasEmergencyStop: all,
    hasAlarm: all,
    hasExitRelease: all,
    cabinets: found,
    bays: layouts,
    swap: { ...SwapConfig.parse({}), ...options.swap },
    packs: PackClass.parse({}),
    charging: { ...ChargingConfig.parse({}), ...options.charging },
    safety: { ...SafetyConfig.parse({}), ...options.safety },
    requests: { twoPersons: false, opensPerHour: opensPerHourMax, ...options.requests },
  };
}

/** A log that begins with a stocktaking of what stands in the bays. */
export function countedDurable(
  config: StationConfig,
  stock: NonNullable<BenchOptions["stock"]>,
  durable: Durable = emptyDurable,
): Durable {
  const packs: Record<string, PackPlace> = {};
  const bays: Record<string, BayHolding> = {};
  for (const layout of config.bays) {
    if (layout === undefined) continue;
    const { bay } = layout;
    const packId = stock[bay]?.packId;
    if (packId !== undefined) packs[packId] = { at: "bay", bay, since: 0 };
    const unread = stock[bay] === undefined ? "nothing" : "unread";
    bays[String(bay)] = packId === undefined ? { holds: unread, since: 0 } : { holds: "pack", packId, since: 0 };
  }
  return { ...durable, ledger: { packs, bays } };
}

export function benchContext(config: StationConfig): StationContext {
  const byDigest = new Map<string, Member>();
  for (let n = 1; n <= memberCount; n++) {
    byDigest.set(digestOf(memberName(n)), { member: memberName(n), role: "rider", active: n !== memberCount });
  }
  byDigest.set(digestOf(technician), { member: technician, role: "technician", active: true });
  return { config, members: { byDigest }, ownPack: new RegExp(config.packs.idPattern) };
}

/** The one member who may reset a latch. */
export const technician = "technician-1";

/** The one member who was switched off. */
export const inactiveMember = memberName(memberCount);

export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
