/** A winter in stretches is played by processes of its own; each stretch is the same as when it is played alone. */
import { spawnSync } from "node:child_process";
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

  test("refuses a night before the first", () => {
    expect(campaign("--days", "0.05", "--from-day", "-1").status).toBe(2);
  });
});
