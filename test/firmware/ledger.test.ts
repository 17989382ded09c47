import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerCommand } from "../../firmware/cli/ledger.ts";
import { ledgerText } from "../../firmware/cli/ledger-page.ts";
import { openJournalDesk } from "../../firmware/runner/journal-desk.ts";
import type { Effect } from "../../services/effects.ts";
import { emptyDurable } from "../../services/journal/durable.ts";
import type { LedgerState } from "../../services/ledger/places.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { createRandom } from "../../simulator/random.ts";
import { fullPack, memberName, pack } from "../support/bench-config.ts";
import { StationBench } from "../support/station-bench.ts";

const rider = memberName(1);
const owed = memberName(2);
const startMs = Date.UTC(2026, 0, 31, 5, 0);

/** A morning at a small station: one swap, one debt, one pack that vanished. */
function morning(): StationBench {
  const bench = new StationBench({
    durable: emptyDurable,
    stock: { 2: fullPack("yz-full-2", 97), 3: fullPack("yz-full-3") },
  });
  bench.pass(15_000);
  bench.swapProperly(rider, pack("yz-own-1"));
  bench.scan(owed);
  bench.deposit(pack("yz-own-2"));
  for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
  bench.until(() => bench.ends.includes("not-taken"), "the debt");
  bench.bay(3).pack = undefined;
  bench.pass(12_000);
  return bench;
}

/** The log of that morning, as the controller would have written it, byte for byte. */
function writeLog(directory: string, bench: StationBench): void {
  const clock = createVirtualClock({ wallStartMs: startMs });
  const disk = simulatedDisk({ clock, random: createRandom("ledger") });
  const desk = openJournalDesk({
    disk,
    clock,
    logId: "0123456789abcdef0123456789abcdef",
    boot: "b-1",
    maxBytes: 8_000_000,
    durableNow: () => emptyDurable,
    onFault: () => undefined,
  });
  desk.start();
  clock.runUntil(1_000);
  for (const { effect } of bench.told) {
    if (effect.do !== "record") continue;
    desk.append([effect satisfies Extract<Effect, { do: "record" }>], (failure) => expect(failure).toBeUndefined());
    clock.runUntil(clock.nowMs + 1_000);
  }
  mkdirSync(directory, { recursive: true });
  for (const name of disk.names()) writeFileSync(join(directory, name), disk.read(name));
}

async function run(...args: string[]) {
  let out = "";
  let err = "";
  const code = await ledgerCommand(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: {},
    wallMs: () => startMs + 26 * 3_600_000,
  });
  return { code, out, err };
}

