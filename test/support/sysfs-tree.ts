/**
 * A GPIO class directory for processes of their own: plain files, no kernel behind them. Lines are exported beforehand, since
 * nothing here makes their directories; a direction of `high` or `low` changes no level by itself.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SysfsTree {
  readonly root: string;
  readonly chipLabel: string;
  level(line: number): boolean;
  valuePath(line: number): string;
  direction(line: number): string;
  /** Makes an exported line with this level, as the last process left it. */
  addLine(line: number, high: boolean): void;
  addChip(): void;
  removeChip(): void;
  remove(): void;
}

const BASE = 512;
const LABEL = "pinctrl-bcm2711";

export function sysfsTree(): SysfsTree {
  const root = mkdtempSync(join(tmpdir(), "yizhan-sysfs-"));
  writeFileSync(join(root, "export"), "");
  writeFileSync(join(root, "unexport"), "");
  const chip = join(root, `gpiochip${BASE}`);
  const file = (line: number, name: string): string => join(root, `gpio${BASE + line}`, name);
  return {
    root,
    chipLabel: LABEL,
    level: (line) => readFileSync(file(line, "value"), "utf8").startsWith("1"),
    valuePath: (line) => file(line, "value"),
    direction: (line) => readFileSync(file(line, "direction"), "utf8").trim(),
    addLine(line, high) {
      mkdirSync(join(root, `gpio${BASE + line}`), { recursive: true });
      writeFileSync(file(line, "direction"), "out\n");
      writeFileSync(file(line, "value"), high ? "1\n" : "0\n");
    },
    removeChip: () => rmSync(chip, { recursive: true }),
    addChip() {
      mkdirSync(chip);
      writeFileSync(join(chip, "label"), `${LABEL}\n`);
      writeFileSync(join(chip, "base"), `${BASE}\n`);
      writeFileSync(join(chip, "ngpio"), "58\n");
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
