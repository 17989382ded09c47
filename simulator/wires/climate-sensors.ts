/**
 * XY-MD02 sensors of one line: two input registers each, temperature and humidity, in the sensor's own steps. A sensor
 * rounds to its step and stops at what its word can hold; it refuses every other register and function.
 */
import { encodeModbusReplyException, type ModbusRequest, parseModbusRequest } from "../../hal/codecs/modbus-rtu.ts";
import {
  encodeXyMd02Reply,
  XY_MD02_FIRST_REGISTER,
  XY_MD02_FUNCTION,
  XY_MD02_REGISTERS,
  type XyMd02Scale,
  xyMd02Registers,
} from "../../hal/codecs/xy-md02.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Site } from "../models/site.ts";
import type { LinePart, Reply } from "./device-line.ts";
import { RequestReader } from "./request-reader.ts";

export interface ClimateSensor {
  readonly address: number;
  readonly scale: XyMd02Scale;
  /** What the air around the sensor is like now. */
  air(): { readonly tempC: number; readonly humidityPct: number };
  /** Says so much more than it feels. */
  offsetC?: number | undefined;
  /** Faults: `frozen` keeps saying its last words, `short` and `open` say the ends of the scale, `gone` says nothing. */
  fault?: "frozen" | "short" | "open" | "gone" | undefined;
}

export interface ClimateSensorsOptions {
  readonly sensors: readonly ClimateSensor[];
  readonly clock: Clock;
  readonly site: Pick<Site, "mainsOn">;
  readonly turnaroundMs: number;
  readonly reply: Reply;
}

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
/** A shorted and a broken sensor line, as the words of a converter at its ends. */
const SHORT_WORDS: readonly [number, number] = [0x8000, 0];
const OPEN_WORDS: readonly [number, number] = [0x7fff, 0xffff];

export function createClimateSensors(options: ClimateSensorsOptions): LinePart {
  const { clock, site, turnaroundMs, reply } = options;
  const lastWords = new Map<ClimateSensor, readonly [number, number]>();

  function words(sensor: ClimateSensor): readonly [number, number] {
    if (sensor.fault === "short") return SHORT_WORDS;
    if (sensor.fault === "open") return OPEN_WORDS;
    const last = lastWords.get(sensor);
    if (sensor.fault === "frozen" && last !== undefined) return last;
    const { tempC, humidityPct } = sensor.air();
    const now = xyMd02Registers(tempC + (sensor.offsetC ?? 0), humidityPct, sensor.scale);
    lastWords.set(sensor, now);
    return now;
  }

  function answer(sensor: ClimateSensor, { address, function: fn, start, count }: ModbusRequest): Uint8Array {
    if (fn !== XY_MD02_FUNCTION) return encodeModbusReplyException(address, fn, ILLEGAL_FUNCTION);
    const from = start - XY_MD02_FIRST_REGISTER;
    if (from < 0 || count < 1 || from + count > XY_MD02_REGISTERS) {
      return encodeModbusReplyException(address, fn, ILLEGAL_ADDRESS);
    }
    return encodeXyMd02Reply(address, words(sensor).slice(from, from + count));
  }

  const handle = (request: ModbusRequest): void => {
    const sensor = options.sensors.find(({ address }) => address === request.address);
    if (sensor === undefined || sensor.fault === "gone" || !site.mainsOn) return;
    reply(answer(sensor, request), turnaroundMs);
  };
  const reader = new RequestReader({ clock, parse: (bytes, length) => parseModbusRequest(bytes, length), handle });
  return { receive: (bytes, length) => reader.receive(bytes, length) };
}
