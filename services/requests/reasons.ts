/**
 * Every reason for which a request is not carried out: code and words, once. The first table is about the message itself, judged
 * before the station considers it; the second about the station at that moment. Beside them: what kind of security event each is.
 */
import { type AccessRefusal, accessRefusals } from "../access/refusals.ts";
import { helpWords } from "../amenities/help.ts";
import { lockerRefusals } from "../amenities/lockers.ts";
import { climateRefusals } from "../climate/orders.ts";
import type { EventType } from "../contract/event-payloads.ts";
import { restockRefusals } from "../fridge/release.ts";
import type { Words } from "../words.ts";

const ofTheMessage = {
  "topic-too-long": { zh: "主题过长", en: "The topic is too long." },
  retained: { zh: "保留消息中的请求一律不执行", en: "A retained request is never acted upon." },
  "too-large": { zh: "请求超过 16 kB", en: "The request is larger than 16 kB." },
  "too-deep": { zh: "JSON 嵌套过深", en: "The JSON is nested too deeply." },
  malformed: { zh: "不是有效的 JSON 对象", en: "Not a valid JSON object." },
  "unknown-verb": { zh: "未知的请求", en: "There is no such request." },
  "bad-request": { zh: "请求内容不符合约定", en: "The request does not match its schema." },
  expired: { zh: "请求已过期", en: "The request has expired." },
  "expires-too-late": { zh: "有效期不得超过 5 分钟", en: "A request may hold for at most 5 minutes." },
  "opening-expires-too-late": {
    zh: "开门请求的有效期不得超过 60 秒",
    en: "A request that opens a door may hold for at most 60 s.",
  },
  "clock-unsynchronised": {
    zh: "站点时钟未校准，无法判断有效期",
    en: "The station's clock is not confirmed, so the expiry cannot be judged.",
  },
  "wrong-station": { zh: "请求是给另一个站点的", en: "The request is for another station." },
  unsigned: { zh: "请求没有签名", en: "The request is not signed, or lacks what a signed one carries." },
  "unknown-key": { zh: "站点不认识这把密钥", en: "The station does not know this key." },
  "role-not-allowed": { zh: "此密钥的角色无权提出这种请求", en: "The role of this key may not ask for that." },
  "out-of-order": {
    zh: "序号缺失，或不大于此密钥上次被接受的序号",
    en: "The number is missing, or not above the last one accepted from this key.",
  },
  "bad-signature": { zh: "签名与内容不符", en: "The signature does not fit the request, the verb and this station." },
  "id-reused": { zh: "此编号已用于另一种请求", en: "This id was used for another kind of request." },
  "too-many": { zh: "请求过于频繁", en: "Too many requests." },
  /** No refusal: whoever asks again gets the same answer, and the station acts once. */
  repeated: { zh: "重复的请求只执行一次，答复相同", en: "Asked before: answered alike, acted upon once." },
  "memory-full": { zh: "待记请求已满，请稍后再试", en: "Too many recent requests to remember; try again later." },
} as const satisfies Record<string, Words>;

const ofTheStation = {
  "no-such-bay": { zh: "没有这个仓", en: "There is no such bay." },
  "no-such-cabinet": { zh: "没有这个换电柜", en: "There is no such cabinet." },
  smoke: { zh: "柜内有烟雾或高温，仓门不打开", en: "There is smoke or heat in the cabinet: its doors stay shut." },
  runaway: { zh: "柜内热失控已锁定，须现场复位", en: "Thermal runaway is latched there; it is reset on site only." },
  "emergency-stop": { zh: "急停已按下，仓门不打开", en: "The emergency stop is pressed: no lock is driven." },
  "hot-pack": { zh: "仓内电池过热，仓门不打开", en: "The pack in the bay is hot: its door stays shut." },
  busy: { zh: "有骑手正在换电", en: "A rider is swapping there." },
  recovering: { zh: "重启前的换电还在核对", en: "A swap from before the restart is still being checked." },
  "operator-at-work": { zh: "另一个开门请求正在执行", en: "Another request opens doors there now." },
  "door-open": { zh: "此柜另有仓门未关", en: "Another door of the cabinet stands open." },
  "bay-not-seen": {
    zh: "收不到此仓信号，开了也看不到",
    en: "The bay's contacts are not heard: an opening would not be seen.",
  },
  "live-connector": { zh: "充电电流未断，仓门不打开", en: "The charging current does not stop: the door stays shut." },
  "current-unknown": { zh: "无法确认充电电流已断", en: "Nothing proves that the charging current has stopped." },
  "lock-busy": {
    zh: "门锁正忙，请稍后再试",
    en: "The locks are in use, or this one was just tried; ask again in half a minute.",
  },
  "lock-failed": { zh: "门锁未能打开", en: "The lock was pulsed and the door was not seen open." },
  updating: { zh: "正在升级", en: "The station is in update mode." },
  "not-idle": {
    zh: "还有换电或开门在进行，须空闲时才能升级",
    en: "A swap or an opening runs; updates wait for an idle station.",
  },
  "wrong-word": {
    zh: "确认码不对、已用过或已超过 60 秒，请重新申请",
    en: "Not the word that was given, or it was used, or 60 s are over; ask for a new one.",
  },
  "same-person": {
    zh: "打开整柜须由另一把密钥确认",
    en: "A whole cabinet takes two persons: the word must come with another key than the one that asked for it.",
  },
  "opens-per-hour": {
    zh: "一小时内开门请求已达上限",
    en: "As many bays as one hour allows were opened for this key, or for unsigned requests.",
  },
  "nothing-opened": { zh: "没有一个仓门打开", en: "Not one bay was opened; the list says why." },
  "no-such-member": { zh: "没有这位会员", en: "There is no such member." },
  "member-inactive": { zh: "会员已停用", en: "The membership is not active." },
  "bay-locked-out": { zh: "此仓已停用", en: "The bay is out of service." },
  "pack-not-ready": { zh: "仓内没有可换的满电电池", en: "No pack stands there that could be handed out." },
  "reserved-for-another": { zh: "此电池已为另一位会员保留", en: "That pack is kept for another member." },
  "one-reservation-each": { zh: "该会员已有保留的电池", en: "A pack is kept for that member already." },
  "not-an-own-pack": { zh: "不是本站的电池编号", en: "That is not the id of a pack of this station." },
  "pack-in-bay": { zh: "此电池在仓内，不在任何会员手中", en: "That pack stands in a bay: nobody holds it." },
  "unknown-parameter": {
    zh: "没有这个参数，或不能在运行中修改",
    en: "There is no such parameter, or not one to change at run time.",
  },
  "out-of-bounds": { zh: "参数超出范围", en: "The value is outside the bounds of the configuration's schema." },
  "only-stricter": {
    zh: "安全参数只能比配置文件更严",
    en: "A safety number may only be stricter than the configuration file.",
  },
  contradicts: { zh: "参数互相矛盾", en: "These values contradict each other." },
  stopping: { zh: "控制器即将停止", en: "The controller is about to stop." },
  "cannot-record": {
    zh: "日志无法写入，不作任何动作",
    en: "The log cannot be written; look before asking again, for nothing is done that cannot be remembered.",
  },
  "interrupted-by-restart": {
    zh: "执行中控制器重启，未继续执行",
    en: "The controller restarted before this was answered; it was not carried on.",
  },
} as const satisfies Record<string, Words>;

