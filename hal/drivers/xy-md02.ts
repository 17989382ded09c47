/**
 * An XY-MD02 sensor: a thermometer and a hygrometer that live and die together. A sample counts when the codec believes
 * both values and the temperature does not jump; anything else is a miss. After a few misses in a row both readings lose
 * their quality and keep their last good value and time. It asks, and never changes the sensor's settings.
 */
import type { Bus, Outcome } from "../buses/bus.ts";
import { type ModbusReply, parseModbusReply } from "../codecs/modbus-rtu.ts";
import { encodeXyMd02Read, type XyMd02Scale, xyMd02Sample } from "../codecs/xy-md02.ts";
import type { Hygrometer } from "../ports/hygrometer.ts";
import type { Quality } from "../ports/reading.ts";
import type { Thermometer } from "../ports/thermometer.ts";
import { Sampled } from "./sampled.ts";

export interface XyMd02Options {
  /** Modbus address, 1–247. */
  readonly address: number;
  /** Steps in a degree: 10, or 100 for clones that speak hundredths. Default 10. */
  readonly scale?: XyMd02Scale;
  /** From one question to the next. Default 2,000 ms. */
  readonly pollMs?: number;
  /** How long the sensor may take to answer. Default 200 ms. */
  readonly deadlineMs?: number;
  /** Misses in a row before the readings lose their quality. Default 3. */
  readonly missesMax?: number;
  /** A sample further than this from the last good one is believed only when the next one agrees with it. Default 15. */
  readonly jumpMaxC?: number;
}

export interface XyMd02 {
  readonly thermometer: Thermometer;
  readonly hygrometer: Hygrometer;
}

/** Back-off never makes a sensor that returned wait longer than this. */
const SLOWEST_MS = 5_000;

class XyMd02Sensor {
  readonly temperature = new Sampled<number>(Number.NaN);
  readonly humidity = new Sampled<number>(Number.NaN);
  private readonly scale: XyMd02Scale;
  private readonly missesMax: number;
  private readonly jumpMaxC: number;
  private misses = 0;
  /** A temperature that jumped, waiting for the next one to agree. */
  private doubtedC: number | undefined;

  constructor(options: XyMd02Options, bus: Bus) {
    this.scale = options.scale ?? 10;
    this.missesMax = options.missesMax ?? 3;
    this.jumpMaxC = options.jumpMaxC ?? 15;
    const request = encodeXyMd02Read(options.address);
    bus.poll<ModbusReply>({
      name: `climate sensor ${options.address}`,
      periodMs: options.pollMs ?? 2_000,
      slowestMs: SLOWEST_MS,
      deadlineMs: options.deadlineMs ?? 200,
      request,
      expects: (bytes, length) => parseModbusReply(bytes, length, request),
      done: (outcome) => this.heard(outcome),
    });
  }

  private heard(outcome: Outcome<ModbusReply>): void {
    if (outcome.is !== "answered") {
      // A line that is gone asks nothing, so nothing more would be missed: what was known is history at once.
      if (outcome.is === "closed") this.lose("stale");
      else this.miss("stale");
      return;
    }
    const sample = xyMd02Sample(outcome.value, this.scale);
    if (sample.is === "nonsense") this.miss("invalid");
    else if (this.jumped(sample.tempC)) this.miss("invalid");
    else {
      this.misses = 0;
      this.temperature.good(sample.tempC, outcome.atMs);
      this.humidity.good(sample.humidityPct, outcome.atMs);
    }
  }

  /** Remembers a temperature that jumped, so that a second one like it is believed. */
  private jumped(tempC: number): boolean {
    const { value, quality } = this.temperature.reading;
    const doubted = this.doubtedC;
    const far = quality === "good" && Math.abs(tempC - value) > this.jumpMaxC;
    const agreed = doubted !== undefined && Math.abs(tempC - doubted) <= this.jumpMaxC;
    this.doubtedC = far && !agreed ? tempC : undefined;
    return this.doubtedC !== undefined;
  }

  private miss(quality: Exclude<Quality, "good">): void {
    this.misses = Math.min(this.misses + 1, this.missesMax);
    if (this.misses >= this.missesMax) this.lose(quality);
  }

  private lose(quality: Exclude<Quality, "good">): void {
    this.misses = this.missesMax;
    for (const sampled of [this.temperature, this.humidity]) {
      if (quality === "stale") sampled.stale();
      else sampled.invalid();
    }
  }
}

export function xyMd02(options: XyMd02Options, ports: { readonly bus: Bus }): XyMd02 {
  const { temperature, humidity } = new XyMd02Sensor(options, ports.bus);
  const side = (sampled: Sampled<number>): Thermometer & Hygrometer => ({
    reading: () => sampled.reading,
    watch: (onChange) => sampled.watch(onChange),
  });
  return { thermometer: side(temperature), hygrometer: side(humidity) };
}
