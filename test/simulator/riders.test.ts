import { describe, expect, test } from "vitest";
import { DEFAULT_MISTAKES, visitRate } from "../../simulator/models/rider-habits.ts";
import { type Behaviour, MISTAKES, type RiderVisit } from "../../simulator/visit-types.ts";
import { PuppetStation } from "./puppet-station.ts";
import { type SmallStation, type SmallStationOptions, smallStation } from "./small-station.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const members = (count: number) =>
  Array.from({ length: count }, (_unused, at) => `yz-member-${String(at + 1).padStart(4, "0")}`);

function served(options: SmallStationOptions = {}) {
  const credentials = options.credentials ?? members(8);
  const station = smallStation({ initialSoc: 1, arrivalsPerDay: 0, ...options, credentials });
  const puppet = new PuppetStation(station, credentials);
  return { ...station, puppet };
}

/** One rider comes and behaves in one way; the visit is over when this returns. */
function visit(
  station: SmallStation,
  behaviour: Behaviour,
  more: { socPct?: number; rider?: number } = {},
): RiderVisit {
  const came = station.world.arrive({ behaviour, cabinet: "a", ...more });
  if (came === undefined) throw new Error("nobody came");
  station.clock.runUntil(station.clock.nowMs + 10 * 60_000);
  return came;
}

describe("a proper rider", () => {
  test("scans, puts the pack in, takes the full one, shuts the door and leaves within two minutes", () => {
    const station = served();
    const came = visit(station, "proper");
    expect(came).toMatchObject({ ending: "swapped", leftWithPack: true, readyAtArrival: true, refusal: undefined });
    expect(came.depositedPack).not.toBe(came.receivedPack);
    expect((came.endedMs ?? 0) - came.arrivedMs).toBeLessThan(120_000);
    expect(station.world.truth.bays.some((bay) => bay.doorOpen)).toBe(false);
    const received = station.world.truth.packs.find((pack) => pack.id === came.receivedPack);
    expect(received?.place).toEqual({ at: "rider", rider: came.rider });
    expect(received?.handedTo).toBe(came.rider);
    const deposited = station.world.truth.packs.find((pack) => pack.id === came.depositedPack);
    expect(deposited?.place).toMatchObject({ at: "bay" });
  });

  test("leaves after three unanswered scans when nothing answers, with the old pack", () => {
    const station = smallStation({ credentials: members(1), initialSoc: 1, arrivalsPerDay: 0 });
    const came = visit(station, "proper");
    expect(came).toMatchObject({ ending: "ignored", leftWithPack: false, readyAtArrival: true });
    expect(station.events.filter((event) => event.type === "scan")).toHaveLength(3);
  });

  test("told that there is no pack, tries one other cabinet and then goes home", () => {
    const station = served({ initialSoc: 0.3, cabinets: 3 });
    const came = visit(station, "proper");
    expect(came).toMatchObject({ ending: "refused", refusal: "refused-no-pack", readyAtArrival: false });
    expect(came.cabinetsTried).toHaveLength(2);
    expect(new Set(came.cabinetsTried).size).toBe(2);
  });

  test("waits behind another rider and is served after them", () => {
    const station = served();
    const first = station.world.arrive({ behaviour: "proper", cabinet: "a" });
    const second = station.world.arrive({ behaviour: "proper", cabinet: "a" });
    expect(station.world.truth.cabinets[0]?.people).toBe(2);
    station.clock.runUntil(10 * 60_000);
    expect([first?.ending, second?.ending]).toEqual(["swapped", "swapped"]);
    expect(second?.firstScanMs).toBeGreaterThan(first?.endedMs ?? 0);
  });

  test("told that somebody else is being served, touches none of that rider's doors and scans again later", () => {
    const station = served({ seed: "busy" });
    const first = station.world.arrive({ behaviour: "abandons-before-insert", cabinet: "a" });
    const second = station.world.arrive({ behaviour: "proper", cabinet: "a" });
    station.clock.runUntil(6 * 60_000);
    expect(first?.ending).toBe("cancelled");
    expect(second).toMatchObject({ refusal: "refused-busy", ending: "swapped" });
    // The door that was opened again for the first rider stayed empty until the second one's own scan was accepted.
    const scans = station.events.filter((event) => event.type === "scan" && event.text === second?.credential);
    const firstPackMs = station.events.find((event) => event.type === "pack")?.atMs ?? 0;
    expect(scans.length).toBeGreaterThan(1);
    expect(firstPackMs).toBeGreaterThan(scans.at(-1)?.atMs ?? 0);
  });

  test("nearly always shuts a door that somebody else left open before scanning", () => {
    let tidy = 0;
    for (let seed = 0; seed < 20; seed++) {
      const station = served({ seed: `tidy-${seed}` });
      station.world.forceDoor(1);
      const came = visit(station, "proper");
      const shutMs = station.events.find((event) => event.type === "door" && !event.open)?.atMs ?? 0;
      if (shutMs < (came.firstScanMs ?? 0)) tidy++;
      expect(came.ending).toBe("swapped");
    }
    expect(tidy).toBeGreaterThanOrEqual(14);
    expect(tidy).toBeLessThan(20);
  });
});

