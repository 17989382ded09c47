/**
 * A serial line whose far end is a script. Bytes take their wire time; what the far end says reaches whichever wire is
 * open when it arrives, as on a real line, so a reopened port still hears a straggler.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { LineSpec, OpenWire, WireEvents } from "../../hal/ports/wire.ts";

export interface Written {
  readonly atMs: number;
  readonly hex: string;
}

export interface ScriptedWire {
  readonly line: LineSpec;
  readonly openWire: OpenWire;
  /** Paths in the order they were opened. */
  readonly opens: string[];
  /** What the bus listens with, one for each opening. */
  readonly events: WireEvents[];
  /** Requests in the order they were written, with the time of their first bit. */
  readonly written: Written[];
  /** Called when the last bit of a request has arrived. */
  answer: (request: Uint8Array, hex: string) => void;
  /** Says bytes as one chunk whose last bit arrives `delayMs` from now. */
  say(bytes: Uint8Array | string, delayMs?: number): void;
  /** Says bytes one at a time, the first bit after `delayMs`. */
  sayByByte(bytes: Uint8Array | string, delayMs?: number): void;
  /** How opening goes: at once, after a while, or with a failure. */
  opening: { readonly afterMs: number } | { readonly fails: string };
  /** Breaks the line as unplugging does. */
  unplug(why: string): void;
  readonly isOpen: boolean;
}

export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(/\s+/).filter(Boolean), (pair) => Number.parseInt(pair, 16));
}

export function scriptedWire(clock: Clock, options: { baud?: number; path?: string } = {}): ScriptedWire {
  const line: LineSpec = { path: options.path ?? "/dev/line", baud: options.baud ?? 9_600, stopBits: 1 };
  const byteMs = 10_000 / line.baud;
  let current: WireEvents | undefined;
  const deliver = (bytes: Uint8Array) => current?.bytes(bytes);
  const wire: ScriptedWire = {
    line,
    opens: [],
    events: [],
    written: [],
    answer: () => {},
    opening: { afterMs: 0 },
    say: (bytes, delayMs = 0) => {
      const copy = typeof bytes === "string" ? bytesOf(bytes) : bytes.slice();
      clock.after(delayMs, () => deliver(copy));
    },
    sayByByte: (bytes, delayMs = 0) => {
      const copy = typeof bytes === "string" ? bytesOf(bytes) : bytes.slice();
      copy.forEach((byte, at) => {
        clock.after(delayMs + (at + 1) * byteMs, () => deliver(Uint8Array.of(byte)));
      });
    },
    unplug: (why) => {
      const events = current;
      current = undefined;
      events?.closed(why);
    },
    get isOpen() {
      return current !== undefined;
    },
    openWire: (spec, events) => {
      wire.opens.push(spec.path);
      wire.events.push(events);
      let closed = false;
      const opening = wire.opening;
      clock.after("afterMs" in opening ? opening.afterMs : 0, () => {
        if (closed) return;
        if ("fails" in opening) {
          events.closed(opening.fails);
          return;
        }
        current = events;
        events.opened();
      });
      return {
        write: (bytes) => {
          if (closed || current !== events) return;
          const copy = bytes.slice();
          wire.written.push({ atMs: clock.monotonicMs(), hex: hexOf(copy) });
          clock.after(copy.length * byteMs, () => wire.answer(copy, hexOf(copy)));
        },
        close: () => {
          closed = true;
          if (current === events) current = undefined;
        },
      };
    },
  };
  return wire;
}
