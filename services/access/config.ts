/**
 * What the door needs to know: doors, readers, hours, keys and limits. The bounds are hard: no file can make a signed code live
 * longer than 15 s, let more than 5 wrong tries a minute pass, or name a magnet whose supply the exit does not break.
 */
import { z } from "zod";
import { DoorMode, Holiday, WeeklyHours } from "./schedule.ts";

const ms = (description: string, fallback: number, min: number, max: number) =>
  z.int().min(min).max(max).default(fallback).meta({ unit: "ms", description });

const id = (description: string) =>
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
    .meta({ description });

export const DoorKey = z
  .strictObject({
    kid: id("Name of the key, as the header of a signed code says it."),
    publicKey: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/)
      .meta({ description: "The 32 bytes of an Ed25519 public key (RFC 8032), base64url without padding." }),
  })
  .meta({ description: "One public key." });
export type DoorKey = z.output<typeof DoorKey>;

export const DoorConfig = z
  .strictObject({
    id: id("Name of the door, unique in the station."),
    lock: z.literal(["strike", "magnet"]).default("strike").meta({
      description:
        "`strike`: powered to let in, and the inside handle opens it powered or not. `magnet`: powered to keep out, so that it needs `exitBreaksPower`.",
    }),
    exitBreaksPower: z.boolean().default(false).meta({
      description: "The exit button breaks the magnet's supply by its own contact, whatever the controller does.",
    }),
    hasExitRequest: z.boolean().default(true).meta({
      description: "A handle or button contact says that somebody leaves; without it a forced door cannot be told.",
    }),
    hasTamper: z.boolean().default(false).meta({ description: "The lock's housing has a tamper contact." }),
    hasLockPower: z.boolean().default(false).meta({ description: "The lock's supply is watched by an input." }),
    grantMs: ms("How long an accepted person has to open the door (BACnet access door: 5 s).", 5_000, 1_000, 15_000),
    exitMs: ms("How long the door counts as opened from inside after a request to exit.", 5_000, 1_000, 15_000),
    heldMs: ms("A door open this long raises `door-held`.", 30_000, 10_000, 300_000),
    relatchMs: ms("How long a latch takes to be home after the door shut: contacts bounce.", 1_000, 200, 3_000),
    mode: DoorMode.default("members-only").meta({ description: "What holds when no hours say otherwise." }),
    hours: z.array(WeeklyHours).max(50).default([]).meta({ description: "Weekly hours; the first that fits holds." }),
    interlockWith: id("The other door of a lock chamber.")
      .optional()
      .meta({ description: "Nobody is let in through this door while that one is not shut; leaving never waits." }),
  })
  .refine((door) => door.lock !== "magnet" || door.exitBreaksPower, {
    message: "a magnet needs an exit button that breaks its supply",
    path: ["exitBreaksPower"],
    params: { zh: "磁力锁的出门按钮必须直接切断其电源" },
  })
  .refine((door) => door.lock !== "magnet" || door.hasExitRequest, {
    message: "a magnet needs an exit button whose contact the station reads",
    path: ["hasExitRequest"],
    params: { zh: "磁力锁的出门按钮触点必须接入本站" },
  })
  .meta({ description: "One door of the room." });
export type DoorConfig = z.output<typeof DoorConfig>;

export const AccessReader = z
  .strictObject({ id: id("Name of the reader."), door: id("The door that it stands at.") })
  .meta({ description: "A code or card reader outside a door." });
export type AccessReader = z.output<typeof AccessReader>;

const hour = 3_600_000;

export const AccessConfig = z
  .strictObject({
    doors: z.array(DoorConfig).max(8).default([]).meta({ description: "The doors of the room." }),
    readers: z.array(AccessReader).max(16).default([]).meta({ description: "The readers at the doors." }),
    holidays: z.array(Holiday).max(200).default([]).meta({ description: "Days on which other hours hold." }),
    clocklessMode: z.literal(["members-only", "closed"]).default("members-only").meta({
      description: "What holds while the station does not know the time of day; never open.",
    }),
    issuers: z.array(DoorKey).max(16).default([]).meta({ description: "Keys that sign codes for riders." }),
    authorities: z.array(DoorKey).max(4).default([]).meta({ description: "Keys that sign the access list." }),
    tokenLifeMsMax: ms("Longest life of a signed code.", 15_000, 5_000, 15_000),
    skewMs: ms("By how much two clocks may differ.", 2_000, 0, 5_000),
    unsynchronisedLeapMs: ms(
      "How far ahead of what it knows of the time a station without a confirmed clock accepts a signed code; 0 refuses all of them.",
      0,
      0,
      hour,
    ),
    visitorListMsMax: ms("Visitor codes are off when the list is older.", 24 * hour, hour, 72 * hour),
    cardListMsMax: ms("Cards are off when the list is older.", 72 * hour, hour, 72 * hour),
    tokenListMsMax: ms(
      "Signed codes are off when the list is older; each was signed seconds ago by somebody who knew of revocations.",
      192 * hour,
      72 * hour,
      720 * hour,
    ),
    triesPerMinute: z.int().min(1).max(5).default(5).meta({ description: "Wrong tries a minute at one reader." }),
    backOffMs: ms(
      "First pause of a reader after too many wrong tries; each further one is twice as long.",
      30_000,
      10_000,
      600_000,
    ),
    backOffMsMax: ms("Longest pause of a reader.", 600_000, 30_000, hour),
    antiPassbackMs: ms("The same member is not let in again within this time; 0 = off.", 0, 0, 24 * hour),
  })
  .refine(({ doors }) => new Set(doors.map((door) => door.id)).size === doors.length, {
    message: "two doors have one name",
    params: { zh: "两扇门不能同名" },
    path: ["doors"],
  })
  .refine(({ doors, readers }) => readers.every(({ door }) => doors.some((known) => known.id === door)), {
    message: "a reader stands at a door that is not there",
    params: { zh: "读卡器所在的门不存在" },
    path: ["readers"],
  })
  .refine(
    ({ doors }) =>
      doors.every((door) =>
        door.interlockWith === undefined
          ? true
          : door.interlockWith !== door.id && doors.some((other) => other.id === door.interlockWith),
      ),
    {
      message: "a door is interlocked with one that is not there, or with itself",
      path: ["doors"],
      params: { zh: "互锁的门不存在，或是它自己" },
    },
  )
  .meta({ description: "The doors of the room: who is let in, and when. Leaving is always possible." });
export type AccessConfig = z.output<typeof AccessConfig>;
