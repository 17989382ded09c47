/**
 * Every sentence the station says to a rider, once: an id (also the name of the spoken clip), Chinese and English. `{bay}`
 * and `{minutes}` are filled in. Number first, one action each; the wording follows what riders complain about.
 */
import type { Words } from "./words.ts";

export const prompts = {
  "insert-pack": {
    zh: "{bay}号仓已打开，请放入旧电池，插好插头，关好仓门",
    en: "Bay {bay} is open: put your pack in, push the plug home, shut the door",
  },
  "insert-again": {
    zh: "{bay}号仓未放入电池，请重新放入",
    en: "Nothing was put into bay {bay}: insert your pack again",
  },
  "lock-resting": {
    zh: "{bay}号仓门锁正在恢复，半分钟内自动打开，请稍候",
    en: "Bay {bay}: its lock rests, the door opens by itself within half a minute; please wait",
  },
  "push-plug": { zh: "请插紧{bay}号仓的电池插头并关好柜门", en: "Push the plug home in bay {bay} and shut the door" },
  inspecting: { zh: "正在识别电池，请稍候", en: "Reading your pack, please wait" },
  "take-pack": {
    zh: "{bay}号仓已打开，请取走新电池，关好仓门",
    en: "Bay {bay} is open: take your new pack and shut the door",
  },
  "take-again": { zh: "{bay}号仓的电池还未取走，请取走", en: "Your new pack is still in bay {bay}: take it" },
  "shut-door": { zh: "请关好{bay}号仓门", en: "Please shut the door of bay {bay}" },
  "take-back": { zh: "{bay}号仓已打开，请取回您的电池", en: "Bay {bay} is open: take your own pack back" },
  "door-fault-other": { zh: "柜门故障，正在为您打开{bay}号仓", en: "Door fault, opening bay {bay} instead" },
  completed: { zh: "换电完成，祝您一路平安", en: "Swap complete, ride safely" },
  "cancelled-nothing": {
    zh: "未放入电池，本次换电已取消，未收费",
    en: "No pack was inserted, the swap is cancelled, nothing is charged",
  },
  "cancelled-door": {
    zh: "仓门打不开，本次换电已取消，未收费，请换一个柜子",
    en: "No door would open, the swap is cancelled, nothing is charged; try another cabinet",
  },
  "refused-unknown": {
    zh: "未识别的会员码，请在手机上重新打开会员码",
    en: "This code is not known here; open your member code again",
  },
  "refused-inactive": {
    zh: "会员已停用，请联系客服",
    en: "This membership is not active; please contact the operator",
  },
  "refused-busy": {
    zh: "前一位骑手正在换电，请稍候再扫码",
    en: "Another rider is swapping here; please scan again in a moment",
  },
  "refused-no-pack": {
    zh: "暂无满电电池，约{minutes}分钟后可换",
    en: "No full pack yet, ready in about {minutes} min",
  },
  "refused-warming": { zh: "电池预热中，约{minutes}分钟后可换", en: "Packs are warming, ready in about {minutes} min" },
  "refused-no-empty": { zh: "暂无空仓，请换一个柜子", en: "No empty bay here; please try another cabinet" },
  "refused-fire": { zh: "请立即离开", en: "Leave now" },
  evacuate: { zh: "火情危险！请立即离开，远离电池柜", en: "Fire danger: leave now, keep away from the cabinets" },
  "refused-emergency": {
    zh: "急停已按下，暂停换电，急停解除后请重新扫码",
    en: "The emergency stop is pressed: no swaps until it is released, then scan again",
  },
  "refused-water": {
    zh: "柜内进水，暂停换电，请换一个柜子",
    en: "There is water in this cabinet; please try another one",
  },
  "latch-reset": {
    zh: "火情锁定已复位，本柜恢复使用",
    en: "The fire latch is reset, this cabinet is in service again",
  },
  "reset-too-early": {
    zh: "烟雾或高温尚未消除，不能复位",
    en: "Smoke or heat is not gone yet, the fire latch cannot be reset",
  },
  "cancelled-emergency": {
    zh: "急停已按下，本次换电已取消，未收费",
    en: "The emergency stop was pressed, the swap is cancelled, nothing is charged",
  },
  "interrupted-emergency": {
    zh: "急停已按下，换电中断；电池已登记，急停解除后请重新扫码",
    en: "Emergency stop: the swap was interrupted, your pack is recorded; scan again once it is released",
  },
  "refused-blind": {
    zh: "设备故障，请换一个柜子，客服已收到通知",
    en: "This cabinet is out of order, the operator was told; please try another one",
  },
  "refused-checking": {
    zh: "设备正在自检，请稍候再扫码",
    en: "The cabinet is checking itself; please scan again in a moment",
  },
  "refused-record": {
    zh: "设备暂时无法记录换电，请换一个柜子或联系客服",
    en: "The cabinet cannot record a swap now; try another cabinet or contact the operator",
  },
  "refused-stopping": {
    zh: "设备即将重启，请稍候再扫码",
    en: "The cabinet is about to restart; please scan again shortly",
  },
  "refused-out-of-service": {
    zh: "此柜暂停服务，请换一个柜子",
    en: "This cabinet is out of service; please try another one",
  },
  "refused-updating": {
    zh: "设备正在升级，请稍候再扫码",
    en: "The cabinet is being updated; please scan again later",
  },
  "refused-operator": {
    zh: "工作人员正在操作此柜，请稍候再扫码",
    en: "The operator is working at this cabinet; please scan again in a moment",
  },
  "not-own-pack": {
    zh: "此电池不属于本站，请从{bay}号仓取回",
    en: "This pack does not belong to this station, take it back from bay {bay}",
  },
  "not-your-pack": {
    zh: "此电池未与您绑定，请从{bay}号仓取回",
    en: "This pack is not bound to you, take it back from bay {bay}",
  },
  "already-full": {
    zh: "您的电池已充满，无需更换，请从{bay}号仓取回",
    en: "Your pack is already full, take it back from bay {bay}",
  },
  unreadable: { zh: "电池无法识别，请从{bay}号仓取回", en: "The pack cannot be read, take it back from bay {bay}" },
  "full-door-failed": {
    zh: "满电仓打不开，请从{bay}号仓取回您的电池，未收费",
    en: "No full bay would open: take your own pack back from bay {bay}, nothing is charged",
  },
  "own-door-stuck": {
    zh: "电池已登记，客服已收到通知，不会丢失",
    en: "Your pack is recorded and safe, the operator was told",
  },
  owed: { zh: "您的新电池已保留，重新扫码即可领取", en: "Your new pack is kept for you: scan again to get it" },
  interrupted: {
    zh: "换电中断，您的电池已登记，客服已收到通知；请稍后重新扫码",
    en: "The swap was interrupted; your pack is recorded and the operator was told: scan again later",
  },
  "own-pack-waits": {
    zh: "您的电池还在{bay}号仓，请重新扫码取回",
    en: "Your own pack is still in bay {bay}: scan again to take it back",
  },
  "own-pack-returned": {
    zh: "上次换电没有完成，请从{bay}号仓取回您的电池，未收费；之后可重新扫码换电",
    en: "Your last swap was not finished: take your own pack back from bay {bay}, nothing is charged; then scan again to swap",
  },
  "suspended-open": {
    zh: "{bay}号仓还开着：放入旧电池，关好仓门，再扫一次码",
    en: "Bay {bay} is still open: put your pack in, shut the door and scan again",
  },
  "charger-stuck-other": {
    zh: "{bay}号仓更安全，正在为您打开",
    en: "Opening bay {bay} instead: the other one cannot be made dead",
  },
  "pack-set-aside": {
    zh: "您的旧电池异常，已隔离检修，请照常取走新电池",
    en: "Your old pack is not well and is kept for repair; take your new one as usual",
  },
  leaking: {
    zh: "电池可能进水或漏电，请勿使用，请从{bay}号仓取回",
    en: "Your pack may be wet or leaking: do not use it, take it back from bay {bay}",
  },
  "better-than-stock": {
    zh: "您的电池比柜内的更满，请从{bay}号仓取回；仍要更换，请再扫一次码",
    en: "Your pack holds more than any here: take it back from bay {bay}, or scan again to swap all the same",
  },
  "owed-open": {
    zh: "请取走{bay}号仓的新电池并关好仓门；也可稍后扫码领取",
    en: "Take your new pack from bay {bay} and shut the door; or scan later to get it",
  },
  exchanged: {
    zh: "换电已完成；{bay}号仓又放入的电池未登记，不会计费，客服已收到通知",
    en: "The swap is complete; the pack put into bay {bay} afterwards is not billed, the operator was told",
  },
  "completed-shut-door": { zh: "换电完成，请关好{bay}号仓门", en: "Swap complete: please shut the door of bay {bay}" },
  "left-behind": {
    zh: "{bay}号仓内的物品已登记，客服会联系您",
    en: "What is left in bay {bay} is recorded; the operator will call you",
  },
  "bay-checked": { zh: "{bay}号仓暂停使用，正在检修", en: "Bay {bay} is out of service while it is checked" },
  "door-forced": {
    zh: "{bay}号仓门被强行打开，已报警，请立即关好",
    en: "The door of bay {bay} was forced, an alarm was raised; shut it now",
  },
  "deposit-unasked": {
    zh: "{bay}号仓放入的电池未登记，请扫码或联系客服，不会计费",
    en: "The pack in bay {bay} is not recorded: scan your code or call the operator; nothing is charged",
  },
  offline: { zh: "网络已断开，换电不受影响", en: "The network is down; swapping goes on as usual" },
} as const satisfies Record<string, Words>;

export type PromptId = keyof typeof prompts;

/** What is shown and spoken at a cabinet, filled in. */
export interface Prompt {
  readonly id: PromptId;
  readonly zh: string;
  readonly en: string;
  readonly bay?: number;
}

export function say(id: PromptId, fill: { readonly bay?: number; readonly minutes?: number } = {}): Prompt {
  const put = (text: string) =>
    text.replace("{bay}", String(fill.bay ?? "")).replace("{minutes}", String(fill.minutes ?? ""));
  const sentence = prompts[id];
  const spoken = { id, zh: put(sentence.zh), en: put(sentence.en) };
  return fill.bay === undefined ? spoken : { ...spoken, bay: fill.bay };
}
