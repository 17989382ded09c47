/**
 * The doors of the room: whoever turns the handle gets out at once, always; and a strike lets in for a good credential alone. What
 * is good is known to the truth that showed it, not to the controller that judged it.
 */
import { civilClock } from "../../firmware/runner/civil-clock.ts";
import { modeOf } from "../../services/access/schedule.ts";
import { doorOutput } from "../room/names.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { Checker, CheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { hasTwin, isHardOfHearing } from "./excuses.ts";

const exitMsMax = 1_000;
/** A door that smoke freed is shut again this long after the danger counts as over. */
const clearedMs = 5_000;
/** A decision may wait so long for the disk, and a lease outlives it by so much. */
const writeMsMax = 5_000;
const leaseMs = 2_250;

export function exitNeverHeld({ world, clock, report, looked }: CheckerSetup): Checker {
  const openedMs = new Map<string, number>();
  return {
    invariant: "R-exit",
    says: "somebody inside who turns the handle gets out within 1 s, whatever the controller does",
    looksAt: "handles and doors",
    onTruth(event) {
      if (event.type === "room-door" && event.open) openedMs.set(event.door, event.atMs);
      if (event.type !== "room-handle") return;
      const { door, atMs, opens } = event;
      looked();
      if (!opens) report("R-exit", `door ${door} held somebody who turned its handle`);
      else
        clock.after(exitMsMax, () => {
          const isOpen = world.room?.room.doors.get(door)?.isOpen === true;
          if (!isOpen && (openedMs.get(door) ?? -1) < atMs)
            report("R-exit", `door ${door} stayed shut after its handle`);
        });
    },
  };
}

/** Why a strike may be on now, by door. */
class Reasons {
  private readonly setup: CheckerSetup;
  private readonly good = new Map<string, number>();
  private readonly handle = new Map<string, number>();
  /** Readers at which a code was refused for want of the time since one was last accepted. */
  private readonly unused = new Set<string>();
  private readonly runaways = new Set<string>();
  private smokedMs = Number.NEGATIVE_INFINITY;
  private readonly civil: ReturnType<typeof civilClock>;

  constructor(setup: CheckerSetup) {
    this.setup = setup;
    this.civil = civilClock(setup.config.timeZone);
  }

  /** A code that was refused because the station did not know the time opened nothing: shown again, by whomever, it is good. */
  refused(reader: string, reason: string): void {
    if (reason === "clock-unsynchronised") this.unused.add(reader);
  }

  shown({ reader, credential, good, atMs }: Extract<TruthEvent, { type: "room-shown" }>): void {
    if (good || (credential === "replayed" && this.unused.has(reader))) this.entitled(reader, atMs);
  }

  private entitled(reader: string, atMs: number): void {
    const door = this.setup.config.room?.access.readers.find(({ id }) => id === reader)?.door;
    if (door !== undefined) this.good.set(door, atMs);
  }

  granted(reader: string): void {
    this.unused.delete(reader);
  }

  handled(door: string, atMs: number): void {
    this.handle.set(door, atMs);
  }

  /** Smoke frees every door, for whoever is inside; noted is the last moment at which there was any. */
  danger(event: TruthEvent, stoodFromMs: number | undefined): void {
    const { type, atMs } = event;
    if (type === "smoke" || type === "conductor") this.ranAway();
    if (type === "smoke") this.smokedMs = atMs;
    // A process that stood still while the smoke went hears so when it goes on, and waits from then.
    const woke = type === "computer" && event.on && stoodFromMs !== undefined;
    if (woke && this.smokedMs >= stoodFromMs) this.smokedMs = atMs;
  }

  /** Whoever answers in a smoke head's place may tell of smoke; the doors are free for as long after it as after any. */
  misled(atMs: number): void {
    this.smokedMs = atMs;
  }

