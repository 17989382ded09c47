/**
 * The room's air and walls, carried along with whatever acts on them: weather, heater, cooler, people, doors that stand open,
 * machines. It catches up when somebody looks, and never runs ahead. It counts what heater and cooler took from the mains.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import { type RoomPlan, type RoomState, roomAt, roomHumidityPct, stepRoom, UNION_ROOM } from "../models/heated-room.ts";
import { saturationHpa } from "../models/humid-air.ts";
import type { Room } from "../models/room.ts";
import type { Weather } from "../models/weather.ts";

/** What acts on the room now; asked before each step. */
export interface Acting {
  readonly heats: boolean;
  readonly cools: boolean;
  readonly people: number;
  readonly doorOpen: boolean;
  /** Machines, lamps, cans that cool down. */
  readonly otherW: number;
}

export interface ShellOptions {
  readonly clock: Clock;
  readonly weather: Weather;
  readonly startC: number;
  readonly heaterW: number;
  /** Heat taken out; electricity is a third of it. */
  readonly coolerW: number;
  readonly plan?: RoomPlan;
}

const COOLER_COP = 3;
/** The weather counts as constant this long. */
const STEP_S_MAX = 300;
/** Steps shorter than this change nothing that anybody could see. */
const STEP_MS_MIN = 500;
/** Winter air is as damp as it can hold little; summer air holds what a dew point of 18 °C gives it. */
const OUTDOOR_HUMIDITY_PCT_MAX = 70;
const DEW_POINT_C = 18;
const START_HUMIDITY_PCT = 35;
/** Half a clear day's sun through the windows and walls, at noon. */
const SUN_W = 900;
const DAY_MS = 86_400_000;

export class RoomShell implements Room {
  heaterJ = 0;
  coolerJ = 0;
  private state: RoomState;
  private readonly options: ShellOptions;
  private readonly localStartMs: number;
  private acting: () => Acting = () => ({ heats: false, cools: false, people: 0, doorOpen: false, otherW: 0 });
  private lookedMs: number;

  constructor(options: ShellOptions, localStartMs: number) {
    this.options = options;
    this.localStartMs = localStartMs;
    this.state = roomAt(options.startC, START_HUMIDITY_PCT);
    this.lookedMs = options.clock.monotonicMs();
  }

  /** What acts on it is known once everything stands. */
  fill(acting: () => Acting): void {
    this.acting = acting;
  }

  /** `exact`: something is about to change, so that even the shortest time counts. */
  look(exact = false): void {
    const nowMs = this.options.clock.monotonicMs();
    if (nowMs === this.lookedMs || (!exact && nowMs - this.lookedMs < STEP_MS_MIN)) return;
    const { heats, cools, people, doorOpen, otherW } = this.acting();
    const { weather, heaterW, coolerW, plan = UNION_ROOM } = this.options;
    while (this.lookedMs < nowMs) {
      const seconds = Math.min(STEP_S_MAX, (nowMs - this.lookedMs) / 1_000);
      const outdoorC = weather.outdoorC(this.lookedMs);
      const dampPct = (100 * saturationHpa(DEW_POINT_C)) / saturationHpa(outdoorC);
      const inputs = {
        outdoorC,
        outdoorHumidityPct: Math.min(OUTDOOR_HUMIDITY_PCT_MAX, dampPct),
        heaterW: heats ? heaterW : 0,
        coolerW: cools ? coolerW : 0,
        otherW: otherW + this.sunW(),
        people,
        doorOpen,
      };
      const { airC, wallC, waterKgPerKg } = stepRoom(plan, this.state, inputs, seconds);
      this.state = { airC, wallC, waterKgPerKg };
      if (heats) this.heaterJ += heaterW * seconds;
      if (cools) this.coolerJ += (coolerW / COOLER_COP) * seconds;
      this.lookedMs = Math.min(nowMs, this.lookedMs + seconds * 1_000);
    }
  }

  private sunW(): number {
    const ofDay = ((this.localStartMs + this.lookedMs) % DAY_MS) / DAY_MS;
    return SUN_W * Math.max(0, Math.sin((ofDay - 0.25) * 2 * Math.PI));
  }

  tempC(): number {
    return this.airC;
  }

  get airC(): number {
    this.look();
    return this.state.airC;
  }

  get wallC(): number {
    this.look();
    return this.state.wallC;
  }

  get humidityPct(): number {
    this.look();
    return roomHumidityPct(this.state);
  }

  get outdoorC(): number {
    return this.options.weather.outdoorC(this.options.clock.monotonicMs());
  }
}
