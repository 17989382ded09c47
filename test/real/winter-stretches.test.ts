/** A winter in stretches is played by processes of its own; each stretch is the same as when it is played alone. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/repository.ts";

interface Stretch {
  readonly report: { readonly seed: string; readonly digest: string; readonly simulatedSeconds: number };
}

function campaign(...words: string[]): { readonly status: number | null; readonly said: string } {
  const config = join(root, "examples", "starter-cabinet.yaml");
  const args = [join(root, "scripts", "campaign.mjs"), "winter", "--config", config, "--json", ...words];
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { status: done.status, said: done.stdout };
}

describe("npm run campaign -- winter --stretches 2", () => {
  test("plays both halves, and the second one is what it is when it is played alone", () => {
    const halves = campaign("--days", "0.05", "--stretches", "2");
    expect(halves.status).toBe(0);
    const { stretches, days, broken } = JSON.parse(halves.said) as {
      stretches: readonly Stretch[];
      days: number;
      broken: readonly string[];
    };
    expect(broken).toEqual([]);
    expect(days).toBeCloseTo(0.05, 6);
    expect(stretches.map(({ report }) => [report.seed, report.simulatedSeconds])).toEqual([
      ["1", 2_160],
      ["2", 2_160],
    ]);
    const alone = campaign("--days", "0.025", "--seed", "2", "--from-day", "0.025");
    expect((JSON.parse(alone.said) as Stretch).report.digest).toBe(stretches[1]?.report.digest);
  });

  test("ends where it is at Ctrl-C, and says what was reached", async () => {
    const config = join(root, "examples", "starter-cabinet.yaml");
    const words = ["winter", "--config", config, "--days", "6", "--stretches", "2"];
    const run = spawn(process.execPath, [join(root, "scripts", "campaign.mjs"), ...words], { cwd: root });
    let said = "";
    run.stdout.on("data", (text: Buffer) => {
      said += text.toString();
    });
    run.stderr.once("data", () => run.kill("SIGINT"));
    const [status] = (await once(run, "close")) as [number | null];
    expect(status).toBe(0);
    const days = Number(/winter: ([0-9.]+) days/.exec(said)?.[1]);
    expect(days).toBeGreaterThan(0);
    expect(days).toBeLessThan(6);
  });

  test("refuses a night before the first", () => {
    expect(campaign("--days", "0.05", "--from-day", "-1").status).toBe(2);
  });
});
