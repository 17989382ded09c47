/**
 * All devices on one line, as the line sees them: bytes go to everybody, answers come from whoever was meant. It knows no
 * time on the wire, so the same devices serve a modelled line and a real tty.
 */
import type { WireDevice } from "../fault-types.ts";

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
  private target: Reply = nobody;

  constructor() {
    this.reply = (bytes, delayMs) => {
      if (!this.faults.silent) this.target(bytes, delayMs);
    };
  }

  add(part: LinePart): void {
    this.parts.push(part);
  }

  connect(reply: Reply): void {
    this.target = reply;
  }

  receive(bytes: Uint8Array, length: number): void {
    if (this.faults.silent) return;
    const { parts } = this;
    for (let at = 0; at < parts.length; at++) (parts[at] as LinePart).receive(bytes, length);
  }
}
