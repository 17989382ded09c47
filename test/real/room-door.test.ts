import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawOf } from "../../firmware/config/ed25519.ts";
import type { Mosquitto } from "../support/mosquitto.ts";
import { missingTools, type RealStation, startMosquitto, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

const missing = missingTools();
if (missing.length > 0)
  console.warn(`skipped: the real-process tests need ${missing.join(", ")}: apt-get install -y ${missing.join(" ")}`);

/** Header lines of the door, BCM numbers. */
const strikeLine = 27;
const shutLine = 22;
const exitLine = 23;
/** What the pretended chip adds to a BCM number, as Linux does. */
const chipBase = 512;

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A code as the rider's app shows it: good for 12 s, for this door alone. */
function signedCode(claims: object = {}): string {
  const nbf = Math.floor(Date.now() / 1_000);
  const jti = createHash("sha256").update(`${nbf}-${Math.random()}`).digest("hex").slice(0, 20);
  const signed = `${base64url({ alg: "EdDSA", kid: "app-1", typ: "door+jwt" })}.${base64url({
    jti,
    sub: "m-0042",
    aud: "starter-1/front",
    nbf,
    exp: nbf + 12,
    ...claims,
  })}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`;
}

function withDoor(yaml: string): string {
  const directory = /path: "([^"]*)\/tty-locks"/.exec(yaml)?.[1] ?? "";
  return `${yaml
    .replace("\nbuses:\n", `\nbuses:\n  - { id: door-codes, path: "${directory}/tty-door-codes", baud: 9600 }\n`)
    .replace("\ndevices:\n", "\ndevices:\n  - { id: door-codes, kind: gm65, bus: door-codes }\n")}
access:
  issuers: [{ kid: app-1, publicKey: "${rawOf(publicKey)}" }]
  doors:
    - id: front
      wires:
        strike: { gpio: ${strikeLine} }
        shut: { gpio: ${shutLine} }
        exitRequest: { gpio: ${exitLine} }
room:
  readers: [{ id: front-codes, device: door-codes, at: door, door: front }]
`;
}

interface Told {
  readonly event_type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe.runIf(missing.length === 0)("a rider at the door of a real controller", () => {
  let broker: Mosquitto;
  let station: RealStation;
  let operator: mqtt.MqttClient;
  const events: Told[] = [];
  let following: NodeJS.Timeout | undefined;

  const line = (bcm: number, file: string): string => join(station.directory, "gpio", `gpio${chipBase + bcm}`, file);
  const contact = (bcm: number, closed: boolean): void => writeFileSync(line(bcm, "value"), closed ? "1\n" : "0\n");

  /** The kernel's part: an exported line, and a direction of `high` or `low` that sets the level at once. */
  function addLine(bcm: number, value: "0" | "1"): void {
    mkdirSync(join(station.directory, "gpio", `gpio${chipBase + bcm}`), { recursive: true });
    writeFileSync(line(bcm, "direction"), "in\n");
    writeFileSync(line(bcm, "edge"), "none\n");
    writeFileSync(line(bcm, "value"), `${value}\n`);
  }

  function strikeIsOn(): boolean {
    const direction = readFileSync(line(strikeLine, "direction"), "utf8").trim();
    if (direction === "high" || direction === "low") {
      writeFileSync(line(strikeLine, "value"), direction === "high" ? "1\n" : "0\n");
      writeFileSync(line(strikeLine, "direction"), "out\n");
    }
    return readFileSync(line(strikeLine, "value"), "utf8").trim() === "1";
  }

  /** The bytes of the reader, as a GM65 sends them. */
  const show = (code: string): void => writeFileSync(`${station.directory}/tty-door-codes.far`, `${code}\r`);
  const seen = (type: string): boolean => events.some((event) => event.event_type === type);

  beforeAll(async () => {
    broker = await startMosquitto();
    station = await startRealStation({ mosquitto: broker, edit: withDoor });
    addLine(strikeLine, "0");
    addLine(shutLine, "1");
    addLine(exitLine, "0");
    operator = await mqtt.connectAsync(broker.url);
    let births = 0;
    operator.on("message", (topic, payload) => {
      if (topic.endsWith("/availability")) births += payload.toString() === "online" ? 1 : 0;
      else events.push(JSON.parse(payload.toString()) as Told);
    });
    await operator.subscribeAsync(["yizhan/1/starter-1/event/door", "yizhan/1/starter-1/availability"], { qos: 1 });
    station.startController();
    await until(() => births === 1, { timeoutMs: 30_000, what: "the controller" });
    following = setInterval(strikeIsOn, 5);
  });

  afterAll(async () => {
    clearInterval(following);
    await operator?.endAsync(true);
    await station?.stop();
    await broker?.stop();
  });

  test("shows a code, and the strike gets current; the audit event reaches Mosquitto", async () => {
    expect(strikeIsOn()).toBe(false);
    show(signedCode());
    await until(strikeIsOn, { timeoutMs: 10_000, what: "the strike" });
    await until(() => seen("granted"), { timeoutMs: 10_000, what: "the audit event" });
    const granted = events.find((event) => event.event_type === "granted");
    expect(granted?.data).toMatchObject({ door: "front", way: "token" });
    expect(JSON.stringify(granted)).not.toContain("m-0042");
    contact(shutLine, false);
    await until(() => !strikeIsOn(), { timeoutMs: 10_000, what: "the strike off again" });
    contact(shutLine, true);
    await until(() => seen("entered"), { timeoutMs: 10_000, what: "the entry" });
  });

  test("hears in words why a code of another door, or one that was used, does not open", async () => {
    const before = events.length;
    show(signedCode({ aud: "starter-1/back" }));
    await until(() => events.length > before, { timeoutMs: 10_000, what: "the refusal" });
    expect(events.at(-1)).toMatchObject({ event_type: "refused", data: { reason: "wrong-door" } });
    await until(() => station.controllerLines.some((text) => text.includes("此码不是给这扇门的")), {
      timeoutMs: 10_000,
      what: "the sentence",
    });
    expect(strikeIsOn()).toBe(false);
  });

  test("gets out by the handle at once, and the strike goes off again", async () => {
    contact(exitLine, true);
    await until(strikeIsOn, { timeoutMs: 10_000, what: "the strike for leaving" });
    contact(exitLine, false);
    await until(() => !strikeIsOn(), { timeoutMs: 15_000, what: "the strike off again" });
  });

  test("leaves no text of a code anywhere: not in the log, not in the diary", () => {
    expect(station.controllerLines.join("\n")).not.toContain("eyJ");
    const state = join(station.directory, "state");
    const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const log = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")).join("\n");
    expect(log).toContain("door-granted");
    expect(log).not.toContain("eyJ");
  });
});
