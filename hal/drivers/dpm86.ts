/**
 * One DPM86xx charger. The protocol has no checksum, so nothing counts before it was read back: the output is switched on
 * only after both limits were, and it counts as off only after the charger said so. The charger has no timer of its own;
 * when the lease ends the driver switches it off, and a contactor timed by another board stands behind that. When the
 * charger appears, it is switched off before anything else.
 */
import { Alarm, SLACK_MS } from "../buses/alarm.ts";
import type { Bus, Outcome } from "../buses/bus.ts";
import type { Charger, ChargerSetpoint, ChargerStatus } from "../ports/charger.ts";
import type { Clock } from "../ports/clock.ts";
import type { Reading, Watch } from "../ports/reading.ts";
import { DpmMeter } from "./dpm86-meter.ts";
import { DpmTalk } from "./dpm86-talk.ts";

export interface ChargerOptions {
  /** Address set on the device, 1–99. */
  readonly address: number;
  /** What the model can deliver; more is never asked of it. Default and most 24,000 mA (DPM8624). */
  readonly maxMa?: number;
  /** Current is read this often while the output is on. Default 2,000 ms. */
  readonly onMs?: number;
  /** Current is read this often while the output is off. Default 10,000 ms. */
  readonly offMs?: number;
  /** How long the charger may take to answer. Default 150 ms. */
  readonly deadlineMs?: number;
  /** Whether register 12 can be read back. Units that only take it are believed on their word. Default true. */
  readonly outputReadable?: boolean;
}

const LEASE_MS_MAX = 2_000;
const SET_MA_MAX = 24_000;
const SET_MV_MAX = 60_000;
/** Register 10 counts in 0.01 V. */
const STEP_MV = 10;
/** An output that is off shows less, once its capacitors have emptied. */
const LIVE_MV = 10_000;
/** A pack that stands on an output at rest shows its voltage too, so the line is not spent on it more often. */
const OFF_AGAIN_MS = 25_000;
/** Times one step is tried before the charger counts as not there. */
const TRIES_MAX = 3;
/** Pause before switching on is tried again, doubled at each failure, so that one bad charger does not eat the line. */
const SETBACK_MS = 1_000;
const SETBACK_MS_MAX = 30_000;

type Output = "on" | "off" | "unknown";

class Dpm86Charger implements Charger {
  private readonly clock: Clock;
  private readonly talk: DpmTalk;
  private readonly meter: DpmMeter;
  private readonly expiry: Alarm;
  private readonly maxMa: number;
  private wanted: ChargerSetpoint | undefined;
  private leaseUntilMs = Number.NEGATIVE_INFINITY;
  private output: Output = "unknown";
  private written: ChargerSetpoint | undefined;
  private there = false;
  private busy = false;
  private tries = 0;
  private setbacks = 0;
  private onNotBeforeMs = Number.NEGATIVE_INFINITY;
  private offAgainMs = Number.NEGATIVE_INFINITY;

  constructor(options: ChargerOptions, ports: { readonly bus: Bus; readonly clock: Clock }) {
    this.clock = ports.clock;
    this.maxMa = Math.min(options.maxMa ?? SET_MA_MAX, SET_MA_MAX);
    this.expiry = new Alarm(ports.clock, () => this.expired());
    const { bus } = ports;
    const { address, outputReadable = true, deadlineMs = 150 } = options;
    this.talk = new DpmTalk({ bus, address, deadlineMs, outputReadable });
    const periods = { onMs: options.onMs ?? 2_000, offMs: options.offMs ?? 10_000 };
    this.meter = new DpmMeter({
      bus,
      address,
      deadlineMs,
      ...periods,
      onAnswer: () => this.answered(),
      onVoltage: (outMv) => this.measured(outMv),
      onSilence: () => {
        if (this.there) this.gone();
      },
    });
    bus.watch((health) => {
      if (health.is !== "strange") this.gone();
    });
  }

  hold(setpoint: ChargerSetpoint, untilMs: number): void {
    const nowMs = this.clock.monotonicMs();
    this.wanted = this.bounded(setpoint);
    this.leaseUntilMs = this.wanted === undefined ? Number.NEGATIVE_INFINITY : Math.min(untilMs, nowMs + LEASE_MS_MAX);
    if (this.wanted !== undefined) this.expiry.by(this.leaseUntilMs);
    this.step();
  }

