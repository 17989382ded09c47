/**
 * The hardware side of a real controller: plays the devices, packs and riders of a configuration on the far ends of
 * pseudo-terminals and in a directory that looks like the kernel's GPIO class. It runs in real time as a process of its own
 * and shares nothing with the controller but bytes. What really happens comes out as JSON lines; orders go in the same way.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeWire } from "../../firmware/platform/node-wire.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { type PromptId, prompts, say } from "../../services/prompts.ts";
import { heardBy } from "../cues.ts";
import { createRandom } from "../random.ts";
import type { ArrangedVisit } from "../visit-types.ts";
import { createWorld } from "../world.ts";
import type { World } from "../world-types.ts";
import type { CommandIo } from "./run-parts.ts";

export const hardwareUsage = `yizhan hardware -c config.yaml — plays the hardware side of a configuration on pseudo-terminals

  -c, --config F     the controller's own configuration
  --far SUFFIX       the far end of line P is P + SUFFIX (default .far)
  --seed N           randomness of devices and riders (default 1)
  --soc S            charge of the packs at the start, 0..1
  --arrivals N       riders a day by themselves (default 0; {"do":"arrive"} on standard input brings one)
`;

const gpioPollMs = 5;

type Order =
  | { readonly do: "arrive"; readonly visit?: ArrangedVisit }
  | { readonly do: "prompt"; readonly cabinet: string; readonly id: string; readonly bay?: number }
  | { readonly do: "truth"; readonly ask?: number }
  | { readonly do: "smoke"; readonly cabinet: string; readonly on: boolean }
  | { readonly do: "conductor"; readonly cabinet: string; readonly on: boolean }
  | { readonly do: "water"; readonly cabinet: string; readonly on: boolean }
  | { readonly do: "emergency-stop"; readonly pressed: boolean }
  | { readonly do: "burn"; readonly bay: number; readonly on: boolean }
  | { readonly do: "show"; readonly cabinet: string; readonly code: string }
  | { readonly do: "force"; readonly bay: number }
  | { readonly do: "line"; readonly path: string; readonly silent: boolean };

/** A directory that looks like /sys/class/gpio with every line of the header exported. Made before the controller starts. */
function makeGpioClass(config: LoadedConfig): { valueFile(line: number): string } | undefined {
  const { gpio, masterEnable } = config.file;
  if (gpio === undefined || masterEnable === undefined) return undefined;
  const base = 512;
  const chip = `${gpio.root}/gpiochip${base}`;
  mkdirSync(chip, { recursive: true });
  writeFileSync(`${chip}/label`, `${gpio.chipLabel}\n`);
  writeFileSync(`${chip}/base`, `${base}\n`);
  writeFileSync(`${chip}/ngpio`, "58\n");
  for (const file of ["export", "unexport"]) writeFileSync(`${gpio.root}/${file}`, "");
  const directory = `${gpio.root}/gpio${base + masterEnable.gpio}`;
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/direction`, "in\n");
  writeFileSync(`${directory}/value`, "0\n");
  return { valueFile: (line) => `${gpio.root}/gpio${base + line}/value` };
}

/** The master enable as the contactors feel it. A real kernel turns "high" and "low" in `direction` into a level; so do we. */
function followMasterEnable(config: LoadedConfig, world: World, clock: Clock): void {
  const files = makeGpioClass(config);
  const line = config.file.masterEnable?.gpio;
  if (files === undefined || line === undefined) return;
  const output = world.gpio.openOutput(line, false);
  const file = files.valueFile(line);
  const directionFile = file.replace(/value$/, "direction");
  let was: boolean | undefined;
  function look(): void {
    const direction = readFileSync(directionFile, "utf8").trim();
    if (direction === "high" || direction === "low") {
      writeFileSync(file, direction === "high" ? "1\n" : "0\n");
      writeFileSync(directionFile, "out\n");
    }
    const high = readFileSync(file, "utf8").trim() === "1";
    if (high !== was) output.write(high);
    was = high;
    clock.after(gpioPollMs, look);
  }
  look();
}

/** Puts the devices of every configured line on its far end; answers take the time the wire would have taken. */
function playLines(config: LoadedConfig, world: World, clock: Clock, suffix: string): void {
  const openWire = nodeWire();
  for (const { path, baud, stopBits } of config.file.buses) {
    const device = world.wireDevice(path);
    if (device === undefined) continue;
    const byteMs = ((stopBits === 2 ? 11 : 10) * 1_000) / baud;
    const wire = openWire(
      { path: `${path}${suffix}`, baud, stopBits },
      {
        opened: () => undefined,
        bytes: (chunk) => device.receive(chunk, chunk.length),
        closed: (why) => {
          process.stderr.write(`E_LINE ${path}${suffix}: ${why}\n`);
          process.exit(1);
        },
      },
    );
    device.connect((bytes, delayMs) => {
      const copy = Uint8Array.from(bytes);
      clock.after(delayMs + copy.length * byteMs, () => wire.write(copy));
    });
  }
}

function truthNow(world: World) {
  const bays = world.truth.bays.map(
    ({ bay, doorOpen, contactorClosed, heaterOn, chargeMa, pulses, pack, plugged }) => ({
      bay,
      doorOpen,
      contactorClosed,
      heaterOn,
      chargeMa: Math.round(chargeMa),
      pulses,
      plugged,
      packId: pack?.id,
      socPct: pack?.socPct,
    }),
  );
  const packs = world.truth.packs.map(({ id, place }) => ({ id, place }));
  const cabinets = world.truth.cabinets.map(
    ({ id, smoke, conductor, water, fanOn, alarmOn, aerosolOn, aerosolReleases }) => ({
      id,
      smoke,
      conductor,
      water,
      fanOn,
      alarmOn,
      aerosolOn,
      aerosolReleases,
    }),
  );
  const { masterEnable, emergencyStop, alarmOn, exitFreed } = world.truth;
  const { endings } = world.stats;
  return { type: "truth", masterEnable, emergencyStop, alarmOn, exitFreed, cabinets, bays, packs, endings };
}

function obey(order: Order, world: World, out: (line: object) => void): void {
  switch (order.do) {
    case "arrive":
      out({ type: "arrival", visit: world.arrive(order.visit ?? {}) });
      return;
    case "prompt":
      if (Object.hasOwn(prompts, order.id)) {
        const bay = order.bay === undefined ? {} : { bay: order.bay };
        world.prompt(order.cabinet, heardBy(say(order.id as PromptId, bay)));
      }
      return;
    case "truth":
      out({ ...truthNow(world), ask: order.ask });
      return;
    case "smoke":
      world.setSmoke(order.cabinet, order.on);
      return;
    case "conductor":
      world.setConductor(order.cabinet, order.on);
      return;
    case "water":
      world.setWater(order.cabinet, order.on);
      return;
    case "emergency-stop":
      world.pressEmergencyStop(order.pressed);
      return;
    case "burn":
      world.burnPack(order.bay, order.on);
      return;
    case "show":
      world.showCode(order.cabinet, order.code);
      return;
    case "force":
      world.forceDoor(order.bay);
      return;
    case "line":
      world.line(order.path).faults.silent = order.silent;
      return;
  }
}

export async function hardwareCommand(args: readonly string[], io: CommandIo): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    io.out(hardwareUsage);
    return 0;
  }
  const text = { type: "string" } as const;
  let values: { [name in "config" | "far" | "seed" | "soc" | "arrivals"]?: string | undefined };
  try {
    values = parseArgs({
      args: [...args],
      options: { config: { ...text, short: "c" }, far: text, seed: text, soc: text, arrivals: text },
    }).values;
  } catch (error) {
    io.err(`E_USAGE ${error instanceof Error ? error.message : String(error)}\n\n${hardwareUsage}`);
    return 2;
  }
  if (values.config === undefined) {
    io.err(`E_USAGE which configuration?\n\n${hardwareUsage}`);
    return 2;
  }
  const loaded = loadConfig(values.config);
  if (!loaded.ok) {
    io.err(`E_CONFIG run \`yizhan check ${values.config}\``);
    return 78;
  }
  const clock = nodeClock();
  const credentials = Array.from({ length: 60 }, (_unused, rider) => `yz-member-${String(rider + 1).padStart(4, "0")}`);
  const soc = values.soc === undefined ? {} : { initialSoc: Number(values.soc) };
  const world = createWorld({
    config: loaded.config.file,
    clock,
    random: createRandom(values.seed ?? "1"),
    options: { credentials, arrivalsPerDay: Number(values.arrivals ?? "0"), faultless: true, ...soc },
  });
  const out = (line: object) => io.out(JSON.stringify(line));
  world.onTruth((event) => out(event));
  followMasterEnable(loaded.config, world, clock);
  playLines(loaded.config, world, clock, values.far ?? ".far");
  world.start();
  out({ type: "ready" });
  await new Promise<void>((done) => {
    const input = createInterface({ input: process.stdin });
    input.on("line", (line) => obey(JSON.parse(line) as Order, world, out));
    input.on("close", done);
    process.on("SIGTERM", done);
  });
  process.exit(0);
}
