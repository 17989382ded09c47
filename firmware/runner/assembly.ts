/**
 * Puts the ports of all bays together: readings go into the image, levels out to the outputs as leases. It tells the loop
 * only about changes that a decision may rest on; a fresh sample of the same value is just fresh.
 */
import type { Bus } from "../../hal/buses/bus.ts";
import type { Charger, ChargerSetpoint } from "../../hal/ports/charger.ts";
import type { CodeReader } from "../../hal/ports/code-reader.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { Lock } from "../../hal/ports/lock.ts";
import type { PackLink, PackStatus } from "../../hal/ports/pack-link.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import { type BayLevels, type Levels, restingBay, restingSafety, type SafetyLevels } from "../../services/levels.ts";
import type { BayReadings, CabinetReadings } from "../../services/readings.ts";
import type { Expander } from "../expander/expander.ts";
import type { Hardware, HardwareEvents, HardwareStats } from "./hardware.ts";
import type { Image } from "./image.ts";
import { attachRoom, type RoomHardware } from "./room-hardware.ts";
import type { RoomParts } from "./room-parts.ts";

export interface BayParts {
  readonly bay: number;
  readonly lock: Lock;
  readonly door: DigitalInput | undefined;
  readonly presence: DigitalInput;
  readonly contactor: SwitchedOutput;
  readonly heater: SwitchedOutput | undefined;
  readonly charger: Charger;
  readonly pack: PackLink;
}

export interface CabinetParts {
  readonly id: string;
  readonly reader: CodeReader;
  readonly smoke: DigitalInput | undefined;
  readonly conductor: DigitalInput | undefined;
  readonly water: DigitalInput | undefined;
  readonly fan: SwitchedOutput | undefined;
  readonly aerosol: SwitchedOutput | undefined;
  readonly alarm: SwitchedOutput | undefined;
  readonly thermometer: Thermometer | undefined;
}

export interface StationParts {
  readonly emergencyStop: DigitalInput | undefined;
  readonly alarm: SwitchedOutput | undefined;
  readonly exitRelease: SwitchedOutput | undefined;
}

export interface Assembly {
  readonly bays: readonly BayParts[];
  readonly cabinets: readonly CabinetParts[];
  readonly station: StationParts;
  /** Only where the station has a room of its own. */
  readonly room: RoomParts | undefined;
  readonly buses: ReadonlyMap<string, Bus>;
  readonly expanders: readonly Expander[];
  readonly image: Image;
  readonly events: HardwareEvents;
}

const changed = <T>(was: Reading<T> | undefined, now: Reading<T>): boolean =>
  was === undefined || was.value !== now.value || was.quality !== now.quality;

/** The newest of a bay's levels, so that drivers are told changes and leases, not every scan's repetition of "rest". */
interface BayHold {
  readonly parts: BayParts;
  levels: BayLevels;
  setpoint: ChargerSetpoint;
}

const chargerOff: ChargerSetpoint = { setMa: 0, setMv: 0 };

class AssembledHardware implements Hardware {
  readonly image: Image;
  private readonly assembly: Assembly;
  private readonly holds: BayHold[] = [];
  private readonly lostBuses = new Set<string>();
  private readonly room: RoomHardware | undefined;
  private off = false;

  constructor(assembly: Assembly) {
    this.assembly = assembly;
    this.image = assembly.image;
    for (const parts of assembly.bays) this.attachBay(parts);
    for (const parts of assembly.cabinets) this.attachCabinet(parts);
    this.attachContact(assembly.station.emergencyStop, assembly.image.station, "emergencyStop");
    const { room } = assembly.image;
    if (assembly.room !== undefined && room !== undefined) this.room = attachRoom(assembly.room, room, assembly.events);
    for (const [id, bus] of assembly.buses) {
      bus.watch((health) => {
        if (health.is === "open") this.lostBuses.delete(id);
        else if (health.is === "lost" || health.is === "babbling") this.lostBuses.add(id);
      });
    }
  }

  private attachBay(parts: BayParts): void {
    const readings = this.image.bays[parts.bay];
    if (readings === undefined) return;
    const hold: BayHold = { parts, levels: restingBay(), setpoint: chargerOff };
    this.holds[parts.bay] = hold;
    const noticedIf = (isNews: boolean) => {
      if (isNews) this.assembly.events.noticed(parts.bay);
    };
    parts.door?.watch((reading) => {
      const was = readings.doorShut;
      readings.doorShut = reading;
      noticedIf(changed(was, reading));
    });
    parts.lock.watch((reading) => {
      const was = readings.latched;
      readings.latched = reading;
      noticedIf(changed(was, reading));
    });
    parts.presence.watch((reading) => {
      const was = readings.present;
      readings.present = reading;
      noticedIf(changed(was, reading));
    });
    parts.charger.watch((reading) => {
      readings.charger = reading;
    });
    parts.pack.watch((reading) => this.packRead(readings, hold, reading));
  }

