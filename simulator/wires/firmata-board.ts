/**
 * A board with StandardFirmata (protocol 2.5, the pins of an Arduino Uno) at the other end of a line: it says who it is when it
 * starts, reports the analog channels it was asked for, drives its PWM pins, and answers what they are driven with. Like the
 * real one it has no watchdog: whoever falls silent leaves its outputs as they were. It speaks bytes only and keeps no time
 * but its sampling.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { LinePart, Reply } from "./device-line.ts";

export interface FirmataBoardOptions {
  readonly clock: Clock;
  readonly reply: Reply;
}

export interface SimulatedFirmataBoard extends LinePart {
  /** Voltage at a channel, as a share of the supply. */
  feed(channel: number, share: number): void;
  /** What a pin is driven with, 0–1. */
  driven(pin: number): number;
  /** Power comes, or the reset button was pressed: all settings are gone, and it says who it is. */
  restart(): void;
  /** Power is gone: it hears and says nothing, its outputs are off. */
  powerLost(): void;
  /** A firmware that hangs: outputs stay, nothing is said. */
  hang(): void;
  /** The board does everything but report analog channels. */
  forgetReports(): void;
}

// Firmata protocol 2.5: commands, sysex commands, pin modes.
const DIGITAL_MESSAGE = 0x90;
const REPORT_ANALOG = 0xc0;
const REPORT_DIGITAL = 0xd0;
const ANALOG_MESSAGE = 0xe0;
const START_SYSEX = 0xf0;
const SET_PIN_MODE = 0xf4;
const SET_DIGITAL_PIN = 0xf5;
const END_SYSEX = 0xf7;
const REPORT_VERSION = 0xf9;
const SYSTEM_RESET = 0xff;
const ANALOG_MAPPING_QUERY = 0x69;
const ANALOG_MAPPING_RESPONSE = 0x6a;
const CAPABILITY_QUERY = 0x6b;
const CAPABILITY_RESPONSE = 0x6c;
const PIN_STATE_QUERY = 0x6d;
const PIN_STATE_RESPONSE = 0x6e;
const EXTENDED_ANALOG = 0x6f;
const REPORT_FIRMWARE = 0x79;
const SAMPLING_INTERVAL = 0x7a;
const NO_CHANNEL = 0x7f;
const INPUT = 0x00;
const OUTPUT = 0x01;
const ANALOG = 0x02;
const PWM = 0x03;
const SERVO = 0x04;
const PULLUP = 0x0b;

/** Arduino Uno: 20 pins, PWM on six, A0–A5 on 14–19; 0 and 1 are the serial line. */
const PINS = 20;
const PWM_PINS: ReadonlySet<number> = new Set([3, 5, 6, 9, 10, 11]);
const FIRST_ANALOG = 14;
const ADC_BITS = 10;
const ADC_MAX = 1_023;
const PWM_BITS = 8;
const PWM_MAX = 255;
const SERVO_BITS = 14;
/** StandardFirmata samples every 19 ms until it is told otherwise, and takes less than 10 for 10. */
const SAMPLING_MS = 19;
const SAMPLING_MIN_MS = 10;
/** StandardFirmata's buffer for a sysex message; what is longer is lost. */
const SYSEX_MAX = 64;
const NAME = "StandardFirmata.ino";

const low = (value: number): number => value & 0x7f;
const high = (value: number): number => (value >> 7) & 0x7f;

function capabilities(): number[] {
  const said: number[] = [];
  for (let pin = 0; pin < PINS; pin++) {
    if (pin >= 2) said.push(INPUT, 1, PULLUP, 1, OUTPUT, 1);
    if (pin >= FIRST_ANALOG) said.push(ANALOG, ADC_BITS);
    if (PWM_PINS.has(pin)) said.push(PWM, PWM_BITS);
    if (pin >= 2 && pin < FIRST_ANALOG) said.push(SERVO, SERVO_BITS);
    said.push(NO_CHANNEL);
  }
  return said;
}

/** How many bytes follow a command; the sysex ones are told by their end. */
function bytesAfter(command: number): number | undefined {
  if (command === SET_PIN_MODE || command === SET_DIGITAL_PIN) return 2;
  if (command === REPORT_VERSION || command === SYSTEM_RESET) return 0;
  const family = command & 0xf0;
  if (family === ANALOG_MESSAGE || family === DIGITAL_MESSAGE) return 2;
  return family === REPORT_ANALOG || family === REPORT_DIGITAL ? 1 : undefined;
}

class FirmataBoardModel implements SimulatedFirmataBoard {
  private readonly options: FirmataBoardOptions;
  private readonly shares = new Map<number, number>();
  private readonly modes = new Map<number, number>();
  private readonly states = new Map<number, number>();
  private readonly reported = new Set<number>();
  private running = true;
  private powered = true;
  private samplingMs = SAMPLING_MS;
  private sampling: Timer | undefined;
  private heard: number[] = [];

  constructor(options: FirmataBoardOptions) {
    this.options = options;
  }

  feed(channel: number, share: number): void {
    this.shares.set(channel, share);
  }

  driven(pin: number): number {
    return this.powered && this.modes.get(pin) === PWM ? (this.states.get(pin) ?? 0) / PWM_MAX : 0;
  }

  restart(): void {
    this.forget();
    this.running = true;
    this.powered = true;
    this.sayVersion();
    this.sayFirmware();
  }