describe("yizhan ledger", () => {
  let directory = "";
  let bench: StationBench;
  const log = () => join(directory, "log");
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "yizhan-ledger-"));
    bench = morning();
    writeLog(log(), bench);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const bytes = (): string =>
    readdirSync(log())
      .map((name) => readFileSync(join(log(), name), "latin1"))
      .join();

  test("tells from the log alone what the controller held to be so", async () => {
    const { code, out, err } = await run("--log", log(), "--json");
    expect([code, err]).toEqual([0, ""]);
    const told = JSON.parse(out);
    const { packs, bays } = bench.state.durable.ledger;
    const places = told.packs.map(({ packId, at, bay, member, lastBay }: Record<string, unknown>) => [
      packId,
      at,
      bay ?? member ?? lastBay,
    ]);
    expect(Object.fromEntries(places.map(([packId, ...place]: unknown[]) => [packId, place]))).toEqual({
      "yz-own-1": ["bay", 1],
      "yz-own-2": ["bay", 2],
      "yz-full-2": ["rider", rider],
      "yz-full-3": ["unknown", 3],
    });
    expect(Object.keys(packs).sort()).toEqual(places.map(([packId]: unknown[]) => packId).sort());
    expect(Object.keys(bays)).toHaveLength(4);
    expect(told.counts).toEqual({ bays: 2, riders: 1, quarantine: 0, unknown: 1, unread: 0 });
    expect(told.debts).toMatchObject([{ member: owed, swap: "s-000002", packIn: "yz-own-2", overdue: true }]);
    expect(told.debts[0].ageS).toBeGreaterThan(86_400);
    expect(told.findings).toMatchObject([{ is: "unknown", packId: "yz-full-3", bay: 3 }]);
    expect(told.damage).toBeNull();
  });

  test("prints the same as a page, in the station's time zone, in both languages", async () => {
    const english = await run("--log", log(), "--zone", "Asia/Shanghai");
    expect(english.out).toMatch(/^Ledger · log entry \d+ · 2026-01-31 03:\d\d \(Asia\/Shanghai\)\n/);
    expect(english.out).toMatch(
      /^Debts \(1\)\n {2}since .*\n {2}2026-01-31 03:\d\d {2}1 d 11 h {2}overdue {2}member-ling-2 /m,
    );
    expect(english.out).toMatch(/^ {2}bay 1 +yz-own-1 /m);
    expect(english.out).toMatch(/^ {2}unknown \(3\) +yz-full-3 /m);
    const chinese = await run("--log", log(), "--lang", "zh");
    expect(chinese.out).toContain("欠账 (1)");
    expect(chinese.out).toMatch(/去向不明 \(3\) +yz-full-3/);
  });

  test("says whose it is that is kept apart, or missing, for somebody", () => {
    const since = startMs;
    const packs: LedgerState["packs"] = {
      "yz-kept": { at: "quarantine", bay: 4, since, why: "late-deposit", member: rider },
      "yz-lost": { at: "unknown", lastBay: 3, since, member: owed },
      "yz-gone": { at: "unknown", lastBay: undefined, since },
    };
    const text = ledgerText(
      {
        durable: { ...emptyDurable, ledger: { packs, bays: {} } },
        wallMs: startMs,
        timeZone: "UTC",
        overdueMs: 1,
        station: undefined,
        logId: undefined,
        damage: undefined,
        lastN: 1,
        lastAt: undefined,
      },
      "en",
    );
    expect(text).toMatch(/quarantine 4 · member-ling-1 +yz-kept /);
    expect(text).toMatch(/unknown \(3\) · member-ling-2 +yz-lost /);
    expect(text).toMatch(/unknown +yz-gone /);
  });

  test("takes directory, zone and limits from a configuration", async () => {
    const config = join(directory, "config.yaml");
    const starter = readFileSync("examples/starter-cabinet.yaml", "utf8");
    writeFileSync(join(directory, "members.yaml"), readFileSync("examples/members.yaml"));
    writeFileSync(config, `${starter}\nstorage: { directory: log }\n`.replace(/\n{2,}storage/, "\nstorage"));
    const { code, out } = await run("-c", config);
    expect([code, out.split("\n")[0]]).toEqual([0, expect.stringMatching(/^Ledger starter-1 · .*\(Asia\/Shanghai\)$/)]);
  });

  test("changes not a byte, and reads past the torn tail of a controller that is writing", async () => {
    const last = join(log(), readdirSync(log()).sort().at(-1) ?? "");
    const whole = readFileSync(last);
    writeFileSync(last, Buffer.concat([whole, Buffer.from("9f0c6a5d 3b7e")]));
    const before = bytes();
    expect((await run("--log", log())).code).toBe(0);
    expect(bytes()).toBe(before);
    writeFileSync(last, whole);
  });

  test("says clearly that the log is damaged, still tells what is known, and exits 1", async () => {
    const last = join(log(), readdirSync(log()).sort().at(-1) ?? "");
    const whole = readFileSync(last);
    const rotten = Buffer.from(whole);
    rotten[Math.floor(whole.length / 2)] = 0x21;
    writeFileSync(last, rotten);
    const { code, out, err } = await run("--log", log());
    writeFileSync(last, whole);
    expect(code).toBe(1);
    expect(err).toMatch(/^E_LEDGER The log is damaged \(log-\d+\.yzl, \d+: .*\): what is shown may be incomplete/);
    expect(out).toMatch(/^ {2}bay 1 +yz-own-1 /m);
  });

  test("says that there is no log, and makes none", async () => {
    const nowhere = join(directory, "nowhere");
    const { code, out, err } = await run("--log", nowhere);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("There is no log in");
    expect(readdirSync(directory)).not.toContain("nowhere");
  });

  test.each([[[]], [["-c", "a.yaml", "--log", "b"]], [["--log", "b", "--zone", "Mars/Olympus"]], [["--frobnicate"]]])(
    "asked wrongly (%j) it explains itself and exits 2",
    async (args) => {
      const { code, err } = await run(...args);
      expect([code, err.startsWith("E_USAGE ")]).toEqual([2, true]);
    },
  );

  test("refuses a configuration that is not valid with 78", async () => {
    writeFileSync(join(directory, "broken.yaml"), "station: 7\n");
    expect((await run("-c", join(directory, "broken.yaml"))).code).toBe(78);
  });
});
