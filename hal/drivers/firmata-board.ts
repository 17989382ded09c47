/**
 * One connection to a Firmata board through johnny-five, from opening the line to its first trouble; then it is over and a new
 * one is made. It passes on what the board itself said, never what the library repeats, and refuses to carry on with a board
 * that restarted, fell silent or forgot its pins. johnny-five never forgets a board it was given, so whoever wants to connect
 * for years does it in a process that may be thrown away. The package is optional and loaded when a line is open.
 */
import { EventEmitter } from "node:events";
import type { Clock, Timer } from "../ports/clock.ts";
import type { LineSpec, OpenWire, Wire } from "../ports/wire.ts";

export interface FirmataBoardOptions {
  readonly line: LineSpec;
  /** How often the board samples and reports. Firmata sends it as 14 bits. */
  readonly periodMs: number;
  /** Analog channels as printed on the board: 0 is A0. */
  readonly channels: readonly number[];
  /** Pins driven by PWM. */
  readonly pins: readonly number[];
}

/**
 * `absent`: the line could not be opened, nothing was loaded. `lost`: it was open. `refused`: trying again will not help
 * before somebody has done something; `why` says what.
 */
export interface FirmataEnd {
  readonly is: "absent" | "lost" | "refused";
  readonly why: string;
}

export interface FirmataEvents {
  /** The pins are set up; outputs are at 0. */
  ready(firmware: string): void;
  /** The board reported a channel: share of the converter's range, 0–1. */
  sampled(channel: number, share: number): void;
  /** The board said what it drives a pin with. */
  confirmed(pin: number, share: number): void;
  /** Comes once; nothing follows. */
  ended(end: FirmataEnd): void;
}

export interface FirmataBoard {
  /** Ignored until `ready` and after the end. */
  drive(pin: number, share: number): void;
  /** Outputs to 0, then closes without `ended`. `done` once the line is left. */
  close(done: () => void): void;
}

/** The part of johnny-five that is used. Its own types are not imported, because the package may be absent. */
export interface JohnnyFive {
  readonly Board: new (options: object) => JohnnyBoard;
}
interface JohnnyBoard {
  readonly io: FirmataIo;
  on(event: string, listener: (detail: unknown) => void): unknown;
  pinMode(pin: number, mode: number): unknown;
  analogWrite(pin: number, count: number): unknown;
  analogRead(channel: number, report: (count: number) => void): unknown;
  queryPinState(pin: number, answered: () => void): unknown;
  samplingInterval(periodMs: number): unknown;
}
interface FirmataIo {
  readonly MODES: { readonly PWM: number };
  readonly RESOLUTION: { readonly ADC: number | null; readonly PWM: number | null };
  readonly pins: ReadonlyArray<{
    readonly supportedModes: readonly number[];
    readonly mode?: number;
    readonly state?: number;
  }>;
  /** Pin of each channel. */
  readonly analogPins: readonly number[];
  readonly firmware: { readonly name?: string; readonly version?: { readonly major: number; readonly minor: number } };
  on(event: string, listener: () => void): unknown;
}

export interface FirmataPorts {
  readonly openWire: OpenWire;
  readonly clock: Clock;
  readonly load?: () => Promise<JohnnyFive>;
}

/** Firmata protocol 2.5: report version, and the sysex that asks for the firmware's name. */
const REPORT_VERSION = 0xf9;
const ASK = [Uint8Array.of(REPORT_VERSION), Uint8Array.of(0xf0, 0x79, 0xf7)] as const;
/** A board whose start resets it (DTR) hears nothing for a second or two, so it is asked again and again. */
const ASK_AGAIN_MS = 1_000;
const READY_MAX_MS = 8_000;
/** Outputs are asked back this often; with no analog channel it is the only sign of life. */
const CONFIRM_MS = 1_000;
const SILENT_MIN_MS = 3_000;
/** A few bytes at 57600 baud and the way through the kernel. */
const LAST_BYTES_MS = 50;

