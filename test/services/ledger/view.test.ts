import { describe, expect, test } from "vitest";
import { ledgerRowsMax } from "../../../services/contract/ledger-payload.ts";
import { memberMark } from "../../../services/contract/publication.ts";
import { contract, payloadProblem } from "../../../services/contract/topics.ts";
import { type Durable, emptyDurable } from "../../../services/journal/durable.ts";
import { ledgerView } from "../../../services/ledger/view.ts";

const wallMs = Date.UTC(2026, 0, 31, 12);
const dayMs = 86_400_000;

const debt = (swap: string, since: number): Durable["debts"][string] => ({
  swap,
  cabinet: "a",
  member: "m-4711",
  packIn: "yz-own",
  inBay: 3,
  outBay: 4,
  outcome: "not-taken",
  since,
});

const durable: Durable = {
  ...emptyDurable,
  debts: { "s-2": debt("s-2", wallMs - 1_000), "s-1": debt("s-1", wallMs - 2 * dayMs) },
  ledger: {
    packs: {
      "yz-1": { at: "bay", bay: 1, since: 0 },
      "yz-2": { at: "rider", member: "m-4711", since: 0 },
      "yz-3": { at: "quarantine", bay: 3, since: wallMs - 5_000, why: "deposit-unasked" },
      "yz-4": { at: "unknown", since: wallMs - dayMs, lastBay: undefined },
    },
    bays: {
      "1": { holds: "pack", packId: "yz-1", since: 0 },
      "3": { holds: "pack", packId: "yz-3", since: 0 },
      "5": { holds: "unread", since: wallMs - 9_000 },
    },
  },
};

describe("the ledger as others see it", () => {
  const view = ledgerView(durable, wallMs, dayMs);

  test("counts every pack once, by place", () => {
    expect(view.counts).toEqual({ bays: 1, riders: 1, quarantine: 1, unknown: 1, unread: 1 });
  });

  test("names debts and finds oldest first, with since when, and no member in full", () => {
    expect(view.debts.map(({ swap, overdue }) => [swap, overdue])).toEqual([
      ["s-1", true],
      ["s-2", false],
    ]);
    expect(view.debts[0]).toMatchObject({ member: memberMark("m-4711"), bay: 3, packIn: "yz-own" });
    expect(view.findings.map(({ is, packId, bay, why }) => [is, packId, bay, why])).toEqual([
      ["unknown", "yz-4", null, null],
      ["unread", null, 5, null],
      ["quarantine", "yz-3", 3, "deposit-unasked"],
    ]);
    expect(JSON.stringify(view)).not.toContain("m-4711");
    expect(payloadProblem(contract.ledger, view)).toBeUndefined();
  });

  test("stays small whatever is owed and missing", () => {
    const debts = Array.from({ length: 500 }, (_, n) => [`s-${n}`, debt(`s-${n}`, n)] as const);
    const packs = Array.from({ length: 500 }, (_, n) => [`yz-${n}`, { at: "unknown", since: n, lastBay: 1 }] as const);
    const many = {
      ...durable,
      debts: Object.fromEntries(debts),
      ledger: { packs: Object.fromEntries(packs), bays: {} },
    };
    const view = ledgerView(many, wallMs, dayMs);
    expect([view.debtCount, view.findingCount]).toEqual([500, 500]);
    expect([view.debts.length, view.findings.length]).toEqual([ledgerRowsMax, ledgerRowsMax]);
    expect(payloadProblem(contract.ledger, view)).toBeUndefined();
    expect(JSON.stringify(view).length).toBeLessThan(8_000);
  });
});
