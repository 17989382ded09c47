/**
 * The station of a scenario as a configuration: cabinets of as many bays as it says, on lines of their own, or the bundled station
 * with a room. It is made in memory and passes the same schema as a file.
 */
import { fileURLToPath } from "node:url";
import { configHash } from "../../firmware/config/hash.ts";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import { requestPolicy } from "../../firmware/config/request-keys.ts";
import { ConfigFile } from "../../firmware/config/schema.ts";
import { stationConfig } from "../../firmware/config/station-config.ts";
import { makeMemberList } from "../../services/members/members.ts";
import type { Scenario } from "./scenario.ts";

const letters = "abc";

interface Parts {
  readonly buses: object[];
  readonly devices: object[];
}

function bay(number: number, at: number, name: string, parts: Parts): object {
  const board = `bays-${name}-${1 + Math.floor(at / 4)}`;
  const slot = at % 4;
  parts.buses.push({ id: `pack-${number}`, path: `/line/pack-${number}` });
  parts.devices.push(
    { id: `jbd-${number}`, kind: "jbd", bus: `pack-${number}` },
    { id: `charger-${number}`, kind: "dpm86", bus: `chargers-${name}`, address: at + 1, model: "dpm8624" },
  );
  return {
    bay: number,
    lock: { device: `lock-${name}-${1 + Math.floor(at / 8)}`, channel: 1 + (at % 8) },
    door: { device: board, input: 2 * slot + 1 },
    presence: { device: board, input: 2 * slot + 2 },
    contactor: { device: board, relay: 2 * slot + 1 },
    heater: { device: board, relay: 2 * slot + 2 },
    charger: { device: `charger-${number}` },
    pack: { device: `jbd-${number}` },
  };
}

function cabinet(name: string, first: number, bays: number, parts: Parts): object {
  for (const kind of ["locks", "chargers", "codes"])
    parts.buses.push({ id: `${kind}-${name}`, path: `/line/${kind}-${name}` });
  parts.buses.push({ id: `relays-${name}`, path: `/line/relays-${name}`, baud: 38_400 });
  const boards = Math.ceil(bays / 4);
  for (let board = 1; board <= boards; board++)
    parts.devices.push({
      id: `bays-${name}-${board}`,
      kind: "waveshare-relay-d",
      bus: `relays-${name}`,
      address: board,
    });
  for (let lock = 1; lock <= Math.ceil(bays / 8); lock++)
    parts.devices.push({
      id: `lock-${name}-${lock}`,
      kind: "lock-8a",
      bus: `locks-${name}`,
      address: lock,
      channels: 8,
    });
  parts.devices.push(
    { id: `extra-${name}`, kind: "waveshare-relay-d", bus: `relays-${name}`, address: boards + 1 },
    { id: `code-${name}`, kind: "gm65", bus: `codes-${name}` },
    { id: `air-${name}`, kind: "w1-thermometer", path: `/line/air-${name}` },
  );
  return {
    id: name,
    scanner: { device: `code-${name}` },
    smoke: { device: `extra-${name}`, input: 1 },
    water: { device: `extra-${name}`, input: 2 },
    runawayConductor: { device: `extra-${name}`, input: 3 },
    aerosol: { device: `extra-${name}`, relay: 2 },
    alarm: { device: `extra-${name}`, relay: 3 },
    fan: { device: `extra-${name}`, relay: 1 },
    thermometer: { device: `air-${name}` },
    bays: Array.from({ length: bays }, (_unused, at) => bay(first + at, at, name, parts)),
  };
}

function withoutRoom({ bays, siteLimitW }: Scenario["station"]): ConfigFile {
  const parts: Parts = { buses: [], devices: [] };
  let next = 1;
  const cabinets = bays.map((count, at) => {
    const made = cabinet(letters[at] as string, next, count, parts);
    next += count;
    return made;
  });
  return ConfigFile.parse({
    station: {
      id: "soak-1",
      name: { zh: "模拟站", en: "Simulated station" },
      timeZone: "Asia/Shanghai",
      siteLimitW,
      emergencyStop: { device: "extra-a", input: 4, inverted: true },
      alarm: { device: "extra-a", relay: 4 },
      exitRelease: { device: "extra-a", relay: 5 },
    },
    members: { file: "members.yaml" },
    masterEnable: { gpio: 17 },
    ...parts,
    cabinets,
  });
}

function withRoom(): LoadedConfig {
  const path = fileURLToPath(new URL("../../../examples/room-station.yaml", import.meta.url));
  const bundled = loadConfig(path);
  const loaded = bundled.ok
    ? bundled
    : loadConfig(fileURLToPath(new URL("../../examples/room-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error(`the bundled station with a room cannot be read: ${loaded.problems[0]?.message.en}`);
  return loaded.config;
}

export function layoutOf(station: Scenario["station"]): LoadedConfig {
  if (station.room) return withRoom();
  const file = withoutRoom(station);
  return {
    path: "(scenario)",
    baseDirectory: ".",
    file,
    station: stationConfig(file),
    members: makeMemberList([]),
    memberCount: 0,
    requests: requestPolicy(file.requests, []),
    hash: configHash(file),
  };
}
