/**
 * What the outside is told of each journal record: the kind of event, its stream, and data in the words of the contract. One
 * mapping, so that no event exists that was not journalled, and none says more about a member than a short mark.
 */
import type { EventData, EventType } from "./contract/event-payloads.ts";
import { memberMark, type Publication } from "./contract/publication.ts";
import { faultCatalogue, isFaultCode } from "./faults.ts";
import { type Durable, emptyDurable, type SwapStage } from "./journal/durable.ts";
import { owedOutcomes } from "./journal/endings.ts";
import { applyRecord } from "./journal/fold.ts";
import type { JournalRecord, StationRecord } from "./journal/records.ts";
import { ledgerEvent } from "./ledger/events.ts";
import { inLayoutOf } from "./one-layout.ts";
import { operatorEvent } from "./operators/events.ts";
import { reportEvent } from "./people/view.ts";
import { securityTypeOf } from "./requests/reasons.ts";
import { askerOf } from "./requests/roles.ts";
import { roomEvent } from "./room/events.ts";
import { isRoomRecord } from "./room/records.ts";
import { safetyEvent } from "./safety/events.ts";
import { securityEvent } from "./security/events.ts";
import { outcomes } from "./swap/outcomes.ts";

const stageTypes = {
  reserved: "started",
  "in-open": "door-opened",
  "in-closed": "deposited",
  "in-accepted": "accepted",
  returning: "returning",
  "out-open": "door-opened",
  taken: "taken",
} as const satisfies Record<SwapStage, EventType<"swap">>;

const swapEvent = (type: EventType<"swap">, data: EventData): Publication => ({
  kind: "swap",
  stream: "swap",
  type,
  data,
});

function stageEvent(record: Extract<JournalRecord, { kind: "swap-stage" }>, durable: Durable): Publication {
  const { packId, socPct, because } = record;
  const cabinet = durable.swaps[record.swap]?.cabinet;
  return swapEvent(stageTypes[record.stage], {
    swap: record.swap,
    ...(cabinet === undefined ? {} : { cabinet }),
    bay: record.bay,
    ...(packId === undefined ? {} : { packId }),
    ...(socPct === undefined ? {} : { socPct }),
    ...(because === undefined ? {} : { reason: because }),
    ...(record.setAside === undefined ? {} : { setAside: record.setAside }),
  });
}

function endEvent(record: Extract<JournalRecord, { kind: "swap-ended" }>, durable: Durable): Publication {
  const { outcome, tookPackId, bay, durationMs } = record;
  const swap = durable.swaps[record.swap];
  const interrupted = outcome === "interrupted" || outcome === "interrupted-emergency";
  const type = interrupted ? "interrupted" : owedOutcomes.has(outcome) ? "owed" : classType(outcome);
  return swapEvent(type, {
    swap: record.swap,
    outcome,
    ...(swap === undefined ? {} : { cabinet: swap.cabinet, member: memberMark(swap.member) }),
    ...(swap?.pays === undefined ? {} : { pays: swap.pays }),
    ...(bay === undefined ? {} : { bay }),
    ...(tookPackId === undefined ? {} : { tookPackId }),
    ...(durationMs === undefined ? {} : { durationMs }),
  });
}

const classType = (outcome: keyof typeof outcomes) =>
  outcomes[outcome].class === "completed" ? "completed" : "cancelled";

function startEvent(record: Extract<JournalRecord, { kind: "swap-reserved" }>): Publication {
  const { id, cabinet, member, inBay, outBay, pays } = record.swap;
  return swapEvent(pays === undefined ? "started" : "resumed", {
    swap: id,
    cabinet,
    member: memberMark(member),
    outBay,
    ...(inBay === undefined ? {} : { inBay }),
    ...(pays === undefined ? {} : { pays }),
  });
}

function faultEvent(record: Extract<JournalRecord, { kind: "fault-raised" | "fault-cleared" }>): Publication {
  const severity = isFaultCode(record.code) ? { severity: faultCatalogue[record.code].severity } : {};
  const type = record.kind === "fault-raised" ? "raised" : "cleared";
  return { kind: "fault", stream: "fault", type, data: { code: record.code, subject: record.subject, ...severity } };
}

function refusalEvent(record: Extract<JournalRecord, { kind: "scan-refused" }>): Publication {
  const member = record.member === undefined ? {} : { member: memberMark(record.member) };
  return swapEvent("refused", { cabinet: record.cabinet, reason: record.reason, ...member });
}

