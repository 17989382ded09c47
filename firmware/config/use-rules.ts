/** What each reference may be to: devices of which kinds, and what is counted on them. */
import type { Bilingual } from "./problem.ts";
import type { DeviceKind } from "./schema-wiring.ts";

export interface RoleRule {
  readonly kinds: readonly [DeviceKind, ...DeviceKind[]];
  readonly words: Bilingual;
  /** What the number behind the device counts, where there is one. */
  readonly point?: "channel" | "input" | "relay";
  /** It moves, heats or holds something: it should not depend on somebody to switch it off. */
  readonly isPower?: true;
}

const board = ["waveshare-relay-d"] as const;
const input = (zh: string, en: string): RoleRule => ({ kinds: board, words: { zh, en }, point: "input" });
const relay = (zh: string, en: string): RoleRule => ({ kinds: board, words: { zh, en }, point: "relay" });
const power = (zh: string, en: string): RoleRule => ({ ...relay(zh, en), isPower: true });
const whole = (kinds: RoleRule["kinds"], zh: string, en: string): RoleRule => ({ kinds, words: { zh, en } });
const thermometer = (zh: string, en: string): RoleRule => whole(["w1-thermometer", "xy-md02"], zh, en);
/** Where nothing but comfort and the food's clock depends on it, a thermistor of an expander board will do. */
const anyThermometer = (zh: string, en: string): RoleRule => whole(["w1-thermometer", "xy-md02", "firmata"], zh, en);

const cabinetRules = {
  lock: { kinds: ["lock-8a"], words: { zh: "锁", en: "a lock" }, point: "channel" },
  door: input("门磁", "a door switch"),
  presence: input("在位开关", "a presence switch"),
  contactor: power("接触器", "a contactor"),
  heater: power("加热器", "a heater"),
  charger: whole(["dpm86"], "充电器", "a charger"),
  pack: whole(["jbd"], "电池通信", "a pack link"),
  scanner: whole(["gm65"], "扫码器", "a code reader"),
  smoke: input("烟感", "a smoke detector"),
  runawayConductor: input("感温电缆", "a runaway conductor"),
  water: input("水浸传感器", "a water sensor"),
  fan: relay("风扇", "a fan"),
  aerosol: relay("气溶胶灭火装置", "an extinguisher"),
  alarm: relay("警报器", "an alarm"),
  emergencyStop: input("急停", "an emergency stop"),
  exitRelease: relay("出口释放", "an exit release"),
  thermometer: whole(["w1-thermometer"], "温度计", "a thermometer"),
  "master-enable": whole(board, "总使能", "the master enable"),
} as const satisfies Record<string, RoleRule>;

const roomRules = {
  strike: power("电锁扣", "a strike"),
  magnet: relay("磁力锁", "a magnet"),
  doorContact: input("门磁", "a door contact"),
  exitRequest: input("出门按钮", "an exit contact"),
  tamper: input("防拆触点", "a tamper contact"),
  lockPower: input("锁电源监测", "a contact of the lock's supply"),
  roomReader: whole(["gm65", "pn532"], "读码器或读卡器", "a code or card reader"),
  roomPresence: input("人体感应", "a presence sensor"),
  outside: anyThermometer("室外温度计", "a thermometer"),
  airSensor: whole(["xy-md02", "w1-thermometer"], "室温传感器", "a sensor of the room's air"),
  roomHeater: power("暖气", "a room heater"),
  heaterFeed: power("暖气总接触器", "a contactor"),
  cooler: power("空调", "a cooler"),
  fridgeThermometer: anyThermometer("冰箱温度计", "a thermometer"),
  fridgeDoor: input("冰箱门磁", "a door contact"),
  fridgeLock: power("冰箱锁", "a fridge's lock"),
  compressor: power("压缩机", "a compressor"),
  defrostHeater: power("除霜加热", "a defrost heater"),
  boilerThermometer: thermometer("热水温度计", "a thermometer"),
  element: power("加热管", "a heating element"),
  feed: power("热水总接触器", "a contactor"),
  tap: power("出水阀", "a tap"),
  appliance: power("设备电源", "an appliance"),
  locker: power("柜格锁", "a locker's lock"),
  plug: power("充电插座", "a charging plug"),
  dimmed: whole(["firmata"], "调光或调速输出", "a load that is driven in part"),
  lamp: relay("灯", "a lamp"),
  siren: relay("警笛", "a siren"),
  amenityContact: input("触点", "a contact"),
} as const satisfies Record<string, RoleRule>;

export type Role = keyof typeof cabinetRules | keyof typeof roomRules;

export const useRules: Readonly<Record<Role, RoleRule>> = { ...cabinetRules, ...roomRules };
