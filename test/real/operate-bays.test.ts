import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mosquitto } from "../support/mosquitto.ts";
import { missingTools, type RealStation, startMosquitto, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

interface Response {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly data?: { readonly bay?: number };
}

const missing = missingTools();
if (missing.length > 0)
  console.warn(`skipped: the real-process tests need ${missing.join(", ")}: apt-get install -y ${missing.join(" ")}`);

const root = "yizhan/1/starter-1/";
const holdsForS = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

describe.runIf(missing.length === 0)("an operator at a real controller, through Mosquitto", () => {
  let broker: Mosquitto;
  let station: RealStation;
  let operator: mqtt.MqttClient;
  const responses: Response[] = [];
  const events: string[] = [];
  const doors = new Map<string, string>();
  let births = 0;
  const ask = (verb: string, request: object): Promise<unknown> =>
    operator.publishAsync(`${root}request/${verb}`, JSON.stringify(request), { qos: 1 });
  const pulsesOf = async (bay: number): Promise<number> =>
    (await station.truth()).bays.find((one) => one.bay === bay)?.pulses ?? -1;
  const answered = (id: string, times: number, what: string): Promise<void> =>
    until(() => responses.filter((response) => response.id === id).length >= times, { timeoutMs: 30_000, what });

  beforeAll(async () => {
    broker = await startMosquitto();
    station = await startRealStation({ mosquitto: broker });
    operator = await mqtt.connectAsync(broker.url);
    await operator.subscribeAsync(
      [`${root}response/+`, `${root}event/request`, `${root}availability`, `${root}bay/+`],
      { qos: 1 },
    );
    operator.on("message", (topic, payload) => {
      if (topic.includes("/bay/")) doors.set(topic, (JSON.parse(payload.toString()) as { door: string }).door);
      else if (topic.endsWith("/availability")) births += payload.toString() === "online" ? 1 : 0;
      else if (topic.includes("/response/")) responses.push(JSON.parse(payload.toString()) as Response);
      else events.push((JSON.parse(payload.toString()) as { event_type: string }).event_type);
    });
    station.startController();
    await until(async () => births === 1 && (await station.truth()).masterEnable, {
      timeoutMs: 30_000,
      what: "the controller",
    });
    // Contacts are heard a moment after the start; an opening that could not be seen would be refused.
    const allShut = () => doors.size === 4 && [...doors.values()].every((door) => door === "shut");
    await until(allShut, { timeoutMs: 30_000, what: "the contacts of every bay" });
  });

  afterAll(async () => {
    await operator?.endAsync(true);
    await station?.stop();
    await broker?.stop();
  });

  test("opens a bay whose coil is pulsed exactly once, though the request is delivered six times", async () => {
    const bay = (await station.truth()).bays.find(({ packId }) => packId !== undefined)?.bay ?? 0;
    const request = { id: "open-once", expiresAt: holdsForS(50), by: "night desk", bay };
    for (let time = 0; time < 3; time++) await ask("open", request);
    await answered("open-once", 1, "the answer");
    expect(responses[0]).toEqual({ id: "open-once", status: "ok", data: { bay } });
    const { bays } = await station.truth();
    expect(bays.filter(({ doorOpen }) => doorOpen).map((one) => one.bay)).toEqual([bay]);
    // Asked again, the answer is the same, word for word.
    for (let time = 0; time < 3; time++) await ask("open", request);
    await answered("open-once", 4, "the same answer three times more");
    expect(new Set(responses.map((response) => JSON.stringify(response))).size).toBe(1);
    expect(await pulsesOf(bay)).toBe(1);
    await until(() => events.includes("answered"), { timeoutMs: 20_000, what: "the audit events" });
    expect(events.slice(0, 4)).toEqual(["accepted", "bay-opening", "bay-opened", "answered"]);
  });

  test("gets the same answer from a controller that was killed and started again, and no lock moves", async () => {
    const before = (await station.truth()).bays.map(({ pulses }) => pulses);
    await station.killController("SIGKILL");
    station.startController();
    await until(() => births === 2, { timeoutMs: 30_000, what: "the restarted controller" });
    const had = responses.length;
    const bay = responses[0]?.data?.bay ?? 0;
    await ask("open", { id: "open-once", expiresAt: holdsForS(50), bay });
    await until(() => responses.length > had, { timeoutMs: 30_000, what: "the remembered answer" });
    expect(responses.at(-1)).toEqual({ id: "open-once", status: "ok", data: { bay } });
    expect((await station.truth()).bays.map(({ pulses }) => pulses)).toEqual(before);
  });

  test("is refused with the reason: stale, too far ahead, and while another door stands open", async () => {
    const before = (await station.truth()).bays.map(({ pulses }) => pulses);
    const open = responses[0]?.data?.bay ?? 0;
    const bay = open === 1 ? 2 : 1;
    await ask("open", { id: "late", expiresAt: holdsForS(-1), bay });
    await ask("open", { id: "early", expiresAt: holdsForS(120), bay });
    const reasonOf = (id: string) => responses.find((response) => response.id === id)?.reason;
    await answered("early", 1, "the refusals");
    expect(["late", "early"].map(reasonOf)).toEqual(["expired", "opening-expires-too-late"]);
    // Just after a start the contacts are not heard yet, and that is a reason of its own.
    let tries = 0;
    const besides = async (): Promise<boolean> => {
      const id = `beside-${++tries}`;
      await ask("open", { id, expiresAt: holdsForS(50), bay });
      await answered(id, 1, "the refusal");
      return reasonOf(id) !== "bay-not-seen";
    };
    await until(besides, { timeoutMs: 30_000, what: "the contacts" });
    expect(reasonOf(`beside-${tries}`)).toBe("door-open");
    expect((await station.truth()).bays.map(({ pulses }) => pulses)).toEqual(before);
  });
});
