/**
 * A line of bytes: a tty on the station, a modelled line in the simulator. The port hides baud rates and files; it never
 * frames, retries or interprets. A wire is used once: after `closed` a new one is opened, never the old one reused,
 * because bytes left in a dead wire's queue could later open a door (serialport 13: writes after close stay queued).
 */
export interface LineSpec {
  /** Name of the line: a device path on the station. */
  readonly path: string;
  readonly baud: number;
  readonly stopBits: 1 | 2;
}

export interface WireEvents {
  /** The line is ready to be written. Comes at most once, always before `bytes`. */
  opened(): void;
  /** Bytes in the order they came, cut anywhere. The chunk must not be kept after the call returns. */
  bytes(chunk: Uint8Array): void;
  /** The line is gone or could not be opened; nothing follows. */
  closed(why: string): void;
}

export interface Wire {
  /** Queues bytes for sending. Ignored once closed. */
  write(bytes: Uint8Array): void;
  /** Closes without a `closed` event. Idempotent. */
  close(): void;
}

export type OpenWire = (line: LineSpec, events: WireEvents) => Wire;
