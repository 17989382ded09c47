/**
 * A small station for tests of the decisions: bays whose doors, locks, packs and wires a story moves by hand, a clock that only
 * moves when told, and a disk that can fail. It plays the runner's part (effects in order, acts behind a failed record are
 * dropped, lock answers come back as events) and freezes everything it hands to `stepStation`, so that a mutation throws.
 */
import type { StationConfig } from "../../services/config.ts";
import type { Effect } from "../../services/effects.ts";
import type { StationEvent } from "../../services/events.ts";
import type { Removal } from "../../services/interlocks.ts";
import type { Durable } from "../../services/journal/durable.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { type Levels, noLevels } from "../../services/levels.ts";
import { applyEntry } from "../../services/publication.ts";
import type { Reading } from "../../services/reading.ts";
import type { BayReadings, PackReading, StationReadings } from "../../services/readings.ts";
import { grantLevels } from "../../services/station/grant.ts";
import { bootState, type StationContext, type StationState } from "../../services/station/state.ts";
import { stepStation } from "../../services/station/step.ts";
import { type BenchBay, chargedPack, newBay } from "./bench-bay.ts";
import {
  type BenchOptions,
  benchConfig,
  benchContext,
  countedDurable,
  deepFreeze,
  digestOf,
  usualStock,
} from "./bench-config.ts";
import { BenchSafety } from "./bench-safety.ts";
import { pointOf, unrecorded } from "./bench-words.ts";

export interface Told {
  readonly nowMs: number;
  readonly step: number;
  readonly effect: Effect;
}

/** A controller is not back at once; longer than any coil is on. */
const startMs = 2_000;

export interface SeenStep {
  readonly event: StationEvent;
  readonly effects: readonly Effect[];
  readonly readings: StationReadings;
}

export class StationBench {
  readonly config: StationConfig;
  readonly context: StationContext;
  readonly bays: readonly BenchBay[];
  chargers: "heard" | "silent" = "heard";
  readonly safety = new BenchSafety();
  readonly smoke = this.safety.smoke;
  /** What the log begins with. */
  private readonly origin: Durable;
  state: StationState;
  granted: Levels = noLevels;
  removed: readonly Removal[] = [];
  nowMs = 1_000_000;
  wallMs = 1_769_800_000_000;
  diskFails = false;
  masterEnabled = true;
  /** Every effect, in order. */
  readonly told: Told[] = [];
  /** What reached the disk. */
  readonly disk: { record: JournalRecord; at: number; publish?: { stream: string; seq: number } }[] = [];
  steps = 0;
  /** Called after every step, for what must always be so. */
  watch: ((seen: SeenStep) => void) | undefined;
  /** Pulses whose records wait for a disk that stands still. */
  heldUp: Extract<Effect, { do: "unlock" }>[] | undefined;
  private answers: { bay: number; dueMs: number; type: "lock-driven" | "lock-failed" }[] = [];

  constructor(options: BenchOptions = {}) {
    this.config = deepFreeze(benchConfig(options));
    this.context = benchContext(this.config);
    const stock: NonNullable<BenchOptions["stock"]> = options.stock ?? usualStock;
    this.bays = this.config.bays.map((_layout, bay) => newBay(bay, stock[bay]));
    this.origin = deepFreeze(options.durable ?? countedDurable(this.config, stock));
    this.state = bootState(this.context, this.origin, this.nowMs);
    this.pass(1_500);
  }

  bay(bay: number): BenchBay {
    const found = this.bays[bay];
    if (found === undefined || bay === 0) throw new Error(`the bench has no bay ${bay}`);
    return found;
  }

  /** What the wires say of one bay at this instant. */
  private read(world: BenchBay): BayReadings {
    const sample = <T>(value: T): Reading<T> => ({ value, atMs: this.nowMs, quality: "good" });
    const heard = world.contacts === "heard";
    const flowMa = world.stuckMa ?? this.granted.bays[world.bay]?.chargeMa ?? 0;
    if (world.pack !== undefined && !world.silent) world.heard = sample(chargedPack(world, world.pack, flowMa));
    else if (world.heard !== undefined) world.heard = { ...world.heard, quality: "stale" };
    const present = world.presenceSays ?? world.pack !== undefined;
    if (this.chargers === "heard")
      world.charger = sample({ outMv: world.pack?.packMv ?? 0, outMa: Math.max(0, flowMa) });
    return {
      doorShut: heard ? sample(world.doorSwitchSays ?? !world.open) : undefined,
      latched: heard ? sample(world.latchSays ?? !world.open) : undefined,
      present: heard && present !== "nothing" ? sample(present) : undefined,
      pack: world.heard,
      charger: world.charger,
    };
  }

