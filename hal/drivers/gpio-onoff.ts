/**
 * GPIO through the package onoff, whose native part gives interrupts. onoff adds no chip base and swallows errors on lines
 * that are exported already, so we add the base, set the line up ourselves, and look afterwards whether it took. The
 * package is optional and loaded on first use; it always works under /sys/class/gpio.
 */
import type { Clock } from "../ports/clock.ts";
import type { Gpio, GpioInput, GpioOutput } from "../ports/gpio.ts";
import {
  claimLine,
  findChip,
  type GpioChip,
  type GpioFiles,
  type GpioOpened,
  lineDirectory,
  reasonOf,
} from "./gpio-files.ts";
import { type GpioPoller, gpioPoller } from "./gpio-poller.ts";

/** The part of onoff's Gpio that is used. Its own types are not imported, because the package may be absent. */
export interface OnoffLine {
  readSync(): 0 | 1;
  writeSync(value: 0 | 1): void;
  watch(callback: (error: Error | null | undefined, value: 0 | 1) => void): void;
  unwatchAll(): void;
}
export interface OnoffPackage {
  readonly Gpio: new (number: number, direction: "in" | "high" | "low", edge?: "both") => OnoffLine;
}

export interface GpioOnoffOptions {
  readonly chipLabel: string;
  readonly files: GpioFiles;
  readonly clock: Clock;
  /** Period of looking at watched inputs that have no interrupt. */
  readonly pollMs?: number;
  readonly load?: () => Promise<OnoffPackage>;
}

const ROOT = "/sys/class/gpio";

async function loadOnoff(): Promise<OnoffPackage> {
  // Named by a variable so that the compiler does not look for the optional package's types.
  const name: string = "onoff";
  return (await import(name)) as OnoffPackage;
}

function loadFailure(error: unknown): string {
  const message = reasonOf(error);
  if (/NODE_MODULE_VERSION|bindings file/i.test(message)) {
    return `package onoff was not built for this Node: npm rebuild epoll (or set gpio.driver to sysfs); ${message}`;
  }
  return `package onoff is not installed: sudo apt-get install -y build-essential python3 && npm install (or set gpio.driver to sysfs); ${message}`;
}

interface Setup {
  readonly onoff: OnoffPackage;
  readonly files: GpioFiles;
  readonly chip: GpioChip;
  readonly poller: GpioPoller;
}

/** An input left exported by an earlier process drives nothing, so it can be exported afresh; an output is left alone. */
function releaseOldInput({ files, chip }: Setup, line: number): void {
  const directory = lineDirectory(chip, line);
  try {
    if (files.read(`${directory}/direction`).trim() === "in") files.write(`${ROOT}/unexport`, String(chip.base + line));
  } catch {
    // Not exported, or not ours to unexport: claiming the line will tell.
  }
}

function openOutput(setup: Setup, line: number, initiallyHigh: boolean): GpioOutput {
  const direction = initiallyHigh ? "high" : "low";
  const safe = initiallyHigh ? 1 : 0;
  releaseOldInput(setup, line);
  // Claimed before onoff sees it: on a line whose directory never appears onoff blocks the process for half a second.
  claimLine(setup.files, setup.chip, line, direction);
  const opened = new setup.onoff.Gpio(setup.chip.base + line, direction);
  opened.writeSync(safe);
  if (opened.readSync() !== safe) throw new Error(`GPIO ${line} does not take its level: something else drives it`);
  let closed = false;
  return {
    write(high) {
      if (!closed) opened.writeSync(high ? 1 : 0);
    },
    read: () => opened.readSync() === 1,
    close() {
      if (closed) return;
      closed = true;
      // Left exported at the safe level: an unexported line may become a floating input.
      opened.writeSync(safe);
    },
  };
}

function hasInterrupt({ files, chip }: Setup, line: number): boolean {
  try {
    return files.read(`${lineDirectory(chip, line)}/edge`).trim() === "both";
  } catch {
    return false;
  }
}

function openInput(setup: Setup, line: number): GpioInput {
  releaseOldInput(setup, line);
  claimLine(setup.files, setup.chip, line, "in");
  const opened = new setup.onoff.Gpio(setup.chip.base + line, "in", "both");
  const interrupts = hasInterrupt(setup, line);
  const stops: Array<() => void> = [];
  const read = (): boolean => opened.readSync() === 1;
  return {
    read,
    watch(onLevel) {
      if (!interrupts) {
        stops.push(setup.poller.add(read, onLevel));
        return;
      }
      // An error here is a failed read behind an interrupt; the next look at the line shows it.
      opened.watch((error, value) => {
        if (error === null || error === undefined) onLevel(value === 1);
      });
      stops.push(() => opened.unwatchAll());
    },
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

/** Settles with a refusal, never by rejecting. */
export async function openGpioOnoff(options: GpioOnoffOptions): Promise<GpioOpened> {
  const { files, clock } = options;
  let onoff: OnoffPackage;
  try {
    onoff = await (options.load ?? loadOnoff)();
  } catch (error) {
    return { refused: loadFailure(error) };
  }
  const chip = findChip(files, ROOT, options.chipLabel);
  if ("refused" in chip) return chip;
  const setup: Setup = { onoff, files, chip: chip.found, poller: gpioPoller(clock, options.pollMs ?? 20) };
  const gpio: Gpio = {
    openOutput: (line, initiallyHigh) => openOutput(setup, line, initiallyHigh),
    openInput: (line) => openInput(setup, line),
  };
  return { gpio };
}
