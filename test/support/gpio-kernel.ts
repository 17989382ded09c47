/**
 * The kernel's side of sysfs GPIO over a real directory: an export makes the line's files, a direction of `high` or `low`
 * sets the level in the same instant, an unexport takes the files away. Everything written is remembered in order.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeGpioFiles } from "../../firmware/platform/node-gpio-files.ts";
import type { GpioFiles } from "../../hal/drivers/gpio-files.ts";

export interface GpioKernel {
  readonly root: string;
  readonly files: GpioFiles;
  /** `file=text` relative to the root, for every write of a whole file. */
  readonly writes: string[];
  addChip(label: string, base: number, lines: number): void;
  /** Makes an exported line as another process may have left it. */
  leaveExported(number: number, direction: "in" | "out", value: "0" | "1"): void;
  level(number: number): boolean;
  drive(number: number, high: boolean): void;
  unexport(number: number): void;
  exported(number: number): boolean;
}

export function gpioKernel(root: string): GpioKernel {
  const real = nodeGpioFiles();
  const writes: string[] = [];
  const lineFile = (number: number, file: string): string => join(root, `gpio${number}`, file);

  function leaveExported(number: number, direction: "in" | "out", value: "0" | "1"): void {
    mkdirSync(join(root, `gpio${number}`), { recursive: true });
    writeFileSync(lineFile(number, "direction"), `${direction}\n`);
    writeFileSync(lineFile(number, "value"), `${value}\n`);
    writeFileSync(lineFile(number, "edge"), "none\n");
  }

  function unexport(number: number): void {
    rmSync(join(root, `gpio${number}`), { recursive: true, force: true });
  }

  function obey(path: string, text: string): void {
    if (path === join(root, "export")) leaveExported(Number(text), "in", "0");
    if (path === join(root, "unexport")) unexport(Number(text));
    if (!path.endsWith("/direction") || text === "in") return;
    writeFileSync(path, "out\n");
    writeFileSync(path.replace(/direction$/, "value"), text === "high" ? "1\n" : "0\n");
  }

  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "export"), "");
  writeFileSync(join(root, "unexport"), "");
  return {
    root,
    writes,
    leaveExported,
    unexport,
    exported: (number) => real.exists(join(root, `gpio${number}`)),
    level: (number) => readFileSync(lineFile(number, "value"), "utf8").startsWith("1"),
    drive: (number, high) => writeFileSync(lineFile(number, "value"), high ? "1\n" : "0\n"),
    addChip(label, base, lines) {
      const chip = join(root, `gpiochip${base}`);
      mkdirSync(chip, { recursive: true });
      writeFileSync(join(chip, "label"), `${label}\n`);
      writeFileSync(join(chip, "base"), `${base}\n`);
      writeFileSync(join(chip, "ngpio"), `${lines}\n`);
    },
    files: {
      ...real,
      write(path, text) {
        real.write(path, text);
        writes.push(`${path.slice(root.length + 1)}=${text}`);
        obey(path, text);
      },
    },
  };
}
