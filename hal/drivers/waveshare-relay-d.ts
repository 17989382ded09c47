/**
 * A Waveshare Modbus RTU Relay (D) board: eight relays that die with their lease, eight inputs. Whenever the board or its
 * line appears, all relays are switched off before anything else. It never latches a relay, and it believes no relay whose
 * command stayed unanswered until the board was read back.
 */
import type { Bus, BusHealth, Outcome, PollHandle } from "../buses/bus.ts";
import { bitAt, type ModbusReply, parseModbusReply } from "../codecs/modbus-rtu.ts";
import { remembered } from "../codecs/remembered.ts";
import {
  encodeAllOff,
  encodeReadInputs,
  encodeReadRelays,
  WAVESHARE_INPUTS,
  WAVESHARE_RELAYS,
} from "../codecs/waveshare-relay-d.ts";
import type { Clock } from "../ports/clock.ts";
import type { DigitalInput } from "../ports/digital-input.ts";
import type { Reading } from "../ports/reading.ts";
import type { SwitchedOutput } from "../ports/switched-output.ts";
import { type RelayBoardSide, RelayOutput } from "./relay-output.ts";
import { Sampled } from "./sampled.ts";

export interface WaveshareBoardOptions {
  /** Modbus address, 1–247. */
  readonly address: number;
  /** Input period with nobody at a door. Default 500 ms. */
  readonly idleMs?: number;
  /** Input period while somebody stands at a door. Default 150 ms. */
  readonly attendedMs?: number;
  /** Input period of a board on which danger is read. Default 100 ms. */
  readonly guardMs?: number;
  /** Period of reading the relays back. Default 5,000 ms. */
  readonly readBackMs?: number;
  /** How long the board may take to answer. Default 100 ms. */
  readonly deadlineMs?: number;
  /** A flash with less than this left is triggered again. Default 800 ms. */
  readonly retriggerMs?: number;
  /** A relay was read back as the opposite of what it was told. `relay` as printed on the board. */
  readonly onDisagreement?: (relay: number) => void;
}

export interface WaveshareBoard {
  /** Relay as printed on the board, 1–8. The same object each time; undefined for a relay the board does not have. */
  output(relay: number): SwitchedOutput | undefined;
  /** Input as printed on the board, 1–8. `inverted`: an open contact means that the named condition holds. */
  input(input: number, inverted: boolean): DigitalInput | undefined;
}

interface Contact {
  readonly bit: number;
  readonly inverted: boolean;
  readonly sampled: Sampled<boolean>;
}

const MISSES_TO_STALE = 3;
/** Answers that break off come as fast as they are asked for: several within this are one disturbance, and count once. */
const MISS_EVERY_MS = 500;
const SLOWEST_MS = 5_000;

class RelayBoardD implements WaveshareBoard, RelayBoardSide {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly address: number;
  readonly deadlineMs: number;
  readonly retriggerMs: number;
  private readonly options: WaveshareBoardOptions;
  private readonly outputs: RelayOutput[] = [];
  private readonly contacts: Contact[] = [];
  private readonly attended = new Set<Contact>();
  private guarded = false;
  private readonly inputPoll: PollHandle;
  private readonly relayPoll: PollHandle;
  private safety: "unsafe" | "clearing" | "safe" = "unsafe";
  private misses = 0;
  private missedMs = Number.NEGATIVE_INFINITY;

  constructor(options: WaveshareBoardOptions, ports: { readonly bus: Bus; readonly clock: Clock }) {
    this.options = options;
    this.bus = ports.bus;
    this.clock = ports.clock;
    this.address = options.address;
    this.deadlineMs = options.deadlineMs ?? 100;
    this.retriggerMs = options.retriggerMs ?? 800;
    for (let relay = 0; relay < WAVESHARE_RELAYS; relay++) this.outputs.push(new RelayOutput(this, relay));
    this.inputPoll = this.read("inputs", encodeReadInputs(options.address), options.idleMs ?? 500, (outcome) =>
      this.heardInputs(outcome),
    );
    this.relayPoll = this.read("relays", encodeReadRelays(options.address), options.readBackMs ?? 5_000, (outcome) =>
      this.heardRelays(outcome),
    );
    this.bus.watch((health) => this.lineChanged(health));
  }

  output(relay: number): SwitchedOutput | undefined {
    return this.outputs[relay - 1];
  }

  input(input: number, inverted: boolean): DigitalInput | undefined {
    if (!Number.isInteger(input) || input < 1 || input > WAVESHARE_INPUTS) return undefined;
    const contact: Contact = { bit: input - 1, inverted, sampled: new Sampled(false) };
    this.contacts.push(contact);
    return {
      reading: () => contact.sampled.reading,
      watch: (onChange) => contact.sampled.watch(onChange),
      attend: (attended) => this.attend(contact, attended),
      guard: () => {
        this.guarded = true;
        this.pace();
      },
    };
  }

