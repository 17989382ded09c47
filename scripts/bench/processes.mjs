// Processes of a bench: started, measured from /proc, and ended by their own pid whatever happens.
import { fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const started = new Set();
const directories = new Set();

process.on("exit", () => {
  for (const child of started) child.kill("SIGKILL");
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

/** Deletes this directory at the end of the run, also after a failure. */
export function deleteAtExit(directory) {
  directories.add(directory);
  return directory;
}

function remember(child) {
  started.add(child);
  child.once("exit", () => started.delete(child));
  return child;
}

export const start = (command, args, options) => remember(spawn(command, args, options));

/** A part of the bench in a process of its own, so that it does not slow down what is measured. */
export function startPart(script, data) {
  const child = remember(
    fork(script, [], { serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc"] }),
  );
  child.send(data);
  return child;
}

export async function end(child, signal = "SIGKILL") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** A part that measures something and answers with one message. */
export async function askPart(script, data) {
  const child = startPart(script, data);
  const [answer] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`${script} ended with ${code} and no answer`);
    }),
  ]);
  await end(child);
  return answer;
}

export async function until(condition, { timeoutMs, what, everyMs = 5 }) {
  const untilMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > untilMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await pause(everyMs);
  }
}

export const has = (program, ...args) => spawnSync(program, args, { stdio: "ignore" }).error === undefined;

// --- From /proc (proc(5)).

const kbOf = (text, key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN);

/** Resident memory as the limits mean it, and the part of it that is shared with nobody. */
export function memoryMb(pid) {
  const rss = kbOf(readFileSync(`/proc/${pid}/status`, "utf8"), "VmRSS");
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const own = kbOf(rollup, "Private_Clean") + kbOf(rollup, "Private_Dirty");
  return { rss: (rss * 1_024) / 1e6, own: (own * 1_024) / 1e6 };
}

const TICKS_PER_SECOND = 100;

/** CPU seconds of all threads so far. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(/\s+/).filter(Boolean).map(Number),
  );
}
