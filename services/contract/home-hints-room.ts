/**
 * What Home Assistant makes of the room. It shows and commands nothing: a click cannot be signed, opens no door and no locker, and
 * heats nobody's room; for that there are requests. Data only, as in `home-hints.ts`.
 */
import type { HintsOf } from "./home-hints.ts";
import type {
  AmenityPayload,
  AmenityPayloadOf,
  ClimatePayload,
  DoorPayload,
  DoorView,
  FridgePayload,
} from "./room-payloads.ts";

const onOff = { true: "ON", false: "OFF" } as const;
const measured = { platform: "sensor", stateClass: "measurement" } as const;
const degrees = { ...measured, deviceClass: "temperature", unit: "°C", precision: 1 } as const;
const words = { platform: "sensor", deviceClass: "enum" } as const;
const problem = {
  key: "problem",
  platform: "binary_sensor",
  name: { zh: "故障", en: "problem" },
  reads: { faults: "any" },
  deviceClass: "problem",
} as const;
const shutOrOpen = { open: "ON", shut: "OFF" } as const;

/** Of the room as a whole. */
export const doorsHints = [
  { key: "people_inside", ...measured, name: { zh: "室内人数", en: "people inside" }, reads: { path: "inside" } },
  {
    key: "access_list",
    platform: "sensor",
    name: { zh: "门禁名单签发时间", en: "access list signed" },
    reads: { path: "listAt" },
    deviceClass: "timestamp",
    diagnostic: true,
  },
] as const satisfies HintsOf<DoorPayload>;

/** Of each door. */
export const doorHints = [
  {
    key: "door",
    platform: "binary_sensor",
    name: { zh: "门", en: "door" },
    reads: { path: "position", words: { open: "ON", held: "ON", forced: "ON", shut: "OFF", granted: "OFF" } },
    deviceClass: "door",
  },
  {
    key: "mode",
    ...words,
    name: { zh: "模式", en: "mode" },
    reads: { path: "mode" },
    options: ["open", "members-only", "closed", "lockdown"],
  },
  {
    key: "lock",
    ...words,
    name: { zh: "门锁", en: "lock" },
    reads: { path: "lock" },
    options: ["released", "holding", "resting"],
    diagnostic: true,
  },
  {
    key: "forced",
    platform: "binary_sensor",
    name: { zh: "强行打开", en: "forced" },
    reads: { faults: ["door-forced"], blind: ["door-contact-lost"] },
    deviceClass: "safety",
  },
  {
    key: "tamper",
    platform: "binary_sensor",
    name: { zh: "门锁被拆", en: "tampered with" },
    reads: { faults: ["door-tamper"] },
    deviceClass: "tamper",
  },
  problem,
] as const satisfies HintsOf<DoorView>;

export const climateHints = [
  { key: "temperature", ...degrees, name: { zh: "室温", en: "room temperature" }, reads: { path: "roomC" } },
  {
    key: "humidity",
    ...measured,
    name: { zh: "湿度", en: "humidity" },
    reads: { path: "humidityPct" },
    deviceClass: "humidity",
    unit: "%",
    precision: 0,
  },
  { key: "outside", ...degrees, name: { zh: "室外温度", en: "outside temperature" }, reads: { path: "outsideC" } },
  { key: "heat_to", ...degrees, name: { zh: "加热到", en: "heated to" }, reads: { path: "heatToC" } },
  {
    key: "state",
    ...words,
    name: { zh: "冷暖状态", en: "heating or cooling" },
    reads: { path: "state" },
    options: ["rest", "heat", "cool"],
  },
  {
    key: "mode",
    ...words,
    name: { zh: "冷暖模式", en: "climate mode" },
    reads: { path: "mode" },
    options: ["auto", "frost-only"],
    diagnostic: true,
  },
  { ...problem, name: { zh: "冷暖故障", en: "climate problem" } },
] as const satisfies HintsOf<ClimatePayload>;

