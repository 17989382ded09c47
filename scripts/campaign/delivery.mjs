// The delivery campaign as a page: the size of the test in test/real/delivery.test.ts is a variable, so this is the same test at
// another size, and what must hold in it must hold here.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verdict } from "./verdict.mjs";

const whole = (value) => value.toLocaleString("en");
const share = (part, all) => `${((part / all) * 100).toFixed(2)} %`;

function page({ events, seconds, eventsPerSecond, storm, station, bare }, { seed, broken }) {
  const { cuts, tears, stalls, brokerRestarts, kills } = storm;
  const row = (name, ours, theirs) => `  ${name.padEnd(46)}${String(ours).padStart(14)}${String(theirs).padStart(18)}`;
  return [
    `delivery: ${whole(events)} events over four streams, seed ${seed}, ${seconds.toFixed(0)} s, ${Math.round(eventsPerSecond)} events/s`,
    `  ${cuts} cuts, ${tears} cuts within a packet, ${stalls} stalls, ${brokerRestarts} restarts of the broker, ${kills} SIGKILLs, the same for both`,
    "",
    row("", "station", "bare mqtt.js"),
    row("acknowledged by the log; handed to the client", whole(station.acknowledged), whole(bare.offered)),
    row("received, repeats included", whole(station.received), whole(bare.received)),
    row("lost", `${whole(station.lost)}`, `${whole(bare.lost)} (${share(bare.lost, bare.offered)})`),
    row("  of which the callback said so", "", whole(bare.failed)),
    row("repeats", share(station.duplicates, station.received), share(bare.duplicates, bare.received)),
    row("left after dropping repeats by id", station.leftAfterDeduplication, bare.leftAfterDeduplication),
    row("out of order as received", whole(station.inversions), whole(bare.inversions)),
    row("streams out of order after sorting by seq", station.disordered.length, ""),
    row("most under way at once", station.inFlightMost, ""),
    row("largest log", `${station.logMbMost.toFixed(1)} MB`, ""),
    row("peak memory of the process", `${Math.round(station.peakRssMb)} MB`, `${Math.round(bare.peakRssMb)} MB`),
    "",
    verdict(broken),
  ].join("\n");
}

export const deliveryCampaign = {
  name: "delivery",
  says: "events through cuts, broker restarts and SIGKILLs, beside a bare mqtt.js client",
  days: 1,
  async run({ root, seed, events }) {
    const folder = mkdtempSync(join(tmpdir(), "yizhan-campaign-"));
    const report = join(folder, "report.json");
    const sizes = { YIZHAN_DELIVERY_EVENTS: `${events}`, YIZHAN_DELIVERY_SEED: seed, YIZHAN_DELIVERY_REPORT: report };
    try {
      const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
      const done = spawnSync(process.execPath, [vitest, "run", "--project", "real", "test/real/delivery.test.ts"], {
        cwd: root,
        // The page is printed at the end; what the run says meanwhile goes beside it.
        stdio: ["ignore", 2, 2],
        env: { ...process.env, ...sizes },
      });
      const found = JSON.parse(readFileSync(report, "utf8"));
      const broken = done.status === 0 ? [] : ["the expectations of test/real/delivery.test.ts; they stand above"];
      const result = { ...found, seed, broken };
      return { result, page: page(found, { seed, broken }) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
