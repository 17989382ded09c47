// A part of a bench: the simulated world on the far ends of pseudo-terminals, in real time. Lines that are tapped are not
// opened here: their bytes come from and go to the bench itself, which stamps them. Doors that open are shut again, so that
// the next rider can be served.
import { readFileSync } from "node:fs";

const GPIO_POLL_MS = 20;

/** The master enable as the contactors feel it; a real kernel turns "low" and "high" in `direction` into a level. */
function followMasterEnable({ line, root }, world, clock) {
  const output = world.gpio.openOutput(line, false);
  let was;
  function look() {
    const direction = readFileSync(`${root}/direction`, "utf8").trim();
    const high = direction === "high" || readFileSync(`${root}/value`, "utf8").trim() === "1";
    if (high !== was) {
      output.write(high);
      process.send({ masterEnable: high });
    }
    was = high;
    clock.after(GPIO_POLL_MS, look);
  }
  look();
}

/** How often each line was asked, and the last question: what a bare process would have to do as well. */
function watchTraffic() {
  let lines = new Map();
  let fromMs = performance.now();
  return {
    count(path, bytes) {
      lines.set(path, { times: (lines.get(path)?.times ?? 0) + 1, request: Uint8Array.from(bytes) });
    },
    take() {
      const seconds = (performance.now() - fromMs) / 1_000;
      const taken = [...lines].map(([path, { times, request }]) => ({ path, perSecond: times / seconds, request }));
      lines = new Map();
      fromMs = performance.now();
      return taken;
    },
  };
}

async function play({ root, configFile, taps, masterEnable, shutDoorAfterMs, options }) {
  const [{ loadConfig }, { nodeClock }, { nodeWire }, { createRandom }, { createWorld }] = await Promise.all(
    [
      "firmware/config/load.js",
      "firmware/platform/node-clock.js",
      "firmware/platform/node-wire.js",
      "simulator/random.js",
      "simulator/world.js",
    ].map((module) => import(`${root}/dist/${module}`)),
  );
  const loaded = loadConfig(configFile);
  if (!loaded.ok) throw new Error(`${configFile} is not valid: ${JSON.stringify(loaded.problems)}`);
  const { file } = loaded.config;
  const clock = nodeClock();
  const world = createWorld({
    config: file,
    clock,
    random: createRandom("bench"),
    options: { credentials: [], ...options },
  });
  const openWire = nodeWire();
  const tapped = new Map();
  const traffic = watchTraffic();
  for (const { id, path, baud, stopBits } of file.buses) {
    const device = world.wireDevice(path);
    if (device === undefined) continue;
    const byteMs = ((9 + stopBits) * 1_000) / baud;
    let write = (bytes) => process.send({ line: id, bytes });
    if (taps.includes(id)) tapped.set(id, device);
    else {
      const wire = openWire(
        { path: `${path}.far`, baud, stopBits },
        {
          opened: () => undefined,
          bytes(chunk) {
            traffic.count(path, chunk);
            device.receive(chunk, chunk.length);
          },
          closed: (why) => {
            throw new Error(`${path}: ${why}`);
          },
        },
      );
      write = (bytes) => wire.write(bytes);
    }
    // Answers take the time the wire would have taken.
    device.connect((bytes, delayMs) => {
      const copy = Uint8Array.from(bytes);
      clock.after(delayMs + copy.length * byteMs, () => write(copy));
    });
  }
  process.on("message", ({ line, bytes, ask }) => {
    if (ask === "traffic") process.send({ traffic: traffic.take() });
    else tapped.get(line)?.receive(bytes, bytes.length);
  });
  if (masterEnable !== undefined) followMasterEnable(masterEnable, world, clock);
  world.onTruth((event) => {
    if (event.type !== "door") return;
    process.send({ door: event.bay, open: event.open });
    if (event.open) clock.after(shutDoorAfterMs, () => world.shutDoor(event.bay));
  });
  world.start();
  process.send({ ready: true });
}

process.once("message", (data) => play(data));
process.on("disconnect", () => process.exit());
