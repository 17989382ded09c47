import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { missingTools, type RealStation, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

/** A dozen in CI would take minutes; `npm run nightly` asks for a hundred of each. */
const runs = Number(process.env.YIZHAN_DEADMAN_RUNS ?? "2");
const limitMs = 2_000;
const blocker = fileURLToPath(new URL("./block-on-signal.mjs", import.meta.url));

const missing = missingTools();
let station: RealStation | undefined;

afterEach(async () => {
  await station?.stop();
  station = undefined;
});

const closedNow = async (at: RealStation) => (await at.truth()).bays.filter((bay) => bay.contactorClosed).length;

/** Lets a controller charge, does `harm` to it, and returns how long the last contactor stayed closed on the hardware side. */
async function lastContactorOffMs(at: RealStation, harm: (pid: number) => void): Promise<number> {
  const child = at.startController({ NODE_OPTIONS: `--import ${blocker}` });
  await until(async () => (await closedNow(at)) >= 2, { timeoutMs: 60_000, what: "two contactors to close" });
  const harmedMs = performance.now();
  harm(child.pid as number);
  await until(async () => (await closedNow(at)) === 0, { timeoutMs: 30_000, what: "every contactor to open" });
  const opened = at.truthLines.filter(
    (line) => line.type === "contactor" && line.closed === false && line.seenMs >= harmedMs,
  );
  const lastMs = Math.max(...opened.map((line) => line.seenMs));
  child.kill("SIGCONT");
  await at.killController("SIGKILL");
  return lastMs - harmedMs;
}

const harms = {
  SIGKILL: (pid: number) => process.kill(pid, "SIGKILL"),
  SIGSTOP: (pid: number) => process.kill(pid, "SIGSTOP"),
  "a blocked loop": (pid: number) => process.kill(pid, "SIGUSR2"),
} as const;

describe.runIf(missing.length === 0)(
  "every contactor opens on the hardware side within two seconds of the controller's death",
  () => {
    for (const [name, harm] of Object.entries(harms)) {
      test(
        `${name}, ${runs} of ${runs}`,
        async () => {
          station = await startRealStation({ hardwareArgs: ["--soc", "0.5"] });
          const tookMs: number[] = [];
          for (let run = 0; run < runs; run++) tookMs.push(await lastContactorOffMs(station, harm));
          console.log(`${name}: ${tookMs.length} runs, longest ${Math.max(...tookMs).toFixed(0)} ms`);
          expect(tookMs.filter((ms) => ms > limitMs)).toEqual([]);
        },
        60_000 + runs * 30_000,
      );
    }

    test("without a guardian the boards' own timing is enough", async () => {
      const edit = (yaml: string) => yaml.replace(/^(masterEnable|gpio):.*$/gm, "");
      station = await startRealStation({ edit, hardwareArgs: ["--soc", "0.5"] });
      const tookMs = await lastContactorOffMs(station, harms.SIGKILL);
      expect(tookMs).toBeLessThanOrEqual(limitMs);
    });
  },
);
