/** What Home Assistant makes of the people served: a number a kind for today, where the kind is there, and the last seven days. */
import type { HintsOf, HomeHint, HomeNeed } from "./home-hints.ts";
import type { PeoplePayload } from "./people-payload.ts";

type Kind = keyof PeoplePayload["today"];

/** Starts again at midnight, which Home Assistant takes for a meter that was reset. */
const counted = { platform: "sensor", stateClass: "total_increasing" } as const;

const ofToday = <K extends Kind>(kind: K, key: string, name: HomeHint["name"]) =>
  ({ key, ...counted, name, reads: { path: `today.${kind}` } }) as const;

const ifThere = <K extends Kind, N extends HomeNeed>(needs: N, ...hint: Parameters<typeof ofToday<K>>) =>
  ({ ...ofToday(...hint), needs }) as const;

export const peopleHints = [
  { key: "served_today", ...counted, name: { zh: "今日服务人次", en: "served today" }, reads: { path: "served" } },
  ofToday("swap", "swaps_today", { zh: "今日换电", en: "swaps today" }),
  ifThere("door", "entry", "entries_today", { zh: "今日进门", en: "entries today" }),
  ifThere("fridge", "drink", "drinks_today", { zh: "今日饮料", en: "drinks today" }),
  ifThere("hot-water", "hotWater", "hot_water_today", { zh: "今日热水", en: "hot water today" }),
  ifThere("outlet", "outlet", "outlets_today", { zh: "今日用电", en: "outlets used today" }),
  ifThere("phone-lockers", "phoneLocker", "phones_today", { zh: "今日手机充电", en: "phones charged today" }),
  ifThere("gift-lockers", "gift", "gifts_today", { zh: "今日关爱礼包", en: "care packages today" }),
  ifThere("help", "help", "help_calls_today", { zh: "今日求助", en: "help calls today" }),
  ifThere("rescue-cabinet", "rescue", "rescues_today", { zh: "今日开急救柜", en: "first-aid openings today" }),
  { key: "alarms_today", ...counted, name: { zh: "今日告警", en: "alarms today" }, reads: { path: "alarms" } },
  {
    key: "served_week",
    platform: "sensor",
    stateClass: "measurement",
    name: { zh: "七日服务人次", en: "served in seven days" },
    reads: { path: "week.served" },
  },
] as const satisfies HintsOf<PeoplePayload>;
