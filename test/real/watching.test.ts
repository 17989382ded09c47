/** The built controller as others watch it: Prometheus' pages, and a Home Assistant that opens a bay through Mosquitto. */
import { spawnSync } from "node:child_process";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deviceMessage } from "../support/home-assistant-schema.ts";
import { renderJinja } from "../support/jinja.ts";
import type { Mosquitto } from "../support/mosquitto.ts";
import { missingTools, type RealStation, startMosquitto, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

const missing = missingTools();
if (missing.length > 0)
  console.warn(`skipped: the real-process tests need ${missing.join(", ")}: apt-get install -y ${missing.join(" ")}`);

const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined;
const extra = "\nhttp: { port: 0 }\nhomeassistant: { enabled: true, language: en }\n";

describe.runIf(missing.length === 0)("a real controller that is watched", () => {
  let broker: Mosquitto;
  let station: RealStation;
  let home: mqtt.MqttClient;
  const retained = new Map<string, string>();
  const entity = (key: string): Record<string, string> => {
    const text = retained.get("homeassistant/device/yizhan_starter_1_cabinet_a/config");
    return text === undefined ? {} : (deviceMessage.parse(JSON.parse(text)).components[key] as Record<string, string>);
  };
  const stateOf = (key: string): string => {
    const { state_topic = "", value_template = "" } = entity(key);
    return renderJinja(value_template, { value_json: JSON.parse(retained.get(state_topic) ?? "null") });
  };
  const url = (): string | undefined => {
    const line = station.controllerLines.find((candidate) => candidate.includes('"msg":"http"'));
    return line === undefined ? undefined : (JSON.parse(line) as { url: string }).url;
  };

  beforeAll(async () => {
    broker = await startMosquitto();
    station = await startRealStation({ mosquitto: broker, edit: (text) => text + extra });
    home = await mqtt.connectAsync(broker.url);
    home.on("message", (topic, payload) => retained.set(topic, payload.toString()));
    await home.subscribeAsync(["homeassistant/device/+/config", "yizhan/1/starter-1/bay/+"], { qos: 1 });
    station.startController();
    await until(() => url() !== undefined && entity("bay_2_lock") !== undefined && stateOf("bay_2_lock") === "LOCKED", {
      timeoutMs: 30_000,
      what: "the pages, the discovery and the contacts",
    });
  });

  afterAll(async () => {
    await home?.endAsync();
    await station?.stop();
    await broker?.stop();
  });

  test("answers on its pages", async () => {
    const health = await fetch(`${url()}/healthz`);
    expect(health.status).toBe(200);
    const metrics = await (await fetch(`${url()}/metrics`)).text();
    expect(metrics).toMatch(/^yizhan_mqtt_connected 1$/m);
    expect(metrics).toMatch(/^yizhan_bay_state\{cabinet="a",bay="2",state="[a-z-]+"\} 1$/m);
    if (hasPromtool) expect(spawnSync("promtool", ["check", "metrics"], { input: metrics }).status).toBe(0);
  });

  test("opens a bay at a click, and shows it open", async () => {
    const { command_topic = "", command_template = "" } = entity("bay_2_lock");
    await home.publishAsync(command_topic, renderJinja(command_template, { value: "UNLOCK", nowMs: Date.now() }), {
      qos: 1,
    });
    await until(() => stateOf("bay_2_door") === "ON", { timeoutMs: 15_000, what: "the door in Home Assistant" });
    expect((await station.truth()).bays.find(({ bay }) => bay === 2)?.doorOpen).toBe(true);
  });
});
