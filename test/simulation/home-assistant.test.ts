/** A Home Assistant at the broker of a simulated station: it hears of every bay, opens one, is born late, and forgets what is gone. */
import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "../../firmware/config/ed25519.ts";
import { credentialDigest } from "../../firmware/config/hash.ts";
import type { LoadedConfig } from "../../firmware/config/load.ts";
import { stationConfig } from "../../firmware/config/station-config.ts";
import { discover } from "../../firmware/home-assistant/discovery.ts";
import { type RunningStation, startStation } from "../../firmware/runner/station.ts";
import type { SimulatedBroker } from "../../simulator/broker.ts";
import { createRandom } from "../../simulator/random.ts";
import { cronerSchedule } from "../../simulator/schedule.ts";
import { createSimulation } from "../../simulator/simulation.ts";
import { deviceMessage } from "../support/home-assistant-schema.ts";
import { renderJinja } from "../support/jinja.ts";
import { exampleConfig, starterSimulation } from "../support/starter-simulation.ts";

const deviceTopics = /^homeassistant\/device\/.+\/config$/;

function withHome(config: LoadedConfig, home: Partial<LoadedConfig["file"]["homeassistant"]> = {}): LoadedConfig {
  return {
    ...config,
    file: { ...config.file, homeassistant: { ...config.file.homeassistant, enabled: true, ...home } },
  };
}

const homeStarter = (seed: string) =>
  starterSimulation(seed, { config: withHome(exampleConfig("starter-cabinet")), discover });

type Entities = Record<string, Record<string, string>>;

function entitiesOn(broker: SimulatedBroker): Entities {
  const topics = broker.retainedTopics().filter((topic) => deviceTopics.test(topic));
  return Object.assign(
    {},
    ...topics.map((topic) => deviceMessage.parse(JSON.parse(broker.retained(topic) ?? "")).components),
  ) as Entities;
}

/** What the entity shows now. */
function stateOf(broker: SimulatedBroker, key: string): string {
  const { state_topic = "", value_template = "" } = entitiesOn(broker)[key] ?? {};
  return renderJinja(value_template, { value_json: JSON.parse(broker.retained(state_topic) ?? "null") });
}

describe("Home Assistant", () => {
  test("finds every entity's topic retained, and a state in each", () => {
    const { broker, minutes } = homeStarter("found");
    minutes(1);
    const entities = Object.entries(entitiesOn(broker));
    expect(entities.length).toBeGreaterThan(60);
    for (const [key, { platform, state_topic = "" }] of entities) {
      if (platform === "event") expect(broker.retained(state_topic), key).toBeUndefined();
      else expect(broker.retained(state_topic), key).toBeDefined();
    }
    expect(stateOf(broker, "bay_1_lock")).toBe("LOCKED");
    expect(stateOf(broker, "bay_1_door")).toBe("OFF");
  });

  test("opens a bay with a click, and its word for locking opens nothing", () => {
    const { broker, simulation, minutes } = homeStarter("click");
    const { command_topic = "", command_template = "" } = entitiesOn(broker).bay_2_lock ?? {};
    const click = (value: string) => {
      const nowMs = simulation.clock.wallMs();
      broker.inject(command_topic, renderJinja(command_template, { value, nowMs }));
      simulation.clock.runUntil(simulation.clock.nowMs + 5_000);
    };
    const pulses = simulation.world.truth.bay(2).pulses;
    click("LOCK");
    expect(simulation.world.truth.bay(2).pulses).toBe(pulses);
    click("UNLOCK");
    expect(simulation.world.truth.bay(2).doorOpen).toBe(true);
    expect(stateOf(broker, "bay_2_door")).toBe("ON");
    expect(stateOf(broker, "bay_2_lock")).toBe("UNLOCKED");
    minutes(1);
    expect(simulation.invariants.violations()).toEqual([]);
  });

  test("cannot open what the rules keep shut, and a click that was kept or came late does nothing", () => {
    const { broker, simulation } = homeStarter("refused");
    const { command_topic = "", command_template = "" } = entitiesOn(broker).bay_2_lock ?? {};
    const { world, clock } = simulation;
    const click = (lateMs: number, options?: { readonly retained: boolean }): void =>
      broker.inject(
        command_topic,
        renderJinja(command_template, { value: "UNLOCK", nowMs: clock.wallMs() - lateMs }),
        options,
      );
    const opened = () => {
      const before = world.truth.bay(2).pulses;
      clock.runUntil(clock.nowMs + 15_000);
      const isOpened = world.truth.bay(2).pulses > before;
      world.shutDoor(2);
      clock.runUntil(clock.nowMs + 5_000);
      return isOpened;
    };
    click(0);
    expect(opened(), "in time").toBe(true);
    click(31_000);
    expect(opened(), "late").toBe(false);
    broker.takeDown();
    click(0, { retained: true });
    broker.bringUp();
    expect(opened(), "kept").toBe(false);
    click(0);
    expect(opened(), "in time again").toBe(true);
    world.setSmoke("a", true);
    clock.runUntil(clock.nowMs + 5_000);
    click(0);
    expect(opened(), "in smoke").toBe(false);
    expect(stateOf(broker, "cabinet_a_smoke")).toBe("ON");
  });

  test("is told everything again when it is born", () => {
    const { broker, simulation } = homeStarter("birth");
    const { clock } = simulation;
    clock.runUntil(clock.nowMs + 60_000);
    broker.forget();
    expect(broker.retainedTopics()).toEqual([]);
    broker.inject("homeassistant/status", "online");
    clock.runUntil(clock.nowMs + 15_000);
    const entities = Object.entries(entitiesOn(broker));
    expect(entities.length).toBeGreaterThan(60);
    for (const [key, { platform, state_topic = "" }] of entities) {
      if (platform !== "event") expect(broker.retained(state_topic), key).toBeDefined();
    }
  });

  test("sees a lock that does not open as jammed", () => {
    const { broker, simulation, ask } = homeStarter("jam");
    simulation.world.bayFaults(3).lockFailure = 1;
    expect(ask("open", { bay: 3 })?.status).toBe("error");
    expect(stateOf(broker, "bay_3_lock")).toBe("JAMMED");
    expect(stateOf(broker, "bay_3_problem")).toBe("ON");
    expect(stateOf(broker, "bay_2_lock")).toBe("LOCKED");
  });
});

