/**
 * Offers the station's view to MQTT, at once where a contact changed and every few seconds otherwise: bays, cabinets, power, the
 * room, faults and health. What is worth sending is decided by the dead-bands of the contract; here nothing is remembered but
 * which faults were shown, so that they can be emptied.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import { contract, topicFor } from "../../services/contract/topics.ts";
import { ledgerView } from "../../services/ledger/view.ts";
import { peopleView } from "../../services/people/view.ts";
import { contextInForce } from "../../services/station/in-force.ts";
import type { StationContext } from "../../services/station/state.ts";
import {
  bayAvailable,
  bayView,
  cabinetView,
  faultView,
  powerView,
  type ViewInput,
} from "../../services/station/view.ts";
import type { MqttSession } from "../mqtt/session.ts";
import type { Hardware } from "./hardware.ts";
import type { InUse } from "./in-use.ts";
import type { Loop } from "./loop.ts";
import type { Platform } from "./platform.ts";
import { createRoomTelemetry, type RoomTelemetry } from "./room-telemetry.ts";

const offerMs = 5_000;
const healthMs = 60_000;

export interface TelemetryPorts {
  readonly clock: Clock;
  readonly context: StationContext;
  readonly loop: Loop;
  readonly hardware: Hardware;
  readonly session: MqttSession;
  readonly inUse: InUse;
  readonly memory: Platform["memory"];
  /** Events that will never be delivered. */
  readonly droppedEvents: () => number;
}

class Telemetry {
  private readonly ports: TelemetryPorts;
  private readonly startedMs: number;
  private readonly bays: { readonly bay: number; readonly topic: string; readonly availability: string }[] = [];
  private readonly cabinets: { readonly id: string; readonly topic: string }[];
  /** Of what there is one of. */
  private readonly topics: { readonly power: string; readonly ledger: string; readonly people: string };
  private readonly room: RoomTelemetry;
  private shownFaults = new Set<string>();
  private healthDueMs = 0;
  private timer: Timer | undefined;

  constructor(ports: TelemetryPorts) {
    this.ports = ports;
    this.startedMs = ports.clock.monotonicMs();
    const { config } = ports.context;
    const station = config.stationId;
    for (const layout of config.bays) {
      if (layout === undefined) continue;
      const { bay } = layout;
      const topic = topicFor(contract.bay, { station, bay });
      this.bays.push({ bay, topic, availability: topicFor(contract.bayAvailability, { station, bay }) });
    }
    this.cabinets = config.cabinets.map(({ id }) => ({
      id,
      topic: topicFor(contract.cabinet, { station, cabinet: id }),
    }));
    this.topics = {
      power: topicFor(contract.power, { station }),
      ledger: topicFor(contract.ledger, { station }),
      people: topicFor(contract.people, { station }),
    };
    this.room = createRoomTelemetry(ports.context, ports.session);
  }

  /** Offers everything now, and again every few seconds. */
  run(): void {
    this.offerAll();
    this.timer = this.ports.clock.after(offerMs, () => this.run());
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** A bay changed in a way that people wait for: offered now, not at the next round. */
  bayChanged(bay: number): void {
    const entry = this.bays.find((candidate) => candidate.bay === bay);
    if (entry !== undefined) this.offerBay(entry, this.view());
  }

  /** A contact of the room changed: a door, or a button that somebody pressed. */
  roomChanged(): void {
    this.room.offer(this.view(), this.ports.loop.moment());
  }

  /** An operator was answered, who now waits to see what it changed. */
  answered(): void {
    const view = this.view();
    for (const entry of this.bays) this.offerBay(entry, view);
    this.offerCabinets(view);
    this.room.offer(view, this.ports.loop.moment());
  }

  private view(): ViewInput {
    const { clock, loop, hardware } = this.ports;
    return {
      state: loop.state(),
      readings: hardware.image,
      granted: loop.granted(),
      nowMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
    };
  }

  private inForce({ state }: ViewInput): StationContext {
    return contextInForce(this.ports.context, state);
  }

  private offerBay({ bay, topic, availability }: Telemetry["bays"][number], view: ViewInput): void {
    const { session } = this.ports;
    const context = this.inForce(view);
    session.offer("bay", topic, bayView(view, bay, context));
    session.offer("bayAvailability", availability, bayAvailable(view, bay, context) ? "online" : "offline");
  }

  private offerAll(): void {
    const { topics } = this;
    const { session } = this.ports;
    const view = this.view();
    const context = this.inForce(view);
    const station = context.config.stationId;
    for (const entry of this.bays) this.offerBay(entry, view);
    this.offerCabinets(view);
    session.offer("power", topics.power, powerView(view, context));
    const { durable } = view.state;
    const { debtOverdueMs } = context.config.swap;
    session.offer("ledger", topics.ledger, ledgerView(durable, view.wallMs, debtOverdueMs));
    session.offer("people", topics.people, peopleView(durable));
    this.room.offer(view, this.ports.loop.moment());
    this.offerFaults(view, station);
    if (view.nowMs >= this.healthDueMs) this.offerHealth(view, station);
  }

  private offerCabinets(view: ViewInput): void {
    const context = this.inForce(view);
    for (const { id, topic } of this.cabinets)
      this.ports.session.offer("cabinet", topic, cabinetView(view, id, context));
  }

  private offerFaults(view: ViewInput, station: string): void {
    const shown = new Set<string>();
    const clock = this.ports.clock.wallSynchronised() ? "ntp" : "unsynced";
    for (const fault of Object.values(view.state.faults)) {
      const topic = topicFor(contract.fault, { station, code: fault.code, subject: fault.subject });
      shown.add(topic);
      if (!this.shownFaults.has(topic)) this.ports.session.offer("fault", topic, faultView(fault, view, clock));
    }
    for (const topic of this.shownFaults) if (!shown.has(topic)) this.ports.session.clear(topic);
    this.shownFaults = shown;
  }

  private offerHealth(view: ViewInput, station: string): void {
    const { loop, hardware, session, memory, clock, inUse, droppedEvents } = this.ports;
    this.healthDueMs = view.nowMs + healthMs;
    const late = loop.lateness();
    const mqtt = session.stats();
    const bus = { requests: 0, timeouts: 0, rejected: 0 };
    const { buses, lost } = hardware.stats();
    for (const stats of Object.values(buses)) {
      bus.requests += stats.requests;
      bus.timeouts += stats.silent;
      bus.rejected += stats.bad;
    }
    session.offer("health", topicFor(contract.health, { station }), {
      uptimeS: Math.round((view.nowMs - this.startedMs) / 1_000),
      loop: { lateP99Ms: late.p99Ms, lateMaxMs: late.maxMs },
      memory: memory(),
      outbox: {
        depth: mqtt.outbox.queued,
        ageS: Math.round(mqtt.outbox.waitingMs / 1_000),
        dropped: droppedEvents(),
      },
      bus: { ...bus, silent: inUse.lost(lost, view.state).slice(0, 64) },
      mqtt: {
        reconnects: mqtt.reconnects,
        published: mqtt.published,
        failed: mqtt.failed,
        refused: mqtt.requests.refusedTotal,
      },
      clock: clock.wallSynchronised() ? "ntp" : "unsynced",
      faults: inUse.faults(view.state).length,
    });
  }
}

export function startTelemetry(
  ports: TelemetryPorts,
): Pick<Telemetry, "stop" | "bayChanged" | "roomChanged" | "answered"> {
  const telemetry = new Telemetry(ports);
  telemetry.run();
  return telemetry;
}
