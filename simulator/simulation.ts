/**
 * A whole simulated station: the world on one side of every wire, the real controller on the other, one virtual clock. It starts
 * the same runner and the same drivers as the real process and gives them nothing that a real station would not have.
 */
import { createHash } from "node:crypto";
import { verifyEd25519 } from "../firmware/config/ed25519.ts";
import { credentialDigest } from "../firmware/config/hash.ts";
import type { LoadedConfig } from "../firmware/config/load.ts";
import type { Decision, Discover, Note } from "../firmware/runner/platform.ts";
import type { OpenRecorder } from "../firmware/runner/recording.ts";
import { type RunningStation, startStation } from "../firmware/runner/station.ts";
import type { OpenBrokerLink } from "../hal/ports/broker-link.ts";
import { isoFromMs } from "../services/contract/iso-time.ts";
import { contract, topicFor, topicRoot } from "../services/contract/topics.ts";
import type { JournalRecord } from "../services/journal/records.ts";
import type { Prompt } from "../services/prompts.ts";
import { createSimulatedBroker, type OperatorsDesk, type SimulatedBroker } from "./broker.ts";
import type { ControllerView } from "./checkers/checker.ts";
import { createInvariants, type Invariants } from "./checkers/invariants.ts";
import { createVirtualClock, type VirtualClock } from "./clock.ts";
import { Computer } from "./computer.ts";
import { heardBy } from "./cues.ts";
import { createDigest, type Digest } from "./digest.ts";
import { type SimulatedDisk, simulatedDisk } from "./disk.ts";
import { Troubles } from "./faults/troubles.ts";
import { simulatedGuardian } from "./guardian.ts";
import type { Life } from "./life.ts";
import { withRiders } from "./members.ts";
import { createOperator, type Operator, withOperator } from "./operator.ts";
import type { WorldOptions } from "./option-types.ts";
import { PowerCuts } from "./power-cuts.ts";
import { createRandom, type SplitRandom } from "./random.ts";
import { withIssuer } from "./room/keys.ts";
import { RoomGauge } from "./room-report.ts";
import { cronerSchedule } from "./schedule.ts";
import { createTechnician } from "./technician.ts";
import type { TruthEvent } from "./truth-types.ts";
import { roomExpanders, simulatedExpander } from "./wires/expander-points.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world-types.ts";

export interface SimulationOptions {
  readonly config: LoadedConfig;
  readonly seed: string;
  /** Wall time at the start, ms since 1970 UTC. */
  readonly fromMs: number;
  readonly world?: Partial<WorldOptions>;
  /** Power cuts a day at random instants, and about as many in the middle of something. Default: none. */
  readonly cutsPerDay?: number | undefined;
  /** A broker of one's own instead of the one in memory. */
  readonly openBroker?: (clock: VirtualClock) => OpenBrokerLink;
  /** The operators' side of that broker. Without it nobody sends lists, restocks or looks at what broke. */
  readonly desk?: OperatorsDesk;
  readonly note?: Note;
  readonly onPrompt?: (cabinet: string, prompt: Prompt) => void;
  readonly onTruth?: (event: TruthEvent) => void;
  /** Home Assistant's discovery, where the configuration asks for it. */
  readonly discover?: Discover;
  /** Everything the controller journals, as it decides it. */
  readonly onRecord?: (record: JournalRecord) => void;
  /** Every decision of the controller, as it is made. */
  readonly onDecision?: (decision: Decision) => void;
  /** How long the disk takes for a write with its sync. */
  readonly disk?: { readonly syncMsMin: number; readonly syncMsMax: number };
  /** One way to the broker in memory. */
  readonly latencyMs?: number;
  /** A flight recorder, opened anew in each life of the controller. */
  readonly record?: OpenRecorder;
}