  powerLost(): void {
    this.forget();
    this.running = false;
    this.powered = false;
  }

  hang(): void {
    this.sampling?.cancel();
    this.running = false;
  }

  forgetReports(): void {
    this.reported.clear();
  }

  private forget(): void {
    this.sampling?.cancel();
    this.samplingMs = SAMPLING_MS;
    this.modes.clear();
    this.states.clear();
    this.reported.clear();
    this.heard = [];
  }

  receive(bytes: Uint8Array, length: number): void {
    if (!this.running) return;
    for (let at = 0; at < length; at++) this.take(bytes[at] as number);
  }

  private take(byte: number): void {
    const [first] = this.heard;
    // A command byte in the middle of a message ends it unfinished; only a sysex may end with one.
    if (byte >= 0x80 && !(first === START_SYSEX && byte === END_SYSEX)) this.heard = [byte];
    else if (first !== undefined && this.heard.length < SYSEX_MAX) this.heard.push(byte);
    if (this.isComplete(byte)) this.handle();
  }

  private isComplete(last: number): boolean {
    const [command] = this.heard;
    if (command === START_SYSEX) return last === END_SYSEX;
    return command !== undefined && this.heard.length > (bytesAfter(command) ?? 0);
  }

  private handle(): void {
    const [command = 0, second = 0, third = 0] = this.heard;
    const { heard } = this;
    this.heard = [];
    if (command === START_SYSEX) this.sysex(heard.slice(1, -1));
    else this.obey(command, second, third);
  }

  private obey(command: number, second: number, third: number): void {
    if (command === REPORT_VERSION) this.sayVersion();
    else if (command === SYSTEM_RESET) this.forget();
    else if (command === SET_PIN_MODE) this.setMode(second, third);
    else if ((command & 0xf0) === ANALOG_MESSAGE) this.drive(command & 0x0f, second | (third << 7));
    else if ((command & 0xf0) === REPORT_ANALOG) this.report(command & 0x0f, second !== 0);
  }

  private sysex(message: readonly number[]): void {
    const [command, second = 0, third = 0, fourth = 0] = message;
    switch (command) {
      case REPORT_FIRMWARE:
        this.sayFirmware();
        return;
      case CAPABILITY_QUERY:
        this.say(START_SYSEX, CAPABILITY_RESPONSE, ...capabilities(), END_SYSEX);
        return;
      case ANALOG_MAPPING_QUERY: {
        const mapping = Array.from({ length: PINS }, (_none, pin) =>
          pin < FIRST_ANALOG ? NO_CHANNEL : pin - FIRST_ANALOG,
        );
        this.say(START_SYSEX, ANALOG_MAPPING_RESPONSE, ...mapping, END_SYSEX);
        return;
      }
      case PIN_STATE_QUERY:
        this.sayState(second);
        return;
      case EXTENDED_ANALOG:
        this.drive(second, third | (fourth << 7));
        return;
      case SAMPLING_INTERVAL:
        this.samplingMs = Math.max(SAMPLING_MIN_MS, second | (third << 7));
        return;
    }
  }

  private setMode(pin: number, mode: number): void {
    if (pin >= PINS || (mode === PWM && !PWM_PINS.has(pin))) return;
    // Whether a mode that is set anew clears the pin differs between firmwares; the worse is played.
    if (this.modes.get(pin) !== mode) this.states.set(pin, 0);
    this.modes.set(pin, mode);
  }

  private drive(pin: number, count: number): void {
    if (this.modes.get(pin) === PWM) this.states.set(pin, Math.min(count, PWM_MAX));
  }

  private report(channel: number, wanted: boolean): void {
    if (channel >= PINS - FIRST_ANALOG) return;
    if (!wanted) this.reported.delete(channel);
    else if (!this.reported.has(channel)) {
      this.reported.add(channel);
      this.modes.set(FIRST_ANALOG + channel, ANALOG);
      // Asked for, a value is said at once (StandardFirmata 2.4 and newer).
      this.sayAnalog(channel);
      this.sampling?.cancel();
      this.sample();
    }
  }

  private sample(): void {
    this.sampling = this.options.clock.after(this.samplingMs, () => {
      for (const channel of this.reported) this.sayAnalog(channel);
      this.sample();
    });
  }

  private sayAnalog(channel: number): void {
    const share = Math.max(0, Math.min(1, this.shares.get(channel) ?? 0));
    const count = Math.round(share * ADC_MAX);
    this.say(ANALOG_MESSAGE | channel, low(count), high(count));
  }

  private sayVersion(): void {
    this.say(REPORT_VERSION, 2, 5);
  }

  private sayFirmware(): void {
    const name = [...NAME].flatMap((letter) => [low(letter.charCodeAt(0)), high(letter.charCodeAt(0))]);
    this.say(START_SYSEX, REPORT_FIRMWARE, 2, 5, ...name, END_SYSEX);
  }

  private sayState(pin: number): void {
    if (pin >= PINS) return;
    const state = this.states.get(pin) ?? 0;
    const mode = this.modes.get(pin) ?? OUTPUT;
    this.say(START_SYSEX, PIN_STATE_RESPONSE, pin, mode, low(state), high(state), END_SYSEX);
  }

  private say(...bytes: number[]): void {
    this.options.reply(Uint8Array.from(bytes), 0);
  }
}

export function createFirmataBoard(options: FirmataBoardOptions): SimulatedFirmataBoard {
  return new FirmataBoardModel(options);
}
