/** The access list at a real controller: retained at Mosquitto, kept on the disk, and good after a start with nothing at the broker. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawOf } from "../../firmware/config/ed25519.ts";
import type { Mosquitto } from "../support/mosquitto.ts";
import { missingTools, type RealStation, startMosquitto, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

const missing = missingTools();
const app = generateKeyPairSync("ed25519");
const office = generateKeyPairSync("ed25519");
const listTopic = "yizhan/1/starter-1/access-list";

function jws(key: KeyObject, header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "EdDSA", ...header })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

function codeOf(member: string): string {
  const nbf = Math.floor(Date.now() / 1_000);
  const jti = createHash("sha256").update(`${member}-${Math.random()}`).digest("hex").slice(0, 20);
  const claims = { jti, sub: member, aud: "starter-1/front", nbf, exp: nbf + 12 };
  return jws(app.privateKey, { kid: "app-1", typ: "door+jwt" }, claims);
}

interface DoorEvent {
  readonly id: string;
  readonly event_type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const listOf = (version: number, revokedMembers: readonly string[], key = office.privateKey): string =>
  jws(
    key,
    { kid: "office-1", typ: "access-list+jwt" },
    { station: "starter-1", version, issuedAt: Date.now(), revokedMembers },
  );

function withDoor(yaml: string): string {
  const directory = /path: "([^"]*)\/tty-locks"/.exec(yaml)?.[1] ?? "";
  return `${yaml
    .replace("\nbuses:\n", `\nbuses:\n  - { id: door-codes, path: "${directory}/tty-door-codes", baud: 9600 }\n`)
    .replace("\ndevices:\n", "\ndevices:\n  - { id: door-codes, kind: gm65, bus: door-codes }\n")}
access:
  issuers: [{ kid: app-1, publicKey: "${rawOf(app.publicKey)}" }]
  authorities: [{ kid: office-1, publicKey: "${rawOf(office.publicKey)}" }]
  doors:
    - id: front
      wires: { strike: { gpio: 27 }, shut: { gpio: 22 }, exitRequest: { gpio: 23 } }
room:
  readers: [{ id: front-codes, device: door-codes, at: door, door: front }]
`;
}

describe.runIf(missing.length === 0)("the access list of a real controller", () => {
  let broker: Mosquitto;
  let station: RealStation;
  let operator: mqtt.MqttClient;
  const events: DoorEvent[] = [];
  let births = 0;

  /** At least once means that a killed controller tells again what was not confirmed: repeats are dropped by id, as by every consumer. */
  function keep(event: DoorEvent): void {
    if (!events.some(({ id }) => id === event.id)) events.push(event);
  }

  /** An exported header line, as the kernel shows it. */
  function addLine(bcm: number, value: "0" | "1"): void {
    const folder = join(station.directory, "gpio", `gpio${512 + bcm}`);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ direction: "in", edge: "none", value }))
      writeFileSync(join(folder, file), `${text}\n`);
  }

  /** Shows a code of a member and gives what the door made of it. */
  async function answerTo(member: string): Promise<string> {
    const before = events.length;
    writeFileSync(`${station.directory}/tty-door-codes.far`, `${codeOf(member)}\r`);
    const told = (): string | undefined => {
      const event = events.slice(before).find(({ event_type }) => ["granted", "refused"].includes(event_type));
      return event === undefined ? undefined : String(event.data.reason ?? event.event_type);
    };
    await until(() => told() !== undefined, { timeoutMs: 10_000, what: `an answer to ${member}` });
    return told() ?? "";
  }

  const versions = (): unknown[] =>
    events.filter(({ event_type }) => event_type === "list-accepted").map(({ data }) => data.version);
  const publish = (text: string) => operator.publishAsync(listTopic, text, { qos: 1, retain: true });

  beforeAll(async () => {
    broker = await startMosquitto();
    station = await startRealStation({ mosquitto: broker, edit: withDoor });
    addLine(27, "0");
    addLine(22, "1");
    addLine(23, "0");
    operator = await mqtt.connectAsync(broker.url);
    operator.on("message", (topic, payload) => {
      if (topic.endsWith("/availability")) births += payload.toString() === "online" ? 1 : 0;
      else keep(JSON.parse(payload.toString()));
    });
    await operator.subscribeAsync(["yizhan/1/starter-1/event/door", "yizhan/1/starter-1/availability"], { qos: 1 });
    await publish(listOf(7, ["m-0007"]));
    station.startController();
    await until(() => versions().length === 1, { timeoutMs: 30_000, what: "the list" });
  });

  afterAll(async () => {
    await operator?.endAsync(true);
    await station?.stop();
    await broker?.stop();
  });

  test("that was retained before the start is in force: who is revoked stays out, others come in", async () => {
    expect(versions()).toEqual(["7"]);
    expect(await answerTo("m-0007")).toBe("member-revoked");
    expect(await answerTo("m-0042")).toBe("granted");
  });

  test("of somebody else, or older, is refused and changes nothing", async () => {
    const refusals = (): unknown[] =>
      events.filter(({ event_type }) => event_type === "list-refused").map(({ data }) => data.reason);
    await operator.publishAsync(listTopic, listOf(9, [], app.privateKey), { qos: 1 });
    await until(() => refusals().includes("bad-signature"), { what: "the refusal of a forged list" });
    await operator.publishAsync(listTopic, listOf(6, []), { qos: 1 });
    await until(() => refusals().includes("list-not-newer"), { what: "the refusal of an old list" });
    expect(await answerTo("m-0007")).toBe("member-revoked");
  });

  test("is kept: after a kill and with nothing at the broker, the same hold", async () => {
    const kept = join(station.directory, "state", "access-list.jws");
    await until(() => existsSync(kept), { what: "the list on the disk" });
    expect(readFileSync(kept, "utf8").split(".")).toHaveLength(3);
    await publish("");
    const before = births;
    await station.killController("SIGKILL");
    station.startController();
    await until(() => births > before, { timeoutMs: 30_000, what: "the controller again" });
    expect(await answerTo("m-0007")).toBe("member-revoked");
    expect(await answerTo("m-0815")).toBe("granted");
    expect(versions()).toEqual(["7"]);
  });
});
