/** What the tests of the one log share: a log on a simulated disk under a virtual clock, driven by conditions, not time. */
import { Buffer } from "node:buffer";
import type { LogDraft, LogEntry, LogFault } from "../../../firmware/log/entry.ts";
import { openLog } from "../../../firmware/log/log.ts";
import type { LogOptions } from "../../../firmware/log/one-log.ts";
import type { DiskFailure } from "../../../hal/ports/disk.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { type SimulatedDisk, type SimulatedDiskOptions, simulatedDisk } from "../../../simulator/disk.ts";
import { createRandom } from "../../../simulator/random.ts";

export const LOG_ID = "00112233445566778899aabbccddeeff";
export const WALL_MS = Date.UTC(2026, 0, 15, 4, 0, 0);

export function makeRig(seed = "log", diskOptions: Partial<SimulatedDiskOptions> = {}) {
  const clock = createVirtualClock({ wallStartMs: WALL_MS });
  const random = createRandom(seed);
  const disk = simulatedDisk({ clock, random: random.split("disk"), ...diskOptions });
  const faults: LogFault[] = [];
  let boots = 0;
  const open = (options: Partial<LogOptions> = {}) =>
    openLog({
      disk,
      clock,
      logId: LOG_ID,
      boot: `boot-${++boots}`,
      maxBytes: 16 * 65_536,
      segmentBytes: 65_536,
      queueMax: 1_000,
      checkpoint: () => ({ kind: "checkpoint" }),
      onFault: (fault) => faults.push(fault),
      ...options,
    });
  const until = (condition: () => boolean): void => {
    for (let steps = 0; !condition(); steps++) {
      if (steps > 1_000_000 || !clock.step()) throw new Error("waited for something that never happened");
    }
  };
  /** Appends and waits: undefined when acknowledged. */
  const append = (log: { append: ReturnType<typeof openLog>["log"]["append"] }, ...drafts: LogDraft[]) => {
    let result: { failure: DiskFailure | undefined } | undefined;
    log.append(drafts, (failure) => {
      result = { failure };
    });
    until(() => result !== undefined);
    return result?.failure;
  };
  const pass = (ms: number): boolean => clock.runUntil(clock.nowMs + ms);
  return { clock, random, disk, pass, faults, open, until, append };
}

export function event(seq: number, stream = "swap"): LogDraft {
  return { record: { kind: "test", seq }, publish: { kind: "swap-completed", stream, seq, data: { bay: 4 } } };
}

export function note(seq: number, text = ""): LogDraft {
  return { record: { kind: "note", seq, text } };
}

/** A finished log of one segment with `count` acknowledged records of many shapes. */
export function sampleLog(count: number): {
  file: string;
  bytes: Buffer;
  entries: LogEntry[];
  /** Where each line ends. */
  ends: number[];
  /** Of those, where header and checkpoint, and then each append, end. */
  wholeEnds: number[];
} {
  const rig = makeRig("sample");
  const { log } = rig.open({ boot: "b1", segmentBytes: 1 << 20, maxBytes: 8 << 20 });
  log.start();
  /** Header and checkpoint are written together. */
  const appendedLines = [2];
  for (let at = 1; at <= count; ) {
    // Some appends hold several records, so that some lines name an older one as synced.
    const together = Math.min(1 + (at % 3), count - at + 1);
    const drafts = Array.from({ length: together }, (_, index) => sampleDraft(at + index));
    const failure = rig.append(log, ...drafts);
    if (failure !== undefined) throw new Error(failure.message);
    at += together;
    appendedLines.push(together);
  }
  const file = "log-00000001.yzl";
  const bytes = Buffer.from(rig.disk.read(file));
  const { recovered } = rig.open();
  const ends: number[] = [];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) ends.push(at + 1);
  let lines = 0;
  const wholeEnds = appendedLines.map((together) => {
    lines += together;
    return ends[lines - 1] ?? 0;
  });
  return { file, bytes, entries: [...recovered.entries], ends, wholeEnds };
}

function sampleDraft(n: number): LogDraft {
  if (n % 4 === 0) return event(n);
  return { record: { kind: "note", text: ["驿站", "a\nb", '"', ""][n % 4] } };
}

export function diskHolding(rig: ReturnType<typeof makeRig>, file: string, bytes: Uint8Array): SimulatedDisk {
  const disk = simulatedDisk({ clock: rig.clock, random: rig.random });
  disk.put(file, bytes);
  return disk;
}
