/** Lines as devices and fault injection see them, and what may be broken in a bay. Types only; every fault may change at any time. */
import type { PackFaults } from "./models/pack-faults.ts";

/** What may go wrong on one line. All probabilities are per frame. Change it at any time. */
export interface LineFaults {
  dropRequest: number;
  dropReply: number;
  /** Flips one bit in one byte of the answer. */
  corruptReply: number;
  /** Flips one bit in one byte of the request. */
  corruptRequest: number;
  /** The answer comes this much later, at this probability. */
  delayReply: number;
  delayMs: number;
  /** Unrelated bytes after an answer, or instead of one that was dropped. */
  babble: number;
  /** Unrelated bytes right before an answer, in one piece with it. */
  garbageBefore: number;
  /** The end of the answer is missing. */
  truncateReply: number;
  /** The answer and the one before it come as one piece, the older one last. */
  mergeReplies: number;
  /** The answer comes in pieces. */
  fragment: number;
  /** The adapter hears itself. */
  echo: boolean;
  /** Nothing answers at all. */
  silent: boolean;
}

/** Who sits between the wire and the devices of one line and meddles. Whatever it does not hand on is lost. */
export interface LineTap {
  /** `bytes[0..length)` are valid now only. `hand` lets the devices hear, at once; it may be called twice or never. */
  hears?(bytes: Uint8Array, length: number, hand: (bytes: Uint8Array, length: number) => void): void;
  /** `send` puts an answer on the wire; it may be called later, twice or never. */
  answers?(bytes: Uint8Array, delayMs: number, send: (bytes: Uint8Array, delayMs: number) => void): void;
}

/** What a judge hears of a line. */
export interface LineEar {
  /** A request reached the devices. `bytes[0..length)` is not kept. */
  readonly asked: (bytes: Uint8Array, length: number) => void;
  /** An answer reached the controller as its device sent it: nothing of it was flipped, spoiled or lost. */
  readonly answered: (bytes: Uint8Array) => void;
}

export interface ModelledLine {
  readonly path: string;
  /** For judges alone. */
  ear: LineEar | undefined;
  readonly faults: LineFaults;
  readonly requests: number;
  /** Puts bytes on the line as if a device had sent them. Returns in how many milliseconds the last of them is over. */
  inject(bytes: Uint8Array): number;
  /** Pulls the adapter: the open wire closes, opening fails until `replug`. */
  unplug(): void;
  replug(): void;
  /** Hands out what takes it away again. */
  tap(tap: LineTap): () => void;
}

/** What may be broken in one bay. Change it at any time. */
export interface BayFaults extends PackFaults {
  /** Probability that a pulse does not release the latch; overrules `WorldOptions.lockFailure` when set. */
  lockFailure: number | undefined;
  /** The latch releases but the door does not move (ice). */
  doorStuck: boolean;
  doorSwitchStuckAt: boolean | undefined;
  lockContactStuckAt: boolean | undefined;
  presenceStuckAt: boolean | undefined;
  /** The BMS in this bay does not answer. */
  bmsSilent: boolean;
  contactorWelded: boolean;
  /** The charger goes on delivering what it last delivered. */
  chargerStuck: boolean;
  chargerSilent: boolean;
  /** The supply of the coil is gone: the lock board answers, and nothing moves. */
  lockUnpowered: boolean;
  /** The charger's own supply is gone: it is mute and delivers nothing. */
  chargerUnpowered: boolean;
  heaterStuckOn: boolean;
  heaterBroken: boolean;
  /** The driver of the lock's coil conducts by itself, for as long as the lock board has its supply. */
  coilShorted: boolean;
}

/** What may be wrong with a thermometer that is read as a file. Change it at any time. */
export interface ProbeFaults {
  /** It says this much more than it feels. */
  offsetC: number;
  /** It says for ever what it said last. */
  frozen: boolean;
  /** No file is there. */
  gone: boolean;
  /** This stands in its file, instead of what it felt. */
  text: string | undefined;
}

/** The bytes of one line as the devices on it see them, for a modelled line and for a real tty alike. */
export interface WireDevice {
  /** Bytes from the controller, cut anywhere. `bytes[0..length)` is not kept. */
  receive(bytes: Uint8Array, length: number): void;
  /** Where answers and unsolicited bytes go. `delayMs` is the time before the first byte, without wire time. */
  connect(reply: (bytes: Uint8Array, delayMs: number) => void): void;
}
