// What a day of the reference station costs on a metered link: every message it publishes, by topic, with what TLS, TCP/IP and
// the acknowledgement add to each (128 bytes).
import { amount, atMost, figure } from "./figures.mjs";
import { askPart } from "./processes.mjs";

const part = (name) => new URL(`./${name}.mjs`, import.meta.url).pathname;

function tableOf(byTopic, scale) {
  const rows = Object.entries(byTopic)
    .sort(([, one], [, other]) => other.bytes - one.bytes)
    .map(([topic, { messages, bytes }]) => [
      topic,
      Math.round(messages * scale).toLocaleString("en"),
      ((bytes * scale) / 1e6).toFixed(3),
      String(Math.round(bytes / messages)),
    ]);
  return { columns: ["topic", "messages/day", "MB/day", "B/message"], rows };
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
    const counted = Object.values(run.byTopic).reduce((sum, { bytes }) => sum + bytes, 0);
    const toMb = (bytes) => (bytes * scale) / 1e6;
    return {
      figures: [
        figure({
          name: hours === 24 ? "bytes a station-day" : `bytes a station-day, scaled from ${hours} h`,
          value: toMb(upBytes),
          unit: "MB",
          limit: atMost(6),
          baseline: { name: "all known state as one JSON every 10 s", value: toMb(run.naive.bytes) },
          note: `${amount(Math.round(upMessages * scale), "messages")}, ${run.visits} visits in ${hours} h`,
        }),
      ],
      table: tableOf(run.byTopic, scale),
      notes: [
        `by topic ${amount(toMb(counted), "MB")} arrived of ${amount(toMb(upBytes), "MB")} sent; ${amount(toMb(run.counters.downBytes), "MB")} came down`,
        "keep-alives are not in it: one a minute would add 0.18 MB a day, and none is sent while something else is",
      ],
      raw: { ...run, byTopic: undefined },
    };
  },
};