async function loadJohnnyFive(): Promise<JohnnyFive> {
  // Named by a variable so that the compiler does not look for the optional package's types.
  const name: string = "johnny-five";
  return ((await import(name)) as { readonly default: JohnnyFive }).default;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What johnny-five takes for a serial port: it gives bytes, takes bytes, and is never opened or closed by the library. */
class WireTransport extends EventEmitter {
  readonly path: string;
  private readonly wire: () => Wire | undefined;

  constructor(path: string, wire: () => Wire | undefined) {
    super();
    this.path = path;
    this.wire = wire;
  }

  write(bytes: Uint8Array, done?: () => void): void {
    this.wire()?.write(bytes);
    done?.();
  }
}

class Connection implements FirmataBoard {
  private readonly options: FirmataBoardOptions;
  private readonly ports: FirmataPorts;
  private readonly events: FirmataEvents;
  private wire: Wire | undefined;
  private transport: WireTransport | undefined;
  /** From now on a version that is said is no answer of ours. */
  private settled = false;
  private board: JohnnyBoard | undefined;
  private state: "opening" | "greeting" | "ready" | "ended" = "opening";
  private readonly timers = new Set<Timer>();
  /** When each channel and pin was last heard of. */
  private readonly heardMs = new Map<string, number>();

  constructor(options: FirmataBoardOptions, ports: FirmataPorts, events: FirmataEvents) {
    this.options = options;
    this.ports = ports;
    this.events = events;
    this.wire = ports.openWire(options.line, {
      opened: () => void this.greet(),
      bytes: (chunk) => this.hear(chunk),
      closed: (why) => this.end(this.state === "opening" ? "absent" : "lost", why),
    });
  }

  drive(pin: number, share: number): void {
    const { board } = this;
    if (this.state !== "ready" || board === undefined) return;
    board.analogWrite(pin, Math.round(Math.max(0, Math.min(1, share)) * this.pwmMax(board)));
    this.askState(board, pin);
  }

  close(done: () => void): void {
    const { wire } = this;
    for (const pin of this.options.pins) this.drive(pin, 0);
    this.stop();
    this.ports.clock.after(LAST_BYTES_MS, () => {
      wire?.close();
      done();
    });
  }

  private async greet(): Promise<void> {
    this.state = "greeting";
    this.later(READY_MAX_MS, () => this.end("lost", `no Firmata board answered within ${READY_MAX_MS} ms`));
    let five: JohnnyFive;
    try {
      five = await (this.ports.load ?? loadJohnnyFive)();
    } catch (error) {
      this.end("refused", `package johnny-five is not installed: npm install --include=optional; ${textOf(error)}`);
      return;
    }
    if (this.state === "greeting") this.attempt(() => this.meet(five));
  }

  private meet(five: JohnnyFive): void {
    const transport = new WireTransport(this.options.line.path, () => this.wire);
    this.transport = transport;
    const board = new five.Board({ port: transport, repl: false, debug: false, sigint: false, timeout: READY_MAX_MS });
    this.board = board;
    for (const trouble of ["error", "close", "disconnect"]) {
      board.on(trouble, (detail) => this.end("lost", `johnny-five: ${textOf(detail ?? trouble)}`));
    }
    board.on("ready", () => this.attempt(() => this.setUp(board)));
    board.io.on("reportversion", () => this.versionSaid());
    transport.emit("open");
    this.ask(transport);
  }

  private ask(transport: WireTransport): void {
    if (this.board?.io.firmware.name !== undefined) return;
    for (const question of ASK) transport.write(question);
    this.later(ASK_AGAIN_MS, () => this.ask(transport));
  }

  /** A board says its version when it is asked, and when it starts. */
  private versionSaid(): void {
    if (this.settled) this.end("lost", "the board restarted");
  }

  private setUp(board: JohnnyBoard): void {
    if (this.state !== "greeting") return;
    const lacking = this.lacking(board.io);
    if (lacking !== undefined) {
      this.end("refused", lacking);
      return;
    }
    this.state = "ready";
    this.forget();
    const { channels, pins, periodMs } = this.options;
    for (const pin of pins) {
      this.heard(`pin ${pin}`);
      board.pinMode(pin, board.io.MODES.PWM);
      board.analogWrite(pin, 0);
    }
    board.samplingInterval(periodMs);
    for (const channel of channels) {
      this.heard(`A${channel}`);
      board.analogRead(channel, (count) => this.sampled(board, channel, count));
    }
    this.confirmAll(board);
    this.watch();
    // Questions asked while the board was still starting are answered by now, or never.
    this.later(ASK_AGAIN_MS, () => {
      this.settled = true;
    });
    const { name, version } = board.io.firmware;
    this.events.ready(`${name ?? "unnamed"} ${version?.major ?? "?"}.${version?.minor ?? "?"}`);
  }

  private lacking(io: FirmataIo): string | undefined {
    const { channels, pins } = this.options;
    const channel = channels.find((wanted) => io.analogPins[wanted] === undefined);
    if (channel !== undefined) return `the board has no A${channel}: its last is A${io.analogPins.length - 1}`;
    const able = io.pins.flatMap(({ supportedModes }, pin) => (supportedModes.includes(io.MODES.PWM) ? [pin] : []));
    const pin = pins.find((wanted) => !able.includes(wanted));
    return pin === undefined ? undefined : `the board has no PWM on pin ${pin}: it has it on ${able.join(", ")}`;
  }

  private sampled(board: JohnnyBoard, channel: number, count: number): void {
    const max = board.io.RESOLUTION.ADC ?? 1_023;
    // More than the converter can say: bytes were lost and two messages became one.
    if (this.state !== "ready" || count > max) return;
    this.heard(`A${channel}`);
    this.events.sampled(channel, count / max);
  }

  private confirmAll(board: JohnnyBoard): void {
    for (const pin of this.options.pins) this.askState(board, pin);
    if (this.options.pins.length > 0) this.later(CONFIRM_MS, () => this.confirmAll(board));
  }

  private askState(board: JohnnyBoard, pin: number): void {
    board.queryPinState(pin, () => this.stateSaid(board, pin));
  }

  private stateSaid(board: JohnnyBoard, pin: number): void {
    if (this.state !== "ready") return;
    const { mode, state } = board.io.pins[pin] ?? {};
    if (mode !== board.io.MODES.PWM || state === undefined) {
      this.end("lost", `the board forgot what pin ${pin} is for: it restarted`);
      return;
    }
    this.heard(`pin ${pin}`);
    this.events.confirmed(pin, Math.min(1, state / this.pwmMax(board)));
  }

  private pwmMax(board: JohnnyBoard): number {
    return board.io.RESOLUTION.PWM ?? 255;
  }

  private heard(what: string): void {
    this.heardMs.set(what, this.ports.clock.monotonicMs());
  }

  private watch(): void {
    const silentMs = Math.max(SILENT_MIN_MS, 3 * this.options.periodMs);
    const sinceMs = this.ports.clock.monotonicMs() - silentMs;
    for (const [what, atMs] of this.heardMs) {
      if (atMs < sinceMs) this.end("lost", `nothing heard of ${what} for ${silentMs} ms`);
    }
    this.later(silentMs / 3, () => this.watch());
  }

  private hear(chunk: Uint8Array): void {
    const { transport } = this;
    if (transport !== undefined) this.attempt(() => void transport.emit("data", chunk));
  }

  /** The library throws on bytes that make no sense to it. */
  private attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.end("lost", `what the line says is no Firmata: ${textOf(error)}`);
    }
  }

  private later(delayMs: number, run: () => void): void {
    if (this.state === "ended") return;
    const timer = this.ports.clock.after(delayMs, () => {
      this.timers.delete(timer);
      run();
    });
    this.timers.add(timer);
  }

  private forget(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
  }

  private stop(): void {
    this.forget();
    this.state = "ended";
  }

  private end(is: FirmataEnd["is"], why: string): void {
    if (this.state === "ended") return;
    this.stop();
    this.wire?.close();
    this.wire = undefined;
    this.events.ended({ is, why });
  }
}

export function openFirmataBoard(
  options: FirmataBoardOptions,
  ports: FirmataPorts,
  events: FirmataEvents,
): FirmataBoard {
  return new Connection(options, ports, events);
}
