/**
 * I18: a door that opens without anybody's leave is told as forced, and no other; one that stands open is told as held. Doors are
 * what really moves; what is told is what the log holds.
 */
import type { JournalRecord } from "../../services/journal/records.ts";
import { doorOutput } from "../room/names.ts";
import type { Checker, CheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { isHardOfHearing, isOutOfReach } from "./excuses.ts";

/** Contacts, a scan, and a bay that is looked at once a second. */
const tellMs = 5_000;
/** A pulse counts as leave for so long: three pulses and their looks. */
const leaveMs = 15_000;
/** Whoever a door was unlocked for is gone by then. */
const visitMs = 600_000;
/** A controller that has only just started does not know what was shut before. */
const awakeMs = 30_000;
const heldSlackMs = 15_000;

const wasStuckShut = (bay: number, { troubles }: CheckerSetup): boolean =>
  troubles?.active("door-switch-stuck-shut", `bay ${bay}`, 2 * tellMs) === true;

export function forcedIsTold(setup: CheckerSetup): Checker {
  const { world, clock, report, looked } = setup;
  const era = controllerEra(setup);
  const pulsedMs = new Map<number, number>();
  const openedMs = new Map<number, number>();
  const toldMs = new Map<number, number>();
  const lockedOut = new Set<number>();
  /** By cabinet: the bays of the swap that the log holds there. Its rider may pull at a door that is about to be unlocked for them. */
  const swapped = new Map<string, { readonly swap: string; readonly bays: readonly (number | undefined)[] }>();
  const since = (times: ReadonlyMap<number, number>, bay: number) =>
    clock.nowMs - (times.get(bay) ?? Number.NEGATIVE_INFINITY);
  const isHonest = (bay: number): boolean => {
    const { doorSwitchStuckAt, lockContactStuckAt } = world.bayFaults(bay);
    return doorSwitchStuckAt === undefined && lockContactStuckAt === undefined;
  };
  /** Only what nobody can have been let in to: no bay of a rider's swap, no pulse, honest contacts, a controller that saw it shut. */
  function opened(bay: number): void {
    const { cabinet } = world.truth.bay(bay);
    const isCrowded = (world.truth.cabinets.find(({ id }) => id === cabinet)?.people ?? 0) > 0;
    const isAttended = isCrowded && (since(pulsedMs, bay) < visitMs || isOfSwap(cabinet, bay));
    const isPlain = era.upMs() > awakeMs && isHonest(bay) && !lockedOut.has(bay) && !isAttended;
    if (since(pulsedMs, bay) < leaveMs || !isPlain) return;
    clock.after(tellMs, () => {
      // Shut again at once, or the power went meanwhile: nobody had to see it.
      if (!world.truth.bay(bay).doorOpen || era.upMs() < awakeMs || !isHonest(bay)) return;
      looked();
      if (since(toldMs, bay) > 2 * tellMs) report("I18", `bay ${bay} was forced open, and nobody is told`);
    });
  }
  const isOfSwap = (cabinet: string, bay: number): boolean => swapped.get(cabinet)?.bays.includes(bay) === true;
  function noteSwap(record: JournalRecord): void {
    if (record.kind === "swap-reserved") {
      const { id, cabinet, inBay, outBay } = record.swap;
      swapped.set(cabinet, { swap: id, bays: [inBay, outBay] });
    } else if (record.kind === "swap-bay-chosen") {
      const { inBay, outBay } = record;
      for (const [cabinet, { swap, bays }] of swapped)
        if (swap === record.swap) swapped.set(cabinet, { swap, bays: [...bays, inBay, outBay] });
    }
  }
  function told(bay: number): void {
    looked();
    toldMs.set(bay, clock.nowMs);
    // Contacts that nobody heard, or that stuck, until a moment ago tell late what still stands open.
    const isLate = world.truth.bay(bay).doorOpen && (isOutOfReach(setup) || wasStuckShut(bay, setup));
    const wasMoved = since(openedMs, bay) < 60_000 || isLate;
    if (isHonest(bay) && !wasMoved) report("I18", `bay ${bay} is told as forced, and its door did not move`);
  }
  function note(record: JournalRecord): void {
    noteSwap(record);
    if (record.kind !== "lock-out") return;
    if (record.lockOut === "none") lockedOut.delete(record.bay);
    else lockedOut.add(record.bay);
    if (record.reason === "door-forced" && record.lockOut !== "none") told(record.bay);
  }
  return {
    invariant: "I18",
    says: "a bay's door that opens without a pulse is told as forced within 5 s, and none is told so that did not move",
    looksAt: "doors that move without a pulse, against the log",
    excuses:
      "door contacts that are stuck, a controller that only just started, bays of the swap of whoever stands there, and a door that still stands open, told late because its contact stuck, or its line or board was not heard, until then",
    onRecord: note,
    onTruth(event) {
      if (event.type === "coil" && event.on) pulsedMs.set(event.bay, event.atMs);
      if (event.type !== "door" || !event.open) return;
      openedMs.set(event.bay, event.atMs);
      opened(event.bay);
    },
  };
}

/** The doors of the room, which people use all day. */
export function roomDoorsAreTold(setup: CheckerSetup): Checker {
  const { world, clock, config, report, looked } = setup;
  const era = controllerEra(setup);
  const forcedMs = new Map<string, number>();
  const toldMs = new Map<string, number>();
  const doors = config.room?.access.doors ?? [];
  const rules = new Map(doors.map((door) => [door.id, door]));
  const outputs = new Map(doors.map(({ id }) => [doorOutput(id, "strike"), id]));
  const since = (times: ReadonlyMap<string, number>, door: string) =>
    clock.nowMs - (times.get(door) ?? Number.NEGATIVE_INFINITY);
  const held = new Set<string>();
  const changedMs = new Map<string, number>();
  /** Somebody was let in or went out a moment ago, or may come as they like. */
  const hasLeave = (door: string): boolean =>
    since(leaveMsOf, door) < leaveMs || world.room?.room.circuits.isLive(doorOutput(door, "strike")) === true;
  const leaveMsOf = new Map<string, number>();
  function moved(door: string, open: boolean, by: string): void {
    const rule = rules.get(door);
    const atMs = clock.nowMs;
    changedMs.set(door, atMs);
    if (by === "force") forcedMs.set(door, atMs);
    if (!open || rule === undefined || !rule.hasExitRequest || era.upMs() < awakeMs) return;
    if (by === "force" && !hasLeave(door)) {
      clock.after(tellMs, () => {
        looked();
        if (since(toldMs, door) > 2 * tellMs && era.upMs() > awakeMs)
          report("I18", `door ${door} was forced, and nobody is told`);
      });
    }
    clock.after(rule.heldMs + heldSlackMs, () => {
      const isOpen = world.room?.room.doors.get(door)?.isOpen === true;
      if (!isOpen || changedMs.get(door) !== atMs || era.upMs() < rule.heldMs + heldSlackMs) return;
      looked();
      if (!held.has(door)) report("I18", `door ${door} is held open, and nobody is told`);
    });
  }
  return {
    invariant: "I18-room",
    says: "a door of the room that is forced is told within 5 s, one held open is told, and none is told as forced that was not",
    looksAt: "doors that are forced or held open, against the log",
    excuses: "a controller that only just started, and a handle that was pressed while a line lost what it said",
    onRecord(record) {
      if (record.kind === "door-forced") {
        looked();
        toldMs.set(record.door, clock.nowMs);
        // Out by the handle, which was pressed and not heard: the door then opened without a leave that anybody could know of.
        const isDeaf = isHardOfHearing(setup) || era.upMs() < awakeMs;
        const isUnheard = since(leaveMsOf, record.door) < leaveMs && isDeaf;
        if (since(forcedMs, record.door) > 60_000 && !isUnheard)
          report("I18", `door ${record.door} is told as forced, and was not`);
      }
      if (record.kind === "fault-raised" && record.code === "door-held") held.add(record.subject);
      if (record.kind === "fault-cleared" && record.code === "door-held") held.delete(record.subject);
    },
    onTruth(event) {
      if (event.type === "room-handle") leaveMsOf.set(event.door, event.atMs);
      else if (event.type === "room-output" && event.on) {
        const door = outputs.get(event.output);
        if (door !== undefined) leaveMsOf.set(door, event.atMs);
      } else if (event.type === "room-door") moved(event.door, event.open, event.by);
    },
  };
}
