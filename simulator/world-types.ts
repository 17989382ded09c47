/**
 * What the simulated world shows to the controller's side, to checkers and to reports. Types only. The controller may use
 * `openWire`, `gpio`, `textFiles` and `prompt`; everything under `truth` and `stats` is for judges and must never reach it.
 */
import type { ConfigFile } from "../firmware/config/schema.ts";
import type { Clock } from "../hal/ports/clock.ts";
import type { Gpio } from "../hal/ports/gpio.ts";
import type { TextFiles } from "../hal/ports/text-files.ts";
import type { OpenWire } from "../hal/ports/wire.ts";
import type { PackFaults } from "./models/pack-faults.ts";
import type { SplitRandom } from "./random.ts";

/** How a rider behaves during one visit: "proper", or the one thing they do wrong. */
export const MISTAKES = [
  "shut-on-nothing",
  "forgets-plug",
  "foreign-object",
  "leaves-door-open",
  "takes-nothing",
  "abandons-before-insert",
  "abandons-after-deposit",
  "scans-twice",
  "scans-out-of-turn",
  "unknown-code",
  "full-pack",
  "other-pack",
] as const;
export type Mistake = (typeof MISTAKES)[number];
/** "returns-for-debt": came back because they left without the pack that they put in. */
export type Behaviour = "proper" | "returns-for-debt" | Mistake;

/**
 * swapped: put one in, took one out · collected: took the pack that was owed · refused: heard a refusal, nothing deposited ·
 * returned: deposited, got the same pack back · owed: left without a pack that had gone in · cancelled: left with what
 * they came with after a door had opened · ignored: nothing ever answered · busy: gave up queueing.
 */
export type Ending = "swapped" | "collected" | "refused" | "returned" | "owed" | "cancelled" | "ignored" | "busy";

/** One visit of one rider, kept from arrival to departure. `ending` is undefined while the rider is at the station. */
export interface RiderVisit {
  /** Visits are counted from 1. */
  readonly visit: number;
  /** Index into `WorldOptions.credentials`. */
  readonly rider: number;
  /** What was shown to the scanner (differs from the member's own for "unknown-code"). */
  readonly credential: string;
  readonly behaviour: Behaviour;
  readonly arrivedMs: number;
  /** When they stood before a scanner for the first time, after queueing. */
  readonly firstScanMs: number | undefined;
  readonly endedMs: number | undefined;
  /** The last cabinet tried. */
  readonly cabinet: string;
  readonly cabinetsTried: readonly string[];
  /**
   * Ground truth at the first scan of any cabinet tried: a pack that may be handed out, for long enough that the station must
   * have heard so, *and* an empty bay were there (for a debt: the pack alone).
   */
  readonly readyAtArrival: boolean;
  /** Id of the last prompt that meant no: a refusal, a pack given back, a swap cancelled. */
  readonly refusal: string | undefined;
  readonly depositedPack: string | undefined;
  /** Coldest cell of the pack they brought, as they arrived; undefined when they brought none. */
  readonly broughtC: number | undefined;
  readonly receivedPack: string | undefined;
  /** When the pack they came for was in their hands. */
  readonly receivedMs: number | undefined;
  /** Left with a pack of the station that they did not bring. */
  readonly leftWithPack: boolean;
  readonly ending: Ending | undefined;
}

/** What a sentence asks of the person in front of the cabinet; the words themselves do not matter here. */
export type Cue =
  /** Put your pack into `bay`, or: nothing was seen in it, try again. */
  | "insert"
  | "push-plug"
  | "shut-door"
  /** Take the full pack out of `bay`. */
  | "take"
  /** Take out of `bay` what you put in; `code` says why. */
  | "take-back"
  | "wait"
  /** The visit is over, well. */
  | "done"
  /** The scan was answered with no; `code` says why. */
  | "refused"
  /** The visit is over, badly (cancelled, timed out, interrupted); `code` says why. */
  | "ended";

/** What the people at one cabinet hear or read. */
export interface WorldPrompt {
  /** The sentence's own id, for digests and records. */
  readonly promptId: string;
  readonly cue: Cue;
  readonly bay?: number;
  readonly code?: string;
  /** After a refusal: whether another cabinet may do better. Default true. */
  readonly elsewhere?: boolean;
}

