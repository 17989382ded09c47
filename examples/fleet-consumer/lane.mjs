// A lane: one connection to the broker that takes one message, holds it until it is told that it is safe, acknowledges it, and
// only then takes the next. mqtt.js sends PUBACK when the callback of `handleMessage` is called, and not before.
import mqtt from "mqtt";

/**
 * `options`: url and credentials for mqtt.js. `clientId` must stay the same over restarts, because the broker keeps the
 * session under it, with what was not acknowledged. `take(topic, payload, acknowledge)` and `lost()` belong to the consumer.
 */
export function openLane({ url, options, clientId, filters, take, lost, ready, note }) {
  let connection = 0;
  const client = mqtt.connect(url, {
    ...options,
    clientId,
    // A session that survives: messages that were not acknowledged come again after a crash.
    clean: false,
    reconnectPeriod: 500 + Math.floor(Math.random() * 1_000),
    resubscribe: false,
  });
  client.handleMessage = (packet, done) => {
    const born = connection;
    take(packet.topic, packet.payload, () => {
      // On a later connection the same number may belong to another message.
      if (born === connection) done();
    });
  };
  client.on("connect", () => {
    client.stream.setNoDelay?.(true);
    client.subscribe(filters, { qos: 1 }, (error, granted) => {
      const refused = granted?.filter(({ qos }) => qos === 128).map(({ topic }) => topic) ?? [];
      if (error || refused.length > 0) note(`subscription failed: ${error?.message ?? refused.join(" ")}`);
      else ready();
    });
  });
  client.on("close", () => {
    connection++;
    lost();
  });
  client.on("error", (error) => note(`broker: ${error.message || error.code}`));
  return { close: () => new Promise((closed) => client.end(true, {}, closed)) };
}
