import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeParameters, parameters, valuesIn, withParameters } from "../../../services/operators/parameters.ts";
import { contextInForce } from "../../../services/station/in-force.ts";
import { benchConfig, fullPack, memberName, pack } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const set = (bench: StationBench, values: Record<string, number | null>) =>
  answersTo(bench, order(bench, { verb: "parameters", set: values }))[0];

describe("parameters", () => {
  test("an empty set tells what is in force and changes nothing", () => {
    const bench = new StationBench();
    const records = bench.records.length;
    const answer = set(bench, {});
    expect(answer).toMatchObject({ status: "ok", data: { values: { "charging.targetSocPct": 90 } } });
    expect(Object.keys(answer?.data?.values ?? {})).toEqual([...parameters.keys()]);
    expect(bench.records.slice(records).map(({ kind }) => kind)).toEqual(["request-taken", "request-answered"]);
  });

  test("reach every part that decides by them: what is offered, the current, the interlock, the power", () => {
    const bench = new StationBench({ stock: { 2: fullPack("yz-2", 92), 3: pack("yz-3"), 4: pack("yz-4") } });
    bench.pass(3_000);
    expect(bench.granted.bays[3]?.chargeMa).toBe(12_000);
    set(bench, { "packs.chargeMa": 6_000 });
    bench.pass(1_000);
    expect(bench.granted.bays[3]?.chargeMa).toBe(6_000);
    set(bench, { "charging.targetSocPct": 95 });
    bench.scan(memberName(1));
    expect(bench.ends).toEqual(["no-full-pack"]);
    set(bench, { "safety.chargeMaxC": 20 });
    bench.pass(250);
    expect(bench.granted.bays[3]?.chargeMa).toBe(0);
    set(bench, { "safety.chargeMaxC": null, "station.siteLimitW": 400 });
    bench.pass(3_000);
    const charging = [2, 3, 4].filter((bay) => (bench.granted.bays[bay]?.chargeMa ?? 0) > 0);
    expect(charging).toHaveLength(1);
  });

  test("hold over a restart, and null goes back to the file", () => {
    const bench = new StationBench();
    set(bench, { "charging.targetSocPct": 80, "swap.insertWindowMs": 30_000 });
    bench.restart();
    expect(set(bench, {})).toMatchObject({
      data: { values: { "charging.targetSocPct": 80, "swap.insertWindowMs": 30_000 } },
    });
    set(bench, { "charging.targetSocPct": null });
    expect(set(bench, {})).toMatchObject({
      data: { values: { "charging.targetSocPct": 90, "swap.insertWindowMs": 30_000 } },
    });
    expect(bench.remembered()).toEqual(bench.state.durable);
  });

  test("may tighten a safety number step by step, and give back what was tightened, but not a degree more (I17)", () => {
    const bench = new StationBench();
    expect(set(bench, { "safety.hotPackC": 50 })).toMatchObject({ status: "ok" });
    expect(set(bench, { "safety.hotPackC": 60 })).toMatchObject({ status: "ok" });
    expect(set(bench, { "safety.hotPackC": 60.5 })).toEqual({
      status: "refused",
      reason: "only-stricter",
      data: { name: "safety.hotPackC", configured: 60 },
    });
  });

  const refusals: readonly (readonly [string, Record<string, number | null>])[] = [
    ["unknown-parameter", { "safety.noSuch": 1 }],
    ["unknown-parameter", { "safety.smokeHeardMs": 10_000 }],
    ["unknown-parameter", { constructor: 1 }],
    ["unknown-parameter", { "charging.noSuch": null }],
    ["out-of-bounds", { "charging.targetSocPct": 101 }],
    ["out-of-bounds", { "charging.targetSocPct": 90.5 }],
    ["out-of-bounds", { "safety.chargeMaxC": 46 }],
    ["only-stricter", { "station.siteLimitW": 25_001 }],
    ["only-stricter", { "packs.chargeMa": 12_001 }],
    ["out-of-bounds", { "safety.leakageMa": 900 }],
    ["only-stricter", { "safety.hotPackC": 61 }],
    ["contradicts", { "charging.maxSocPct": 85 }],
    ["contradicts", { "charging.maxSocPct": 80, "charging.targetSocPct": 81 }],
    ["contradicts", { "safety.chargeMinC": 8 }],
    // One good value does not carry a bad one in.
    ["out-of-bounds", { "swap.insertWindowMs": 30_000, "charging.maxSocPct": 500 }],
  ];
  test.each(refusals)("are refused as a whole: %s %j", (reason, values) => {
    const bench = new StationBench();
    expect(set(bench, values)).toMatchObject({ status: "refused", reason });
    expect(bench.state.durable.operators.parameters).toEqual({});
  });

  test("whatever is taken: safety numbers are never looser than the file, and nothing contradicts", () => {
    const configured = benchConfig();
    const name = fc.constantFrom(...parameters.keys(), "nonsense");
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: -50, max: 130 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.constantFrom(0, 45, 60, 1e300, -0.5, 12_000, 60_000),
    );
    const sets = fc.array(fc.dictionary(name, value, { maxKeys: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(sets, (asked) => {
        let standing: Readonly<Record<string, number>> = {};
        for (const one of asked) {
          const verdict = judgeParameters(configured, standing, one);
          if (verdict.is === "good") standing = verdict.parameters;
        }
        const { charging, safety, packs, siteLimitW } = withParameters(configured, standing);
        expect(siteLimitW).toBeLessThanOrEqual(configured.siteLimitW);
        expect(packs.chargeMa).toBeLessThanOrEqual(configured.packs.chargeMa);
        expect(safety.hotPackC).toBeLessThanOrEqual(configured.safety.hotPackC);
        expect(safety.chargeMaxC).toBeLessThanOrEqual(configured.safety.chargeMaxC);
        expect(safety.leakageMa).toBeLessThanOrEqual(configured.safety.leakageMa);
        expect(safety.chargeMinC).toBeGreaterThanOrEqual(configured.safety.chargeMinC);
        expect(safety.fullCurrentMinC).toBeGreaterThanOrEqual(configured.safety.fullCurrentMinC);
        expect(charging.targetSocPct).toBeLessThanOrEqual(charging.maxSocPct);
        expect(safety.chargeMinC).toBeLessThanOrEqual(safety.chargeMaxC);
        // What was taken is in force, number by number.
        expect(valuesIn(withParameters(configured, standing))).toMatchObject(standing);
      }),
      { numRuns: 500 },
    );
  });

  test("that a new file forbids, loosens or contradicts give way to the file", () => {
    const file = benchConfig();
    const stricter = { ...file, safety: { ...file.safety, hotPackC: 50 } };
    expect(withParameters(stricter, { "safety.hotPackC": 55 }).safety.hotPackC).toBe(50);
    expect(withParameters(file, { "safety.gone": 1, "charging.targetSocPct": 300 })).toEqual(file);
    const higher = { ...file, charging: { ...file.charging, targetSocPct: 95 } };
    expect(withParameters(higher, { "charging.maxSocPct": 92 })).toEqual(higher);
  });

  test("are worked out once for each change, and are the very same context when there are none", () => {
    const bench = new StationBench();
    expect(contextInForce(bench.context, bench.state)).toBe(bench.context);
    set(bench, { "charging.targetSocPct": 80 });
    const inForce = contextInForce(bench.context, bench.state);
    expect(inForce.config.charging.targetSocPct).toBe(80);
    bench.pass(5_000);
    expect(contextInForce(bench.context, bench.state)).toBe(inForce);
  });
});
