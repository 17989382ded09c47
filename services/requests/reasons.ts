/**
 * Every reason for which a request is not carried out: code and words, once. The first table is about the message itself, judged
 * before the station considers it; the second about the station at that moment.
 */
type Words = { readonly zh: string; readonly en: string };

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
  "id-reused": { zh: "此编号已用于另一种请求", en: "This id was used for another kind of request." },
  "too-many": { zh: "请求过于频繁", en: "Too many requests." },
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

export const refusalWords = { ...ofTheMessage, ...ofTheStation } as const;

/** Why a message was refused before the station considered it. */
export type RequestRefusal = keyof typeof ofTheMessage;
/** Why the station refused, or failed to do, what it considered. */
export type OrderRefusal = keyof typeof ofTheStation | "expired";

/** The words of a reason, when it is one of ours. */
export function wordsOf(reason: string): Words | undefined {
  return Object.hasOwn(refusalWords, reason) ? refusalWords[reason as keyof typeof refusalWords] : undefined;
}
