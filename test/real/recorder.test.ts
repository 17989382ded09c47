/**
 * The flight recorder of a real process on pseudo-terminals: a swap and a smoke alarm, recorded, and run again by the built program:
 * the same decisions bit for bit, and the first other one where a rule was changed.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missingTools, type RealStation, startRealStation } from "../support/real-station.ts";
import { root } from "../support/repository.ts";
import { leaks } from "../support/secrets.ts";
import { until } from "../support/until.ts";

const missing = missingTools();
if (missing.length > 0)
  console.warn(`skipped: the real-process tests need ${missing.join(", ")}: apt-get install -y ${missing.join(" ")}`);

interface Verdict {
  readonly identical: boolean;
  readonly steps: number;
  readonly grants: number;
  readonly difference?: {
    readonly step: number;
    readonly what: string;
    readonly one: unknown;
    readonly other: unknown;
  };
}

function yizhan(...args: readonly string[]) {
  const ran = spawnSync(process.execPath, [join(root, "bin", "yizhan.js"), ...args], {
    encoding: "utf8",
    env: { ...process.env, LANG: "C" },
    maxBuffer: 200_000_000,
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

const verdictIn = (out: string): Verdict => JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") as Verdict;

/** Another checkout of the same code. */
function copiedBuild(directory: string): string {
  const other = join(directory, "other");
  mkdirSync(other);
  for (const part of ["dist", "package.json"]) cpSync(join(root, part), join(other, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(other, "node_modules"));
  return other;
}

describe.runIf(missing.length === 0)("a real controller that records", () => {
  let station: RealStation;
  let directory: string;
  const recordings = (): string[] => {
    try {
      return readdirSync(join(station.directory, "state", "recordings")).filter((name) => name.endsWith(".gz"));
    } catch {
      return [];
    }
  };
  const fileOf = (cause: string): string => {
    const name = recordings().findLast((found) => found.includes(`-${cause}.`));
    return name === undefined ? "" : join(station.directory, "state", "recordings", name);
  };
  const said = (words: string): boolean => station.controllerLines.some((line) => line.includes(words));

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "yizhan-recorder-"));
    station = await startRealStation();
    station.startController();
    await until(async () => (await station.truth()).masterEnable, { timeoutMs: 30_000, what: "the master enable" });
    station.order({ do: "arrive", visit: { rider: 0, behaviour: "proper", socPct: 20 } });
    await until(() => said('"id":"completed"'), { timeoutMs: 120_000, what: "the completed swap" });
    station.order({ do: "smoke", cabinet: "a", on: true });
    await until(() => fileOf("smoke") !== "", { timeoutMs: 60_000, what: "the recording of the smoke" });
    station.controller?.kill("SIGUSR2");
    await until(() => fileOf("asked") !== "", { timeoutMs: 30_000, what: "the recording that was asked for" });
  });

  afterAll(async () => {
    await station?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test("decides on a desk what it decided in the street, bit for bit, from both recordings", () => {
    for (const cause of ["smoke", "asked"]) {
      const { code, out } = yizhan("replay", fileOf(cause), "--json");
      expect(verdictIn(out)).toMatchObject({ identical: true });
      expect(verdictIn(out).steps).toBeGreaterThan(100);
      expect(verdictIn(out).grants).toBeGreaterThan(100);
      expect(code).toBe(0);
    }
  });

  test("shows the swap and the smoke as state, event and effects", () => {
    const { out } = yizhan("replay", fileOf("asked"));
    for (const words of ["swap-reserved", "swap-ended", "fault-raised", "identical, bit for bit", "swaps.a", "scan"])
      expect(out).toContain(words);
  });

  test("holds no member's number, no code and no digest", () => {
    const members = readFileSync(join(root, "examples", "members.yaml"), "utf8");
    const secrets = [...members.matchAll(/member: (\S+), credentialSha256: ([0-9a-f]{64})/g)].flatMap(
      ([, member = "", digest = ""]) => [
        { what: "a member's number", text: member },
        { what: "a digest", text: digest },
        { what: "a code", text: `yz-member-${member.slice(2)}` },
      ],
    );
    expect(secrets.length).toBeGreaterThan(100);
    const written = recordings().map((where) => ({
      where,
      text: gunzipSync(readFileSync(join(station.directory, "state", "recordings", where))).toString("utf8"),
    }));
    expect(leaks(written, secrets)).toEqual([]);
  });

  test("runs beside another checkout: the same code agrees, a changed rule is named where it first decides otherwise", () => {
    const other = copiedBuild(directory);
    expect(verdictIn(yizhan("replay", fileOf("asked"), "--against", other, "--json").out)).toMatchObject({
      identical: true,
    });
    const file = join(other, "dist", "services", "station", "swaps.js");
    const source = readFileSync(file, "utf8");
    const changed = source.replace('"swap-reserved"', '"swap-reserved-otherwise"');
    expect(changed).not.toBe(source);
    writeFileSync(file, changed);
    const { code, out } = yizhan("replay", fileOf("asked"), "--against", other, "--json");
    expect(code).toBe(1);
    const { difference } = verdictIn(out);
    expect(difference?.what).toBe("effects");
    expect(JSON.stringify(difference?.one)).toContain('"swap-reserved"');
    expect(JSON.stringify(difference?.other)).toContain('"swap-reserved-otherwise"');
    const people = yizhan("replay", fileOf("asked"), "--against", other, "--quiet");
    expect(people.out).toContain("the first decision that differs (effects): #");
  });

  test("says what is wrong with a file that was cut off, and with a directory that holds no build", () => {
    const cut = join(directory, "cut.jsonl.gz");
    const whole = readFileSync(fileOf("asked"));
    writeFileSync(cut, whole.subarray(0, whole.length - 200));
    expect(yizhan("replay", cut)).toMatchObject({ code: 1, err: expect.stringContaining("cut off") });
    expect(yizhan("replay", fileOf("asked"), "--against", directory)).toMatchObject({
      code: 1,
      err: expect.stringContaining("build it there first"),
    });
  });
});
