/**
 * Waveshare Modbus RTU Relay (D) boards of one line: eight relays, of which a "flash-on" is timed by the board itself and
 * goes off without anybody's help, and eight inputs. Relays latched on with a plain "on" stay on: the board has no lease.
 */
import {
  encodeModbusReplyBits,
  encodeModbusReplyEcho,
  encodeModbusReplyException,
  type ModbusRequest,
  parseModbusRequest,
} from "../../hal/codecs/modbus-rtu.ts";
import { relayCommandOf, WAVESHARE_INPUTS, WAVESHARE_RELAYS } from "../../hal/codecs/waveshare-relay-d.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Site } from "../models/site.ts";
import type { LinePart, Reply } from "./device-line.ts";
import type { InputSource, RelaySink } from "./points.ts";
import { RequestReader } from "./request-reader.ts";

const TENTH_MS = 100;
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;

/** One relay. Extending a flash only moves its end: the timer looks at the end when it wakes, and sleeps on. */
class Relay {
  on = false;
  sink: RelaySink | undefined;
  private endsMs = Number.POSITIVE_INFINITY;
  /** When the next timer wakes; Infinity when none is set. */
  private wakesMs = Number.POSITIVE_INFINITY;
  private readonly clock: Clock;
  private readonly wake = (): void => this.look();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  flash(ms: number): void {
    this.endsMs = this.clock.monotonicMs() + ms;
    this.turn(true);
    this.sleep(ms);
  }

  hold(on: boolean): void {
    this.endsMs = Number.POSITIVE_INFINITY;
    this.turn(on);
  }

  private sleep(ms: number): void {
    const wakesMs = this.clock.monotonicMs() + ms;
    if (wakesMs >= this.wakesMs) return;
    this.wakesMs = wakesMs;
    this.clock.after(ms, this.wake);
  }

  private look(): void {
    this.wakesMs = Number.POSITIVE_INFINITY;
    const leftMs = this.endsMs - this.clock.monotonicMs();
    if (leftMs <= 0) this.hold(false);
    else if (leftMs < Number.POSITIVE_INFINITY) this.sleep(leftMs);
  }

  private turn(on: boolean): void {
    if (on === this.on) return;
    this.on = on;
    this.sink?.(on);
  }
}

export class RelayBoard {
  readonly address: number;
  readonly relays: readonly Relay[];
  /** Index 0 = input 1 as printed. */
  readonly inputs: Array<InputSource | undefined> = [];
  /** The answer to each reading function, as it was said last. */
  private readonly told: Array<{ readonly bits: number; readonly bytes: Uint8Array } | undefined> = [];

  constructor(address: number, clock: Clock) {
    this.address = address;
    this.relays = Array.from({ length: WAVESHARE_RELAYS }, () => new Relay(clock));
  }

  powerLost(): void {
    for (const relay of this.relays) relay.hold(false);
  }

  answer(request: ModbusRequest): Uint8Array {
    switch (request.function) {
      case 1:
        return this.tell(request, WAVESHARE_RELAYS, this.relayBits());
      case 2:
        return this.tell(request, WAVESHARE_INPUTS, this.inputBits());
      case 5:
        return this.writeOne(request);
      case 15:
        return this.writeMany(request);
      default:
        return encodeModbusReplyException(this.address, request.function, ILLEGAL_FUNCTION);
    }
  }

  private relayBits(): number {
    let bits = 0;
    for (let at = 0; at < WAVESHARE_RELAYS; at++) if ((this.relays[at] as Relay).on) bits |= 1 << at;
    return bits;
  }

  private inputBits(): number {
    let bits = 0;
    for (let at = 0; at < WAVESHARE_INPUTS; at++) if (this.inputs[at]?.()) bits |= 1 << at;
    return bits;
  }

  /** Never more than eight bits, so one byte holds the answer. */
  private tell(request: ModbusRequest, there: number, bits: number): Uint8Array {
    const { start, count } = request;
    if (count < 1 || start + count > there) return this.refuse(request, ILLEGAL_ADDRESS);
    return this.sayBits(request.function, (bits >> start) & ((1 << count) - 1));
  }

  private sayBits(fn: number, bits: number): Uint8Array {
    const told = this.told[fn];
    if (told?.bits === bits) return told.bytes;
    const bytes = encodeModbusReplyBits(this.address, fn, bits);
    this.told[fn] = { bits, bytes };
    return bytes;
  }

  private writeOne(request: ModbusRequest): Uint8Array {
    const command = relayCommandOf(request);
    if (command === undefined) return this.refuse(request, ILLEGAL_VALUE);
    const relays = command.relay === "all" ? this.relays : [this.relays[command.relay] as Relay];
    for (const relay of relays) {
      if (command.do === "flash-on") relay.flash(command.tenths * TENTH_MS);
      else if (command.do === "toggle") relay.hold(!relay.on);
      // A flash-off ends switched on: nothing in this station may use it, and judges see what it does.
      else relay.hold(command.do === "on" || command.do === "flash-off");
    }
    return encodeModbusReplyEcho(request);
  }

  private writeMany(request: ModbusRequest): Uint8Array {
    const { start, count, data } = request;
    if (count < 1 || start + count > WAVESHARE_RELAYS) return this.refuse(request, ILLEGAL_ADDRESS);
    for (let at = 0; at < count; at++) this.relays[start + at]?.hold((((data[at >> 3] ?? 0) >> (at & 7)) & 1) === 1);
    return encodeModbusReplyEcho(request);
  }

  private refuse(request: ModbusRequest, exception: number): Uint8Array {
    return encodeModbusReplyException(this.address, request.function, exception);
  }
}

export interface RelayBoardsOptions {
  readonly boards: readonly RelayBoard[];
  readonly clock: Clock;
  readonly site: Site;
  readonly turnaroundMs: number;
  readonly reply: Reply;
}

export function createRelayBoards({ boards, clock, site, turnaroundMs, reply }: RelayBoardsOptions): LinePart {
  const byAddress: Array<RelayBoard | undefined> = [];
  for (const board of boards) byAddress[board.address] = board;
  const handle = (request: ModbusRequest): void => {
    const board = byAddress[request.address];
    if (board !== undefined && site.mainsOn) reply(board.answer(request), turnaroundMs);
  };
  const reader = new RequestReader({ clock, parse: (bytes, length) => parseModbusRequest(bytes, length), handle });
  return { receive: (bytes, length) => reader.receive(bytes, length) };
}
