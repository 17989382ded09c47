/** What a simulated world is made from: its weather, its people, its habits. Types only. */
import type { ConfigFile } from "../firmware/config/schema.ts";
import type { Clock } from "../hal/ports/clock.ts";
import type { RoomConfig } from "../services/room/config.ts";
import type { SplitRandom } from "./random.ts";
import type { RoomOptions } from "./room/options.ts";
import type { Mistake } from "./visit-types.ts";

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
  readonly room?: RoomOptions;
  /** Seeds the key that signs codes for the door. Default: the name of the world's own randomness. */
  readonly issuerSeed?: string;
}

export interface WorldSetup {
  readonly config: ConfigFile;
  /** What the services know of the station's room, where it has one. */
  readonly room?: RoomConfig | undefined;
  /** A virtual clock, or the machine's own when the world plays the hardware of a real process. */
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly options: WorldOptions;
}
