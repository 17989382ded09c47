// A part of a bench: what one QoS 1 message really costs on a TLS connection, as the kernel counts it (ss, tcp_info): bytes of TLS
// records each way, and segments, each with its IP and TCP headers. A message at a time, as a station sends them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createServer } from "node:tls";
import mqtt from "mqtt";

/** IPv4 20 B; TCP 20 B, and 12 B of timestamps, which Linux sends unless told otherwise. */
const HEADERS = { least: 40, usual: 52 };
/** Longer than a delayed acknowledgement, so that each message pays for its own. */
const GAP_MS = 70;

function certificate(folder) {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** The socket of the client at this port, as the kernel sees it. */
function socketCounts(port) {
  const text = execFileSync("ss", ["-tinH", "state", "established", `sport = :${port}`], { encoding: "utf8" });
  const of = (name) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(text)?.[1] ?? 0);
  const [up, down, upSegments, downSegments] = ["bytes_sent", "bytes_received", "segs_out", "segs_in"].map(of);
  return { up, down, segments: upSegments + downSegments };
}

async function measure({ broker, messages, topicBytes, payloadBytes }, folder) {
  const { key, cert } = certificate(folder);
  const target = new URL(broker);
  const server = createServer({ key, cert, minVersion: "TLSv1.3" }, (near) => {
    near.setNoDelay(true);
    const far = connect(Number(target.port), target.hostname);
    far.setNoDelay(true);
    for (const socket of [near, far]) socket.on("error", () => socket.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `mqtts://127.0.0.1:${server.address().port}`;
  const client = await mqtt.connectAsync(url, { clientId: "bench-tls", ca: cert, keepalive: 0 });
  client.stream.setNoDelay(true);
  const [topic, payload] = ["t".repeat(topicBytes), "x".repeat(payloadBytes)];
  // What TLS says after its handshake must not be counted as a message's.
  await client.publishAsync(topic, payload, { qos: 1 });
  await pause(10 * GAP_MS);
  const { localPort } = client.stream;
  const before = socketCounts(localPort);
  for (let message = 0; message < messages; message++) {
    await client.publishAsync(topic, payload, { qos: 1 });
    await pause(GAP_MS);
  }
  const after = socketCounts(localPort);
  await client.endAsync(true);
  server.close();
  const per = (name) => (after[name] - before[name]) / messages;
  const bytes = per("up") + per("down");
  return { up: per("up"), down: per("down"), segments: per("segments"), ...withHeaders(bytes, per("segments")) };
}

const withHeaders = (bytes, segments) => ({
  wireLeast: bytes + segments * HEADERS.least,
  wireUsual: bytes + segments * HEADERS.usual,
});

process.once("message", async ({ root, ...wanted }) => {
  const { startEmbeddedBroker } = await import(`${root}/dist/simulator/embedded-broker.js`);
  const broker = await startEmbeddedBroker({ port: 0 });
  const folder = mkdtempSync(join(tmpdir(), "yizhan-tls-"));
  try {
    process.send(await measure({ broker: broker.url, ...wanted }, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
process.on("disconnect", () => process.exit());
