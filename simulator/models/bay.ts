/**
 * One bay as a body: door, pack, connector, contactor, charger current, heater, warmth. Physics are lazy: time
 * passes for a bay only when somebody looks at it or changes something, and always in the same steps for the same looks.
 * It knows no bytes and obeys whoever pulls its relays, however wrong that is.
 */

import type { BayFaults } from "../fault-types.ts";
import type { SplitRandom } from "../random.ts";
import { Charger } from "./charger.ts";
import { Lock } from "./lock.ts";
import type { Pack } from "./pack.ts";
import { soundPack } from "./pack-faults.ts";
import type { Site } from "./site.ts";

export interface BayOptions {
  readonly bay: number;
  readonly cabinet: string;
  readonly site: Site;
  /** Its place in the mains meter. */
  readonly meterSource: number;
  readonly heaterW: number;
  readonly chargerEfficiency: number;
  readonly lockFailure: number;
  readonly random: SplitRandom;
}

/** W/K from the pack to the air of its bay, from there to the cabinet, and through an open door into the room. */
const PACK_TO_AIR = 2;
const AIR_TO_CABINET = 3;
const AIR_TO_ROOM = 8;
/** J/K of a bay: air and sheet steel. */
const AIR_HEAT_CAPACITY = 2_000;
/** The heater is a pad under the pack: this share goes into the pack, the rest into the air. */
const PAD_SHARE = 0.8;
const CHARGER_STANDBY_W = 3;
/** Steps while something flows or heats, and while nothing does. */
const BUSY_STEP_MS = 5_000;
const IDLE_STEP_MS = 30_000;
/** More than the self-discharge that instruments show; less does not count as current. */
const FLOWS_MA = 50;

export class Bay {
  readonly bay: number;
  readonly cabinet: string;
  readonly charger = new Charger();
  readonly faults: BayFaults = {
    lockFailure: undefined,
    doorStuck: false,
    doorSwitchStuckAt: undefined,
    lockContactStuckAt: undefined,
    presenceStuckAt: undefined,
    bmsSilent: false,
    contactorWelded: false,
    chargerStuck: false,
    chargerSilent: false,
    lockUnpowered: false,
    chargerUnpowered: false,
    heaterStuckOn: false,
    heaterBroken: false,
    coilShorted: false,
    ...soundPack(),
  };
  doorOpen = false;
  doorChangedMs = 0;
  readonly lock: Lock;
  contactorRelay = false;
  heaterRelay = false;
  heaterRelayMs = 0;
  contactorClosed = false;
  heaterOn = false;
  pack: Pack | undefined;
  plugged = false;
  foreignObject = false;
  airTempC: number;
  /** Temperature around the bay; its cabinet sets it. */
  cabinetC: number;
  /** Current into the pack and power from the mains, as of the last look. */
  chargeMa = 0;
  mainsW = 0;
  /** Part of it that the charger turns into heat. */
  lossW = 0;
  heaterJ = 0;
  private lastMs: number;
  private readonly site: Site;
  private readonly options: BayOptions;

  constructor(options: BayOptions) {
    this.options = options;
    this.bay = options.bay;
    this.cabinet = options.cabinet;
    this.site = options.site;
    this.lastMs = options.site.clock.monotonicMs();
    this.airTempC = options.site.roomC;
    this.cabinetC = options.site.roomC;
    this.lock = new Lock(this, options);
  }

  // --- What its contacts say.

  get doorContact(): boolean {
    return this.faults.doorSwitchStuckAt ?? !this.doorOpen;
  }

  get latchContact(): boolean {
    return this.faults.lockContactStuckAt ?? this.lock.latched;
  }

  get presenceContact(): boolean {
    return this.faults.presenceStuckAt ?? (this.pack !== undefined || this.foreignObject);
  }

  /** At the charger's terminals: its own voltage, or what the pack feeds back through a closed contactor. */
  get terminalMv(): number {
    if (this.contactorClosed && this.plugged && this.pack !== undefined) {
      return this.pack.chargeMosOn ? this.pack.packMv : Math.max(this.charger.actualMv, this.pack.packMv);
    }
    return this.charger.actualMv;
  }

  /** What the charger's own meter sees: what the pack gets, and what leaks away before it. */
  get chargerMa(): number {
    return this.chargeMa > 0 ? this.chargeMa + this.faults.leakMa : 0;
  }

  // --- What the controller's wires do.

  setContactorRelay(on: boolean): void {
    if (this.contactorRelay === on) return;
    this.look();
    this.contactorRelay = on;
    this.supplyChanged();
  }

  setHeaterRelay(on: boolean): void {
    if (this.heaterRelay === on) return;
    this.look();
    this.heaterRelay = on;
    this.heaterRelayMs = this.lastMs;
    this.supplyChanged();
  }

  /** The registers of the charger were written. */
  chargerCommanded(): void {
    this.look();
    const takesMs = this.charger.command(this.lastMs);
    const { wantedMa: setMa, wantedMv: setMv } = this.charger;
    this.site.emit({ type: "charger", bay: this.bay, setMa, setMv });
    if (takesMs !== undefined) this.site.clock.after(takesMs, () => this.look());
  }

  /** Energises the coil for `coilMs`. The latch may or may not give way; the lock board cannot tell. */
  pulse(coilMs: number): void {
    this.lock.pulse(coilMs);
  }

