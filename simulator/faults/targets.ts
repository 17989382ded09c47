/**
 * What there is to strike in a station, under the names by which a strike is told and asked for again; and who has laid hands on
 * what, so that no two strikes break the same part and the first to end mends it under the other. It breaks nothing itself.
 */
import type { DeviceEntry } from "../../firmware/config/schema-wiring.ts";
import type { BayFaults } from "../fault-types.ts";
import type { Simulation } from "../simulation.ts";
import type { FaultGround, Strike } from "./fault.ts";

export interface Target {
  readonly where: string;
}

/** Something taken, and how the strike at it ends. */
export interface Taken<T extends Target> {
  readonly target: T;
  readonly where: string;
  /** The strike at it; `mend` runs once. */
  until(mend: () => void): Strike;
}

const hands = new WeakMap<Simulation, Set<string>>();

function handsOn(simulation: Simulation): Set<string> {
  const known = hands.get(simulation) ?? new Set();
  hands.set(simulation, known);
  return known;
}

/**
 * Takes one of `targets`: the one that is asked for, or any that nobody has laid hands on. `part` is what will be broken of it;
 * two faults that break the same part name the same one.
 */
export function take<T extends Target>(
  { simulation, random, where, troubles }: FaultGround,
  fault: string,
  part: string,
  targets: readonly T[],
): Taken<T> | undefined {
  const taken = handsOn(simulation);
  const free = targets.filter(
    (target) => (where === undefined || target.where === where) && !taken.has(`${part} of ${target.where}`),
  );
  if (free.length === 0) return undefined;
  const target = random.pick(free);
  const key = `${part} of ${target.where}`;
  taken.add(key);
  const over = troubles.begin(fault, target.where);
  let ended = false;
  return {
    target,
    where: target.where,
    until: (mend) => ({
      where: target.where,
      end: () => {
        if (ended) return;
        ended = true;
        mend();
        taken.delete(key);
        over();
      },
    }),
  };
}

// --- Lines and what hangs on them.

export interface LineTarget extends Target {
  readonly path: string;
  readonly devices: readonly DeviceEntry[];
}

export const linesOf = ({ config }: FaultGround): LineTarget[] =>
  config.file.buses.map(({ id, path }) => ({
    where: `line ${id}`,
    path,
    devices: config.file.devices.filter((device) => "bus" in device && device.bus === id),
  }));

/** Kinds whose frames bear an address. */
export type AddressedKind = "waveshare-relay-d" | "xy-md02" | "lock-8a" | "dpm86";
export type AddressedDevice = Extract<DeviceEntry, { readonly kind: AddressedKind }>;

export interface DeviceTarget extends Target {
  readonly device: AddressedDevice;
  readonly path: string;
  /** Others of the same kind on the same line. */
  readonly beside: readonly AddressedDevice[];
}

const isAddressed = (device: DeviceEntry): device is AddressedDevice =>
  device.kind === "waveshare-relay-d" ||
  device.kind === "xy-md02" ||
  device.kind === "lock-8a" ||
  device.kind === "dpm86";

export const devicesOf = (ground: FaultGround): DeviceTarget[] =>
  linesOf(ground).flatMap(({ path, devices }) => {
    const addressed = devices.filter(isAddressed);
    return addressed.map((device) => ({
      where: `device ${device.id}`,
      device,
      path,
      beside: addressed.filter((other) => other !== device && other.kind === device.kind),
    }));
  });

// --- Bays.

export interface BayTarget extends Target {
  readonly bay: number;
  readonly faults: BayFaults;
}

export const baysOf = ({ simulation: { world } }: FaultGround): BayTarget[] =>
  world.truth.bays.map(({ bay }) => ({ where: `bay ${bay}`, bay, faults: world.bayFaults(bay) }));

/** Bays with a pack whose BMS can be heard. */
export const packsOf = (ground: FaultGround): BayTarget[] =>
  baysOf(ground).filter(({ bay, faults }) => {
    const { pack, plugged } = ground.simulation.world.truth.bay(bay);
    return pack !== undefined && plugged && !faults.bmsSilent;
  });

/** The bays of a list for which a condition holds, or all of them where it holds for none. */
export function ratherThose(ground: FaultGround, bays: readonly BayTarget[], holds: (bay: number) => boolean) {
  if (ground.where !== undefined) return bays;
  const those = bays.filter(({ bay }) => holds(bay));
  return those.length > 0 ? those : bays;
}

// --- Sensors that are not in packs.

/** A sensor of the room's air on a line. */
export interface AirTarget extends Target {
  readonly device: string;
  readonly kind: "air";
}

/** A thermometer that is a file. */
export interface ProbeTarget extends Target {
  readonly device: string;
  readonly kind: "file";
}

export const airSensorsOf = ({ simulation: { world } }: FaultGround): AirTarget[] =>
  [...(world.room?.room.sensors.keys() ?? [])].map((device) => ({ where: `sensor ${device}`, device, kind: "air" }));

export const probesOf = ({ config, simulation: { world } }: FaultGround): ProbeTarget[] =>
  config.file.devices
    .filter(({ id }) => world.probeFaults(id) !== undefined)
    .map(({ id }) => ({ where: `sensor ${id}`, device: id, kind: "file" }));
