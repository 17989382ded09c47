/**
 * `yizhan run -c config.yaml`: the controller on real hardware. It reads the configuration, starts the guardian (whose first
 * act is to drop the master enable), builds the platform from the machine's own adapters, and keeps the process alive until
 * it is asked to stop. An error nobody expected ends the process at once: the safe state is the one without it.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { nodeConfigFiles } from "../config/files.ts";
import { type LoadedConfig, loadConfig, resolveBeside } from "../config/load.ts";
import type { Problem } from "../config/problem.ts";
import { printable } from "../config/report.ts";
import { type Kept, keptText, loadTrusted } from "../config/signed.ts";
import type { HttpSurface } from "../http/surface.ts";
import { claimDirectory } from "../platform/directory-claim.ts";
import { replaceFile } from "../platform/kept-file.ts";
import { type Machine, openMachine } from "../platform/machine.ts";
import type { Decision, Platform } from "../runner/platform.ts";
import { type RunningStation, startStation } from "../runner/station.ts";
import { trustOf } from "./config-trust.ts";
import { watchConfig } from "./config-watch.ts";
import { openRunRecorder } from "./run-recorder.ts";

export interface RunIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const runUsage = `yizhan run -c config.yaml — the controller on real hardware

  -c, --config F     configuration; \`yizhan check F\` tells what is wrong with it
  --config-key F     Ed25519 key that the configuration must be signed with (YIZHAN_CONFIG_KEY, or /etc/yizhan/config.pub
                     if there is one); then config.yaml.sig must stand beside it
  --config-kept D    where the last good signed one is kept (STATE_DIRECTORY, or /var/lib/yizhan)
  --log-level L      debug, info, warn or error (default info)
  --lang zh|en       language of messages before the controller runs
`;

/** EX_CONFIG of sysexits.h: a service manager is told not to try again. */
const CONFIG = 78;

interface Asked {
  readonly config: string;
  readonly configKey: string | undefined;
  readonly configKept: string | undefined;
  readonly level: string;
  readonly language: "zh" | "en";
}

function readArgs(args: readonly string[], io: RunIo): Asked | number {
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { ...text, short: "c" },
        "config-key": text,
        "config-kept": text,
        "log-level": text,
        lang: text,
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      io.out(runUsage);
      return 0;
    }
    if (values.config === undefined) throw new Error("which configuration? run -c config.yaml");
    const zh =
      values.lang === "zh" || (values.lang === undefined && (io.env.LC_ALL ?? io.env.LANG ?? "").startsWith("zh"));
    const { "config-key": configKey, "config-kept": configKept } = values;
    return {
      config: values.config,
      configKey,
      configKept,
      level: values["log-level"] ?? "info",
      language: zh ? "zh" : "en",
    };
  } catch (error) {
    io.err(`E_USAGE ${error instanceof Error ? error.message : String(error)}\n\n${runUsage}`);
    return 2;
  }
}

interface ReadConfig {
  readonly config: LoadedConfig;
  /** The one on disk was refused; this is the last one that was good. */
  readonly isLastGood: boolean;
}

function tellProblems(problems: readonly Problem[], { language, config }: Asked, io: RunIo): void {
  for (const { file, line, column, path, message, code } of problems) {
    io.err(printable(`${file}:${line}:${column} ${path} ${message[language]} [${code}]`));
  }
  io.err(`E_CONFIG run \`yizhan check ${config}\` for the nearest valid values`);
}

