/**
 * A real controller with everything it could betray: a password, a private key, members' codes. It is asked well and badly, by
 * riders and at the desk, is ended and started again from a configuration that was spoilt; then everything that was written is
 * searched. And the station that was spoilt goes on with its last good configuration.
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Authority, hasOpenssl, makeAuthority } from "../support/certificates.ts";
import { missingTools, type RealStation, startRealStation } from "../support/real-station.ts";
import { controls, leaks, type Secret, type Written } from "../support/secrets.ts";
import { type SecuredBroker, securedBrokers } from "../support/secured-brokers.ts";
import { until } from "../support/until.ts";

const missing = [...missingTools(), ...(hasOpenssl() ? [] : ["openssl"])];
if (missing.length > 0) console.warn(`skipped: the search for secrets needs: apt-get install -y ${missing.join(" ")}`);

const root = "yizhan/1/starter-1/";
const password = "seven-green-kettles-81";
const evil = "Wang\u001b[2J\r\nroot: all is well\u0007";

describe.runIf(missing.length === 0)("everything a real controller writes", () => {
  let authority: Authority;
  let broker: SecuredBroker;
  let station: RealStation;
  let operator: mqtt.MqttClient;
  const told: Written[] = [];
  const secrets: Secret[] = [{ what: "the password", text: password }];
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const file = (name: string) => join(station.directory, name);
  const env = () => ({ YIZHAN_CONFIG_KEY: file("config.pub"), STATE_DIRECTORY: file("kept") });
  const heard = (topic: string, words: string, from = 0): boolean =>
    told.slice(from).some(({ where, text }) => where === root + topic && text.includes(words));

  beforeAll(async () => {
    authority = makeAuthority();
    const [mosquitto] = securedBrokers;
    if (mosquitto === undefined) throw new Error("no broker");
    broker = await mosquitto.start(authority, ["starter-1", "starter-2"]);
    const { certFile, keyFile } = authority.issue({ commonName: "starter-1" });
    const passwordFile = join(authority.directory, "password");
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    const lines = readFileSync(keyFile, "utf8")
      .split("\n")
      .filter((line) => line.length > 20 && !line.startsWith("-"));
    secrets.push(...lines.map((text) => ({ what: "the private key", text })));
    const tls = `  caFile: ${authority.caFile}\n  certFile: ${certFile}\n  keyFile: ${keyFile}`;
    const login = `  username: starter-1\n  passwordFile: ${passwordFile}`;
    const edit = (yaml: string) =>
      `revision: 1\n${yaml.replace(/url: mqtt:.*/, `url: ${broker.stationUrl}\n${tls}\n${login}`)}`;
    station = await startRealStation({ edit });
    writeFileSync(file("config.pub"), publicKey.export({ type: "spki", format: "pem" }));
    const signature = sign(null, readFileSync(station.configFile), privateKey).toString("base64");
    writeFileSync(`${station.configFile}.sig`, `${signature}\n`);
    mkdirSync(file("kept"));
    const dashboard = authority.issue({ commonName: "operator" });
    operator = await mqtt.connectAsync(broker.operatorUrl, {
      ca: readFileSync(authority.caFile),
      cert: readFileSync(dashboard.certFile),
      key: readFileSync(dashboard.keyFile),
    });
    operator.on("message", (topic, payload) => {
      if (!topic.includes("/request/")) told.push({ where: topic, text: payload.toString() });
    });
    await operator.subscribeAsync("yizhan/1/#", { qos: 1 });
    station.startController(env());
    await until(async () => heard("availability", "online") && (await station.truth()).masterEnable, {
      timeoutMs: 30_000,
      what: () => `the controller: ${station.controllerLines.slice(-3).join()}`,
    });
  });

  afterAll(async () => {
    await operator?.endAsync(true);
    await station?.stop();
    await broker?.stop();
    authority?.remove();
  });

  const ask = (verb: string, request: object | string): Promise<unknown> =>
    operator.publishAsync(
      `${root}request/${verb}`,
      typeof request === "string" ? request : JSON.stringify({ expiresAt: new Date(Date.now() + 60_000), ...request }),
      { qos: 1 },
    );

  test("is filled by riders, by requests that are answered, and by some that are refused", async () => {
    station.order({ do: "arrive", visit: { rider: 0, behaviour: "proper", socPct: 20 } });
    await ask("lock-out", { id: "op-1", bay: 4, lockOut: "operator", reason: evil, by: evil });
    await ask("lock-out", `not json ${evil} ${password}`);
    await ask("open", { id: `op-${evil}`, bay: 1, by: evil });
    await ask("bind", { id: "op-2", packId: "yz-0001", member: "m-0007" });
    await until(() => heard("response/lock-out", "op-1") && heard("event/security", "invalid-messages"), {
      timeoutMs: 30_000,
      what: "the answers",
    });
    await until(() => heard("event/swap", "deposited"), { timeoutMs: 60_000, what: "the rider" });
  });

  test("goes on, when the configuration is spoilt, with the last good one, and says so", async () => {
    await station.killController("SIGTERM");
    const from = told.length;
    const spoilt = readFileSync(station.configFile, "utf8").replace("siteLimitW: 3000", "siteLimitW: 9000");
    writeFileSync(station.configFile, spoilt);
    expect(existsSync(file("kept/config.kept.json"))).toBe(true);
    station.startController(env());
    await until(() => heard("fault/config-refused/station", "error", from), {
      timeoutMs: 40_000,
      what: () => `the fault: ${station.controllerLines.slice(-6).join("\n")}`,
    });
    expect(station.controllerLines.join("\n")).toContain("[E_CFG_SIGNATURE]");
    expect(station.controllerLines.join("\n")).toContain("last good one, revision 1");
    await until(() => heard("power", '"limitW":3000', from), { what: "the limit of the signed configuration" });
  });

  test("holds no password, no key, no code and no digest, and outside the log no member", async () => {
    await station.killController("SIGTERM");
    const state = file("state");
    const log = readdirSync(state).map((name) => ({ where: name, text: readFileSync(join(state, name), "utf8") }));
    const lines = station.controllerLines.map((text) => ({ where: "the diary", text }));
    expect(log.some(({ where }) => where.endsWith(".yzl"))).toBe(true);
    expect(lines.length).toBeGreaterThan(5);
    const members = readFileSync("examples/members.yaml", "utf8");
    for (const [, member, digest] of members.matchAll(/member: (m-\d+), credentialSha256: ([0-9a-f]{64})/g)) {
      secrets.push({ what: "a digest", text: digest as string });
      secrets.push({ what: "a code", text: (member as string).replace("m-", "yz-member-") });
    }
    expect(secrets.length).toBeGreaterThan(120);
    expect(leaks([...log, ...told, ...lines], secrets)).toEqual([]);
    expect([...told, ...lines].filter(({ text }) => /\bm-\d{4}\b/.test(text)).map(({ where }) => where)).toEqual([]);
    expect(controls([...log, ...told, ...lines])).toEqual([]);
  });
});
