/** The judges of fire, put before a station without a controller: whatever it should have done is missing, and must be told. */
import { describe, expect, test } from "vitest";
import { encodeFlashOn } from "../../../hal/codecs/waveshare-relay-d.ts";
import { aerosolByTwoSignals, zoneAnswersSmoke } from "../../../simulator/checkers/fire.ts";
import { createInvariants, type Invariants } from "../../../simulator/checkers/invariants.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";
import { createRandom } from "../../../simulator/random.ts";
import { createWorld } from "../../../simulator/world.ts";
import type { World } from "../../../simulator/world-types.ts";
import { loadText, starter } from "../../firmware/config/memory-files.ts";
import { guardedYaml } from "../../support/guarded-yaml.ts";
import { judgeBench } from "../../support/judge-bench.ts";

interface Unattended {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly invariants: Invariants;
  /** A relay as printed on its board; the second board holds what the cabinet shares. */
  flash(relay: number, seconds: number, board?: number): void;
  /** What was found, by invariant. */
  found(): string[];
  seconds(count: number): void;
}

function unattended(): Unattended {
  const loaded = loadText(guardedYaml(starter));
  if (!loaded.ok) throw new Error("the guarded starter is not valid");
  const clock = createVirtualClock({ wallStartMs: 0 });
  const { file, station } = loaded.config;
  const world = createWorld({ config: file, clock, random: createRandom("fire"), options: { credentials: [] } });
  const invariants = createInvariants({ world, clock, config: station });
  const relays = file.buses.find(({ id }) => id === "relays");
  if (relays === undefined) throw new Error("the starter has no relay line");
  const nobody = { opened: () => {}, bytes: () => {}, closed: () => {} };
  const wire = world.openWire({ path: relays.path, baud: relays.baud, stopBits: 1 }, nobody);
  const seconds = (count: number) => void clock.runUntil(clock.nowMs + count * 1_000);
  seconds(1);
  return {
    clock,
    world,
    invariants,
    seconds,
    flash(relay, lasts, board = 2) {
      const request = encodeFlashOn(board, relay - 1, lasts * 10);
      if (request === undefined) throw new Error("no such relay");
      wire.write(request);
      seconds(0.1);
    },
    found: () => [...new Set(invariants.violations().map(({ invariant, what }) => `${invariant} ${what}`))],
  };
}

const first = (found: readonly string[], invariant: string) => found.find((line) => line.startsWith(invariant)) ?? "";

describe("the judge of smoke (I13)", () => {
  test("misses the cabinet's alarm, the room's, the exit, in this order, and is content when all are there", () => {
    const calm = unattended();
    const { world } = calm;
    world.setSmoke("a", true);
    calm.seconds(0.5);
    expect(calm.found()).toEqual([]);
    calm.seconds(1);
    expect(first(calm.found(), "I13")).toContain("its alarm is silent");
    const louder = unattended();
    louder.flash(3, 60);
    louder.world.setSmoke("a", true);
    louder.seconds(2);
    expect(first(louder.found(), "I13")).toContain("the room's alarm is silent");
    const called = unattended();
    for (const relay of [3, 4]) called.flash(relay, 60);
    called.world.setSmoke("a", true);
    called.seconds(2);
    expect(first(called.found(), "I13")).toContain("the exit is not freed");
    const right = unattended();
    for (const relay of [3, 4, 5]) right.flash(relay, 60);
    right.world.setSmoke("a", true);
    right.seconds(30);
    expect(right.found()).toEqual([]);
  });

  test("does not blame a station without mains", () => {
    const dark = unattended();
    dark.world.setMains(false);
    dark.world.setSmoke("a", true);
    dark.seconds(60);
    expect(dark.found()).toEqual([]);
  });
});

describe("a heater in smoke (I13)", () => {
  test.each([
    ["on a board of its own is the controller's", "disk-full", "extra-a", 1],
    [
      "on a board that took the address of the one that sounds the alarm is nobody's",
      "two-on-one-address",
      "relay-2",
      0,
    ],
    ["on the board whose address another one took is the controller's", "two-on-one-address", "relay-1", 1],
    ["while boards of another line share an address is the controller's", "two-on-one-address", "extra-a", 1],
  ])("%s", (_story, trouble, board, found) => {
    const bench = judgeBench();
    bench.judge(zoneAnswersSmoke);
    bench.troubles.begin(trouble, `device ${board}`);
    Object.assign(bench.cabinet, { alarmOn: true });
    Object.assign(bench.truth, { alarmOn: true, exitFreed: true });
    bench.bay(2).heaterRelayOn = true;
    bench.smoke();
    bench.seconds(2);
    expect(bench.found).toHaveLength(found);
  });

  test("is as forbidden to charge there as anywhere", () => {
    const bench = judgeBench();
    bench.judge(zoneAnswersSmoke);
    bench.troubles.begin("two-on-one-address", "device extra-a");
    bench.bay(2).chargeMa = 4_000;
    bench.smoke();
    bench.seconds(2);
    expect(bench.found).toEqual([expect.stringContaining("bay 2 charges")]);
  });
});

