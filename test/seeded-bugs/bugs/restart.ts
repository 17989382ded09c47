/** Mistakes that only a power cut or a restart shows: what the fold remembers and what recovery makes of it. */
import type { SeededBug } from "../seeded-bug.ts";

const fold = "services/journal/fold.ts";
const recover = "services/swap/recover.ts";

export const restartBugs: readonly SeededBug[] = [
  {
    id: "b-16",
    title: "A lock is fired at boot: a swap taken up again goes on as if its rider stood there",
    standsFor: ["E34", "I19"],
    file: recover,
    find: "failedBays: [], unattended: true, ...at",
    replace: "failedBays: [], unattended: false, ...at",
    caughtBy: ["test/services/swap/power-cuts.test.ts"],
  },
  {
    id: "b-17",
    title: "A debt is dropped at a restart: an accepted deposit is called off",
    standsFor: ["E34", "I25"],
    file: recover,
    find: '  return end(open.stage === "out-open" ? "not-taken" : "waiting-for-rescan");',
    replace: '  return end(open.stage === "out-open" ? "not-taken" : "cut-before-deposit");',
    caughtBy: ["test/services/swap/recover.test.ts"],
  },
  {
    id: "b-18",
    title: "A debt is counted twice: the swap that was to pay it leaves another one when it fails",
    standsFor: ["E22", "E41"],
    file: fold,
    find: "  else if (owed) debts[id] =",
    replace: "  if (owed) debts[id] =",
    caughtBy: ["test/services/journal/fold.test.ts"],
  },
  {
    id: "b-19",
    title: "A debt that was paid stays open",
    standsFor: ["E22"],
    file: fold,
    find: 'const settled = counted === "completed" || ownPackBack;',
    replace: "const settled = ownPackBack;",
    caughtBy: ["test/services/journal/fold.test.ts"],
  },
  {
    id: "b-20",
    title: "A cut after the deposit was accepted inspects and accepts it a second time",
    standsFor: ["E34", "I20"],
    file: recover,
    find: '  const depositing = open.stage === "reserved" || open.stage === "in-open" || open.stage === "in-closed";',
    replace: '  const depositing = open.stage !== "returning" && open.stage !== "out-open";',
    caughtBy: ["test/services/swap/recover.test.ts"],
  },
  {
    id: "b-21",
    title: "Recovery believes doors that contradict their locks",
    standsFor: ["E28", "E34"],
    file: recover,
    find: '  return door === "unknown" || present === undefined ? undefined : { door, present };',
    replace: '  return present === undefined ? undefined : { door: door === "open" ? "open" : "shut", present };',
    caughtBy: ["test/services/swap/recover.test.ts"],
  },
  {
    id: "b-22",
    title: "A bay that waits for recovery is charged as if it were free",
    standsFor: ["E34", "I8"],
    file: "services/station/levels.ts",
    find: "  for (const { swap } of state.recovering) holdSwapBays(bays, swap);\n",
    replace: "",
    caughtBy: ["test/services/station/levels.test.ts"],
  },
  {
    id: "b-23",
    title: "The pack that was handed out is not written to its rider",
    standsFor: ["E12", "I5"],
    file: fold,
    find: 'record.stage === "taken" ? swap.member : undefined',
    replace: "undefined",
    caughtBy: ["test/services/journal/fold.test.ts"],
  },
  {
    id: "b-24",
    title: "An entry that the checkpoint already holds is counted a second time",
    standsFor: ["E34", "I20"],
    file: "firmware/runner/journal-desk.ts",
    find: "    if (publish !== undefined && publish.seq <= (durable.streamSeq[publish.stream] ?? 0)) continue;\n",
    replace: "",
    caughtBy: ["test/firmware/runner/journal-desk.test.ts"],
  },
];
