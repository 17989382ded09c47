/**
 * The guardian as a process of its own, on real files, with a stand-in for the controller that is killed, stopped and blocked
 * for real. It runs the built files: `npm run build` comes first.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { guardianScript } from "../../../firmware/guardian/guardian-link.ts";
import { type SysfsTree, sysfsTree } from "../../support/sysfs-tree.ts";
import { until } from "../../support/until.ts";

const DIST = fileURLToPath(new URL("../../../dist", import.meta.url));
const BEATER = fileURLToPath(new URL("./beater.mjs", import.meta.url));
const LINE = 17;
/** What the whole station promises: everything off within two seconds of the controller's death. */
const OFF_MAX_MS = 2_000;

beforeAll(() => {
  const needed = [
    guardianScript(),
    `${DIST}/firmware/guardian/guardian-link.js`,
    `${DIST}/firmware/platform/node-clock.js`,
  ];
  for (const file of needed) if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
});

let tree: SysfsTree;
const running: ChildProcess[] = [];
beforeEach(() => {
  tree = sysfsTree();
  tree.addChip();
});
afterEach(() => {
  // A stopped process has to go on to notice anything; the kill is enough for the rest.
  for (const child of running.splice(0)) child.kill("SIGKILL");
  tree.remove();
});

interface Process {
  readonly child: ChildProcess;
  readonly lines: string[];
  complaint(): string;
  tell(line: string): void;
  exit(): number | string | undefined;
}

function run(args: string[], detached = false): Process {
  const child = spawn(process.execPath, args, { stdio: "pipe", detached });
  running.push(child);
  const lines: string[] = [];
  let rest = "";
  let ended: number | string | undefined;
  child.stdout?.on("data", (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  });
  child.on("exit", (code, signal) => {
    ended = signal ?? code ?? -1;
  });
  let complaint = "";
  child.stderr?.on("data", (chunk) => {
    complaint += chunk;
  });
  child.stdin?.on("error", () => undefined);
  return {
    child,
    lines,
    complaint: () => complaint,
    tell: (line) => child.stdin?.write(`${line}\n`),
    exit: () => ended,
  };
}

const heard = (process: Process, line: string): Promise<void> =>
  until(() => process.lines.includes(line), { what: () => `"${line}"; heard ${JSON.stringify(process.lines)}` });
const settings = (changes: object = {}): string =>
  JSON.stringify({
    root: tree.root,
    chipLabel: tree.chipLabel,
    line: LINE,
    inverted: false,
    beatTimeoutMs: 800,
    hungMs: 60_000,
    ...changes,
  });

describe("the guardian by itself", () => {
  const guardian = (changes?: object): Process => run([guardianScript(), settings(changes)]);

  test.each([
    [false, "low"],
    [true, "high"],
  ])("drops at its start what a dead process left on (inverted: %s)", async (inverted, direction) => {
    tree.addLine(LINE, !inverted);
    const started = guardian({ inverted });
    await heard(started, "ready");
    expect(tree.level(LINE)).toBe(inverted);
    expect(tree.direction(LINE)).toBe(direction);
  });

  test("keeps the output on only between an arm and an off, whatever else it hears", async () => {
    tree.addLine(LINE, false);
    const started = guardian();
    await heard(started, "ready");
    for (const line of ["b", "b", "ARM", "arm ", "", "on", "x".repeat(5_000)]) started.tell(line);
    started.tell("b");
    await until(() => started.lines.filter((line) => line === "b").length === 3, { what: "three answers" });
    expect(tree.level(LINE)).toBe(false);
    started.tell("arm");
    await heard(started, "on");
    expect(tree.level(LINE)).toBe(true);
    started.tell("off");
    await heard(started, "off asked");
    expect(tree.level(LINE)).toBe(false);
  });

  test("drops when the beat stops, tells when it comes back late, and stays off until armed afresh", async () => {
    tree.addLine(LINE, false);
    const started = guardian({ beatTimeoutMs: 200 });
    await heard(started, "ready");
    started.tell("arm");
    await heard(started, "off timeout");
    expect(tree.level(LINE)).toBe(false);
    started.tell("b");
    started.tell("b");
    await until(() => started.lines.filter((line) => line === "b").length === 2, { what: "two answers" });
    expect(started.lines.filter((line) => line.startsWith("late "))).toHaveLength(1);
    expect(tree.level(LINE)).toBe(false);
    started.tell("arm");
    await until(() => tree.level(LINE), { what: "the output on again" });
  });

  test("drops and leaves at the end of its input", async () => {
    tree.addLine(LINE, false);
    const started = guardian();
    await heard(started, "ready");
    started.tell("arm");
    await heard(started, "on");
    started.child.stdin?.end();
    await until(() => started.exit() !== undefined, { what: "the guardian's end" });
    expect(tree.level(LINE)).toBe(false);
    expect(started.lines.at(-1)).toBe("off eof");
    expect(started.exit()).toBe(0);
  });

  test("is stopped by no signal that can be caught, not even the debugger's", async () => {
    tree.addLine(LINE, false);
    const started = guardian();
    await heard(started, "ready");
    for (const signal of [
      "SIGINT",
      "SIGTERM",
      "SIGHUP",
      "SIGQUIT",
      "SIGABRT",
      "SIGUSR1",
      "SIGUSR2",
      "SIGALRM",
      "SIGPIPE",
    ] as const) {
      started.child.kill(signal);
    }
    started.tell("arm");
    await heard(started, "on");
    started.tell("b");
    await heard(started, "b");
    expect([tree.level(LINE), started.exit(), started.complaint()]).toEqual([true, undefined, ""]);
  });

  test("says so when the line does not obey, tries on, and is ready once it does", async () => {
    tree.addLine(LINE, true);
    unlinkSync(tree.valuePath(LINE));
    // Every write to this device fails, as to a line whose chip is gone.
    symlinkSync("/dev/full", tree.valuePath(LINE));
    const started = guardian();
    await until(() => started.lines.some((line) => line.startsWith("fault ENOSPC")), { what: "the fault" });
    expect(started.lines).not.toContain("ready");
    unlinkSync(tree.valuePath(LINE));
    writeFileSync(tree.valuePath(LINE), "1\n");
    await heard(started, "ready");
    expect(tree.level(LINE)).toBe(false);
  });

  test.each([
    ["a chip that is not there", { chipLabel: "pinctrl-rp1" }, "0 GPIO chips"],
    ["a line that cannot be exported", { line: 40 }, "ENOENT"],
    ["a timeout that would break the promise", { beatTimeoutMs: 5_000 }, "within 2 s"],
    ["a line that is no number", { line: "17" }, "whole number"],
    ["to kill a controller that beats", { hungMs: 500 }, "no less than beatTimeoutMs"],
  ])("refuses %s, saying why", async (_, changes, why) => {
    tree.addLine(LINE, false);
    const started = guardian(changes);
    await until(() => started.exit() !== undefined, { what: "the refusal" });
    expect(started.exit()).toBe(1);
    expect(started.lines).toEqual([expect.stringMatching(new RegExp(`^failed .*${why}`))]);
  });
});