export interface Simulation {
  readonly clock: VirtualClock;
  readonly world: World;
  /** The controller that runs now; another one after each power cut. */
  readonly station: RunningStation;
  readonly computer: Computer;
  /** Undefined when a broker of one's own is used. */
  readonly broker: SimulatedBroker | undefined;
  readonly disk: SimulatedDisk;
  readonly invariants: Invariants;
  /** What the controller holds to be so, for judges alone. */
  readonly controller: ControllerView;
  readonly digest: Digest;
  readonly startedWallMs: number;
  /** Only where power fails on purpose. */
  readonly cuts: PowerCuts | undefined;
  /** Only where the station has a room of its own. */
  readonly roomGauge: RoomGauge | undefined;
  /** What somebody broke on purpose. */
  readonly troubles: Troubles;
  /** Somebody who may order things, by signature; only where the simulation has a desk. */
  readonly operator: Operator | undefined;
  /** What the controller runs on, with the simulated town's members in it. */
  readonly config: LoadedConfig;
}

function watchTruth(world: World, digest: Digest, options: SimulationOptions): void {
  world.onTruth((event) => {
    digest.number(event.atMs);
    digest.text(event.type);
    if ("bay" in event) digest.number(event.bay);
    if (event.type === "room-output") digest.text(`${event.output} ${event.on}`);
    if (event.type === "left") digest.text(event.visit.ending ?? "");
    options.onTruth?.(event);
  });
}

/** What stays the same from one life of the controller to the next. */
interface Setting {
  readonly options: SimulationOptions;
  readonly config: LoadedConfig;
  readonly random: SplitRandom;
  readonly world: World;
  readonly digest: Digest;
  readonly recorded: (record: JournalRecord) => void;
  readonly scanned: (nowMs: number) => void;
  /** Beside the log on the disk. */
  readonly keptList: { text: string | undefined };
}

function decided({ digest, recorded, scanned, world }: Setting, { nowMs, event, effects }: Decision): void {
  if (event.type === "tick") scanned(nowMs);
  if (event.type === "tick" && effects.length === 0) return;
  digest.number(nowMs);
  digest.text(event.type);
  for (const effect of effects) {
    digest.text(effect.do === "record" ? JSON.stringify(effect.record) : effect.do);
    if (effect.do === "record") recorded(effect.record);
    else if (effect.do === "room-say") world.room?.say(effect.reader, effect.sentence.id);
  }
}

function runController(setting: Setting, ports: Life, life: number): RunningStation {
  const { options, config, random, world, digest } = setting;
  const { clock, openWire, textFiles, gpio, disk, openBroker, guardian } = ports;
  const { masterEnable } = config.file;
  const enable = (line: NonNullable<typeof masterEnable>) =>
    simulatedGuardian(guardian.openOutput(line.gpio, line.inverted), line.inverted, guardian.clock);
  const idOf = (what: string) => createHash("sha256").update(`${what} ${options.seed}`).digest("hex").slice(0, 32);
  const name = life === 0 ? "station" : `station-${life}`;
  return startStation(config, {
    clock,
    random: random.split(name),
    openWire,
    textFiles,
    gpio,
    openExpander: (entry) => simulatedExpander(entry, clock, roomExpanders(config.file, world.room?.room)),
    disk,
    schedule: cronerSchedule(clock),
    openBroker,
    masterEnable: masterEnable === undefined ? undefined : enable(masterEnable),
    digest: credentialDigest,
    verify: verifyEd25519,
    memory: () => ({ rssMb: 0, heapMb: 0 }),
    note: options.note ?? (() => undefined),
    announce: (cabinet, prompt) => {
      digest.text(prompt.id);
      world.prompt(cabinet, heardBy(prompt));
      options.onPrompt?.(cabinet, prompt);
    },
    onDecision: (decision) => {
      decided(setting, decision);
      options.onDecision?.(decision);
    },
    accessList: {
      read: () => setting.keptList.text,
      write: (text) => {
        setting.keptList.text = text;
      },
    },
    ...(options.discover === undefined ? {} : { discover: options.discover }),
    ...(options.record === undefined ? {} : { record: options.record }),
    identity: {
      version: "0.1.0",
      commit: "simulated",
      boot: idOf(life === 0 ? "boot" : `boot ${life}`),
      logId: idOf("log"),
    },
  });
}

/** The controller that runs now, for whoever holds its words against the truth. */
function viewOf(computer: Computer): ControllerView {
  return {
    state: () => computer.station.loop.state(),
    get readings() {
      return computer.station.hardware.image;
    },
    get context() {
      return computer.station.context;
    },
    wallMs: () => computer.wall.wallMs(),
    granted: () => computer.station.loop.granted(),
    syncedN: () => computer.station.journal.log.syncedN(),
  };
}

