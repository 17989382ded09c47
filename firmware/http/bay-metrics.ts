/** The metrics of bays, cabinets, power and faults: the same views that the retained topics show, so that the two cannot disagree. */
import { Gauge, type Registry } from "prom-client";
import type { Clock } from "../../hal/ports/clock.ts";
import { type BayPayload, BayStateWord } from "../../services/contract/state-payloads.ts";
import { faultCatalogue } from "../../services/faults.ts";
import { contextInForce } from "../../services/station/in-force.ts";
import type { StationContext } from "../../services/station/state.ts";
import { bayAvailable, bayView, powerView, type ViewInput } from "../../services/station/view.ts";
import type { RunningStation } from "../runner/station.ts";

interface Look {
  readonly view: ViewInput;
  readonly context: StationContext;
}

type Labels = Record<string, string>;

interface Told {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  values(look: Look): Iterable<readonly [labels: Labels, value: number]>;
}

interface SeenBay {
  readonly labels: { readonly cabinet: string; readonly bay: string };
  readonly bay: number;
  readonly payload: BayPayload;
}

function seenBays({ view, context }: Look): SeenBay[] {
  return context.config.bays.flatMap((layout) => {
    if (layout === undefined) return [];
    const { bay, cabinet } = layout;
    return [{ labels: { cabinet, bay: String(bay) }, bay, payload: bayView(view, bay, context) }];
  });
}

/** A measurement of every bay that has one now; the others have no line. */
function ofBays(name: string, help: string, value: (payload: BayPayload) => number | null | undefined): Told {
  return {
    name,
    help,
    labelNames: ["cabinet", "bay"],
    values: (look) =>
      seenBays(look).flatMap(({ labels, payload }) => {
        const measured = value(payload);
        return measured === undefined || measured === null ? [] : [[{ ...labels }, measured] as const];
      }),
  };
}

const told: readonly Told[] = [
  {
    name: "bay_state",
    help: "1 for the state the bay is in, 0 for the others.",
    labelNames: ["cabinet", "bay", "state"],
    values: (look) =>
      seenBays(look).flatMap(({ labels, payload }) =>
        [...BayStateWord.values].map((state) => [{ ...labels, state }, Number(payload.state === state)] as const),
      ),
  },
  {
    name: "bay_available",
    help: "1 while the contacts of the bay are heard.",
    labelNames: ["cabinet", "bay"],
    values: (look) =>
      seenBays(look).map(
        ({ labels, bay }) => [{ ...labels }, Number(bayAvailable(look.view, bay, look.context))] as const,
      ),
  },
  ofBays("bay_locked_out", "1 while the bay is taken out of service.", ({ lockOut }) => Number(lockOut !== "none")),
  ofBays("bay_door_open", "1 while the door is open; no line while that is unknown.", ({ door }) =>
    door === "unknown" ? undefined : Number(door === "open"),
  ),
  ofBays("bay_heater_on", "1 while the heater of the bay may heat.", ({ heater }) => Number(heater)),
  ofBays("pack_soc_ratio", "State of charge of the pack inside, 0 to 1.", ({ pack }) =>
    pack === null ? undefined : pack.socPct / 100,
  ),
  ofBays("pack_volts", "Voltage of the pack inside.", ({ pack }) => pack?.packV),
  ofBays("pack_amperes", "Current of the pack inside, + into the pack.", ({ pack }) => pack?.packA),
  {
    name: "temperature_celsius",
    help: "Hottest cell of the pack in a bay, or air of a cabinet.",
    labelNames: ["place"],
    values: (look) => [...cellTemperatures(look), ...airTemperatures(look)],
  },
  {
    name: "power_watts",
    help: "Mains power now, by what uses it.",
    labelNames: ["use"],
    values: ({ view, context }) => {
      const { chargingW, heatingW } = powerView(view, context);
      return [
        [{ use: "charging" }, chargingW],
        [{ use: "heating" }, heatingW],
      ];
    },
  },
  {
    name: "power_limit_watts",
    help: "Mains power that is never exceeded.",
    labelNames: [],
    values: ({ context }) => [[{}, context.config.siteLimitW]],
  },
  {
    name: "fault_raised",
    help: "1 for every fault that is raised now.",
    labelNames: ["code", "subject", "severity"],
    values: ({ view }) =>
      Object.values(view.state.faults).map(({ code, subject }) => [
        { code, subject, severity: faultCatalogue[code].severity },
        1,
      ]),
  },
  {
    name: "debts",
    help: "Riders who are owed a pack.",
    labelNames: [],
    values: ({ view }) => [[{}, Object.keys(view.state.durable.debts).length]],
  },
];

function cellTemperatures(look: Look): (readonly [Labels, number])[] {
  return seenBays(look).flatMap(({ bay, payload }) => {
    const hottestC = payload.pack?.cellTempMaxC ?? undefined;
    return hottestC === undefined ? [] : [[{ place: `bay-${bay}` }, hottestC] as const];
  });
}

function airTemperatures({ view }: Look): (readonly [Labels, number])[] {
  return Object.entries(view.readings.cabinets).flatMap(([id, { airTempC }]) =>
    airTempC?.quality === "good" ? [[{ place: `cabinet-${id}` }, airTempC.value] as const] : [],
  );
}

export function bayMetrics(registry: Registry, station: RunningStation, clock: Clock): void {
  const look = (): Look => {
    const state = station.loop.state();
    const view: ViewInput = {
      state,
      readings: station.hardware.image,
      granted: station.loop.granted(),
      nowMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
    };
    return { view, context: contextInForce(station.context, state) };
  };
  for (const { name, help, labelNames, values } of told) {
    new Gauge({
      name: `yizhan_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        for (const [labels, value] of values(look())) this.set(labels, value);
      },
    });
  }
}
