import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mosquitto } from "../support/mosquitto.ts";
import { missingTools, type RealStation, startMosquitto, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

interface SwapEvent {
  readonly event_type: string;
  readonly id: string;
  readonly seq: number;
  readonly data: {
    readonly swap?: string;
    readonly outcome?: string;
    readonly tookPackId?: string;
    readonly packId?: string;
  };
}

const missing = missingTools();
if (missing.length > 0)
  console.warn(`skipped: the real-process tests need ${missing.join(", ")}: apt-get install -y ${missing.join(" ")}`);

describe.runIf(missing.length === 0)(
  "a real controller on pseudo-terminals, with Mosquitto between it and its operator",
  () => {
    let broker: Mosquitto;
    let station: RealStation;
    let operator: mqtt.MqttClient;
    const events: SwapEvent[] = [];
    const count = (type: string) =>
      new Set(events.filter((event) => event.event_type === type).map((event) => event.id)).size;

    beforeAll(async () => {
      broker = await startMosquitto();
      station = await startRealStation({ mosquitto: broker });
      operator = await mqtt.connectAsync(broker.url);
      await operator.subscribeAsync("yizhan/1/starter-1/event/swap", { qos: 1 });
      operator.on("message", (topic, payload) => {
        if (topic.includes("/event/")) events.push(JSON.parse(payload.toString()) as SwapEvent);
      });
      station.startController();
      await until(async () => (await station.truth()).masterEnable, { timeoutMs: 30_000, what: "the master enable" });
    });

    afterAll(async () => {
      await operator?.endAsync(true);
      await station?.stop();
      await broker?.stop();
    });

    test("a rider's scan leads to a completed swap that an independent subscriber sees", async () => {
      station.order({ do: "arrive", visit: { rider: 0, behaviour: "proper", socPct: 20 } });
      await until(() => count("completed") === 1, { timeoutMs: 120_000, what: "the completed swap" });
      const types = events.map((event) => event.event_type);
      expect(types).toEqual(["started", "door-opened", "deposited", "accepted", "door-opened", "taken", "completed"]);
      expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      const tookPackId = events.at(-1)?.data.tookPackId;
      const truth = await station.truth();
      expect(truth.packs.find((pack) => pack.id === tookPackId)?.place.at).toBe("rider");
      expect(truth.bays.every((bay) => !bay.doorOpen)).toBe(true);
    });

    test("killed after the deposit and started again, it opens no door by itself, and serves the rider on the next scan", async () => {
      const before = await station.truth();
      station.order({ do: "arrive", visit: { rider: 1, behaviour: "proper", socPct: 25 } });
      await until(() => count("accepted") === 2, { timeoutMs: 120_000, what: "the accepted deposit" });
      await station.killController("SIGKILL");
      const cut = await station.truth();
      station.startController();
      await until(async () => (await station.truth()).masterEnable, {
        timeoutMs: 30_000,
        what: "the restarted controller",
      });
      const owed = () => events.some((event) => event.event_type === "owed") || count("completed") === 2;
      await until(owed, { timeoutMs: 60_000, what: "the debt in words" });
      const restarted = await station.truth();
      const pulses = (truth: typeof cut) => truth.bays.reduce((sum, bay) => sum + bay.pulses, 0);
      // What was pulsed before the kill may still have been on its way; nothing is pulsed by the restart.
      expect(pulses(restarted) - pulses(cut)).toBeLessThanOrEqual(count("completed") === 2 ? 1 : 0);
      expect(restarted.packs.length).toBeGreaterThanOrEqual(before.packs.length);
      await until(() => station.saw("left", (line) => (line.visit as { rider: number }).rider === 1), {
        timeoutMs: 200_000,
        what: "the rider to leave or be served",
      });
      if (count("completed") < 2) station.order({ do: "arrive", visit: { rider: 1, behaviour: "returns-for-debt" } });
      await until(() => count("completed") === 2, { timeoutMs: 120_000, what: "the swap to be paid" });
      const places = (await station.truth()).packs.map((pack) => `${pack.id}@${JSON.stringify(pack.place)}`);
      expect(new Set(places).size).toBe(places.length);
    });

    test("SIGTERM ends it cleanly: it says offline, writes why, and exits with 0", async () => {
      const said: string[] = [];
      operator.on("message", (topic, payload) => {
        if (topic.endsWith("/availability") && !topic.includes("/bay/")) said.push(payload.toString());
      });
      await operator.subscribeAsync("yizhan/1/starter-1/availability", { qos: 1 });
      await until(() => said.includes("online"), { timeoutMs: 20_000, what: "online" });
      const { controller } = station;
      controller?.kill("SIGTERM");
      await until(() => controller?.exitCode !== null, { timeoutMs: 40_000, what: "the exit" });
      expect(controller?.exitCode).toBe(0);
      await until(() => said.at(-1) === "offline", { timeoutMs: 10_000, what: "offline" });
      expect((await station.truth()).bays.every((bay) => !bay.contactorClosed)).toBe(true);
    });
  },
);
