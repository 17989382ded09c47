/**
 * The one loop. Events come in through one bounded queue; each is put to the station's pure decision; then the levels are
 * derived, pass the interlocks and are leased to the outputs. It knows no device, no topic and no rule. The guardian's beat
 * is given here, from the loop's own progress, so that a loop that stands still loses every output.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { CivilTime } from "../../services/access/schedule.ts";
import type { Effect } from "../../services/effects.ts";
import type { StationEvent } from "../../services/events.ts";
import type { Removal } from "../../services/interlocks.ts";
import { type Levels, noLevels } from "../../services/levels.ts";
import type { StationReadings } from "../../services/readings.ts";
import type { Breach } from "../../services/safety/assertion.ts";
import { breachOf } from "../../services/safety/assertions.ts";
import { pulseBreachOf } from "../../services/safety/pulse-assertions.ts";
import { type GrantInput, grantLevels, wantedLevels } from "../../services/station/grant.ts";
import type { Moment } from "../../services/station/moment.ts";
import type { StationContext, StationState } from "../../services/station/state.ts";
import { stepStation } from "../../services/station/step.ts";
import { createLateness, type LatenessReport } from "./lateness.ts";
import type { Recorder } from "./recording.ts";

/** Time between two scans. Four beats fit into the guardian's patience. */
export const scanMs = 250;
/** Every level is granted for this long; renewed at each scan. */
export const leaseMs = 1_900;
/** A scan this late means the process stood still: what it knew is old, and it must see again before it holds anything. */
export const pauseMs = 1_000;
/** What waited in the lines' buffers is read by then. */
const catchUpMs = 500;
const queueMax = 1_000;

export interface LoopPorts {
  readonly clock: Clock;
  readonly readings: StationReadings;
  /** Leases the granted levels until `untilMs`. */
  readonly apply: (levels: Levels, untilMs: number) => void;
  /** Everything off at once, and nothing on again: a bug was found that may hurt somebody. */
  readonly allOff: () => void;
  readonly carryOut: (effects: readonly Effect[]) => void;
  /** The loop has made a scan. */
  readonly beat: (paused: boolean) => void;
  readonly masterEnabled: () => boolean;
  /** Station time at this moment, and whether it is believed. Only a station with a room asks. */
  readonly civil?: ((wallMs: number) => CivilTime) | undefined;
  readonly onDecision: ((nowMs: number, event: StationEvent, effects: readonly Effect[]) => void) | undefined;
  readonly recorder?: Recorder | undefined;
}

export interface LoopStats {
  readonly steps: number;
  readonly dropped: number;
  readonly queued: number;
  /** When the last scan began; undefined before the first. */
  readonly scannedMs: number | undefined;
}

export interface Loop {
  post(event: StationEvent): void;
  start(): void;
  stop(): void;
  state(): StationState;
  granted(): Levels;
  /** Station time and trust in it, now; undefined where nobody asks for it. */
  moment(): Moment | undefined;
  removed(): readonly Removal[];
  lateness(): LatenessReport;
  stats(): LoopStats;
}

/** Something was decided or granted that must never be. It is never caught: the process stops in the safe state. */
export class SafetyBreach extends Error {
  readonly breach: Breach;

  constructor(breach: Breach) {
    super(`${breach.invariant}: ${breach.what}`);
    this.name = "SafetyBreach";
    this.breach = breach;
  }
}

class OneLoop implements Loop {
  private readonly queue: StationEvent[] = [];
  private readonly late = createLateness();
  private readonly ports: LoopPorts;
  private readonly context: StationContext;
  private current: StationState;
  private grantedNow: Levels = noLevels;
  private removedNow: readonly Removal[] = [];
  /** Levels are a pure function of the state, so they are derived again only when there is another state. */
  private derived: Levels = noLevels;
  private derivedFrom: StationState | undefined;
  private draining = false;
  private running = false;
  private dueMs = 0;
  /** What comes before this was said to a process that stood still. */
  private presentFromMs = 0;
  private steps = 0;
  private dropped = 0;
  private scannedMs: number | undefined;
  private broken: SafetyBreach | undefined;

  constructor(boot: StationState, context: StationContext, ports: LoopPorts) {
    this.current = boot;
    this.context = context;
    this.ports = ports;
  }

  post(event: StationEvent): void {
    // One look sees everything that was noticed, so a burst of bounces is one event.
    if (event.type === "noticed" && this.queue.at(-1)?.type === "noticed") return;
    if (this.queue.length >= queueMax) {
      this.dropped++;
      return;
    }
    this.queue.push(this.isLate(event) ? { ...event, late: true } : event);
    if (this.running) this.drain();
  }

  /** Shown at a reader while the process stood still: its bytes come before or behind the scan that is overdue. */
  private isLate(event: StationEvent): event is Extract<StationEvent, { late?: true }> {
    if (event.type !== "scan" && event.type !== "room-code" && event.type !== "room-card") return false;
    const nowMs = this.ports.clock.monotonicMs();
    return this.running && (nowMs - this.dueMs > pauseMs || nowMs < this.presentFromMs);
  }