describe("the guardian of a controller that comes to harm", () => {
  async function controller(inverted = false, hungMs = 60_000): Promise<Process & { on(): boolean }> {
    tree.addLine(LINE, !inverted);
    const started = run([BEATER, DIST, settings({ inverted }), String(hungMs)], true);
    await heard(started, "on");
    return { ...started, on: () => tree.level(LINE) !== inverted };
  }

  /** Waits generously, then holds the measured time against the promise. */
  async function offAfter(harm: () => void, on: () => boolean): Promise<void> {
    expect(on()).toBe(true);
    const startMs = performance.now();
    harm();
    await until(() => !on(), { what: "the output off" });
    expect(performance.now() - startMs).toBeLessThan(OFF_MAX_MS);
  }

  test.each([false, true])("killed: the output drops (inverted: %s)", async (inverted) => {
    const { child, on } = await controller(inverted);
    await offAfter(() => child.kill("SIGKILL"), on);
  });

  test("stopped: the output drops, and stays off after it goes on, until it is armed afresh", async () => {
    const controlled = await controller();
    await offAfter(() => controlled.child.kill("SIGSTOP"), controlled.on);
    controlled.child.kill("SIGCONT");
    await heard(controlled, "off timeout");
    await heard(controlled, "late");
    expect(controlled.on()).toBe(false);
    controlled.tell("arm");
    await until(controlled.on, { what: "the output on again" });
    expect(controlled.lines.some((line) => line.startsWith("lost"))).toBe(false);
  });

  test("its whole process group stopped or interrupted, as from a terminal: the guardian is not in it", async () => {
    const { child, on } = await controller();
    await offAfter(() => process.kill(-(child.pid as number), "SIGSTOP"), on);
    process.kill(-(child.pid as number), "SIGKILL");
  });

  test("blocked in a loop: the output drops", async () => {
    const { tell, on } = await controller();
    await offAfter(() => tell("block"), on);
  });

  test("alive without making progress: the output drops and the controller is told", async () => {
    const controlled = await controller();
    await offAfter(() => controlled.tell("silence"), controlled.on);
    await heard(controlled, "off timeout");
  });

  test.each([
    ["blocked in a loop", ({ tell }: Process) => tell("block")],
    ["stopped", ({ child }: Process) => child.kill("SIGSTOP")],
    ["alive without making progress", ({ tell }: Process) => tell("silence")],
  ])("%s for good: it is killed, so that a service manager starts another", async (_, harm) => {
    const controlled = await controller(false, 1_200);
    harm(controlled);
    await until(() => controlled.exit() !== undefined, { what: "the controller's end" });
    expect([controlled.exit(), controlled.on()]).toEqual(["SIGKILL", false]);
  });

  test("silent for a while: it lives on, and its silence is forgotten", async () => {
    const controlled = await controller(false, 3_000);
    // Together the silences are longer than the one for which it would be killed.
    for (let times = 0; times < 5; times++) {
      controlled.tell("silence");
      await until(() => !controlled.on(), { what: "the output off" });
      controlled.tell("beat");
      await until(() => controlled.lines.filter((line) => line === "late").length > times, { what: "a beat" });
      controlled.tell("arm");
      await until(controlled.on, { what: "the output on again" });
    }
    expect(controlled.exit()).toBeUndefined();
  });

  test.each(["exit", "throw"])("ending by %s without a word: the output drops", async (order) => {
    const { tell, on } = await controller();
    await offAfter(() => tell(order), on);
  });

  test("closing properly: the output drops at once and the guardian is gone", async () => {
    const controlled = await controller();
    await offAfter(() => controlled.tell("close"), controlled.on);
    await heard(controlled, "closed");
  });
});
