/**
 * What came since the request was sent. Frames are found by their length and checksum, never by gaps: on a computer the
 * gap between two reads says nothing about the gap on the line. What is in front of the answer is skipped and counted,
 * what is behind it is not kept. It holds 1 kB and refuses to grow.
 */
import type { Frame, Parsed } from "../codecs/parsed.ts";

const CAPACITY = 1_024;
/** So many answers in a row that came whole and without an echo before them: the adapter is another one, or was set right. */
const PLAIN_MAX = 3;
const NOTHING = new Uint8Array(0);

type Expects = (bytes: Uint8Array, length: number) => Parsed<unknown>;

export class Receiver {
  /**
   * Own bytes come back on this line. Turns true by itself once they were recognised beyond doubt, and false once they stay away:
   * else every answer that equals its request would be taken for an echo for ever, and no command be confirmed again.
   */
  echo: boolean;
  echoes = 0;
  /** Bytes of this exchange that belonged to nothing. */
  strayBytes = 0;
  /** Why bytes of this exchange were refused, if any were. */
  junkWhy: string | undefined;
  /**
   * Nothing came but the beginning of an answer: it was on the line already, and does not come a second time. On a line that echoes
   * it may have been the question, with the answer still to come.
   */
  brokeOff = false;
  /** Bytes held that may still become the answer. */
  private length = 0;
  private readonly buffer = new Uint8Array(CAPACITY);
  private request: Uint8Array = NOTHING;
  private expects: Expects | undefined;
  private echoDue = false;
  private echoed = false;
  private plain = 0;

  constructor(echo: boolean) {
    this.echo = echo;
  }

  begin(request: Uint8Array, expects: Expects): void {
    this.request = request;
    this.expects = expects;
    this.echoDue = this.echo;
    this.echoed = false;
    this.length = 0;
    this.strayBytes = 0;
    this.junkWhy = undefined;
    this.brokeOff = false;
  }

  /** Takes a chunk and returns the answer once it is complete. The chunk itself is never kept. */
  take(chunk: Uint8Array): Frame<unknown> | undefined {
    const taken = Math.min(chunk.length, CAPACITY - this.length);
    if (taken < chunk.length) this.refuse(chunk.length - taken, "too many bytes");
    if (this.length === 0) return this.digest(chunk, taken);
    this.buffer.set(taken === chunk.length ? chunk : chunk.subarray(0, taken), this.length);
    return this.digest(this.buffer, this.length + taken);
  }

  /** The deadline has passed. Says what was wrong with what came, or undefined when nothing came. */
  conclude(): string | undefined {
    if (this.unaskedEcho(this.buffer, this.length) === "whole") this.length -= this.swallowEcho();
    const why = this.junkWhy ?? (this.length > 0 ? "cut short" : undefined);
    this.brokeOff = this.length > 0 && this.junkWhy === undefined && !this.echo;
    this.strayBytes += this.length;
    this.length = 0;
    return why;
  }

  private digest(bytes: Uint8Array, length: number): Frame<unknown> | undefined {
    let from = this.echoDue ? this.skipEcho(bytes, length) : 0;
    while (from < length && !this.echoDue) {
      const part = from === 0 ? bytes : bytes.subarray(from, length);
      const parsed = (this.expects as Expects)(part, length - from);
      if (parsed.is === "frame") {
        this.countPlain();
        this.strayBytes += Math.max(0, length - from - parsed.used);
        this.length = 0;
        return parsed;
      }
      const own = this.unaskedEcho(part, length - from);
      if (own === "whole") from += this.swallowEcho();
      else if (parsed.is === "short" || own === "begun") break;
      else from += this.refuse(Math.min(Math.max(1, parsed.used), length - from), parsed.why);
    }
    this.keep(bytes, from, length);
    return undefined;
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    this.length = to - from;
    if (this.length === CAPACITY) {
      this.refuse(this.length, "too many bytes");
      this.length = 0;
    } else if (this.length > 0) {
      if (bytes === this.buffer) this.buffer.copyWithin(0, from, to);
      else this.buffer.set(bytes.subarray(from, to));
    }
  }

  private refuse(bytes: number, why: string): number {
    this.junkWhy ??= why;
    this.strayBytes += bytes;
    return bytes;
  }

  /** Where the answer starts behind the echo. While the echo itself is still coming, it stays due. */
  private skipEcho(bytes: Uint8Array, length: number): number {
    const same = this.sameAsRequest(bytes, length);
    if (same === this.request.length) return this.swallowEcho();
    if (same < length) this.echoDue = false; // Not our bytes: they are judged like any others.
    return 0;
  }

  /**
   * A line said to be without echo gives the very request back, and it is not an answer. (An answer that equals its
   * request, such as that of a lock board or of Modbus function 05, was accepted before this is asked.)
   */
  private unaskedEcho(bytes: Uint8Array, length: number): "no" | "begun" | "whole" {
    if (this.echo || this.junkWhy !== undefined || length === 0) return "no";
    const same = this.sameAsRequest(bytes, length);
    if (same === this.request.length) return "whole";
    return same === length ? "begun" : "no";
  }

  /**
   * Only an answer behind its echo shows that the line still echoes. A command whose answer equals its request may have been
   * answered and taken for the echo: it shows nothing either way, or two questions and a command in turn would never end it.
   */
  private countPlain(): void {
    if (!this.echo || this.junkWhy !== undefined) return;
    this.plain = this.echoed ? 0 : this.plain + 1;
    if (this.plain < PLAIN_MAX) return;
    this.echo = false;
    this.plain = 0;
  }

  private swallowEcho(): number {
    if (!this.echo) this.plain = 0;
    this.echo = true;
    this.echoed = true;
    this.echoDue = false;
    this.echoes++;
    return this.request.length;
  }

  /** How many bytes agree with the request from the start. */
  private sameAsRequest(bytes: Uint8Array, length: number): number {
    const { request } = this;
    const limit = Math.min(length, request.length);
    for (let at = 0; at < limit; at++) if (bytes[at] !== request[at]) return at;
    return limit;
  }
}
