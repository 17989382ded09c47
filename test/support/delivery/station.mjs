// The part of a station that must not lose anything, as a process of its own: the real log on a real disk, the real outbox, the
// real link. It writes numbered events as fast as the disk takes them, until there are as many as asked for; started again on
// the same directory it goes on behind the last one it finds. It runs the built files and decides nothing.
import { openLog } from "../../../dist/firmware/log/log.js";
import { logSource } from "../../../dist/firmware/mqtt/log-source.js";
import { createOutbox } from "../../../dist/firmware/mqtt/outbox.js";
import { nodeClock } from "../../../dist/firmware/platform/node-clock.js";
import { nodeDisk } from "../../../dist/firmware/platform/node-disk.js";
import { nodeMqtt } from "../../../dist/firmware/platform/node-mqtt.js";
import { nodeRandom } from "../../../dist/firmware/platform/node-random.js";

const BATCH = 50;
const FULL_PAUSE_MS = 10;
const REPORT_MS = 100;
/** Small enough that the backlog meets the bound, and that a start reads it in a fraction of a second. */
const SEGMENT_BYTES = 1_048_576;
const MAX_BYTES = 16 * SEGMENT_BYTES;
const streams = [
  { kind: "swap", event_type: "completed" },
  { kind: "bay", event_type: "pack-put-in" },
  { kind: "safety", event_type: "bay-stopped" },
  { kind: "fault", event_type: "raised" },
];

const { directory, url, events, link: lineSettings } = JSON.parse(process.argv[2]);
const clock = nodeClock();
/** The newest event that is known to be on the disk. */
let written = 0;

const { log, recovered } = openLog({
  disk: nodeDisk(directory),
  clock,
  logId: "00112233445566778899aabbccddeeff",
  boot: `pid-${process.pid}`,
  maxBytes: MAX_BYTES,
  segmentBytes: SEGMENT_BYTES,
  queueMax: 1_000,
  checkpoint: () => ({ kind: "checkpoint", written }),
  onFault: (fault) => {
    if (fault.code !== "log-full") process.send({ trouble: JSON.stringify(fault) });
  },
});
for (const { record } of recovered.entries) {
  if (record.kind === "checkpoint") written = Math.max(written, record.written);
  else if (record.kind === "produced") written = Math.max(written, record.number);
}
process.send({ found: written });
log.start();

const outbox = createOutbox({
  source: logSource({
    log,
    logId: recovered.logId,
    station: "s",
    unsendable: ({ n }, why) => process.send({ trouble: `entry ${n}: ${why}` }),
  }),
  link: { publish: (topic, payload, how, done) => link.publish(topic, payload, how, done) },
  clock,
  cursor: log.acknowledgedN(),
  newest: log.syncedN(),
});
let connections = 0;
let inFlightMost = 0;
const link = nodeMqtt({ url, ...lineSettings }, { clock, random: nodeRandom() })(
  { clientId: "yizhan-s", will: { topic: "yizhan/1/s/availability", payload: "offline" } },
  {
    connected() {
      connections++;
      outbox.connected();
    },
    disconnected: () => outbox.disconnected(),
    message: () => undefined,
  },
);

function draft(number) {
  const { kind, event_type } = streams[number % streams.length];
  const seq = Math.ceil(number / streams.length);
  const data = { event_type, detail: `e-${number}` };
  return { record: { kind: "produced", number }, publish: { kind, stream: kind, seq, data } };
}

function produce() {
  if (written >= events) return;
  const upTo = Math.min(events, written + BATCH);
  const drafts = [];
  for (let number = written + 1; number <= upTo; number++) drafts.push(draft(number));
  log.append(drafts, (failure) => {
    // Full of what was not delivered yet: whoever produces has to wait.
    if (failure?.code === "E_LOG_FULL") {
      setTimeout(produce, FULL_PAUSE_MS);
      return;
    }
    if (failure !== undefined) {
      process.send({ trouble: `${failure.code}: ${failure.message}` });
      return;
    }
    written = upTo;
    // Whoever hears this may rely on it: these events are on the disk.
    process.send({ acknowledged: written });
    outbox.noticed(log.syncedN());
    produce();
  });
}

function report() {
  const { queued, inFlight, published, failed } = outbox.stats();
  inFlightMost = Math.max(inFlightMost, inFlight);
  const { rss, heapUsed } = process.memoryUsage();
  const logBytes = log.stats().bytes;
  const peakRssMb = process.resourceUsage().maxRSS / 1_024;
  const done = written >= events && queued === 0;
  process.send({ queued, inFlightMost, published, failed, connections, logBytes, rss, heapUsed, peakRssMb, done });
}

produce();
setInterval(report, REPORT_MS);
process.on("disconnect", () => process.exit());
