/**
 * What Home Assistant makes of the fields of a payload: which kind of entity, with which class, unit and name. Data only, beside
 * the payloads; the words are Home Assistant's own (its MQTT integration's documentation). A field that is not named here is
 * not shown there. Paths are checked by the compiler, units against the schema by a test.
 */
import type { AmenityConfig } from "../amenities/config.ts";
import type { EventKind } from "./event-payloads.ts";
import type { LedgerPayload } from "./ledger-payload.ts";
import {
  type BayPayload,
  BayStateWord,
  type CabinetPayload,
  type HealthPayload,
  type InfoPayload,
  type PowerPayload,
} from "./state-payloads.ts";

/** `a.b` for every field of a payload that is not a list. */
type PathOf<T> = {
  [K in keyof T & string]: NonNullable<T[K]> extends readonly unknown[]
    ? never
    : NonNullable<T[K]> extends object
      ? K | `${K}.${PathOf<NonNullable<T[K]>>}`
      : K;
}[keyof T & string];

/** How a state is read out of the payload. */
export type HomeReads<P extends string = string> =
  /** The field as it is; null or missing is "unknown". */
  | { readonly path: P }
  /** The field's words in Home Assistant's words; what is not listed is "unknown". Faults win over them. */
  | {
      readonly path: P;
      readonly words: Readonly<Record<string, string>>;
      readonly jammed?: readonly string[];
    }
  /** ON while one of these faults is raised, unknown while one of the others is, else OFF. `any` stands for all faults. */
  | { readonly faults: readonly string[] | "any"; readonly blind?: readonly string[] };

/** Something of the layout that must be there for the entity to make sense; an amenity by its kind, `outlet` for either of two. */
export type HomeNeed = "heater" | "smoke" | "aed" | "door" | "fridge" | "outlet" | AmenityConfig["kind"];

export interface HomeHint<P extends string = string> {
  /** Last part of the entity's id; it is promised, because automations name it. */
  readonly key: string;
  readonly platform: "sensor" | "binary_sensor" | "lock";
  readonly name: { readonly zh: string; readonly en: string };
  readonly reads: HomeReads<P>;
  readonly deviceClass?: string;
  readonly stateClass?: "measurement" | "total_increasing";
  readonly unit?: string;
  readonly precision?: number;
  /** Words of an enumeration. */
  readonly options?: readonly string[];
  readonly diagnostic?: true;
  /** Silence is no answer: unknown when two heartbeats of the topic were missed. */
  readonly expires?: true;
  readonly needs?: HomeNeed;
}

export type HintsOf<T> = readonly HomeHint<PathOf<T>>[];

const onOff = { true: "ON", false: "OFF" } as const;
const measured = { platform: "sensor", stateClass: "measurement" } as const;
const counted = { platform: "sensor", stateClass: "total_increasing", diagnostic: true } as const;
const watts = { ...measured, deviceClass: "power", unit: "W", precision: 0 } as const;

export const bayHints = [
  {
    key: "lock",
    platform: "lock",
    name: { zh: "锁", en: "lock" },
    reads: {
      path: "lock",
      words: { latched: "LOCKED", released: "UNLOCKED" },
      jammed: ["bay-lock-failed", "bay-lock-held"],
    },
  },
  {
    key: "state",
    platform: "sensor",
    name: { zh: "状态", en: "state" },
    reads: { path: "state" },
    deviceClass: "enum",
    options: [...BayStateWord.values],
  },
  {
    key: "soc",
    ...measured,
    name: { zh: "电量", en: "charge" },
    reads: { path: "pack.socPct" },
    deviceClass: "battery",
    unit: "%",
    precision: 0,
  },
  {
    key: "cell_temperature",
    ...measured,
    name: { zh: "电芯温度", en: "cell temperature" },
    reads: { path: "pack.cellTempMaxC" },
    deviceClass: "temperature",
    unit: "°C",
    precision: 0,
  },
  {
    key: "voltage",
    ...measured,
    name: { zh: "电压", en: "voltage" },
    reads: { path: "pack.packV" },
    deviceClass: "voltage",
    unit: "V",
    precision: 1,
  },
  {
    key: "current",
    ...measured,
    name: { zh: "电流", en: "current" },
    reads: { path: "pack.packA" },
    deviceClass: "current",
    unit: "A",
    precision: 1,
  },
  {
    key: "pack",
    platform: "sensor",
    name: { zh: "电池编号", en: "pack" },
    reads: { path: "pack.id" },
    diagnostic: true,
  },
  {
    key: "door",
    platform: "binary_sensor",
    name: { zh: "仓门", en: "door" },
    reads: { path: "door", words: { open: "ON", shut: "OFF" } },
    deviceClass: "door",
  },
  {
    key: "heater",
    platform: "binary_sensor",
    name: { zh: "加热", en: "heater" },
    reads: { path: "heater", words: onOff },
    needs: "heater",
  },
  {
    key: "problem",
    platform: "binary_sensor",
    name: { zh: "故障", en: "problem" },
    reads: { faults: "any" },
    deviceClass: "problem",
  },
  {
    key: "lock_out",
    platform: "sensor",
    name: { zh: "停用", en: "lock-out" },
    reads: { path: "lockOut" },
    deviceClass: "enum",
    options: ["none", "operator", "system", "pending-check"],
    diagnostic: true,
  },
] as const satisfies HintsOf<BayPayload>;

