/** Mistakes in the book of packs: a pack in two places, or gone without anybody missing it. */
import type { SeededBug } from "../seeded-bug.ts";

const fold = "services/ledger/fold.ts";
const reconcile = "services/ledger/reconcile.ts";

export const ledgerBugs: readonly SeededBug[] = [
  {
    id: "b-110",
    title: "The payment of a debt puts the pack of the old deposit back into a bay, wherever it is by now",
    standsFor: ["I5", "E22"],
    file: fold,
    find: "      if (packId === undefined || swap.pays !== undefined) return ledger;",
    replace: "      if (packId === undefined) return ledger;",
    caughtBy: ["test/services/ledger/fold.test.ts"],
  },
  {
    id: "b-111",
    title: "A pack that was put into another bay is still in the one it left, in the book",
    standsFor: ["I5"],
    file: "services/ledger/book.ts",
    find: "  if (standsInBay(was) && was.bay !== place.bay) bays[String(was.bay)] =",
    replace: "  if (standsInBay(was) && was.bay === place.bay) bays[String(was.bay)] =",
    caughtBy: ["test/services/ledger/fold.test.ts"],
  },
  {
    id: "b-112",
    title: "A pack that nobody was asked to put in is not noticed unless its door was opened by command",
    standsFor: ["E5", "E29"],
    file: reconcile,
    find: '  if (leftBehind === undefined) return [{ ...seen, how: "unasked" }];',
    replace: '  if (leftBehind === undefined) return look.unlocked ? [{ ...seen, how: "unasked" }] : [];',
    caughtBy: ["test/services/ledger/findings.test.ts"],
  },
  {
    id: "b-113",
    title: "A pack that vanished is only missed after most of a minute",
    standsFor: ["E29"],
    file: reconcile,
    find: "const settleMs = { pack: 2_000, nothing: 5_000,",
    replace: "const settleMs = { pack: 2_000, nothing: 50_000,",
    caughtBy: ["test/services/ledger/findings.test.ts"],
  },
  {
    id: "b-114",
    title: "A pack exchanged behind a shut door passes for the one that stood there",
    standsFor: ["E25", "E29"],
    file: reconcile,
    find: '        return [{ kind: "pack-changed", bay, wasPackId: holding.packId, packId }];',
    replace: '        return [{ kind: "pack-seen", bay, packId, how: "identified" }];',
    caughtBy: ["test/services/ledger/findings.test.ts"],
  },
  {
    id: "b-115",
    title:
      "What an operator put in is called a deposit that nobody asked for, when the bay is given back before it is read",
    standsFor: ["E5"],
    file: reconcile,
    find: '  if (watch.operatorMs !== undefined) return [{ ...seen, how: "operator" }];',
    replace: '  if (watch.operatorMs !== undefined && look.operator) return [{ ...seen, how: "operator" }];',
    caughtBy: ["test/services/ledger/reconcile.test.ts"],
  },
];
