/** The DPM86xx chargers of one line, by address. They obey the last command for as long as they have mains. */
import {
  DPM_CURRENT,
  DPM_MAX_CURRENT,
  DPM_MAX_VOLTAGE,
  DPM_MODE,
  DPM_OUTPUT,
  DPM_SET_BOTH,
  DPM_SET_CURRENT,
  DPM_SET_VOLTAGE,
  DPM_TEMPERATURE,
  DPM_VOLTAGE,
  type DpmRequest,
  encodeDpmOk,
  encodeDpmValue,
  parseDpmRequest,
} from "../../hal/codecs/dpm86.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Bay } from "../models/bay.ts";
import type { Site } from "../models/site.ts";
import type { LinePart, Reply } from "./device-line.ts";
import { RequestReader } from "./request-reader.ts";

/** Every model ends at 60.00 V; more is not taken. The current ends at what the model's name says. */
const MAX_MV = 60_000;

export interface DpmCharger {
  readonly bay: Bay;
  readonly maxMa: number;
}

export interface DpmChargersOptions {
  /** Index = address. */
  readonly chargers: ReadonlyArray<DpmCharger | undefined>;
  readonly clock: Clock;
  readonly site: Site;
  readonly turnaroundMs: number;
  readonly reply: Reply;
}

export function createDpmChargers({ chargers, clock, site, turnaroundMs, reply }: DpmChargersOptions): LinePart {
  const handle = (request: DpmRequest): void => {
    const charger = chargers[request.address];
    if (charger === undefined || !site.mainsOn) return;
    const { chargerSilent, chargerUnpowered } = charger.bay.faults;
    if (chargerSilent || chargerUnpowered) return;
    if (request.action === "write") {
      // A command it cannot carry out is met with silence.
      if (write(charger, request)) reply(encodeDpmOk(request.address), turnaroundMs);
      return;
    }
    charger.bay.look();
    const values = read(charger, request.register);
    if (values !== undefined) reply(encodeDpmValue(request.address, request.register, values), turnaroundMs);
  };
  const reader = new RequestReader({ clock, parse: parseDpmRequest, handle });
  return { receive: (bytes, length) => reader.receive(bytes, length) };
}

function write({ bay, maxMa }: DpmCharger, { register, values }: DpmRequest): boolean {
  const { charger } = bay;
  const [first = 0, second = 0] = values;
  const before = [charger.setMa, charger.setMv, charger.outputOn];
  if (register === DPM_SET_VOLTAGE) charger.setMv = within(first * 10, MAX_MV, charger.setMv);
  else if (register === DPM_SET_CURRENT) charger.setMa = within(first, maxMa, charger.setMa);
  else if (register === DPM_OUTPUT) charger.outputOn = first === 1;
  else if (register === DPM_SET_BOTH) {
    charger.setMv = within(first * 10, MAX_MV, charger.setMv);
    charger.setMa = within(second, maxMa, charger.setMa);
  } else return false;
  const same = before[0] === charger.setMa && before[1] === charger.setMv && before[2] === charger.outputOn;
  if (!same) bay.chargerCommanded();
  return true;
}

function within(value: number, max: number, otherwise: number): number {
  return value >= 0 && value <= max ? value : otherwise;
}

function read({ bay, maxMa }: DpmCharger, register: number): number[] | undefined {
  const { charger } = bay;
  switch (register) {
    case DPM_MAX_VOLTAGE:
      return [MAX_MV / 10];
    case DPM_MAX_CURRENT:
      return [maxMa];
    case DPM_SET_VOLTAGE:
      return [charger.setMv / 10];
    case DPM_SET_CURRENT:
      return [charger.setMa];
    case DPM_OUTPUT:
      return [charger.outputOn ? 1 : 0];
    case DPM_SET_BOTH:
      return [charger.setMv / 10, charger.setMa];
    case DPM_VOLTAGE:
      return [bay.terminalMv / 10];
    case DPM_CURRENT:
      return [bay.chargerMa];
    case DPM_MODE:
      return [bay.chargeMa > 0 && bay.chargeMa >= charger.actualMa ? 1 : 0];
    case DPM_TEMPERATURE:
      return [bay.airTempC + (bay.chargeMa * 25) / maxMa];
    default:
      return undefined;
  }
}
