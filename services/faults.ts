/**
 * The fault catalogue: every fault once, with how bad it is, what it inhibits, who may clear it, what it says, and the mending
 * step. Faults are raised and cleared; most clear themselves when their cause is gone, the latched ones wait for a person.
 */

import type { FaultEntry } from "./fault-entry.ts";
import type { PromptId } from "./prompts.ts";
import { roomFaultCatalogue } from "./room/faults.ts";
import { bayFaults } from "./safety/bay-faults.ts";

export const faultCatalogue = {
  smoke: {
    severity: "danger",
    inhibits: "charging, heating and swapping in the cabinet",
    clearedBy: "itself",
    zh: "烟雾报警",
    en: "Smoke detected",
    mend: "Evacuate, call the fire brigade, then inspect the cabinet.",
  },
  "smoke-lost": {
    severity: "error",
    inhibits: "charging and heating in the cabinet",
    clearedBy: "itself",
    zh: "烟感失联",
    en: "Smoke head lost",
    mend: "Check the smoke head's wiring and its input board.",
  },
  conductor: {
    severity: "danger",
    inhibits: "charging, heating and swapping in the cabinet",
    clearedBy: "itself",
    zh: "感温电缆动作",
    en: "Runaway conductor tripped",
    mend: "Evacuate, inspect the cabinet; a melted cable must be replaced.",
  },
  "conductor-lost": {
    severity: "error",
    inhibits: "charging and heating in the cabinet",
    clearedBy: "itself",
    zh: "感温电缆失联",
    en: "Runaway conductor lost",
    mend: "Check the conductor's wiring and its input board.",
  },
  heat: {
    severity: "danger",
    inhibits: "charging, heating and swapping in the cabinet",
    clearedBy: "itself",
    zh: "柜内高温",
    en: "A pack or the cabinet's air is as hot as in a runaway",
    mend: "Keep away; let it cool with everything off, then inspect the cabinet.",
  },
  runaway: {
    severity: "danger",
    inhibits: "everything in the cabinet, new swaps in the whole station",
    clearedBy: "local-reset",
    zh: "热失控锁定",
    en: "Thermal runaway, latched",
    mend: "Evacuate, call the fire brigade; a technician resets it at the cabinet's reader when it is cold.",
  },
  water: {
    severity: "error",
    inhibits: "charging, heating and new swaps in the cabinet",
    clearedBy: "itself",
    zh: "柜内进水",
    en: "Water in the cabinet",
    mend: "Find the leak, dry the cabinet, inspect connectors and packs.",
  },
  "water-lost": {
    severity: "error",
    inhibits: "charging and heating in the cabinet",
    clearedBy: "itself",
    zh: "水浸传感器失联",
    en: "Water sensor lost",
    mend: "Check the sensor's wiring and its input board.",
  },
  "emergency-stop": {
    severity: "danger",
    inhibits: "all charging, heating and swapping",
    clearedBy: "itself",
    zh: "急停已按下",
    en: "Emergency stop pressed",
    mend: "Find out why it was pressed, then turn the button to release it.",
  },
  "emergency-stop-lost": {
    severity: "error",
    inhibits: "all charging and heating",
    clearedBy: "itself",
    zh: "急停信号失联",
    en: "Emergency stop not heard",
    mend: "Check the button's wiring and its input board.",
  },
  ...bayFaults,
  "pack-missing": {
    severity: "error",
    inhibits: "swapping at the bay",
    clearedBy: "operator",
    zh: "电池不翼而飞",
    en: "A pack is gone that nobody was given",
    mend: "Look at the bay and at the camera; `yizhan ledger` names the pack. Then lift the bay's lock-out.",
    says: "bay-checked",
  },
  "pack-changed": {
    severity: "error",
    inhibits: "charging and swapping at the bay",
    clearedBy: "operator",
    zh: "电池被调包",
    en: "Another pack stands in the bay than the one that was put there",
    mend: "Inspect the pack in the bay; `yizhan ledger` names both. Then lift the bay's lock-out.",
    says: "bay-checked",
  },
  "deposit-unasked": {
    severity: "warning",
    inhibits: "charging and swapping at the bay",
    clearedBy: "operator",
    zh: "未经扫码放入物品",
    en: "Something was put in that nobody was asked for",
    mend: "Open the bay, keep or remove what stands there, then lift its lock-out.",
    says: "deposit-unasked",
  },
  ...roomFaultCatalogue,
  "debt-overdue": {
    severity: "warning",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "欠电池超时",
    en: "A rider has been owed a pack too long",
    mend: "Call the rider; hand out a pack by a rescan.",
  },
  "bus-lost": {
    severity: "error",
    inhibits: "everything on the bus",
    clearedBy: "itself",
    zh: "总线断开",
    en: "Serial line lost",
    mend: "Check the USB adapter and the path in the configuration.",
  },
  "broker-lost": {
    severity: "info",
    inhibits: "nothing; events wait on disk",
    clearedBy: "itself",
    zh: "与运营平台断开，事件已本地保存",
    en: "No connection to the operator; events are kept here",
    mend: "Check the network and the broker; riders are served meanwhile.",
    says: "offline",
  },
  "broker-unsteady": {
    severity: "warning",
    inhibits: "nothing; events wait on disk",
    clearedBy: "itself",
    zh: "与运营平台的连接反复中断，可能有另一台设备使用同一站点编号",
    en: "The connection to the operator breaks again and again; perhaps another device bears this station's id",
    mend: "Look for a second controller with this station's id; if there is none, check the network and the broker.",
  },
  "broker-untrusted": {
    severity: "warning",
    inhibits: "the connection to the operator; events are kept here",
    clearedBy: "itself",
    zh: "运营平台身份无法确认，已拒绝连接",
    en: "The broker could not prove who it is; nothing is sent to it",
    mend: "Run `yizhan check`; compare caFile, serverName and the broker's certificate. Never switch the check off.",
    says: "offline",
  },
  "station-untrusted": {
    severity: "warning",
    inhibits: "the connection to the operator; events are kept here",
    clearedBy: "itself",
    zh: "运营平台不接受本站身份",
    en: "The broker does not accept this station, or its certificate is unfit",
    mend: "Run `yizhan check`; renew the station's certificate, or mend the broker's list of users.",
    says: "offline",
  },
  "clock-unset": {
    severity: "warning",
    inhibits: "the connection to the operator and operators' requests; riders are served",
    clearedBy: "itself",
    zh: "时钟未校准，证书无法核验",
    en: "The clock is wrong, so certificates cannot be judged",
    mend: "Give it a time source (timedatectl, chrony) or set the clock; it connects by itself then.",
  },
  "memory-low": {
    severity: "warning",
    inhibits: "nothing yet; the controller may be ended by the system",
    clearedBy: "itself",
    zh: "控制器内存占用过高",
    en: "The controller uses too much memory",
    mend: "Keep the health topic's memory curve, then restart the controller while no swap runs.",
  },
  "foreign-pack-again": {
    severity: "warning",
    inhibits: "nothing; the pack is given back each time",
    clearedBy: "itself",
    zh: "同一外来电池再次尝试存入",
    en: "The same foreign pack was tried again",
    mend: "Look at the cabinet's camera or ask the member; the event names the pack and the member's mark.",
  },
  "log-failed": {
    severity: "danger",
    inhibits: "new swaps",
    clearedBy: "itself",
    zh: "日志无法写入",
    en: "The log cannot be written",
    mend: "Check the disk: full, read-only or worn out.",
  },
  "log-corrupt": {
    severity: "error",
    inhibits: "nothing; history has a gap",
    clearedBy: "operator",
    zh: "日志损坏",
    en: "The log is damaged",
    mend: "Compare the bays with the ledger on site; replace the card.",
  },
  "guardian-lost": {
    severity: "danger",
    inhibits: "charging and heating",
    clearedBy: "itself",
    zh: "看护进程中断",
    en: "The guardian is not running",
    mend: "It is started again by itself; if not, restart the controller.",
  },
  "loop-late": {
    severity: "warning",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "主循环延迟",
    en: "The control loop ran late",
    mend: "Look for a busy disk or another program on this computer.",
  },
  "queue-overflow": {
    severity: "warning",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "事件队列溢出",
    en: "Events were dropped by a full queue",
    mend: "Look for a babbling device in the bus statistics.",
  },
  "config-refused": {
    severity: "error",
    inhibits: "the new configuration; the last good one is in force",
    clearedBy: "itself",
    zh: "新配置不合格，沿用上一份",
    en: "The configuration on disk is not accepted; the last good one runs",
    mend: "Run `yizhan check`; sign the file anew or put the signed one back, then restart.",
  },
  "config-changed": {
    severity: "warning",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "配置文件已更改，重启后生效",
    en: "The configuration file changed; restart to use it",
    mend: "Run `yizhan check`, then restart the controller.",
  },
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof faultCatalogue;

/** A raised fault. The subject is a bay number, a cabinet, a bus or `station`. */
export interface Fault {
  readonly code: FaultCode;
  readonly subject: string;
  readonly sinceMs: number;
  /** Since when its cause is gone; it clears when that has lasted, so that a flapping cause is one fault and not a hundred. */
  readonly goneSinceMs?: number;
}

export const saysOf = (code: FaultCode): PromptId | undefined => (faultCatalogue[code] as FaultEntry).says;

export const faultKey = (code: string, subject: string): string => `${code}/${subject}`;

export const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(faultCatalogue, code);
