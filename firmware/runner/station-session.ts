/** The station's MQTT session, put together from its log, its configuration and the platform. Without a broker there is none. */
import type { StationEvent } from "../../services/events.ts";
import type { LoadedConfig } from "../config/load.ts";
import { logSource } from "../mqtt/log-source.ts";
import { orderOf, refusedRecord, rememberedAnswers } from "../mqtt/orders.ts";
import { createMqttSession, type MqttSession } from "../mqtt/session.ts";
import type { AccessLists } from "./access-lists.ts";
import type { Announcing } from "./announcing.ts";
import type { ConnectionWatch } from "./connection-watch.ts";
import { infoOf } from "./info.ts";
import type { JournalDesk } from "./journal-desk.ts";
import type { Platform } from "./platform.ts";
import type { SecurityDesk } from "./security-desk.ts";

export interface SessionPorts {
  readonly config: LoadedConfig;
  readonly platform: Platform;
  readonly journal: JournalDesk;
  readonly announcing: Announcing;
  readonly connection: ConnectionWatch;
  readonly security: SecurityDesk;
  readonly lists: AccessLists;
  post(event: StationEvent): void;
  /** An event could not be put into the contract's form. */
  unsendable(): void;
}

export function openStationSession(ports: SessionPorts): MqttSession | undefined {
  const { config, platform, journal, announcing, connection, security, lists, post } = ports;
  const { openBroker, clock, identity, note, verify } = platform;
  if (openBroker === undefined) return undefined;
  const { durable, log, logId } = journal;
  const station = config.station.stationId;
  const cursor = Math.max(durable.outboxCursor, log.acknowledgedN());
  return createMqttSession({
    open: openBroker,
    clock,
    station,
    clientId: `yizhan-${station}`,
    info: infoOf(config, identity),
    outbox: {
      source: logSource({
        log,
        logId,
        station,
        found: { entries: journal.recovered.entries, delivered: cursor },
        unsendable: (entry, why) => {
          ports.unsendable();
          note("error", "event cannot be sent", { n: entry.n, why });
        },
      }),
      cursor,
      newest: log.syncedN(),
    },
    remembered: rememberedAnswers(durable),
    announcements: announcing.announcements,
    accepted: (accepted) => post({ type: "request", request: orderOf(accepted) }),
    asking: { policy: config.requests, verify, sequences: durable.operators.sequences },
    // Without an authority in the configuration no list could ever be good.
    accessList: (config.station.room?.access.authorities.length ?? 0) > 0 ? (text) => lists.heard(text) : undefined,
    security: (report) => post({ type: "told", record: refusedRecord(report) }),
    attemptFailed: (trouble, why) => security.attemptFailed(trouble, why),
    note: (what, why) => {
      note(what === "connected" ? "info" : "warn", `mqtt ${what}`, why === undefined ? {} : { why });
      connection.changed(what === "connected");
      if (what === "connected") security.connected();
    },
  });
}