export const fridgeHints = [
  { key: "temperature", ...degrees, name: { zh: "冰箱温度", en: "fridge temperature" }, reads: { path: "airC" } },
  { key: "left", ...measured, name: { zh: "剩余饮料", en: "drinks left" }, reads: { path: "left" } },
  {
    key: "door",
    platform: "binary_sensor",
    name: { zh: "冰箱门", en: "fridge door" },
    reads: { path: "door", words: shutOrOpen },
    deviceClass: "door",
  },
  {
    key: "restock",
    platform: "binary_sensor",
    name: { zh: "需要补货", en: "restock wanted" },
    reads: { path: "restockWanted", words: onOff },
  },
  {
    key: "blocked",
    platform: "binary_sensor",
    name: { zh: "饮料已封存", en: "drinks blocked" },
    reads: { path: "blocked", words: onOff },
    deviceClass: "problem",
  },
  {
    key: "energy",
    platform: "sensor",
    stateClass: "total_increasing",
    name: { zh: "冰箱用电", en: "fridge energy" },
    reads: { path: "energyWh" },
    deviceClass: "energy",
    unit: "Wh",
    precision: 0,
    diagnostic: true,
  },
  { ...problem, name: { zh: "冰箱故障", en: "fridge problem" } },
] as const satisfies HintsOf<FridgePayload>;

const running = {
  key: "on",
  platform: "binary_sensor",
  name: { zh: "运行", en: "running" },
  reads: { path: "on", words: onOff },
  deviceClass: "running",
} as const;

const free = { key: "free", ...measured, name: { zh: "空格", en: "free" }, reads: { path: "free" } } as const;

/** Of each amenity, by its kind. */
export const amenityHints = {
  "hot-water": [
    { key: "temperature", ...degrees, name: { zh: "水温", en: "temperature" }, reads: { path: "boilerC" } },
    problem,
  ],
  microwave: [running],
  socket: [running],
  "phone-lockers": [free],
  "gift-lockers": [free],
  "rescue-cabinet": [
    {
      key: "door",
      platform: "binary_sensor",
      name: { zh: "门", en: "door" },
      reads: { path: "door", words: shutOrOpen },
      deviceClass: "door",
    },
    {
      key: "aed_missing",
      platform: "binary_sensor",
      name: { zh: "AED 不在位", en: "AED missing" },
      reads: { path: "aed", words: { missing: "ON", "in-place": "OFF" } },
      deviceClass: "problem",
      needs: "aed",
    },
    problem,
  ],
  light: [{ ...running, deviceClass: "light", name: { zh: "灯", en: "light" } }],
  ventilation: [running],
  "toilet-light": [{ ...running, deviceClass: "occupancy", name: { zh: "有人", en: "taken" } }],
  help: [
    {
      key: "call",
      platform: "binary_sensor",
      name: { zh: "求助", en: "call for help" },
      reads: { path: "call", words: { waiting: "ON", answered: "OFF", none: "OFF" } },
      deviceClass: "safety",
    },
  ],
} as const satisfies { readonly [K in AmenityPayload["kind"]]: HintsOf<AmenityPayloadOf<K>> };

/** What an amenity is called where people have given it no name. */
export const amenityNames = {
  "hot-water": { zh: "热水", en: "Hot water" },
  microwave: { zh: "微波炉", en: "Microwave" },
  socket: { zh: "插座", en: "Socket" },
  "phone-lockers": { zh: "手机充电格", en: "Phone lockers" },
  "gift-lockers": { zh: "礼品格", en: "Gift lockers" },
  "rescue-cabinet": { zh: "急救柜", en: "First aid" },
  light: { zh: "照明", en: "Light" },
  ventilation: { zh: "通风", en: "Ventilation" },
  "toilet-light": { zh: "卫生间", en: "Toilet" },
  help: { zh: "求助按钮", en: "Help button" },
} as const satisfies Record<AmenityPayload["kind"], { readonly zh: string; readonly en: string }>;