  start(): void {
    if (this.broken !== undefined) return;
    this.running = true;
    this.dueMs = this.ports.clock.monotonicMs();
    this.scan();
  }

  stop(): void {
    this.running = false;
  }

  state = (): StationState => this.current;
  granted = (): Levels => this.grantedNow;
  moment = (): Moment | undefined => this.momentOf(this.ports.clock.wallMs());
  removed = (): readonly Removal[] => this.removedNow;
  lateness = (): LatenessReport => this.late.take();
  stats = (): LoopStats => ({
    steps: this.steps,
    dropped: this.dropped,
    queued: this.queue.length,
    scannedMs: this.scannedMs,
  });

  private scan(): void {
    if (!this.running) return;
    const nowMs = this.ports.clock.monotonicMs();
    const lateMs = nowMs - this.dueMs;
    this.scannedMs = nowMs;
    this.late.add(lateMs);
    if (lateMs > pauseMs) this.presentFromMs = nowMs + catchUpMs;
    this.post({ type: "tick" });
    this.ports.beat(lateMs > pauseMs);
    // A late scan does not make the next ones come in a burst.
    this.dueMs = Math.max(this.dueMs + scanMs, nowMs + scanMs / 2);
    this.ports.clock.after(this.dueMs - this.ports.clock.monotonicMs(), () => this.scan());
  }

  private drain(): void {
    if (this.draining) return;
    this.draining = true;
    for (let event = this.queue.shift(); event !== undefined; event = this.queue.shift()) this.decide(event);
    this.draining = false;
    this.grant();
  }

  private decide(event: StationEvent): void {
    const { clock, readings, carryOut, onDecision, recorder } = this.ports;
    const nowMs = clock.monotonicMs();
    const wallMs = clock.wallMs();
    const moment = this.momentOf(wallMs);
    const input =
      moment === undefined ? { event, readings, nowMs, wallMs } : { event, readings, nowMs, wallMs, moment };
    recorder?.enters(this.current, input);
    const step = stepStation(this.current, input, this.context);
    recorder?.decided(step.effects);
    const was = this.current;
    this.current = step.state;
    this.steps++;
    if (step.effects.length > 0)
      this.assert(pulseBreachOf({ was, state: step.state, effects: step.effects, config: this.context.config, nowMs }));
    onDecision?.(nowMs, event, step.effects);
    if (step.effects.length > 0) carryOut(step.effects);
  }

  private momentOf(wallMs: number): Moment | undefined {
    const { clock, civil, masterEnabled } = this.ports;
    if (civil === undefined) return undefined;
    const synchronised = clock.wallSynchronised();
    return { synchronised, civil: synchronised ? civil(wallMs) : undefined, powered: masterEnabled() };
  }

  /** Afresh from the state each time: there is no "off" message that could get lost. */
  private grant(): void {
    const { clock, readings, masterEnabled, recorder, apply } = this.ports;
    const nowMs = clock.monotonicMs();
    const room = this.timeOfDay();
    const input: GrantInput =
      room === undefined
        ? { nowMs, readings, masterEnabled: masterEnabled() }
        : { nowMs, readings, masterEnabled: masterEnabled(), room };
    if (this.derivedFrom !== this.current) {
      this.derived = wantedLevels(this.current, this.context);
      this.derivedFrom = this.current;
    }
    const grant = grantLevels(this.current, input, this.context, this.derived);
    recorder?.granted(input, grant);
    const untilMs = nowMs + leaseMs;
    const { config } = this.context;
    this.assert(breachOf({ levels: grant.levels, state: this.current, readings, config, nowMs, untilMs }));
    this.grantedNow = grant.levels;
    this.removedNow = grant.removed;
    apply(grant.levels, untilMs);
  }

  /** A breach is a bug: nothing is granted any more, no beat is given, and whoever runs the process ends it. */
  private assert(breach: Breach | undefined): void {
    if (breach === undefined) return;
    this.running = false;
    this.broken = new SafetyBreach(breach);
    this.grantedNow = noLevels;
    this.ports.allOff();
    // Should somebody between here and the process swallow it: there is nobody above a timer.
    this.ports.clock.after(0, () => this.stayBroken());
    throw this.broken;
  }

  private stayBroken(): void {
    if (this.broken !== undefined) throw this.broken;
  }

  private timeOfDay(): GrantInput["room"] | undefined {
    if (this.current.room === undefined) return undefined;
    const wallMs = this.ports.clock.wallMs();
    const moment = this.momentOf(wallMs);
    return moment === undefined ? { wallMs } : { wallMs, moment };
  }
}

export function createLoop(boot: StationState, context: StationContext, ports: LoopPorts): Loop {
  return new OneLoop(boot, context, ports);
}