  private packRead(readings: BayReadings, hold: BayHold, reading: Reading<PackStatus | undefined>): void {
    const was = readings.pack;
    readings.pack = reading;
    const told = was?.quality !== reading.quality || was?.value?.packId !== reading.value?.packId;
    if (told || hold.levels.attended) this.assembly.events.noticed(hold.parts.bay);
  }

  private attachCabinet(parts: CabinetParts): void {
    const readings: CabinetReadings | undefined = this.image.cabinets[parts.id];
    if (readings === undefined) return;
    parts.reader.watch((text) => this.assembly.events.scanned(parts.id, text));
    this.attachContact(parts.smoke, readings, "smoke");
    this.attachContact(parts.conductor, readings, "conductor");
    this.attachContact(parts.water, readings, "water");
    parts.thermometer?.watch((reading) => {
      readings.airTempC = reading;
    });
  }

  /** What tells of danger is always watched as if somebody stood there. */
  private attachContact<K extends string>(
    input: DigitalInput | undefined,
    readings: { [key in K]: Reading<boolean> | undefined },
    key: K,
  ): void {
    input?.watch((reading) => {
      const was = readings[key];
      readings[key] = reading;
      if (changed(was, reading)) this.assembly.events.noticed(undefined);
    });
    input?.guard();
  }

  apply(levels: Levels, untilMs: number): void {
    if (this.off) return;
    for (const hold of this.holds) {
      if (hold !== undefined) this.applyBay(hold, levels.bays[hold.parts.bay] ?? restingBay(), untilMs);
    }
    for (const { id, fan } of this.assembly.cabinets) fan?.hold(levels.fans[id] ?? false, untilMs);
    this.applySafety(levels.safety, untilMs);
    this.room?.apply(levels.room, untilMs);
  }

  /** Leases like any other: a dead process releases nothing, and leaves nothing released. */
  private applySafety(safety: SafetyLevels, untilMs: number): void {
    for (const { id, aerosol, alarm } of this.assembly.cabinets) {
      aerosol?.hold(safety.aerosols[id] ?? false, untilMs);
      alarm?.hold(safety.alarms[id] ?? false, untilMs);
    }
    this.assembly.station.alarm?.hold(safety.stationAlarm, untilMs);
    this.assembly.station.exitRelease?.hold(safety.exitRelease, untilMs);
  }

  private applyBay(hold: BayHold, levels: BayLevels, untilMs: number): void {
    const { parts, levels: was } = hold;
    const charging = levels.chargeMa > 0;
    // Off is repeated at every scan like on: a driver must never be the only one who remembers it.
    if (!charging) hold.setpoint = chargerOff;
    else if (levels.chargeMa !== hold.setpoint.setMa || levels.chargeMv !== hold.setpoint.setMv)
      hold.setpoint = { setMa: levels.chargeMa, setMv: levels.chargeMv };
    parts.charger.hold(hold.setpoint, untilMs);
    parts.contactor.hold(charging, untilMs);
    parts.heater?.hold(levels.heater, untilMs);
    if (levels.attended !== was.attended) {
      parts.lock.attend(levels.attended);
      parts.door?.attend(levels.attended);
      parts.presence.attend(levels.attended);
    }
    if (levels.watchPack !== was.watchPack) parts.pack.urgency(levels.watchPack ? "watch" : "rest");
    hold.levels = levels;
  }

  unlock(bay: number, done: Parameters<Hardware["unlock"]>[1]): void {
    const hold = this.holds[bay];
    if (hold === undefined || this.off) done({ is: "failed", why: "no such lock" });
    else hold.parts.lock.pulse(done);
  }

  reidentify(bay: number): void {
    this.holds[bay]?.parts.pack.reidentify();
  }

  stats(): HardwareStats {
    const buses: Record<string, ReturnType<Bus["stats"]>> = {};
    for (const [id, bus] of this.assembly.buses) buses[id] = bus.stats();
    return { buses, lost: [...this.lostBuses] };
  }

  allOff(): void {
    if (this.off) return;
    const resting = restingBay();
    for (const hold of this.holds) if (hold !== undefined) this.applyBay(hold, resting, 0);
    for (const { fan } of this.assembly.cabinets) fan?.hold(false, 0);
    this.applySafety(restingSafety, 0);
    this.room?.apply(undefined, 0);
    this.off = true;
  }

  close(): void {
    this.allOff();
    for (const bus of this.assembly.buses.values()) bus.close();
    for (const expander of this.assembly.expanders) expander.close();
  }
}

export function assembleHardware(assembly: Assembly): Hardware {
  return new AssembledHardware(assembly);
}
