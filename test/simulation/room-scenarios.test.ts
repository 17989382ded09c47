/**
 * The scenarios with a room, hours of them here and a month each at night: no invariant breaks, everybody who wants to leave does,
 * and the room gives what it is there for.
 */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import type { PeopleCounts } from "../../services/people/counts.ts";
import { count, makeReport, newTally, type SimulationReport } from "../../simulator/report.ts";
import type { RoomReport } from "../../simulator/room-report.ts";
import { scenarios } from "../../simulator/scenarios.ts";
import { createSimulation } from "../../simulator/simulation.ts";

/** A morning in CI; `npm run nightly` takes 30 days. */
const days = Number(process.env.YIZHAN_ROOM_DAYS ?? "0.15");
const patienceMs = 900_000 * Math.max(1, days);
const dayMs = 86_400_000;

/** What the run was for people, and what the station itself counted of it. */
type Run = SimulationReport & { readonly room: RoomReport; readonly counted: PeopleCounts };

function run(name: string): Run {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/room-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the example station with a room is not valid");
  const scenario = scenarios.find((known) => known.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const tally = newTally();
  const simulation = createSimulation({
    config: loaded.config,
    seed: "3",
    fromMs: Date.parse(scenario.from),
    // By day, when people come, even where it is only for hours.
    world: { ...scenario.world, arrivalsPerDay: scenario.arrivalsPerDay },
    cutsPerDay: days < 1 ? (scenario.cutsPerDay ?? 0) * 4 : scenario.cutsPerDay,
    onRecord: (record) => count(tally, record),
  });
  simulation.clock.runUntil(days * dayMs);
  simulation.invariants.finish();
  const report = makeReport(simulation, { seed: "3", configPath: "room-station", wallSeconds: 0, tally });
  const { room } = report;
  if (room === undefined) throw new Error("no report of the room");
  return { ...report, room, counted: simulation.station.loop.state().durable.people.today };
}

/** In a month somebody forgets a wedge under the door for a quarter of an hour, and comes into a room that was left empty. */
const isLong = days >= 1;
const bands = {
  "winter-night": {
    minC: isLong ? 0 : 9,
    withPeopleC: [isLong ? 0 : 10, 26],
    outdoors: (room: RoomReport) => room.outdoors.minC < -24,
  },
  "heat-wave": {
    minC: 18,
    withPeopleC: [18, isLong ? 36 : 31],
    outdoors: (room: RoomReport) => room.outdoors.maxC > 30,
  },
  "power-cuts": {
    minC: isLong ? 0 : 4,
    withPeopleC: [isLong ? 0 : 4, 26],
    outdoors: (room: RoomReport) => room.power.mainsCuts > 0,
  },
} as const;

describe.each(Object.entries(bands))("%s", (name, { minC, withPeopleC, outdoors }) => {
  let report: Run;

  beforeAll(() => {
    report = run(name);
    const { room } = report;
    console.log(
      `${name}, ${days} day(s): ${room.people.letIn} let in, ${room.people.drinks} drinks, room ${room.room.minC} to ${room.room.maxC} °C, ${room.power.mainsCuts} + ${room.power.computerCuts} power cuts, ${report.invariants.violated.length} of ${report.invariants.checked} looks found something`,
    );
  }, patienceMs);

  test("breaks no invariant, and holds nobody who wants to leave", () => {
    expect(report.invariants.violated).toEqual([]);
    expect(report.invariants.checked).toBeGreaterThan(1_000);
    expect(report.room.people.exits).toBeGreaterThan(0);
    expect(report.room.people.exitsLate).toBe(0);
  });

  test.runIf(days < 0.2)("counts the people it served, and nobody who was not", () => {
    const { counted } = report;
    const { people } = report.room;
    const there = {
      entry: people.letIn,
      drink: people.drinks,
      hotWater: people.cups,
      outlet: people.microwaves + people.dryers,
      phoneLocker: people.phonesIn,
      gift: people.packages,
      help: people.helpCalls,
    };
    console.log(`${name}: counted ${JSON.stringify(counted)} of ${JSON.stringify(there)}`);
    // Two may come in by one opening, and power may fail before a record is on disk. A drink that was released as it failed counts.
    const cuts = report.room.power.mainsCuts + report.room.power.computerCuts;
    for (const [kind, happened] of Object.entries(there)) {
      const known = counted[kind as keyof typeof there];
      expect(known, kind).toBeLessThanOrEqual(happened + cuts);
      expect(known, kind).toBeGreaterThanOrEqual(Math.floor(happened * 0.9) - 1);
    }
  });

  test("keeps the room's band in its weather, and serves people", () => {
    const { room } = report;
    expect(outdoors(room)).toBe(true);
    expect(room.roomWithPeople.meanC).toBeGreaterThan(15);
    expect(room.roomWithPeople.meanC).toBeLessThan(29);
    expect(room.room.minC).toBeGreaterThan(minC);
    expect(room.roomWithPeople.minC).toBeGreaterThan(withPeopleC[0]);
    expect(room.roomWithPeople.maxC).toBeLessThan(withPeopleC[1]);
    expect(room.people.letIn / room.people.visits).toBeGreaterThan(0.6);
    expect(room.people.drinks).toBeGreaterThan(0);
  });
});
