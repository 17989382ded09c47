// What most programs do: mqtt.js as it comes, a persistent session, QoS 1, its own queue and its own reconnecting. It is handed
// the same events at the same moments as the station beside it, and told after a restart where it stood.
import mqtt from "mqtt";

const { url, link } = JSON.parse(process.argv[2]);
const client = mqtt.connect(url, {
  clientId: "bare",
  clean: false,
  keepalive: link.keepaliveS,
  connectTimeout: link.connectTimeoutMs,
  reconnectPeriod: link.backOffMinMs,
});
client.on("error", () => undefined);

let handedOver = 0;
let confirmed = 0;
let failed = 0;

process.on("message", ({ from, to }) => {
  for (let number = from; number <= to; number++) {
    handedOver++;
    client.publish(
      "bare/event",
      JSON.stringify({ id: `b-${number}`, data: { detail: `e-${number}` } }),
      { qos: 1 },
      (error) => {
        if (error) failed++;
        else confirmed++;
      },
    );
  }
  process.send({ offered: to });
});
setInterval(() => {
  const peakRssMb = process.resourceUsage().maxRSS / 1_024;
  process.send({ confirmed, failed, waiting: handedOver - confirmed - failed, peakRssMb });
}, 100);
process.on("disconnect", () => process.exit());
