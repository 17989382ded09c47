import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mockFs from "mock-fs";
import { describe } from "vitest";
import { nodeGpioFiles } from "../../firmware/platform/node-gpio-files.ts";
import { type OnoffPackage, openGpioOnoff } from "../../hal/drivers/gpio-onoff.ts";
import { openGpioSysfs } from "../../hal/drivers/gpio-sysfs.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { fakeGpio } from "../support/fake-gpio.ts";
import { gpioKernel } from "../support/gpio-kernel.ts";
import { gpioConformance } from "./gpio.ts";

const BASE = 512;

gpioConformance("the fake", { edges: true }, () => {
  const gpio = fakeGpio();
  return { gpio, level: gpio.level, drive: gpio.drive, settle: () => undefined, close: () => undefined };
});

gpioConformance("the sysfs driver on a real directory", { edges: true }, () => {
  const root = mkdtempSync(join(tmpdir(), "yizhan-gpio-"));
  const kernel = gpioKernel(root);
  kernel.addChip("pinctrl-bcm2711", BASE, 58);
  const clock = createVirtualClock({ wallStartMs: 0 });
  const opened = openGpioSysfs({ root, chipLabel: "pinctrl-bcm2711", files: kernel.files, clock, pollMs: 20 });
  if ("refused" in opened) throw new Error(opened.refused);
  return {
    gpio: opened.gpio,
    level: (line) => kernel.level(BASE + line),
    drive: (line, high) => kernel.drive(BASE + line, high),
    settle: () => void clock.runUntil(clock.nowMs + 40),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
});

// Loaded before mock-fs hides the file system; importing under it fails.
const packageName: string = "onoff";
const onoff = (await import(packageName).catch(() => undefined)) as OnoffPackage | undefined;
if (onoff === undefined) {
  console.warn("skipped: the onoff driver (sudo apt-get install -y build-essential python3 && npm install)");
}

describe.runIf(onoff !== undefined)("onoff, which always works under /sys/class/gpio", () => {
  const line = (): Record<string, string> => ({ direction: "in\n", value: "0\n", edge: "none\n", active_low: "0\n" });
  const value = (number: number): string => `/sys/class/gpio/gpio${number}/value`;

  // Edges are not proved here: under mock-fs watch() would hand invented descriptors to the real epoll.
  gpioConformance("the onoff driver on mock-fs", { edges: false }, async () => {
    const files = nodeGpioFiles();
    mockFs({
      "/sys/class/gpio": {
        export: "",
        unexport: "",
        [`gpiochip${BASE}`]: { label: "pinctrl-bcm2711\n", base: `${BASE}\n`, ngpio: "58\n" },
        gpio516: line(),
        gpio529: line(),
        gpio539: line(),
      },
    });
    const clock = createVirtualClock({ wallStartMs: 0 });
    const load = (): Promise<OnoffPackage> => Promise.resolve(onoff as OnoffPackage);
    const opened = await openGpioOnoff({ chipLabel: "pinctrl-bcm2711", files, clock, load });
    if ("refused" in opened) {
      mockFs.restore();
      throw new Error(opened.refused);
    }
    return {
      gpio: opened.gpio,
      level: (number) => readFileSync(value(BASE + number), "utf8").startsWith("1"),
      drive: (number, high) => writeFileSync(value(BASE + number), high ? "1\n" : "0\n"),
      settle: () => undefined,
      close: () => mockFs.restore(),
    };
  });
});
