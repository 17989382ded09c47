/** What only a real disk can show: the failures of a real kernel, and a process that is killed for real. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLog } from "../../../firmware/log/log.ts";
import { verifyChain } from "../../../firmware/log/verify.ts";
import { nodeDisk } from "../../../firmware/platform/node-disk.ts";
import type { AppendFile, Disk } from "../../../hal/ports/disk.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "yizhan-node-disk-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (disk: Disk, name: string) =>
  new Promise<AppendFile>((resolve, reject) =>
    disk.open(name, (result) => ("file" in result ? resolve(result.file) : reject(new Error(result.failure.code)))),
  );
const append = (file: AppendFile, text: string) =>
  new Promise<string | undefined>((resolve) => file.append(Buffer.from(text), (failure) => resolve(failure?.code)));

describe("a real directory", () => {
  test("is made when it is missing, for the service's own group only", () => {
    nodeDisk(join(directory, "a", "b"));
    expect(statSync(join(directory, "a", "b")).mode & 0o007).toBe(0);
  });

  test("that cannot be made is an error at start", () => {
    writeFileSync(join(directory, "file"), "");
    expect(() => nodeDisk(join(directory, "file", "log"))).toThrow(expect.objectContaining({ code: "ENOTDIR" }));
  });

  test("lists files only", () => {
    const disk = nodeDisk(directory);
    nodeDisk(join(directory, "sub"));
    writeFileSync(join(directory, "a"), "");
    expect(disk.names()).toEqual(["a"]);
  });

  test.runIf(existsSync("/dev/full"))(
    "a full device fails with ENOSPC, and the file with every append after",
    async () => {
      symlinkSync("/dev/full", join(directory, "full"));
      const file = await open(nodeDisk(directory), "full");
      expect(await append(file, "one")).toBe("ENOSPC");
      expect(await append(file, "two")).toBe("ENOSPC");
      file.close();
    },
  );

  test("a sync that fails makes the append fail, though every byte was taken", async () => {
    symlinkSync("/dev/null", join(directory, "null")); // takes bytes, knows no fdatasync
    const file = await open(nodeDisk(directory), "null");
    expect(await append(file, "one")).toBe("EINVAL");
    expect(await append(file, "two")).toBe("EINVAL");
    file.close();
  });

  test("a file that cannot be opened is a failure with its code", async () => {
    nodeDisk(join(directory, "sub"));
    await expect(open(nodeDisk(directory), "sub")).rejects.toThrow("EISDIR");
  });

  test("no descriptor is left open", async () => {
    const disk = nodeDisk(directory);
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const before = descriptors();
    for (let round = 0; round < 20; round++) {
      const file = await open(disk, "a");
      await append(file, "x");
      file.close();
      await new Promise((resolve) => disk.readAt("a", 0, 10, resolve));
      await new Promise((resolve) => disk.remove("a", resolve));
    }
    expect(descriptors() - before).toBeLessThan(5);
  });
});

const CHILD = fileURLToPath(new URL("./log-writer.mjs", import.meta.url));
const CYCLES = Number(process.env.YIZHAN_KILL_CYCLES ?? 12);

describe("a process that is killed while it writes the log", () => {
  test("has lost nothing that it said was acknowledged", { timeout: 60_000 + CYCLES * 5_000 }, async () => {
    let acknowledged = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const last = await writeUntilKilled(acknowledged, 3 + ((cycle * 7) % 40));
      expect(last).toBeGreaterThan(acknowledged);
      acknowledged = last;
      expect(lastInLog(), `after kill ${cycle + 1}`).toBeGreaterThanOrEqual(acknowledged);
    }
    const report = verifyChain(nodeDisk(directory));
    expect(report.flaws.filter(({ kind }) => kind !== "torn-tail")).toEqual([]);
    console.log(`log kills: ${CYCLES} SIGKILLs, ${acknowledged} records acknowledged, 0 lost`);
  });

  /** Lets it acknowledge `count` more, then kills it; tells the newest number it had acknowledged. */
  function writeUntilKilled(from: number, count: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CHILD, directory], { stdio: ["ignore", "pipe", "inherit"] });
      let last = from;
      let rest = "";
      let seen = 0;
      child.stdout.on("data", (chunk) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          last = Number(line);
          if (++seen === count) child.kill("SIGKILL");
        }
      });
      child.on("close", (code, signal) => {
        if (signal === "SIGKILL") resolve(last);
        else reject(new Error(`the writer ended by itself with ${code}: npm run build`));
      });
    });
  }

  function lastInLog(): number {
    const { recovered } = openLog({
      disk: nodeDisk(directory),
      clock: createVirtualClock({ wallStartMs: 0 }),
      logId: "0".repeat(32),
      boot: "look",
      maxBytes: 6 * 65_536,
      segmentBytes: 65_536,
      queueMax: 10,
      checkpoint: () => ({ kind: "checkpoint" }),
      onFault: () => {},
    });
    expect(recovered.complete).toBe(true);
    expect(recovered.damage.kind).not.toBe("corrupt");
    return recovered.lastN;
  }
});
