/** What an auditor reads, and that no way of changing the log escapes the audit. */
import { Buffer } from "node:buffer";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditCommand } from "../../firmware/cli/audit.ts";
import { encodeLine } from "../../firmware/log/line.ts";
import { openLog } from "../../firmware/log/log.ts";
import type { OneLog } from "../../firmware/log/one-log.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { createRandom } from "../../simulator/random.ts";

const startMs = Date.UTC(2026, 0, 31, 5, 0);
const logId = "0123456789abcdef0123456789abcdef";
const member = "member-with-a-long-number-17";
const [FIRST, SECOND, THIRD] = ["log-00000001.yzl", "log-00000002.yzl", "log-00000003.yzl"] as const;

const story: readonly JournalRecord[] = [
  { kind: "started", version: "0.1.0", detail: "log whole", config: "a".repeat(64), crashed: false },
  { kind: "security-noticed", type: "startup-of-the-device", version: "0.1.0" },
  {
    kind: "request-taken",
    id: "op-1",
    verb: "open",
    expiresAt: 0,
    bay: 3,
    by: "Wang\u001b[31m",
    key: "desk-1",
    role: "operator",
  },
  { kind: "operator-opening", bay: 3, request: "op-1", all: false },
  { kind: "operator-opened", bay: 3, request: "op-1", seen: true },
  { kind: "request-answered", id: "op-1", verb: "open", status: "ok", by: "Wang", key: "desk-1", role: "operator" },
  { kind: "request-refused", verb: "open-all", id: "op-2", reason: "role-not-allowed", suppressed: 4, by: "Li" },
  { kind: "swap-stage", swap: "s-000001", stage: "out-open", bay: 2 },
  { kind: "swap-stage", swap: "s-000001", stage: "taken", bay: 2 },
  { kind: "security-noticed", type: "tamper-detection-activated", reason: "door-forced", bay: 4 },
  { kind: "runaway-latched", cabinet: "a", signals: "smoke, heat" },
  { kind: "latch-reset", cabinet: "a", by: member },
  { kind: "parameters-set", parameters: { siteLimitW: 9_000 } },
  { kind: "started", version: "0.1.0", detail: "log whole", config: "b".repeat(64), crashed: true },
];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "yizhan-audit-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The story and some hundred records more, in several small segments. */
function write(more = 300): { head: { n: number; hash: string } } {
  const clock = createVirtualClock({ wallStartMs: startMs });
  const disk = simulatedDisk({ clock, random: createRandom("audit") });
  const checkpoint = () => ({ kind: "checkpoint" }) as const;
  const sizes = { maxBytes: 400_000, segmentBytes: 16_384, queueMax: 100 };
  const { log } = openLog({ disk, clock, logId, boot: "b-1", ...sizes, checkpoint, onFault: () => {} });
  log.start();
  clock.runUntil(1_000);
  const noise = Array.from({ length: more }, (_, n): JournalRecord => {
    return { kind: "scan-refused", cabinet: "a", member, reason: `reason-${n}` };
  });
  for (const record of [...story, ...noise]) append(log, record, clock);
  for (const name of disk.names()) writeFileSync(join(directory, name), disk.read(name));
  return { head: log.head() };
}

function append(log: OneLog, record: JournalRecord, clock: ReturnType<typeof createVirtualClock>): void {
  log.append([{ record: { ...record } }], (failure) => expect(failure).toBeUndefined());
  clock.runUntil(clock.nowMs + 1_000);
}

async function audit(...args: string[]) {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    env: {},
  };
  const code = await auditCommand(["--log", directory, "--lang", "en", ...args], io);
  return { code, out, err };
}

const path = (name: string) => join(directory, name);
const linesOf = (name: string): string[] => readFileSync(path(name), "latin1").split("\n").slice(0, -1);
const rewrite = (name: string, lines: readonly string[]): void =>
  writeFileSync(path(name), lines.map((line) => `${line}\n`).join(""), "latin1");

