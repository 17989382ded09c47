/**
 * The real controller, killed at random instants of swaps and started again, over and over: what it believes of every pack is
 * what is so on the hardware side. `YIZHAN_KILL_RUNS` says how often, `YIZHAN_KILL_SEED` which instants are drawn.
 */
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../simulator/random.ts";
import type { Mosquitto } from "../support/mosquitto.ts";
import { missingTools, type RealStation, startMosquitto, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";
import { Believer } from "./beliefs.ts";
import { Crowd, type Kill, killOnce, leaveAlone } from "./kills.ts";

const runs = Number(process.env.YIZHAN_KILL_RUNS ?? "2");
const seed = process.env.YIZHAN_KILL_SEED ?? "1";
const missing = missingTools();

function histogram(kills: readonly Kill[]): string {
  const counts = new Map<string, number>();
  for (const { step } of kills) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].map(([step, count]) => `${step} ${count}`).join(", ");
}

describe.runIf(missing.length === 0)("a controller killed in the middle of swaps", () => {
  let broker: Mosquitto;
  let station: RealStation;
  let client: mqtt.MqttClient;

  beforeAll(async () => {
    broker = await startMosquitto();
    const windows = "\nswap: { insertWindowMs: 15000, takeWindowMs: 15000, doorOpenAlarmMs: 10000 }\n";
    station = await startRealStation({
      mosquitto: broker,
      hardwareArgs: ["--soc", "0.93", "--seed", seed],
      edit: (yaml) => yaml + windows,
    });
    client = await mqtt.connectAsync(broker.url);
  });

  afterAll(async () => {
    await client?.endAsync(true);
    await station?.stop();
    await broker?.stop();
  });

  test(
    `${runs} times knows afterwards where every pack is, and has opened nothing by itself`,
    async () => {
      const random = createRandom(`kill-${seed}`);
      const believer = new Believer(client, join(station.directory, "state"));
      await believer.listen();
      station.startController();
      await until(async () => (await station.truth()).masterEnable, { timeoutMs: 60_000, what: "the master enable" });
      const packsAtFirst = (await station.truth()).bays.filter(({ packId }) => packId !== undefined).length;
      const crowd = new Crowd(station, random.split("crowd"));
      const kills: Kill[] = [];
      while (kills.length < runs) {
        kills.push(await killOnce({ station, believer, random }, crowd));
        if (kills.length % 2 === 0) await leaveAlone();
      }
      const wrong = kills.filter((kill) => kill.differences.length > 0);
      const { endings } = (await station.truth()) as unknown as { endings: Record<string, number> };
      console.log(
        `kill campaign: ${kills.length} SIGKILLs (${histogram(kills)}), ${wrong.length} with differences; ` +
          `riders: ${JSON.stringify(endings)}`,
      );
      expect(wrong).toEqual([]);
      // A campaign that kills between swaps proves nothing.
      const inSwaps = kills.filter(({ step }) => step !== "no swap").length;
      expect(inSwaps).toBeGreaterThanOrEqual(Math.floor(runs * 0.7));
      await crowd.goHome();
      const last = await station.truth();
      // A pack for a pack: nobody was handed two, and nobody went home with none.
      expect(last.bays.filter(({ packId }) => packId !== undefined)).toHaveLength(packsAtFirst);
      expect(Object.values(believer.believed().durable.debts)).toEqual([]);
    },
    300_000 + runs * 90_000,
  );
});
