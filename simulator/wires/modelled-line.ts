/**
 * A serial line with wire time: bytes take as long as the baud rate says in both directions, devices answer after their
 * turnaround, and on a half-duplex line two frames at once spoil each other. Faults are drawn per frame. A wire that was
 * closed delivers nothing more; opening again takes the line over from whoever held it, as after a killed process.
 */
import type { Bell, Clock } from "../../hal/ports/clock.ts";
import type { LineSpec, Wire, WireEvents } from "../../hal/ports/wire.ts";
import type { LineEar, LineFaults, LineTap, ModelledLine } from "../fault-types.ts";
import type { SplitRandom } from "../random.ts";
import type { DeviceLine } from "./device-line.ts";

export interface ModelledLineOptions {
  readonly path: string;
  readonly baud: number;
  readonly stopBits: 1 | 2;
  readonly echo: boolean;
  /** Both directions share one pair of wires (RS-485). */
  readonly halfDuplex: boolean;
  readonly devices: DeviceLine;
  readonly clock: Clock;
  readonly random: SplitRandom;
}

interface Opened {
  readonly events: WireEvents;
  open: boolean;
}

/** A request under way, in a buffer that is used again. */
interface Flight {
  bytes: Uint8Array;
  length: number;
  from: Opened | undefined;
  spoiled: boolean;
}

/** An answer under way. Its bytes belong to the device, which may send them again; the line spoils a copy. */
interface Answer {
  bytes: Uint8Array;
  startsMs: number;
  spoiled: boolean;
  /** Sent by a device of this line, not made up by whoever breaks it. */
  own: boolean;
}

const OPEN_MS = 2;
/** An adapter passes a long answer on in pieces of about this much. */
const PIECE = 16;

export class SerialLine implements ModelledLine {
  readonly path: string;
  readonly faults: LineFaults;
  requests = 0;
  collisions = 0;
  ear: LineEar | undefined;
  private readonly options: ModelledLineOptions;
  private readonly clock: Clock;
  private readonly byteMs: number;
  private readonly sent: Flight[] = [];
  private readonly answers: Answer[] = [];
  private readonly spare: Flight[] = [];
  private sendFreeMs = 0;
  private answerFreeMs = 0;
  private holder: Opened | undefined;
  private devices: DeviceLine;
  private lastAnswer = new Uint8Array(0);
  private pluggedIn = true;
  private readonly spareAnswers: Answer[] = [];
  private readonly arrive = (): void => this.requestArrived();
  private readonly deliver = (): void => this.answerArrived();
  /** Nearly always one request and one answer are under way: each has a timer that is used again. */
  private readonly arriving: Bell | undefined;
  private readonly delivering: Bell | undefined;

  constructor(options: ModelledLineOptions) {
    this.options = options;
    this.path = options.path;
    this.clock = options.clock;
    this.arriving = options.clock.bell?.(this.arrive);
    this.delivering = options.clock.bell?.(this.deliver);
    this.byteMs = ((9 + options.stopBits) * 1_000) / options.baud;
    this.faults = {
      dropRequest: 0,
      dropReply: 0,
      corruptReply: 0,
      corruptRequest: 0,
      delayReply: 0,
      delayMs: 300,
      babble: 0,
      garbageBefore: 0,
      truncateReply: 0,
      mergeReplies: 0,
      fragment: 0,
      echo: options.echo,
      silent: false,
    };
    this.devices = options.devices;
    this.plugIn(options.devices);
  }

  private plugIn(devices: DeviceLine): void {
    this.devices = devices;
    devices.faults = this.faults;
    devices.connect((bytes, delayMs) => this.answer(bytes, delayMs));
  }

  // --- The controller's end.

  open(spec: LineSpec, events: WireEvents): Wire {
    const opened: Opened = { events, open: true };
    if (this.holder !== undefined) this.holder.open = false;
    this.holder = opened;
    const fits = spec.baud === this.options.baud && spec.stopBits === this.options.stopBits;
    this.clock.after(OPEN_MS, () => {
      if (!opened.open) return;
      if (this.pluggedIn) events.opened();
      else this.lose(opened, `${this.path} is not there`);
    });
    return {
      write: (bytes) => {
        if (opened.open) this.write(bytes, opened, !fits);
      },
      close: () => {
        opened.open = false;
        if (this.holder === opened) this.holder = undefined;
        for (const flight of this.sent) if (flight.from === opened) flight.spoiled = true;
      },
    };
  }

  private lose(opened: Opened, why: string): void {
    opened.open = false;
    if (this.holder === opened) this.holder = undefined;
    opened.events.closed(why);
  }

  private write(bytes: Uint8Array, from: Opened, garbled: boolean): void {
    const nowMs = this.clock.monotonicMs();
    const startsMs = Math.max(nowMs, this.sendFreeMs);
    this.sendFreeMs = startsMs + bytes.length * this.byteMs;
    this.requests++;
    const flight = this.flight(bytes, from);
    flight.spoiled = garbled || this.collides(startsMs);
    this.sent.push(flight);
    const inMs = this.sendFreeMs - nowMs;
    if (this.arriving !== undefined && this.sent.length === 1) this.arriving.ringIn(inMs);
    else this.clock.after(inMs, this.arrive);
  }

  /** Copies the bytes: whoever wrote them may use the buffer again. */
  private flight(bytes: Uint8Array, from: Opened): Flight {
    const flight = this.spare.pop() ?? { bytes: new Uint8Array(64), length: 0, from, spoiled: false };
    if (flight.bytes.length < bytes.length) flight.bytes = new Uint8Array(bytes.length);
    for (let at = 0; at < bytes.length; at++) flight.bytes[at] = bytes[at] as number;
    flight.length = bytes.length;
    flight.from = from;
    return flight;
  }

