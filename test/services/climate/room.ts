/**
 * A room of one heat capacity with walls, two sensors with a lag of 20 s and tenths of a degree, and ways in which a sensor
 * fails. Enough to see whether a heater goes off in time; no model of any building.
 */
import { ClimateConfig } from "../../../services/climate/config.ts";
import { climateLevels, interlockClimate } from "../../../services/climate/levels.ts";
import type { ClimateLook, RoomSample } from "../../../services/climate/readings.ts";
import { type ClimateDurable, emptyClimate, foldClimate } from "../../../services/climate/records.ts";
import { type ClimateState, newClimate } from "../../../services/climate/state.ts";
import { stepClimate } from "../../../services/climate/step.ts";
import type { Reading } from "../../../services/reading.ts";

export type Failure = "stale" | "frozen" | "spike" | "drift" | "short" | "open";

/** What the sensor says at a second instead of the truth; undefined: nothing new. */
export type Distort = (tempC: number, second: number, last: RoomSample) => RoomSample | undefined;

export interface RoomOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly startC?: number;
  readonly outsideC?: number;
  readonly heaterW?: number;
  /** By sensor. */
  readonly distort?: readonly (Distort | undefined)[];
  /** The heater's relay is welded from this second on. */
  readonly weldedAtS?: number;
  readonly sampleS?: number;
}

const capacityJPerC = 400_000;
const lossWPerC = 60;
const coolerW = 2_500;

export class Room {
  readonly config: ClimateConfig;
  state: ClimateState;
  durable: ClimateDurable = emptyClimate;
  tempC: number;
  second = 0;
  levels = { heaterPct: 0, heaterFeed: false, cooler: false };
  removed: readonly string[] = [];
  look: Partial<Pick<ClimateLook, "minuteOfDay" | "powered">> = {};
  outsideC: number;
  occupied: boolean | undefined = true;
  doorShut: boolean | undefined = true;
  readonly #sensorsC: number[];
  readonly #readings: (Reading<RoomSample> | undefined)[];
  readonly #options: RoomOptions;
  failing: readonly (Distort | undefined)[];

  constructor(options: RoomOptions = {}) {
    this.config = ClimateConfig.parse(options.config ?? {});
    this.#options = options;
    this.outsideC = options.outsideC ?? -32;
    this.tempC = options.startC ?? 10;
    this.state = newClimate(0, this.config.sensors);
    this.#sensorsC = Array.from({ length: this.config.sensors }, () => this.tempC);
    this.#readings = this.#sensorsC.map(() => undefined);
    this.failing = options.distort ?? [];
  }

  get nowMs(): number {
    return this.second * 1_000;
  }

  #sample(at: number): void {
    if ((this.second + at) % (this.#options.sampleS ?? 2) !== 0) return;
    const trueC = this.#sensorsC[at] ?? 0;
    // The air of a room is never still: the humidity's last digit tells.
    const honest = { tempC: Math.round(trueC * 10) / 10, humidityPct: 30 + ((this.second * 7) % 10) / 10 };
    const distort = this.failing[at];
    const value =
      distort === undefined ? honest : distort(honest.tempC, this.second, this.#readings[at]?.value ?? honest);
    if (value === undefined) return;
    this.#readings[at] = { value, atMs: this.nowMs, quality: "good" };
  }

  tick(): void {
    this.second++;
    const isWelded = this.#options.weldedAtS !== undefined && this.second >= this.#options.weldedAtS;
    const heaterPct = this.levels.heaterFeed ? (isWelded ? 100 : this.levels.heaterPct) : 0;
    const heatW = ((this.#options.heaterW ?? 6_000) * heaterPct) / 100 - (this.levels.cooler ? coolerW : 0);
    const lossW = lossWPerC * (this.doorShut === false ? 8 : 1) * (this.tempC - this.outsideC);
    this.tempC += (heatW - lossW) / capacityJPerC;
    this.#sensorsC.forEach((sensorC, at) => {
      this.#sensorsC[at] = sensorC + (this.tempC - sensorC) / 20;
      this.#sample(at);
    });
    const { nowMs } = this;
    const heard = (value: boolean | undefined) =>
      value === undefined ? undefined : ({ value, atMs: nowMs, quality: "good" } as const);
    const look: ClimateLook = {
      nowMs,
      minuteOfDay: 720,
      powered: true,
      sensors: this.#readings,
      occupied: heard(this.occupied),
      doorShut: heard(this.doorShut),
      outsideC: this.outsideC,
      ...this.look,
    };
    const { state, records } = stepClimate(this.state, look, this.durable, this.config);
    this.state = state;
    for (const record of records) this.durable = foldClimate(this.durable, record, nowMs);
    const passed = interlockClimate(climateLevels(state, this.durable), look, this.durable, this.config);
    this.levels = { ...passed.levels };
    this.removed = passed.removed;
  }

  run(seconds: number, each: (room: Room) => void = () => {}): this {
    for (let second = 0; second < seconds; second++) {
      this.tick();
      each(this);
    }
    return this;
  }
}

const wildC = [-30, -24, -18, -12, 8, 14, 20];

/** The ways a sensor fails, each from second `atS` on, varied by `how` from 0 to 1. */
export function failureOf(kind: Failure, atS: number, how: number): Distort {
  switch (kind) {
    case "stale":
      return () => undefined;
    case "frozen":
      return (_tempC, _second, last) => last;
    case "spike":
      // Wild from now on: no two samples agree with each other or with the room.
      return (tempC, second) => ({
        tempC: tempC + (wildC[(second + Math.floor(how * 7)) % wildC.length] ?? 0),
        humidityPct: second % 10,
      });
    case "drift":
      return (tempC, second) => ({ tempC: tempC - (second - atS) * (0.05 + how), humidityPct: second % 10 });
    case "short":
      return () => ({ tempC: how < 0.5 ? 327.6 : 150, humidityPct: 0 });
    case "open":
      return () => ({ tempC: how < 0.3 ? Number.NaN : how < 0.6 ? -273.1 : -127, humidityPct: 0 });
  }
}