  /** The relays, the master enable, the mains or a fault changed: works out what conducts now. */
  supplyChanged(): void {
    this.look();
    this.lock.followShortedDriver();
    const { site, faults, bay } = this;
    const closed = faults.contactorWelded || (this.contactorRelay && site.masterEnable);
    if (closed !== this.contactorClosed) {
      this.contactorClosed = closed;
      site.emit({ type: "contactor", bay, closed });
    }
    const fed = faults.heaterStuckOn || (this.heaterRelay && site.masterEnable);
    const heats = fed && site.mainsOn && !faults.heaterBroken;
    if (heats !== this.heaterOn) {
      this.heaterOn = heats;
      site.emit({ type: "heater", bay, on: heats });
    }
    const obeysAgain = this.charger.stuck && !faults.chargerStuck;
    this.charger.stuck = faults.chargerStuck;
    if (obeysAgain) this.chargerCommanded();
    if (faults.chargerUnpowered) this.charger.powerLost();
    this.flow();
  }

  // --- What people do with their hands.

  /** Opens with a crowbar or by a released latch. */
  moveDoor(open: boolean): void {
    if (this.doorOpen === open) return;
    this.look();
    this.doorOpen = open;
    this.doorChangedMs = this.lastMs;
    this.lock.latched = !open;
    this.site.emit({ type: "door", bay: this.bay, open });
  }

  /** Pushes the door shut. False while the coil holds the latch back: it springs open again. */
  shut(): boolean {
    if (this.lock.coilSinceMs !== undefined) return false;
    this.moveDoor(false);
    return true;
  }

  insert(pack: Pack): void {
    if (!this.doorOpen || this.pack !== undefined || this.foreignObject) {
      throw new Error(`bay ${this.bay} cannot take a pack: door ${this.doorOpen ? "open" : "shut"}, or not empty`);
    }
    this.place(pack, false);
    this.site.emit({ type: "pack", bay: this.bay, packId: pack.id, in: true });
  }

  /** Puts a pack there before the world begins. */
  place(pack: Pack, plugged: boolean): void {
    this.look();
    this.pack = pack;
    this.plugged = plugged;
    this.flow();
  }

  plug(): void {
    if (this.plugged || this.pack === undefined) return;
    this.look();
    this.plugged = true;
    this.site.emit({ type: "plug", bay: this.bay, in: true });
    this.flow();
  }

  take(): Pack | undefined {
    const { pack } = this;
    if (!this.doorOpen || pack === undefined) return undefined;
    this.look();
    if (this.plugged) {
      this.plugged = false;
      this.site.emit({ type: "plug", bay: this.bay, in: false });
    }
    pack.unplugged();
    this.pack = undefined;
    this.site.emit({ type: "pack", bay: this.bay, packId: pack.id, in: false });
    this.flow();
    return pack;
  }

  setObject(inside: boolean): void {
    if (this.foreignObject === inside) return;
    this.foreignObject = inside;
    this.site.emit({ type: "object", bay: this.bay, in: inside });
  }

  // --- Physics.

  /** Lets time pass up to now. */
  look(): void {
    const nowMs = this.site.clock.monotonicMs();
    if (nowMs <= this.lastMs) return;
    const { charger } = this;
    const stepMs = this.chargeMa > 0 || this.heaterOn || charger.settlesAtMs <= nowMs ? BUSY_STEP_MS : IDLE_STEP_MS;
    while (this.lastMs < nowMs) {
      if (charger.settlesAtMs <= this.lastMs) {
        charger.settle();
        this.flow();
      }
      const endMs = Math.min(nowMs, charger.settlesAtMs, this.lastMs + stepMs);
      this.pass((endMs - this.lastMs) / 1_000);
      this.lastMs = endMs;
    }
    if (charger.settlesAtMs <= nowMs) charger.settle();
    this.flow();
  }

  private pass(seconds: number): void {
    const { pack } = this;
    const heaterW = this.heaterOn ? this.options.heaterW : 0;
    this.heaterJ += heaterW * seconds;
    let airW = heaterW + AIR_TO_CABINET * (this.cabinetC - this.airTempC);
    if (this.doorOpen) airW += AIR_TO_ROOM * (this.site.roomC - this.airTempC);
    if (pack !== undefined) {
      const exchangeW = PACK_TO_AIR * (this.airTempC - pack.tempC);
      const padW = heaterW * PAD_SHARE;
      airW -= padW + exchangeW;
      const flowMa = this.chargeMa > 0 ? this.flowNow(pack) : 0;
      pack.pass(seconds, flowMa, padW + exchangeW);
    }
    this.airTempC += (airW * seconds) / AIR_HEAT_CAPACITY;
  }

  private flowNow(pack: Pack): number {
    if (!this.contactorClosed || !this.plugged || !this.site.mainsOn) return 0;
    return Math.max(0, pack.currentFor(this.charger.actualMa, this.charger.actualMv) - this.faults.leakMa);
  }

  /** Works out the present current and power, and tells the meter and the judges. */
  private flow(): void {
    const { pack, charger, site } = this;
    const flowMa = pack === undefined ? 0 : this.flowNow(pack);
    const flowed = this.chargeMa > FLOWS_MA;
    this.chargeMa = flowMa;
    if (pack !== undefined) pack.flowMa = flowMa;
    const standbyW = charger.actualMv > 0 && site.mainsOn ? CHARGER_STANDBY_W : 0;
    const packW = flowMa > 0 && pack !== undefined ? (flowMa * pack.packMv) / 1e6 : 0;
    this.lossW = packW / this.options.chargerEfficiency - packW;
    const mainsW = standbyW + packW + this.lossW + (this.heaterOn ? this.options.heaterW : 0);
    if (mainsW !== this.mainsW) {
      this.mainsW = mainsW;
      site.meter.report(this.options.meterSource, mainsW, site.clock.monotonicMs());
    }
    if (flowMa > FLOWS_MA !== flowed) site.emit({ type: "current", bay: this.bay, flows: !flowed });
  }
}
