/** What the outside is told of operators' orders; the orders themselves are answered on their own topic. */
import type { EventData } from "../contract/event-payloads.ts";
import { memberMark, type Publication } from "../contract/publication.ts";
import { askerOf } from "../requests/roles.ts";
import type { OperatorRecord } from "./records.ts";

/** What the request is about, in the words of the contract. */
function whereOf(record: Extract<OperatorRecord, { kind: "request-taken" }>): EventData {
  const { bay, cabinet, door, amenity, locker } = record;
  return {
    ...(bay === undefined ? {} : { bay }),
    ...(cabinet === undefined ? {} : { cabinet }),
    ...(door === undefined ? {} : { door }),
    ...(amenity === undefined ? {} : { amenity }),
    ...(locker === undefined ? {} : { locker }),
  };
}

export function operatorEvent(record: OperatorRecord): Publication | undefined {
  const about = { kind: "request", stream: "request" } as const;
  switch (record.kind) {
    case "request-taken": {
      const { id, verb } = record;
      return {
        ...about,
        type: "accepted",
        data: { request: id, verb, ...whereOf(record), ...askerOf(record) },
      };
    }
    case "operator-opening":
      return { ...about, type: "bay-opening", data: { bay: record.bay, request: record.request } };
    case "operator-opened": {
      const type = record.seen ? "bay-opened" : "bay-not-opened";
      return { ...about, type, data: { bay: record.bay, request: record.request } };
    }
    case "operator-settled":
      return { ...about, type: "bay-settled", data: { bay: record.bay, request: record.request } };
    case "reserved":
      return {
        ...about,
        type: "reserved",
        data: { bay: record.bay, packId: record.packId, member: memberMark(record.member) },
      };
    case "reservation-ended":
      return { ...about, type: "reservation-ended", data: { bay: record.bay, reason: record.why } };
    case "update-mode":
      return { ...about, type: record.on ? "update-mode-on" : "update-mode-off", data: { reason: record.why } };
    case "cabinet-lock-out": {
      const type = record.on ? "cabinet-out-of-service" : "cabinet-in-service";
      return { ...about, type, data: { cabinet: record.cabinet, reason: record.reason } };
    }
    case "parameters-set":
      return { ...about, type: "parameters-set", data: { detail: JSON.stringify(record.parameters).slice(0, 400) } };
    case "pack-bound": {
      const member = record.member === undefined ? {} : { member: memberMark(record.member) };
      return { ...about, type: "pack-bound", data: { packId: record.packId, ...member } };
    }
  }
}
