/** A small station for tests: cabinets of four bays, every kind of device, one world on a virtual clock. */
import { ConfigFile } from "../../firmware/config/schema.ts";
import type { Wire } from "../../hal/ports/wire.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";
import type { WorldOptions } from "../../simulator/option-types.ts";
import { createRandom } from "../../simulator/random.ts";
import type { TruthEvent } from "../../simulator/truth-types.ts";
import { createWorld } from "../../simulator/world.ts";
import type { World } from "../../simulator/world-types.ts";

export interface SmallStation {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly config: ConfigFile;
  /** Everything that really happened, oldest first. */
  readonly events: TruthEvent[];
  /** Opens a line; `heard` fills with what comes back, one chunk an entry. */
  talk(path: string): Talk;
}

export interface Talk {
  readonly wire: Wire;
  readonly heard: Uint8Array[];
  /** When each chunk came. */
  readonly heardMs: number[];
  /** Sends and waits for `ms`; returns what came in that time, as upper-case hex without spaces. */
  ask(bytes: Uint8Array, ms?: number): string;
}

/** Half past ten in the morning of a Wednesday in January, in Liaoyuan. */
export const WINTER_MORNING = Date.UTC(2026, 0, 14, 2, 30);
export const BAYS_PER_CABINET = 4;

export function smallConfig(cabinets = 1, changes: Record<string, unknown> = {}): ConfigFile {
  const buses: unknown[] = [];
  const devices: unknown[] = [];
  const entries: unknown[] = [];
  for (let at = 0; at < cabinets; at++) {
    const name = String.fromCharCode(97 + at);
    for (const kind of ["locks", "relays", "chargers", "codes"])
      buses.push({ id: `${kind}-${name}`, path: `/${kind}-${name}` });
    devices.push(
      { id: `lock-${name}`, kind: "lock-8a", bus: `locks-${name}`, address: 1, channels: 8 },
      { id: `bays-${name}`, kind: "waveshare-relay-d", bus: `relays-${name}`, address: 1 },
      { id: `extra-${name}`, kind: "waveshare-relay-d", bus: `relays-${name}`, address: 2 },
      { id: `code-${name}`, kind: "gm65", bus: `codes-${name}` },
      { id: `air-${name}`, kind: "w1-thermometer", path: `/air-${name}` },
    );
    const bays = Array.from({ length: BAYS_PER_CABINET }, (_unused, k) => {
      const bay = at * BAYS_PER_CABINET + k + 1;
      buses.push({ id: `pack-${bay}`, path: `/pack-${bay}` });
      devices.push(
        { id: `jbd-${bay}`, kind: "jbd", bus: `pack-${bay}` },
        { id: `charger-${bay}`, kind: "dpm86", bus: `chargers-${name}`, address: k + 1 },
      );
      return {
        bay,
        lock: { device: `lock-${name}`, channel: k + 1 },
        door: { device: `bays-${name}`, input: 2 * k + 1 },
        presence: { device: `bays-${name}`, input: 2 * k + 2 },
        contactor: { device: `bays-${name}`, relay: 2 * k + 1 },
        heater: { device: `bays-${name}`, relay: 2 * k + 2 },
        charger: { device: `charger-${bay}` },
        pack: { device: `jbd-${bay}` },
      };
    });
    entries.push({
      id: name,
      bays,
      scanner: { device: `code-${name}` },
      smoke: { device: `extra-${name}`, input: 1 },
      fan: { device: `extra-${name}`, relay: 1 },
      thermometer: { device: `air-${name}` },
    });
  }
  return ConfigFile.parse({
    station: { id: "small", name: { zh: "小站", en: "Small" } },
    members: { file: "members.yaml" },
    masterEnable: { gpio: 17 },
    buses,
    devices,
    cabinets: entries,
    ...changes,
  });
}

export interface SmallStationOptions extends Partial<WorldOptions> {
  readonly seed?: string;
  readonly cabinets?: number;
  readonly config?: Record<string, unknown>;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

export function smallStation(options: SmallStationOptions = {}): SmallStation {
  const { seed = "small", cabinets = 1, config: changes = {}, ...given } = options;
  const config = smallConfig(cabinets, changes);
  const clock = createVirtualClock({ wallStartMs: WINTER_MORNING });
  const world = createWorld({ config, clock, random: createRandom(seed), options: { credentials: [], ...given } });
  const events: TruthEvent[] = [];
  world.onTruth((event) => events.push(event));
  const talk = (path: string): Talk => {
    const heard: Uint8Array[] = [];
    const heardMs: number[] = [];
    const bus = config.buses.find((candidate) => candidate.path === path);
    const spec = { path, baud: bus?.baud ?? 9_600, stopBits: bus?.stopBits ?? (1 as const) };
    const wire = world.openWire(spec, {
      opened: () => {},
      bytes: (chunk) => {
        heard.push(Uint8Array.from(chunk));
        heardMs.push(clock.nowMs);
      },
      closed: () => {},
    });
    clock.runUntil(clock.nowMs + 5);
    const ask = (bytes: Uint8Array, ms = 100): string => {
      const from = heard.length;
      wire.write(bytes);
      clock.runUntil(clock.nowMs + ms);
      return heard.slice(from).map(hex).join("");
    };
    return { wire, heard, heardMs, ask };
  };
  return { clock, world, config, events, talk };
}

/** Raises the master enable, as the guardian does. */
export function enable(station: SmallStation, on = true): void {
  station.world.gpio.openOutput(17, on);
}
