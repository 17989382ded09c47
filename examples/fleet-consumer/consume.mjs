// Consumes the events and the health of a fleet into PostgreSQL, each event exactly once. Start as many as you like, each with a
// CONSUMER name of its own that it keeps for ever; with shared subscriptions they divide the work among themselves.
//
//   MQTT_URL      mqtt://127.0.0.1:1883     MQTT_USERNAME, MQTT_PASSWORD where the broker wants them
//   DATABASE_URL  postgres://…              or PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE
//   CONSUMER      consumer-1                names the sessions at the broker
//   GROUP         yizhan-events             of the shared subscription; empty for brokers without, then start only one
//   LANES         16                        connections, and so the most messages in one transaction
import { openLane } from "./lane.mjs";
import { rowOf } from "./rows.mjs";
import { Store } from "./store.mjs";

const { env } = process;
const consumer = env.CONSUMER ?? "consumer-1";
const group = env.GROUP ?? "yizhan-events";
// Without shared subscriptions a second lane would only get everything a second time.
const laneCount = group === "" ? 1 : Number(env.LANES ?? "16");
const share = group === "" ? "" : `$share/${group}/`;
const filters = [`${share}yizhan/1/+/event/+`, `${share}yizhan/1/+/health`];

const say = (what) => process.stdout.write(`${consumer}: ${what}\n`);
const database = env.DATABASE_URL === undefined ? {} : { connectionString: env.DATABASE_URL };
const store = new Store({ database, consumer, note: say });

const ready = new Set();
const lanes = Array.from({ length: laneCount }, (_unused, lane) =>
  openLane({
    url: env.MQTT_URL ?? "mqtt://127.0.0.1:1883",
    options: {
      ...(env.MQTT_USERNAME === undefined ? {} : { username: env.MQTT_USERNAME, password: env.MQTT_PASSWORD }),
    },
    clientId: `${consumer}-${lane}`,
    filters,
    take: (topic, payload, acknowledge) => store.hold(lane, rowOf(topic, payload), acknowledge),
    lost: () => store.forget(lane),
    ready: () => {
      ready.add(lane);
      if (ready.size === laneCount) say("ready");
    },
    note: (text) => say(text),
  }),
);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    // Whatever is not acknowledged comes again at the next start; there is nothing to wait for.
    await Promise.all(lanes.map((lane) => lane.close()));
    await store.close();
    process.exit(0);
  });
}
