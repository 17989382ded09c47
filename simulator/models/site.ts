/**
 * What all models of one station share: the time, the supply, the air around the cabinets, the mains meter, and the one
 * place where things that really happened are told. It decides nothing.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { GridMeter } from "./grid.ts";
import type { Room } from "./room.ts";

/** The event without its time: `emit` stamps it. */
export type Happening = TruthEvent extends infer Event ? (Event extends unknown ? Omit<Event, "atMs"> : never) : never;

export class Site {
  readonly clock: Clock;
  readonly meter: GridMeter;
  /** Feeds every contactor and heater. A station without that output counts as always fed. */
  masterEnable: boolean;
  mainsOn = true;
  emergencyStop = false;
  alarmOn = false;
  exitFreed = false;
  /** The room, as last looked up: it changes so slowly that the models read this number. */
  roomC: number;
  private readonly room: Room;
  private readonly listeners: Array<(event: TruthEvent) => void> = [];

  constructor(options: { clock: Clock; meter: GridMeter; room: Room; masterEnable: boolean }) {
    this.clock = options.clock;
    this.meter = options.meter;
    this.room = options.room;
    this.masterEnable = options.masterEnable;
    this.roomC = options.room.tempC(options.clock.monotonicMs());
  }

  pressEmergencyStop(pressed: boolean): void {
    if (pressed === this.emergencyStop) return;
    this.emergencyStop = pressed;
    this.emit({ type: "emergency-stop", pressed });
  }

  setAlarmRelay(on: boolean): void {
    this.alarmOn = on;
    this.emit({ type: "alarm", cabinet: undefined, on });
  }

  setExitRelay(free: boolean): void {
    this.exitFreed = free;
    this.emit({ type: "exit", free });
  }

  lookUpRoom(): void {
    this.roomC = this.room.tempC(this.clock.monotonicMs());
  }

  listen(listener: (event: TruthEvent) => void): void {
    this.listeners.push(listener);
  }

  emit(happening: Happening): void {
    if (this.listeners.length === 0) return;
    const event = { atMs: this.clock.monotonicMs(), ...happening } as TruthEvent;
    for (const listener of this.listeners) listener(event);
  }
}
