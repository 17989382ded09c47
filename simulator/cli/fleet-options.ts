/** The words of `yizhan fleet`, read and refused in one place. */
import { parseArgs } from "node:util";
import { ID_PATTERN } from "../../services/contract/state-payloads.ts";
import type { FleetKind } from "../fleet/messages.ts";
import type { Language } from "../report.ts";
import { lengthMs } from "../soak/time-text.ts";

export interface FleetOptions {
  readonly stations: number;
  readonly kind: FleetKind;
  readonly broker: {
    readonly url: string;
    readonly username?: string;
    readonly passwordFile?: string;
    /** Whose certificates vouch for the broker, where the system's own authorities do not. */
    readonly tls?: { readonly stationId: string; readonly caFile: string };
  };
  readonly processes: number;
  /** Of the steady state. */
  readonly steadyMs: number;
  readonly swapsPerDay: number;
  readonly jitterMs: number;
  readonly prefix: string;
  /** Undefined: from the moment of the start. */
  readonly seed: string | undefined;
  readonly storm: boolean;
  readonly keep: boolean;
  readonly wildcard: boolean;
  readonly config: string | undefined;
  readonly json: boolean;
  readonly language: Language;
}

export const fleetUsage = `yizhan fleet --stations N --broker URL — N stations on a real broker

Two kinds of station. By default only what the broker sees of one: the controller's own MQTT session, outbox, state publisher
and judge of requests, over real connections, fed by a model that makes swaps, bay states and health at a real station's rates;
no controller decides and nothing is written to disk. With --full whole stations: the controller on its virtual hardware with
riders and weather, in real time, as many as the machine can carry.

  --stations N         how many (default 100)
  --broker URL         mqtt://host:port or mqtts://host:port (default mqtt://127.0.0.1:1883)
  --username U         user name at the broker; --password-file F holds its password
  --ca F               authority that vouches for an mqtts:// broker; stations show no certificates of their own
  --full               whole stations
  --processes P        how many processes share them (default: one for 1,000 telemetry stations or 10 whole ones)
  --minutes M          how long to go on once all are connected and have told their state (default 1)
  --until D            the same as 90s, 30m, 6h …
  --rate N             swaps a day and station (default 400)
  --jitter D           stations start at random moments within this (default 1s for each 200 stations)
  --storm              half way, break all connections on this side and measure how they come back (mqtt:// only)
  --prefix P           ids are P-00001, P-00002 … (default fleet)
  --config F           whose cabinets and bays every station has (default: the reference station)
  --seed N             same seed, same riders (default: another one each time, so that no id of an event comes twice)
  --keep               leave the retained messages on the broker at the end
  --wildcard           the observers subscribe once to everybody's events, for brokers that allow a client few subscriptions
                       (NATS: 63 unless max_ack_pending is lowered); each process of the fleet then gets all of them
  --json               one JSON object at the end, nothing else on standard output
  --lang zh|en         language of the report

Lost is an event that the broker acknowledged and that the fleet's own observer never got; then the exit code is 1, as when not
every station could connect. Ctrl-C ends the run and prints the report. One client address has about 28,000 ports towards one
address of a broker; larger fleets need several machines, each with a --prefix of its own.
`;

type Values = Record<string, string | boolean | undefined>;
type Parsed = { readonly options: FleetOptions } | { readonly problem: string } | { readonly help: true };

const STATIONS_MAX = 28_000;
const PER_PROCESS = { telemetry: 1_000, full: 10 } as const;
const STARTS_PER_SECOND = 200;

const textIn = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

function wholeNumber(values: Values, name: string, fallback: number): number {
  const text = textIn(values, name);
  return text === undefined ? fallback : Number(text);
}

function steadyMsOf(values: Values): number | string {
  const until = textIn(values, "until");
  const minutes = textIn(values, "minutes");
  if (until !== undefined && minutes !== undefined) return "--minutes or --until, not both";
  if (until !== undefined) return lengthMs(until) ?? `--until wants a duration like 90s or 6h, not ${until}`;
  const asked = Number(minutes ?? "1");
  return asked > 0 ? asked * 60_000 : `--minutes wants a number above 0, not ${minutes}`;
}

