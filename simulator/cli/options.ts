/** The words of `yizhan simulate`, read and refused in one place. */
import { parseArgs } from "node:util";
import { plausible } from "../../firmware/config/nearest.ts";
import type { Language } from "../report.ts";
import { type Scenario, scenarioNames, scenarioOf, scenarios } from "../scenarios.ts";
import { faultWords } from "../soak/planned.ts";
import type { FaultStep } from "../soak/scenario.ts";
import { lengthMs } from "../soak/time-text.ts";

export interface SimulateOptions {
  readonly config: string | undefined;
  readonly seed: string;
  /** Times real time; undefined = as fast as the machine can. */
  readonly speed: number | undefined;
  readonly untilMs: number | undefined;
  readonly fromMs: number;
  readonly json: boolean;
  readonly headless: boolean;
  readonly language: Language;
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly cockpitPort: number;
  readonly homeAssistant: boolean;
  readonly arrivalsPerDay: number;
  readonly outdoorC: number | undefined;
  readonly scenario: Scenario | undefined;
  /** What breaks, within this time from the start. */
  readonly faults: ((lastsMs: number) => FaultStep[]) | undefined;
}

export const simulateUsage = `yizhan simulate [options] — the controller against the simulated station

  -c, --config F   configuration (default: the reference station)
  --seed N         same seed, same history (default 1)
  --speed X|max    times real time (default 60; max needs --until)
  --until D        stop after 90s, 30m, 6h, 1d … of simulated time
  --from ISO       station time at the start (default 2026-01-15T11:00+08:00)
  --scenario NAME  a station with a room, for a day at full speed; --until 30d makes it a month
${scenarios.map(({ name, says }) => `                     ${name.padEnd(14)}${says.en}`).join("\n")}
  --faults LIST    what breaks: all, or names, each as often as it usually does or at a time for a while:
                   smoke@10m:60s,mains-cut-idle (yizhan soak --list-faults names them)
  --arrivals N     riders a day (default 400; a scenario has its own)
  --outdoor C      fixed outdoor temperature in °C (default: the season's)
  --mqtt-port N    port of the embedded broker (default 1883, the next free one where taken)
  --http-port N    port of /metrics and /healthz (default 8080, the next free one where taken)
  --cockpit-port N port of the page on which faults are switched (default 8090, the next free one where taken)
  --home-assistant announce the station to a Home Assistant on the same broker
  --headless       no embedded broker, no http, no cockpit, no lines for people
  --json           one JSON object at the end, nothing else on standard output
  --lang zh|en     language of the lines for people
`;

const defaultFrom = "2026-01-15T11:00:00+08:00";

type Parsed = { readonly options: SimulateOptions } | { readonly problem: string } | { readonly help: true };

function languageOf(asked: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (asked === "zh" || asked === "en") return asked;
  return (env.LC_ALL ?? env.LANG ?? "").startsWith("zh") ? "zh" : "en";
}

type Values = Record<string, string | boolean | undefined>;

/** `--outdoor -32`: the parser takes a value with a minus for an option unless it is joined to its own. */
function joined(args: readonly string[]): string[] {
  const out: string[] = [];
  for (const arg of args) {
    if (out.at(-1) === "--outdoor" && /^-\d/.test(arg)) out[out.length - 1] = `--outdoor=${arg}`;
    else out.push(arg);
  }
  return out;
}

function numberIn(values: Values, name: string, fallback: number): number {
  const text = values[name];
  return typeof text === "string" ? Number(text) : fallback;
}

function portProblem(values: Values, name: string): string | undefined {
  const port = numberIn(values, name, 0);
  return Number.isInteger(port) && port >= 0 && port < 65_536 ? undefined : `--${name} wants a port number`;
}

function scenarioProblem(name: Values[string]): string | undefined {
  if (typeof name !== "string" || scenarioOf(name) !== undefined) return undefined;
  if (/\.ya?ml$/.test(name)) return `scenario files are played by: yizhan soak --scenario ${name}`;
  const meant = plausible(name, scenarioNames);
  const there = `there are ${scenarioNames.join(", ")}`;
  return `no scenario ${name}; ${meant === undefined ? there : `did you mean ${meant}? ${there}`}`;
}

