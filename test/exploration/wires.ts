/** What the wires of a world say at one instant: every contact, pack and smoke head, asked now. They tell the truth. */
import type { Reading } from "../../services/reading.ts";
import { type BayReadings, emptyCabinetReadings, type StationReadings } from "../../services/readings.ts";
import type { BayWorld, Scene, World } from "./world.ts";

function packReading(scene: Scene, world: World, bay: number, inside: BayWorld): BayReadings["pack"] {
  const was = world.image.bays[bay]?.pack;
  const reading = inside.pack === undefined || inside.silent ? undefined : scene.packs[inside.pack];
  if (reading !== undefined) {
    const packMa = world.chargeMa[bay] ?? 0;
    return { value: packMa === 0 ? reading : { ...reading, packMa }, atMs: world.nowMs, quality: "good" };
  }
  // A link that hears nothing keeps the last answer and calls it stale.
  return was === undefined || was.quality === "stale" ? was : { ...was, quality: "stale" };
}

function readBay(scene: Scene, world: World, bay: number, inside: BayWorld): BayReadings {
  const sample = <T>(value: T): Reading<T> => ({ value, atMs: world.nowMs, quality: "good" });
  const shut = sample(!inside.open);
  const outMv = inside.pack === undefined ? 0 : (scene.packs[inside.pack]?.packMv ?? 0);
  return {
    doorShut: shut,
    latched: shut,
    present: sample(inside.pack !== undefined),
    pack: packReading(scene, world, bay, inside),
    charger: sample({ outMv, outMa: world.chargeMa[bay] ?? 0 }),
  };
}

/** The world after its wires were asked. */
export function readWires(scene: Scene, world: World): World {
  const cabinets: Record<string, StationReadings["cabinets"][string]> = {};
  for (const [id, smoke] of Object.entries(world.smoke)) {
    cabinets[id] = { ...emptyCabinetReadings(), smoke: { value: smoke, atMs: world.nowMs, quality: "good" } };
  }
  const bays = world.bays.map((inside, bay) => (inside === undefined ? undefined : readBay(scene, world, bay, inside)));
  const untouched = world.bays.some((inside) => inside?.touched === true)
    ? world.bays.map((inside) => (inside?.touched === true ? { ...inside, touched: false } : inside))
    : world.bays;
  return { ...world, bays: untouched, image: { bays, cabinets, station: { emergencyStop: undefined } } };
}
