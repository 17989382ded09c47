/**
 * All devices on one line, as the line sees them: bytes go to everybody, answers come from whoever was meant. It knows no
 * time on the wire, so the same devices serve a modelled line and a real tty.
 */
import type { LineTap, WireDevice } from "../fault-types.ts";

/** How a device answers: `delayMs` before the first byte. */
export type Reply = (bytes: Uint8Array, delayMs: number) => void;

/** The devices of one protocol on a line. */
export interface LinePart {
  receive(bytes: Uint8Array, length: number): void;
}

const nobody: Reply = () => {};

export class DeviceLine implements WireDevice {
  /** Handed to the parts once; where it leads may change (`connect`). */
  readonly reply: Reply;
  /** A broken line is silent on a real tty too. */
  faults: { readonly silent: boolean } = { silent: false };
  private readonly parts: LinePart[] = [];
  private taps: readonly LineTap[] = [];
  private target: Reply = nobody;

  constructor() {
    this.reply = (bytes, delayMs) => {
      if (this.faults.silent) return;
      if (this.taps.length === 0) this.target(bytes, delayMs);
      else this.send(bytes, delayMs, this.taps.length - 1);
    };
  }

  /** The last tap sits next to the devices. */
  tap(tap: LineTap): () => void {
    this.taps = [...this.taps, tap];
    return () => {
      this.taps = this.taps.filter((other) => other !== tap);
    };
  }

  private send(bytes: Uint8Array, delayMs: number, at: number): void {
    const tap = this.taps[at];
    const on: Reply = (more, laterMs) => this.send(more, laterMs, at - 1);
    if (tap === undefined) this.target(bytes, delayMs);
    else if (tap.answers === undefined) on(bytes, delayMs);
    else tap.answers(bytes, delayMs, on);
  }

  private hear(bytes: Uint8Array, length: number, at: number): void {
    const tap = this.taps[at];
    const on = (more: Uint8Array, moreLength: number): void => this.hear(more, moreLength, at + 1);
    if (tap === undefined) this.hand(bytes, length);
    else if (tap.hears === undefined) on(bytes, length);
    else tap.hears(bytes, length, on);
  }

  private hand(bytes: Uint8Array, length: number): void {
    const { parts } = this;
    for (let at = 0; at < parts.length; at++) (parts[at] as LinePart).receive(bytes, length);
  }

  add(part: LinePart): void {
    this.parts.push(part);
  }

  connect(reply: Reply): void {
    this.target = reply;
  }

  receive(bytes: Uint8Array, length: number): void {
    if (this.faults.silent) return;
    if (this.taps.length === 0) this.hand(bytes, length);
    else this.hear(bytes, length, 0);
  }
}