  isReady(): boolean {
    return this.safety === "safe";
  }

  wantsAny(): boolean {
    return this.outputs.some((output) => output.isWanted());
  }

  allWentOff(): void {
    for (const output of this.outputs) output.allOff();
  }

  allInDoubt(): void {
    for (const output of this.outputs) output.unreachable();
  }

  doubt(): void {
    this.relayPoll.now();
  }

  lost(): void {
    this.distrust();
    this.inputPoll.now();
  }

  private read(
    what: string,
    request: Uint8Array,
    periodMs: number,
    done: (outcome: Outcome<ModbusReply>) => void,
  ): PollHandle {
    return this.bus.poll<ModbusReply>({
      name: `relay board ${this.address} ${what}`,
      periodMs,
      slowestMs: SLOWEST_MS,
      deadlineMs: this.deadlineMs,
      request,
      expects: remembered((bytes, length) => parseModbusReply(bytes, length, request)),
      done,
    });
  }

  private lineChanged(health: BusHealth): void {
    if (health.is === "strange") return;
    // On a line that turned out to echo, earlier confirmations may have been our own commands.
    this.distrust();
    if (health.is === "open" || health.is === "echo") this.makeSafe();
  }

  private makeSafe(): void {
    if (this.safety === "clearing") return;
    this.safety = "clearing";
    const request = encodeAllOff(this.address);
    this.bus.transact<ModbusReply>({
      lane: "urgent",
      request,
      deadlineMs: this.deadlineMs,
      expects: (bytes, length) => parseModbusReply(bytes, length, request),
      done: (outcome) => {
        const done = outcome.is === "answered" && outcome.value.exception === undefined;
        this.safety = done ? "safe" : "unsafe";
        if (!done) return; // The next answer of the board, whatever it is, brings the next attempt.
        this.allWentOff();
        for (const output of this.outputs) output.drive();
      },
    });
  }

  private attend(contact: Contact, attended: boolean): void {
    if (attended) this.attended.add(contact);
    else this.attended.delete(contact);
    this.pace();
  }

  private pace(): void {
    const { idleMs = 500, attendedMs = 150, guardMs = 100 } = this.options;
    const doorMs = this.attended.size > 0 ? attendedMs : idleMs;
    this.inputPoll.period(this.guarded ? Math.min(guardMs, doorMs) : doorMs);
  }

  private heardInputs(outcome: Outcome<ModbusReply>): void {
    if (outcome.is !== "answered") {
      this.missed(outcome);
      return;
    }
    this.there();
    const { exception, data } = outcome.value;
    if (exception !== undefined) {
      for (const { sampled } of this.contacts) sampled.invalid();
      return;
    }
    const holds: Reading<boolean> = { value: true, atMs: outcome.atMs, quality: "good" };
    const fails: Reading<boolean> = { value: false, atMs: outcome.atMs, quality: "good" };
    for (const { sampled, bit, inverted } of this.contacts)
      sampled.share(bitAt(data, bit) !== inverted ? holds : fails);
  }

  private heardRelays(outcome: Outcome<ModbusReply>): void {
    if (outcome.is !== "answered") return;
    this.there();
    const { exception, data } = outcome.value;
    if (exception !== undefined || this.safety !== "safe") return;
    for (let relay = 0; relay < this.outputs.length; relay++) {
      if (this.outputs[relay]?.readBack(bitAt(data, relay))) this.options.onDisagreement?.(relay + 1);
    }
  }

  private there(): void {
    this.misses = 0;
    this.missedMs = Number.NEGATIVE_INFINITY;
    if (this.safety === "unsafe") this.makeSafe();
  }

  private missed(outcome: Outcome<ModbusReply>): void {
    if (outcome.is !== "closed") {
      const nowMs = this.clock.monotonicMs();
      if (nowMs - this.missedMs < MISS_EVERY_MS) return;
      this.missedMs = nowMs;
      if (++this.misses < MISSES_TO_STALE) return;
    }
    for (const { sampled } of this.contacts) sampled.stale();
    this.distrust();
  }

  /** Nothing is known of the relays any more, and nothing is switched on before all were switched off. */
  private distrust(): void {
    if (this.safety === "safe") this.safety = "unsafe";
    this.allInDoubt();
  }
}

export function waveshareRelayD(
  options: WaveshareBoardOptions,
  ports: { readonly bus: Bus; readonly clock: Clock },
): WaveshareBoard {
  return new RelayBoardD(options, ports);
}
