/** `yizhan replay` as somebody at a desk meets it: what it prints, in which language, and with which exit code. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { replayCommand } from "../../firmware/cli/replay.ts";
import { recordedInMemory } from "../support/recorded-station.ts";
import { starterSimulation } from "../support/starter-simulation.ts";

const directory = mkdtempSync(join(tmpdir(), "yizhan-replay-"));
const file = join(directory, "night.jsonl.gz");
const kept = recordedInMemory();
const station = starterSimulation("replay", { record: kept.record });
station.ask("lock-out", { bay: 1, lockOut: "operator", reason: "testing" });
kept.recorder().write("asked");
station.minutes(1);
writeFileSync(file, [...kept.files.values()][0] ?? "");
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function asked(...args: readonly string[]) {
  let [out, err] = ["", ""];
  const io = {
    env: {},
    out: (text: string) => {
      out += `${text}\n`;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await replayCommand(args, io);
  return { code, out, err };
}

describe("yizhan replay", () => {
  test("shows a decision as state, event and effects, and says that all came out as recorded", async () => {
    const { code, out } = await asked(file, "--lang", "en");
    expect(code).toBe(0);
    expect(out).toContain("recording: starter-1, yizhan 0.1.0 (simulated), cause asked");
    expect(out).toMatch(/#\d+ {2}2026-01-15 22:0\d:\d\d\.\d{3} {2}request \{.*"verb":"lock-out"/);
    expect(out).toMatch(/state {3}durable\.lockOuts\.1: .* → .*operator/);
    expect(out).toMatch(/effect {2}respond .*"status":"ok"/);
    expect(out).toContain("identical, bit for bit");
  });

  test("prints only the steps that are wanted, idle ones with --step, and the verdict alone with --quiet", async () => {
    const heads = (out: string) => out.match(/^#\d+/gm) ?? [];
    const few = heads((await asked(file, "--from", "5", "--to", "9", "--step")).out);
    expect(few).toEqual(["#5", "#6", "#7", "#8", "#9"]);
    const [all, deciding] = [heads((await asked(file, "--step")).out), heads((await asked(file)).out)];
    expect(all.length).toBeGreaterThan(200);
    expect(deciding.length).toBeLessThan(all.length / 2);
    const { out } = await asked(file, "--quiet", "--lang", "zh");
    expect(out.trim().split("\n")).toEqual(["逐位一致：this build 的每个决定都与记录相同"]);
  });

  test("prints a line of JSON a decision, the verdict last", async () => {
    const lines = (await asked(file, "--json")).out.trim().split("\n");
    const all = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(all.at(-1)).toMatchObject({ identical: true, one: "this build" });
    expect(all.slice(0, -1).every((line) => "effects" in line || "note" in line)).toBe(true);
  });

  test("says what is wrong with its arguments, with a file that is none, and with a build that is not there", async () => {
    expect(await asked()).toMatchObject({ code: 2, err: expect.stringContaining("E_USAGE") });
    expect(await asked(file, "--from", "x")).toMatchObject({ code: 2 });
    expect(await asked(join(directory, "none"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("E_RECORDING"),
    });
    writeFileSync(join(directory, "text"), "hello");
    expect((await asked(join(directory, "text"), "--lang", "en")).err).toContain("no recording, or is damaged");
    expect(await asked(file, "--against", directory)).toMatchObject({
      code: 1,
      err: expect.stringContaining("E_BUILD"),
    });
  });
});
