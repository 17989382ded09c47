/**
 * The cockpit of a living simulation: a page on which a person sees every bay as it is and as the controller holds it to be, lets the
 * faults of the catalogue strike, mends them, sends riders and sets the speed. It joins the parts and knows none of their rules.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import { faults } from "../faults/catalogue.ts";
import type { FaultDirector } from "../faults/director.ts";
import type { Simulation } from "../simulation.ts";
import { carryOut, manners } from "./orders.ts";
import { type CockpitServer, openCockpit } from "./server.ts";
import { cockpitView } from "./view.ts";
import { classWords, mannerWords, pageWords, stateWords } from "./words.ts";

export interface CockpitOptions {
  readonly simulation: Simulation;
  readonly director: FaultDirector;
  readonly port: number;
  /** The wall's: people look in real time, whatever the simulation's clock does. */
  readonly clock: Clock;
  readonly language: "zh" | "en";
  /** Times real time, as it may be changed here. */
  readonly speed: { times: number };
  /** What was asked and failed by a mistake of the program. */
  readonly failed: (why: string) => void;
}

export interface Cockpit extends CockpitServer {
  /** One line of what happened, as a terminal shows it. */
  told(line: string): void;
}

const linesKept = 200;

/** Names by which a strike can be sent to one place (`simulator/faults/targets.ts`). */
function placesOf({ world, config }: Simulation): string[] {
  const { buses, devices } = config.file;
  const probes = devices.filter(({ id }) => world.probeFaults(id) !== undefined).map(({ id }) => id);
  return [
    ...world.truth.cabinets.map(({ id }) => `cabinet ${id}`),
    ...world.truth.bays.map(({ bay }) => `bay ${bay}`),
    ...buses.map(({ id }) => `line ${id}`),
    ...devices.filter((device) => "address" in device).map(({ id }) => `device ${id}`),
    ...[...probes, ...(world.room?.room.sensors.keys() ?? [])].map((id) => `sensor ${id}`),
  ];
}

/** What does not change while it runs. Faults that a simulation cannot show are left out. */
function aboutOf({ simulation, language }: CockpitOptions) {
  const { name, timeZone } = simulation.config.file.station;
  return {
    name,
    language,
    timeZone,
    words: pageWords,
    states: stateWords,
    classes: classWords,
    manners: manners.map((manner) => ({ manner, says: mannerWords[manner] })),
    places: placesOf(simulation),
    faults: faults
      .filter(({ provenBy }) => provenBy === undefined)
      .map(({ name: fault, id, kind, says, expects }) => ({ fault, id, kind, says, expects })),
  };
}

export async function startCockpit(options: CockpitOptions): Promise<Cockpit> {
  const { simulation, director, port, clock, speed, failed } = options;
  const lines: string[] = [];
  const about = aboutOf(options);
  const setSpeed = (times: number): void => {
    speed.times = times;
  };
  const pages = {
    about: () => about,
    moment: () => ({ ...cockpitView(simulation, director), speed: speed.times, lines }),
    order: (body: unknown) => carryOut({ simulation, director, setSpeed }, body),
    failed,
  };
  const server = await openCockpit(port, { pages, clock });
  return {
    ...server,
    told: (line) => {
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
    },
  };
}
