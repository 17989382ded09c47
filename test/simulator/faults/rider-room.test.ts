/** What people do wrong at and in the room, each by its injector, told by doors, sirens and the broker's inbox. */
import { describe, expect, test } from "vitest";
import { type StruckStation, struckStation } from "../../support/struck-station.ts";

const room = (seed: string): StruckStation =>
  struckStation({
    example: "room-station",
    seed,
    world: { room: { visitsPerDay: 0, troublesPerDay: 0 } },
    // The room's people are let in once the station knows the time and the office's list.
    beforeS: 150,
  });

const saidAtDoor = ({ events }: StruckStation): string[] =>
  events.flatMap((event) => (event.type === "room-said" && event.reader === "front-codes" ? [event.sentence] : []));
const opened = ({ events }: StruckStation): string[] =>
  events.flatMap((event) => (event.type === "room-door" && event.open ? [event.by] : []));
const isLive = ({ simulation }: StruckStation, output: string): boolean =>
  simulation.world.room?.room.circuits.isLive(output) === true;

/** What the broker is told from now on: "kind/type". */
function eventsOf({ simulation }: StruckStation): string[] {
  const told: string[] = [];
  simulation.broker?.subscribe("yizhan/1/room-1/event/+", ({ topic, payload }) => {
    const { event_type } = JSON.parse(new TextDecoder().decode(payload)) as { readonly event_type: string };
    told.push(`${topic.slice(topic.lastIndexOf("/") + 1)}/${event_type}`);
  });
  return told;
}

describe("a door code", () => {
  test.each(["code-reused", "screenshot-shared"])("%s opens once: the second use is refused and told why", (fault) => {
    const run = room(fault);
    const strike = run.strike(fault);
    run.secondsUntil(() => strike.landedMs !== undefined, "the second showing", 120);
    const openedOnce = opened(run).filter((by) => by === "outside").length;
    run.seconds(10);
    expect(openedOnce).toBe(1);
    expect(opened(run).filter((by) => by === "outside")).toHaveLength(1);
    expect(saidAtDoor(run)).toEqual(["door-welcome", "already-used"]);
    strike.end();
    run.minutes(6);
    expect(run.violations()).toEqual([]);
  });
});

describe("somebody who falls asleep inside", () => {
  test.each([
    { seed: "tired", calls: true },
    { seed: "ill", calls: false },
  ])("gets out at once when they wake, and is heard when they call ($calls)", ({ seed, calls: doCall }) => {
    const run = room(seed);
    const calls = eventsOf(run);
    const strike = run.strike("sleeper-inside");
    run.secondsUntil(() => strike.landedMs !== undefined, "the sleeper to come in", 120);
    run.minutes(6);
    const pressed = run.events.some((event) => event.type === "room-button" && event.down);
    expect(calls.includes("help/called")).toBe(pressed);
    expect(pressed).toBe(doCall);
    expect(run.simulation.world.room?.room.people).toBe(1);
    // Whatever else happens: without mains, and with the controller off, the handle opens.
    run.simulation.world.setMains(false);
    run.simulation.computer.powerLost();
    strike.end();
    const slept = run.simulation.clock.nowMs;
    run.minutes(2);
    const handle = run.events.find((event) => event.type === "room-handle" && event.atMs > slept);
    expect(handle).toMatchObject({ opens: true });
    expect(opened(run).at(-1)).toBe("handle");
    expect(run.simulation.world.room?.room.people).toBe(0);
    expect(run.violations()).toEqual([]);
  });
});

describe("help that is pressed while nobody can hear it", () => {
  test("sounds here at once, and the call leaves first when the broker is back", () => {
    const run = room("offline help");
    const told = eventsOf(run);
    const strike = run.strike("help-while-offline");
    const siren = run.secondsUntil(() => isLive(run, "amenity/help/siren"), "the siren", 10);
    expect(siren).toBeLessThanOrEqual(1);
    expect(isLive(run, "amenity/help/lamp")).toBe(true);
    run.minutes(2);
    expect(told).not.toContain("help/called");
    strike.end();
    expect(run.secondsUntil(() => told.includes("help/called"), "the call", 30)).toBeLessThan(10);
    expect(told[0]).toBe("help/called");
    run.minutes(1);
    expect(run.visit({}, 20)).toBe("swapped");
    expect(run.violations()).toEqual([]);
  });
});
