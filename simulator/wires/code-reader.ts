/** A GM65-class code reader in plain-text mode: says what it reads, and acknowledges whatever it is told. */
import {
  encodeGm65Ack,
  encodeGm65Code,
  encodeGm65Data,
  GM65_MAX_CODE,
  type Gm65Command,
  parseGm65Command,
} from "../../hal/codecs/gm65.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Site } from "../models/site.ts";
import type { LinePart, Reply } from "./device-line.ts";
import { RequestReader } from "./request-reader.ts";

export interface CodeReaderOptions {
  /** Somebody held this before it. */
  readonly shown: (text: string) => void;
  readonly clock: Clock;
  readonly site: Pick<Site, "mainsOn">;
  readonly turnaroundMs: number;
  readonly reply: Reply;
}

export interface SimulatedReader extends LinePart {
  /** Somebody holds a code before it. */
  show(text: string): void;
}

/** From the code in front of the window to the first byte. */
const DECODE_MS = 80;

export function createCodeReader({ shown, clock, site, turnaroundMs, reply }: CodeReaderOptions): SimulatedReader {
  const handle = (command: Gm65Command): void => {
    if (!site.mainsOn) return;
    const count = command.action === "read" ? (command.data[0] ?? 1) : 0;
    reply(count > 0 ? encodeGm65Data(new Uint8Array(count)) : encodeGm65Ack(), turnaroundMs);
  };
  const reader = new RequestReader({ clock, parse: parseGm65Command, handle });
  return {
    receive: (bytes, length) => reader.receive(bytes, length),
    show(text) {
      if (!site.mainsOn) return;
      shown(text);
      reply(encodeGm65Code(text.slice(0, GM65_MAX_CODE)), DECODE_MS);
    },
  };
}