/** One machine (wires, disk, broker) on which the controller is started again and again, each time with another configuration. */
function machine(name: "starter-cabinet" | "reference-station", seed: string) {
  const config = withHome(exampleConfig(name));
  const {
    clock,
    world,
    disk,
    broker,
    station: first,
  } = createSimulation({
    config,
    seed,
    fromMs: Date.UTC(2026, 0, 15, 14, 0),
    world: { arrivalsPerDay: 0, faultless: true },
    discover,
  });
  if (broker === undefined) throw new Error("no broker");
  const pass = (ms: number) => void clock.runUntil(clock.nowMs + ms);
  let station = first;
  let boots = 0;
  pass(30_000);
  return {
    config,
    broker,
    pass,
    again(file: LoadedConfig["file"], ms = 30_000): RunningStation {
      let stopped = false;
      station.stop("test", () => {
        stopped = true;
      });
      pass(25_000);
      expect(stopped).toBe(true);
      station = startStation(
        { ...config, file, station: stationConfig(file) },
        {
          clock,
          random: createRandom(`${seed} ${++boots}`),
          openWire: world.openWire,
          textFiles: world.textFiles,
          gpio: world.gpio,
          disk,
          schedule: cronerSchedule(clock),
          openBroker: broker.open,
          masterEnable: undefined,
          digest: credentialDigest,
          verify: verifyEd25519,
          ...(file.homeassistant.enabled ? { discover } : {}),
          memory: () => ({ rssMb: 0, heapMb: 0 }),
          note: () => undefined,
          announce: () => undefined,
          identity: { version: "0.1.0", commit: "test", boot: `boot-${boots}`, logId: "0".repeat(32) },
        },
      );
      pass(ms);
      return station;
    },
  };
}

const ofBay = (broker: SimulatedBroker, bay: number) =>
  broker.retainedTopics().filter((topic) => new RegExp(`/bay/${bay}(/|$)`).test(topic));
const devices = (broker: SimulatedBroker) => broker.retainedTopics().filter((topic) => deviceTopics.test(topic));

describe("what leaves the configuration", () => {
  /** The starter cabinet without its last bay. */
  function withoutLastBay(file: LoadedConfig["file"]): LoadedConfig["file"] {
    return { ...file, cabinets: file.cabinets.map((cabinet) => ({ ...cabinet, bays: cabinet.bays.slice(0, -1) })) };
  }

  test("leaves nothing behind of a bay: its topics are emptied, its entities taken away, once", () => {
    const { config, broker, again } = machine("starter-cabinet", "bay-left");
    expect(ofBay(broker, 4)).toHaveLength(2);
    const station = again(withoutLastBay(config.file));
    expect(ofBay(broker, 4)).toEqual([]);
    expect(ofBay(broker, 3)).toHaveLength(2);
    expect(entitiesOn(broker).bay_4_lock).toEqual({ platform: "lock" });
    expect(station.loop.state().durable.announced.cabinets).toEqual({ a: [1, 2, 3] });
    again(withoutLastBay(config.file));
    expect(entitiesOn(broker).bay_4_lock).toBeUndefined();
    expect(entitiesOn(broker).bay_3_lock?.command_topic).toBeDefined();
    again(config.file);
    expect(ofBay(broker, 4)).toHaveLength(2);
    expect(entitiesOn(broker).bay_4_lock?.command_topic).toBeDefined();
  });

  test("is still emptied when the broker was out of reach at first, and the controller started again", () => {
    const { config, broker, again, pass } = machine("starter-cabinet", "bay-left-later");
    broker.takeDown();
    const cut = again(withoutLastBay(config.file));
    expect(ofBay(broker, 4)).toHaveLength(2);
    expect(cut.loop.state().durable.announced.cabinets).toEqual({ a: [1, 2, 3, 4] });
    again(withoutLastBay(config.file), 1_000);
    broker.bringUp();
    pass(30_000);
    expect(ofBay(broker, 4)).toEqual([]);
    expect(entitiesOn(broker).bay_4_door).toEqual({ platform: "binary_sensor" });
  });

  test("leaves nothing behind of a cabinet, nor of Home Assistant once that is switched off", () => {
    const { config, broker, again } = machine("reference-station", "cabinet-left");
    expect(devices(broker)).toHaveLength(4);
    const { file } = config;
    const station = again({ ...file, cabinets: file.cabinets.slice(0, 2) });
    expect(devices(broker)).toHaveLength(3);
    expect(broker.retained("yizhan/1/liaoyuan-1/cabinet/c")).toBeUndefined();
    expect(ofBay(broker, 36)).toEqual([]);
    expect(ofBay(broker, 24)).toHaveLength(2);
    expect(Object.keys(station.loop.state().durable.announced.cabinets)).toEqual(["a", "b"]);
    again({ ...file, homeassistant: { ...file.homeassistant, enabled: false } });
    expect(devices(broker)).toEqual([]);
    expect(ofBay(broker, 36)).toHaveLength(2);
  });
});
