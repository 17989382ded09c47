/**
 * Watches what the security of the station hangs on and no service can see: whether broker and station trust each other, jumps
 * of the clock, the log that was there at the last start, the settings, memory. It writes down and raises; it decides nothing,
 * and above all never lets a certificate pass because the clock is wrong.
 */
import type { LinkTrouble } from "../../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { EventType } from "../../services/contract/event-payloads.ts";
import type { FaultCode } from "../../services/faults.ts";
import type { SecurityRecord } from "../../services/security/records.ts";
import type { Note, SecurityMark } from "./platform.ts";

export interface SecurityDeskOptions {
  readonly clock: Clock;
  /** Wall ms below which the clock is wrong. */
  readonly timeFloorMs: () => number;
  readonly memory: () => { readonly rssMb: number };
  readonly note: Note;
  readonly mark: SecurityMark | undefined;
  readonly log: LogMark;
  /** Newest entry on the disk, and its hash. */
  readonly head: () => { readonly n: number; readonly hash: string };
  /** Hash of the settings that others' trust rests on. */
  readonly settings: string;
  readonly version: string;
  /** The run before did not end well. */
  readonly crashed: boolean;
  readonly tell: (record: SecurityRecord) => void;
  readonly condition: (code: FaultCode, present: boolean) => void;
}

/** Which log was found at the start, and how far it reaches. */
export interface LogMark {
  readonly logId: string;
  readonly lastN: number;
}

export interface SecurityDesk {
  attemptFailed(trouble: LinkTrouble, why: string): void;
  connected(): void;
  close(): void;
}

type Told = EventType<"security">;

/** OCPP 2.0.1 calls a clock that was moved by more than this a security event; slewing is slower (adjtime(3)). */
const jumpMs = 5_000;
const lookMs = 10_000;
/** A controller at work takes 100 MB; a computer with 1 GB has no more than this to give. */
const rssMaxMb = 400;
const rssEndMb = 300;
/** The same trouble, attempt after attempt, is written down once in this time. */
const repeatMs = 3_600_000;
const markEveryMs = 3_600_000;

const connectionFaults = ["broker-untrusted", "station-untrusted", "clock-unset"] as const;
type ConnectionFault = (typeof connectionFaults)[number];

const meanings: Readonly<
  Record<Exclude<LinkTrouble, "unreachable">, { readonly type: Told; readonly fault: ConnectionFault }>
> = {
  "station-certificate": { type: "invalid-station-certificate", fault: "station-untrusted" },
  "station-certificate-dates": { type: "invalid-station-certificate", fault: "station-untrusted" },
  "broker-certificate": { type: "invalid-broker-certificate", fault: "broker-untrusted" },
  "broker-certificate-dates": { type: "invalid-broker-certificate", fault: "broker-untrusted" },
  "tls-version": { type: "invalid-tls-version", fault: "broker-untrusted" },
  "tls-cipher-suite": { type: "invalid-tls-cipher-suite", fault: "broker-untrusted" },
  refused: { type: "failed-to-authenticate-at-broker", fault: "station-untrusted" },
};

interface Mark extends LogMark {
  readonly settings: string;
}

function readMark(text: string | undefined): Mark | undefined {
  if (text === undefined) return undefined;
  try {
    const { logId, lastN, settings } = JSON.parse(text) as Record<string, unknown>;
    if (typeof logId !== "string" || typeof lastN !== "number" || typeof settings !== "string") return undefined;
    return { logId, lastN, settings };
  } catch {
    return undefined;
  }
}

class Desk implements SecurityDesk {
  private readonly options: SecurityDeskOptions;
  private readonly suppressed = new Map<Told, { readonly sinceMs: number; times: number }>();
  private timer: Timer;
  private offsetMs: number;
  private memoryTold = false;
  private markDueMs = 0;

  constructor(options: SecurityDeskOptions) {
    this.options = options;
    const { clock } = options;
    this.offsetMs = clock.wallMs() - clock.monotonicMs();
    this.tellStart();
    this.timer = clock.after(lookMs, () => this.look());
  }

