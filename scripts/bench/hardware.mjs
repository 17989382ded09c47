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

/**
 * From the moment a smoke contact closes: when the last contactor of its cabinet opened and its last heater went off, and
 * when its last charger was told to stop. Tells as well how much of each cabinet is on, whenever that changes.
 */
function watchSmoke(world) {
  const since = new Map();
  const cabinets = new Map(world.truth.cabinets.map((cabinet) => [cabinet.id, cabinet]));
  const cabinetOf = new Map(world.truth.bays.map(({ bay, cabinet }) => [bay, cabinet]));
  const chargersOn = new Map([...cabinets.keys()].map((id) => [id, new Set()]));
  const onIn = (id) => {
    const { bays } = cabinets.get(id);
    const contactors = bays.filter((bay) => bay.contactorClosed).length;
    const charging = bays.filter((bay) => bay.chargeMa > 50).length;
    return { contactors, charging, heaters: bays.filter((bay) => bay.heaterOn).length };
  };
  function look(id) {
    const on = onIn(id);
    process.send({ cabinet: id, on });
    const fire = since.get(id);
    if (fire === undefined) return;
    const ms = performance.now() - fire.atMs;
    if (fire.contactorsMs === undefined && on.contactors === 0) fire.contactorsMs = ms;
    if (fire.heatersMs === undefined && on.heaters === 0) fire.heatersMs = ms;
    if (fire.chargersMs === undefined && chargersOn.get(id).size === 0) fire.chargersMs = ms;
    const { contactorsMs, heatersMs, chargersMs, before } = fire;
    if (contactorsMs === undefined || heatersMs === undefined || chargersMs === undefined) return;
    since.delete(id);
    process.send({ wentOff: id, before, contactorsMs, heatersMs, chargersMs });
  }
  world.onTruth((event) => {
    if (event.type === "smoke" && event.on) {
      since.set(event.cabinet, { atMs: performance.now(), before: onIn(event.cabinet) });
      look(event.cabinet);
    }
    const id = cabinetOf.get(event.bay);
    if (event.type === "charger") {
      // What the charger is told counts; its output stage needs a moment more.
      if (event.setMa > 0) chargersOn.get(id).add(event.bay);
      else chargersOn.get(id).delete(event.bay);
    }
    if (["charger", "contactor", "heater", "current"].includes(event.type)) look(id);
  });
}

async function play({ root, configFile, taps, masterEnable, shutDoorAfterMs, requestTakesTime, options }) {
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
            const copy = Uint8Array.from(chunk);
            const hear = () => device.receive(copy, copy.length);
            if (requestTakesTime) clock.after(copy.length * byteMs, hear);
            else hear();
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
  process.on("message", ({ line, bytes, ask, smoke, packC }) => {
    if (ask === "traffic") process.send({ traffic: traffic.take() });
    else if (smoke !== undefined) world.setSmoke(smoke.cabinet, smoke.on);
    else if (packC !== undefined) for (const { bay, pack } of world.truth.bays) pack && world.setPackTemp(bay, packC);
    else tapped.get(line)?.receive(bytes, bytes.length);
  });
  if (masterEnable !== undefined) followMasterEnable(masterEnable, world, clock);
  watchSmoke(world);
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
