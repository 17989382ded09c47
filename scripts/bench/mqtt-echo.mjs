// A part of a bench: the least that any program on the same broker could do with a command. It answers each with the state it asked
// for, at once or after a record of the size that the controller writes was written and synced.
import { fdatasync, openSync, write } from "node:fs";
import mqtt from "mqtt";

process.once("message", async ({ url, file, recordBytes }) => {
  const descriptor = openSync(file, "a");
  const record = new Uint8Array(recordBytes).fill(0x20);
  const client = await mqtt.connectAsync(url, { clientId: "bench-echo" });
  client.stream.setNoDelay(true);
  client.on("message", (topic, payload) => {
    const answer = () => client.publish("bench/state", payload, { qos: 1, retain: true });
    if (topic.endsWith("/sync")) write(descriptor, record, () => fdatasync(descriptor, answer));
    else answer();
  });
  await client.subscribeAsync(["bench/set", "bench/set/sync"], { qos: 1 });
  process.send({ ready: true });
});
process.on("disconnect", () => process.exit());
