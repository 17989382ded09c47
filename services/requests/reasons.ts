/** Every reason a request can be refused for, before the station even considers it: code and words, once. */
export const refusalWords = {
  "topic-too-long": { zh: "主题过长", en: "The topic is too long." },
  retained: { zh: "保留消息中的请求一律不执行", en: "A retained request is never acted upon." },
  "too-large": { zh: "请求超过 16 kB", en: "The request is larger than 16 kB." },
  "too-deep": { zh: "JSON 嵌套过深", en: "The JSON is nested too deeply." },
  malformed: { zh: "不是有效的 JSON 对象", en: "Not a valid JSON object." },
  "unknown-verb": { zh: "未知的请求", en: "There is no such request." },
  "bad-request": { zh: "请求内容不符合约定", en: "The request does not match its schema." },
  expired: { zh: "请求已过期", en: "The request has expired." },
  "expires-too-late": { zh: "有效期不得超过 5 分钟", en: "A request may hold for at most 5 minutes." },
  "clock-unsynchronised": {
    zh: "站点时钟未校准，无法判断有效期",
    en: "The station's clock is not confirmed, so the expiry cannot be judged.",
  },
  "id-reused": { zh: "此编号已用于另一种请求", en: "This id was used for another kind of request." },
  "too-many": { zh: "请求过于频繁", en: "Too many requests." },
  "memory-full": { zh: "待记请求已满，请稍后再试", en: "Too many recent requests to remember; try again later." },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;

export type RequestRefusal = keyof typeof refusalWords;
