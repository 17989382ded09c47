/**
 * One cabinet: the air between its bays, its fan, its alarm and extinguisher, its safety contacts. The air is brought up to date
 * at every slow tick.
 */
import type { Bay } from "./bay.ts";
import type { Site } from "./site.ts";

/** J/K of the steel and air of a cabinet of twelve bays; W/K to the room with the fan off and on. */
const HEAT_CAPACITY = 60_000;
const TO_ROOM = 20;
const TO_ROOM_WITH_FAN = 80;
/** The same conductance as each bay sees from its side. */
const FROM_BAY = 3;
/** Share of the chargers' losses that stays in the cabinet; the rest leaves through their own outlets. */
const LOSS_SHARE = 0.4;
const FAN_W = 30;

export class Cabinet {
  readonly id: string;
  readonly bays: readonly Bay[];
  airTempC: number;
  smoke = false;
  conductor = false;
  water = false;
  fanRelay = false;
  private fanBroken = false;
  alarmOn = false;
  aerosolOn = false;
  aerosolReleases = 0;
  private readonly site: Site;
  private readonly meterSource: number;

  constructor(options: { id: string; bays: readonly Bay[]; site: Site; meterSource: number }) {
    this.id = options.id;
    this.bays = options.bays;
    this.site = options.site;
    this.meterSource = options.meterSource;
    this.airTempC = options.site.roomC;
  }

  get fanOn(): boolean {
    return this.fanRelay && this.site.mainsOn && !this.fanBroken;
  }

  /** It does not turn, whatever its relay does. */
  breakFan(broken: boolean): void {
    const was = this.fanOn;
    this.fanBroken = broken;
    this.supplyChanged(was);
  }

  setFanRelay(on: boolean): void {
    const was = this.fanOn;
    this.fanRelay = on;
    this.supplyChanged(was);
  }

  supplyChanged(fanWas: boolean): void {
    const on = this.fanOn;
    if (on === fanWas) return;
    this.site.meter.report(this.meterSource, on ? FAN_W : 0, this.site.clock.monotonicMs());
    this.site.emit({ type: "fan", cabinet: this.id, on });
  }

  setSmoke(smoke: boolean): void {
    if (smoke === this.smoke) return;
    this.smoke = smoke;
    this.site.emit({ type: "smoke", cabinet: this.id, on: smoke });
  }

  setConductor(closed: boolean): void {
    if (closed === this.conductor) return;
    this.conductor = closed;
    this.site.emit({ type: "conductor", cabinet: this.id, closed });
  }

  setWater(on: boolean): void {
    if (on === this.water) return;
    this.water = on;
    this.site.emit({ type: "water", cabinet: this.id, on });
  }

  /** Siren, lamp and igniter have the board's own supply; a relay that drops takes it away. */
  setAlarmRelay(on: boolean): void {
    if (on === this.alarmOn) return;
    this.alarmOn = on;
    this.site.emit({ type: "alarm", cabinet: this.id, on });
  }

  setAerosolRelay(on: boolean): void {
    if (on === this.aerosolOn) return;
    this.aerosolOn = on;
    if (on) this.aerosolReleases++;
    this.site.emit({ type: "aerosol", cabinet: this.id, on });
  }

  /** `seconds` have passed since the last tick. */
  tick(seconds: number): void {
    let heatW = (this.fanOn ? TO_ROOM_WITH_FAN : TO_ROOM) * (this.site.roomC - this.airTempC);
    for (const bay of this.bays) {
      bay.look();
      heatW += FROM_BAY * (bay.airTempC - this.airTempC) + LOSS_SHARE * bay.lossW;
    }
    this.airTempC += (heatW * seconds) / HEAT_CAPACITY;
    for (const bay of this.bays) bay.cabinetC = this.airTempC;
  }
}
