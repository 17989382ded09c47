/**
 * `yizhan simulate` beside the clock on the wall: it shows what happens, serves a real MQTT broker, the station's pages and the cockpit
 * on this computer alone, and ends at Ctrl-C with its report.
 */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import type { HttpSurface } from "../../firmware/http/surface.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeMqtt } from "../../firmware/platform/node-mqtt.ts";
import { nodeRandom } from "../../firmware/platform/node-random.ts";
import type { BrokerLink, OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { type Cockpit, startCockpit } from "../cockpit/cockpit.ts";
import { type EmbeddedBroker, startEmbeddedBroker } from "../embedded-broker.ts";
import { count, newTally } from "../report.ts";
import { createSimulation, type Simulation } from "../simulation.ts";
import type { SimulateOptions } from "./options.ts";
import { type Pace, pace, sayGoodbye } from "./pacing.ts";
import { type CommandIo, letBreak, tell, worldOptions } from "./run-parts.ts";
import { createTicker } from "./ticker.ts";

/** What listens on this computer; nothing where nobody shall look. */
interface Open {
  readonly broker: EmbeddedBroker | undefined;
  readonly http: HttpSurface | undefined;
  readonly cockpit: Cockpit | undefined;
}

function greet(config: LoadedConfig, options: SimulateOptions, { broker, http, cockpit }: Open, io: CommandIo): void {
  const { id, name } = config.file.station;
  const zh = options.language === "zh";
  const bays = config.file.cabinets.reduce((sum, cabinet) => sum + cabinet.bays.length, 0);
  io.out(
    [
      `yizhan 驿站  ${name[options.language]} (${id}): ${config.file.cabinets.length} × 换电柜/cabinets, ${bays} 仓/bays, × ${options.speed}, seed ${options.seed}`,
      ...(broker === undefined ? [] : [`  MQTT   ${broker.url}   (${zh ? "订阅" : "topics"} yizhan/1/${id}/#)`]),
      ...(broker === undefined
        ? []
        : [
            `  ${zh ? "另开一个终端" : "in another terminal"}:  npx mqtt subscribe -h 127.0.0.1 -p ${broker.port} -v -t 'yizhan/1/${id}/#'`,
          ]),
      ...(http === undefined ? [] : [`  HTTP   ${http.url}/metrics   ${http.url}/healthz`]),
      ...(cockpit === undefined
        ? []
        : [
            `  ${zh ? "驾驶台" : "Cockpit"} ${cockpit.url}/   (${zh ? "看清每个仓，亲手制造故障" : "every bay, and faults at a click"})`,
          ]),
      `  ${zh ? "按 Ctrl-C 停止并查看报告" : "Ctrl-C stops and prints a service report"}`,
      "",
    ].join("\n"),
  );
}

/** Until Ctrl-C, or the end. */
async function runUntilStopped(
  simulation: Simulation,
  paced: Pick<Pace, "clock" | "speed" | "untilMs">,
): Promise<void> {
  let stopped = false;
  const stop = (): void => {
    if (stopped) process.exit(130); // The second Ctrl-C does not wait.
    stopped = true;
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  await pace(simulation, { ...paced, isStopped: () => stopped });
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}

async function homeAssistant() {
  const { discover } = await import("../../firmware/home-assistant/discovery.ts");
  return { discover };
}

/** The simulated station's own pages, on this computer only. */
async function openHttp({ station, clock }: Simulation, port: number): Promise<HttpSurface> {
  const { openHttpSurface } = await import("../../firmware/http/surface.ts");
  const identity = { version: "0.1.0", commit: "simulated" };
  return openHttpSurface({ station, clock, identity, listen: { host: "127.0.0.1", port, tries: 50 } });
}

/** The controller's links to the broker. One whose station would not go in time would keep the process alive for ever. */
function keptLinks(url: string, clock: Clock) {
  const links: BrokerLink[] = [];
  const openBroker = (): OpenBrokerLink => (options, events) => {
    const link = nodeMqtt({ url }, { clock, random: nodeRandom() })(options, events);
    links.push(link);
    return link;
  };
  const close = (): Promise<unknown> =>
    Promise.all(links.map((link) => new Promise<void>((done) => link.close(() => done()))));
  return { openBroker, close };
}

/** The lines of what happens: coloured for the terminal, plain for the cockpit. */
function tickers(config: LoadedConfig, options: SimulateOptions, wallMs: () => number) {
  const { language } = options;
  const { timeZone } = config.file.station;
  return (out: (text: string) => void, colour: boolean) => createTicker({ language, timeZone, colour, out, wallMs });
}

/** Where it may be seen by somebody, in the terminal and on the cockpit's page. */
interface Audience {
  readonly terminal: (text: string) => void;
  cockpit: Cockpit | undefined;
}

async function openCockpit(
  simulation: Simulation,
  options: SimulateOptions,
  { clock, speed }: { readonly clock: Clock; readonly speed: { times: number } },
  audience: Audience,
): Promise<Cockpit | undefined> {
  const say = (text: string): void => {
    audience.terminal(text);
    audience.cockpit?.told(text);
  };
  const director = letBreak(simulation, options, say);
  if (options.headless) return undefined;
  const { cockpitPort: port, language } = options;
  const failed = (why: string): void => say(`    ${language === "zh" ? "驾驶台出错" : "the cockpit failed"}: ${why}`);
  return startCockpit({ simulation, director, port, clock, language, speed, failed });
}

export async function runPaced(config: LoadedConfig, options: SimulateOptions, io: CommandIo): Promise<number> {
  const tally = newTally();
  const quiet = options.json || options.headless;
  const broker = options.headless ? undefined : await startEmbeddedBroker({ port: options.mqttPort });
  const clock = nodeClock();
  const startedMs = clock.monotonicMs();
  const links = broker === undefined ? undefined : keptLinks(broker.url, clock);
  let wallMs = () => options.fromMs;
  const audience: Audience = { terminal: quiet ? () => undefined : (text) => io.out(text), cockpit: undefined };
  const ticker = tickers(config, options, () => wallMs());
  const toTerminal = ticker(audience.terminal, process.stdout.isTTY === true && io.env.NO_COLOR === undefined);
  const toCockpit = ticker((text) => audience.cockpit?.told(text), false);
  let http: HttpSurface | undefined;
  const simulation = createSimulation({
    config,
    seed: options.seed,
    fromMs: options.fromMs,
    world: worldOptions(options),
    cutsPerDay: options.scenario?.cutsPerDay,
    ...(config.file.homeassistant.enabled ? await homeAssistant() : {}),
    ...(broker === undefined || links === undefined ? {} : { desk: broker, openBroker: links.openBroker }),
    onRecord: (record) => {
      count(tally, record);
      http?.recorded(record);
      toTerminal(record);
      toCockpit(record);
    },
  });
  wallMs = () => simulation.clock.wallMs();
  const speed = { times: options.speed ?? 1 };
  const cockpit = await openCockpit(simulation, options, { clock, speed }, audience);
  audience.cockpit = cockpit;
  http = options.headless ? undefined : await openHttp(simulation, options.httpPort);
  if (!quiet) greet(config, options, { broker, http, cockpit }, io);
  await runUntilStopped(simulation, { clock, speed, untilMs: options.untilMs ?? Number.POSITIVE_INFINITY });
  if (!(await sayGoodbye(simulation, clock))) await links?.close();
  await cockpit?.close();
  await http?.close();
  await broker?.close();
  return tell(simulation, tally, { options, clock, startedMs, io });
}
