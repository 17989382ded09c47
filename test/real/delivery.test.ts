/**
 * The real log, outbox and link in a process of their own, on lines that break, on a broker that restarts, killed again and
 * again: everything the log acknowledged arrives, and a bare client in the same storm shows what the storm is worth.
 * `YIZHAN_DELIVERY_EVENTS` says how many events, `YIZHAN_DELIVERY_SEED` which storm, `YIZHAN_DELIVERY_REPORT` where the result goes.
 */
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { IN_FLIGHT_MAX } from "../../firmware/mqtt/outbox.ts";
import { deliveryCampaign } from "../support/delivery/campaign.ts";
import { hasMosquitto } from "../support/mosquitto.ts";

const events = Number(process.env.YIZHAN_DELIVERY_EVENTS ?? "100000");
const seed = process.env.YIZHAN_DELIVERY_SEED ?? "1";
const report = process.env.YIZHAN_DELIVERY_REPORT;

describe.runIf(hasMosquitto())(
  "a station on lines that break, on a broker that restarts, killed again and again",
  () => {
    test(`delivers each of ${events} events, once and in order after the consumer dropped repeats and sorted`, async () => {
      const result = await deliveryCampaign({ events, seed, progress: (line) => process.stderr.write(`  ${line}\n`) });
      if (report !== undefined) writeFileSync(report, JSON.stringify(result));
      const { station, bare, storm } = result;
      process.stderr.write(`  ${JSON.stringify({ ...result, station, bare })}\n`);
      expect(station).toMatchObject({
        acknowledged: events,
        unique: events,
        lost: 0,
        leftAfterDeduplication: 0,
        disordered: [],
        troubles: [],
      });
      expect(station.inFlightMost).toBeLessThanOrEqual(IN_FLIGHT_MAX);
      expect(station.received).toBe(station.unique + station.duplicates);
      // A storm that hurts nobody proves nothing.
      expect(storm.cuts + storm.tears).toBeGreaterThan(10);
      expect(storm.kills).toBeGreaterThan(0);
      expect(bare.lost).toBeGreaterThan(0);
    }, 7_200_000);
  },
);

if (!hasMosquitto()) test("delivery is not tested here: install mosquitto (apt-get install mosquitto)", () => {});
