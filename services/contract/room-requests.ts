/**
 * What an operator may ask of the room: doors, warmth, drinks, lockers, an answer to a call for help. Nothing here keeps a door
 * shut against somebody who leaves, heats more than the schedule, or gives back what is latched until a person on site looked.
 */
import { z } from "zod";
import { doorModes } from "../access/schedule.ts";
import { envelope, opening, order, type VerbRow } from "./request-envelope.ts";
import { Id } from "./state-payloads.ts";

const door = Id.meta({ description: "Id of the door." });
const amenity = Id.meta({ description: "Id of the amenity." });
const locker = z.int().min(1).max(48).meta({ description: "Number on the locker." });

/** A week: whoever wants more changes the hours of the configuration. */
const modeMinutesMax = 10_080;

const endsByItself = ({ mode, minutes }: { readonly mode: string; readonly minutes?: number | undefined }): boolean =>
  minutes === undefined || (mode !== "lockdown" && mode !== "schedule");

export const roomVerbs = {
  "open-door": {
    ...opening,
    role: "technician",
    summary: {
      zh: "开门放人进入；先写入日志，再开锁",
      en: "Lets somebody in by one door: written down first, then its lock is released for the time of a grant.",
    },
    request: z.strictObject({ ...envelope, door }).meta({ description: "Open a door of the room." }),
  },
  "door-mode": {
    ...order,
    role: "supervisor",
    summary: {
      zh: "改变门的模式；schedule 恢复时间表；任何模式下里面的人都可以出去",
      en: "Sets the mode of a door, for a time or until it is set again; `schedule` gives it back to its hours. Leaving is possible in every mode.",
    },
    request: z
      .strictObject({
        ...envelope,
        door,
        mode: z
          .literal([...doorModes, "schedule"])
          .meta({ description: "`lockdown` is ended by an order only; `schedule` ends what was ordered." }),
        minutes: z.int().min(1).max(modeMinutesMax).optional().meta({
          unit: "min",
          description: "How long; left out, until the next order. Not with `lockdown` or `schedule`.",
        }),
      })
      .refine(endsByItself, { path: ["minutes"], message: "lockdown and schedule take no minutes" })
      .meta({ description: "Set the mode of a door." }),
  },
  "clear-door": {
    ...order,
    role: "technician",
    summary: { zh: "消除“门被强行打开”", en: "Clears the alarm of a door that was forced." },
    request: z.strictObject({ ...envelope, door }).meta({ description: "Clear a forced door." }),
  },
  occupancy: {
    ...order,
    role: "operator",
    summary: { zh: "更正室内人数", en: "Corrects the count of people in the room." },
    request: z
      .strictObject({ ...envelope, count: z.int().min(0).max(999).meta({ description: "People in the room now." }) })
      .meta({ description: "Correct the count of people." }),
  },
  "climate-mode": {
    ...order,
    role: "operator",
    summary: {
      zh: "室温按时间表，或只防冻",
      en: "Warmth by the schedule, or nothing but the frost floor.",
    },
    request: z
      .strictObject({
        ...envelope,
        mode: z.literal(["auto", "frost-only"]).meta({ description: "`auto`: by the schedule." }),
      })
      .meta({ description: "Set the mode of the climate." }),
  },
  restock: {
    ...order,
    role: "technician",
    summary: {
      zh: "冰箱已换货：重新计数，食品安全计时归零",
      en: "The fridge was filled with fresh drinks: the count, the food clock and its block begin anew.",
    },
    request: z
      .strictObject({
        ...envelope,
        count: z.int().min(0).max(1_000).meta({ description: "Drinks inside afterwards." }),
      })
      .meta({ description: "Report a restock." }),
  },
  "open-locker": {
    ...opening,
    role: "technician",
    summary: {
      zh: "打开一个充电格或礼品格；之后视为空格（充电格以锁已动作为准）",
      en: "Opens one locker for somebody who stands there; it counts as empty afterwards, a phone's once its latch was pulled.",
    },
    request: z.strictObject({ ...envelope, amenity, locker }).meta({ description: "Open a locker." }),
  },
  "fill-locker": {
    ...order,
    role: "operator",
    summary: { zh: "礼品格已放入礼包", en: "A care package was put into a gift locker." },
    request: z.strictObject({ ...envelope, amenity, locker }).meta({ description: "Report a filled gift locker." }),
  },
  "answer-help": {
    ...order,
    role: "operator",
    summary: { zh: "应答求助：警笛停止，灯继续亮", en: "Answers a call for help: the siren ends, the lamp stays on." },
    request: z.strictObject({ ...envelope, amenity }).meta({ description: "Answer a call for help." }),
  },
} as const satisfies Record<string, VerbRow>;

export type RoomVerb = keyof typeof roomVerbs;