function problemOf(values: Values, untilMs: number | undefined): string | undefined {
  const faultsSaid = typeof values.faults === "string" ? faultWords(values.faults) : undefined;
  if (faultsSaid !== undefined && "problem" in faultsSaid) return faultsSaid.problem;
  const scenarioTrouble = scenarioProblem(values.scenario);
  if (scenarioTrouble !== undefined) return scenarioTrouble;
  const { speed } = values;
  if (speed !== undefined && speed !== "max" && !(Number(speed) > 0))
    return `--speed wants a number above 0 or max, not ${speed}`;
  if (values.until !== undefined && untilMs === undefined)
    return `--until wants a duration like 6h or 1d, not ${values.until}`;
  if (speed === "max" && untilMs === undefined && values.scenario === undefined)
    return "--speed max needs --until, or it would never end";
  if (typeof values.from === "string" && Number.isNaN(Date.parse(values.from)))
    return `--from wants ISO 8601, not ${values.from}`;
  if (!(numberIn(values, "arrivals", 0) >= 0)) return "--arrivals wants a number";
  if (Number.isNaN(numberIn(values, "outdoor", 0))) return "--outdoor wants a temperature in °C";
  return ["mqtt-port", "http-port", "cockpit-port"]
    .map((name) => portProblem(values, name))
    .find((problem) => problem !== undefined);
}

export function readSimulateOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed {
  let values: Values;
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    values = parseArgs({
      args: joined(args),
      options: {
        config: { ...text, short: "c" },
        seed: text,
        speed: text,
        until: text,
        from: text,
        scenario: text,
        faults: text,
        arrivals: text,
        outdoor: text,
        "mqtt-port": text,
        "http-port": text,
        "cockpit-port": text,
        lang: text,
        "home-assistant": flag,
        headless: flag,
        json: flag,
        help: { ...flag, short: "h" },
      },
    }).values;
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help === true) return { help: true };
  const until = values.until;
  const untilMs = typeof until === "string" ? lengthMs(until) : undefined;
  const problem = problemOf(values, untilMs);
  if (problem !== undefined) return { problem };
  return { options: optionsOf(values, untilMs, env) };
}

/** A scenario brings its own beginning, length, riders and speed; whatever is said beside it counts more. */
function optionsOf(
  values: Values,
  untilMs: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): SimulateOptions {
  const textIn = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const scenario = scenarioOf(textIn("scenario") ?? "");
  const atFullSpeed = values.speed === "max" || (scenario !== undefined && values.speed === undefined);
  return {
    config: textIn("config"),
    seed: textIn("seed") ?? "1",
    speed: atFullSpeed ? undefined : numberIn(values, "speed", 60),
    untilMs: untilMs ?? scenario?.lastsMs,
    fromMs: Date.parse(textIn("from") ?? scenario?.from ?? defaultFrom),
    json: values.json === true,
    headless: values.headless === true,
    homeAssistant: values["home-assistant"] === true,
    language: languageOf(textIn("lang"), env),
    mqttPort: numberIn(values, "mqtt-port", 1883),
    httpPort: numberIn(values, "http-port", 8080),
    cockpitPort: numberIn(values, "cockpit-port", 8090),
    arrivalsPerDay: numberIn(values, "arrivals", scenario?.arrivalsPerDay ?? 400),
    outdoorC: values.outdoor === undefined ? undefined : numberIn(values, "outdoor", 0),
    scenario,
    faults: faultsOf(textIn("faults"), textIn("seed") ?? "1"),
  };
}

function faultsOf(text: string | undefined, seed: string): SimulateOptions["faults"] {
  const words = text === undefined ? undefined : faultWords(text);
  return words === undefined || "problem" in words ? undefined : (lastsMs) => words.steps(seed, lastsMs);
}
