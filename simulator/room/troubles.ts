/**
 * What breaks in a room of itself, now and then: the sensors of the air fall silent or freeze, the town's water is off, a fuse of
 * the sensors' line. Everything comes back by itself. It draws from its own stream and never asks the controller.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { SplitRandom } from "../random.ts";
import type { AirSensor, RoomWorld } from "./room-world.ts";

export interface TroublesOptions {
  readonly room: RoomWorld;
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly perDay: number;
}

const DAY_MS = 86_400_000;
const SENSOR_FAULTS: readonly NonNullable<AirSensor["fault"]>[] = ["gone", "frozen", "short", "open"];
/** A sensor is away between a minute and half an hour; the water for hours. */
const SENSOR_S = [60, 1_800] as const;
const ALL_SENSORS_S = [30, 240] as const;
const WATER_S = [1_800, 14_400] as const;

export class RoomTroubles {
  private readonly options: TroublesOptions;

  constructor(options: TroublesOptions) {
    this.options = options;
  }

  start(): void {
    if (this.options.perDay <= 0) return;
    this.again("sensor", SENSOR_S, () => this.oneSensor());
    this.again("all-sensors", ALL_SENSORS_S, () => this.allSensors());
    this.again("water", WATER_S, () => this.water());
  }

  /** From time to time `begin` strikes and says how it ends. */
  private again(name: string, lasts: readonly [number, number], begin: () => () => void): void {
    const { clock, perDay } = this.options;
    const random = this.options.random.split(name);
    const next = (): void => {
      clock.after(random.exponential(DAY_MS / perDay), () => {
        const end = begin();
        clock.after(random.between(...lasts) * 1_000, () => {
          end();
          next();
        });
      });
    };
    next();
  }

  private oneSensor(): () => void {
    const { room, random } = this.options;
    const ids = [...room.sensors.keys()];
    if (ids.length === 0) return () => undefined;
    const id = random.pick(ids);
    room.breakSensor(id, random.pick(SENSOR_FAULTS));
    return () => room.breakSensor(id, undefined);
  }

  private allSensors(): () => void {
    const { room } = this.options;
    for (const id of room.sensors.keys()) room.breakSensor(id, "gone");
    return () => {
      for (const id of room.sensors.keys()) room.breakSensor(id, undefined);
    };
  }

  private water(): () => void {
    const { room } = this.options;
    for (const boiler of room.boilers.values()) boiler.townWater = false;
    return () => {
      room.circuits.catchUp();
      for (const boiler of room.boilers.values()) boiler.townWater = true;
    };
  }
}
