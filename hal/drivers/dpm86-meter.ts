/**
 * The measuring half of a DPM86xx charger: current often, voltage more slowly while it is on, one reading of both. The age of a
 * reading is the age of its current. At rest both are asked as often, and a voltage that changed is told at once: it says whether a
 * pack still stands there, and a rider may be waiting for an empty bay. What no such charger can deliver is `invalid`.
 */
import type { Bus, Outcome, PollHandle } from "../buses/bus.ts";
import { DPM_CURRENT, DPM_VOLTAGE, encodeDpmRead, parseDpmReply } from "../codecs/dpm86.ts";
import { remembered } from "../codecs/remembered.ts";
import type { ChargerSetpoint, ChargerStatus } from "../ports/charger.ts";
import type { Reading, Watch } from "../ports/reading.ts";
import { dpmValue } from "./dpm86-talk.ts";
import { Sampled } from "./sampled.ts";

export interface DpmMeterOptions {
  readonly bus: Bus;
  readonly address: number;
  readonly deadlineMs: number;
  readonly onMs: number;
  readonly offMs: number;
  /** The charger answered a measurement. */
  readonly onAnswer: () => void;
  /** It has missed so many that its readings are stale now. */
  readonly onSilence: () => void;
  /** The voltage at its output, while no switching off is under way. */
  readonly onVoltage: (outMv: number) => void;
}

/** After switching off, current is watched closely until it is gone: a door may be waiting for that. */
const SETTLING_MS = 500;
const SETTLED_MA = 100;
const VOLTAGE_EVERY = 3;
const MISSES_TO_STALE = 3;
const SLOWEST_MS = 10_000;
/** A DPM8624 ends at 24 A and 60 V; measuring errors and an inrush are allowed for. */
const OUT_MA_MAX = 26_000;
const OUT_MV_MAX = 65_000;

export class DpmMeter {
  private readonly options: DpmMeterOptions;
  private readonly sampled = new Sampled<ChargerStatus>({ outMv: 0, outMa: 0, confirmed: undefined });
  private readonly current: PollHandle;
  private readonly voltage: PollHandle;
  private outMv = 0;
  private misses = 0;
  private at: "on" | "settling" | "rest" = "on";

  constructor(options: DpmMeterOptions) {
    this.options = options;
    this.current = this.poll(DPM_CURRENT, options.onMs, (outcome) => this.heardCurrent(outcome));
    this.voltage = this.poll(DPM_VOLTAGE, options.onMs * VOLTAGE_EVERY, (outcome) => {
      if (outcome.is === "answered" && isWithin(outcome.value * 10, OUT_MV_MAX)) this.heardVoltage(outcome.value * 10);
    });
  }

  get reading(): Reading<ChargerStatus> {
    return this.sampled.reading;
  }

  get confirmed(): ChargerSetpoint | undefined {
    return this.sampled.reading.value.confirmed;
  }

  watch(onChange: Watch<ChargerStatus>): void {
    this.sampled.watch(onChange);
  }

  confirm(confirmed: ChargerSetpoint | undefined): void {
    if (confirmed !== this.confirmed) this.sampled.amend({ ...this.sampled.reading.value, confirmed });
  }

  pace(pace: "on" | "settling"): void {
    this.at = pace;
    this.current.period(pace === "settling" ? SETTLING_MS : this.options.onMs);
    this.voltage.period(this.options.onMs * VOLTAGE_EVERY);
    if (pace === "settling") this.current.now();
  }

  now(): void {
    this.current.now();
  }

  private poll(register: number, periodMs: number, done: (outcome: Outcome<number>) => void): PollHandle {
    const { bus, address, deadlineMs } = this.options;
    return bus.poll<number>({
      name: `charger ${address} register ${register}`,
      periodMs,
      slowestMs: SLOWEST_MS,
      deadlineMs,
      request: encodeDpmRead(address, register),
      expects: remembered((bytes, length) => dpmValue(parseDpmReply(bytes, length), address, register)),
      done,
    });
  }

  private heardCurrent(outcome: Outcome<number>): void {
    if (outcome.is !== "answered") {
      if (outcome.is === "closed") this.sampled.stale();
      else if (++this.misses === MISSES_TO_STALE) {
        this.sampled.stale();
        this.options.onSilence();
      }
      return;
    }
    this.misses = 0;
    const outMa = outcome.value;
    if (isWithin(outMa, OUT_MA_MAX)) {
      this.sampled.good({ outMv: this.outMv, outMa, confirmed: this.confirmed }, outcome.atMs);
      if (this.at === "settling" && outMa < SETTLED_MA) this.rest();
    } else this.sampled.invalid();
    this.options.onAnswer();
  }

  private heardVoltage(outMv: number): void {
    const { value } = this.sampled.reading;
    this.outMv = outMv;
    if (this.at === "rest" && outMv !== value.outMv) this.sampled.amend({ ...value, outMv });
    if (this.at !== "settling") this.options.onVoltage(outMv);
  }

  /** Off and without current: seldom enough to leave the line to others. */
  private rest(): void {
    this.at = "rest";
    this.current.period(this.options.offMs);
    this.voltage.period(this.options.offMs);
  }
}

function isWithin(value: number, max: number): boolean {
  return value >= 0 && value <= max;
}
