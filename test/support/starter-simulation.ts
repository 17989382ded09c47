/** The starter cabinet (four bays, full packs, one bay free) on a virtual clock and a broker in memory, with a desk to ask from. */
import { fileURLToPath } from "node:url";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import type { ResponsePayload } from "../../services/contract/request-payloads.ts";
import type { SimulatedBroker } from "../../simulator/broker.ts";
import { createSimulation, type Simulation, type SimulationOptions } from "../../simulator/simulation.ts";

export interface StarterSimulation {
  readonly simulation: Simulation;
  readonly broker: SimulatedBroker;
  minutes(count: number): void;
  /** Asks as an operator, lets half a minute go by, and hands out the answer. */
  ask(verb: string, request: object): ResponsePayload | undefined;
  /** What is kept on a topic of the station. */
  retained(topic: string): unknown;
}

const root = "yizhan/1/starter-1/";

export function exampleConfig(name: "starter-cabinet" | "reference-station" | "room-station"): LoadedConfig {
  const loaded = loadConfig(fileURLToPath(new URL(`../../examples/${name}.yaml`, import.meta.url)));
  if (!loaded.ok) throw new Error(`examples/${name}.yaml is not valid`);
  return loaded.config;
}

export function starterSimulation(seed: string, more: Partial<SimulationOptions> = {}): StarterSimulation {
  const simulation = createSimulation({
    config: exampleConfig("starter-cabinet"),
    seed,
    fromMs: Date.UTC(2026, 0, 15, 14, 0),
    world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 1 },
    ...more,
  });
  const { broker, clock } = simulation;
  if (broker === undefined) throw new Error("no broker");
  const answers: ResponsePayload[] = [];
  broker.subscribe(`${root}response/+`, ({ payload }) => {
    answers.push(JSON.parse(new TextDecoder().decode(payload)) as ResponsePayload);
  });
  const pass = (ms: number) => void clock.runUntil(clock.nowMs + ms);
  pass(60_000);
  let asked = 0;
  return {
    simulation,
    broker,
    minutes: (count) => pass(count * 60_000),
    ask(verb, request) {
      const id = `desk-${++asked}`;
      const expiresAt = clock.wallMs() + 50_000;
      broker.inject(`${root}request/${verb}`, JSON.stringify({ id, expiresAt, by: "desk", ...request }));
      pass(30_000);
      return answers.findLast((answer) => answer.id === id);
    },
    retained: (topic) => JSON.parse(broker.retained(root + topic) ?? "null") as unknown,
  };
}
