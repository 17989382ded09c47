/** Power cuts before and after every journal write of whole stories, and again during the recovery: nothing is lost or doubled. */
import { describe, expect, test } from "vitest";
import { memberName, pack } from "../../support/bench-config.ts";
import { PatientRider } from "../../support/patient-rider.ts";
import { StationBench } from "../../support/station-bench.ts";
import { expectWrittenBeforeDone } from "./written-before-done.ts";

const rider = memberName(1);
const own = pack("yz-own-1");

const stories: Readonly<Record<string, (bench: StationBench) => void>> = {
  "a proper swap": () => undefined,
  "a swap whose first empty door fails": (bench) => {
    bench.bay(1).lock = "stuck";
  },
  "a swap whose full door fails": (bench) => {
    bench.bay(2).lock = "stuck";
  },
  "a swap in which no full door opens": (bench) => {
    for (const bay of [2, 3]) bench.bay(bay).lock = "stuck";
  },
  "a deposit of another rider's pack": (bench) => {
    const holders = { [own.packId ?? ""]: memberName(2) };
    const { durable } = bench.state;
    bench.state = { ...bench.state, durable: { ...durable, holders } };
    bench.disk.push({ record: { kind: "checkpoint", durable: bench.state.durable }, at: bench.wallMs });
  },
};

const served = (person: PatientRider) => person.hand !== undefined;

/** Scans, and scans again when the station wants it, until the rider has a pack in the hand and nothing is owed. */
function beServed(bench: StationBench, person: PatientRider): void {
  for (let scans = 0; scans < 6; scans++) {
    if (person.hand !== undefined && bench.state.swaps["c-1"] === undefined && bench.debts.length === 0) return;
    const before = bench.ends.length;
    person.scan();
    person.stay(75_000, () => bench.ends.length > before);
    bench.pass(1_000);
  }
}

/** A history up to its `count`-th record, as the rider played it. */
function played(prepare: (bench: StationBench) => void, count: number): { bench: StationBench; person: PatientRider } {
  const bench = new StationBench();
  prepare(bench);
  const person = new PatientRider(bench, rider, own);
  const had = bench.disk.length;
  person.scan();
  person.stay(90_000, () => bench.disk.length - had >= count || bench.ends.length > 0);
  return { bench, person };
}

const packsOf = (bench: StationBench, person: PatientRider): string[] =>
  [...bench.bays.map(({ pack: inside }) => inside?.packId), person.hand?.packId]
    .filter((id) => id !== undefined)
    .sort();

function checkCut(
  prepare: (bench: StationBench) => void,
  cut: { count: number; lost: number; again: number; lands: boolean },
): void {
  const { bench, person } = played(prepare, cut.count);
  const written = bench.disk.length;
  const packs = packsOf(bench, person);
  const pulses = bench.pulses.length;
  if (cut.lands) bench.landPulses();
  bench.restart(Math.max(0, written - cut.lost));
  if (cut.again > 0) {
    bench.pass(cut.again);
    bench.restart();
  }
  bench.pass(15_000);
  expect(bench.pulses.length).toBe(pulses);
  for (const world of bench.bays) if (world.lock === "stuck") world.lock = "works";
  beServed(bench, person);
  expect(served(person)).toBe(true);
  expect(packsOf(bench, person)).toEqual(packs);
  expect(bench.debts).toEqual([]);
  expect(bench.state.durable.swaps).toEqual({});
  expect(bench.state.durable).toEqual(bench.remembered());
}

describe("a power cut between the end of a swap and the lock-out of its bay", () => {
  test("does not turn the pack of a rider who was too late into stock", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.pass(59_000, 1_000);
    bench.put(bay, own);
    const had = bench.disk.length;
    bench.until(() => bench.ends.length > 0, "the window to end");
    expect(bench.ends).toEqual(["suspended-open"]);
    expect(bench.disk.length).toBe(had + 2);
    bench.restart(had + 1);
    bench.pass(1_000);
    bench.shut(bay);
    const person = new PatientRider(bench, rider, undefined);
    beServed(bench, person);
    expect(served(person)).toBe(true);
  });
});

describe("a pack that was taken and put back while the station was dark", () => {
  test.each(["yz-full-2", undefined] as const)("is owed to its rider when it is the same one (%s put back)", (back) => {
    const bench = new StationBench();
    const person = new PatientRider(bench, rider, own);
    person.scan();
    person.stay(90_000, () => person.hand !== undefined && person.hand !== own);
    const taken = person.hand ?? pack("nothing-taken");
    expect(taken.packId).toBe("yz-full-2");
    bench.pass(500);
    expect(bench.state.swaps["c-1"]?.at).toBe("taken");
    const pulses = bench.pulses.length;
    bench.put(2, back === undefined ? pack("yz-other-9") : taken);
    bench.shut(2);
    bench.restart();
    bench.pass(20_000);
    expect(bench.pulses.length).toBe(pulses);
    expect(bench.ends).toEqual([back === undefined ? "completed-exchanged" : "not-taken"]);
    expect(bench.debts).toHaveLength(back === undefined ? 0 : 1);
    if (back === undefined) return;
    const again = new PatientRider(bench, rider, undefined);
    beServed(bench, again);
    expect([again.hand !== undefined, bench.debts]).toEqual([true, []]);
  });
});

describe("a power cut at any journal write", () => {
  for (const [story, prepare] of Object.entries(stories)) {
    test(`of ${story} opens no door at the next start, loses no pack and owes nothing twice`, () => {
      const { bench } = played(prepare, Number.POSITIVE_INFINITY);
      expectWrittenBeforeDone(bench);
      const total = bench.disk.length;
      expect(total).toBeGreaterThan(4);
      for (let count = 1; count <= total; count++) {
        for (const lost of [0, 1]) {
          for (const again of [0, 3_000]) {
            for (const lands of [true, false]) checkCut(prepare, { count, lost, again, lands });
          }
        }
      }
    });
  }
});
