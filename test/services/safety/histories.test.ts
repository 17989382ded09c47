/** Random histories of riders, dangers and restarts: what must hold after every step, judged from the contacts alone. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fullPack, memberName, pack, technician } from "../../support/bench-config.ts";
import type { Says } from "../../support/bench-safety.ts";
import { StationBench } from "../../support/station-bench.ts";
import { propertyRuns } from "../station/histories.ts";

const cabinets = ["c-1", "c-2"] as const;
const contact = fc.constantFrom<Says>(false, false, true, "lost");
const where = fc.constantFrom(...cabinets);

type Deed =
  | { readonly do: "smoke" | "conductor" | "water"; readonly cabinet: string; readonly says: Says }
  | { readonly do: "stop"; readonly says: Says }
  | { readonly do: "heat"; readonly bay: number; readonly tempC: number }
  | { readonly do: "scan"; readonly cabinet: string; readonly who: string }
  /** A fire from the first smoke to the latch, and a rider who does what is asked. */
  | { readonly do: "burn" | "swap"; readonly cabinet: string }
  | { readonly do: "use" | "restart" }
  | { readonly do: "pass"; readonly ms: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constantFrom("smoke", "smoke", "conductor", "water"), cabinet: where, says: contact }),
  fc.record({ do: fc.constant("stop"), says: contact }),
  fc.record({ do: fc.constant("heat"), bay: fc.integer({ min: 1, max: 6 }), tempC: fc.constantFrom(20, 20, 79, 85) }),
  fc.record({
    do: fc.constant("scan"),
    cabinet: where,
    who: fc.constantFrom(memberName(1), memberName(2), technician),
  }),
  fc.record({ do: fc.constantFrom("burn", "swap", "swap"), cabinet: where }),
  fc.record({ do: fc.constantFrom("use", "use", "use", "restart") }),
  fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(250, 1_000, 4_000, 15_000, 65_000) }),
);

/** Somebody puts a pack into whatever empty bay stands open, takes what stands in any other, and shuts the door. */
function use(bench: StationBench): void {
  for (const bay of bench.openBays()) {
    if (bench.bay(bay).pack === undefined) bench.put(bay, pack("yz-own-1"));
    else bench.take(bay);
    bench.pass(1_500);
    bench.shut(bay);
  }
}

function doOne(bench: StationBench, one: Deed): void {
  switch (one.do) {
    case "smoke":
    case "conductor":
    case "water":
      bench.safety[one.do][one.cabinet] = one.says;
      bench.step({ type: "noticed" });
      return;
    case "stop":
      bench.safety.emergencyStop = one.says;
      bench.step({ type: "noticed" });
      return;
    case "heat": {
      const world = bench.bay(one.bay);
      if (world.pack !== undefined) world.pack = { ...world.pack, cellTempsC: [one.tempC] };
      return;
    }
    case "scan":
      bench.scan(one.who, one.cabinet);
      return;
    case "burn":
      bench.smoke[one.cabinet] = true;
      bench.safety.conductor[one.cabinet] = true;
      bench.step({ type: "noticed" });
      bench.pass(5_000);
      return;
    case "swap":
      bench.scan(memberName(1), one.cabinet);
      for (let door = 0; door < 2; door++) {
        bench.pass(2_000);
        use(bench);
      }
      return;
    case "use":
      use(bench);
      return;
    case "restart":
      bench.restart();
      return;
    case "pass":
      bench.pass(one.ms, one.ms > 10_000 ? 1_000 : 250);
  }
}

/** What the wires say of this cabinet at this instant, in the plainest words. */
function dangerOf(bench: StationBench, cabinet: string): "doors" | "power" | undefined {
  const { safety } = bench;
  if (safety.smoke[cabinet] === true || safety.conductor[cabinet] === true || safety.emergencyStop === true)
    return "doors";
  const inputs = [safety.smoke[cabinet], safety.conductor[cabinet], safety.water[cabinet], safety.emergencyStop];
  return inputs.some((says) => says === "lost" || says === true) ? "power" : undefined;
}

function watch(bench: StationBench): { released: number } {
  const seen = { released: 0 };
  const wasOn = new Set<string>();
  let latched = 0;
  bench.watch = ({ effects, readings }) => {
    for (const effect of effects) {
      if (effect.do === "record" && effect.record.kind === "runaway-latched") latched++;
      if (effect.do !== "unlock") continue;
      const cabinet = bench.config.bays[effect.bay]?.cabinet ?? "";
      expect([effect.bay, dangerOf(bench, cabinet)]).not.toContain("doors");
      expect(bench.state.durable.safety.latches[cabinet]).toBeUndefined();
    }
    for (const { id, bays } of bench.config.cabinets) {
      const heard = readings.cabinets[id]?.smoke !== undefined;
      if (dangerOf(bench, id) !== undefined || bench.state.durable.safety.latches[id] !== undefined || !heard) {
        for (const bay of bays) expect(bench.granted.bays[bay]).toMatchObject({ chargeMa: 0, heater: false });
      }
      const on = bench.granted.safety.aerosols[id] === true;
      if (on && !wasOn.has(id)) seen.released++;
      if (on) wasOn.add(id);
      else wasOn.delete(id);
      if (on) expect(bench.state.durable.safety.latches[id]).toBeDefined();
      if (bench.safety.smoke[id] === true)
        expect(bench.granted.safety).toMatchObject({ stationAlarm: true, exitRelease: true });
    }
    expect(seen.released).toBeLessThanOrEqual(latched);
  };
  return seen;
}

describe("whatever happens in whatever order", () => {
  test("no lock is driven and nothing is fed in a danger, smoke is answered, and a release is one for each latch", () => {
    let released = 0;
    let completed = 0;
    fc.assert(
      fc.property(fc.array(deed, { minLength: 10, maxLength: 50, size: "max" }), (deeds) => {
        const stock = { 2: fullPack("yz-full-2"), 3: pack("yz-low-3"), 5: fullPack("yz-full-5"), 6: pack("yz-low-6") };
        const bench = new StationBench({ cabinets: 2, baysEach: 3, allSafety: true, stock });
        const seen = watch(bench);
        for (const one of deeds) doOne(bench, one);
        released += seen.released;
        completed += bench.ends.filter((end) => end === "completed").length;
      }),
      { numRuns: propertyRuns * 4 },
    );
    // Both sides of the story came up.
    expect(released).toBeGreaterThan(0);
    expect(completed).toBeGreaterThan(0);
  }, 180_000);
});