export interface WeatherOptions {
  /** Yearly mean outdoors. Default 6 °C (Liaoyuan). */
  readonly meanC?: number;
  /** Half of the difference between January and July. Default 19 °C. */
  readonly yearlySwingC?: number;
  /** Half of the difference between night and afternoon. Default 5 °C. */
  readonly dailySwingC?: number;
  /** Standard deviation of the slow noise. Default 3 °C. */
  readonly noiseC?: number;
  /** Outdoor temperature is exactly this, always: overrules all of the above. */
  readonly fixedC?: number;
}

export interface WorldOptions {
  /** What rider n shows to the scanner. One person each; each owns one pack. */
  readonly credentials: readonly string[];
  /** Mean number of visits a day. Default 400; 0 for a station nobody visits. */
  readonly arrivalsPerDay?: number;
  /** Probability of each mistake per visit. Missing ones take the defaults of `models/rider-habits.ts`; `{}` keeps all defaults. */
  readonly mistakes?: Partial<Record<Mistake, number>>;
  /** Nobody makes mistakes: overrules `mistakes`. Default false. */
  readonly faultless?: boolean;
  /** Bays left empty in each cabinet at the start. Default 2. */
  readonly emptyBaysPerCabinet?: number;
  /** Charge of the packs in the cabinets at the start, 0..1. Default: most 0.9 to 1, some lower. */
  readonly initialSoc?: number;
  /** Temperature of the packs in the cabinets at the start. Default: that of the room. */
  readonly initialPackC?: number;
  readonly weather?: WeatherOptions;
  /** Temperature the room is kept at. Default 18 °C. */
  readonly roomC?: number;
  /** The room is not heated and follows the outdoors (a cabinet in the street). Default false. */
  readonly outdoors?: boolean;
  /** Minutes that the sun and the riders' clocks are ahead of UTC. Default 480. */
  readonly utcOffsetMinutes?: number;
  /** Probability that a lock pulse does not release the latch. Default 0. */
  readonly lockFailure?: number;
  /** Time between the end of a request and the start of its answer. Default 5 ms. */
  readonly turnaroundMs?: number;
  /** Charge at which a pack counts as ready for `readyAtArrival` and stock-out. Default: charging.targetSocPct of the config. */
  readonly readySocPct?: number;
  /** Finished visits kept in `stats.visits`; older ones are only counted. Default 100,000. */
  readonly visitsKept?: number;
}

export interface WorldSetup {
  readonly config: ConfigFile;
  /** A virtual clock, or the machine's own when the world plays the hardware of a real process. */
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly options: WorldOptions;
}

export type PackPlace =
  | { readonly at: "bay"; readonly bay: number }
  | { readonly at: "rider"; readonly rider: number }
  /** Withdrawn from service (an operator replaced it). */
  | { readonly at: "elsewhere" };

/** Live view of one pack: every property is computed for the present moment. Never copy it into a decision. */
export interface PackTruth {
  readonly id: string;
  /** State of charge by coulombs, 0..1. */
  readonly soc: number;
  /** What its BMS says, whole percent. */
  readonly socPct: number;
  /** The coldest cell. */
  readonly cellTempC: number;
  readonly hottestCellC: number;
  readonly packMv: number;
  /** + into the pack. */
  readonly packMa: number;
  readonly protectionBits: number;
  readonly chargeMosOn: boolean;
  /** Coulombs that went in while the coldest cell was below 0 °C. A right controller keeps this at 0. */
  readonly chargeBelowZeroCoulombs: number;
  /** Time during which any current went in while the coldest cell was below 0 °C. */
  readonly chargeBelowZeroSeconds: number;
  readonly chargedCoulombs: number;
  /** Energy that went in through the terminals. */
  readonly energyInWh: number;
  readonly heatLossWh: number;
  /** Highest terminal voltage it ever saw. */
  readonly peakMv: number;
  readonly place: PackPlace;
  /** The rider who took it out of a bay last. */
  readonly handedTo: number | undefined;
}

