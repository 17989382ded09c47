/** Who may write into a directory: one controller, on a disk that takes its claim and on one that takes nothing any more. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDirectory } from "../../../firmware/platform/directory-claim.ts";

let root = "";
let directory = "";
let temporary = "";
const others: ChildProcess[] = [];
const tmpdirBefore = process.env.TMPDIR;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "yizhan-claim-"));
  directory = join(root, "state");
  temporary = mkdtempSync(join(root, "tmp-"));
  process.env.TMPDIR = temporary;
});

afterEach(() => {
  if (tmpdirBefore === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = tmpdirBefore;
  for (const other of others.splice(0)) other.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

/** Writes as a disk does that takes nothing below these folders. */
function worn(code: string, ...folders: readonly string[]) {
  return (file: string, text: string): void => {
    if (folders.some((folder) => file.startsWith(folder))) throw Object.assign(new Error(`${code}: write`), { code });
    writeFileSync(file, text);
  };
}

function claimed(writeFile?: ReturnType<typeof worn>): { release(): void } {
  const claim = claimDirectory(directory, writeFile);
  if ("refused" in claim) throw new Error(claim.refused);
  return claim;
}

/** Another controller, by what the process table says of it. */
async function otherController(): Promise<number> {
  const other = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1000)", "yizhan"]);
  others.push(other);
  await new Promise((started) => other.stdout?.once("data", started));
  return other.pid ?? 0;
}

test("a claim is the process id, and goes with its process", () => {
  const claim = claimed();
  const file = join(directory, "controller.pid");
  expect(readFileSync(file, "utf8")).toBe(`${process.pid}\n`);
  expect(readdirSync(temporary)).toEqual([]);
  claim.release();
  expect(existsSync(file)).toBe(false);
});

test("a claim of a process that is gone, or is no controller, is taken over", () => {
  claimed().release();
  for (const pid of ["999999999", "1", "rubbish", ""]) {
    writeFileSync(join(directory, "controller.pid"), pid);
    claimed().release();
  }
});

test("a second controller is refused, and told which one is there", async () => {
  claimed();
  const other = await otherController();
  writeFileSync(join(directory, "controller.pid"), `${other}\n`);
  expect(claimDirectory(directory)).toEqual({
    code: "E_ALREADY_RUNNING",
    refused: `process ${other} already uses ${directory}; stop it first`,
  });
});

test.each(["EROFS", "ENOSPC", "EDQUOT", "EIO"])(
  "a disk that takes nothing (%s) keeps no station from starting, and lets no second controller in",
  async (code) => {
    const claim = claimed(worn(code, directory));
    const [elsewhere = ""] = readdirSync(temporary);
    expect(readFileSync(join(temporary, elsewhere), "utf8")).toBe(`${process.pid}\n`);
    const other = await otherController();
    writeFileSync(join(temporary, elsewhere), `${other}\n`);
    expect(claimDirectory(directory, worn(code, directory))).toMatchObject({ code: "E_ALREADY_RUNNING" });
    // Nor when the disk takes writes again while the other one runs.
    expect(claimDirectory(directory)).toMatchObject({ code: "E_ALREADY_RUNNING" });
    claim.release();
    expect(readdirSync(temporary)).toEqual([]);
  },
);

test("where no disk takes anything the station starts without a claim", () => {
  const claim = claimed(worn("EROFS", root));
  expect([readdirSync(directory), readdirSync(temporary)]).toEqual([[], []]);
  expect(() => claim.release()).not.toThrow();
});

test.each([
  ["cannot be written by this user", () => worn("EACCES", directory), "state"],
  ["cannot be made", () => undefined, "a-file/state"],
])("a directory that %s is a mistake, and told with what to do", (_says, writeFile, path) => {
  writeFileSync(join(root, "a-file"), "");
  expect(claimDirectory(join(root, path), writeFile())).toMatchObject({
    code: "E_STORAGE",
    refused: expect.stringContaining("create it and give it"),
  });
});
