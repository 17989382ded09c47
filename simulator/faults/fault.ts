/**
 * What one fault of the catalogue is: a name, what a safe station does about it, and an injector that lets it strike a simulated
 * station. Types only. An injector touches the world, the wires, the disk, the clocks and the computer; it never looks into the
 * controller to choose its moment, and never decides what is right: the checkers do that.
 */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import type { SplitRandom } from "../random.ts";
import type { Simulation } from "../simulation.ts";
import type { Troubles } from "./troubles.ts";

export const faultClasses = [
  "power",
  "bus",
  "sensor",
  "actuator",
  "rider",
  "network",
  "clock",
  "disk",
  "process",
  "malicious",
] as const;
export type FaultClass = (typeof faultClasses)[number];

/** Letter of the class in the fault catalogue, and a number. */
export type FaultId = `${"P" | "B" | "S" | "A" | "R" | "N" | "C" | "D" | "M" | "X"}${number}`;

/** What an injector may lay its hands on, for one strike. */
export interface FaultGround {
  readonly simulation: Simulation;
  readonly config: LoadedConfig;
  /** This strike's own, so that other strikes may be left out without changing it. */
  readonly random: SplitRandom;
  /** Where it shall strike, as an earlier strike told it: "bay 3", "cabinet a", "line relays-a". Undefined: wherever it likes. */
  readonly where: string | undefined;
  /** Judges ask here what is broken at this moment. */
  readonly troubles: Troubles;
  /** For injectors that wait for their moment (`Strike.lurks`): it has struck now. */
  landed(): void;
}

export interface Strike {
  /** In the words of `FaultGround.where`, so that the same strike can be asked for again. */
  readonly where: string;
  /** It waits for its moment and calls `landed`; else it has struck when this is returned. */
  readonly lurks?: boolean;
  /** Mends what was broken. Missing for what is over at once. It is called once, at the end of the strike or of the faults. */
  readonly end?: () => void;
}

export interface Fault {
  readonly id: FaultId;
  /** As the command line, scenario files and reports name it. */
  readonly name: string;
  readonly kind: FaultClass;
  readonly says: { readonly zh: string; readonly en: string };
  /** What a safe station does about it. */
  readonly expects: string;
  /** Invariants of the catalogue that watch over it. */
  readonly invariants: readonly string[];
  /** Mean strikes a day at rate 1, where a swarm has switched its class on. */
  readonly perDay: number;
  /** Seconds that it stays, from and to. `[0, 0]` for what is over at once. */
  readonly lastsS: readonly [number, number];
  /** The test that shows it, where it can not strike inside a simulation at all; `strike` then answers undefined. */
  readonly provenBy?: string;
  /** Undefined: this station has nothing that it could strike now (no room, no second cabinet, nobody there). */
  readonly strike: (ground: FaultGround) => Strike | undefined;
  /** It cannot exist inside a simulation, and never strikes there: this test shows what is done about it. */
  readonly provenBy?: string;
}
