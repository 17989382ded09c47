/** Mistakes in what operators may do from afar: opening bays, keeping packs, changing numbers, requests that outlive a restart. */
import type { SeededBug } from "../seeded-bug.ts";

const opening = "services/operators/opening.ts";
const openings = "services/station/openings.ts";
const orders = "services/station/orders.ts";

export const operatorBugs: readonly SeededBug[] = [
  {
    id: "b-101",
    title: "A bay with a hot pack is opened from afar once the pack has fallen silent",
    standsFor: ["E13", "I13"],
    file: openings,
    find: '  if (hot || endangers(draft.state.bays[bay])) return "hot-pack";',
    replace: '  if (hot && endangers(draft.state.bays[bay])) return "hot-pack";',
    caughtBy: ["test/services/operators/open-refused.test.ts"],
  },
  {
    id: "b-102",
    title: "A bay is opened from afar onto a live connector",
    standsFor: ["E19", "I8"],
    file: opening,
    find: '    if (state !== "dead") return notOpened(state);',
    replace: '    if (state === "current-unknown") return notOpened(state);',
    caughtBy: ["test/services/operators/open-refused.test.ts"],
  },
  {
    id: "b-103",
    title: "A bay is opened from afar in a cabinet where a rider is being served",
    standsFor: ["I4", "E2"],
    file: orders,
    find: '  if (state.swaps[cabinet] !== undefined) return "busy";',
    replace: '  if (state.swaps[cabinet]?.unattended === true) return "busy";',
    caughtBy: ["test/services/station/orders.test.ts"],
  },
  {
    id: "b-104",
    title: "A request that is delivered again while it is carried out begins a second time",
    standsFor: ["E3", "I16"],
    file: orders,
    find: "  if (Object.hasOwn(operators.taken, id) || answers.some((given) => given.id === id)) return;",
    replace: "  if (!Object.hasOwn(operators.taken, id) && answers.some((given) => given.id === id)) return;",
    caughtBy: ["test/services/operators/open.test.ts"],
  },
  {
    id: "b-105",
    title: "An opening that waited for a lock past its expiry is carried out",
    standsFor: ["E4"],
    file: opening,
    find: '  if (sight.nowMs > order.untilMs && order.verb === "open") return notOpened("expired");',
    replace: '  if (sinceMs > order.untilMs && order.verb === "open") return notOpened("expired");',
    caughtBy: ["test/services/operators/open-refused.test.ts"],
  },
  {
    id: "b-106",
    title: "A bay that an operator has open is offered to a rider as soon as it is shut",
    standsFor: ["I4", "E38"],
    file: "services/station/sight.ts",
    find: "  if (draft.state.durable.lockOuts[String(bay)] !== undefined || operatorHasOpened(draft.state, bay)) return false;",
    replace: [
      "  if (draft.state.durable.lockOuts[String(bay)] !== undefined) return false;",
      "  if (draft.state.settling[bay] === undefined && operatorHasOpened(draft.state, bay)) return false;",
    ].join("\n"),
    caughtBy: ["test/services/station/sight.test.ts"],
  },
  {
    id: "b-107",
    title: "A whole cabinet opens at any word, if only somebody asked for one before",
    standsFor: ["I17"],
    file: orders,
    find: "  const isRight = given !== undefined && given.word === confirm && draft",
    replace: "  const isRight = given !== undefined && draft",
    caughtBy: ["test/services/operators/open-all.test.ts"],
  },
  {
    id: "b-108",
    title: "A number may be loosened as long as it stays within its bounds",
    standsFor: ["I17"],
    file: "services/operators/parameters.ts",
    find: "  return looser(value, limit, row.only)",
    replace: "  return looser(limit, value, row.only) && value === limit",
    caughtBy: ["test/services/operators/parameters.test.ts"],
  },
  {
    id: "b-109",
    title: "A pack that is kept for one member is handed to another",
    standsFor: ["E2"],
    file: "services/station/sight.ts",
    find: "    .filter((bay) => (reservedFor(draft, bay) ?? member) === member)",
    replace: "    .filter((bay) => (member ?? reservedFor(draft, bay)) === member)",
    caughtBy: ["test/services/operators/reserve.test.ts"],
  },
];