describe("what an auditor reads", () => {
  test("is who asked, by which key, what was done and answered, in order, with doors, security and settings", async () => {
    write();
    const { code, out } = await audit("--zone", "Asia/Shanghai");
    expect(code).toBe(0);
    const shown = out
      .split("\n")
      .slice(0, -4)
      .map((line) => line.replace(/^\s+\d+ {2}\d{4}-\d\d-\d\d /, ""));
    expect(shown).toEqual([
      "13:00:01   run  started, version 0.1.0, config aaaaaaaaaaaa: log whole",
      "13:00:02   security  startup-of-the-device",
      "13:00:03   request  open bay 3  [desk-1/operator “Wang\\u001b[31m”]  (op-1)",
      "13:00:04   opening  bay 3 is about to be opened  (op-1)",
      "13:00:05   opening  bay 3 opened  (op-1)",
      "13:00:06   answer  open: ok  [desk-1/operator “Wang”]  (op-1)",
      "13:00:07   refusal  open-all, because role-not-allowed (and 4 more)  [“Li”]  (op-2)",
      "13:00:08   opening  bay 2 opened for swap s-000001",
      "13:00:10   security  tamper-detection-activated bay 4: door-forced",
      "13:00:11   safety  thermal runaway latched in cabinet a",
      "13:00:12   safety  the latch of cabinet a was reset on site  [“43810694”]",
      '13:00:13   settings  parameters set to {"siteLimitW":9000}',
      "13:00:14   run  started after an unexpected end, version 0.1.0, config bbbbbbbbbbbb: log whole",
      "13:00:14   settings  the configuration changed from aaaaaaaaaaaa to bbbbbbbbbbbb",
    ]);
    expect(out).toMatch(/the chain is whole: 0123456789abcdef0123456789abcdef, 1–\d+, \d+ segments/);
    expect(out).not.toContain(member);
    expect(out).not.toContain("\u001b");
  });

  test("comes in Chinese as well, and as data", async () => {
    write();
    const { out } = await audit("--lang", "zh");
    expect(out).toContain("开门  3 号仓已打开  (op-1)");
    expect(out).toContain("链完整");
    const { out: json, code } = await audit("--json");
    const data = JSON.parse(json) as {
      whole: boolean;
      entries: { n: number; topic: string; key?: string; at: string }[];
    };
    expect(code).toBe(0);
    expect(data.whole).toBe(true);
    expect(data.entries).toHaveLength(14);
    expect(data.entries[2]).toMatchObject({ topic: "request", key: "desk-1", at: "2026-01-31T05:00:03.000Z" });
  });

  test.each<[string, string[], number]>([
    ["since a moment", ["--since", "2026-01-31T05:00:10Z"], 6],
    ["since a day", ["--since", "2026-02-01"], 0],
    ["since the day it was at the station", ["--since", "2026-01-31"], 14],
    ["since a day that had not begun at the station", ["--zone", "Etc/GMT+12", "--since", "2026-01-31"], 0],
    ["since the day before, where it was that day still", ["--zone", "Etc/GMT+12", "--since", "2026-01-30"], 14],
    ["by a name", ["--by", "Li"], 1],
    ["by a key", ["--key", "desk-1"], 2],
  ])("is less when asked for %s; the chain is checked whole", async (_, args, count) => {
    write();
    const { out } = await audit("--json", ...args);
    const data = JSON.parse(out) as { entries: object[]; chain: { records: number } };
    expect(data.entries).toHaveLength(count);
    expect(data.chain.records).toBeGreaterThan(300);
  });

  test.each([
    ["both a log and a configuration", ["-c", "x.yaml"], 2],
    ["a moment that is none", ["--since", "yesterday"], 2],
    ["a head that is none", ["--head", "12"], 2],
    ["a zone that is none", ["--zone", "Mars/Base"], 2],
  ])("is refused with %s", async (_, args, expected) => {
    expect((await audit(...args)).code).toBe(expected);
  });

  test("is nothing when there is no log, and that is a failure", async () => {
    const { code, err } = await audit();
    expect(code).toBe(1);
    expect(err).toMatch(/^E_AUDIT There is no log in/);
  });
});