  attemptFailed(trouble: LinkTrouble, why: string): void {
    if (trouble === "unreachable") return;
    const byClock = trouble.endsWith("-dates") && this.clockIsDoubted();
    const { type, fault } = meanings[trouble];
    this.raise(byClock ? "clock-unset" : fault);
    if (byClock) {
      this.options.note("warn", "the clock is wrong or not set, so a certificate cannot be judged; working offline", {
        why,
      });
      return;
    }
    this.tellSeldom(type, trouble, why);
  }

  connected(): void {
    this.suppressed.clear();
    this.raise(undefined);
  }

  close(): void {
    this.timer.cancel();
    this.writeMark();
  }

  private clockIsDoubted(): boolean {
    const { clock, timeFloorMs } = this.options;
    return !clock.wallSynchronised() || clock.wallMs() < timeFloorMs();
  }

  private raise(fault: ConnectionFault | undefined): void {
    for (const code of connectionFaults) this.options.condition(code, code === fault);
  }

  /** Attempts follow each other for days; the log is bounded and holds better things. */
  private tellSeldom(type: Told, reason: string, why: string): void {
    const { clock, tell, note } = this.options;
    const nowMs = clock.monotonicMs();
    const last = this.suppressed.get(type);
    if (last !== undefined && nowMs - last.sinceMs < repeatMs) {
      last.times++;
      return;
    }
    this.suppressed.set(type, { sinceMs: nowMs, times: 0 });
    note("warn", "no trust between broker and station", { trouble: reason, why });
    const before = last === undefined || last.times === 0 ? {} : { suppressed: last.times };
    tell({ kind: "security-noticed", type, reason, detail: why, ...before });
  }

  private tellStart(): void {
    const { tell, version, crashed, log, mark, settings } = this.options;
    tell({ kind: "security-noticed", type: "startup-of-the-device", version });
    if (crashed) tell({ kind: "security-noticed", type: "reset-or-reboot", reason: "unexpected" });
    const was = readMark(mark?.read());
    if (was !== undefined) {
      const cleared = was.logId !== log.logId ? "another-log" : was.lastN > log.lastN ? "shorter" : undefined;
      const detail = `was at ${was.lastN}, is at ${log.lastN}`;
      if (cleared !== undefined)
        tell({ kind: "security-noticed", type: "security-log-was-cleared", reason: cleared, detail });
      if (was.settings !== settings)
        tell({ kind: "security-noticed", type: "reconfiguration-of-security-parameters", reason: "configuration" });
    }
    this.markDueMs = this.options.clock.monotonicMs() + lookMs;
  }

  private writeMark(): void {
    const { mark, log, settings, head } = this.options;
    const { n, hash } = head();
    mark?.write(`${JSON.stringify({ logId: log.logId, lastN: n, hash, settings })}\n`);
  }

  private look(): void {
    const { clock } = this.options;
    this.lookAtClock();
    this.lookAtMemory();
    if (clock.monotonicMs() >= this.markDueMs) {
      this.markDueMs = clock.monotonicMs() + markEveryMs;
      this.writeMark();
    }
    this.timer = clock.after(lookMs, () => this.look());
  }

  private lookAtClock(): void {
    const { clock, tell, note } = this.options;
    const offsetMs = clock.wallMs() - clock.monotonicMs();
    const byMs = Math.round(offsetMs - this.offsetMs);
    this.offsetMs = offsetMs;
    if (Math.abs(byMs) <= jumpMs) return;
    const reason = clock.wallSynchronised() ? "synchronised" : "unsynchronised";
    note("warn", "the clock was set", { byS: Math.round(byMs / 1_000), reason });
    tell({ kind: "security-noticed", type: "setting-system-time", reason, detail: `by ${Math.round(byMs / 1_000)} s` });
  }

  private lookAtMemory(): void {
    const { memory, tell, condition } = this.options;
    const { rssMb } = memory();
    if (!this.memoryTold && rssMb > rssMaxMb) {
      this.memoryTold = true;
      tell({ kind: "security-noticed", type: "memory-exhaustion", reason: "rss", detail: `${Math.round(rssMb)} MB` });
      condition("memory-low", true);
    } else if (this.memoryTold && rssMb < rssEndMb) {
      this.memoryTold = false;
      condition("memory-low", false);
    }
  }
}

export function openSecurityDesk(options: SecurityDeskOptions): SecurityDesk {
  return new Desk(options);
}
