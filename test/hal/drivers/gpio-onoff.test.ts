import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GpioFiles } from "../../../hal/drivers/gpio-files.ts";
import { type OnoffLine, type OnoffPackage, openGpioOnoff } from "../../../hal/drivers/gpio-onoff.ts";
import type { Gpio } from "../../../hal/ports/gpio.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";
import { type GpioKernel, gpioKernel } from "../../support/gpio-kernel.ts";

const LABEL = "pinctrl-bcm2711";
let root: string;
let kernel: GpioKernel;
let clock: VirtualClock;
let made: Array<{ arguments: unknown[]; edge(value: 0 | 1): void; watching(): boolean }>;
let files: GpioFiles;
let interrupts: boolean;

/** onoff as a stand-in over the same directory, because the real one opens nothing but /sys/class/gpio. */
class FakeLine implements OnoffLine {
  private readonly number: number;
  private callback: ((error: Error | null, value: 0 | 1) => void) | undefined;

  constructor(number: number, direction: "in" | "high" | "low", edge?: "both") {
    this.number = number;
    if (interrupts && edge === "both") kernel.files.write(`${root}/gpio${number}/edge`, "both");
    made.push({
      arguments: edge === undefined ? [number, direction] : [number, direction, edge],
      edge: (value) => this.callback?.(null, value),
      watching: () => this.callback !== undefined,
    });
  }
  readSync(): 0 | 1 {
    return kernel.level(this.number) ? 1 : 0;
  }
  writeSync(value: 0 | 1): void {
    kernel.drive(this.number, value === 1);
  }
  watch(callback: (error: Error | null, value: 0 | 1) => void): void {
    this.callback = callback;
  }
  unwatchAll(): void {
    this.callback = undefined;
  }
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "yizhan-onoff-"));
  kernel = gpioKernel(root);
  kernel.addChip(LABEL, 512, 58);
  clock = createVirtualClock({ wallStartMs: 0 });
  made = [];
  interrupts = true;
  // The driver speaks of /sys/class/gpio; the directory stands for it.
  const here = (path: string): string => path.replace("/sys/class/gpio", root);
  files = {
    ...kernel.files,
    names: (directory) => kernel.files.names(here(directory)),
    exists: (path) => kernel.files.exists(here(path)),
    read: (path) => kernel.files.read(here(path)),
    write: (path, text) => kernel.files.write(here(path), text),
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function open(): Promise<Gpio> {
  const onoff: OnoffPackage = { Gpio: FakeLine };
  const opened = await openGpioOnoff({ chipLabel: LABEL, files, clock, load: () => Promise.resolve(onoff) });
  if ("refused" in opened) throw new Error(opened.refused);
  return opened.gpio;
}

test.each([
  [Object.assign(new Error("Cannot find package 'onoff'"), { code: "ERR_MODULE_NOT_FOUND" }), "build-essential"],
  [new Error("Could not locate the bindings file."), "npm rebuild epoll"],
  [new Error("was compiled against NODE_MODULE_VERSION 115"), "npm rebuild epoll"],
])("a package that cannot be loaded (%s) is refused with the command that mends it", async (error, command) => {
  const opened = await openGpioOnoff({ chipLabel: LABEL, files, clock, load: () => Promise.reject(error) });
  expect(opened).toEqual({ refused: expect.stringContaining(command) });
  expect(opened).toEqual({ refused: expect.stringContaining("sysfs") });
});

test("a chip that is not there is refused like everywhere", async () => {
  const load = (): Promise<OnoffPackage> => Promise.resolve({ Gpio: FakeLine });
  const opened = await openGpioOnoff({ chipLabel: "pinctrl-rp1", files, clock, load });
  expect(opened).toEqual({ refused: expect.stringContaining("seen: pinctrl-bcm2711") });
});

test("onoff is given the chip's number, and outputs are opened by level, never as plain out", async () => {
  (await open()).openOutput(17, true);
  expect(made.map((line) => line.arguments)).toEqual([[529, "high"]]);
  expect(kernel.writes).toEqual(["export=529", "gpio529/direction=high"]);
});

test("onoff never sees a line that could not be exported: it would block the process for half a second", async () => {
  const gpio = await open();
  rmSync(join(root, "export"));
  expect(() => gpio.openOutput(17, true)).toThrow("GPIO 17 cannot be set up");
  expect(made).toEqual([]);
});

test("an input left exported is exported afresh, an output left exported is not let go", async () => {
  const gpio = await open();
  kernel.leaveExported(516, "in", "0");
  kernel.leaveExported(529, "out", "1");
  gpio.openInput(4);
  gpio.openOutput(17, false);
  expect(kernel.writes.filter((write) => write.startsWith("unexport"))).toEqual(["unexport=516"]);
});

test("edges come from the interrupt where the kernel gives one, and stop with the line", async () => {
  const input = (await open()).openInput(4);
  const told: boolean[] = [];
  input.watch((high) => told.push(high));
  made[0]?.edge(1);
  made[0]?.edge(0);
  expect(told).toEqual([true, false]);
  expect(clock.pending()).toBe(0);
  input.close();
  expect(made[0]?.watching()).toBe(false);
});

test("edges come from looking where the chip gives no interrupt", async () => {
  interrupts = false;
  const input = (await open()).openInput(4);
  const told: boolean[] = [];
  input.watch((high) => told.push(high));
  kernel.drive(516, true);
  clock.runUntil(20);
  expect(told).toEqual([true]);
  expect(made[0]?.watching()).toBe(false);
  input.close();
  expect(clock.pending()).toBe(0);
});
