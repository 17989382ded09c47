import { describe, expect, test } from "vitest";
import { memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { expectWrittenBeforeDone } from "./written-before-done.ts";

const rider = memberName(1);
const other = memberName(2);

function scanned(options: ConstructorParameters<typeof StationBench>[0] = {}): StationBench {
  const bench = new StationBench(options);
  bench.scan(rider);
  return bench;
}

describe("an empty door that does not open (E6)", () => {
  for (const lock of ["stuck", "dead"] as const) {
    test(`is tried three times, then the next empty bay is written down and opened, and the ${lock} lock is out of service`, () => {
      const bench = new StationBench();
      bench.bay(1).lock = lock;
      bench.scan(rider);
      expect(bench.untilOpen()).toBe(4);
      expect(bench.pulses.map(({ bay }) => bay)).toEqual([1, 1, 1, 4]);
      expect(bench.records[1]).toMatchObject({ kind: "swap-bay-chosen", inBay: 4 });
      expectWrittenBeforeDone(bench);
      bench.put(4, pack("yz-own-1"));
      bench.shut(4);
      bench.collect();
      bench.until(() => bench.ends.length > 0, "the end");
      expect(bench.ends).toEqual(["completed"]);
      expect(bench.lockOutOf(1)).toEqual({ lockOut: "system", reason: "lock-failed" });
      bench.pass(2_000);
      expect(bench.faults).toEqual(["bay-lock-failed/1"]);
    });
  }

  test("moves on to the next bay within 3 s of the last pulse", () => {
    const bench = new StationBench();
    bench.bay(1).lock = "stuck";
    bench.scan(rider);
    bench.untilOpen();
    const [, , last, next] = bench.pulses;
    expect((next?.nowMs ?? 0) - (last?.nowMs ?? 0)).toBeLessThan(3_000);
  });

  test("with no bay left ends the swap without a charge and without a debt", () => {
    const bench = new StationBench();
    bench.bay(1).lock = "stuck";
    bench.bay(4).lock = "dead";
    bench.scan(rider);
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["no-door-opened"]);
    expect(bench.points).toEqual(["RESERVED", "no-door-opened"]);
    expect(bench.debts).toEqual([]);
    expect(bench.state.durable.today.cancelled).toBe(1);
    expect([bench.lockOutOf(1), bench.lockOutOf(4)]).toEqual(
      [1, 4].map(() => ({ lockOut: "system", reason: "lock-failed", member: rider })),
    );
  });

  test("that opens unseen takes the rider's pack all the same, and the book says whose it is", () => {
    const bench = new StationBench();
    for (const bay of [1, 4]) Object.assign(bench.bay(bay), { doorSwitchSays: true, latchSays: true });
    bench.scan(rider);
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["no-door-opened"]);
    bench.bay(1).pack = pack("yz-own-1");
    bench.pass(20_000);
    expect(bench.records).toContainEqual({
      kind: "pack-seen",
      bay: 1,
      packId: "yz-own-1",
      how: "late-deposit",
      member: rider,
    });
    const { ledger } = bench.state.durable;
    expect(ledger.packs["yz-own-1"]).toMatchObject({ at: "quarantine", bay: 1, member: rider });
    expect(bench.lockOutOf(1)).toMatchObject({ reason: "lock-failed", member: rider });
  });

  test("whose lock never answers at all does not hold the cabinet for ever", () => {
    const bench = new StationBench();
    bench.bay(1).lock = "mute";
    bench.scan(rider);
    expect(bench.untilOpen()).toBe(4);
    expect(bench.pulses.filter(({ bay }) => bay === 1).length).toBeLessThanOrEqual(3);
  });

  test("that opened although its lock said nothing counts as open: the pulse is never repeated blindly", () => {
    const bench = new StationBench();
    bench.bay(1).lock = "mute";
    bench.scan(rider);
    bench.pass(500);
    bench.open(1);
    bench.pass(15_000);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1]);
    expect(bench.points).toEqual(["RESERVED", "IN_OPEN"]);
  });
});

describe("a rider who inserts nothing", () => {
  test("and leaves the door open is called off at the end of the window; the bay waits for its door (E7)", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.pass(59_000);
    expect(bench.ends).toEqual([]);
    bench.pass(2_000);
    expect(bench.ends).toEqual(["suspended-open"]);
    expect(bench.debts).toEqual([]);
    expect(bench.lockOutOf(bay)).toEqual({ lockOut: "pending-check", reason: "suspended-open", member: rider });
    bench.pass(10_000);
    expect(bench.faults).toEqual([`bay-door-left-open/${bay}`]);
    bench.shut(bay);
    bench.pass(3_000);
    expect(bench.lockOutOf(bay)).toBeUndefined();
    bench.pass(22_000);
    expect(bench.faults).toEqual([]);
  });

  test("and shuts the door on nothing hears it and gets three more tries, then nothing is charged (E8)", () => {
    const bench = scanned();
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["nothing-inserted"]);
    expect(bench.said.filter((id) => id === "insert-again")).toHaveLength(3);
    expect(bench.pulses).toHaveLength(4);
    const [first, , , fourth] = bench.pulses;
    expect((fourth?.nowMs ?? 0) - (first?.nowMs ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(bench.lockOutOf(1)).toBeUndefined();
    bench.scan(other);
    expect(bench.records.at(-1)).toMatchObject({ kind: "swap-reserved", swap: { inBay: 1 } });
  });

  test("and whose bay cannot be opened again is called off; the bay is checked by a person", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).lock = "stuck";
    bench.shut(bay);
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["nothing-inserted"]);
    expect(bench.lockOutOf(bay)).toEqual({ lockOut: "system", reason: "lock-failed", member: rider });
  });

  test("but puts the pack in and shuts the door after the window is credited by the next scan, without another door (E7)", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.pass(61_000);
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    bench.pass(5_000);
    expect(bench.lockOutOf(bay)).toMatchObject({ reason: "suspended-open" });
    bench.scan(other);
    bench.pass(2_000);
    expect(bench.openBays()).toEqual([4]);
    bench.shut(4);
    bench.pass(120_000);
    const before = bench.ends.length;
    bench.scan(rider);
    bench.collect();
    bench.until(() => bench.ends.length > before, "the end");
    expect(bench.ends.at(-1)).toBe("completed");
    expect(bench.points.slice(-6)).toEqual(["RESERVED", "IN_CLOSED", "IN_ACCEPTED", "OUT_OPEN", "TAKEN", "completed"]);
    expect(bench.lockOutOf(bay)).toBeUndefined();
    expectWrittenBeforeDone(bench);
  });
});
