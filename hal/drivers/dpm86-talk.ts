/**
 * What is said to a DPM86xx charger, each act with its proof: a write is answered by a bare "ok" that names neither
 * register nor value, so what was written is read back from its own register. It decides nothing.
 */
import type { Bus, Lane, Outcome } from "../buses/bus.ts";
import {
  DPM_OUTPUT,
  DPM_SET_BOTH,
  DPM_SET_CURRENT,
  DPM_SET_VOLTAGE,
  type DpmReply,
  encodeDpmRead,
  encodeDpmWrite,
  parseDpmReply,
} from "../codecs/dpm86.ts";
import { frame, junk, type Parsed } from "../codecs/parsed.ts";
import type { ChargerSetpoint } from "../ports/charger.ts";

export interface DpmTalkOptions {
  readonly bus: Bus;
  readonly address: number;
  readonly deadlineMs: number;
  readonly outputReadable: boolean;
}

type Done<T> = (outcome: Outcome<T>) => void;

export class DpmTalk {
  private readonly options: DpmTalkOptions;

  constructor(options: DpmTalkOptions) {
    this.options = options;
  }

  /** `true`: the charger reports the output as asked. Off goes before everything else on the line. */
  writeOutput(on: boolean, done: Done<boolean>): void {
    this.write(on ? "act" : "urgent", DPM_OUTPUT, [on ? 1 : 0], (outcome) => {
      if (outcome.is !== "answered" || !this.options.outputReadable) done(outcome);
      else this.read(DPM_OUTPUT, (readBack) => done(mapped(readBack, (value) => value === (on ? 1 : 0))));
    });
  }

  writeSetpoint({ setMa, setMv }: ChargerSetpoint, done: Done<boolean>): void {
    this.write("act", DPM_SET_BOTH, [setMv / 10, setMa], done);
  }

  readSetpoint(done: Done<ChargerSetpoint>): void {
    this.read(DPM_SET_VOLTAGE, (volts) => {
      if (volts.is !== "answered") done(volts);
      else this.read(DPM_SET_CURRENT, (amps) => done(mapped(amps, (setMa) => ({ setMa, setMv: volts.value * 10 }))));
    });
  }

  private write(lane: Lane, register: number, values: readonly number[], done: Done<boolean>): void {
    const { address } = this.options;
    this.options.bus.transact<boolean>({
      lane,
      request: encodeDpmWrite(address, register, values),
      deadlineMs: this.options.deadlineMs,
      expects: (bytes, length) => dpmOk(parseDpmReply(bytes, length), address),
      done,
    });
  }

  private read(register: number, done: Done<number>): void {
    const { address } = this.options;
    this.options.bus.transact<number>({
      lane: "act",
      request: encodeDpmRead(address, register),
      deadlineMs: this.options.deadlineMs,
      kin: `dpm ${address} ${register}`,
      expects: (bytes, length) => dpmValue(parseDpmReply(bytes, length), address, register),
      done,
    });
  }
}

function mapped<A, B>(outcome: Outcome<A>, map: (value: A) => B): Outcome<B> {
  return outcome.is === "answered" ? { is: "answered", value: map(outcome.value), atMs: outcome.atMs } : outcome;
}

function dpmOk(parsed: Parsed<DpmReply>, address: number): Parsed<boolean> {
  if (parsed.is !== "frame") return parsed;
  if (parsed.value.address !== address) return junk(parsed.used, `from charger ${parsed.value.address}`);
  return "ok" in parsed.value ? frame(true, parsed.used) : junk(parsed.used, "a value, not an ok");
}

/** The one value of one register of one charger. */
export function dpmValue(parsed: Parsed<DpmReply>, address: number, register: number): Parsed<number> {
  if (parsed.is !== "frame") return parsed;
  const { value: reply, used } = parsed;
  if (reply.address !== address) return junk(used, `from charger ${reply.address}`);
  if ("ok" in reply || reply.register !== register) return junk(used, `not register ${register}`);
  const [value] = reply.values;
  return value === undefined ? junk(used, "no value") : frame(value, used);
}