function jitterMsOf(values: Values, stations: number): number | string {
  const text = textIn(values, "jitter");
  if (text === undefined) return (stations / STARTS_PER_SECOND) * 1_000;
  return lengthMs(text) ?? `--jitter wants a duration like 10s, not ${text}`;
}

function numbersProblem(values: Values, stations: number): string | undefined {
  if (!Number.isInteger(stations) || stations < 1 || stations > STATIONS_MAX)
    return `--stations wants a whole number from 1 to ${STATIONS_MAX.toLocaleString("en")}`;
  const processes = wholeNumber(values, "processes", 1);
  if (!Number.isInteger(processes) || processes < 1 || processes > stations)
    return "--processes wants a whole number from 1 to the number of stations";
  return wholeNumber(values, "rate", 0) >= 0 ? undefined : "--rate wants a number";
}

function wordsProblem(values: Values): string | undefined {
  const url = textIn(values, "broker") ?? "";
  if (values.broker !== undefined && !/^mqtts?:\/\/[^\s/@]+$/.test(url))
    return `--broker wants mqtt://host:port or mqtts://host:port, not ${url}`;
  if (values.storm === true && url.startsWith("mqtts:"))
    return "--storm breaks plain connections only; with mqtts:// restart the broker instead, the report shows what follows";
  const prefix = textIn(values, "prefix") ?? "fleet";
  return ID_PATTERN.test(prefix) && prefix.length <= 40
    ? undefined
    : "--prefix wants lower-case letters, digits and dashes, at most 40";
}

export function readFleetOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Parsed {
  let values: Values;
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const texts = ["stations", "broker", "username", "password-file", "processes", "minutes", "until", "rate", "ca"];
  const moreTexts = ["jitter", "prefix", "config", "seed", "lang"];
  try {
    values = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries([...texts, ...moreTexts].map((name) => [name, text])),
        ...Object.fromEntries(["full", "storm", "keep", "wildcard", "json"].map((name) => [name, flag])),
        help: { ...flag, short: "h" },
      },
    }).values as Values;
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help === true) return { help: true };
  const stations = wholeNumber(values, "stations", 100);
  const steadyMs = steadyMsOf(values);
  const jitterMs = jitterMsOf(values, stations);
  const problem = numbersProblem(values, stations) ?? wordsProblem(values);
  if (problem !== undefined) return { problem };
  if (typeof steadyMs === "string") return { problem: steadyMs };
  if (typeof jitterMs === "string") return { problem: jitterMs };
  return { options: optionsOf(values, { stations, steadyMs, jitterMs }, env) };
}

function optionsOf(
  values: Values,
  sizes: Pick<FleetOptions, "stations" | "steadyMs" | "jitterMs">,
  env: Readonly<Record<string, string | undefined>>,
): FleetOptions {
  const kind: FleetKind = values.full === true ? "full" : "telemetry";
  const username = textIn(values, "username");
  const passwordFile = textIn(values, "password-file");
  const caFile = textIn(values, "ca");
  const prefix = textIn(values, "prefix") ?? "fleet";
  const zh = textIn(values, "lang") === "zh" || (values.lang === undefined && /^zh/.test(env.LC_ALL ?? env.LANG ?? ""));
  return {
    ...sizes,
    kind,
    broker: {
      url: textIn(values, "broker") ?? "mqtt://127.0.0.1:1883",
      ...(username === undefined ? {} : { username }),
      ...(passwordFile === undefined ? {} : { passwordFile }),
      ...(caFile === undefined ? {} : { tls: { stationId: prefix, caFile } }),
    },
    processes: wholeNumber(values, "processes", Math.ceil(sizes.stations / PER_PROCESS[kind])),
    swapsPerDay: wholeNumber(values, "rate", 400),
    prefix,
    seed: textIn(values, "seed"),
    storm: values.storm === true,
    keep: values.keep === true,
    wildcard: values.wildcard === true,
    config: textIn(values, "config"),
    json: values.json === true,
    language: zh ? "zh" : "en",
  };
}
