/**
 * The room behind the controller's wires: doors, air, fridge, boiler, lockers and buttons, and the people in it by number. It
 * joins the models and knows no controller; who comes and what they do stands in `people.ts`.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { AmenityConfig } from "../../services/amenities/config.ts";
import type { RoomConfig } from "../../services/room/config.ts";
import type { Room } from "../models/room.ts";
import type { Site } from "../models/site.ts";
import { BoilerBody } from "./boiler-body.ts";
import { Circuits } from "./circuits.ts";
import { DoorBody } from "./door-body.ts";
import type { RoomHappening } from "./events.ts";
import { FridgeBody } from "./fridge-body.ts";
import { LockersBody } from "./lockers-body.ts";
import { amenityWire, climateOutput, doorContact, presenceContact } from "./names.ts";
import type { RoomShell } from "./shell.ts";
import { Switch, WatchedButton } from "./switches.ts";

/** A sensor of the room's air that may be broken. */
export interface AirSensor {
  /** It says so much more than it feels. */
  offsetC?: number | undefined;
  fault?: "frozen" | "short" | "open" | "gone" | undefined;
}

export interface RoomWorldOptions {
  readonly config: RoomConfig;
  readonly shell: RoomShell;
  readonly site: Site;
  readonly clock: Clock;
}

const MICROWAVE_W = 1_200;
const DRYER_W = 900;
const LAMP_W = 180;
const FAN_W = 120;

export class RoomWorld implements Room {
  readonly circuits: Circuits;
  readonly shell: RoomShell;
  readonly doors = new Map<string, DoorBody>();
  readonly boilers = new Map<string, BoilerBody>();
  readonly lockers = new Map<string, LockersBody>();
  readonly buttons = new Map<string, WatchedButton>();
  readonly switches = new Map<string, Switch>();
  readonly fridge: FridgeBody | undefined;
  readonly sensors = new Map<string, AirSensor>();
  readonly config: RoomConfig;
  readonly site: Site;
  private readonly clock: Clock;
  /** Somebody at a reader hears nothing while it is not. */
  controllerRuns = true;
  private ranSinceMs = 0;
  private inside = 0;
  private otherJ = 0;
  private otherW = 0;
  private otherSinceMs: number;

  constructor(options: RoomWorldOptions) {
    const { config, shell, site, clock } = options;
    this.config = config;
    this.shell = shell;
    this.site = site;
    this.clock = clock;
    this.otherSinceMs = clock.monotonicMs();
    const circuits = new Circuits(site);
    this.circuits = circuits;
    circuits.beforeChange(() => {
      shell.look(true);
      this.lookAtOther();
    });
    circuits.contact(presenceContact, () => this.inside > 0);
    for (const { id, lock, exitBreaksPower } of config.access.doors)
      this.doors.set(id, new DoorBody({ id, lock, exitBreaksPower, circuits, site, clock }));
    if (config.fridge !== undefined) {
      const { capacity, foodLimitC } = config.fridge;
      this.fridge = new FridgeBody({ circuits, site, clock, shell, cans: capacity, limitC: foodLimitC });
    }
    for (const amenity of config.amenities) this.build(amenity);
    shell.fill(() => this.acting());
    site.listen((event) => {
      if (event.type !== "computer") return;
      this.controllerRuns = event.on;
      this.ranSinceMs = event.atMs;
    });
  }

  private build(amenity: AmenityConfig): void {
    const { circuits, site, clock, shell } = this;
    const { id } = amenity;
    switch (amenity.kind) {
      case "hot-water":
        this.boilers.set(id, new BoilerBody({ id, circuits, site, clock, shell }));
        return;
      case "phone-lockers":
      case "gift-lockers":
        this.lockers.set(id, new LockersBody(id, amenity.lockers, { circuits, site }));
        return;
      case "help":
        this.buttons.set(id, new WatchedButton(circuits, site, id));
        return;
      case "microwave":
      case "socket":
        this.switches.set(amenityWire(id, "button"), new Switch(circuits, amenityWire(id, "button"), false));
        this.switches.set(amenityWire(id, "stop"), new Switch(circuits, amenityWire(id, "stop"), false));
        return;
      case "rescue-cabinet":
        this.switches.set(amenityWire(id, "shut"), new Switch(circuits, amenityWire(id, "shut"), true));
        this.switches.set(amenityWire(id, "inPlace"), new Switch(circuits, amenityWire(id, "inPlace"), true));
        return;
      case "toilet-light":
        this.switches.set(amenityWire(id, "present"), new Switch(circuits, amenityWire(id, "present"), false));
        return;
      case "light":
      case "ventilation":
        circuits.contact(amenityWire(id, "present"), () => this.inside > 0);
        return;
    }
  }