describe("a rider who makes a mistake", () => {
  const endings: ReadonlyArray<{ behaviour: Behaviour; ending: string; refusal?: string }> = [
    { behaviour: "shut-on-nothing", ending: "swapped" },
    { behaviour: "forgets-plug", ending: "swapped" },
    { behaviour: "leaves-door-open", ending: "swapped" },
    { behaviour: "scans-twice", ending: "swapped" },
    { behaviour: "abandons-before-insert", ending: "cancelled" },
    { behaviour: "abandons-after-deposit", ending: "owed" },
    { behaviour: "unknown-code", ending: "refused", refusal: "refused-unknown" },
    { behaviour: "full-pack", ending: "returned", refusal: "already-full" },
  ];
  test.each(endings)("$behaviour ends as $ending", ({ behaviour, ending, refusal }) => {
    const station = served({ seed: "mistakes" });
    const came = visit(station, behaviour);
    expect(came.ending).toBe(ending);
    if (refusal !== undefined) expect(came.refusal).toBe(refusal);
  });

  test("who leaves the door open leaves it open for the next one to shut", () => {
    const station = served({ seed: "open" });
    const came = visit(station, "leaves-door-open");
    const endedMs = came.endedMs ?? 0;
    const before = station.events.filter((event) => event.type === "door" && event.atMs <= endedMs);
    const opened = before.filter((event) => event.type === "door" && event.open).length;
    expect(opened).toBe(2);
    expect(before).toHaveLength(3);
  });

  test("whatever the station does to them, everybody leaves within half an hour", () => {
    const station = smallStation({ credentials: members(1), initialSoc: 1, arrivalsPerDay: 0 });
    const { world, clock } = station;
    const bay = world.truth.bays.find((candidate) => candidate.empty)?.bay ?? 0;
    // A station gone mad opens the same door again and again and asks for the plug.
    world.onTruth((event) => {
      const again = event.type === "scan" || (event.type === "door" && !event.open);
      if (again) clock.after(1_000, () => world.forceDoor(bay));
      if (again) clock.after(1_100, () => world.prompt("a", { promptId: "push-plug", cue: "push-plug" }));
    });
    const came = world.arrive({ behaviour: "proper" });
    clock.runUntil(30 * 60_000);
    expect(came).toMatchObject({ ending: "owed" });
    expect(came?.endedMs).toBeGreaterThan(20 * 60_000);
  });

  test("a bag in the bay comes out again; the rider then does it right or goes", () => {
    const endings = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const station = served({ seed: `bag-${seed}` });
      const came = visit(station, "foreign-object");
      endings.add(came.ending ?? "still there");
      expect(station.world.truth.bays.some((bay) => bay.foreignObject)).toBe(false);
    }
    expect(endings).toEqual(new Set(["swapped", "cancelled"]));
  });

  test("who takes nothing either takes it in the end or is owed, and who is owed comes back for it", () => {
    const endings = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const station = served({ seed: `nothing-${seed}` });
      const came = visit(station, "takes-nothing");
      endings.add(came.ending ?? "still there");
      if (came.ending !== "owed") continue;
      station.clock.runUntil(station.clock.nowMs + 2 * HOUR);
      const again = station.world.stats.visits.find((other) => other.behaviour === "returns-for-debt");
      expect(again).toMatchObject({
        rider: came.rider,
        ending: "collected",
        leftWithPack: true,
        depositedPack: undefined,
      });
    }
    expect(endings).toEqual(new Set(["swapped", "owed"]));
  });

  test("a friend's pack is borrowed for the visit; whatever happens both riders own a pack afterwards", () => {
    const station = served();
    const before = station.world.truth.packs.length;
    const came = visit(station, "other-pack", { rider: 2 });
    expect(came.ending).toBe("swapped");
    const held = station.world.truth.packs.filter((pack) => pack.place.at === "rider");
    expect(new Set(held.map((pack) => pack.place.at === "rider" && pack.place.rider)).size).toBe(8);
    // The station kept the friend's pack, so the operator gave a new one and withdrew another.
    expect(station.world.truth.packs.length).toBe(before + 1);
    expect(station.world.truth.packs.filter((pack) => pack.place.at === "elsewhere")).toHaveLength(1);
  });

  test("a debt that is never paid is given up after a bounded number of visits", () => {
    const credentials = members(1);
    const station = smallStation({ credentials, initialSoc: 1, arrivalsPerDay: 0 });
    const puppet = new PuppetStation(station, credentials);
    visit(station, "abandons-after-deposit");
    for (const bay of station.world.truth.bays) station.world.bayFaults(bay.bay).lockFailure = 1;
    station.clock.runUntil(station.clock.nowMs + 2 * DAY);
    const returns = station.world.stats.visits.filter((other) => other.behaviour === "returns-for-debt");
    expect(returns).toHaveLength(8);
    expect(returns.every((other) => other.ending === "owed")).toBe(true);
    expect(puppet.owed.size).toBe(1);
  });
});

