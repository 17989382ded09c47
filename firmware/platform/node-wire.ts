/**
 * Serial lines through serialport 13, loaded on first use. A wire lives once: a dead SerialPort keeps queued writes and
 * would send an old "unlock" when reopened, so every open makes a new one and nothing is written after the end. It sets
 * no modem line (`set` and `get` fail on pseudo-terminals) and reopens nothing; the bus above does.
 */
import type { LineSpec, OpenWire, Wire, WireEvents } from "../../hal/ports/wire.ts";

/** The part of serialport's SerialPort that is used. */
export interface SerialPortLike {
  readonly writableLength: number;
  open(callback: (error: Error | null) => void): void;
  write(bytes: Uint8Array): boolean;
  flush(callback: (error: Error | null) => void): void;
  close(callback: (error: Error | null) => void): void;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "close" | "error", listener: (error: Error | null | undefined) => void): unknown;
}
export interface SerialPortOptions {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 8;
  readonly parity: "none";
  readonly stopBits: 1 | 2;
  readonly autoOpen: false;
  readonly highWaterMark: number;
}
export type MakeSerialPort = (options: SerialPortOptions) => SerialPortLike;

/** A line that takes no bytes (stopped by flow control, adapter hung) is given up once this much waits in it. */
const UNSENT_MAX = 16_384;
/** serialport reserves this much a port for reading; its own 64 KiB would be megabytes on a station of 80 lines. */
const READ_POOL = 4_096;

async function loadSerialPort(): Promise<MakeSerialPort> {
  const { SerialPort } = await import("serialport");
  return (options) => new SerialPort({ ...options });
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says why a line could not be opened, and what to do about it. The texts matched are those of serialport's binding. */
function openFailure(path: string, error: unknown): string {
  const message = text(error);
  if (/no such (file|device)/i.test(message)) {
    return `${path} is not there: is the adapter plugged in? (ls -l /dev/serial/by-path)`;
  }
  if (/permission denied/i.test(message)) {
    return `${path} may not be opened by this user: sudo usermod -aG dialout "$USER", then log in again`;
  }
  if (/cannot lock port|device or resource busy|temporarily unavailable/i.test(message)) {
    return `${path} is held by another program (fuser -v ${path})`;
  }
  if (/inappropriate ioctl/i.test(message)) return `${path} is no serial line`;
  return `${path} could not be opened: ${message}`;
}

/** Paths whose last port is still opening or closing: it holds the lock, so the next open waits for it. */
class ClosingPaths {
  private readonly waiting = new Map<string, Array<() => void>>();

  begin(path: string): void {
    if (!this.waiting.has(path)) this.waiting.set(path, []);
  }

  end(path: string): void {
    const opens = this.waiting.get(path) ?? [];
    this.waiting.delete(path);
    for (const open of opens) open();
  }

  whenFree(path: string, open: () => void): void {
    const opens = this.waiting.get(path);
    if (opens === undefined) open();
    else opens.push(open);
  }
}

class SerialWire implements Wire {
  private state: "opening" | "open" | "ended" = "opening";
  private port: SerialPortLike | undefined;
  private readonly line: LineSpec;
  private readonly events: WireEvents;
  private readonly closing: ClosingPaths;

  constructor(line: LineSpec, events: WireEvents, closing: ClosingPaths) {
    this.line = line;
    this.events = events;
    this.closing = closing;
  }

  open(make: MakeSerialPort): void {
    if (this.state === "ended") return;
    const { path, baud, stopBits } = this.line;
    let port: SerialPortLike;
    try {
      port = make({
        path,
        baudRate: baud,
        dataBits: 8,
        parity: "none",
        stopBits,
        autoOpen: false,
        highWaterMark: READ_POOL,
      });
    } catch (error) {
      this.fail(openFailure(path, error));
      return;
    }
    // Without a data listener serialport notices no unplugging at all.
    port.on("data", (chunk) => {
      if (this.state === "open") this.events.bytes(chunk);
    });
    port.on("close", (error) => this.fail(error ? `${path} was unplugged: ${text(error)}` : `${path} was closed`));
    // Stays attached for good: an error after the end must not reach the process as uncaught.
    port.on("error", (error) => this.fail(`${path}: ${text(error)}`));
    this.closing.begin(path);
    port.open((error) => this.opened(port, error));
  }

  private opened(port: SerialPortLike, error: Error | null): void {
    if (error === null) this.port = port;
    if (error === null && this.state === "ended") {
      // Closed while it opened: whoever waits for the path waits for this close as well.
      this.release();
      return;
    }
    this.closing.end(this.line.path);
    if (error !== null) {
      this.fail(openFailure(this.line.path, error));
      return;
    }
    this.state = "open";
    this.events.opened();
  }

  /** Before `opened` nothing may be written either: it would be sent at a moment nobody chose. */
  write(bytes: Uint8Array): void {
    if (this.state !== "open" || this.port === undefined) return;
    if (this.port.writableLength + bytes.length > UNSENT_MAX) {
      this.fail(`${this.line.path} takes no more bytes: ${this.port.writableLength} wait unsent`);
      return;
    }
    // The stream keeps what it cannot send at once, and the caller may use its buffer again.
    this.port.write(Uint8Array.from(bytes));
  }

  close(): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.release();
  }

  fail(why: string): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.release();
    this.events.closed(why);
  }

  /** Throws away what was not sent, then closes. The port may be closed already; both calls then only say so. */
  private release(): void {
    const port = this.port;
    this.port = undefined;
    if (port === undefined) return;
    const { path } = this.line;
    this.closing.begin(path);
    port.flush(() => port.close(() => this.closing.end(path)));
  }
}

/** Make one per process: it remembers which lines are still closing. */
export function nodeWire(load: () => Promise<MakeSerialPort> = loadSerialPort): OpenWire {
  const closing = new ClosingPaths();
  let made: Promise<MakeSerialPort> | undefined;
  return (line, events) => {
    const wire = new SerialWire(line, events, closing);
    made ??= load();
    made.then(
      (make) => closing.whenFree(line.path, () => wire.open(make)),
      (error) => wire.fail(`package serialport could not be loaded (npm ci): ${text(error)}`),
    );
    return wire;
  };
}