const retained = { retained: true } as const;
/** Short enough for an opening, which nobody wants to come late. */
const requestLifeMs = 8_000;

/** Staff report what they did by the same requests as any operator. */
function staffRequests(broker: OperatorsDesk, clock: VirtualClock, stationId: string) {
  let asked = 0;
  return (verb: string, body: Readonly<Record<string, unknown>>): void => {
    asked++;
    const expiresAt = isoFromMs(clock.wallMs() + requestLifeMs);
    broker.inject(
      `${topicRoot(stationId)}request/${verb}`,
      JSON.stringify({ id: `staff-${asked}`, expiresAt, ...body }),
    );
  };
}

/** Technician, staff and office sit on the operators' side of the broker. */
function staffAtDesk(
  desk: OperatorsDesk,
  { clock, world, stationId }: { readonly clock: VirtualClock; readonly world: World; readonly stationId: string },
): void {
  createTechnician({ broker: desk, clock, world, stationId });
  const faultRoot = `${topicRoot(stationId)}fault/`;
  const told = (): string[] =>
    desk
      .retainedTopics()
      .filter((topic) => topic.startsWith(faultRoot))
      .map((topic) => topic.slice(faultRoot.length));
  world.room?.onRequest(staffRequests(desk, clock, stationId), told);
  world.room?.onList((text) => desk.inject(topicFor(contract.accessList, { station: stationId }), text, retained));
}

export function createSimulation(options: SimulationOptions): Simulation {
  const withPeople = withRiders(options.config);
  const config = withOperator(withIssuer(withPeople.config, options.seed), options.seed);
  const { credentials } = withPeople;
  const clock = createVirtualClock({ wallStartMs: options.fromMs });
  const random = createRandom(options.seed);
  const world = createWorld({
    config: config.file,
    room: config.station.room,
    clock,
    random: random.split("world"),
    options: { credentials, issuerSeed: options.seed, ...options.world },
  });
  const troubles = new Troubles(clock);
  const digest = createDigest();
  watchTruth(world, digest, options);
  const disk = simulatedDisk({ clock, random: random.split("disk"), ...options.disk });
  const broker =
    options.openBroker === undefined
      ? createSimulatedBroker({ clock, ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }) })
      : undefined;
  let invariants: Invariants | undefined;
  const roomGauge = world.room === undefined ? undefined : new RoomGauge(world.room, clock);
  const recorded = (record: JournalRecord): void => {
    invariants?.recorded(record);
    roomGauge?.recorded(record);
    options.onRecord?.(record);
  };
  const scanned = (nowMs: number): void => invariants?.scanned(nowMs);
  const keptList = { text: undefined };
  const setting: Setting = { options, config, random, world, digest, recorded, scanned, keptList };
  const computer = new Computer({
    world,
    clock,
    disk,
    random: random.split("computer"),
    openBroker: options.openBroker?.(clock) ?? broker?.open,
    start: (ports, life) => runController(setting, ports, life),
    hungUp: () => broker?.cut("the station is gone"),
  });
  const { station, file } = config;
  const controller = viewOf(computer);
  invariants = createInvariants({ world, clock, config: station, file, controller, broker, disk, troubles });
  const desk = broker ?? options.desk;
  const { stationId } = station;
  const operator = desk && createOperator({ desk, clock, stationId, seed: options.seed });
  if (desk !== undefined) staffAtDesk(desk, { clock, world, stationId });
  const cutsPerDay = options.cutsPerDay ?? 0;
  const cuts =
    cutsPerDay > 0
      ? new PowerCuts({ world, clock, computer, random: random.split("power-cuts"), perDay: cutsPerDay })
      : undefined;
  // Devices are heard and contactors armed before the first rider comes, as on a morning after a restart.
  clock.after(5_000, () => world.start());
  return {
    clock,
    world,
    broker,
    disk,
    invariants,
    controller,
    digest,
    startedWallMs: options.fromMs,
    computer,
    cuts,
    roomGauge,
    troubles,
    operator,
    config,
    get station() {
      return computer.station;
    },
  };
}
