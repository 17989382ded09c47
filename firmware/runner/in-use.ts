/**
 * What of the station is in use now: a bay or a cabinet that an operator took out of service is not, and neither is a line that
 * serves nothing else. The controller's own health counts only what is in use; danger is told whatever was switched off.
 */
import { type Fault, faultCatalogue } from "../../services/faults.ts";
import type { StationState } from "../../services/station/state.ts";
import type { ConfigFile } from "../config/schema.ts";

/** What a line serves: a bay with its cabinet, a cabinet, or (both undefined) the station as a whole. */
interface Served {
  readonly bay: number | undefined;
  readonly cabinet: string | undefined;
}

export interface InUse {
  /** Faults that somebody who looks after the controller should count. */
  faults(state: StationState): readonly Fault[];
  /** Those of the lost lines that serve something in use. */
  lost(buses: readonly string[], state: StationState): readonly string[];
}

/** Ids of devices named anywhere in an entry of the configuration. */
function devicesIn(entry: unknown): string[] {
  if (typeof entry !== "object" || entry === null) return [];
  return Object.entries(entry).flatMap(([key, value]) =>
    key === "device" && typeof value === "string" ? [value] : devicesIn(value),
  );
}

function servedByBus(file: ConfigFile): ReadonlyMap<string, readonly Served[]> {
  const busOf = new Map(file.devices.flatMap((device) => ("bus" in device ? [[device.id, device.bus] as const] : [])));
  const served = new Map<string, Served[]>();
  const note = (entry: unknown, what: Served): void => {
    for (const device of devicesIn(entry)) {
      const bus = busOf.get(device);
      if (bus !== undefined) served.set(bus, [...(served.get(bus) ?? []), what]);
    }
  };
  note(file.station, { bay: undefined, cabinet: undefined });
  for (const { bays, ...shared } of file.cabinets) {
    note(shared, { bay: undefined, cabinet: shared.id });
    for (const bay of bays) note(bay, { bay: bay.bay, cabinet: shared.id });
  }
  return served;
}

function isOff({ bay, cabinet }: Served, { durable }: StationState): boolean {
  if (cabinet !== undefined && Object.hasOwn(durable.operators.cabinetLockOuts, cabinet)) return true;
  return bay !== undefined && durable.lockOuts[String(bay)]?.lockOut === "operator";
}

export function watchInUse(file: ConfigFile): InUse {
  const buses = servedByBus(file);
  const places = new Map<string, Served>();
  for (const { id, bays } of file.cabinets) {
    places.set(id, { bay: undefined, cabinet: id });
    for (const { bay } of bays) places.set(String(bay), { bay, cabinet: id });
  }
  const busInUse = (bus: string, state: StationState): boolean => {
    const served = buses.get(bus) ?? [];
    return served.length === 0 || served.some((what) => !isOff(what, state));
  };
  const counts = (fault: Fault, state: StationState): boolean => {
    if (faultCatalogue[fault.code].severity === "danger") return true;
    if (fault.code === "bus-lost") return busInUse(fault.subject, state);
    const place = places.get(fault.subject);
    return place === undefined || !isOff(place, state);
  };
  return {
    faults: (state) => Object.values(state.faults).filter((fault) => counts(fault, state)),
    lost: (lost, state) => lost.filter((bus) => busInUse(bus, state)),
  };
}