  private acting() {
    const open = [...this.doors.values()].some((door) => door.isOpen);
    return {
      heats: this.heats,
      cools: this.circuits.isLive(climateOutput("cooler")),
      people: this.inside,
      doorOpen: open,
      otherW: this.machinesW(),
    };
  }

  get heats(): boolean {
    const { circuits } = this;
    const feed = climateOutput("heaterFeed");
    return circuits.isLive(climateOutput("heater")) && (!circuits.isWired(feed) || circuits.isLive(feed));
  }

  get cools(): boolean {
    return this.circuits.isLive(climateOutput("cooler"));
  }

  /** What outlets, lamps and fans draw now. */
  private machinesW(): number {
    let sum = 0;
    for (const { id, kind } of this.config.amenities) {
      const isOn = (what: string) => this.circuits.isLive(amenityWire(id, what));
      if (kind === "microwave" && isOn("power")) sum += MICROWAVE_W;
      else if (kind === "socket" && isOn("power")) sum += DRYER_W;
      else if (kind === "light" && isOn("lamp")) sum += LAMP_W;
      else if (kind === "ventilation" && isOn("power")) sum += FAN_W;
    }
    return sum;
  }

  private lookAtOther(): void {
    const nowMs = this.clock.monotonicMs();
    this.otherJ += (this.otherW * (nowMs - this.otherSinceMs)) / 1_000;
    this.otherSinceMs = nowMs;
    this.otherW = this.machinesW();
  }

  /** Told right before mains comes or goes, and right after: whatever is closed draws, or draws no more. */
  supplyChanged(before: boolean): void {
    if (before) this.circuits.catchUp();
    else this.otherW = this.machinesW();
    for (const { id } of this.config.access.doors) this.circuits.changed(doorContact(id, "lockPower"));
  }

  /** How long the controller has run without a break. */
  get controllerUpMs(): number {
    return this.controllerRuns ? this.clock.monotonicMs() - this.ranSinceMs : 0;
  }

  // --- People.

  get people(): number {
    return this.inside;
  }

  count(change: 1 | -1): void {
    this.shell.look(true);
    this.inside += change;
    this.circuits.changed(presenceContact);
    for (const { id, kind } of this.config.amenities)
      if (kind === "light" || kind === "ventilation") this.circuits.changed(amenityWire(id, "present"));
  }

  // --- For the site and for reports.

  tempC(): number {
    return this.shell.airC;
  }

  energyKwh(): Readonly<Record<"heater" | "cooler" | "fridge" | "hotWater" | "other", number>> {
    this.circuits.catchUp();
    const kwh = (joules: number) => joules / 3_600_000;
    let boilersJ = 0;
    for (const boiler of this.boilers.values()) {
      boiler.look();
      boilersJ += boiler.electricJ;
    }
    return {
      heater: kwh(this.shell.heaterJ),
      cooler: kwh(this.shell.coolerJ),
      fridge: kwh(this.fridge?.electricJ ?? 0),
      hotWater: kwh(boilersJ),
      other: kwh(this.otherJ),
    };
  }

  /** Somebody holds something before a reader; what it is the truth knows. */
  tellShown(shown: Omit<Extract<RoomHappening, { type: "room-shown" }>, "type">): void {
    this.site.emit({ type: "room-shown", ...shown });
  }

  /** Staff have this locker opened. */
  tellOrdered(amenity: string, locker: number): void {
    this.site.emit({ type: "room-ordered", amenity, locker });
  }

  // --- Sensors of the air.

  addSensor(id: string, sensor: AirSensor): void {
    this.sensors.set(id, sensor);
  }

  breakSensor(id: string, fault: AirSensor["fault"]): void {
    const sensor = this.sensors.get(id);
    if (sensor === undefined) return;
    const wasSound = sensor.fault === undefined;
    sensor.fault = fault;
    const sound = fault === undefined;
    if (wasSound !== sound) this.site.emit({ type: "room-sensor", sensor: id, sound });
  }
}
