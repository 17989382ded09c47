import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { nodeClock } from "../../../firmware/platform/node-clock.ts";
import { nodeTextFiles } from "../../../firmware/platform/node-text-files.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { until } from "../../support/until.ts";

const directory = mkdtempSync(join(tmpdir(), "yizhan-text-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Result = { text: string } | { error: string };
const read = (files: ReturnType<typeof nodeTextFiles>, path: string): Promise<Result> =>
  new Promise((resolve) => files.read(path, resolve));

test("a sensor file is read whole, and anew each time", async () => {
  const files = nodeTextFiles(nodeClock());
  const path = join(directory, "w1_slave");
  writeFileSync(path, "one\n");
  expect(await read(files, path)).toEqual({ text: "one\n" });
  writeFileSync(path, "two\n");
  expect(await read(files, path)).toEqual({ text: "two\n" });
});

test("what cannot be read is a reason, never an exception", async () => {
  const files = nodeTextFiles(nodeClock());
  expect(await read(files, join(directory, "absent"))).toEqual({ error: `${join(directory, "absent")} is not there` });
  expect(await read(files, directory)).toMatchObject({ error: expect.stringContaining("EISDIR") });
  writeFileSync(join(directory, "big"), "x".repeat(5_000));
  expect(await read(files, join(directory, "big"))).toMatchObject({ error: expect.stringContaining("4096") });
});

test("reads happen one at a time and in order, so that sensors never fill the thread pool", async () => {
  const files = nodeTextFiles(nodeClock());
  const order: number[] = [];
  for (let i = 0; i < 20; i++) {
    writeFileSync(join(directory, `t${i}`), String(i));
    files.read(join(directory, `t${i}`), (result) => order.push("text" in result ? Number(result.text) : -1));
  }
  await until(() => order.length === 20, { what: "twenty reads" });
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test("a read that hangs is given up, those behind it are told so, and all is well once it answers", async () => {
  // A pipe nobody writes to makes open() hang like a sensor whose bus is stuck. Time is virtual, the hang is real.
  const pipe = join(directory, "pipe");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  const clock = createVirtualClock({ wallStartMs: 0 });
  const files = nodeTextFiles(clock, { deadlineMs: 1_000, queueMax: 2 });
  const results: Result[] = [];
  files.read(pipe, (result) => results.push(result));
  files.read(join(directory, "t1"), (result) => results.push(result));
  files.read(join(directory, "t1"), (result) => results.push(result));
  files.read(join(directory, "t1"), (result) => results.push(result));
  clock.runUntil(999);
  expect(results).toEqual([{ error: expect.stringContaining("already wait") }]);
  clock.runUntil(1_000);
  expect(results).toHaveLength(4);
  expect(results[1]).toEqual({ error: `${pipe} gave no answer within 1000 ms` });
  expect(results[3]).toEqual({ error: expect.stringContaining(`behind ${pipe}`) });

  files.read(join(directory, "t1"), (result) => results.push(result));
  expect(results).toHaveLength(4);
  writeFileSync(pipe, "late");
  await until(() => results.length === 5, { what: "the read after the hung one" });
  expect(results[4]).toEqual({ text: "1" });
});