describe("a day of riders", () => {
  test("ends every visit, conserves packs, and leaves no door open for long", () => {
    const station = served({ credentials: members(60), cabinets: 3, arrivalsPerDay: 400, seed: "day", initialSoc: 1 });
    station.world.start();
    let longestOpenMs = 0;
    for (let minute = 0; minute < 24 * 60; minute++) {
      station.clock.runUntil(station.clock.nowMs + 60_000);
      for (const bay of station.world.truth.bays) {
        if (bay.doorOpen) longestOpenMs = Math.max(longestOpenMs, station.clock.nowMs - bay.doorChangedMs);
      }
    }
    station.world.stop();
    station.clock.runUntil(station.clock.nowMs + 10 * HOUR);
    const { stats, truth } = station.world;
    expect(stats.visits).toHaveLength(stats.arrivals);
    expect(stats.visits.every((came) => came.ending !== undefined)).toBe(true);
    expect(Object.values(stats.endings).reduce((sum, count) => sum + count, 0)).toBe(stats.arrivals);
    expect(truth.cabinets.every((cabinet) => cabinet.people === 0)).toBe(true);
    const inBays = truth.packs.filter((pack) => pack.place.at === "bay");
    for (const pack of inBays) {
      expect(pack.place.at === "bay" && truth.bay(pack.place.bay).pack?.id).toBe(pack.id);
    }
    expect(truth.bays.filter((bay) => bay.pack !== undefined)).toHaveLength(inBays.length);
    expect(longestOpenMs).toBeLessThan(2 * HOUR);
  });
});

