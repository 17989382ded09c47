/**
 * What an operator may ask, and what comes back. A request names itself, says until when it holds, and is answered exactly once
 * in effect: the same id gets the same answer. Nothing here can loosen a safety rule: a lock-out takes something away or gives
 * it back to the rules, and a door opens only where the rules would let a rider's open.
 */
import { z } from "zod";
import type { AskerRole } from "../requests/roles.ts";
import { envelope, opening, order, REQUEST_LIFE_MAX_MS, RequestEnvelope, type VerbRow } from "./request-envelope.ts";
import { roomVerbs } from "./room-requests.ts";
import { Id, Words } from "./state-payloads.ts";

const bay = z.int().min(1).max(200).meta({ description: "Number on the door." });
const cabinet = Id.meta({ description: "Id of the cabinet." });
const packId = Id.meta({ description: "What the pack calls itself." });
const member = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
  .meta({ description: "Number of the member, as in the members file." });
const lockOut = z.literal(["operator", "none"]).meta({ description: "`operator` locks it out, `none` ends that." });
const reason = z.string().min(1).max(200).meta({ description: "Why, for the audit." });

const changesNumbers = ({ set }: Readonly<Record<string, unknown>>): boolean =>
  typeof set !== "object" || set === null || Object.keys(set).length > 0;

export const verbs = {
  snapshot: {
    actuates: false,
    lifeMaxMs: REQUEST_LIFE_MAX_MS,
    role: "viewer",
    summary: { zh: "重新发布全部保留主题", en: "Publishes every retained topic again." },
    request: RequestEnvelope,
  },
  open: {
    ...opening,
    role: "technician",
    summary: {
      zh: "打开一个仓门；确认断电后开锁，看到门开才答复 ok",
      en: "Opens one bay: the charger is off first, and `ok` means that the door was seen open.",
    },
    request: z.strictObject({ ...envelope, bay }).meta({ description: "Open one bay." }),
  },
  "open-all": {
    ...opening,
    role: "supervisor",
    summary: {
      zh: "打开整柜：第一次请求得到确认码，60 秒内带确认码再次请求，逐个开门",
      en: "Opens every bay of a cabinet, one after another: the first request is answered with a word, the second carries it.",
    },
    request: z
      .strictObject({
        ...envelope,
        cabinet,
        confirm: z
          .string()
          .max(16)
          .optional()
          .meta({ description: "The word of the first answer; it holds once, for 60 s." }),
      })
      .meta({ description: "Open a whole cabinet, in two steps." }),
  },
  reserve: {
    ...order,
    role: "operator",
    summary: {
      zh: "为会员保留仓内的满电电池；0 分钟即取消",
      en: "Keeps the full pack of a bay for one member; 0 minutes end that.",
    },
    request: z
      .strictObject({
        ...envelope,
        bay,
        member,
        minutes: z.int().min(0).max(120).meta({ unit: "min", description: "How long; it ends by itself." }),
      })
      .meta({ description: "Keep a pack for a member, or end that." }),
  },
  bind: {
    ...order,
    role: "operator",
    summary: { zh: "将电池绑定到会员", en: "Tells the station that a member holds this pack." },
    request: z.strictObject({ ...envelope, packId, member }).meta({ description: "Bind a pack to a member." }),
  },
  unbind: {
    ...order,
    role: "operator",
    summary: { zh: "解除电池与会员的绑定", en: "Tells the station to forget who holds this pack." },
    request: z.strictObject({ ...envelope, packId }).meta({ description: "Unbind a pack." }),
  },
  parameters: {
    ...order,
    role: "operator",
    higher: {
      role: "supervisor",
      when: { zh: "修改数值时", en: "to change a number" },
      applies: changesNumbers,
    },
    summary: {
      zh: "修改运行参数，全部成功或全部不改；空集只返回当前值",
      en: "Changes numbers at run time, all of them or none; an empty set only tells what is in force.",
    },
    request: z
      .strictObject({
        ...envelope,
        set: z
          .record(z.string().max(40), z.number().nullable())
          .refine((set) => Object.keys(set).length <= 32, "too many parameters at once")
          .meta({ description: "Values by name; null goes back to the configuration file." }),
      })
      .meta({ description: "Read or change parameters." }),
  },
  "update-mode": {
    ...order,
    role: "technician",
    summary: {
      zh: "进入或退出升级模式：不接新的换电；30 分钟后或重启后自动退出",
      en: "Begins or ends update mode: no new swap begins; it ends by itself after 30 min, and at a restart.",
    },
    request: z
      .strictObject({ ...envelope, on: z.boolean().meta({ description: "Whether it is to be on." }) })
      .meta({ description: "Begin or end update mode." }),
  },
  "lock-out": {
    ...order,
    role: "operator",
    summary: { zh: "停用或恢复一个仓", en: "Takes a bay out of service, or ends the operator's lock-out." },
    request: z
      .strictObject({ ...envelope, bay, lockOut, reason })
      .meta({ description: "Lock a bay out, or end that." }),
  },
  "cabinet-lock-out": {
    ...order,
    role: "technician",
    summary: {
      zh: "停用或恢复一个换电柜；进行中的换电会完成",
      en: "Takes a cabinet out of service, or ends that: no new swap begins there, a running one is finished.",
    },
    request: z
      .strictObject({ ...envelope, cabinet, lockOut, reason })
      .meta({ description: "Lock a cabinet out, or end that." }),
  },
  ...roomVerbs,
} as const satisfies Record<string, VerbRow>;

export type Verb = keyof typeof verbs;
/** Everything but questions: what the station itself considers, writes down and answers. */
export type OrderVerb = { [V in Verb]: (typeof verbs)[V]["actuates"] extends true ? V : never }[Verb];
export type RequestPayload<V extends Verb = Verb> = z.output<(typeof verbs)[V]["request"]>;

/** The least role for this request. */
export function roleNeeded(verb: Verb, request: RequestPayload): AskerRole {
  const row: VerbRow = verbs[verb];
  return row.higher?.applies(request) === true ? row.higher.role : row.role;
}

export const RequestPayload = z
  .union(Object.values(verbs).map(({ request }) => request))
  .meta({ description: "Any request; the topic says which." });

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}

export const ResponsePayload = z
  .strictObject({
    id: z.string().max(64).meta({ description: "Id of the request." }),
    transaction: z.string().max(64).optional().meta({ description: "As in the request." }),
    status: z
      .literal(["ok", "refused", "error"])
      .meta({ description: "`refused`: understood and not done. `error`: should have worked." }),
    reason: z.string().max(64).optional().meta({ description: "Reason code when not ok." }),
    message: Words.optional(),
    data: z.record(z.string(), z.unknown()).optional().meta({ description: "What the verb returns." }),
  })
  .meta({ description: "The answer to one request." });
export type ResponsePayload = z.output<typeof ResponsePayload>;
