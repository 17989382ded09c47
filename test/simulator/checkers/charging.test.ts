/** The judges of charging, put before currents that flow where none may. */
import { describe, expect, test } from "vitest";
import { chargeOnlyWhatIsHeard, chargeOnlyWhereSafe, withinSiteLimit } from "../../../simulator/checkers/charging.ts";
import { lostIsNotNormal } from "../../../simulator/checkers/sensors.ts";
import { judgeBench } from "../../support/judge-bench.ts";

describe("charging (I8, I12)", () => {
  test("a lock that fires while current flows is found, unless nobody can stop that current", () => {
    const bench = judgeBench();
    bench.judge(chargeOnlyWhereSafe);
    bench.bay(1).chargeMa = 100;
    bench.tell({ type: "coil", bay: 1, on: true, released: true });
    expect(bench.found).toEqual([]);
    bench.bay(1).chargeMa = 5_000;
    bench.tell({ type: "coil", bay: 1, on: true, released: true });
    expect(bench.found).toEqual(["I8: the lock of bay 1 fires at 5000 mA"]);
    Object.assign(bench.faults(1), { chargerStuck: true, contactorWelded: true });
    bench.tell({ type: "coil", bay: 1, on: true, released: true });
    expect(bench.found).toHaveLength(1);
  });

  test.each([
    [undefined, 1],
    ["plugs-exchanged", 0],
    ["device-replaced", 1],
  ])("current into a cold cell is found, unless its line was exchanged: %s", (trouble, found) => {
    const bench = judgeBench();
    bench.judge(chargeOnlyWhereSafe);
    if (trouble !== undefined) bench.troubles.begin(trouble, "line pack-1 and line pack-2");
    Object.assign(bench.bay(1), { chargeMa: 5_000, chargerOn: true, doorChangedMs: -10_000 });
    Object.assign(bench.bay(1).pack ?? {}, { cellTempC: -2 });
    bench.seconds(10.5);
    expect(bench.found).toHaveLength(found);
  });

  test("current has a second to end after smoke came, however the look falls; after that it is found", () => {
    const bench = judgeBench();
    bench.judge(chargeOnlyWhereSafe);
    Object.assign(bench.bay(1), { chargeMa: 5_000, chargerOn: true });
    bench.seconds(5);
    // The judge looks every ten seconds: this smoke comes just before it does.
    bench.seconds(4.9);
    bench.smoke();
    bench.seconds(0.5);
    expect(bench.found).toEqual([]);
    bench.seconds(2);
    expect(bench.found[0]).toBe("I8: 5000 mA into bay 1 although there is smoke");
  });

  test("more than the mains may carry is found, but for what heaters behind welded relays draw (I10)", () => {
    const bench = judgeBench();
    bench.judge(withinSiteLimit);
    const { siteLimitW, charging } = bench.config.station;
    bench.truth.mainsW = siteLimitW + charging.heaterW;
    bench.bay(1).heaterOn = true;
    bench.seconds(20);
    expect(bench.found).toEqual([]);
    bench.bay(1).heaterRelayOn = true;
    bench.seconds(20);
    expect(bench.found[0]).toBe(`I10: ${siteLimitW + charging.heaterW} W of ${siteLimitW} W`);
  });

  test.each([
    ["of the charger that took another's address, is nobody's grant", "charger-2", 4_000, 0],
    ["of the charger whose address was taken, is the controller's", "charger-1", 4_000, 1],
    ["of other chargers, while that one rests, is the controller's", "charger-2", 0, 1],
  ])("more than the mains may carry, %s (I10)", (_story, taken, chargeMa, found) => {
    const bench = judgeBench();
    bench.judge(withinSiteLimit);
    const over = bench.troubles.begin("two-on-one-address", `device ${taken}`);
    bench.truth.mainsW = bench.config.station.siteLimitW + 1;
    bench.bay(1).chargeMa = chargeMa;
    bench.seconds(11);
    expect(bench.found).toHaveLength(found);
    over();
    bench.seconds(20);
    expect(bench.found.length, "long after they were told apart").toBeGreaterThan(found);
  });

  test("current into a pack that has been mute for eight seconds is found", () => {
    const bench = judgeBench();
    bench.judge(chargeOnlyWhatIsHeard);
    const answer = () => {
      for (const bay of [1, 2, 3, 4]) bench.ears.answers({ bus: `packline-${bay}`, address: undefined });
    };
    bench.bay(2).chargeMa = 12_000;
    for (let second = 0; second < 30; second += 5) {
      answer();
      bench.seconds(5);
    }
    expect(bench.found).toEqual([]);
    bench.seconds(6);
    expect(bench.found[0]).toMatch(/^I8: 12000 mA into bay 2, not heard for \d+ ms$/);
  });

  test("a smoke head whose board is mute stops its cabinet, and a current that goes on is found", () => {
    const bench = judgeBench();
    bench.judge(lostIsNotNormal);
    for (let second = 0; second < 60; second += 2) {
      for (const address of [1, 2]) bench.ears.answers({ bus: "relays", address });
      bench.seconds(2);
    }
    bench.seconds(10);
    expect(bench.found).toEqual([]);
    expect(bench.looks()).toBeGreaterThan(0);
    bench.bay(1).chargeMa = 12_000;
    bench.seconds(6);
    expect(bench.found[0]).toBe("I12: bay 1 is charged, and board 2 on relays is mute");
    bench.faults(1).contactorWelded = true;
    const before = bench.found.length;
    bench.seconds(10);
    expect(bench.found).toHaveLength(before);
  });
});
