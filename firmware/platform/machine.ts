/**
 * The machine's own adapters, put together as a platform: real clock, tty, GPIO, disk, broker, guardian, pino. It opens what the
 * configuration names and nothing else; native packages are loaded only when configured.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pino } from "pino";
import { openGpioOnoff } from "../../hal/drivers/gpio-onoff.ts";
import { openGpioSysfs } from "../../hal/drivers/gpio-sysfs.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Gpio } from "../../hal/ports/gpio.ts";
import { credentialPaths } from "../config/credential-problems.ts";
import { verifyEd25519 } from "../config/ed25519.ts";
import { credentialDigest } from "../config/hash.ts";
import { type LoadedConfig, resolveBeside } from "../config/load.ts";
import type { OpenExpander } from "../expander/expander.ts";
import { type GuardianLink, startGuardian } from "../guardian/guardian-link.ts";
import type { MasterEnablePort, Note, Platform } from "../runner/platform.ts";
import type { RunningStation } from "../runner/station.ts";
import { nodeCronSchedule } from "../schedule/node-cron-schedule.ts";
import { buildIdentity } from "./build-identity.ts";
import { keptFile } from "./kept-file.ts";
import { nodeClock } from "./node-clock.ts";
import { nodeDisk } from "./node-disk.ts";
import { nodeGpioFiles } from "./node-gpio-files.ts";
import { nodeMqtt } from "./node-mqtt.ts";
import { nodeRandom } from "./node-random.ts";
import { nodeTextFiles } from "./node-text-files.ts";
import { nodeWire } from "./node-wire.ts";

export interface Machine {
  readonly platform: Platform;
  readonly note: Note;
  /** Tells the station what happens to the machine from now on. */
  attach(station: RunningStation): void;
}

export type MachineOpened = Machine | { readonly refused: string; readonly code: string };

function openNote(level: string): Note {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return (at, what, detail) => logger[at](detail ?? {}, what);
}

async function openGpio(
  config: LoadedConfig,
  clock: Clock,
): Promise<Gpio | undefined | { refused: string; code: string }> {
  const { gpio } = config.file;
  if (gpio === undefined) return undefined;
  const files = nodeGpioFiles();
  const { chipLabel, root } = gpio;
  const opened =
    gpio.driver === "sysfs"
      ? openGpioSysfs({ root, chipLabel, files, clock })
      : await openGpioOnoff({ chipLabel, files, clock });
  return "gpio" in opened ? opened.gpio : { code: "E_GPIO", refused: opened.refused };
}

/** Nothing of it is loaded where no board is configured. */
async function expanders({ file }: LoadedConfig, clock: Clock, note: Note): Promise<OpenExpander | undefined> {
  if (!file.devices.some(({ kind }) => kind === "firmata")) return undefined;
  const [{ openExpander }, { forkExpander }] = await Promise.all([
    import("../expander/open-expander.ts"),
    import("./fork-expander.ts"),
  ]);
  const fork = forkExpander();
  return (entry) => openExpander(entry, { clock, fork, note });
}

interface GuardedEnable {
  readonly port: MasterEnablePort;
  attach(station: RunningStation): void;
}

function openMasterEnable(config: LoadedConfig, clock: Clock, note: Note): GuardedEnable | undefined {
  const { masterEnable, gpio } = config.file;
  if (masterEnable === undefined || gpio === undefined) return undefined;
  let told: RunningStation | undefined;
  const link: GuardianLink = startGuardian({
    clock,
    output: { root: gpio.root, chipLabel: gpio.chipLabel, line: masterEnable.gpio, inverted: masterEnable.inverted },
    onState: (state) => {
      const bad = state.is === "lost" || state.is === "fault";
      note(bad ? "error" : "info", "guardian", { ...state });
      told?.condition("guardian-lost", "station", bad);
    },
    onLate: (gapMs) => note("warn", "a beat reached the guardian late", { gapMs }),
  });
  return {
    port: {
      arm: () => link.arm(),
      beat: () => link.beat(),
      isOn: () => link.state().is === "on",
      close: (done) => link.close(done),
    },
    attach(station) {
      told = station;
    },
  };
}

export async function openMachine(config: LoadedConfig, options: { readonly level: string }): Promise<MachineOpened> {
  const note = openNote(options.level);
  const clock = nodeClock({ synchronisedFiles: config.file.clock.synchronisedFiles });
  // The guardian first: until it has dropped the master enable, nothing else matters.
  const enable = openMasterEnable(config, clock, note);
  const gpio = await openGpio(config, clock);
  if (gpio !== undefined && "refused" in gpio) {
    await new Promise<void>((done) => (enable === undefined ? done() : enable.port.close(done)));
    return gpio;
  }
  const random = nodeRandom();
  const { mqtt } = config.file;
  const passwordFile =
    mqtt?.passwordFile === undefined ? {} : { passwordFile: resolveBeside(config.baseDirectory, mqtt.passwordFile) };
  const username = mqtt?.username === undefined ? {} : { username: mqtt.username };
  const serverName = mqtt?.serverName === undefined ? {} : { serverName: mqtt.serverName };
  const tls = { stationId: config.station.stationId, ...credentialPaths(config), ...serverName };
  const openBroker =
    mqtt === undefined
      ? undefined
      : nodeMqtt(
          { url: mqtt.url, ...username, ...passwordFile, tls },
          { clock, random, note: (text) => note("debug", text) },
        );
  const storage = resolveBeside(config.baseDirectory, config.file.storage.directory);
  const platform: Platform = {
    clock,
    random,
    openWire: nodeWire(),
    textFiles: nodeTextFiles(clock),
    gpio,
    openExpander: await expanders(config, clock, note),
    disk: nodeDisk(storage),
    securityMark: keptFile(join(storage, "security.json"), "the security mark", note),
    accessList: keptFile(join(storage, "access-list.jws"), "the access list", note),
    schedule: nodeCronSchedule({ clock, log: (message) => note("debug", message) }),
    openBroker,
    masterEnable: enable?.port,
    digest: credentialDigest,
    verify: verifyEd25519,
    memory: () => {
      const { rss, heapUsed } = process.memoryUsage();
      return { rssMb: Math.round(rss / 1e5) / 10, heapMb: Math.round(heapUsed / 1e5) / 10 };
    },
    note,
    announce: (cabinet, prompt) => note("info", "prompt", { cabinet, ...prompt }),
    identity: { ...buildIdentity(), boot: randomBytes(8).toString("hex"), logId: randomBytes(16).toString("hex") },
  };
  return { platform, note, attach: (station) => enable?.attach(station) };
}