/** Live view of one bay. */
export interface BayTruth {
  readonly bay: number;
  readonly cabinet: string;
  readonly doorOpen: boolean;
  /** Monotonic time of the last change of the door. */
  readonly doorChangedMs: number;
  readonly latched: boolean;
  /** Since when the lock's coil draws current; undefined when it does not. */
  readonly coilSinceMs: number | undefined;
  /** Coil pulses ever driven. */
  readonly pulses: number;
  /** The relay of the contactor is on. */
  readonly contactorRelayOn: boolean;
  /** The contactor conducts: its relay is on and the master enable feeds it. */
  readonly contactorClosed: boolean;
  readonly heaterOn: boolean;
  /** The charger's output is switched on (set-point above zero, supply present). */
  readonly chargerOn: boolean;
  /** Current that really flows into the pack, mA. */
  readonly chargeMa: number;
  readonly airTempC: number;
  readonly mainsW: number;
  /** Something that is not a pack lies in the bay. */
  readonly foreignObject: boolean;
  readonly pack: PackTruth | undefined;
  readonly plugged: boolean;
  /** Ready to be handed out by ground truth: plugged, shut, charged, neither cold, hot nor protected. */
  readonly ready: boolean;
  /** Nothing in it and its door shut. */
  readonly empty: boolean;
}

export interface CabinetTruth {
  readonly id: string;
  readonly airTempC: number;
  readonly smoke: boolean;
  readonly conductor: boolean;
  readonly water: boolean;
  readonly fanOn: boolean;
  readonly alarmOn: boolean;
  readonly aerosolOn: boolean;
  /** Times the release output was switched on. */
  readonly aerosolReleases: number;
  readonly bays: readonly BayTruth[];
  readonly doorsOpen: number;
  /** Riders at or queueing for this cabinet. */
  readonly people: number;
}

export interface Truth {
  readonly nowMs: number;
  readonly outdoorC: number;
  readonly roomC: number;
  readonly masterEnable: boolean;
  readonly mainsOn: boolean;
  readonly emergencyStop: boolean;
  readonly alarmOn: boolean;
  /** The output that frees the exit is on. */
  readonly exitFreed: boolean;
  /** What the cabinets draw from the mains now: chargers, heaters, fans. */
  readonly mainsW: number;
  bay(bay: number): BayTruth;
  readonly bays: readonly BayTruth[];
  readonly cabinets: readonly CabinetTruth[];
  /** Every pack there is, in bays, with riders and elsewhere. The number of packs never changes but by `elsewhere`. */
  readonly packs: readonly PackTruth[];
}

/** What really happened, in order. Only changes: a renewed relay says nothing. */
export type TruthEvent = { readonly atMs: number } & (
  | { readonly type: "door"; readonly bay: number; readonly open: boolean }
  | { readonly type: "coil"; readonly bay: number; readonly on: boolean; readonly released: boolean }
  | { readonly type: "pack"; readonly bay: number; readonly packId: string; readonly in: boolean }
  | { readonly type: "plug"; readonly bay: number; readonly in: boolean }
  | { readonly type: "object"; readonly bay: number; readonly in: boolean }
  | { readonly type: "contactor"; readonly bay: number; readonly closed: boolean }
  | { readonly type: "heater"; readonly bay: number; readonly on: boolean }
  | { readonly type: "charger"; readonly bay: number; readonly setMa: number; readonly setMv: number }
  | { readonly type: "current"; readonly bay: number; readonly flows: boolean }
  | { readonly type: "fan"; readonly cabinet: string; readonly on: boolean }
  | { readonly type: "smoke"; readonly cabinet: string; readonly on: boolean }
  | { readonly type: "conductor"; readonly cabinet: string; readonly closed: boolean }
  | { readonly type: "water"; readonly cabinet: string; readonly on: boolean }
  | { readonly type: "fire"; readonly bay: number; readonly burns: boolean }
  /** The release output. What an extinguisher holds is spent by the first time. */
  | { readonly type: "aerosol"; readonly cabinet: string; readonly on: boolean }
  /** `cabinet` is undefined for the room's own. */
  | { readonly type: "alarm"; readonly cabinet: string | undefined; readonly on: boolean }
  | { readonly type: "exit"; readonly free: boolean }
  | { readonly type: "emergency-stop"; readonly pressed: boolean }
  | { readonly type: "master"; readonly high: boolean }
  | { readonly type: "mains"; readonly on: boolean }
  | { readonly type: "scan"; readonly cabinet: string; readonly text: string }
  | { readonly type: "prompt"; readonly cabinet: string; readonly prompt: WorldPrompt }
  | { readonly type: "arrived"; readonly visit: RiderVisit }
  | { readonly type: "left"; readonly visit: RiderVisit }
);

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