  /** The controller speaks while a device does: both frames are lost to both. */
  private collides(startsMs: number): boolean {
    if (!this.options.halfDuplex || startsMs >= this.answerFreeMs) return false;
    const answer = this.answers[0];
    if (answer === undefined || this.sendFreeMs <= answer.startsMs) return false;
    answer.spoiled = true;
    this.collisions++;
    return true;
  }

  // --- The devices' end.

  private requestArrived(): void {
    const flight = this.sent.shift() as Flight;
    const { faults } = this;
    const { random } = this.options;
    if (faults.echo) this.pass(Uint8Array.from(flight.bytes.subarray(0, flight.length)));
    const lost = flight.spoiled || !this.pluggedIn || (faults.dropRequest > 0 && random.chance(faults.dropRequest));
    if (!lost) {
      if (faults.corruptRequest > 0 && random.chance(faults.corruptRequest)) this.flipBit(flight.bytes, flight.length);
      this.ear?.asked(flight.bytes, flight.length);
      this.devices.receive(flight.bytes, flight.length);
    }
    this.spare.push(flight);
  }

  private answer(bytes: Uint8Array, delayMs: number, own = true): void {
    const { faults } = this;
    if (!this.pluggedIn) return;
    let startsInMs = delayMs;
    if (faults.delayReply > 0 && this.options.random.chance(faults.delayReply)) startsInMs += faults.delayMs;
    const nowMs = this.clock.monotonicMs();
    const startsMs = Math.max(nowMs + startsInMs, this.answerFreeMs);
    this.answerFreeMs = startsMs + bytes.length * this.byteMs;
    this.answers.push(this.underWay(bytes, startsMs, own));
    const inMs = this.answerFreeMs - nowMs;
    if (this.delivering !== undefined && this.answers.length === 1) this.delivering.ringIn(inMs);
    else this.clock.after(inMs, this.deliver);
  }

  private underWay(bytes: Uint8Array, startsMs: number, own: boolean): Answer {
    const answer = this.spareAnswers.pop();
    if (answer === undefined) return { bytes, startsMs, spoiled: false, own };
    answer.bytes = bytes;
    answer.startsMs = startsMs;
    answer.spoiled = false;
    answer.own = own;
    return answer;
  }

  private answerArrived(): void {
    const answer = this.answers.shift() as Answer;
    const { bytes: told, spoiled, own } = answer;
    this.spareAnswers.push(answer);
    const { faults } = this;
    const { random } = this.options;
    const flipped = spoiled || (faults.corruptReply > 0 && random.chance(faults.corruptReply));
    const bytes = flipped ? this.flipped(told) : told;
    const dropped = faults.dropReply > 0 && random.chance(faults.dropReply);
    if (!dropped) {
      const spoilt = this.spoil(bytes);
      // Garbage before it, or an older answer behind it, takes nothing away.
      const isWhole = own && !flipped && spoilt.length >= bytes.length;
      if (isWhole && this.holder?.open && this.pluggedIn) this.ear?.answered(bytes);
      if (faults.fragment > 0 && random.chance(faults.fragment)) this.passInPieces(spoilt);
      else this.pass(spoilt);
    }
    if (faults.babble > 0 && random.chance(faults.babble)) this.pass(this.noise());
  }

  private pass(bytes: Uint8Array): void {
    const { holder } = this;
    if (holder?.open && this.pluggedIn) holder.events.bytes(bytes);
  }

  /** What the adapter makes of an answer: cut short, with garbage before it, or with the answer before behind it. */
  private spoil(bytes: Uint8Array): Uint8Array {
    const { faults } = this;
    const { random } = this.options;
    let out = bytes;
    if (faults.truncateReply > 0 && random.chance(faults.truncateReply)) out = bytes.slice(0, random.int(bytes.length));
    if (faults.garbageBefore > 0 && random.chance(faults.garbageBefore)) out = joined(this.noise(), out);
    if (faults.mergeReplies <= 0) return out;
    if (random.chance(faults.mergeReplies)) out = joined(out, this.lastAnswer);
    this.lastAnswer = Uint8Array.from(bytes);
    return out;
  }

  private passInPieces(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + this.options.random.int(PIECE);
      this.pass(bytes.slice(at, at + size));
      at += size;
    }
  }

  private noise(): Uint8Array {
    const { random } = this.options;
    const bytes = new Uint8Array(1 + random.int(12));
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.int(256);
    return bytes;
  }

  private flipped(bytes: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(bytes);
    this.flipBit(copy, copy.length);
    return copy;
  }

  private flipBit(bytes: Uint8Array, length: number): void {
    const { random } = this.options;
    if (length === 0) return;
    const at = random.int(length);
    bytes[at] = (bytes[at] as number) ^ (1 << random.int(8));
  }

  // --- For fault injection.

  inject(bytes: Uint8Array): number {
    this.answer(Uint8Array.from(bytes), 0, false);
    // Whoever speaks takes as long where nobody hears it.
    return Math.max(bytes.length * this.byteMs, this.answerFreeMs - this.clock.monotonicMs());
  }

  unplug(): void {
    if (!this.pluggedIn) return;
    this.pluggedIn = false;
    const { holder } = this;
    if (holder?.open) this.lose(holder, `${this.path} was unplugged`);
  }

  replug(): void {
    this.pluggedIn = true;
  }

  tap(tap: LineTap): () => void {
    return this.devices.tap(tap);
  }

  /** Somebody puts the two plugs back the wrong way round. */
  exchangePlugs(other: SerialLine): void {
    const { devices } = this;
    this.plugIn(other.devices);
    other.plugIn(devices);
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
