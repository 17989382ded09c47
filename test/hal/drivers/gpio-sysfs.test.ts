import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GpioFiles } from "../../../hal/drivers/gpio-files.ts";
import { openGpioSysfs } from "../../../hal/drivers/gpio-sysfs.ts";
import type { Gpio } from "../../../hal/ports/gpio.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";
import { type GpioKernel, gpioKernel } from "../../support/gpio-kernel.ts";

const LABEL = "pinctrl-bcm2711";
let root: string;
let kernel: GpioKernel;
let clock: VirtualClock;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "yizhan-gpio-"));
  kernel = gpioKernel(root);
  clock = createVirtualClock({ wallStartMs: 0 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const attempt = (files: GpioFiles = kernel.files) => openGpioSysfs({ root, chipLabel: LABEL, files, clock });

function open(files?: GpioFiles): Gpio {
  const opened = attempt(files);
  if ("refused" in opened) throw new Error(opened.refused);
  return opened.gpio;
}

test.each([0, 399, 512, 571])("the chip's base %i is found by its label and added to the line", (base) => {
  kernel.addChip("pinctrl-bcm2711", base, 58);
  kernel.addChip("raspberrypi-exp-gpio", base + 58, 8);
  open().openOutput(17, false);
  expect(kernel.writes[0]).toBe(`export=${base + 17}`);
});

test("no chip, another chip and two chips of the label are refused with what was seen", () => {
  expect(attempt()).toEqual({ refused: expect.stringContaining("seen: no chip at all") });
  kernel.addChip("pinctrl-rp1", 571, 54);
  expect(attempt()).toEqual({
    refused: expect.stringMatching(/^no GPIO chip .* labelled pinctrl-bcm2711; seen: pinctrl-rp1$/),
  });
  kernel.addChip(LABEL, 0, 58);
  kernel.addChip(LABEL, 58, 58);
  expect(attempt()).toEqual({ refused: expect.stringContaining("more than one GPIO chip") });
});

test("a machine without GPIO is refused with the reason", () => {
  rmSync(root, { recursive: true });
  expect(attempt()).toEqual({ refused: expect.stringContaining("no GPIO here") });
});

test("an active-low output goes straight to high: no other level is ever asked for", () => {
  kernel.addChip(LABEL, 512, 58);
  open().openOutput(17, true);
  expect(kernel.writes).toEqual(["export=529", "gpio529/direction=high"]);
  expect(kernel.level(529)).toBe(true);
});

test("an output left exported by a process that died is taken over without letting go of it", () => {
  kernel.addChip(LABEL, 512, 58);
  kernel.leaveExported(529, "out", "1");
  const output = open().openOutput(17, false);
  expect(kernel.writes).toEqual(["gpio529/direction=low"]);
  expect(output.read()).toBe(false);
});

test("a line beyond the chip is refused, because its number belongs to another chip", () => {
  kernel.addChip(LABEL, 512, 58);
  expect(() => open().openOutput(58, false)).toThrow("lines 0 to 57");
  expect(kernel.writes).toEqual([]);
});

test("permissions that udev gives a moment later are waited for, but not for ever", () => {
  kernel.addChip(LABEL, 512, 58);
  let denials = 3;
  let paused = 0;
  const files: GpioFiles = {
    ...kernel.files,
    write(path, text) {
      if (path.endsWith("direction") && denials-- > 0) {
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      }
      kernel.files.write(path, text);
    },
    pause: () => void paused++,
  };
  open(files).openOutput(17, true);
  expect(paused).toBe(3);
  denials = Number.POSITIVE_INFINITY;
  expect(() => open(files).openOutput(18, true)).toThrow("usermod -aG gpio");
  expect(paused).toBeLessThan(100);
});

test("a line that another program holds is refused with that reason", () => {
  kernel.addChip(LABEL, 512, 58);
  const files: GpioFiles = {
    ...kernel.files,
    write() {
      throw Object.assign(new Error("EBUSY: resource busy"), { code: "EBUSY" });
    },
  };
  expect(() => open(files).openInput(4)).toThrow("another program or kernel driver holds the line");
});

test("an output unexported behind our back is claimed again with the level that is wanted", () => {
  kernel.addChip(LABEL, 512, 58);
  // The real kernel answers ENODEV on a level file whose line is gone; a plain file would take the write.
  let gone = false;
  const files: GpioFiles = {
    ...kernel.files,
    openValue(path) {
      const real = kernel.files.openValue(path);
      const check = (): void => {
        if (gone) throw Object.assign(new Error("ENODEV: no such device"), { code: "ENODEV" });
      };
      return {
        read() {
          check();
          return real.read();
        },
        write(high) {
          check();
          real.write(high);
        },
        close: () => real.close(),
      };
    },
  };
  const output = open(files).openOutput(17, false);
  kernel.unexport(529);
  gone = true;
  expect(() => output.write(true)).toThrow("ENODEV");
  gone = false;
  output.write(true);
  expect(kernel.level(529)).toBe(true);
  expect(kernel.writes.slice(-2)).not.toContain("gpio529/direction=low");
});

test("watched inputs are asked every period and the timer rests when nobody watches", () => {
  kernel.addChip(LABEL, 512, 58);
  const gpio = open();
  const [first, second] = [gpio.openInput(4), gpio.openInput(5)];
  const told: string[] = [];
  first.watch((high) => told.push(`4 ${high}`));
  second.watch((high) => told.push(`5 ${high}`));
  kernel.drive(516, true);
  kernel.drive(517, true);
  clock.runUntil(20);
  expect(told).toEqual(["4 true", "5 true"]);
  first.close();
  expect(clock.pending()).toBe(1);
  second.close();
  expect(clock.pending()).toBe(0);
});
