// Where the figures come from. A figure without its machine and its load is worth nothing.
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

function raspberryModel() {
  try {
    return readFileSync("/proc/device-tree/model", "utf8").replaceAll("\0", "");
  } catch {
    return undefined;
  }
}

export function describeMachine() {
  const processors = cpus();
  return {
    machine: raspberryModel() ?? processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e8) / 10,
    kernel: release(),
    arch: process.arch,
    node: process.version,
  };
}

/** Load averages of 1, 5 and 15 minutes. */
export const load = () => loadavg().map((value) => Math.round(value * 10) / 10);
