// A real controller process with everything it needs, and nothing that slows it down: pseudo-terminals, the simulated world
// in a second process, a broker in a third. Lines that are tapped belong to the bench: it sees every byte the controller
// writes on them, when it comes.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteAtExit, end, start, startPart, until } from "./processes.mjs";
import { farEnd, openPseudoTerminals } from "./pseudo-terminals.mjs";

const GPIO_BASE = 512;
const SENSOR = "62 01 4b 46 7f ff 0e 10 03 : crc=03 YES\n62 01 4b 46 7f ff 0e 10 03 t=22125\n";
/** As the service unit of docs/how-to/install-on-a-raspberry-pi.md starts it. */
const NODE_FLAGS = ["--max-semi-space-size=1"];
const part = (name) => new URL(`./${name}.mjs`, import.meta.url).pathname;

/** The example as it would stand on this machine: its lines here, its sensors here, its broker here. */
function configText({ root, directory, example, brokerUrl, extra }) {
  const sensorAt = (id) => {
    const sensor = join(directory, `${id}-w1_slave`);
    writeFileSync(sensor, SENSOR);
    return sensor;
  };
  const text = readFileSync(join(root, "examples", `${example}.yaml`), "utf8")
    .replace(/\{ id: ([a-z0-9-]+), path: "[^"]*"/g, (_all, id) => `{ id: ${id}, path: "${directory}/tty-${id}"`)
    .replaceAll(/path: \/sys\/bus\/w1\/devices\/([^/]*)\/[^ }]*/g, (_all, id) => `path: ${sensorAt(id)}`)
    .replace(/driver: onoff/, "driver: sysfs")
    .replace(/chipLabel: pinctrl-bcm2711/, `chipLabel: pinctrl-bcm2711, root: ${directory}/gpio`)
    .replace(/file: members.yaml/, `file: ${join(root, "examples", "members.yaml")}`)
    .replace(/url: mqtts?:[^\s]*/, `url: ${brokerUrl}`);
  return `${text}\nstorage: { directory: "${directory}/state" }\n${extra}`;
}

/** A directory that looks like /sys/class/gpio with the line of the master enable exported. */
function makeGpio(directory, line) {
  const chip = join(directory, "gpio", `gpiochip${GPIO_BASE}`);
  mkdirSync(chip, { recursive: true });
  writeFileSync(join(chip, "label"), "pinctrl-bcm2711\n");
  writeFileSync(join(chip, "base"), `${GPIO_BASE}\n`);
  writeFileSync(join(chip, "ngpio"), "58\n");
  for (const file of ["export", "unexport"]) writeFileSync(join(directory, "gpio", file), "");
  const lineDirectory = join(directory, "gpio", `gpio${GPIO_BASE + line}`);
  mkdirSync(lineDirectory, { recursive: true });
  return lineDirectory;
}

/** As a predecessor may have left the line. */
export function setMasterEnable(gpioLine, high) {
  writeFileSync(join(gpioLine, "direction"), "out\n");
  writeFileSync(join(gpioLine, "value"), high ? "1\n" : "0\n");
}

function openTap(openWire, bus, send) {
  const tap = { onBytes: () => undefined };
  const wire = openWire(
    { path: farEnd(bus.path), baud: bus.baud, stopBits: bus.stopBits },
    {
      opened: () => undefined,
      bytes(chunk) {
        tap.onBytes(chunk);
        send({ line: bus.id, bytes: Uint8Array.from(chunk) });
      },
      closed: (why) => {
        throw new Error(`${bus.path}: ${why}`);
      },
    },
  );
  tap.write = (bytes) => wire.write(bytes);
  tap.close = () => wire.close();
  return tap;
}

export async function startStation({ root, example = "reference-station", taps = [], extra = "", ...hardware }) {
  const directory = deleteAtExit(mkdtempSync(join(tmpdir(), "yizhan-bench-")));
  const broker = startPart(part("broker"), { root });
  const brokerUrl = await new Promise((heard) => broker.once("message", ({ url }) => heard(url)));
  const configFile = join(directory, "station.yaml");
  writeFileSync(configFile, configText({ root, directory, example, brokerUrl, extra }));
  const { loadConfig } = await import(`${root}/dist/firmware/config/load.js`);
  const loaded = loadConfig(configFile);
  if (!loaded.ok) throw new Error(`${configFile} is not valid: ${JSON.stringify(loaded.problems)}`);
  const { file } = loaded.config;
  const gpioLine = makeGpio(directory, file.masterEnable.gpio);
  const ptys = await openPseudoTerminals(file.buses.map(({ path }) => path));
  const station = { root, directory, configFile, file, gpioLine, brokerUrl, armed: false, doors: new Map(), taps: {} };
  setMasterEnable(gpioLine, false);
  const masterEnable = hardware.followGpio === false ? undefined : { line: file.masterEnable.gpio, root: gpioLine };
  const world = startPart(part("hardware"), {
    root,
    configFile,
    taps,
    masterEnable,
    shutDoorAfterMs: hardware.shutDoorAfterMs ?? 800,
    requestTakesTime: hardware.requestTakesTime ?? false,
    options: { arrivalsPerDay: 0, faultless: true, ...hardware.world },
  });
  const { nodeWire } = await import(`${root}/dist/firmware/platform/node-wire.js`);
  const openWire = nodeWire();
  for (const bus of file.buses) {
    if (taps.includes(bus.id)) station.taps[bus.id] = openTap(openWire, bus, (message) => world.send(message));
  }
  let ready = false;
  world.on("message", (message) => {
    if ("line" in message) station.taps[message.line]?.write(message.bytes);
    else if ("door" in message) station.doors.set(message.door, message.open);
    else if ("masterEnable" in message) station.armed = message.masterEnable;
    else if ("ready" in message) ready = true;
  });
  await until(() => ready, { timeoutMs: 30_000, what: "the hardware side" });
  /** What each untapped line was asked since the last time. */
  station.traffic = () =>
    new Promise((told) => {
      const hear = (message) => {
        if (!("traffic" in message)) return;
        world.off("message", hear);
        told(message.traffic);
      };
      world.on("message", hear);
      world.send({ ask: "traffic" });
    });
  /** Orders to the simulated world: { smoke: { cabinet, on } }, { packC }. */
  station.order = (order) => world.send(order);
  station.hear = (listener) => world.on("message", listener);
  station.stop = async () => {
    // First whoever would complain that the lines are gone.
    for (const tap of Object.values(station.taps)) tap.close();
    await end(world);
    await end(broker);
    await ptys.close();
  };
  return station;
}

/** Starts the controller as an operator would; its diary goes nowhere, its complaints are kept. */
export function startController(station) {
  const program = join(station.root, "bin", "yizhan.js");
  const child = start(process.execPath, [...NODE_FLAGS, program, "run", "-c", station.configFile], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.complaints = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text) => {
    child.complaints += text;
  });
  return child;
}

export async function untilArmed(station, controller) {
  const over = () => controller.exitCode !== null || controller.signalCode !== null;
  await until(() => station.armed || over(), { timeoutMs: 60_000, what: "the master enable" });
  if (over()) throw new Error(`the controller ended: ${controller.complaints}`);
}
