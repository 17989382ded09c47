/**
 * A whole simulated station: the world on one side of every wire, the real controller on the other, one virtual clock. It starts
 * the same runner and the same drivers as the real process and gives them nothing that a real station would not have.
 */
import { createHash } from "node:crypto";
import { verifyEd25519 } from "../firmware/config/ed25519.ts";
import { credentialDigest } from "../firmware/config/hash.ts";
import type { LoadedConfig } from "../firmware/config/load.ts";
import type { Discover, Note } from "../firmware/runner/platform.ts";
import { type RunningStation, startStation } from "../firmware/runner/station.ts";
import type { OpenBrokerLink } from "../hal/ports/broker-link.ts";
import type { JournalRecord } from "../services/journal/records.ts";
import { makeMemberList } from "../services/members/members.ts";
import type { Prompt } from "../services/prompts.ts";
import { createSimulatedBroker, type SimulatedBroker } from "./broker.ts";
import { createInvariants, type Invariants } from "./checkers/invariants.ts";
import { createVirtualClock, type VirtualClock } from "./clock.ts";
import { heardBy } from "./cues.ts";
import { createDigest, type Digest } from "./digest.ts";
import { type SimulatedDisk, simulatedDisk } from "./disk.ts";
import { simulatedGuardian } from "./guardian.ts";
import type { WorldOptions } from "./option-types.ts";
import { createRandom } from "./random.ts";
import { cronerSchedule } from "./schedule.ts";
import { createTechnician } from "./technician.ts";
import type { TruthEvent } from "./truth-types.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world-types.ts";

export interface SimulationOptions {
  readonly config: LoadedConfig;
  readonly seed: string;
  /** Wall time at the start, ms since 1970 UTC. */
  readonly fromMs: number;
  readonly world?: Partial<WorldOptions>;
  /** A broker of one's own instead of the one in memory. */
  readonly openBroker?: (clock: VirtualClock) => OpenBrokerLink;
  readonly note?: Note;
  readonly onPrompt?: (cabinet: string, prompt: Prompt) => void;
  readonly onTruth?: (event: TruthEvent) => void;
  /** Home Assistant's discovery, where the configuration asks for it. */
  readonly discover?: Discover;
  /** Everything the controller journals, as it decides it. */
  readonly onRecord?: (record: JournalRecord) => void;
}

export interface Simulation {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly station: RunningStation;
  /** Undefined when a broker of one's own is used. */
  readonly broker: SimulatedBroker | undefined;
  readonly disk: SimulatedDisk;
  readonly invariants: Invariants;
  readonly digest: Digest;
  readonly startedWallMs: number;
}

/** Riders of the simulated town; each owns one pack. */
const ridersMax = 300;

/** Development credentials, the same that the example members carry; a real station never knows them. */
export const developmentCredential = (rider: number): string => `yz-member-${String(rider).padStart(4, "0")}`;

/** The code of the one technician of the simulated town. */
export const technicianCredential = "yz-technician-0001";

function withRiders(config: LoadedConfig): { readonly config: LoadedConfig; readonly credentials: readonly string[] } {
  const credentials = Array.from({ length: ridersMax }, (_unused, rider) => developmentCredential(rider + 1));
  const entries = credentials.map((text, rider) => ({
    member: `m-${String(rider + 1).padStart(4, "0")}`,
    credentialSha256: credentialDigest(text),
    role: "rider" as const,
    active: true,
  }));
  const credentialSha256 = credentialDigest(technicianCredential);
  const technician = { member: "t-0001", credentialSha256, role: "technician" as const, active: true };
  const members = makeMemberList([...entries, technician]);
  return { config: { ...config, members, memberCount: entries.length + 1 }, credentials };
}

function watchTruth(world: World, digest: Digest, options: SimulationOptions): void {
  world.onTruth((event) => {
    digest.number(event.atMs);
    digest.text(event.type);
    if ("bay" in event) digest.number(event.bay);
    if (event.type === "left") digest.text(event.visit.ending ?? "");
    options.onTruth?.(event);
  });
}

export function createSimulation(options: SimulationOptions): Simulation {
  const { config, credentials } = withRiders(options.config);
  const clock = createVirtualClock({ wallStartMs: options.fromMs });
  const random = createRandom(options.seed);
  const world = createWorld({
    config: config.file,
    clock,
    random: random.split("world"),
    options: { credentials, ...options.world },
  });
  const digest = createDigest();
  watchTruth(world, digest, options);
  const disk = simulatedDisk({ clock, random: random.split("disk") });
  const broker = options.openBroker === undefined ? createSimulatedBroker({ clock }) : undefined;
  const { masterEnable } = config.file;
  const enable =
    masterEnable === undefined
      ? undefined
      : simulatedGuardian(
          world.gpio.openOutput(masterEnable.gpio, masterEnable.inverted),
          masterEnable.inverted,
          clock,
        );
  const idOf = (what: string) => createHash("sha256").update(`${what} ${options.seed}`).digest("hex").slice(0, 32);
  let invariants: Invariants | undefined;
  const station = startStation(config, {
    clock,
    random: random.split("station"),
    openWire: world.openWire,
    textFiles: world.textFiles,
    gpio: world.gpio,
    disk,
    schedule: cronerSchedule(clock),
    openBroker: options.openBroker?.(clock) ?? broker?.open,
    masterEnable: enable,
    digest: credentialDigest,
    verify: verifyEd25519,
    memory: () => ({ rssMb: 0, heapMb: 0 }),
    note: options.note ?? (() => undefined),
    announce: (cabinet, prompt) => {
      digest.text(prompt.id);
      world.prompt(cabinet, heardBy(prompt));
      options.onPrompt?.(cabinet, prompt);
    },
    onDecision: ({ nowMs, event, effects }) => {
      if (event.type === "tick" && effects.length === 0) return;
      digest.number(nowMs);
      digest.text(event.type);
      for (const effect of effects) {
        digest.text(effect.do === "record" ? JSON.stringify(effect.record) : effect.do);
        if (effect.do !== "record") continue;
        invariants?.recorded(effect.record);
        options.onRecord?.(effect.record);
      }
    },
    ...(options.discover === undefined ? {} : { discover: options.discover }),
    identity: { version: "0.1.0", commit: "simulated", boot: idOf("boot"), logId: idOf("log") },
  });
  const controller = { state: () => station.loop.state(), readings: station.hardware.image };
  invariants = createInvariants({ world, clock, config: config.station, controller });
  if (broker !== undefined) createTechnician({ broker, clock, world, stationId: config.station.stationId });
  // Devices are heard and contactors armed before the first rider comes, as on a morning after a restart.
  clock.after(5_000, () => world.start());
  return { clock, world, station, broker, disk, invariants, digest, startedWallMs: options.fromMs };
}