describe("the judge of the exit (I14)", () => {
  test("tells when it is taken back in smoke", () => {
    const station = unattended();
    for (const relay of [3, 4]) station.flash(relay, 60);
    station.flash(5, 5);
    station.world.setSmoke("a", true);
    station.seconds(15);
    expect(first(station.found(), "I14")).toContain("taken back in smoke");
  });
});

describe("the judge of the extinguisher", () => {
  test.each<[string, (world: World) => void, string]>([
    ["without smoke", (world) => world.setConductor("a", true), "two-signals a released without smoke"],
    ["without heat", (world) => world.setSmoke("a", true), "two-signals a released without heat"],
  ])("tells a release %s", (_story, happen, told) => {
    const station = unattended();
    happen(station.world);
    station.flash(2, 5);
    expect(first(station.found(), "two-signals")).toBe(told);
  });

  test("accepts one release in a fire, and tells the second", () => {
    const station = unattended();
    for (const relay of [3, 4, 5]) station.flash(relay, 60);
    station.world.setSmoke("a", true);
    station.world.setConductor("a", true);
    station.flash(2, 1);
    station.seconds(5);
    expect(station.found()).toEqual([]);
    station.flash(2, 1);
    expect(first(station.found(), "two-signals")).toBe("two-signals a released 2 times");
  });
});

/** A cabinet in which smoke and heat stand, and an extinguisher that has been released so many times in its life. */
function burningCabinet() {
  const bench = judgeBench();
  bench.judge(aerosolByTwoSignals);
  const { id } = bench.cabinet;
  const burns = (): void => {
    Object.assign(bench.cabinet, { smoke: true, conductor: true, airTempC: 20 });
    bench.tell({ type: "smoke", cabinet: id, on: true });
  };
  const released = (times: number): void => {
    Object.assign(bench.cabinet, { aerosolReleases: times });
    bench.tell({ type: "aerosol", cabinet: id, on: true });
  };
  burns();
  return { bench, id, burns, released };
}

describe("a second fire soon after the first", () => {
  test.each([
    ["whose latch was reset between them has an extinguisher of its own", true, 0],
    ["in whose midst nobody came has none", false, 1],
  ])("%s", (_story, reset, found) => {
    const { bench, id, burns, released } = burningCabinet();
    released(1);
    bench.seconds(120);
    if (reset) bench.record({ kind: "latch-reset", cabinet: id, by: "t-0001" });
    burns();
    released(2);
    expect(bench.found).toHaveLength(found);
  });
});

describe("a second release in one fire", () => {
  test.each([
    ["by a process that follows one whose disk took nothing is nobody's mistake", 60, true, 0],
    ["by the same process is one, whatever its disk does", 60, false, 1],
    ["by a process that follows one whose disk took everything again is one", 1, true, 1],
    ["by a process that follows one that could write is one", 0, true, 1],
  ])("%s", (_story, fullForS, dies, found) => {
    const { bench, id, released } = burningCabinet();
    if (fullForS > 0) bench.clock.after(fullForS * 1_000, bench.troubles.begin("disk-full", "disk"));
    released(1);
    bench.seconds(25);
    if (dies) for (const on of [false, true]) bench.tell({ type: "computer", on });
    released(2);
    expect(bench.found).toEqual(found === 0 ? [] : [`two-signals: ${id} released 2 times`]);
    if (found > 0) return;
    released(3);
    expect(bench.found).toEqual([`two-signals: ${id} released 2 times`]);
  });
});

describe("a release that went off and on again", () => {
  test.each([
    ["a second later, on a board whose answers are lost, is one", true, 1, 0],
    ["a second later, on a board that is heard, is two", false, 1, 1],
    ["when its time had long been over is two, whatever is lost", true, 15, 1],
  ])("%s", (_story, isLost, afterS, found) => {
    const { bench, released } = burningCabinet();
    if (isLost) bench.troubles.begin("answers-misnamed", "device extra-a");
    released(1);
    bench.seconds(afterS);
    released(2);
    expect(bench.found).toHaveLength(found);
  });
});

describe("the judge of hot packs (I9)", () => {
  test("tells a contactor that stays closed on a pack above 70 °C, or closes on it", () => {
    const station = unattended();
    const { world, invariants } = station;
    const bay = world.truth.bays.find(({ pack }) => pack !== undefined)?.bay ?? 0;
    world.setPackTemp(bay, 90);
    station.seconds(25);
    expect(invariants.violations()).toEqual([]);
    world.gpio.openOutput(17, true);
    station.flash(2 * bay - 1, 30, 1);
    station.seconds(20);
    expect(first(station.found(), "I9")).toContain(`the contactor of bay ${bay} closed on a pack above 70 °C`);
    expect(station.found()).toContainEqual(expect.stringMatching(/^I9 bay \d+ fed at \d+ °C$/));
  });
});
