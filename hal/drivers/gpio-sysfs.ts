/**
 * GPIO over the kernel's sysfs files, under a root that can be injected. Inputs are polled. Opening throws with a reason
 * to read; a line that fails later is claimed again once, and throws when that fails too.
 */
import type { Clock } from "../ports/clock.ts";
import type { GpioInput, GpioOutput } from "../ports/gpio.ts";
import {
  claimLine,
  findChip,
  type GpioChip,
  type GpioFiles,
  type GpioOpened,
  type GpioValueFile,
  openLevel,
} from "./gpio-files.ts";
import { type GpioPoller, gpioPoller } from "./gpio-poller.ts";

export interface GpioSysfsOptions {
  readonly root: string;
  readonly chipLabel: string;
  readonly files: GpioFiles;
  readonly clock: Clock;
  /** Period of looking at watched inputs. */
  readonly pollMs?: number;
}

interface Line {
  /** Runs `act` on the level file; when that fails, claims the line anew and tries once more. */
  use<T>(act: (value: GpioValueFile) => T, direction: "in" | "high" | "low"): T;
  close(): void;
}

function openLine(files: GpioFiles, chip: GpioChip, line: number, direction: "in" | "high" | "low"): Line {
  let value: GpioValueFile | undefined = openLevel(files, claimLine(files, chip, line, direction));
  // Once the loop runs nothing may wait for permissions.
  const running: GpioFiles = { ...files, pause: undefined };

  function drop(): void {
    const dead = value;
    value = undefined;
    try {
      dead?.close();
    } catch {
      // The kernel already took the line away; nothing is left to close.
    }
  }

  return {
    use(act, wanted) {
      if (value !== undefined) {
        try {
          return act(value);
        } catch {
          drop();
        }
      }
      value = openLevel(running, claimLine(running, chip, line, wanted));
      return act(value);
    },
    close: drop,
  };
}

function openOutput(files: GpioFiles, chip: GpioChip, line: number, initiallyHigh: boolean): GpioOutput {
  const opened = openLine(files, chip, line, initiallyHigh ? "high" : "low");
  let closed = false;
  const write = (high: boolean): void => opened.use((value) => value.write(high), high ? "high" : "low");
  const read = (): boolean => opened.use((value) => value.read(), initiallyHigh ? "high" : "low");
  // The direction already set the level; writing it again costs nothing on a real line and reads back everywhere.
  write(initiallyHigh);
  if (read() !== initiallyHigh) throw new Error(`GPIO ${line} does not take its level: something else drives it`);
  return {
    write(high) {
      if (!closed) write(high);
    },
    read,
    close() {
      if (closed) return;
      closed = true;
      try {
        // Left exported at the safe level: an unexported line may become a floating input.
        write(initiallyHigh);
      } finally {
        opened.close();
      }
    },
  };
}

function openInput(files: GpioFiles, chip: GpioChip, line: number, poller: GpioPoller): GpioInput {
  const opened = openLine(files, chip, line, "in");
  const stops: Array<() => void> = [];
  const read = (): boolean => opened.use((value) => value.read(), "in");
  read();
  return {
    read,
    watch(onLevel) {
      stops.push(poller.add(read, onLevel));
    },
    close() {
      for (const stop of stops.splice(0)) stop();
      opened.close();
    },
  };
}

export function openGpioSysfs(options: GpioSysfsOptions): GpioOpened {
  const { files, root, chipLabel, clock } = options;
  const chip = findChip(files, root, chipLabel);
  if ("refused" in chip) return chip;
  const poller = gpioPoller(clock, options.pollMs ?? 20);
  return {
    gpio: {
      openOutput: (line, initiallyHigh) => openOutput(files, chip.found, line, initiallyHigh),
      openInput: (line) => openInput(files, chip.found, line, poller),
    },
  };
}
