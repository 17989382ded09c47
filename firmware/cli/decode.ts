/**
 * `yizhan decode PROTOCOL HEX`: one frame, or one sensor file, as JSON. It decodes with the station's own codecs and
 * believes nothing that they refuse: exit 1 with the reason on standard error. It opens no port and sends nothing.
 */
import { decodeDpm86 } from "./decoders/dpm86.ts";
import { decodeGm65 } from "./decoders/gm65.ts";
import { parseBytes } from "./decoders/hex.ts";
import { decodeJbd } from "./decoders/jbd.ts";
import { decodeLock8a } from "./decoders/lock-8a.ts";
import { decodeModbus } from "./decoders/modbus.ts";
import { MODBUS_DEVICES, modbusDevice } from "./decoders/modbus-devices.ts";
import { decodePn532 } from "./decoders/pn532.ts";
import type { Decoded, Direction, Input } from "./decoders/result.ts";
import { type DecodeLanguage, HINTS, languageOf, usageText } from "./decoders/texts.ts";
import { decodeW1SlaveFile } from "./decoders/w1-slave.ts";

export interface DecodeIo {
  out(text: string): void;
  err(text: string): void;
}

const DECODERS: Readonly<Record<string, (input: Input) => Decoded>> = {
  jbd: decodeJbd,
  "lock-8a": decodeLock8a,
  "dpm86-ascii": decodeDpm86,
  "modbus-rtu": decodeModbus,
  gm65: decodeGm65,
  pn532: decodePn532,
  "sysfs-w1_slave": decodeW1SlaveFile,
};
export const DECODE_PROTOCOLS = Object.keys(DECODERS);

const ALIASES: Readonly<Record<string, string>> = {
  dpm86: "dpm86-ascii",
  modbus: "modbus-rtu",
  "w1-slave": "sysfs-w1_slave",
  w1_slave: "sysfs-w1_slave",
};

interface Arguments {
  readonly protocol: string;
  readonly data: string;
  readonly device: string | undefined;
  readonly request: string | undefined;
  readonly direction: Direction | undefined;
  readonly json: boolean;
}

/** The command was asked wrongly. */
interface Usage {
  readonly usage: string;
}

function usage(text: string): Usage {
  return { usage: text };
}

/** Exit code: 0 decoded, 1 not valid, 2 asked wrongly. */
export async function decodeCommand(args: readonly string[], io: DecodeIo): Promise<number> {
  const language = languageOf(args);
  const deviceNames = MODBUS_DEVICES.map(({ name }) => name);
  const help = usageText(language, DECODE_PROTOCOLS, deviceNames);
  if (args.includes("--help") || args.includes("-h")) {
    io.out(help);
    return 0;
  }
  const read = readArguments(args);
  const input = "usage" in read ? read : inputOf(read);
  if ("usage" in read || "usage" in input) {
    const message = "usage" in input ? input.usage : "";
    io.err(`${JSON.stringify({ error: { code: "E_USAGE", message, hint: HINTS.E_USAGE[language] } })}\n${help}`);
    return 2;
  }
  const decode = DECODERS[read.protocol] as (input: Input) => Decoded;
  return report(decode(input), read, language, io);
}

function report(result: Decoded, read: Arguments, language: DecodeLanguage, io: DecodeIo): number {
  const show = (value: unknown) => `${JSON.stringify(value, undefined, read.json ? undefined : 2)}\n`;
  if (result.is === "decoded") {
    io.out(show({ protocol: read.protocol, ...result.fields }));
    return 0;
  }
  if (result.fields !== undefined) io.out(show({ protocol: read.protocol, ...result.fields }));
  io.err(show({ error: { code: result.code, message: result.message, hint: HINTS[result.code][language] } }));
  return 1;
}

const VALUED = ["--device", "--request", "--direction", "--lang"];

function readArguments(args: readonly string[]): Arguments | Usage {
  const options: Record<string, string> = {};
  const words: string[] = [];
  let json = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const [name = "", inline] = arg.startsWith("--") ? splitOption(arg) : [""];
    if (VALUED.includes(name)) {
      const value = inline ?? args[++at];
      if (value === undefined) return usage(`${name} needs a value`);
      options[name] = value;
    } else if (arg === "--json") json = true;
    else if (name !== "") return usage(`unknown option ${name}`);
    else words.push(arg);
  }
  return checkArguments(words, options, json);
}

function splitOption(arg: string): [string, string?] {
  const equals = arg.indexOf("=");
  return equals < 0 ? [arg] : [arg.slice(0, equals), arg.slice(equals + 1)];
}

function checkArguments(
  words: readonly string[],
  options: Readonly<Record<string, string>>,
  json: boolean,
): Arguments | Usage {
  const [called, ...data] = words;
  if (called === undefined) return usage("no protocol given");
  const protocol = ALIASES[called.toLowerCase()] ?? called.toLowerCase();
  if (!Object.hasOwn(DECODERS, protocol)) {
    return usage(`unknown protocol "${called}"; known: ${DECODE_PROTOCOLS.join(", ")}`);
  }
  const direction = options["--direction"];
  if (direction !== undefined && !isDirection(direction)) {
    return usage(`unknown direction "${direction}"; known: req, resp, event, read`);
  }
  const label = protocol === "modbus-rtu" ? options["--device"] : undefined;
  const device = label === undefined ? undefined : modbusDevice(label)?.name;
  if (label !== undefined && device === undefined) {
    return usage(`unknown device "${label}"; known: ${MODBUS_DEVICES.map(({ name }) => name).join(", ")}`);
  }
  if (data.length === 0) return usage("no bytes given");
  return { protocol, data: data.join(" "), device, request: options["--request"], direction, json };
}

function isDirection(text: string): text is Direction {
  return text === "req" || text === "resp" || text === "event" || text === "read";
}

function inputOf(read: Arguments): Input | Usage {
  const bytes = parseBytes(read.data, read.protocol);
  if (typeof bytes === "string") return usage(bytes);
  const request = read.request === undefined ? undefined : parseBytes(read.request, read.protocol);
  if (typeof request === "string") return usage(`--request: ${request}`);
  return { bytes, direction: read.direction, request, device: read.device };
}
