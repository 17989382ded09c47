/**
 * What a serial line offers to its drivers: one question at a time, each settled exactly once. The bus owns bytes, time
 * and the line; it never knows what a frame means, never repeats a question by itself, and never lets bytes that were
 * meant for one question answer another. `createBus` in `serial-bus.ts` makes one.
 */
import type { Parsed } from "../codecs/parsed.ts";
import type { Clock } from "../ports/clock.ts";
import type { LineSpec, OpenWire } from "../ports/wire.ts";

/**
 * How a question ended. `done` is never called before `transact` has returned.
 * `silent`: nothing that could be an answer came within the deadline. `bad`: something came, but not the answer.
 * `closed`: the line is not there. `dropped`: never sent.
 */
export type Outcome<T> =
  | { readonly is: "answered"; readonly value: T; readonly atMs: number }
  | { readonly is: "silent" }
  | { readonly is: "bad"; readonly why: string }
  | { readonly is: "closed"; readonly why: string }
  | { readonly is: "dropped"; readonly why: "queue full" | "waited too long" | "withdrawn" };

/**
 * `urgent`: a lock pulse, or something that goes off; before everything else. `act`: outputs that stay or go on, before polls.
 * `poll`: reading, in order of arrival.
 */
export type Lane = "urgent" | "act" | "poll";

export interface Question<T> {
  /** The bytes to send, or a function asked for them just before sending; it may withdraw by answering undefined. */
  readonly request: Uint8Array | (() => Uint8Array | undefined);
  /** From the last bit of the request to the last byte of the answer, as wire time allows. */
  readonly deadlineMs: number;
  /**
   * Looks at what came and says whether it is *the* answer. A well-formed frame of another device or another function is
   * `junk` to it. The bytes may be reused after it returned.
   */
  readonly expects: (bytes: Uint8Array, length: number) => Parsed<T>;
  readonly done: (outcome: Outcome<T>) => void;
  /**
   * Questions of one kin could be answered by the same bytes (same device, same function). After an unanswered one, the
   * next of its kin waits until a late answer can no longer come; others go ahead meanwhile. A poll is its own kin.
   */
  readonly kin?: string;
  /** How long after its deadline an answer could still straggle in. Default 500 ms. */
  readonly stragglerMs?: number;
}

export interface Transaction<T> extends Question<T> {
  readonly lane: Lane;
  /** A question older than this is dropped unsent: an unlock must not come as a surprise. Default 1,000 ms. */
  readonly waitMsMax?: number;
}

export interface Poll<T> extends Question<T> {
  readonly name: string;
  /** From the start of one question to the start of the next. */
  readonly periodMs: number;
  /** Slowest period that back-off may reach while the device is silent. Default 30,000 ms. */
  readonly slowestMs?: number;
}

export interface PollHandle {
  /**
   * A new period. A shorter one takes effect at once, back-off permitting; `from-now` leaves the line alone for one new
   * period first, unless a question is due earlier anyway.
   */
  period(periodMs: number, first?: "at-once" | "from-now"): void;
  /** Due at once, back-off or not. */
  now(): void;
  stop(): void;
}

/**
 * `open`: the line works after it did not (also the first time); devices may have lost power meanwhile. Reopening for
 * hygiene after a bad frame is not reported. `lost`: the line is gone, retried with growing pauses. `babbling`: isolated,
 * because somebody talks without end. `strange`: frames that answer nobody keep coming. `echo`: the adapter hears itself
 * though the configuration says it does not; the bus now expects it.
 */
export type BusHealth =
  | { readonly is: "open" }
  | { readonly is: "lost" | "babbling" | "strange"; readonly why: string }
  | { readonly is: "echo" };

/**
 * Takes every byte of a line on which the device speaks when it likes. Returns how many bytes turned out to be noise; a
 * line that brings little else is isolated as babbling. The chunk must not be kept.
 */
export type Ear = (chunk: Uint8Array, atMs: number) => number;

export interface BusStats {
  readonly requests: number;
  readonly answered: number;
  readonly silent: number;
  /** Questions that ended with bytes that were no answer. */
  readonly bad: number;
  readonly dropped: number;
  /** Own requests heard back and swallowed. */
  readonly echoes: number;
  /** Times bytes came while a straggler was waited for. */
  readonly late: number;
  /** Bytes that belonged to no answer, whenever they came. */
  readonly unsolicitedBytes: number;
  /** Times the line was closed and opened again after bad bytes or long silence. */
  readonly reopened: number;
  /** Times the line was lost or could not be opened. */
  readonly lost: number;
  readonly babbled: number;
  /** Time with a question outstanding. */
  readonly busyMs: number;
  /** Longest time an urgent question waited before it was sent. */
  readonly urgentWaitMsMax: number;
}

export interface Bus {
  readonly id: string;
  /** Wire time of one byte. */
  readonly byteMs: number;
  transact<T>(transaction: Transaction<T>): void;
  poll<T>(poll: Poll<T>): PollHandle;
  /**
   * Makes this a line that is listened to, with nothing asked on it. Returns how to speak; what is said while the line is
   * not open is lost.
   */
  listen(ear: Ear): (bytes: Uint8Array) => void;
  /** Reports changes of health from now on; when the line is already open, `open` is reported before anything is sent. */
  watch(onHealth: (health: BusHealth) => void): void;
  /** A snapshot. */
  stats(): BusStats;
  /** Closes the line for good. Whatever waits is settled as `closed`. */
  close(): void;
}

export interface BusOptions {
  readonly id: string;
  readonly line: LineSpec;
  readonly openWire: OpenWire;
  readonly clock: Clock;
  /** The adapter hears its own bytes: the first copy of a request is echo, never an answer. */
  readonly echo: boolean;
}
