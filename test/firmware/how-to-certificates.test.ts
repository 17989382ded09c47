/** The commands of the how-to about certificates are run as they stand there; what they make must satisfy broker and station. */
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readCredentials } from "../../firmware/config/credentials.ts";
import { nodeConfigFiles } from "../../firmware/config/files.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeMqtt } from "../../firmware/platform/node-mqtt.ts";
import { hasOpenssl } from "../support/certificates.ts";
import { startTlsBroker } from "../support/tls-broker.ts";
import { until } from "../support/until.ts";

const page = readFileSync("docs/how-to/connect-with-certificates.md", "utf8");
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] as string);

describe.runIf(hasOpenssl())("the how-to about certificates", () => {
  let directory: string;
  const file = (name: string) => join(directory, name);

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "yizhan-how-to-"));
    for (const block of blocks) {
      const done = spawnSync("sh", ["-e", "-c", block], { cwd: directory, encoding: "utf8" });
      expect(done.status, `${block}\n${done.stderr}`).toBe(0);
    }
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("has four blocks of commands, and all of them run", () => {
    expect(blocks).toHaveLength(4);
  });

  test("makes keys that nobody else can read", () => {
    for (const name of ["ca.key", "broker.key", "station.key"]) expect(statSync(file(name)).mode & 0o077, name).toBe(0);
  });

  test("makes a certificate and a key that `yizhan check` has nothing against", () => {
    const paths = { caFile: file("ca.crt"), certFile: file("station.crt"), keyFile: file("station.key") };
    const question = { files: nodeConfigFiles(), paths, stationId: "liaoyuan-1", wallMs: nodeClock().wallMs() };
    expect(readCredentials(question).findings).toEqual([]);
  });

  test("makes certificates that can only be what they are for", () => {
    const usage = (name: string) => new X509Certificate(readFileSync(file(name))).keyUsage;
    expect(usage("broker.crt")).toEqual(["1.3.6.1.5.5.7.3.1"]); // serverAuth
    expect(usage("station.crt")).toEqual(["1.3.6.1.5.5.7.3.2"]); // clientAuth
  });

  test("ends with a station that is connected, by the name of the page", async () => {
    const certificate = { certFile: file("broker.crt"), keyFile: file("broker.key") };
    const ca = readFileSync(file("ca.crt"));
    const broker = await startTlsBroker({ certificate, more: { requestCert: true, rejectUnauthorized: true, ca } });
    onTestFinished(() => broker.close());
    const told: string[] = [];
    const own = { caFile: file("ca.crt"), certFile: file("station.crt"), keyFile: file("station.key") };
    const tls = { stationId: "liaoyuan-1", serverName: "mqtt.example.com", ...own };
    const ports = { clock: nodeClock(), random: { next: () => 0.5 } };
    const link = nodeMqtt({ url: `mqtts://127.0.0.1:${broker.port}`, tls }, ports)(
      { clientId: "yizhan-liaoyuan-1", will: { topic: "t/availability", payload: "offline" } },
      {
        connected: () => told.push("connected"),
        disconnected: () => {},
        message: () => {},
        attemptFailed: (_trouble, why) => told.push(why),
      },
    );
    onTestFinished(() => new Promise<void>((resolve) => link.close(resolve)));
    await until(() => told.length > 0, { what: "the connection" });
    expect(told).toEqual(["connected"]);
    expect(broker.clients).toEqual(["liaoyuan-1"]);
  });
});