  /** Smoke together with heat: doors stay free until a technician has reset that cabinet, however clear the air is. */
  private ranAway(): void {
    for (const { id, smoke, conductor } of this.setup.world.truth.cabinets)
      if (smoke && conductor) this.runaways.add(id);
  }

  reset(cabinet: string, atMs: number): void {
    if (this.runaways.delete(cabinet)) this.smokedMs = atMs;
  }

  private isSmoky(): boolean {
    const { clock, world, config } = this.setup;
    if (this.runaways.size > 0) return true;
    const overMs = config.safety.dangerClearMs + clearedMs;
    return world.truth.cabinets.some(({ smoke }) => smoke) || clock.nowMs - this.smokedMs <= overMs;
  }

  /** A handle is held for a second, and heard again and again meanwhile; on a line that loses answers the command comes later too. */
  private heardLateMs(): number {
    return isHardOfHearing(this.setup) ? writeMsMax : 1_000;
  }

  /** Now, or so long ago that its strike may still be on. */
  private isFree(door: string, lateMs: number): boolean {
    const access = this.setup.config.room?.access;
    const hours = access?.doors.find(({ id }) => id === door);
    if (access === undefined || hours === undefined) return false;
    const nowMs = this.setup.clock.wallMs();
    return [nowMs, nowMs - lateMs].some((wallMs) => {
      const facts = { order: undefined, civil: this.civil(wallMs), synchronised: true, knownMs: wallMs };
      return modeOf(hours, facts, access) === "open";
    });
  }

  /** `lateMs`: how much later than its reason it may still be on. */
  has(door: string, lateMs: number): boolean {
    const { config, clock, world } = this.setup;
    const rules = config.room?.access.doors.find(({ id }) => id === door);
    if (rules === undefined) return false;
    const since = (last: ReadonlyMap<string, number>): number =>
      clock.nowMs - (last.get(door) ?? Number.NEGATIVE_INFINITY);
    return (
      since(this.good) <= writeMsMax + lateMs + rules.grantMs ||
      since(this.handle) <= rules.exitMs + lateMs + this.heardLateMs() ||
      world.truth.exitFreed ||
      this.isSmoky() ||
      this.isFree(door, lateMs)
    );
  }
}

export function letsInTheEntitled(setup: CheckerSetup): Checker {
  const { world, report, config, looked } = setup;
  const reasons = new Reasons(setup);
  const era = controllerEra(setup);
  const doors = config.room?.access.doors ?? [];
  const unlocked = (output: string): void => {
    const door = doors.find(({ id }) => output === doorOutput(id, "strike"));
    if (door === undefined) return;
    looked();
    if (!reasons.has(door.id, 0) && !hasTwin(setup)) report("R-door", `door ${door.id} was unlocked for nobody`);
  };
  return {
    invariant: "R-door",
    says: "a door is unlocked from outside for a good credential or for somebody who leaves, and for no longer than that",
    looksAt: "strikes, against who showed what",
    excuses:
      "smoke that nobody made, told by a second board on one address, while it does so and while danger is cleared",
    onRecord(record) {
      if (record.kind === "door-refused") reasons.refused(record.reader, record.reason);
      if (record.kind === "door-granted" && record.reader !== undefined) reasons.granted(record.reader);
      if (record.kind === "latch-reset") reasons.reset(record.cabinet, setup.clock.nowMs);
    },
    onTruth(event) {
      reasons.danger(event, era.diedMs);
      if (event.type === "room-shown") reasons.shown(event);
      else if (event.type === "room-handle") reasons.handled(event.door, event.atMs);
      else if (event.type === "room-output" && event.on) unlocked(event.output);
    },
    onLook() {
      if (hasTwin(setup)) reasons.misled(setup.clock.nowMs);
      for (const { id } of doors) {
        const isOn = world.room?.room.circuits.isLive(doorOutput(id, "strike")) === true;
        if (isOn && !reasons.has(id, leaseMs)) report("R-door", `door ${id} stays unlocked`);
      }
    },
  };
}