  /** Undefined for off. The same object as before while the same is wanted. */
  private bounded(setpoint: ChargerSetpoint): ChargerSetpoint | undefined {
    if (setpoint.setMa === 0) return undefined;
    const setMa = Math.floor(Math.min(this.maxMa, Math.max(0, setpoint.setMa || 0)));
    if (setMa === 0) return undefined;
    const setMv = Math.floor(Math.min(SET_MV_MAX, Math.max(0, setpoint.setMv || 0)) / STEP_MV) * STEP_MV;
    const { wanted } = this;
    return wanted !== undefined && wanted.setMa === setMa && wanted.setMv === setMv ? wanted : { setMa, setMv };
  }

  reading(): Reading<ChargerStatus> {
    return this.meter.reading;
  }

  watch(onChange: Watch<ChargerStatus>): void {
    this.meter.watch(onChange);
  }

  private expired(): void {
    if (this.wanted === undefined) return;
    if (this.clock.monotonicMs() < this.leaseUntilMs - SLACK_MS) this.expiry.by(this.leaseUntilMs);
    else {
      this.wanted = undefined;
      this.step();
    }
  }

  /** Takes the one step that lies between what is and what is wanted. Every outcome comes back here. */
  private step(): void {
    if (this.busy || !this.there) return;
    const { wanted, output } = this;
    if (wanted === undefined || output === "unknown") {
      if (output !== "off") this.run((done) => this.talk.writeOutput(false, done), this.wasSwitched("off"));
    } else if (output === "off" && this.clock.monotonicMs() < this.onNotBeforeMs) {
      return; // The next renewal of the lease asks again.
    } else if (!same(wanted, this.written)) {
      this.meter.confirm(undefined);
      this.run(
        (done) => this.talk.writeSetpoint(wanted, done),
        (ok) => {
          this.written = ok ? wanted : undefined;
        },
      );
    } else if (this.meter.confirmed === undefined) {
      this.run((done) => this.talk.readSetpoint(done), this.wasReadBack);
    } else if (output === "off") {
      this.run((done) => this.talk.writeOutput(true, done), this.wasSwitched("on"));
    }
  }

  private run<T>(ask: (done: (outcome: Outcome<T>) => void) => void, note: (value: T | undefined) => void): void {
    this.busy = true;
    ask((outcome) => {
      this.busy = false;
      note(outcome.is === "answered" ? outcome.value : undefined);
      // A line that is gone or overfull is no sign against the charger; the next lease or answer tries again.
      if (outcome.is === "closed" || outcome.is === "dropped") return;
      if (outcome.is === "answered") this.tries = 0;
      else if (++this.tries >= TRIES_MAX) {
        this.setBack();
        this.gone();
      }
      this.step();
    });
  }

  private wasSwitched(to: "on" | "off"): (confirmed: boolean | undefined) => void {
    return (confirmed) => {
      this.output = confirmed ? to : "unknown";
      if (this.output === "on") this.setbacks = 0;
      this.meter.pace(this.output === "off" ? "settling" : "on");
    };
  }

  private readonly wasReadBack = (setpoint: ChargerSetpoint | undefined): void => {
    if (setpoint === undefined) return;
    if (same(setpoint, this.written)) this.meter.confirm(setpoint);
    else this.misheard();
  };

  /** The charger holds other limits than it was told: off, and all over again. */
  private misheard(): void {
    this.setBack();
    this.written = undefined;
    this.output = "unknown";
  }

  private setBack(): void {
    const pauseMs = Math.min(SETBACK_MS * 2 ** this.setbacks, SETBACK_MS_MAX);
    this.setbacks = Math.min(this.setbacks + 1, 16);
    this.onNotBeforeMs = this.clock.monotonicMs() + pauseMs;
  }

  /** It confirmed that it is off, and delivers all the same: it is told again. */
  private measured(outMv: number): void {
    const nowMs = this.clock.monotonicMs();
    if (this.output !== "off" || outMv < LIVE_MV || nowMs < this.offAgainMs) return;
    this.offAgainMs = nowMs + OFF_AGAIN_MS;
    this.output = "unknown";
    this.step();
  }

  private answered(): void {
    if (this.there) return;
    this.there = true;
    this.tries = 0;
    this.step();
  }

  private gone(): void {
    this.there = false;
    this.tries = 0;
    this.output = "unknown";
    this.written = undefined;
    this.meter.confirm(undefined);
    this.meter.pace("on");
    this.meter.now();
  }
}

function same(a: ChargerSetpoint, b: ChargerSetpoint | undefined): boolean {
  return b !== undefined && a.setMa === b.setMa && a.setMv === b.setMv;
}

export function dpm86Charger(options: ChargerOptions, ports: { readonly bus: Bus; readonly clock: Clock }): Charger {
  return new Dpm86Charger(options, ports);
}