function requestEvent(record: Extract<JournalRecord, { kind: "request-answered" | "request-refused" }>): Publication {
  const reason = record.reason === undefined ? {} : { reason: record.reason };
  if (record.kind === "request-answered") {
    const { id, verb, status } = record;
    const data = { request: id, verb, status, ...reason, ...askerOf(record) };
    return { kind: "request", stream: "request", type: "answered", data };
  }
  const verb = record.verb === undefined ? {} : { verb: record.verb };
  const request = record.id === undefined ? {} : { request: record.id };
  const data = { ...verb, ...request, ...reason, ...askerOf(record), suppressed: record.suppressed };
  return { kind: "security", stream: "security", type: securityTypeOf(record.reason), data };
}

function stationEvent(record: Extract<JournalRecord, { kind: "started" | "stopping" }>): Publication {
  const about = { kind: "station", stream: "station" } as const;
  const { detail } = record;
  if (record.kind === "stopping") return { ...about, type: "stopping", data: { detail } };
  const type = record.crashed === true ? "recovered" : "started";
  return { ...about, type, data: { version: record.version, detail } };
}

/** The event of a record, given the durable state before it; undefined when nobody outside needs to know. */
export function publicationOf(record: JournalRecord, durable: Durable): Publication | undefined {
  return isRoomRecord(record) ? roomEvent(record) : stationEventOf(record, durable);
}

function stationEventOf(record: StationRecord, durable: Durable): Publication | undefined {
  switch (record.kind) {
    case "swap-reserved":
      return startEvent(record);
    case "swap-bay-chosen": {
      const { swap, inBay, outBay } = record;
      return swapEvent("bay-chosen", {
        swap,
        ...(inBay === undefined ? {} : { inBay }),
        ...(outBay === undefined ? {} : { outBay }),
      });
    }
    case "swap-stage":
      return stageEvent(record, durable);
    case "swap-ended":
      return endEvent(record, durable);
    case "scan-refused":
      return refusalEvent(record);
    case "scan-repeated":
      return swapEvent("repeated", { swap: record.swap, cabinet: record.cabinet });
    case "swap-reopened":
      return swapEvent("reopened", { swap: record.swap, bay: record.bay, reason: record.why });
    case "swap-held": {
      const { swap, bay, openBay } = record;
      return swapEvent("held", { swap, bay, openBay });
    }
    case "lock-out": {
      const type = record.lockOut === "none" ? "lock-out-ended" : "lock-out";
      const { bay, lockOut, reason, by } = record;
      return { kind: "bay", stream: "bay", type, data: { bay, lockOut, reason, by } };
    }
    case "fault-raised":
    case "fault-cleared":
      return faultEvent(record);
    case "request-answered":
    case "request-refused":
      return requestEvent(record);
    case "day-closed":
    case "week-closed":
      return reportEvent(record);
    case "started":
    case "stopping":
      return stationEvent(record);
    case "bay-counted":
    case "pack-seen":
    case "pack-gone":
    case "pack-changed":
      return ledgerEvent(record);
    case "runaway-latched":
    case "latch-reset":
    case "bay-stopped":
    case "bay-heater-stopped":
    case "bay-released":
    case "bay-latched":
    case "bay-pulsed":
      return safetyEvent(record);
    case "request-taken":
    case "operator-opening":
    case "operator-opened":
    case "operator-settled":
    case "reserved":
    case "update-mode":
    case "reservation-ended":
    case "cabinet-lock-out":
    case "parameters-set":
    case "pack-bound":
      return operatorEvent(record);
    case "security-noticed":
      return securityEvent(record);
    case "outbox-cursor":
    case "announced":
    case "checkpoint":
    case "day-begun":
      return undefined;
  }
}

/** A log entry as far as the durable state cares. */
export interface Remembered {
  readonly record: JournalRecord;
  readonly at: number;
  readonly publish?: { readonly stream: string; readonly seq: number };
}

/** The durable state after one more entry: the same fold while running and while reading the log at start. */
export function applyEntry(durable: Durable, entry: Remembered): Durable {
  const next = applyRecord(durable, entry.record, entry.at);
  if (entry.publish === undefined) return next === durable ? durable : inLayoutOf(emptyDurable, next);
  const { stream, seq } = entry.publish;
  const streamSeq = { ...next.streamSeq, [stream]: Math.max(seq, next.streamSeq[stream] ?? 0) };
  return inLayoutOf(emptyDurable, { ...next, streamSeq });
}
