/** The faults of doors and of what decides at them: a part of the fault catalogue. */
import type { FaultEntry } from "../fault-entry.ts";

export const doorFaults = {
  "door-forced": {
    severity: "error",
    inhibits: "nothing; leaving is possible",
    clearedBy: "operator",
    zh: "门被强行打开",
    en: "Door opened without a grant or a request to exit",
    mend: "Look at the camera and the door, then clear it.",
  },
  "door-held": {
    severity: "warning",
    inhibits: "nothing; the room loses warmth",
    clearedBy: "itself",
    zh: "门未关",
    en: "Door held open",
    mend: "Shut the door; look whether something keeps it open.",
  },
  "door-tamper": {
    severity: "error",
    inhibits: "the magnet, where there is one: the door is free",
    clearedBy: "itself",
    zh: "门锁外壳被拆",
    en: "The lock's housing was opened",
    mend: "Inspect the lock and close its housing.",
  },
  "door-lock-power": {
    severity: "error",
    inhibits: "letting people in by a strike; a magnet holds nothing",
    clearedBy: "itself",
    zh: "门锁断电",
    en: "The lock has no power",
    mend: "Check the lock's supply and fuse.",
  },
  "door-contact-lost": {
    severity: "error",
    inhibits: "forced and held alarms; the magnet is off",
    clearedBy: "itself",
    zh: "门磁失联",
    en: "Door contact not heard",
    mend: "Check the contact's wiring and its input board.",
  },
  "door-exit-lost": {
    severity: "error",
    inhibits: "the forced alarm; the magnet is off",
    clearedBy: "itself",
    zh: "出门按钮失联",
    en: "Request to exit not heard",
    mend: "Check the button's wiring and its input board; leaving is possible all the same.",
  },
  "door-reader-blocked": {
    severity: "warning",
    inhibits: "entering by this reader",
    clearedBy: "itself",
    zh: "读头尝试次数过多，已暂停",
    en: "Too many wrong tries at a reader",
    mend: "It goes on by itself; look at the camera.",
  },
  "access-list-old": {
    severity: "warning",
    inhibits: "visitor codes first, then cards, at last signed codes",
    clearedBy: "itself",
    zh: "门禁名单过旧",
    en: "The access list is too old",
    mend: "Bring the station online, or publish a new list.",
  },
  "clock-behind-signed": {
    severity: "error",
    inhibits: "nothing; the newest signed time is used instead",
    clearedBy: "itself",
    zh: "时钟落后于已签名的时间",
    en: "The clock stands behind a time that was signed",
    mend: "Check the time source and the clock's battery.",
  },
} as const satisfies Record<string, FaultEntry>;

export type AccessFault = keyof typeof doorFaults;
