/** What the outside is told of the ledger's findings. */
import type { EventType } from "../contract/event-payloads.ts";
import { memberMark, type Publication } from "../contract/publication.ts";
import type { LedgerRecord } from "./records.ts";

type Seen = Extract<LedgerRecord, { kind: "pack-seen" }>["how"];
type Gone = Extract<LedgerRecord, { kind: "pack-gone" }>["how"];

const seenTypes = {
  stocktaking: "pack-counted",
  operator: "pack-put-in",
  unasked: "deposit-unasked",
  "late-deposit": "deposit-late",
  "left-behind": "deposit-left-behind",
  identified: "pack-identified",
} as const satisfies Record<Seen, EventType<"bay">>;

const goneTypes = {
  vanished: "pack-vanished",
  operator: "pack-taken-out",
  "late-take": "pack-taken-late",
} as const satisfies Record<Gone, EventType<"bay">>;

const seenEvent = ({ bay, packId, how, member }: Extract<LedgerRecord, { kind: "pack-seen" }>): Publication => ({
  kind: "bay",
  stream: "bay",
  type: seenTypes[how],
  data: { bay, ...packOf(packId), ...markOf(member) },
});

const packOf = (packId: string | undefined) => (packId === undefined ? {} : { packId });
const markOf = (member: string | undefined) => (member === undefined ? {} : { member: memberMark(member) });

/** Undefined for what is nobody's news: a bay found empty at the first count. */
export function ledgerEvent(record: LedgerRecord): Publication | undefined {
  switch (record.kind) {
    case "bay-counted":
      return undefined;
    case "pack-seen":
      return seenEvent(record);
    case "pack-gone": {
      const { bay, packId, member } = record;
      const swap = record.swap === undefined ? {} : { swap: record.swap };
      const data = { bay, ...packOf(packId), ...swap, ...markOf(member) };
      return { kind: "bay", stream: "bay", type: goneTypes[record.how], data };
    }
    case "pack-changed": {
      const { bay, packId, wasPackId } = record;
      return { kind: "bay", stream: "bay", type: "pack-changed", data: { bay, packId, wasPackId } };
    }
  }
}