/** Kept before the start: should this very configuration be spoilt later, it is the one to go on with. */
function keepGood(keptFile: string, keep: Kept, io: RunIo): void {
  try {
    mkdirSync(dirname(keptFile), { recursive: true });
    replaceFile(keptFile, keptText(keep), 0o600);
  } catch (error) {
    io.err(`W_CONFIG_KEPT cannot keep it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readConfig(asked: Asked, io: RunIo): ReadConfig | number {
  const trust = trustOf({ key: asked.configKey, kept: asked.configKept, env: io.env });
  if (trust === undefined) {
    const loaded = loadConfig(asked.config);
    if (loaded.ok) return { config: loaded.config, isLastGood: false };
    tellProblems(loaded.problems, asked, io);
    return CONFIG;
  }
  const read = loadTrusted(asked.config, trust, nodeConfigFiles());
  if (read.is === "good") {
    if (read.keep !== undefined) keepGood(trust.keptFile, read.keep, io);
    return { config: read.load.config, isLastGood: false };
  }
  tellProblems(read.load.problems, asked, io);
  if (read.kept === undefined) return CONFIG;
  io.err(`W_CONFIG_KEPT going on with the last good one, revision ${read.kept.config.file.revision ?? 0}`);
  return { config: read.kept.config, isLastGood: true };
}

/** Settles when somebody asks the process to stop; a second request does not wait. */
function stopAsked(): Promise<string> {
  return new Promise((asked) => {
    let once = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (once) process.exit(130);
        once = true;
        asked(signal);
      });
    }
  });
}

interface Served {
  decided(decision: Decision): void;
  /** Opens what the configuration asks for; a port that is taken costs the pages and not the station. */
  open(station: RunningStation, machine: Machine): Promise<void>;
}

/** Loads the HTTP side only when it is configured. */
function servedPages({ file: { http } }: LoadedConfig): Served | undefined {
  if (http === undefined) return undefined;
  let surface: HttpSurface | undefined;
  return {
    decided: ({ effects }) => {
      for (const effect of effects) if (effect.do === "record") surface?.recorded(effect.record);
    },
    async open(station, { platform, note }) {
      try {
        const { openHttpSurface } = await import("../http/surface.ts");
        const { clock, identity } = platform;
        surface = await openHttpSurface({ station, clock, identity, listen: { ...http, tries: 1 } });
        note("info", "http", { url: surface.url });
      } catch (error) {
        note("error", "no pages over http", { why: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

/** Loads Home Assistant's discovery only when it is configured. */
async function announcedBy({ file }: LoadedConfig): Promise<Pick<Platform, "discover">> {
  if (!file.homeassistant.enabled) return {};
  const { discover } = await import("../home-assistant/discovery.ts");
  return { discover };
}

export async function runCommand(args: readonly string[], io: RunIo): Promise<number> {
  const asked = readArgs(args, io);
  if (typeof asked === "number") return asked;
  const read = readConfig(asked, io);
  if (typeof read === "number") return read;
  const { config, isLastGood } = read;
  const claim = claimDirectory(resolveBeside(config.baseDirectory, config.file.storage.directory));
  if ("refused" in claim) {
    io.err(`${claim.code} ${claim.refused}`);
    return 1;
  }
  const stop = stopAsked();
  const machine = await openMachine(config, { level: asked.level });
  if ("refused" in machine) {
    claim.release();
    io.err(`${machine.code} ${machine.refused}`);
    return 1;
  }
  const { platform, note } = machine;
  const recorder = openRunRecorder(config, note);
  const failStop = (error: unknown): never => {
    note("fatal", "an error nobody expected; stopping in the safe state", {
      error: error instanceof Error ? error.stack : String(error),
    });
    // No beat leaves this process any more: the guardian drops the outputs, however long the recording takes.
    recorder.crashed();
    process.exit(1);
  };
  process.on("uncaughtException", failStop);
  process.on("unhandledRejection", failStop);
  const served = servedPages(config);
  const station = startStation(config, {
    ...platform,
    ...recorder.platform,
    ...(await announcedBy(config)),
    ...(served === undefined ? {} : { onDecision: (decision: Decision) => served.decided(decision) }),
  });
  machine.attach(station);
  await served?.open(station, machine);
  note("info", "running", { station: config.station.stationId, pid: process.pid, configHash: config.hash });
  if (isLastGood) station.condition("config-refused", "station", true);
  const unwatch = isLastGood
    ? () => {}
    : watchConfig(config, platform.clock, (changed) => station.condition("config-changed", "station", changed));
  const signal = await stop;
  note("info", "stopping", { signal });
  unwatch();
  await new Promise<void>((done) => station.stop(signal, done));
  claim.release();
  note("info", "stopped", {});
  // Whatever an adapter still holds open must not keep a stopped controller alive.
  platform.clock.after(300, () => process.exit());
  return 0;
}
