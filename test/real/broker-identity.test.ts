/**
 * A certificate opens its own topics and no others: a real controller, the sample files of real brokers, and the certificate of a
 * second station in the hands of somebody who tries everything. The operator watches.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeMqtt } from "../../firmware/platform/node-mqtt.ts";
import { type Authority, hasOpenssl, type Issued, makeAuthority } from "../support/certificates.ts";
import { type RealStation, startRealStation } from "../support/real-station.ts";
import { type SecuredBroker, securedBrokers } from "../support/secured-brokers.ts";
import { until } from "../support/until.ts";

const own = "starter-1";
const foreign = "starter-2";
const root = `yizhan/1/${own}/`;
const holdsForS = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

interface Ear {
  readonly client: mqtt.MqttClient;
  readonly heard: Heard[];
}

for (const kind of securedBrokers) {
  const missing = [
    kind.missing(),
    hasOpenssl() ? undefined : "openssl",
    spawnSync("socat", ["-V"]).error === undefined ? undefined : "socat",
  ].filter((tool) => tool !== undefined);
  if (missing.length > 0)
    console.warn(`skipped: ${kind.name} with certificates needs: apt-get install -y ${missing.join(" ")}`);

  describe.runIf(missing.length === 0)(`stations with certificates at ${kind.name}`, () => {
    let authority: Authority;
    let stranger: Authority;
    let broker: SecuredBroker;
    let station: RealStation;
    let certificates: Record<"own" | "foreign" | "operator", Issued>;
    let operator: Ear;
    const ears: Ear[] = [];

    async function listen(url: string, owner: Issued, clientId: string): Promise<Ear> {
      const heard: Heard[] = [];
      const client = await mqtt.connectAsync(url, {
        ca: readFileSync(authority.caFile),
        cert: readFileSync(owner.certFile),
        key: readFileSync(owner.keyFile),
        clientId,
        reconnectPeriod: 0,
        connectTimeout: 5_000,
      });
      client.on("message", (topic, payload, packet) => {
        heard.push({ topic, text: payload.toString(), retained: packet.retain });
      });
      client.on("error", () => {});
      const ear = { client, heard };
      ears.push(ear);
      return ear;
    }

    const said = (topic: string, text: string): boolean =>
      operator.heard.some((one) => one.topic === topic && one.text.includes(text));

    async function answered(id: string): Promise<void> {
      const request = { id, expiresAt: holdsForS(60) };
      await operator.client.publishAsync(`${root}request/snapshot`, JSON.stringify(request), { qos: 1 });
      await until(() => said(`${root}response/snapshot`, id), { timeoutMs: 20_000, what: "the answer" });
    }

    beforeAll(async () => {
      authority = makeAuthority();
      stranger = makeAuthority("stranger");
      broker = await kind.start(authority, [own, foreign]);
      certificates = {
        own: authority.issue({ commonName: own }),
        foreign: authority.issue({ commonName: foreign }),
        operator: authority.issue({ commonName: "operator" }),
      };
      operator = await listen(broker.operatorUrl, certificates.operator, "dashboard");
      await operator.client.subscribeAsync("yizhan/1/#", { qos: 1 });
      const { certFile, keyFile } = certificates.own;
      const tls = `  caFile: ${authority.caFile}\n  certFile: ${certFile}\n  keyFile: ${keyFile}`;
      station = await startRealStation({
        edit: (yaml) => yaml.replace(/url: mqtt:.*/, `url: ${broker.stationUrl}\n${tls}`),
      });
      station.startController();
      await until(() => said(`${root}availability`, "online"), {
        timeoutMs: 30_000,
        what: () => `the station: ${station.controllerLines.slice(-3).join()} ${broker.log().slice(-800)}`,
      });
    });

    afterAll(async () => {
      for (const { client } of ears) await client.endAsync(true);
      await station?.stop();
      await broker?.stop();
      authority?.remove();
      stranger?.remove();
    });

    test("the station's own certificate is enough: it is online, tells everything, hears requests", async () => {
      await answered("identity-1");
      const topics = ["info", "bay/1", "bay/1/availability", "cabinet/a", "power", "ledger", "event/station"];
      await until(() => topics.every((topic) => said(root + topic, "")), {
        timeoutMs: 30_000,
        what: () => `all topics: ${[...new Set(operator.heard.map(({ topic }) => topic))].join()}`,
      });
      expect(said(`${root}event/security`, "startup-of-the-device")).toBe(true);
    });

    test("the certificate of a second station hears nothing of the first, however it asks", async () => {
      const thief = await listen(broker.stationUrl, certificates.foreign, `yizhan-${foreign}`);
      await thief.client.subscribeAsync(`yizhan/1/${foreign}/request/+`, { qos: 1 });
      const filters = [
        "#",
        "yizhan/#",
        "yizhan/1/+/request/+",
        "+/+/+/#",
        `${root}#`,
        `${root}request/+`,
        `${root}bay/1`,
      ];
      for (const filter of [...filters, `${root}event/+`, `${root}availability`]) {
        // A broker may answer with a refusal, or with silence.
        await thief.client.subscribeAsync(filter, { qos: 1 }).catch(() => {});
      }
      await answered("identity-2");
      await operator.client.publishAsync(`yizhan/1/${foreign}/request/snapshot`, "the last word", { qos: 1 });
      await until(() => thief.heard.some(({ text }) => text === "the last word"), { what: "what is meant for it" });
      expect(thief.heard.filter(({ topic }) => !topic.startsWith(`yizhan/1/${foreign}/`))).toEqual([]);
      await thief.client.endAsync(true);
    });

    test("the certificate of a second station can say nothing in the name of the first", async () => {
      const topics = ["availability", "bay/1", "fault/smoke/a", "event/security", "request/open", "response/open"];
      for (const topic of topics) {
        const thief = await listen(broker.stationUrl, certificates.foreign, `yizhan-${foreign}`).catch(() => undefined);
        // Some brokers end the connection of whoever tries; each topic therefore gets one of its own.
        const how = { qos: 1, retain: !topic.startsWith("e") && !topic.startsWith("r") } as const;
        const forged = thief?.client.publishAsync(root + topic, "forged", how);
        await Promise.race([
          forged?.catch(() => {}),
          new Promise((done) => thief?.client.once("close", () => done(undefined))),
        ]);
        await thief?.client.endAsync(true).catch(() => {});
      }
      const honest = await listen(broker.stationUrl, certificates.foreign, `yizhan-${foreign}`);
      await honest.client.publishAsync(`yizhan/1/${foreign}/event/station`, "the last word", { qos: 1 });
      await until(() => said(`yizhan/1/${foreign}/event/station`, "the last word"), { what: "what it may say" });
      await honest.client.endAsync(true);
      expect(operator.heard.filter(({ text }) => text.includes("forged"))).toEqual([]);
      const late = await listen(broker.operatorUrl, certificates.operator, "late-dashboard");
      await late.client.subscribeAsync("yizhan/1/#", { qos: 1 });
      await until(() => late.heard.some(({ topic }) => topic === `${root}availability`), { what: "what is retained" });
      expect(late.heard.filter(({ text }) => text.includes("forged"))).toEqual([]);
      expect(late.heard.find(({ topic }) => topic === `${root}availability`)).toMatchObject({
        text: "online",
        retained: true,
      });
    });

    test("an operator reads everything and asks, and cannot speak for a station", async () => {
      const pretender = await listen(broker.operatorUrl, certificates.operator, "pretender");
      const gone = new Promise((done) => pretender.client.once("close", () => done(undefined)));
      const forged = pretender.client.publishAsync(`${root}bay/1`, "pretended", { qos: 1, retain: true });
      await Promise.race([forged.catch(() => {}), gone]);
      await answered("identity-3");
      expect(operator.heard.filter(({ text }) => text === "pretended")).toEqual([]);
    });

    test.runIf(kind.bindsClientIds)(
      "a second station cannot throw the first one out by taking its client id",
      async () => {
        const offline = operator.heard.filter(
          ({ topic, text }) => topic === `${root}availability` && text === "offline",
        );
        for (const clientId of [`yizhan-${own}`, own]) {
          const thief = await listen(broker.stationUrl, certificates.foreign, clientId).catch(() => undefined);
          await thief?.client.endAsync(true);
        }
        await answered("identity-4");
        const now = operator.heard.filter(({ topic, text }) => topic === `${root}availability` && text === "offline");
        expect(now).toHaveLength(offline.length);
      },
    );

    test("a certificate of another authority, and none at all, are refused, and the station knows it", async () => {
      for (const [name, who] of [
        ["a stranger", stranger.issue({ commonName: own })],
        ["nobody", {}],
      ] as const) {
        const troubles: string[] = [];
        const link = nodeMqtt(
          { url: broker.stationUrl, tls: { stationId: own, caFile: authority.caFile, ...who } },
          { clock: nodeClock(), random: { next: () => 0.5 } },
        )(
          { clientId: "stranger", will: { topic: `${root}availability`, payload: "offline" } },
          {
            connected: () => troubles.push("connected"),
            disconnected: () => {},
            message: () => {},
            attemptFailed: (trouble, why) => troubles.push(`${trouble}: ${why}`),
          },
        );
        await until(() => troubles.length > 0, { what: `the refusal of ${name}` });
        await new Promise<void>((done) => link.close(done));
        expect(troubles[0], name).toMatch(/^refused: /);
      }
    });
  });
}
