// What a day of the reference station costs on a metered link: every message it publishes, by topic, with what TLS, TCP/IP and
// the acknowledgement add to each. The addition is computed (128 bytes) and, on a real TLS connection, measured.
import { amount, atMost, figure } from "./figures.mjs";
import { askPart, has } from "./processes.mjs";

const part = (name) => new URL(`./${name}.mjs`, import.meta.url).pathname;
/** PINGREQ and PINGRESP, 2 B each, in records and segments of their own; at most one every 60 s while nothing else is sent. */
const PINGS_A_DAY = 1_440;
const PING_MQTT_BYTES = 4;
const PUBACK_BYTES = 4;

function tableOf(byTopic, scale) {
  const row = (topic, { messages, payloadBytes, bytes }) => [
    topic,
    Math.round(messages * scale).toLocaleString("en"),
    ((payloadBytes * scale) / 1e6).toFixed(3),
    ((bytes * scale) / 1e6).toFixed(3),
    String(Math.round(payloadBytes / messages)),
    String(Math.round(bytes / messages)),
  ];
  const rows = Object.entries(byTopic)
    .sort(([, one], [, other]) => other.bytes - one.bytes)
    .map(([topic, counts]) => row(topic, counts));
  const columns = ["topic", "messages/day", "payload MB/day", "wire MB/day", "payload B", "wire B"];
  return { columns, rows: [...rows, row("all", totalOf(byTopic))] };
}

function totalOf(byTopic) {
  const total = { messages: 0, topicBytes: 0, payloadBytes: 0, bytes: 0 };
  for (const counts of Object.values(byTopic)) for (const name of Object.keys(total)) total[name] += counts[name];
  return total;
}

/** The same day with what the kernel counted for a message of the mean size, pings included. */
function onTheLine(line, total, { scale, baseline }) {
  const { messages, bytes } = total;
  const packetBytes = bytes / messages - 128;
  const day = (wire) =>
    ((bytes + messages * (wire - bytes / messages)) * scale + PINGS_A_DAY * pingBytes(line, wire)) / 1e6;
  const per = `${amount(line.up, "B")} up and ${amount(line.down, "B")} down in ${amount(line.segments, "segments")}`;
  return {
    figures: [
      figure({
        name: "bytes a station-day as a real TLS connection has them",
        value: day(line.wireUsual),
        unit: "MB",
        limit: atMost(6),
        baseline,
        note: `a message of ${Math.round(packetBytes)} B costs ${per}; headers of 52 B, a ping every minute included`,
      }),
    ],
    notes: [
      `without TCP timestamps (headers of 40 B) ${amount(day(line.wireLeast), "MB")}; the computed 128 B are two segments and no acknowledgement of the acknowledgement`,
    ],
  };
}

/** A ping is a message without content: what is left is two records and the segments. */
const pingBytes = (line, wire) => wire - line.up - line.down + (line.down - PUBACK_BYTES) * 2 + PING_MQTT_BYTES;

async function askLine(root, total, quick) {
  if (!has("ss", "-V") || !has("openssl", "version")) return undefined;
  const [topicBytes, payloadBytes] = [total.topicBytes, total.payloadBytes].map((sum) =>
    Math.round(sum / total.messages),
  );
  return askPart(part("tls-line"), { root, messages: quick ? 40 : 300, topicBytes, payloadBytes });
}

export const mqttBytes = {
  name: "mqtt-bytes",
  title: "what the reference station publishes in a day, 400 visits",
  async run({ root, quick, say }) {
    const hours = quick ? 3 : 24;
    say(`${hours} h`);
    const run = await askPart(part("simulated-run"), { root, hours, seed: "7", traffic: true });
    const scale = 24 / hours;
    const { upBytes, upMessages } = run.counters;
    const total = totalOf(run.byTopic);
    const toMb = (bytes) => (bytes * scale) / 1e6;
    const baseline = { name: "all known state as one JSON every 10 s", value: toMb(run.naive.bytes) };
    say("a real TLS connection");
    const line = await askLine(root, total, quick);
    const measured =
      line === undefined
        ? { figures: [], notes: ["not measured on a real TLS connection: that needs ss and openssl"] }
        : onTheLine(line, total, { scale, baseline });
    return {
      figures: [
        figure({
          name: hours === 24 ? "bytes a station-day" : `bytes a station-day, scaled from ${hours} h`,
          value: toMb(upBytes),
          unit: "MB",
          limit: atMost(6),
          baseline,
          note: `${amount(Math.round(upMessages * scale), "messages")}, ${run.visits} visits in ${hours} h; 128 B a message for TLS record, TCP/IP both ways and PUBACK`,
        }),
        ...measured.figures,
      ],
      table: tableOf(run.byTopic, scale),
      notes: [
        `by topic ${amount(toMb(total.bytes), "MB")} arrived of ${amount(toMb(upBytes), "MB")} sent; ${amount(toMb(run.counters.downBytes), "MB")} came down`,
        ...measured.notes,
      ],
      raw: { ...run, byTopic: undefined, line },
    };
  },
};