describe("no change of the log escapes", () => {
  beforeEach(() => {
    write();
    expect(readdirSync(directory).length).toBeGreaterThan(3);
  });

  /** The place of the first break, as it is told. */
  async function broken(...args: string[]): Promise<{ file: string; afterN: number; offset: number; why: string }> {
    const { code, out } = await audit("--json", ...args);
    expect(code).toBe(1);
    const { chain, whole } = JSON.parse(out) as { whole: boolean; chain: { flaws: never[] } };
    expect(whole).toBe(false);
    return chain.flaws[0] as never;
  }

  const offsetOf = (name: string, line: number): number =>
    linesOf(name)
      .slice(0, line)
      .reduce((sum, text) => sum + text.length + 1, 0);

  test("a byte that was changed", async () => {
    const bytes = readFileSync(path(SECOND));
    const at = offsetOf(SECOND, 5) + 60;
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(path(SECOND), bytes);
    const flaw = await broken();
    const n = Number(/"n":(\d+)/.exec(linesOf(SECOND)[5] ?? "")?.[1]);
    expect(flaw).toMatchObject({ file: SECOND, offset: offsetOf(SECOND, 5), afterN: n - 1 });
    expect(flaw.why).toContain("CRC");
    const { out } = await audit();
    expect(out).toContain(`${SECOND}, behind record ${n - 1}, byte ${offsetOf(SECOND, 5)}`);
  });

  test.each([
    ["a right CRC and a hash that is made up", "0".repeat(32)],
    ["a right CRC and a right hash", undefined],
  ])("a record that was rewritten, with %s", async (_, previous) => {
    const lines = linesOf(FIRST);
    const at = lines.findIndex((line) => line.includes('"reason-9"'));
    const before = previous ?? (lines[at - 1] as string).slice(9, 41);
    const body = (lines[at] as string).slice(42).replace("reason-9", "reason-8");
    rewrite(FIRST, lines.with(at, encodeLine(before, body).bytes.toString("latin1").trimEnd()));
    const flaw = await broken();
    const wrong = previous === undefined ? at + 1 : at;
    expect(flaw).toMatchObject({ file: FIRST, offset: offsetOf(FIRST, wrong) });
    expect(flaw.why).toContain("hash does not follow");
  });

  test("a record that was left out", async () => {
    const lines = linesOf(FIRST);
    rewrite(FIRST, lines.toSpliced(8, 1));
    expect(await broken()).toMatchObject({ file: FIRST, offset: offsetOf(FIRST, 8), afterN: 6 });
  });

  test("a segment that was taken out of the middle", async () => {
    const lastN = Number(/"n":(\d+)/.exec(linesOf(FIRST).at(-1) ?? "")?.[1]);
    rmSync(path(SECOND));
    expect(await broken()).toMatchObject({ file: THIRD, afterN: lastN });
  });

  test("two segments that were exchanged", async () => {
    renameSync(path(SECOND), path("aside"));
    renameSync(path(THIRD), path(SECOND));
    renameSync(path("aside"), path(THIRD));
    expect((await broken()).file).toBe(SECOND);
  });

  test("newest records that were cut off, against a head that was kept", async () => {
    const { head } = write();
    const last = readdirSync(directory).toSorted().at(-1) as string;
    rewrite(last, linesOf(last).slice(0, -3));
    expect((await audit()).code).toBe(0);
    expect((await broken("--head", `${head.n}:${head.hash}`)).why).toContain(`entry ${head.n} is not the one`);
  });

  test.each([
    ["shorter", "the controller had written entry", { logId, lastN: 9_999, hash: "1".repeat(32) }],
    ["another one", "this is another one", { logId: "f".repeat(32), lastN: 3, hash: "1".repeat(32) }],
  ])("a log that is %s than the controller's own mark says", async (_, why, mark) => {
    writeFileSync(path("security.json"), JSON.stringify({ ...mark, settings: "x" }));
    expect((await broken()).why).toContain(why);
  });

  test("a log that the mark and the kept head know is whole", async () => {
    const { head } = write();
    writeFileSync(path("security.json"), JSON.stringify({ logId, lastN: head.n, hash: head.hash, settings: "x" }));
    expect((await audit("--head", `${head.n}:${head.hash}`)).code).toBe(0);
  });

  test("an end that a power cut tore is told, and is no break", async () => {
    const last = readdirSync(directory).toSorted().at(-1) as string;
    const bytes = readFileSync(path(last));
    writeFileSync(path(last), Buffer.concat([bytes, Buffer.from("3f8a0c11 0011")]));
    const { code, out } = await audit();
    expect(code).toBe(0);
    expect(out).toContain("an unfinished end");
  });
});