  private charge(ms: number): void {
    for (const world of this.bays) {
      const chargeMa = this.granted.bays[world.bay]?.chargeMa ?? 0;
      if (chargeMa > 0 && !world.gainsNothing) world.gainedMv = Math.min(500, world.gainedMv + ms / 10_000);
    }
  }

  readings(): StationReadings {
    const cabinets: Record<string, StationReadings["cabinets"][string]> = {};
    for (const { id } of this.config.cabinets) cabinets[id] = this.safety.cabinet(id, this.nowMs);
    const bays = this.bays.map((world) => (world.bay === 0 ? undefined : this.read(world)));
    return deepFreeze({ bays, cabinets, station: this.safety.station(this.nowMs) });
  }

  /** Puts one event to the station and carries out what it says, as the runner would. */
  step(event: StationEvent, readings = this.readings()): readonly Effect[] {
    deepFreeze(this.state);
    const { nowMs, wallMs } = this;
    const step = stepStation(this.state, deepFreeze({ event, readings, nowMs, wallMs }), this.context);
    this.state = step.state;
    this.steps++;
    const failed = this.carryOut(step.effects);
    this.grant(readings);
    this.watch?.({ event, effects: step.effects, readings });
    if (failed === undefined) this.release(step.effects);
    if (failed !== undefined) this.tellFailure(failed.swap);
    return step.effects;
  }

