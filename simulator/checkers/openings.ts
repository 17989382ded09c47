/**
 * I15: nothing opens that was not decided and written down before, and no credential opens twice. Locks and strikes are what really
 * had current; what was written is judged by the disk's own syncs.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { doorOutput } from "../room/names.ts";
import type { Checker, DiskCheckerSetup, WireCheckerSetup } from "./checker.ts";
import { isNotOurs } from "./excuses.ts";

/** A coil that gets current without a request on its line a moment ago was driven by somebody else, at the board itself. */
const toldMs = 500;
/** Wait for the one coil, for its board, for a slow disk: a pulse comes at most so long after its decision. */
const patienceMs = 60_000;
const decisionsKept = 5_000;

interface Decided {
  readonly atMs: number;
  /** Syncs of the disk by then. */
  readonly syncs: number;
}

/** What lets in from memory while the disk takes nothing: a code that is dead in seconds, and a card, which proves itself anew. */
const livesShortly: ReadonlySet<string> = new Set(["token", "card"]);

function lockBuses(file: ConfigFile): ReadonlyMap<number, string> {
  const boards = new Map(file.devices.flatMap((one) => (one.kind === "lock-8a" ? [[one.id, one.bus] as const] : [])));
  return new Map(
    file.cabinets.flatMap(({ bays }) =>
      bays.flatMap(({ bay, lock }) => {
        const bus = "device" in lock ? boards.get(lock.device) : undefined;
        return bus === undefined ? [] : [[bay, bus] as const];
      }),
    ),
  );
}

class UsedCodes {
  private readonly seen = new Set<string>();

  /** False when it was there before. */
  use(name: string): boolean {
    if (this.seen.has(name)) return false;
    this.seen.add(name);
    // A code lives for seconds; one so old is refused by its time.
    if (this.seen.size > decisionsKept) this.seen.delete(this.seen.values().next().value ?? "");
    return true;
  }

  /** A cut may have taken the newest decisions with it: a code whose use was never written may be shown again. */
  forget(): void {
    this.seen.clear();
  }
}

export function decidedBeforeOpened(setup: DiskCheckerSetup & WireCheckerSetup): Checker {
  const { clock, disk, ears, file, report, looked } = setup;
  const buses = lockBuses(file);
  const pulses = new Map<number, Decided>();
  const used = new UsedCodes();
  function fired(bay: number, atMs: number): void {
    const bus = buses.get(bay);
    if (bus === undefined || (ears.hears(bus) && atMs - (ears.askedMs(bus) ?? Number.NEGATIVE_INFINITY) > toldMs))
      return;
    looked();
    const decided = pulses.get(bay);
    pulses.delete(bay);
    if (decided === undefined || atMs - decided.atMs > patienceMs)
      report("I15", `the lock of bay ${bay} fires undecided`);
    else if (disk.syncs() === decided.syncs)
      report("I15", `the lock of bay ${bay} fires before its decision is on the disk`);
  }
  function note(record: JournalRecord): void {
    if (record.kind === "bay-pulsed") pulses.set(record.bay, { atMs: clock.nowMs, syncs: disk.syncs() });
    if (record.kind !== "door-granted" || record.uses === undefined) return;
    looked();
    if (!used.use(record.uses.name)) report("I15", `a code opened door ${record.door} twice`);
  }
  return {
    invariant: "I15",
    says: "no lock of a bay fires before its decision is on the disk, and no code opens a door twice",
    looksAt: "lock coils, against decisions in the log and syncs of the disk",
    excuses: "a coil that is driven at its board and not over its line",
    onRecord: note,
    onTruth(event) {
      if (event.type === "coil" && event.on && !isNotOurs(event.bay, setup)) fired(event.bay, event.atMs);
      if (event.type === "computer" && event.on) used.forget();
    },
  };
}

interface DoorDecided extends Decided {
  readonly fromMemory: boolean;
}

export function strikesWaitForTheDisk({ world, clock, config, disk, report, looked }: DiskCheckerSetup): Checker {
  const granted = new Map<string, DoorDecided>();
  const outputs = new Map((config.room?.access.doors ?? []).map(({ id }) => [doorOutput(id, "strike"), id]));
  const others = new Set<string>();
  /** Danger frees every door at once, whoever waits for one; the exit that falls free stands behind the strike in the same step. */
  const isFreed = (): boolean => world.truth.exitFreed || world.truth.cabinets.some(({ smoke }) => smoke);
  function opened(door: string, { syncs, fromMemory }: DoorDecided): void {
    looked();
    if (fromMemory && !disk.takesWrites()) return;
    if (disk.syncs() === syncs) report("I15", `door ${door} opens before its decision is on the disk`);
  }
  return {
    invariant: "I15-doors",
    says: "a strike that opens for somebody outside opens after that decision is on the disk",
    looksAt: "strikes, against decisions in the log and syncs of the disk",
    excuses:
      "somebody who leaves, doors that smoke frees, and the code of an app or a card while the disk fails whatever is written",
    onRecord(record) {
      if (record.kind !== "door-granted") return;
      const fromMemory = livesShortly.has(record.by);
      granted.set(record.door, { atMs: clock.nowMs, syncs: disk.syncs(), fromMemory });
    },
    onTruth(event) {
      // Somebody leaves: that asks no disk.
      if (event.type === "room-handle") others.add(event.door);
      const door = event.type === "room-output" && event.on ? outputs.get(event.output) : undefined;
      const decided = door === undefined ? undefined : granted.get(door);
      if (door === undefined || decided === undefined) return;
      granted.delete(door);
      const leaves = others.delete(door);
      if (!leaves && !isFreed() && event.atMs - decided.atMs <= patienceMs) opened(door, decided);
    },
  };
}
