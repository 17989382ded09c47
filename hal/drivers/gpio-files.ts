/**
 * What both GPIO drivers share: the file operations they need, finding a header line's number in sysfs, and exporting it.
 * The numbers of sysfs are not the header's: since Linux 6.6 each chip starts at a base of its own (raspberrypi/linux
 * #6084), so the chip is found by its label and its base is added. It refuses to guess when none or two chips match.
 */
import type { Gpio } from "../ports/gpio.ts";

/** The level of one exported line, held open. */
export interface GpioValueFile {
  read(): boolean;
  write(high: boolean): void;
  close(): void;
}

/** Every operation is synchronous and throws the file system's own error. */
export interface GpioFiles {
  names(directory: string): readonly string[];
  exists(path: string): boolean;
  read(path: string): string;
  /** Writes an existing file; a missing one is an error. */
  write(path: string, text: string): void;
  openValue(path: string): GpioValueFile;
  /** Blocks, while lines are opened at start-up; undefined where nothing may wait. */
  readonly pause: ((ms: number) => void) | undefined;
}

export interface GpioChip {
  /** Directory of the GPIO class, without a slash at the end. */
  readonly root: string;
  readonly base: number;
  readonly lines: number;
}

export type GpioOpened = { readonly gpio: Gpio } | { readonly refused: string };
export type Found<T> = { readonly found: T } | { readonly refused: string };

/** udev hands exported files to the gpio group a moment after the export; until then they give EACCES. */
const PERMISSION_TRIES = 50;
const PERMISSION_PAUSE_MS = 10;

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** The one chip under `root` with this label. */
export function findChip(files: GpioFiles, root: string, chipLabel: string): Found<GpioChip> {
  let chips: string[];
  try {
    chips = files.names(root).filter((name) => /^gpiochip\d+$/.test(name));
  } catch (error) {
    return { refused: `no GPIO here: ${root} cannot be listed (${reasonOf(error)})` };
  }
  const matching: GpioChip[] = [];
  const labels: string[] = [];
  for (const name of chips) {
    try {
      const label = files.read(`${root}/${name}/label`).trim();
      labels.push(label);
      if (label !== chipLabel) continue;
      const base = Number(files.read(`${root}/${name}/base`).trim());
      const lines = Number(files.read(`${root}/${name}/ngpio`).trim());
      if (!Number.isInteger(base) || !Number.isInteger(lines)) return { refused: `${root}/${name} has no sound base` };
      matching.push({ root, base, lines });
    } catch (error) {
      return { refused: `${root}/${name} cannot be read (${reasonOf(error)})` };
    }
  }
  const [chip, second] = matching;
  if (chip !== undefined && second === undefined) return { found: chip };
  const seen = labels.length > 0 ? labels.sort().join(", ") : "no chip at all";
  const count = chip === undefined ? "no" : "more than one";
  return { refused: `${count} GPIO chip under ${root} is labelled ${chipLabel}; seen: ${seen}` };
}

/** Directory of an exported line. */
export function lineDirectory(chip: GpioChip, line: number): string {
  return `${chip.root}/gpio${chip.base + line}`;
}

/** Repeats what udev may still forbid, for at most half a second. */
function whenPermitted<T>(files: GpioFiles, act: () => T): T {
  for (let tried = 1; ; tried++) {
    try {
      return act();
    } catch (error) {
      if (codeOf(error) !== "EACCES" || tried >= PERMISSION_TRIES || files.pause === undefined) throw error;
      files.pause(PERMISSION_PAUSE_MS);
    }
  }
}

/**
 * Exports a line if it is not, and gives it a direction. `high` and `low` make an output that never shows another level in
 * between; plain `out` would drive low first. A line left exported by an earlier process is taken over as it is, because
 * unexporting may let go of a load before its safe level is written. Throws with a reason to read.
 */
export function claimLine(files: GpioFiles, chip: GpioChip, line: number, direction: "in" | "high" | "low"): string {
  if (!Number.isInteger(line) || line < 0 || line >= chip.lines) {
    throw new Error(`GPIO ${line} is not on the chip, which has lines 0 to ${chip.lines - 1}`);
  }
  const directory = lineDirectory(chip, line);
  try {
    if (!files.exists(directory)) files.write(`${chip.root}/export`, String(chip.base + line));
    whenPermitted(files, () => files.write(`${directory}/direction`, direction));
  } catch (error) {
    const code = codeOf(error);
    const hint =
      code === "EBUSY"
        ? " (another program or kernel driver holds the line)"
        : code === "EACCES"
          ? ' (sudo usermod -aG gpio "$USER", then log in again)'
          : "";
    throw new Error(`GPIO ${line} cannot be set up: ${reasonOf(error)}${hint}`, { cause: error });
  }
  return directory;
}

/** Opens the level file of a claimed line. */
export function openLevel(files: GpioFiles, directory: string): GpioValueFile {
  return whenPermitted(files, () => files.openValue(`${directory}/value`));
}