/** The bytes of one line as the devices on it see them, for a modelled line and for a real tty alike. */
export interface WireDevice {
  /** Bytes from the controller, cut anywhere. `bytes[0..length)` is not kept. */
  receive(bytes: Uint8Array, length: number): void;
  /** Where answers and unsolicited bytes go. `delayMs` is the time before the first byte, without wire time. */
  connect(reply: (bytes: Uint8Array, delayMs: number) => void): void;
}

/** What may go wrong on one line. All probabilities are per frame. Change it at any time. */
export interface LineFaults {
  dropRequest: number;
  dropReply: number;
  /** Flips one bit in one byte of the answer. */
  corruptReply: number;
  /** Flips one bit in one byte of the request. */
  corruptRequest: number;
  /** The answer comes this much later, at this probability. */
  delayReply: number;
  delayMs: number;
  /** Unrelated bytes after an answer, or instead of one that was dropped. */
  babble: number;
  /** The answer comes in pieces. */
  fragment: number;
  /** The adapter hears itself. */
  echo: boolean;
  /** Nothing answers at all. */
  silent: boolean;
}

export interface ModelledLine {
  readonly path: string;
  readonly faults: LineFaults;
  readonly requests: number;
  /** Puts bytes on the line as if a device had sent them. */
  inject(bytes: Uint8Array): void;
  /** Pulls the adapter: the open wire closes, opening fails until `replug`. */
  unplug(): void;
  replug(): void;
}

/** What may be broken in one bay. Change it at any time. */
export interface BayFaults extends PackFaults {
  /** Probability that a pulse does not release the latch; overrules `WorldOptions.lockFailure` when set. */
  lockFailure: number | undefined;
  /** The latch releases but the door does not move (ice). */
  doorStuck: boolean;
  doorSwitchStuckAt: boolean | undefined;
  lockContactStuckAt: boolean | undefined;
  presenceStuckAt: boolean | undefined;
  /** The BMS in this bay does not answer. */
  bmsSilent: boolean;
  contactorWelded: boolean;
  /** The charger goes on delivering what it last delivered. */
  chargerStuck: boolean;
  chargerSilent: boolean;
  heaterStuckOn: boolean;
  heaterBroken: boolean;
}

/** A visit made on purpose, for scenarios and tests. What is missing is drawn as for any other arrival. */
export interface ArrangedVisit {
  readonly rider?: number;
  readonly behaviour?: Behaviour;
  readonly cabinet?: string;
  readonly socPct?: number;
  readonly packC?: number;
}

export interface World {
  readonly openWire: OpenWire;
  readonly gpio: Gpio;
  readonly textFiles: TextFiles;
  /** Lets riders come. Devices answer and physics run from the moment the world is made. */
  start(): void;
  /** No more riders come; those at the station finish. */
  stop(): void;
  /** What the people at this cabinet hear and read. */
  prompt(cabinet: string, prompt: WorldPrompt): void;
  /** Somebody comes now. Undefined when nobody is free to come. */
  arrive(visit?: ArrangedVisit): RiderVisit | undefined;
  /** Called for everything that really happens. Several listeners may watch; they must not change the world. */
  onTruth(listener: (event: TruthEvent) => void): void;
  readonly truth: Truth;
  readonly stats: WorldStats;
  /** The hardware side of a line without the modelled wire, for a real tty. */
  wireDevice(path: string): WireDevice | undefined;
  line(path: string): ModelledLine;
  readonly linePaths: readonly string[];
  bayFaults(bay: number): BayFaults;
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
