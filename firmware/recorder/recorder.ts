/**
 * The flight recorder of a station: a ring of the last minutes, written to disk when a fault of weight is raised, when somebody
 * asks, or at the last moment of a process that fails. It decides nothing about the station, and a disk that fails costs the
 * recording and nothing else.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import { isoFromMs } from "../../services/contract/iso-time.ts";
import type { Effect } from "../../services/effects.ts";
import { faultCatalogue, isFaultCode } from "../../services/faults.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Note } from "../runner/platform.ts";
import type { Recorder, RecorderPlatform } from "../runner/recording.ts";
import { createPseudonyms, type Pseudonyms } from "./pseudonyms.ts";
import { partsOf, type ToWrite } from "./recording.ts";
import { type Compress, Ring, type RingLimits } from "./ring.ts";
import { Tape } from "./tape.ts";

/** Keeps the newest recordings, and no more than it may. */
export interface RecordingStore {
  /** Never calls back before it returns. */
  write(name: string, parts: readonly Uint8Array[], done: (failure: string | undefined) => void): void;
  /** Before it returns, for a process that ends. Throws what the system throws. */
  writeNow(name: string, parts: readonly Uint8Array[]): void;
}

export interface RecorderTools {
  readonly store: RecordingStore;
  readonly compress: Compress;
  readonly compressNow: (text: string) => Uint8Array;
  /** The diary itself, which is not recorded again. */
  readonly note: Note;
  readonly limits: RingLimits;
  readonly names?: Pseudonyms;
}

export interface FlightRecorder extends Recorder {
  /** Somebody wants what is in the ring now. */
  write(cause: string): void;
  /** The process ends by an error: what led to it is written before this returns. */
  crashed(): void;
  bytes(): number;
}

/** What follows a fault is worth as much as what led to it. */
const afterFaultMs = 20_000;
/** A fault that comes and goes is recorded once an hour, and errors once in five minutes; nothing hides a danger. */
const sameCauseMs = 3_600_000;
const anyErrorMs = 300_000;
const causesMax = 200;

export const segmentLimits = { segmentMs: 60_000, segmentBytesMax: 262_144 } as const;

class OneRecorder implements FlightRecorder {
  private readonly config: LoadedConfig;
  private readonly clock: Clock;
  private readonly identity: RecorderPlatform["identity"];
  private readonly tools: RecorderTools;
  private readonly names: Pseudonyms;
  private readonly ring: Ring;
  private readonly tape: Tape;
  private readonly writtenMs = new Map<string, number>();
  private waiting: string | undefined;
  private writing = false;

  constructor(config: LoadedConfig, { clock, identity }: RecorderPlatform, tools: RecorderTools) {
    this.config = config;
    this.clock = clock;
    this.identity = identity;
    this.tools = tools;
    this.names = tools.names ?? createPseudonyms();
    this.ring = new Ring(tools.limits, tools.compress);
    this.tape = new Tape({
      ring: this.ring,
      names: this.names,
      monotonicMs: () => clock.monotonicMs(),
      onEffects: (effects, nowMs) => this.lookAt(effects, nowMs),
    });
  }

  enters: Recorder["enters"] = (was, input) => this.tape.enters(was, input);
  decided: Recorder["decided"] = (effects) => this.tape.decided(effects);
  granted: Recorder["granted"] = (input, grant) => this.tape.granted(input, grant);
  noted: Recorder["noted"] = (level, what, detail) => this.tape.noted(level, what, detail);
  verify: Recorder["verify"] = (verify) => this.tape.verify(verify);
  bytes = (): number => this.ring.bytes();

  private lookAt(effects: readonly Effect[], nowMs: number): void {
    for (const effect of effects) {
      if (effect.do !== "record" || effect.record.kind !== "fault-raised") continue;
      const { code } = effect.record;
      if (!isFaultCode(code)) continue;
      const { severity } = faultCatalogue[code];
      if (!weighty.has(severity) || this.isRecent(code, sameCauseMs, nowMs)) continue;
      if (severity === "error" && this.isRecent(severity, anyErrorMs, nowMs)) continue;
      this.remember([code, severity], nowMs);
      this.clock.after(afterFaultMs, () => this.write(code));
      return;
    }
  }

  private isRecent(what: string, withinMs: number, nowMs: number): boolean {
    return nowMs - (this.writtenMs.get(what) ?? Number.NEGATIVE_INFINITY) < withinMs;
  }

  private remember(what: readonly string[], nowMs: number): void {
    if (this.writtenMs.size >= causesMax) this.writtenMs.clear();
    for (const one of what) this.writtenMs.set(one, nowMs);
  }

  private toWrite(cause: string): ToWrite {
    const { config, identity, names, ring, tape, clock } = this;
    const { version, commit } = identity;
    return {
      about: {
        station: config.station.stationId,
        version,
        commit,
        configHash: config.hash,
        cause,
        writtenAt: clock.wallMs(),
        slots: tape.slotPaths(),
      },
      config: config.station,
      members: config.members,
      segments: ring.segments(),
      names,
    };
  }

  write(cause: string): void {
    if (this.ring.open === undefined) return;
    if (this.writing) {
      this.waiting = cause;
      return;
    }
    this.writing = true;
    const write = this.toWrite(cause);
    const name = fileName(write);
    this.collect(partsOf(write), [], (parts) => {
      this.tools.store.write(name, parts, (failure) => {
        if (failure === undefined) this.tools.note("info", "recording written", { name, cause });
        else this.tools.note("error", "recording cannot be written", { name, why: failure });
        this.writing = false;
        const next = this.waiting;
        this.waiting = undefined;
        if (next !== undefined) this.write(next);
      });
    });
  }

  /** One part a turn: the loop comes in between. */
  private collect(
    parts: Generator<string | Uint8Array>,
    done: Uint8Array[],
    ready: (parts: readonly Uint8Array[]) => void,
  ): void {
    const next = parts.next();
    if (next.done === true) {
      ready(done);
      return;
    }
    const add = (bytes: Uint8Array): void => {
      done.push(bytes);
      this.clock.after(0, () => this.collect(parts, done, ready));
    };
    if (typeof next.value === "string") this.tools.compress(next.value, add);
    else add(next.value);
  }

  crashed(): void {
    this.tape.unfinished();
    if (this.ring.open === undefined) return;
    const write = this.toWrite("crash");
    const parts = [...partsOf(write)].map((part) => (typeof part === "string" ? this.tools.compressNow(part) : part));
    this.tools.store.writeNow(fileName(write), parts);
  }
}

const weighty: ReadonlySet<string> = new Set(["error", "danger"]);

/** In the order of their names the newest comes last. */
function fileName({ about: { writtenAt, cause } }: ToWrite): string {
  return `recording-${isoFromMs(writtenAt).replace(/[-:]/g, "").replace(".", "")}-${cause}.jsonl.gz`;
}

export function createRecorder(config: LoadedConfig, platform: RecorderPlatform, tools: RecorderTools): FlightRecorder {
  return new OneRecorder(config, platform, tools);
}
