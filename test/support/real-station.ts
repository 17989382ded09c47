/**
 * A real controller process on real bytes: pseudo-terminals by socat, the hardware side as a process of its own, a private
 * Mosquitto. Nothing is shared with the controller but ttys, a GPIO directory, a broker and its configuration file.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { hasMosquitto, type Mosquitto, startMosquitto } from "./mosquitto.ts";
import { until } from "./until.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "bin", "yizhan.js");

export const missingTools = (): string[] => {
  const missing: string[] = [];
  if (!hasMosquitto()) missing.push("mosquitto");
  if (spawnSync("socat", ["-V"]).error !== undefined) missing.push("socat");
  return missing;
};

export interface TruthLine {
  readonly type: string;
  readonly atMs?: number;
  readonly [key: string]: unknown;
}

export interface BayNow {
  readonly bay: number;
  readonly doorOpen: boolean;
  readonly contactorClosed: boolean;
  readonly chargeMa: number;
  readonly pulses: number;
  readonly packId?: string;
  readonly socPct?: number;
}
export interface TruthNow {
  readonly masterEnable: boolean;
  readonly bays: readonly BayNow[];
  readonly packs: readonly {
    readonly id: string;
    readonly place: { readonly at: string; readonly bay?: number; readonly rider?: number };
  }[];
}

export interface RealStationOptions {
  readonly mosquitto?: Mosquitto;
  /** Changes to the configuration text. */
  readonly edit?: (yaml: string) => string;
  readonly hardwareArgs?: readonly string[];
}

/** The hardware side: survives any number of controllers. */
export class RealStation {
  readonly directory: string;
  readonly configFile: string;
  readonly truthLines: (TruthLine & { readonly seenMs: number })[] = [];
  readonly controllerLines: string[] = [];
  controller: ChildProcess | undefined;
  private readonly lines: ChildProcess[] = [];
  private hardware: ChildProcess | undefined;
  private asked = 0;

  constructor(options: RealStationOptions) {
    this.directory = mkdtempSync(join(tmpdir(), "yizhan-real-"));
    this.configFile = join(this.directory, "station.yaml");
    mkdirSync(join(this.directory, "gpio"));
    writeFileSync(
      join(this.directory, "w1_slave"),
      "62 01 4b 46 7f ff 0e 10 03 : crc=03 YES\n62 01 4b 46 7f ff 0e 10 03 t=22125\n",
    );
    writeFileSync(this.configFile, this.configText(options));
  }

  private configText(options: RealStationOptions): string {
    let text = readFileSync(join(root, "examples", "starter-cabinet.yaml"), "utf8");
    text = text.replace(
      /\{ id: ([a-z0-9-]+), path: "[^"]*"/g,
      (_all, id: string) => `{ id: ${id}, path: "${this.directory}/tty-${id}"`,
    );
    text = text.replace(/path: \/sys\/bus\/w1[^ }]*/, `path: ${this.directory}/w1_slave`);
    text = text
      .replace(/driver: onoff/, "driver: sysfs")
      .replace(/chipLabel: pinctrl-bcm2711/, `chipLabel: pinctrl-bcm2711, root: ${this.directory}/gpio`);
    text = text.replace(/file: members.yaml/, `file: ${join(root, "examples", "members.yaml")}`);
    text = text.replace(/url: mqtt:.*/, `url: ${options.mosquitto?.url ?? "mqtt://127.0.0.1:9"}`);
    text += `\nstorage: { directory: "${this.directory}/state" }\n`;
    text += `clock: { synchronisedFiles: ["${this.configFile}"] }\n`; // It exists, so the clock is believed.
    return options.edit?.(text) ?? text;
  }

  async start(options: RealStationOptions): Promise<void> {
    const paths = [...readFileSync(this.configFile, "utf8").matchAll(/path: "([^"]*\/tty-[^"]*)"/g)].map(
      (match) => match[1] as string,
    );
    for (const path of paths) {
      this.lines.push(
        spawn("socat", [`pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${path}.far`], { stdio: "ignore" }),
      );
    }
    await until(() => paths.every((path) => existsSync(path) && existsSync(`${path}.far`)), {
      timeoutMs: 10_000,
      what: "the pseudo-terminals",
    });
    const args = [program, "hardware", "-c", this.configFile, ...(options.hardwareArgs ?? [])];
    this.hardware = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    if (this.hardware.stdout === null) throw new Error("no output");
    createInterface({ input: this.hardware.stdout }).on("line", (line) => {
      this.truthLines.push({ ...(JSON.parse(line) as TruthLine), seenMs: performance.now() });
    });
    await until(() => this.saw("ready"), { timeoutMs: 20_000, what: "the hardware side" });
  }

  order(order: object): void {
    this.hardware?.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  saw(type: string, where: (line: TruthLine) => boolean = () => true): boolean {
    return this.truthLines.some((line) => line.type === type && where(line));
  }

  async truth(): Promise<TruthNow> {
    const ask = ++this.asked;
    this.order({ do: "truth", ask });
    const isAnswer = (line: TruthLine) => line.type === "truth" && line.ask === ask;
    await until(() => this.truthLines.some(isAnswer), { timeoutMs: 10_000, what: "the truth" });
    return this.truthLines.find(isAnswer) as unknown as TruthNow;
  }

  /** Starts a controller process; its sentences are carried to the riders' ears. */
  startController(extraEnv: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(process.execPath, [program, "run", "-c", this.configFile], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...extraEnv },
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.heardController(line));
    }
    this.controller = child;
    return child;
  }

  private heardController(line: string): void {
    this.controllerLines.push(line);
    if (!line.includes('"msg":"prompt"')) return;
    const { cabinet, id, bay } = JSON.parse(line) as { cabinet: string; id: string; bay?: number };
    this.order({ do: "prompt", cabinet, id, ...(bay === undefined ? {} : { bay }) });
  }

  async killController(signal: NodeJS.Signals): Promise<void> {
    const { controller } = this;
    if (controller === undefined || controller.exitCode !== null || controller.signalCode !== null) return;
    const gone = new Promise((done) => controller.once("exit", done));
    controller.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.killController("SIGKILL");
    this.hardware?.kill("SIGKILL");
    for (const line of this.lines) line.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export async function startRealStation(options: RealStationOptions = {}): Promise<RealStation> {
  const station = new RealStation(options);
  await station.start(options);
  return station;
}

export { startMosquitto };
