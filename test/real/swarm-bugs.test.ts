/** One seeded bug, planted into a copy of the built program, is still found by the judges of the swarm, and nothing without it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/repository.ts";

function replay(bugs: string): { readonly status: number | null; readonly said: string } {
  const args = [join(root, "scripts", "campaign.mjs"), "swarm-bugs", "--replay", "--only", bugs];
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { status: done.status, said: `${done.stdout}${done.stderr}` };
}

describe("a scenario that the swarm found for a seeded bug", () => {
  test("breaks its invariant with the bug in, and none without it", () => {
    const { status, said } = replay("b-51,b-131");
    expect(said).toMatch(/b-51 +shows I15 in seed \d+, and nothing without it/);
    expect(said).toMatch(/b-131 +shows I32 in seed \d+, and nothing without it/);
    expect(status).toBe(0);
  });

  test("fails the campaign where there is none for a bug that was asked for", () => {
    const { status, said } = replay("b-999");
    expect(said).toContain("nothing is kept of these bugs");
    expect(status).toBe(1);
  });
});
