/** The controller's end of the guardian, against real guardian processes. It runs the built guardian: `npm run build` first. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type GuardianLink,
  type GuardianOptions,
  type GuardianState,
  guardianScript,
  startGuardian,
} from "../../../firmware/guardian/guardian-link.ts";
import { nodeClock } from "../../../firmware/platform/node-clock.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { type SysfsTree, sysfsTree } from "../../support/sysfs-tree.ts";
import { until } from "../../support/until.ts";

const LINE = 17;
let tree: SysfsTree;
let open: Controller[] = [];

interface Controller {
  readonly link: GuardianLink;
  readonly states: string[];
  beating: boolean;
  /** Process ids of every guardian started, in order. */
  pids(): number[];
}

beforeEach(() => {
  tree = sysfsTree();
  tree.addChip();
  tree.addLine(LINE, true);
});
afterEach(async () => {
  for (const controller of open) {
    const { pids } = controller;
    await closed(controller);
    expect(pids().filter((pid) => existsSync(`/proc/${pid}`) && alive(pid))).toEqual([]);
  }
  open = [];
  tree.remove();
});

/** A zombie has ended; only its parent has not looked yet. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function told(state: GuardianState): string {
  return "why" in state ? `${state.is} ${state.why}` : state.is;
}

function control(changes: Partial<GuardianOptions> = {}): Controller {
  const clock = nodeClock();
  const pidFile = join(tree.root, "pids");
  // Writes its own id, then becomes Node with the same id.
  const executable = join(tree.root, "node.sh");
  writeFileSync(executable, `#!/bin/sh\necho $$ >> ${pidFile}\nexec ${process.execPath} "$@"\n`);
  chmodSync(executable, 0o755);
  const states: string[] = [];
  const link = startGuardian({
    output: { root: tree.root, chipLabel: tree.chipLabel, line: LINE, inverted: false },
    clock,
    executable,
    onState: (state) => states.push(told(state)),
    ...changes,
  });
  const controller: Controller = {
    link,
    states,
    beating: true,
    pids: () => (existsSync(pidFile) ? readFileSync(pidFile, "utf8").trim().split("\n").map(Number) : []),
  };
  const beat = (): void => {
    if (controller.beating) link.beat();
    if (link.state().is !== "closed") clock.after(100, beat);
  };
  beat();
  open.push(controller);
  return controller;
}

async function closed({ link }: Controller): Promise<void> {
  let done = false;
  link.close(() => {
    done = true;
  });
  await until(() => done, { what: "the link closed" });
}

async function heard({ states }: Controller, state: string): Promise<void> {
  await until(() => states.includes(state), { what: () => `"${state}"; heard ${JSON.stringify(states)}` });
}

async function armed(changes?: Partial<GuardianOptions>): Promise<Controller> {
  const controller = control(changes);
  await heard(controller, "off start");
  controller.link.arm();
  await heard(controller, "on");
  expect(tree.level(LINE)).toBe(true);
  return controller;
}

test("the output is off until armed, on while beaten for, off when told", async () => {
  const controller = await armed();
  controller.link.drop();
  await heard(controller, "off asked");
  expect(tree.level(LINE)).toBe(false);
  expect(controller.states).toEqual(["off start", "on", "off asked"]);
  expect(controller.link.state()).toEqual({ is: "off", why: "asked" });
});

test("beats that stop cost the output, beats that return do not bring it back, an arm does", async () => {
  const gaps: number[] = [];
  const controller = await armed({ beatTimeoutMs: 300, onLate: (gapMs) => gaps.push(gapMs) });
  controller.beating = false;
  await heard(controller, "off timeout");
  controller.beating = true;
  await until(() => gaps.length > 0, { what: "word of the late beat" });
  expect(gaps[0]).toBeGreaterThan(300);
  expect(tree.level(LINE)).toBe(false);
  controller.link.arm();
  await until(() => controller.states.at(-1) === "on", { what: "the output on again" });
});

test("a guardian that is killed is told as lost and replaced, and the new one drops the output first", async () => {
  const controller = await armed();
  process.kill(controller.pids()[0] as number, "SIGKILL");
  await heard(controller, "lost ended (SIGKILL)");
  expect(controller.link.state().is).toBe("lost");
  await until(() => controller.states.filter((state) => state === "off start").length === 2, {
    what: "the new guardian",
  });
  expect(tree.level(LINE)).toBe(false);
  expect(controller.states).toEqual(["off start", "on", "lost ended (SIGKILL)", "off start"]);
  controller.link.arm();
  await until(() => tree.level(LINE), { what: "the output on again" });
});

test("a guardian that answers no beat is taken for dead and replaced", async () => {
  const controller = await armed();
  process.kill(controller.pids()[0] as number, "SIGSTOP");
  await until(() => controller.states.some((state) => state.startsWith("lost answered no beat")), { what: "the loss" });
  await until(() => controller.states.at(-1) === "off start", { what: "the new guardian" });
  expect(tree.level(LINE)).toBe(false);
  expect(controller.pids()).toHaveLength(2);
  expect(alive(controller.pids()[0] as number)).toBe(false);
});

test("a guardian that cannot start says why, and is tried again until it can", async () => {
  tree.removeChip();
  const controller = control();
  await until(() => controller.states.length > 0, { what: "the failure" });
  expect(controller.states[0]).toMatch(/^lost ended \(code 1\): 0 GPIO chips .* labelled pinctrl-bcm2711$/);
  tree.addChip();
  await heard(controller, "off start");
  expect(tree.level(LINE)).toBe(false);
});

test.each([
  ["a missing program", { executable: "/nonexistent/node" }, "ENOENT"],
  ["a missing script", { script: "/nonexistent/guardian.js" }, "Cannot find module"],
])("%s is a reason, never an exception", async (_, changes, why) => {
  const controller = control(changes);
  await until(() => controller.states.length > 0, { what: "the failure" });
  expect(controller.states[0]).toContain("lost ");
  expect(controller.states[0]).toContain(why);
});

test("closing drops the output, ends the guardian and tells nothing more", async () => {
  const controller = await armed();
  let done = 0;
  controller.link.close(() => done++);
  controller.link.close(() => done++);
  await until(() => done === 2, { what: "the link closed" });
  expect([tree.level(LINE), controller.link.state().is]).toEqual([false, "closed"]);
  expect(controller.states).toEqual(["off start", "on"]);
});

test("closing drops the output even when the guardian is stopped for good", async () => {
  const controller = await armed();
  controller.beating = false;
  process.kill(controller.pids()[0] as number, "SIGSTOP");
  await closed(controller);
  expect(tree.level(LINE)).toBe(false);
});

test("closing drops the output even when the guardian dies in the same moment", async () => {
  const controller = await armed();
  process.kill(controller.pids()[0] as number, "SIGKILL");
  await closed(controller);
  expect(tree.level(LINE)).toBe(false);
});

test("closing drops the output even while the guardian waits to be started again", async () => {
  const controller = await armed();
  tree.removeChip();
  process.kill(controller.pids()[0] as number, "SIGKILL");
  await until(() => controller.states.some((state) => state.includes("0 GPIO chips")), { what: "the failed restart" });
  expect(tree.level(LINE)).toBe(true);
  tree.addChip();
  await closed(controller);
  expect(tree.level(LINE)).toBe(false);
});

test("a controller that was held up for long does not take the living guardian for dead", async () => {
  // Our own clock jumps as it would after a stop; the guardian's answers are read only afterwards.
  const clock = createVirtualClock({ wallStartMs: 0 });
  const controller = await armed({ clock, beatTimeoutMs: 1_500 });
  controller.beating = false;
  controller.link.beat();
  clock.runUntil(10_000);
  controller.link.beat();
  controller.link.beat();
  expect(controller.link.state().is).toBe("on");
});

test("the guardian script is the built one, next to the built link", () => {
  expect(guardianScript()).toMatch(/\/dist\/firmware\/guardian\/guardian-main\.js$/);
});