export const cabinetHints = [
  { key: "ready", ...measured, name: { zh: "可换电池", en: "packs ready" }, reads: { path: "ready" } },
  { key: "charging", ...measured, name: { zh: "充电中", en: "packs charging" }, reads: { path: "charging" } },
  { key: "warming", ...measured, name: { zh: "加热中", en: "packs warming" }, reads: { path: "warming" } },
  { key: "empty", ...measured, name: { zh: "空仓", en: "bays empty" }, reads: { path: "empty" } },
  {
    key: "out_of_service",
    ...measured,
    name: { zh: "停用仓", en: "bays out of service" },
    reads: { path: "outOfService" },
  },
  {
    key: "next_ready",
    platform: "sensor",
    name: { zh: "下一块就绪", en: "next pack ready" },
    reads: { path: "nextReadyAt" },
    deviceClass: "timestamp",
  },
  { key: "power", ...watts, name: { zh: "功率", en: "power" }, reads: { path: "powerW" } },
  {
    key: "prompt",
    platform: "sensor",
    name: { zh: "提示语", en: "prompt" },
    reads: { path: "prompt.zh" },
    diagnostic: true,
  },
  {
    key: "smoke",
    platform: "binary_sensor",
    name: { zh: "烟雾", en: "smoke" },
    reads: { faults: ["smoke", "runaway"], blind: ["smoke-lost"] },
    deviceClass: "smoke",
    expires: true,
    needs: "smoke",
  },
  {
    key: "problem",
    platform: "binary_sensor",
    name: { zh: "故障", en: "problem" },
    reads: { faults: "any" },
    deviceClass: "problem",
  },
] as const satisfies HintsOf<CabinetPayload>;

export const powerHints = [
  { key: "power", ...watts, name: { zh: "总功率", en: "power" }, reads: { path: "siteW" } },
  { key: "charging_power", ...watts, name: { zh: "充电功率", en: "charging power" }, reads: { path: "chargingW" } },
  { key: "heating_power", ...watts, name: { zh: "加热功率", en: "heating power" }, reads: { path: "heatingW" } },
] as const satisfies HintsOf<PowerPayload>;

export const ledgerHints = [
  { key: "debts", ...measured, name: { zh: "欠骑手电池", en: "packs owed" }, reads: { path: "debtCount" } },
  { key: "findings", ...measured, name: { zh: "待查事项", en: "things to look at" }, reads: { path: "findingCount" } },
] as const satisfies HintsOf<LedgerPayload>;

const feeling = { ...measured, diagnostic: true, expires: true } as const;

export const healthHints = [
  {
    key: "loop_late",
    ...feeling,
    name: { zh: "主循环延迟", en: "loop lateness" },
    reads: { path: "loop.lateP99Ms" },
    deviceClass: "duration",
    unit: "ms",
  },
  {
    key: "memory",
    ...feeling,
    name: { zh: "内存", en: "memory" },
    reads: { path: "memory.rssMb" },
    deviceClass: "data_size",
    unit: "MB",
    precision: 0,
  },
  { key: "outbox", ...feeling, name: { zh: "待发事件", en: "events waiting" }, reads: { path: "outbox.depth" } },
  {
    key: "outbox_age",
    ...feeling,
    name: { zh: "最旧待发", en: "oldest event waiting" },
    reads: { path: "outbox.ageS" },
    deviceClass: "duration",
    unit: "s",
  },
  { key: "dropped", ...counted, name: { zh: "丢弃的事件", en: "events dropped" }, reads: { path: "outbox.dropped" } },
  { key: "faults", ...feeling, name: { zh: "故障数", en: "faults" }, reads: { path: "faults" } },
  { key: "timeouts", ...counted, name: { zh: "总线超时", en: "line timeouts" }, reads: { path: "bus.timeouts" } },
  { key: "reconnects", ...counted, name: { zh: "重连次数", en: "reconnects" }, reads: { path: "mqtt.reconnects" } },
  {
    key: "clock",
    platform: "binary_sensor",
    name: { zh: "时钟未同步", en: "clock not synchronised" },
    reads: { path: "clock", words: { unsynced: "ON", ntp: "OFF" } },
    deviceClass: "problem",
    diagnostic: true,
  },
] as const satisfies HintsOf<HealthPayload>;

export const infoHints = [
  {
    key: "version",
    platform: "sensor",
    name: { zh: "版本", en: "version" },
    reads: { path: "version" },
    diagnostic: true,
  },
] as const satisfies HintsOf<InfoPayload>;

/** Kinds of event that only a station with a room of its own has. */
export const roomKinds: ReadonlySet<string> = new Set<EventKind>(["door", "climate", "fridge", "amenity", "help"]);

/** Every kind of event is an entity of the station; its types are those of the contract. */
export const eventNames: Readonly<Record<EventKind, { readonly zh: string; readonly en: string }>> = {
  swap: { zh: "换电", en: "swap" },
  bay: { zh: "仓位事件", en: "bay" },
  safety: { zh: "安全", en: "safety" },
  door: { zh: "门事件", en: "door" },
  climate: { zh: "室温事件", en: "climate" },
  fridge: { zh: "冰箱事件", en: "fridge" },
  amenity: { zh: "便民设施事件", en: "amenities" },
  help: { zh: "求助", en: "help" },
  fault: { zh: "故障事件", en: "fault" },
  station: { zh: "控制器", en: "controller" },
  report: { zh: "日报与周报", en: "reports" },
  security: { zh: "安全审计", en: "security" },
  request: { zh: "运营请求", en: "request" },
};
