/** A whole station and a broker that behaves badly: what operators are told, and what riders notice of it, which is nothing. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { createSimulation } from "../../simulator/simulation.ts";

const root = "yizhan/1/starter-1/";

function starter(seed: string) {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the starter cabinet is not valid");
  const simulation = createSimulation({
    config: loaded.config,
    seed,
    fromMs: Date.UTC(2026, 0, 15, 3, 0),
    world: { arrivalsPerDay: 60, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 1 },
  });
  const { clock, broker, station } = simulation;
  if (broker === undefined) throw new Error("no broker");
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  const faults = (): string[] => Object.keys(station.loop.state().faults);
  pass(60_000);
  return { ...simulation, broker, pass, faults };
}

test("N13: a client with the same id that throws the station out again and again is a fault, and moves no output", () => {
  const { broker, pass, faults, world, invariants } = starter("twin");
  const pulses = world.truth.bays.map((bay) => bay.pulses);
  for (let time = 0; time < 5; time++) {
    broker.cut("another client took the id");
    pass(20_000);
  }
  expect(faults()).toContain("broker-unsteady/station");
  expect(broker.retained(`${root}fault/broker-unsteady/station`)).toContain("bears this station's id");
  expect(world.truth.bays.map((bay) => bay.pulses)).toEqual(pulses);
  pass(120_000);
  expect(faults()).not.toContain("broker-unsteady/station");
  expect(invariants.violations()).toEqual([]);
});

test("N4: a broker that forgot sessions and state is told all of it again, and what it had not acknowledged, under the same ids", () => {
  const { broker, pass, station, clock } = starter("forgetful");
  const ids: string[] = [];
  broker.subscribe(`${root}event/+`, ({ payload }) => ids.push(JSON.parse(new TextDecoder().decode(payload)).id));
  const before = broker.retainedTopics();
  // The answer, the bay and the cabinet are among them, and the events behind them.
  broker.dropAcks(6);
  const ask = (id: string): void => {
    const request = { id, expiresAt: clock.wallMs() + 50_000, by: "desk", bay: 2, lockOut: "operator", reason: "worn" };
    broker.inject(`${root}request/lock-out`, JSON.stringify(request));
  };
  ask("first");
  pass(1_000);
  broker.takeDown();
  broker.forget();
  expect(broker.retainedTopics()).toEqual([]);
  pass(5_000);
  expect(station.session?.stats().connected).toBe(false);
  broker.bringUp();
  pass(60_000);
  expect(broker.retainedTopics()).toEqual(expect.arrayContaining(before));
  expect(station.session?.stats().outbox).toMatchObject({ queued: 0, inFlight: 0 });
  expect(ids.length - new Set(ids).size, "repeats").toBeGreaterThan(0);
  const answers: string[] = [];
  broker.subscribe(`${root}response/+`, ({ payload }) => answers.push(new TextDecoder().decode(payload)));
  ask("second");
  pass(1_000);
  expect(answers).toHaveLength(1);
});
