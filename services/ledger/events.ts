/** What the outside is told of the ledger's findings. */
import type { EventType } from "../contract/event-payloads.ts";
import type { Publication } from "../contract/publication.ts";
import type { LedgerRecord } from "./records.ts";

type Seen = Extract<LedgerRecord, { kind: "pack-seen" }>["how"];
type Gone = Extract<LedgerRecord, { kind: "pack-gone" }>["how"];

const seenTypes = {
  stocktaking: "pack-counted",
  operator: "pack-put-in",
  unasked: "deposit-unasked",
  "late-deposit": "deposit-late",
} as const satisfies Record<Seen, EventType<"bay">>;

const goneTypes = {
  vanished: "pack-vanished",
  operator: "pack-taken-out",
  "late-take": "pack-taken-late",
} as const satisfies Record<Gone, EventType<"bay">>;

export function ledgerEvent(record: LedgerRecord): Publication {
  const { bay } = record;
  const pack = record.packId === undefined ? {} : { packId: record.packId };
  const about = { kind: "bay", stream: "bay" } as const;
  switch (record.kind) {
    case "pack-seen":
      return { ...about, type: seenTypes[record.how], data: { bay, ...pack } };
    case "pack-gone": {
      const swap = record.swap === undefined ? {} : { swap: record.swap };
      return { ...about, type: goneTypes[record.how], data: { bay, ...pack, ...swap } };
    }
    case "pack-changed":
      return { ...about, type: "pack-changed", data: { bay, ...pack, wasPackId: record.wasPackId } };
  }
}
