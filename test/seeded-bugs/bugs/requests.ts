/** Mistakes in who may ask: signatures, numbers, roles, and what one person may do alone. */
import type { SeededBug } from "../seeded-bug.ts";

const asker = "services/requests/asker.ts";

export const requestBugs: readonly SeededBug[] = [
  {
    id: "b-116",
    title: "A signature only has to look like one",
    standsFor: ["I16"],
    file: asker,
    find: "  if (text === undefined || !context.verify(key.publicKey, text, signature)) return",
    replace: "  if (text === undefined) return",
    caughtBy: ["test/services/requests/asker.test.ts"],
  },
  {
    id: "b-117",
    title: "The bay does not stand under the signature",
    standsFor: ["I16"],
    file: asker,
    find: "const { signature: _signature, ...said } = payload;",
    replace: "const { signature: _signature, bay: _bay, ...said } = payload;",
    caughtBy: ["test/services/requests/asker.test.ts"],
  },
  {
    id: "b-118",
    title: "The same number may come twice from one key",
    standsFor: ["I16"],
    file: asker,
    find: "(last === undefined || seq > last)",
    replace: "(last === undefined || seq >= last)",
    caughtBy: ["test/services/requests/asker.test.ts", "test/firmware/mqtt/signed-requests.test.ts"],
  },
  {
    id: "b-119",
    title: "A restart forgets which numbers came",
    standsFor: ["I16"],
    file: "services/operators/fold.ts",
    find: "sequences: withSequence(was.sequences, record) };",
    replace: "sequences: withSequence(was.sequences, { key: record.id }) };",
    caughtBy: ["test/services/operators/two-persons.test.ts"],
  },
  {
    id: "b-120",
    title: "A restart gives everybody six openings more",
    standsFor: ["I16"],
    file: "services/operators/opens.ts",
    find: "({ before: operators.opens, since: {} })",
    replace: "({ before: operators.opens && {}, since: {} })",
    caughtBy: ["test/services/operators/opens-per-hour.test.ts"],
  },
  {
    id: "b-121",
    title: "Whoever asked for the word may use it alone",
    standsFor: ["I16"],
    file: "services/station/orders.ts",
    find: "requests.twoPersons && given.key === key)",
    replace: "requests.twoPersons && given.key === undefined)",
    caughtBy: ["test/services/operators/two-persons.test.ts"],
  },
];
