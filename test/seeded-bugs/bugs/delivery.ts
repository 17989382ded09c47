/** Mistakes in the way of an event to the operator: the log that refuses it, the outbox, the link. */
import type { SeededBug } from "../seeded-bug.ts";

export const deliveryBugs: readonly SeededBug[] = [
  {
    id: "b-122",
    title: "An event that the disk refused is forgotten and leaves a gap in its stream",
    standsFor: ["I21"],
    file: "firmware/runner/journal-desk.ts",
    find: "if (failure !== undefined) unwritten.keep(drafts, failure);",
    replace: "if (failure !== undefined) unwritten.offer();",
    caughtBy: ["test/firmware/runner/journal-desk.test.ts"],
  },
  {
    id: "b-123",
    title: "Telemetry fills the log until a swap's events are refused",
    standsFor: ["I21"],
    file: "firmware/log/space.ts",
    find: "return used > maxBytes / 2 && segments.list.length > 2 && segments.expendable() === undefined;",
    replace: "return used > maxBytes && segments.list.length > 2 && segments.expendable() === undefined;",
    caughtBy: ["test/firmware/log/space.test.ts"],
  },
  {
    id: "b-124",
    title: "The mark of a long drain waits for its end, and a crash repeats all of it",
    standsFor: ["I21"],
    file: "firmware/log/log.ts",
    find: "if (this.segments.acknowledgedN - this.markedN >= MARK_AHEAD_MAX) this.flushLazies();",
    replace: "if (this.markedN - this.segments.acknowledgedN >= MARK_AHEAD_MAX) this.flushLazies();",
    caughtBy: ["test/firmware/log/outbox.test.ts"],
  },
  {
    id: "b-125",
    title: "A message that puts the ping off keeps a dead line alive for two keep-alives",
    standsFor: ["I21"],
    file: "firmware/platform/node-mqtt.ts",
    find: "ackDeadlineMs = keepaliveS * 500",
    replace: "ackDeadlineMs = keepaliveS * 1_000",
    caughtBy: ["test/firmware/platform/node-mqtt.test.ts"],
  },
  {
    id: "b-126",
    title: "A connection that was thrown out again and again is healed by the next one",
    standsFor: ["E32"],
    file: "firmware/runner/connection-watch.ts",
    find: "    lost = undefined;\n",
    replace: "    lost = undefined;\n    shortLives = 0;\n",
    caughtBy: ["test/firmware/runner/connection-watch.test.ts"],
  },
];
