/** The faults of fire watch, emergency stop and water, from contacts, zones and latches; one a cause and a cabinet. */
import type { CabinetLayout } from "../config.ts";
import type { FaultCode } from "../faults.ts";
import { contactDanger, stationDanger } from "../safety/danger.ts";
import { heatSignals } from "../safety/zones.ts";
import type { Draft } from "./draft.ts";

const contacts = ["smoke", "conductor", "water"] as const;

export interface FaultSink {
  /** Whether devices had the time to be heard for the first time. */
  readonly settled: boolean;
  readonly add: (code: FaultCode, subject: string) => void;
}

function cabinetFaults(draft: Draft, cabinet: CabinetLayout, { settled, add }: FaultSink): void {
  const { readings, nowMs } = draft.input;
  const { config } = draft.context;
  for (const contact of contacts) {
    const danger = contactDanger(contact, readings, cabinet, { nowMs, config });
    if (danger !== undefined && (settled || danger === contact)) add(danger, cabinet.id);
  }
  const zone = draft.state.alerts.zones[cabinet.id];
  if (zone !== undefined && heatSignals(zone, config.safety.runawayConfirmMs).length > 0) add("heat", cabinet.id);
  if (draft.state.durable.safety.latches[cabinet.id] !== undefined) add("runaway", cabinet.id);
}

export function safetyFaults(draft: Draft, sink: FaultSink): void {
  const { readings, nowMs } = draft.input;
  const { config } = draft.context;
  for (const cabinet of config.cabinets) cabinetFaults(draft, cabinet, sink);
  const station = stationDanger(readings, config, nowMs);
  if (station !== undefined && (sink.settled || station === "emergency-stop")) sink.add(station, "station");
}
