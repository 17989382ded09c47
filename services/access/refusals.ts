/** Every reason for which a door does not let somebody in: code and words, once. None of them is about leaving. */
import type { Words } from "../words.ts";

export const accessRefusals = {
  unreadable: { zh: "无法识别此码，请刷新后再试", en: "This code cannot be read. Please refresh it and try again." },
  "wrong-algorithm": { zh: "此码的签名方式不被接受", en: "This code is signed in a way that is not accepted." },
  "unknown-key": { zh: "此码的签发方未知", en: "The issuer of this code is not known." },
  "key-revoked": { zh: "此码的签发密钥已吊销", en: "The issuer's key was revoked." },
  "bad-signature": {
    zh: "签名无效，请使用本人小程序的码",
    en: "The signature is not valid. Please use the code of your own app.",
  },
  "wrong-door": { zh: "此码不是给这扇门的", en: "This code is for another door." },
  "lives-too-long": { zh: "此码的有效期过长，不被接受", en: "This code is valid for longer than a door accepts." },
  "not-yet-valid": {
    zh: "此码尚未生效，请检查手机时间",
    en: "This code is not valid yet. Please check the time of your phone.",
  },
  expired: { zh: "此码已过期，请刷新", en: "This code has expired. Please refresh it." },
  "clock-unsynchronised": {
    zh: "站点时钟未校准，暂不能用此码，请刷卡或求助",
    en: "The station's clock is not confirmed, so this code cannot be judged. Please use a card or ask for help.",
  },
  "already-used": { zh: "此码已使用过，请刷新", en: "This code was used before. Please refresh it." },
  "memory-full": { zh: "待记的码已满，请稍后再试", en: "Too many codes to remember. Please try again in a minute." },
  "member-revoked": {
    zh: "您的会员资格已停用，请联系站长",
    en: "Your membership was switched off. Please contact the operator.",
  },
  "card-revoked": { zh: "此卡已挂失", en: "This card was reported lost." },
  "unknown-card": { zh: "未登记的卡", en: "This card is not registered." },
  "challenge-required": {
    zh: "此卡无法证明真伪，请使用二维码",
    en: "This card cannot prove that it is no copy. Please use the code of your app.",
  },
  "challenge-failed": { zh: "卡片验证失败", en: "The card failed its proof." },
  "unknown-code": { zh: "访客码不对", en: "There is no such visitor code." },
  "list-too-old": {
    zh: "站点离线过久，此方式暂停使用",
    en: "The station was offline for too long: this way in is off until it is online again.",
  },
  "too-many-tries": { zh: "尝试次数过多，请稍候再试", en: "Too many tries. Please wait a little." },
  "staff-only": { zh: "现在不开放", en: "The room is closed now." },
  lockdown: {
    zh: "门已封锁，不能进入；里面的人可以随时出去",
    en: "Locked down: nobody is let in. Leaving is possible at any time.",
  },
  fire: { zh: "有火情，不要进入", en: "There is a fire alarm. Do not go in." },
  "other-door-open": { zh: "请先关好另一扇门", en: "Please shut the other door first." },
  "came-in-already": { zh: "此会员刚刚进入", en: "This member came in a moment ago." },
  busy: { zh: "门正在打开", en: "The door is being opened." },
  "no-such-door": { zh: "没有这扇门", en: "There is no such door." },
  "not-written": {
    zh: "无法记录，暂不能打开，请求助",
    en: "It cannot be written down, so it is not opened. Please ask for help.",
  },
  "bad-list": { zh: "名单内容不符合约定", en: "The access list does not match its schema." },
  "list-not-newer": { zh: "名单版本不比现有的新", en: "The access list is not newer than the one that is known." },
  "list-from-future": { zh: "名单的签发时间在未来", en: "The access list says that it was signed in the future." },
  "wrong-station": { zh: "名单是给另一个站点的", en: "The access list is for another station." },
} as const satisfies Record<string, Words>;

export type AccessRefusal = keyof typeof accessRefusals;
