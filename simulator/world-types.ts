/**
 * What the simulated world shows to the controller's side, to checkers and to reports. Types only. The controller may use
 * `openWire`, `gpio`, `textFiles` and `prompt`; everything under `truth` and `stats` is for judges and must never reach it.
 */
import type { Gpio } from "../hal/ports/gpio.ts";
import type { TextFiles } from "../hal/ports/text-files.ts";
import type { OpenWire } from "../hal/ports/wire.ts";
import type { BayFaults, ModelledLine, ProbeFaults, WireDevice } from "./fault-types.ts";
import type { RoomScene } from "./room/scene.ts";
import type { Truth, TruthEvent } from "./truth-types.ts";
import type { ArrangedVisit, Ending, RiderVisit, WorldPrompt } from "./visit-types.ts";

export interface WorldStats {
  readonly arrivals: number;
  /** Arrivals that could not happen because every member was at the station or had only just left. */
  readonly nobodyFree: number;
  /** Visits that ended, by ending. */
  readonly endings: Readonly<Record<Ending, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly behaviours: Readonly<Record<string, number>>;
  /** Finished visits, oldest first, at most `visitsKept`. */
  readonly visits: readonly RiderVisit[];
  readonly energyKwh: number;
  readonly peakW: number;
  /** By the hour's price, CNY. */
  readonly energyCost: number;
  readonly heaterKwh: number;
  /** Seconds in which a cabinet had no ready pack, summed over cabinets. */
  readonly stockOutSeconds: number;
  readonly cabinetSeconds: number;
  /** Requests that devices were sent, over all lines. */
  readonly transactions: number;
  /** Frames that met on a line: the controller spoke while a device did. */
  readonly collisions: number;
}

export interface World {
  readonly openWire: OpenWire;
  readonly gpio: Gpio;
  readonly textFiles: TextFiles;
  /** Lets riders come. Devices answer and physics run from the moment the world is made. */
  start(): void;
  /** No more riders come; those at the station finish. */
  stop(): void;
  /** Notes for judges that the controller's computer lost its power, or runs again. */
  tellComputer(on: boolean): void;
  /** What the people at this cabinet hear and read. */
  prompt(cabinet: string, prompt: WorldPrompt): void;
  /** Only where the station has a room of its own. For judges and tests, but for `say`. */
  readonly room: RoomScene | undefined;
  /** Somebody comes now. Undefined when nobody is free to come. */
  arrive(visit?: ArrangedVisit): RiderVisit | undefined;
  /** Whoever stands at the scanner of this cabinet shows their own code at once. */
  showAgain(cabinet: string): void;
  /** Whoever stands at the scanner of this cabinet goes away, whatever they were doing. False: nobody stood there. */
  callAway(cabinet: string): boolean;
  /** Called for everything that really happens. Several listeners may watch; they must not change the world. */
  onTruth(listener: (event: TruthEvent) => void): void;
  readonly truth: Truth;
  readonly stats: WorldStats;
  /** The hardware side of a line without the modelled wire, for a real tty. */
  wireDevice(path: string): WireDevice | undefined;
  line(path: string): ModelledLine;
  readonly linePaths: readonly string[];
  bayFaults(bay: number): BayFaults;
  /** A thermometer that is read as a file, by its device. */
  probeFaults(device: string): ProbeFaults | undefined;
  /** Somebody puts the plugs of these two lines back the wrong way round. */
  exchangePlugs(path: string, other: string): void;
  /** The fan of a cabinet does not turn, whatever its relay does. */
  breakFan(cabinet: string, broken: boolean): void;
  /** Contacts were moved by a fault: header lines tell their edges. */
  contactsMoved(): void;
  setSmoke(cabinet: string, smoke: boolean): void;
  setConductor(cabinet: string, closed: boolean): void;
  setWater(cabinet: string, water: boolean): void;
  pressEmergencyStop(pressed: boolean): void;
  /** The pack in a bay runs away: it heats itself, smokes, silences its BMS and closes the conductor. False: it burns out. */
  burnPack(bay: number, burns: boolean): void;
  /** Somebody who is no rider shows a code. */
  showCode(cabinet: string, text: string): void;
  /** The station's mains: without it boards are mute, relays drop, chargers and heaters are dead. Packs stay alive. */
  setMains(on: boolean): void;
  /** Keeps mains away until the returned is called, whoever else does so as well. */
  cutMains(): () => void;
  /** Heats or cools the pack in a bay at once (hot pack, cold pack). */
  setPackTemp(bay: number, tempC: number): void;
  /** Forces a door without the lock, as a crowbar does. */
  forceDoor(bay: number): void;
  /** Shuts a door by hand, as a passer-by does. */
  shutDoor(bay: number): void;
  /** A thief takes out what stands there and shuts the door again; says which pack it was. */
  carryOff(bay: number): string | undefined;
  /** Somebody leaves a pack or some thing in an empty bay and shuts the door again; says which pack it is. */
  smuggle(bay: number, what: "pack" | "thing"): string | undefined;
  /**
   * A technician with a key looks at the bay: takes out what is no pack, pushes a plug home, shuts the door. Opens the door
   * only when there is something to do inside, and leaves a cabinet alone while a rider stands at it.
   */
  serviceBay(bay: number): void;
}
