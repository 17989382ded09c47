/** The how-to about letting people in: its commands and its program are run as they stand there, and the station believes what they make. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyEd25519 } from "../../firmware/config/ed25519.ts";
import { AccessConfig } from "../../services/access/config.ts";
import { AccessList, judgeList, listCharsMax } from "../../services/access/list.ts";
import { knownTime } from "../../services/access/time.ts";
import { hasOpenssl } from "../support/certificates.ts";

const page = readFileSync("docs/how-to/let-people-in.md", "utf8");
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";
const hour = 3_600_000;

describe.runIf(hasOpenssl())("the how-to about letting people in", () => {
  let directory: string;
  let signed: ReturnType<typeof spawnSync>;
  const file = (name: string) => join(directory, name);

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "yizhan-how-to-"));
    expect(spawnSync("sh", ["-e", "-c", block("sh")], { cwd: directory }).status).toBe(0);
    writeFileSync(file("sign-list.mjs"), block("js"));
    writeFileSync(file("list.json"), block("json"));
    const args = ["sign-list.mjs", "lists.key", "list.json"];
    signed = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("makes a key that nobody else can read", () => {
    expect(statSync(file("lists.key")).mode & 0o077).toBe(0);
  });

  test("signs a list that a station with the printed line accepts, word for word", () => {
    const text = String(signed.stdout);
    const line = /kid: (\S+), publicKey: "(\S+)"/.exec(String(signed.stderr));
    const config = AccessConfig.parse({ authorities: [{ kid: line?.[1], publicKey: line?.[2] }] });
    const { station, issuedAt } = JSON.parse(block("json")) as { station: string; issuedAt: number };
    const moment = { monotonicMs: 0, wallMs: issuedAt + hour, synchronised: true };
    const judged = judgeList(
      { text, digest: createHash("sha256").update(text).digest("hex") },
      {
        station,
        config,
        verify: verifyEd25519,
        time: knownTime(moment, { floorMs: 0, atMs: 0 }, config.skewMs),
        monotonicMs: 0,
        known: { version: 6, digest: "" },
      },
    );
    expect(judged).toMatchObject({ version: 7, issuedAt });
  });
});

describe("the page", () => {
  test("names every claim of the list and nothing else", () => {
    const rows = [...page.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(rows.sort()).toEqual(Object.keys(AccessList.shape).sort());
  });

  test("says the bounds as they are", () => {
    const bounds = AccessConfig.parse({});
    expect([bounds.visitorListMsMax, bounds.cardListMsMax, bounds.tokenListMsMax]).toEqual(
      [24, 72, 192].map((h) => h * hour),
    );
    expect(page).toContain(listCharsMax.toLocaleString("en"));
  });
});