describe("arrivals", () => {
  test("come as often as asked for, with as much scatter as chance has, over many seeds", () => {
    const counts: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const station = smallStation({
        credentials: members(200),
        arrivalsPerDay: 100,
        seed: `poisson-${seed}`,
        cabinets: 2,
      });
      station.world.start();
      station.clock.runUntil(DAY);
      counts.push(station.world.stats.arrivals + station.world.stats.nobodyFree - returns(station));
    }
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
    // Standard error of the mean: 10 / √40. Variance over mean of a Poisson count is 1; 39 degrees of freedom.
    expect(Math.abs(mean - 100)).toBeLessThan(4 * (10 / Math.sqrt(40)));
    expect(variance / mean).toBeGreaterThan(0.45);
    expect(variance / mean).toBeLessThan(1.85);
  });

  test("have their peaks at lunch and dinner, and add up to the day's mean", () => {
    const hours = Array.from({ length: 24 }, (_unused, hour) => visitRate(hour * HOUR, 400) * HOUR);
    expect(hours.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(400, 6);
    const most = hours
      .map((rate, hour) => ({ rate, hour }))
      .sort((one, other) => other.rate - one.rate)
      .slice(0, 5);
    expect(most.map(({ hour }) => hour).sort((one, other) => one - other)).toEqual([11, 12, 17, 18, 19]);
  });

  test("bring about as many mistakes as they are told to", () => {
    const station = smallStation({ credentials: members(300), arrivalsPerDay: 2_000, seed: "mistakes", cabinets: 3 });
    station.world.start();
    station.clock.runUntil(DAY);
    const { arrivals, behaviours } = station.world.stats;
    const expected = Object.values(DEFAULT_MISTAKES).reduce((sum, share) => sum + share, 0);
    const wrong = MISTAKES.reduce((sum, mistake) => sum + (behaviours[mistake] ?? 0), 0);
    expect(wrong / arrivals).toBeGreaterThan(expected * 0.7);
    expect(wrong / arrivals).toBeLessThan(expected * 1.3);
    const faultless = smallStation({ credentials: members(300), arrivalsPerDay: 500, faultless: true, cabinets: 3 });
    faultless.world.start();
    faultless.clock.runUntil(DAY);
    expect(Object.keys(faultless.world.stats.behaviours)).toEqual(["proper"]);
  });

  test("a rider's doings change neither when the next one comes nor who it is", () => {
    const second = (behaviour: Behaviour) => {
      const station = served({ seed: "apart" });
      visit(station, behaviour, { rider: 3 });
      const came = station.world.arrive();
      return { rider: came?.rider, behaviour: came?.behaviour, soc: came && held(station, came.rider) };
    };
    expect(second("takes-nothing")).toEqual(second("unknown-code"));
    const times = (faultless: boolean) => {
      const station = served({ credentials: members(80), arrivalsPerDay: 200, faultless, cabinets: 2 });
      station.world.start();
      station.clock.runUntil(DAY / 2);
      return station.world.stats.visits
        .filter((came) => came.behaviour !== "returns-for-debt")
        .map((came) => came.arrivedMs);
    };
    const one = times(true).sort((first, other) => first - other);
    const other = new Set(times(false));
    expect(one.filter((atMs) => other.has(atMs)).length).toBeGreaterThan(0.9 * one.length);
  });

  test("nobody comes when nobody is free", () => {
    const station = smallStation({ credentials: members(1), arrivalsPerDay: 0 });
    expect(station.world.arrive()).toBeDefined();
    expect(station.world.arrive()).toBeUndefined();
    expect(station.world.stats.nobodyFree).toBe(1);
  });
});

function returns(station: SmallStation): number {
  return station.world.stats.behaviours["returns-for-debt"] ?? 0;
}

function held(station: SmallStation, rider: number): number | undefined {
  return station.world.truth.packs.find(({ place }) => place.at === "rider" && place.rider === rider)?.soc;
}
