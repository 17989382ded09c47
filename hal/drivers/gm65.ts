/**
 * A GM65-class code reader in plain-text mode: it says what it sees when it likes. The driver takes acknowledgements out,
 * ends a code at its line end or at a pause, and passes a code on once while it is held before the window. It refuses
 * control characters, codes longer than 512 characters, and more than five codes a second.
 */
import { Alarm, SLACK_MS } from "../buses/alarm.ts";
import type { Bus } from "../buses/bus.ts";
import { encodeGm65Read, GM65_BAUD, GM65_MAX_CODE, type Gm65Message, parseGm65 } from "../codecs/gm65.ts";
import type { Parsed } from "../codecs/parsed.ts";
import type { Clock } from "../ports/clock.ts";
import type { CodeReader } from "../ports/code-reader.ts";

export interface CodeReaderOptions {
  /** The same code seen again within this time of its last sight is the same showing. Default 1,500 ms. */
  readonly repeatMs?: number;
  /** How often the reader is asked for a sign of life; 0 = never. Default 30,000 ms. */
  readonly probeMs?: number;
}

const CAPACITY = 1_024;
/** A code without a line end is over after this pause. */
const PAUSE_MS = 50;
const CODES_PER_SECOND_MAX = 5;
/** An unanswered probe is repeated this soon, until the reader counts as silent. */
const PROBE_DEADLINE_MS = 1_000;
const FIRST_PROBE_MS = 1_000;
const MISSED_PROBES_TO_SILENT = 3;
const CR = 0x0d;

class Gm65Reader implements CodeReader {
  private readonly clock: Clock;
  private readonly alarm: Alarm;
  private readonly say: (bytes: Uint8Array) => void;
  private readonly watchers: ((text: string) => void)[] = [];
  private readonly repeatMs: number;
  private readonly probeMs: number;
  private readonly probe = encodeGm65Read(GM65_BAUD, 2);
  private readonly buffer = new Uint8Array(CAPACITY);
  private length = 0;
  private open = false;
  private state: "unknown" | "good" | "silent" = "unknown";
  private endsMs = Number.POSITIVE_INFINITY;
  private probesMs = Number.POSITIVE_INFINITY;
  private missedProbes = 0;
  private seenText = "";
  private seenMs = Number.NEGATIVE_INFINITY;
  private readonly passedMs: number[] = [];

  constructor(options: CodeReaderOptions, ports: { readonly bus: Bus; readonly clock: Clock }) {
    this.clock = ports.clock;
    this.repeatMs = options.repeatMs ?? 1_500;
    this.probeMs = options.probeMs ?? 30_000;
    this.alarm = new Alarm(ports.clock, () => this.rang());
    this.say = ports.bus.listen((chunk, atMs) => this.heard(chunk, atMs));
    ports.bus.watch((health) => {
      if (health.is === "open") this.opened();
      else if (health.is === "lost" || health.is === "babbling") this.lost();
    });
  }

  watch(onCode: (text: string) => void): void {
    this.watchers.push(onCode);
  }

  health(): "unknown" | "good" | "silent" {
    return this.state;
  }

  private opened(): void {
    this.open = true;
    if (this.probeMs > 0) this.probeAt(this.clock.monotonicMs() + FIRST_PROBE_MS);
  }

  private lost(): void {
    this.open = false;
    this.length = 0;
    this.state = "silent";
    // A probe that is due can only be sent on an open line; left standing, its alarm would ring without a pause.
    this.probesMs = Number.POSITIVE_INFINITY;
  }

  private heard(chunk: Uint8Array, atMs: number): number {
    const taken = Math.min(chunk.length, CAPACITY - this.length);
    this.buffer.set(taken === chunk.length ? chunk : chunk.subarray(0, taken), this.length);
    this.length += taken;
    const noise = chunk.length - taken + this.digest(atMs);
    this.endsMs = this.length > 0 ? atMs + PAUSE_MS : Number.POSITIVE_INFINITY;
    this.alarm.by(this.endsMs);
    return noise;
  }

  /** Works off what is complete. Returns how many bytes were neither code nor answer. */
  private digest(atMs: number): number {
    let from = 0;
    let noise = 0;
    while (from < this.length) {
      const rest = from === 0 ? this.buffer : this.buffer.subarray(from);
      const parsed: Parsed<Gm65Message> = parseGm65(rest, this.length - from);
      if (parsed.is === "short") break;
      from += Math.max(1, parsed.used);
      if (parsed.is === "junk") noise += parsed.used;
      else {
        this.alive();
        // Codes beyond the allowed rate count as noise, so that a reader gone wild is isolated in the end.
        if (parsed.value.kind === "code" && !this.pass(parsed.value.text, atMs)) noise += parsed.used;
      }
    }
    if (from > 0 && from < this.length) this.buffer.copyWithin(0, from, this.length);
    this.length = Math.max(0, this.length - from);
    return noise;
  }

  private alive(): void {
    this.state = "good";
    this.missedProbes = 0;
  }

  /** Returns false for a code that comes too soon after too many others. */
  private pass(text: string, atMs: number): boolean {
    const repeated = text === this.seenText && atMs - this.seenMs < this.repeatMs;
    this.seenText = text;
    this.seenMs = atMs;
    if (repeated || text === "" || [...text].length > GM65_MAX_CODE) return true;
    const { passedMs } = this;
    while (passedMs.length > 0 && atMs - (passedMs[0] ?? 0) >= 1_000) passedMs.shift();
    if (passedMs.length >= CODES_PER_SECOND_MAX) return false;
    passedMs.push(atMs);
    for (const watcher of this.watchers) watcher(text);
    return true;
  }

  private rang(): void {
    const nowMs = this.clock.monotonicMs();
    if (this.length > 0 && nowMs >= this.endsMs - SLACK_MS) this.endByPause(nowMs);
    if (this.open && nowMs >= this.probesMs - SLACK_MS) this.sendProbe(nowMs);
    this.alarm.by(Math.min(this.length > 0 ? this.endsMs : Number.POSITIVE_INFINITY, this.probesMs));
  }

  /** A reader set to send no line end: the pause is one. What still makes no code then is dropped. */
  private endByPause(nowMs: number): void {
    if (this.length < CAPACITY) this.buffer[this.length++] = CR;
    this.digest(nowMs);
    this.length = 0;
    this.endsMs = Number.POSITIVE_INFINITY;
  }

  private sendProbe(nowMs: number): void {
    // Counted as missed until something is heard; `alive` takes it back.
    const unanswered = this.missedProbes++;
    if (unanswered >= MISSED_PROBES_TO_SILENT) this.state = "silent";
    this.say(this.probe);
    const soon = unanswered > 0 && unanswered < MISSED_PROBES_TO_SILENT;
    this.probeAt(nowMs + (soon ? PROBE_DEADLINE_MS : this.probeMs));
  }

  private probeAt(ms: number): void {
    this.probesMs = ms;
    this.alarm.by(ms);
  }
}

export function gm65Reader(
  options: CodeReaderOptions,
  ports: { readonly bus: Bus; readonly clock: Clock },
): CodeReader {
  return new Gm65Reader(options, ports);
}
