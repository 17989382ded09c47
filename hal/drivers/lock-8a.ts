/**
 * A lock board of the 8A/80 family. The board times the pulse (300 ms); the driver asks for it once and never again by
 * itself, because an acknowledgement can be lost after the door has opened. An acknowledgement says that the coil was
 * driven, no more. It refuses channel 0 (all doors) and knows no command that holds a coil.
 */
import type { Bus, Outcome, PollHandle } from "../buses/bus.ts";
import {
  encodeLockPulse,
  encodeLockReadAll,
  type LockAck,
  type LockStatus,
  parseLockAck,
  parseLockStatus,
} from "../codecs/lock-8a.ts";
import { junk, type Parsed } from "../codecs/parsed.ts";
import { remembered } from "../codecs/remembered.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lock, PulseOutcome } from "../ports/lock.ts";
import type { Reading } from "../ports/reading.ts";
import { Sampled } from "./sampled.ts";

export interface LockBoardOptions {
  /** DIP address, 1–32. */
  readonly address: number;
  /** Ways of the board. Feedback exists for ways 1–24, because the answer carries three bytes. */
  readonly channels: number;
  /** Wiring of the locks' contacts. `closing`: 11 (a set bit) means latched; `opening`: 00 does. */
  readonly feedback: "closing" | "opening";
  /** Which of the three status bytes holds ways 1–8; sources contradict each other. */
  readonly statusOrder: "last-first" | "first-first";
  /** Feedback period with nobody at a door. Default 1,000 ms. */
  readonly idleMs?: number;
  /** Feedback period while somebody stands at a door. Default 200 ms. */
  readonly attendedMs?: number;
  /** How long the board may take to answer. Default 100 ms. */
  readonly deadlineMs?: number;
  /** How long the board may take to acknowledge a pulse; some do so after driving it. Default 400 ms. */
  readonly pulseDeadlineMs?: number;
}

export interface LockBoard {
  /** The lock of one way, counted from 1. The same object each time; undefined for a way the board does not have. */
  lock(channel: number): Lock | undefined;
}

const STATUS_WAYS = 24;
const MISSES_TO_STALE = 3;
/** A dead board is tried this often, so that a door can be served soon after it is back. */
const SLOWEST_MS = 5_000;

class EightABoard implements LockBoard {
  private readonly options: LockBoardOptions;
  private readonly bus: Bus;
  private readonly clock: Clock;
  private readonly contacts: Sampled<boolean>[] = [];
  private readonly locks: Lock[] = [];
  private readonly attended = new Set<number>();
  private readonly status: PollHandle;
  private misses = 0;

  constructor(options: LockBoardOptions, ports: { readonly bus: Bus; readonly clock: Clock }) {
    this.options = options;
    this.bus = ports.bus;
    this.clock = ports.clock;
    for (let channel = 1; channel <= options.channels; channel++) this.makeLock(channel);
    this.status = this.bus.poll<LockStatus>({
      name: `lock board ${options.address}`,
      periodMs: options.idleMs ?? 1_000,
      slowestMs: SLOWEST_MS,
      deadlineMs: options.deadlineMs ?? 100,
      request: encodeLockReadAll(options.address),
      expects: remembered((bytes, length) => ofBoard(parseLockStatus(bytes, length), options.address)),
      done: (outcome) => this.heard(outcome),
    });
  }

  lock(channel: number): Lock | undefined {
    return this.locks[channel - 1];
  }

  private makeLock(channel: number): void {
    const contact = new Sampled(false);
    const request = encodeLockPulse(this.options.address, channel);
    let driving = false;
    this.contacts.push(contact);
    this.locks.push({
      pulse: (done) => {
        if (request === undefined || driving) {
          const why = request === undefined ? "no such channel" : "already pulsing";
          this.clock.after(0, () => done({ is: "failed", why }));
          return;
        }
        driving = true;
        this.pulse(channel, request, (outcome) => {
          driving = false;
          done(outcome);
        });
      },
      feedback: () => contact.reading,
      watch: (onChange) => contact.watch(onChange),
      attend: (attended) => this.attend(channel, attended),
    });
  }

  private pulse(channel: number, request: Uint8Array, done: (outcome: PulseOutcome) => void): void {
    const { address } = this.options;
    this.bus.transact<LockAck>({
      lane: "urgent",
      request,
      deadlineMs: this.options.pulseDeadlineMs ?? 400,
      // A straggling acknowledgement of one pulse must not pass for that of the next on the same way.
      kin: `pulse ${address} ${channel}`,
      expects: (bytes, length) => {
        const parsed = ofBoard(parseLockAck(bytes, length), address);
        if (parsed.is !== "frame" || parsed.value.channel === channel) return parsed;
        return junk(parsed.used, `acknowledges channel ${parsed.value.channel}`);
      },
      done: (outcome) => {
        this.status.now();
        if (outcome.is === "answered") done({ is: "driven", atMs: outcome.atMs });
        else done({ is: "failed", why: "why" in outcome ? outcome.why : "no answer" });
      },
    });
  }

  private attend(channel: number, attended: boolean): void {
    if (attended) this.attended.add(channel);
    else this.attended.delete(channel);
    const { attendedMs = 200, idleMs = 1_000 } = this.options;
    // Whoever comes to a door wants it opened: the pulse that follows must not find the line taken by a look. The look comes
    // by itself when the pulse is over.
    this.status.period(this.attended.size > 0 ? attendedMs : idleMs, "from-now");
  }

  private heard(outcome: Outcome<LockStatus>): void {
    if (outcome.is === "answered") {
      this.misses = 0;
      const { bytes } = outcome.value;
      const latched: Reading<boolean> = { value: true, atMs: outcome.atMs, quality: "good" };
      const released: Reading<boolean> = { value: false, atMs: outcome.atMs, quality: "good" };
      for (let way = 0; way < this.contacts.length && way < STATUS_WAYS; way++) {
        this.contacts[way]?.share(this.isLatched(bytes, way) ? latched : released);
      }
    } else if (outcome.is === "closed" || ++this.misses >= MISSES_TO_STALE) {
      for (const contact of this.contacts) contact.stale();
    }
  }

  private isLatched(bytes: readonly [number, number, number], way: number): boolean {
    const { feedback, statusOrder } = this.options;
    const eight = way >> 3;
    const byte = bytes[statusOrder === "last-first" ? 2 - eight : eight] ?? 0;
    const set = (byte & (1 << (way & 7))) !== 0;
    return set === (feedback === "closing");
  }
}

function ofBoard<T extends { readonly board: number }>(parsed: Parsed<T>, address: number): Parsed<T> {
  if (parsed.is !== "frame" || parsed.value.board === address) return parsed;
  return junk(parsed.used, `from board ${parsed.value.board}`);
}

export function lockBoard8a(options: LockBoardOptions, ports: { readonly bus: Bus; readonly clock: Clock }): LockBoard {
  return new EightABoard(options, ports);
}