  /** What stood behind its record is due as soon as that is written. */
  private release(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.do === "release") this.step({ type: "release-due", cabinet: effect.cabinet });
    }
  }

  /** A log that failed once takes nothing until it is begun anew. */
  private tellFailure(swap: string | undefined): void {
    this.step({ type: "journal-failed", swap, why: "the disk is full" });
    if (this.state.conditions["log-failed/station"] === undefined)
      this.step({ type: "condition", code: "log-failed", subject: "station", present: true });
  }

  /** The log begins anew with what is known now. */
  mendDisk(): void {
    if (!this.diskFails) return;
    this.diskFails = false;
    this.disk.push({ record: { kind: "checkpoint", durable: this.state.durable }, at: this.wallMs });
    this.step({ type: "condition", code: "log-failed", subject: "station", present: false });
  }

  /** The swap whose record could not be written, if one could not; what stands behind it is not done. */
  private carryOut(effects: readonly Effect[]): { swap: string | undefined } | undefined {
    let failed: { swap: string | undefined } | undefined;
    for (const effect of effects) {
      if (failed !== undefined && effect.do !== "prompt") {
        if (effect.do === "record") failed.swap ??= effect.swap;
        if (effect.do === "respond")
          this.told.push({ nowMs: this.nowMs, step: this.steps, effect: unrecorded(effect) });
        continue;
      }
      if (effect.do === "record" && this.diskFails) {
        failed = { swap: effect.swap };
        continue;
      }
      this.told.push({ nowMs: this.nowMs, step: this.steps, effect });
      if (effect.do === "record") {
        const { record, publish } = effect;
        this.disk.push({ record, at: this.wallMs, ...(publish === undefined ? {} : { publish }) });
      } else if (effect.do === "unlock" && this.heldUp?.push(effect) === undefined) this.drive(effect.bay);
    }
    return failed;
  }

  drive(bay: number): void {
    const world = this.bay(bay);
    if (world.lock === "mute") return;
    this.answers.push({ bay, dueMs: this.nowMs + 50, type: world.lock === "dead" ? "lock-failed" : "lock-driven" });
  }

  private grant(readings: StationReadings): void {
    const { nowMs, masterEnabled } = this;
    const { levels, removed } = grantLevels(this.state, { nowMs, readings, masterEnabled }, this.context);
    this.granted = levels;
    this.removed = removed;
  }

  /** Lets time go by in scans, usually of 250 ms. */
  pass(ms: number, scanMs = 250): void {
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      const tickMs = Math.min(scanMs, endMs - this.nowMs);
      this.nowMs += tickMs;
      this.wallMs += tickMs;
      this.charge(tickMs);
      this.answerLocks();
      this.step({ type: "tick" });
    }
  }

  private answerLocks(): void {
    const due = this.answers.filter(({ dueMs }) => dueMs <= this.nowMs);
    this.answers = this.answers.filter(({ dueMs }) => dueMs > this.nowMs);
    for (const { bay, type } of due) {
      if (type === "lock-failed") {
        this.step({ type, bay, why: "no answer" });
        continue;
      }
      if (this.bay(bay).lock === "works") this.bay(bay).open = true;
      this.step({ type, bay });
    }
  }

  /** Scans until the condition holds; a condition that never comes is a failed test. */
  until(condition: () => boolean, what: string, limitMs = 120_000): void {
    const endMs = this.nowMs + limitMs;
    while (!condition()) {
      if (this.nowMs >= endMs) throw new Error(`waited ${limitMs} ms in vain for ${what}; ended: ${this.ends.join()}`);
      this.pass(250);
    }
  }

  scan(member: string, cabinet = "c-1"): void {
    this.step({ type: "scan", cabinet, digest: digestOf(member) });
  }

  put(bay: number, deposited: PackReading): void {
    this.bay(bay).pack = deposited;
    this.step({ type: "noticed" });
  }

  take(bay: number): void {
    this.bay(bay).pack = undefined;
    this.step({ type: "noticed" });
  }

  shut(bay: number): void {
    this.bay(bay).open = false;
    this.step({ type: "noticed" });
  }

  open(bay: number): void {
    this.bay(bay).open = true;
    this.step({ type: "noticed" });
  }

  /** Waits until a door stands open that was shut before, and says which. */
  untilOpen(): number {
    const was = new Set(this.openBays());
    const opened = (): number | undefined => this.openBays().find((bay) => !was.has(bay));
    this.until(() => opened() !== undefined, "a door to open");
    return opened() ?? 0;
  }

  openBays(): number[] {
    return this.bays.filter(({ open }) => open).map(({ bay }) => bay);
  }

  /** A rider in front of an opening door puts a pack in and shuts it. */
  deposit(deposited: PackReading): number {
    const bay = this.untilOpen();
    this.put(bay, deposited);
    this.shut(bay);
    return bay;
  }

  /** A rider in front of an opening door takes what is inside and shuts it. */
  collect(): number {
    const bay = this.untilOpen();
    this.take(bay);
    this.pass(1_500);
    this.shut(bay);
    return bay;
  }

  /** A rider in front of an opening door takes what is inside and leaves the door open. */
  collectOpen(): number {
    const bay = this.untilOpen();
    this.take(bay);
    this.pass(1_500);
    return bay;
  }

  swapProperly(member: string, deposited: PackReading, cabinet = "c-1"): void {
    const before = this.ends.length;
    this.scan(member, cabinet);
    this.deposit(deposited);
    this.collect();
    this.until(() => this.ends.length > before, "the swap to end");
  }

  /** What was sent to a lock just before the power went still moves it; nobody hears of it. */
  landPulses(): void {
    for (const { bay, type } of this.answers) {
      if (type === "lock-driven" && this.bay(bay).lock === "works") this.bay(bay).open = true;
    }
    this.answers = [];
  }

  /** Mains off and on again: what is known afterwards is what the disk holds, and what the wires say. */
  restart(records = this.disk.length): void {
    this.disk.length = records;
    this.answers = [];
    this.nowMs += startMs;
    this.wallMs += startMs;
    this.state = bootState(this.context, this.remembered(), this.nowMs);
  }

  /** The durable state that the records on disk amount to. */
  remembered(): Durable {
    return this.disk.reduce<Durable>((durable, entry) => applyEntry(durable, entry), this.origin);
  }

  /** All but the pulses, which stand between the others and have a list of their own. */
  get records(): readonly JournalRecord[] {
    return this.disk.flatMap(({ record }) => (record.kind === "bay-pulsed" ? [] : [record]));
  }

  /** Journal points of all swaps, in the words of the swap design; ends are their outcome codes. */
  get points(): string[] {
    return this.records.map(pointOf).filter((point) => point !== undefined);
  }

  /** How every scan and swap ended, refusals too. */
  get ends(): string[] {
    return this.records.flatMap((record) =>
      record.kind === "swap-ended" ? [record.outcome] : record.kind === "scan-refused" ? [record.reason] : [],
    );
  }

  get pulses(): { bay: number; nowMs: number; step: number; swap: string | undefined; request?: string }[] {
    return this.told.flatMap(({ effect, nowMs, step }) => {
      if (effect.do !== "unlock") return [];
      const { do: _do, ...pulse } = effect;
      return [{ ...pulse, nowMs, step }];
    });
  }

  get said(): string[] {
    return this.told.flatMap(({ effect }) => (effect.do === "prompt" ? [effect.prompt.id] : []));
  }

  lockOutOf(bay: number): { readonly lockOut: string; readonly reason: string } | undefined {
    return this.state.durable.lockOuts[String(bay)];
  }

  get debts(): Durable["debts"][string][] {
    return Object.values(this.state.durable.debts);
  }

  get faults(): string[] {
    return Object.keys(this.state.faults).sort();
  }
}
