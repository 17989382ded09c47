import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mosquitto } from "../support/mosquitto.ts";
import { missingTools, type RealStation, startMosquitto, startRealStation } from "../support/real-station.ts";
import { root as repository } from "../support/repository.ts";
import { until } from "../support/until.ts";

interface Response {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
}
interface Event {
  readonly event_type: string;
  readonly data: { readonly reason?: string; readonly key?: string; readonly role?: string; readonly request?: string };
}

const missing = missingTools();
if (missing.length > 0)
  console.warn(`skipped: the real-process tests need ${missing.join(", ")}: apt-get install -y ${missing.join(" ")}`);

const root = "yizhan/1/starter-1/";
const yizhan = (...args: string[]): string =>
  execFileSync(process.execPath, [join(repository, "bin", "yizhan.js"), ...args], { encoding: "utf8" });

describe.runIf(missing.length === 0)("a real controller that knows keys, through Mosquitto", () => {
  let keys: string;
  let broker: Mosquitto;
  let station: RealStation;
  let desk: mqtt.MqttClient;
  const responses: Response[] = [];
  const security: Event[] = [];
  const taken: Event[] = [];
  const doors = new Map<string, string>();
  let births = 0;

  const sign = (who: string, verb: string, payload: object, to = "starter-1"): string =>
    yizhan(
      "token",
      "sign",
      "--key",
      join(keys, `${who}.key`),
      "--station",
      to,
      "--verb",
      verb,
      "--json-payload",
      JSON.stringify(payload),
    ).trim();
  const ask = (verb: string, request: string): Promise<unknown> =>
    desk.publishAsync(`${root}request/${verb}`, request, { qos: 1 });
  const pulses = async (): Promise<number[]> => (await station.truth()).bays.map((bay) => bay.pulses);
  const answered = async (id: string, times = 1): Promise<Response | undefined> => {
    const said = () => responses.filter((response) => response.id === id);
    await until(() => said().length >= times, { timeoutMs: 30_000, what: `the answer to ${id}` });
    return said().at(-1);
  };

  /** Of the security events those of refused requests; the start of the controller is one as well. */
  const told = (topic: string, event: Event): void => {
    if (!topic.endsWith("/security")) taken.push(event);
    else if (event.event_type !== "startup-of-the-device") security.push(event);
  };

  beforeAll(async () => {
    keys = mkdtempSync(join(tmpdir(), "yizhan-keys-"));
    const publicKeys = (["chen", "technician", "wang", "viewer"] as const).flatMap((id, at, all) =>
      at % 2 === 0
        ? [JSON.parse(yizhan("token", "key", "--id", id, "--role", String(all[at + 1]), "-o", keys, "--json"))]
        : [],
    );
    const lines = publicKeys.map(
      ({ id, role, publicKey }) => `    - { id: ${id}, role: ${role}, publicKey: ${publicKey} }`,
    );
    broker = await startMosquitto();
    station = await startRealStation({
      mosquitto: broker,
      edit: (yaml) => `${yaml}requests:\n  keys:\n${lines.join("\n")}\n`,
    });
    desk = await mqtt.connectAsync(broker.url);
    desk.on("message", (topic, payload) => {
      const text = payload.toString();
      if (topic.includes("/bay/")) doors.set(topic, (JSON.parse(text) as { door: string }).door);
      else if (topic.endsWith("/availability")) births += text === "online" ? 1 : 0;
      else if (topic.includes("/response/")) responses.push(JSON.parse(text) as Response);
      else told(topic, JSON.parse(text) as Event);
    });
    const topics = ["response/+", "event/request", "event/security", "availability", "bay/+"];
    await desk.subscribeAsync(
      topics.map((topic) => root + topic),
      { qos: 1 },
    );
    station.startController();
    await until(async () => births === 1 && (await station.truth()).masterEnable, {
      timeoutMs: 30_000,
      what: "the controller",
    });
    const allShut = () => doors.size === 4 && [...doors.values()].every((door) => door === "shut");
    await until(allShut, { timeoutMs: 30_000, what: "the contacts of every bay" });
  });

  afterAll(async () => {
    await desk?.endAsync(true);
    await station?.stop();
    await broker?.stop();
    rmSync(keys, { recursive: true, force: true });
  });

  test("refuses what is unsigned, wrongly signed, signed elsewhere or not theirs to ask, and no lock moves", async () => {
    const before = await pulses();
    const good = sign("chen", "open", { id: "to-be-changed", bay: 1 });
    const { signature: _, key: _key, seq: _seq, ...bare } = JSON.parse(good);
    await ask("open", JSON.stringify({ ...bare, id: "unsigned" }));
    await ask("open", JSON.stringify({ ...JSON.parse(good), bay: 2 }));
    await ask("open", sign("chen", "open", { id: "elsewhere", bay: 1 }, "starter-2"));
    await ask("open", sign("wang", "open", { id: "not-hers", bay: 1 }));
    const reasons = ["unsigned", "to-be-changed", "elsewhere", "not-hers"].map(
      async (id) => (await answered(id))?.reason,
    );
    expect(await Promise.all(reasons)).toEqual(["unsigned", "bad-signature", "bad-signature", "role-not-allowed"]);
    await until(() => security.length >= 4, { timeoutMs: 20_000, what: "the security events" });
    expect(
      security.map(({ event_type, data }) => `${event_type} ${data.reason} ${data.key ?? "-"} ${data.role ?? "-"}`),
    ).toEqual([
      "broker-failed-to-authenticate unsigned - -",
      "broker-failed-to-authenticate bad-signature chen technician",
      "broker-failed-to-authenticate bad-signature chen technician",
      "broker-failed-to-authenticate role-not-allowed wang viewer",
    ]);
    expect(await pulses()).toEqual(before);
  });

  test("opens a bay for a technician's signature, once, and says in the events whose it was", async () => {
    const before = await pulses();
    const request = sign("chen", "open", { id: "signed", bay: 1, by: "night desk" });
    await ask("open", request);
    expect(await answered("signed")).toMatchObject({ status: "ok", data: { bay: 1 } });
    for (let time = 0; time < 3; time++) await ask("open", request);
    expect(await answered("signed", 4)).toMatchObject({ status: "ok" });
    const after = await pulses();
    expect(after.reduce((sum, n) => sum + n, 0)).toBe(before.reduce((sum, n) => sum + n, 0) + 1);
    await until(() => taken.some(({ event_type }) => event_type === "answered"), {
      timeoutMs: 20_000,
      what: "the events",
    });
    for (const type of ["accepted", "answered"]) {
      const event = taken.find(({ event_type, data }) => event_type === type && data.request === "signed");
      expect(event?.data).toMatchObject({ key: "chen", role: "technician", by: "night desk" });
    }
  });

  test("takes no older number after it was killed and started again, and answers the same order alike", async () => {
    const [first] = responses.filter(({ id }) => id === "signed");
    const older = sign("chen", "open", { id: "older", bay: 2 });
    const newer = JSON.parse(sign("chen", "parameters", { id: "newer", set: {} }));
    await ask("parameters", JSON.stringify(newer));
    expect((await answered("newer"))?.status).toBe("ok");
    const before = await pulses();
    await station.killController("SIGKILL");
    station.startController();
    await until(() => births === 2, { timeoutMs: 30_000, what: "the restarted controller" });
    await ask("open", older);
    expect((await answered("older"))?.reason).toBe("out-of-order");
    await ask("parameters", JSON.stringify(newer));
    expect((await answered("newer", 2))?.status).toBe("ok");
    expect(await pulses()).toEqual(before);
    expect(first?.status).toBe("ok");
    const log = station.controllerLines.join("\n");
    expect(log).not.toContain(newer.signature);
  });
});