/** What the room refuses an operator. The words of doors, climate, fridge and help are those of the services themselves. */
const ofTheRoom = {
  "no-room": { zh: "此站点没有这项设施", en: "This station has no such thing." },
  "no-such-door": accessRefusals["no-such-door"],
  "no-such-amenity": {
    zh: "没有这项便民设施，或它不能这样用",
    en: "There is no such amenity, or not one of that kind.",
  },
  "no-such-locker": { zh: "没有这个格子", en: "There is no such locker." },
  "lockers-busy": lockerRefusals["lockers-busy"],
  fire: accessRefusals.fire,
  lockdown: accessRefusals.lockdown,
  "other-door-open": accessRefusals["other-door-open"],
  "door-busy": accessRefusals.busy,
  "mode-unchanged": climateRefusals["mode-unchanged"],
  ...restockRefusals,
  "help-not-called": helpWords["help-not-called"],
} as const satisfies Record<string, Words>;

export const refusalWords = { ...ofTheMessage, ...ofTheStation, ...ofTheRoom } as const;

/** Why a message was refused before the station considered it. */
export type RequestRefusal = keyof typeof ofTheMessage;
/** Why the station refused, or failed to do, what it considered. */
export type OrderRefusal = keyof typeof ofTheStation | keyof typeof ofTheRoom | "expired";

/** A door's reason as an operator reads it. At a reader some of these words mean something else than in a request. */
export function doorReason(reason: AccessRefusal): OrderRefusal {
  switch (reason) {
    case "busy":
      return "door-busy";
    case "not-written":
      return "cannot-record";
    case "no-such-door":
    case "fire":
    case "lockdown":
    case "other-door-open":
    case "expired":
      return reason;
    default:
      // The rest is about credentials, and a request carries none.
      return "door-busy";
  }
}

/** The words of a reason, when it is one of ours. */
export function wordsOf(reason: string): Words | undefined {
  return Object.hasOwn(refusalWords, reason) ? refusalWords[reason as keyof typeof refusalWords] : undefined;
}

/**
 * The kind of security event that a refusal is. Of what the station refused only those stand here that say something about
 * the asker; the others say something about the bay.
 */
export const securityTypes = {
  "topic-too-long": "invalid-messages",
  "too-large": "invalid-messages",
  "too-deep": "invalid-messages",
  malformed: "invalid-messages",
  "unknown-verb": "invalid-messages",
  "bad-request": "invalid-messages",
  "expires-too-late": "invalid-messages",
  "opening-expires-too-late": "invalid-messages",
  "clock-unsynchronised": "invalid-messages",
  "wrong-station": "invalid-messages",
  "id-reused": "invalid-messages",
  "too-many": "invalid-messages",
  "memory-full": "invalid-messages",
  retained: "attempted-replay-attacks",
  expired: "attempted-replay-attacks",
  repeated: "attempted-replay-attacks",
  "out-of-order": "attempted-replay-attacks",
  unsigned: "broker-failed-to-authenticate",
  "unknown-key": "broker-failed-to-authenticate",
  "bad-signature": "broker-failed-to-authenticate",
  "role-not-allowed": "broker-failed-to-authenticate",
  "same-person": "broker-failed-to-authenticate",
  "opens-per-hour": "broker-failed-to-authenticate",
} as const satisfies Record<RequestRefusal, EventType<"security">> & Partial<Record<string, EventType<"security">>>;

/** The type of the event of a refused request; a reason of an older or newer controller is an invalid message. */
export function securityTypeOf(reason: string): EventType<"security"> {
  return Object.hasOwn(securityTypes, reason)
    ? securityTypes[reason as keyof typeof securityTypes]
    : "invalid-messages";
}

/** Whether the station's refusal of an order is a security event as well. */
export const isAboutAsker = (reason: string): boolean => reason === "same-person" || reason === "opens-per-hour";
