/** A tiny protocol for tests of the bus: `q a` asks device a, `r a v` answers, the last byte is the sum of the rest. */
import type { Bus, Outcome, Transaction } from "../../hal/buses/bus.ts";
import { createBus } from "../../hal/buses/serial-bus.ts";
import { frame, junk, type Parsed, SHORT } from "../../hal/codecs/parsed.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";
import { type ScriptedWire, scriptedWire } from "./scripted-wire.ts";

const ASK = 0x51;
const REPLY = 0x52;

export function ask(device: number): Uint8Array {
  return Uint8Array.of(ASK, device, (ASK + device) & 0xff);
}

export function reply(device: number, value: number): Uint8Array {
  return Uint8Array.of(REPLY, device, value, (REPLY + device + value) & 0xff);
}

/** The parser of an answer of one device. */
export function answerOf(device: number): (bytes: Uint8Array, length: number) => Parsed<number> {
  return (bytes, length) => {
    if (length === 0) return SHORT;
    if (bytes[0] !== REPLY) return junk(1, "no start");
    if (length > 1 && bytes[1] !== device) return junk(1, "another device");
    if (length < 4) return SHORT;
    const sum = ((bytes[0] ?? 0) + (bytes[1] ?? 0) + (bytes[2] ?? 0)) & 0xff;
    return bytes[3] === sum ? frame(bytes[2] ?? 0, 4) : junk(1, "checksum");
  };
}

export interface LineTalk {
  readonly clock: VirtualClock;
  readonly wire: ScriptedWire;
  readonly bus: Bus;
  /** Lets so much time pass. */
  pass(ms: number): void;
  /** Asks a device and returns where its outcome will stand. */
  asks(device: number, extra?: Partial<Transaction<number>>): { outcome: Outcome<number> | undefined; settled: number };
}

export function lineTalk(options: { baud?: number; echo?: boolean } = {}): LineTalk {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const wire = scriptedWire(clock, options.baud === undefined ? {} : { baud: options.baud });
  const bus = createBus({ id: "line", line: wire.line, openWire: wire.openWire, clock, echo: options.echo ?? false });
  return {
    clock,
    wire,
    bus,
    pass: (ms) => {
      clock.runUntil(clock.nowMs + ms);
    },
    asks: (device, extra = {}) => {
      const seen: { outcome: Outcome<number> | undefined; settled: number } = { outcome: undefined, settled: 0 };
      bus.transact<number>({
        lane: "act",
        request: ask(device),
        deadlineMs: 100,
        expects: answerOf(device),
        done: (outcome) => {
          seen.outcome = outcome;
          seen.settled++;
        },
        ...extra,
      });
      return seen;
    },
  };
}
