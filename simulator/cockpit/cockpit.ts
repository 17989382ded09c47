/**
 * The cockpit of a living simulation: a page on which a person sees every bay as it is and as the controller holds it to be, lets the
 * faults of the catalogue strike, mends them, sends riders and sets the speed. It joins the parts and knows none of their rules.
 */
import { faults } from "../faults/catalogue.ts";
import type { FaultDirector } from "../faults/director.ts";
import type { Simulation } from "../simulation.ts";
import { MISTAKES, TRICKS } from "../visit-types.ts";
import { carryOut, Order } from "./orders.ts";
import { type CockpitServer, openCockpit } from "./server.ts";
import { cockpitView } from "./view.ts";

export interface CockpitOptions {
  readonly simulation: Simulation;
  readonly director: FaultDirector;
  readonly port: number;
  readonly language: "zh" | "en";
  /** Times real time, as it may be changed here. */
  readonly speed: { times: number };
}

export interface Cockpit extends CockpitServer {
  /** One line of what happened, as a terminal shows it. */
  told(line: string): void;
}

const linesKept = 200;

/** Names by which a strike can be sent to one place (`simulator/faults/targets.ts`). */
function placesOf({ world, config }: Simulation): string[] {
  return [
    ...world.truth.cabinets.map(({ id }) => `cabinet ${id}`),
    ...world.truth.bays.map(({ bay }) => `bay ${bay}`),
    ...config.file.buses.map(({ id }) => `line ${id}`),
    ...config.file.devices.map(({ id }) => `device ${id}`),
  ];
}

export async function startCockpit({ simulation, director, port, language, speed }: CockpitOptions): Promise<Cockpit> {
  const lines: string[] = [];
  const setSpeed = (times: number): void => {
    speed.times = times;
  };
  const { name, timeZone } = simulation.config.file.station;
  const server = await openCockpit(port, {
    about: () => ({
      name,
      language,
      timeZone,
      faults: faults
        .filter(({ provenBy }) => provenBy === undefined)
        .map((fault) => ({
          name: fault.name,
          id: fault.id,
          kind: fault.kind,
          says: fault.says,
          expects: fault.expects,
          lastsS: fault.lastsS,
        })),
      places: placesOf(simulation),
      manners: ["proper", ...MISTAKES, ...TRICKS],
    }),
    moment: () => ({ ...cockpitView(simulation, director), speed: speed.times, lines }),
    order: (body) => {
      const order = Order.safeParse(body);
      if (!order.success) {
        const [issue] = order.error.issues;
        return { ok: false, says: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not an order"}` };
      }
      return carryOut({ simulation, director, setSpeed }, order.data);
    },
  });
  return {
    ...server,
    told: (line) => {
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
    },
  };
}
