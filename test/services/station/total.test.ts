/** The station's decision answers every event in every state, whatever nonsense the wires say: nothing is ever thrown. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StationEvent } from "../../../services/events.ts";
import { interlock } from "../../../services/interlocks.ts";
import type { Quality, Reading } from "../../../services/reading.ts";
import type { BayReadings, PackReading, StationReadings } from "../../../services/readings.ts";
import { deriveLevels } from "../../../services/station/levels.ts";
import { deepFreeze, digestOf, memberName, pack } from "../../support/bench-config.ts";
import { newBench, propertyRuns } from "./histories.ts";

const extreme = fc.constantFrom(0, -0, 1, -1, 1e-9, 42, -273.15, 65_535, 2 ** 31, -(2 ** 31), 1e15, -1e15);
const quality = fc.constantFrom<Quality>("good", "good", "good", "stale", "invalid");

const read = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Reading<T> | undefined> =>
  fc.option(fc.record({ value, atMs: fc.oneof(fc.integer({ min: 999_000, max: 1_400_000 }), extreme), quality }), {
    nil: undefined,
    freq: 6,
  });

const anyPack: fc.Arbitrary<PackReading> = fc
  .record({
    packId: fc.constantFrom(undefined, "yz-own-1", "yz-full-2", "acme-77", "__proto__", ""),
    packMv: extreme,
    packMa: extreme,
    socPct: extreme,
    cellTempsC: fc.array(extreme, { maxLength: 4 }),
    cellsMv: fc.array(extreme, { maxLength: 14 }),
    protectionBits: fc.oneof(fc.integer({ min: 0, max: 0xffff }), extreme),
    remainingMah: extreme,
    nominalMah: extreme,
    cycles: extreme,
  })
  .map((more) => pack(more.packId, more));

const anyBay: fc.Arbitrary<BayReadings> = fc.record({
  doorShut: read(fc.boolean()),
  latched: read(fc.boolean()),
  present: read(fc.boolean()),
  pack: read(fc.option(anyPack, { nil: undefined })),
  charger: read(fc.record({ outMv: extreme, outMa: extreme })),
});

const anyReadings: fc.Arbitrary<StationReadings> = fc
  .record({
    bays: fc.array(fc.option(anyBay, { nil: undefined, freq: 8 }), { maxLength: 8 }),
    smoke: read(fc.boolean()),
    heard: fc.boolean(),
  })
  .map(({ bays, smoke, heard }) => ({
    bays: [undefined, ...bays],
    cabinets: heard ? { "c-1": { smoke, conductor: smoke, water: smoke, airTempC: undefined } } : {},
    station: { emergencyStop: smoke },
  }));

const anyWord = fc.constantFrom("c-1", "c-2", "c-99", "", "__proto__", "constructor");
const anyBayNumber = fc.constantFrom(-1, 0, 1, 2, 3, 4, 5, 6, 7, 1e9);

const anyEvent: fc.Arbitrary<StationEvent> = fc.oneof(
  fc.constant<StationEvent>({ type: "tick" }),
  fc.constant<StationEvent>({ type: "noticed" }),
  fc.record({
    type: fc.constant("scan" as const),
    cabinet: anyWord,
    digest: fc.constantFrom(digestOf(memberName(1)), digestOf(memberName(2)), "", "__proto__"),
  }),
  fc.record({ type: fc.constant("lock-driven" as const), bay: anyBayNumber }),
  fc.record({ type: fc.constant("lock-failed" as const), bay: anyBayNumber, why: fc.string() }),
  fc.record({
    type: fc.constant("journal-failed" as const),
    swap: fc.constantFrom(undefined, "s-000001", "s-000002", "__proto__"),
    why: fc.string(),
  }),
  fc.record({
    type: fc.constant("request" as const),
    request: fc.record({
      verb: fc.constant("lock-out" as const),
      id: fc.string(),
      expiresAt: extreme,
      bay: anyBayNumber,
      lockOut: fc.constantFrom("operator" as const, "none" as const),
      reason: fc.string(),
    }),
  }),
  fc.record({
    type: fc.constant("condition" as const),
    code: fc.constantFrom("log-failed", "bus-lost", "nonsense", "__proto__"),
    subject: anyWord,
    present: fc.boolean(),
  }),
  fc.record({ type: fc.constant("told" as const), record: fc.constant({ kind: "stopping", detail: "" } as const) }),
  fc.record({
    type: fc.constant("date" as const),
    date: fc.oneof(fc.string(), fc.constantFrom("2026-01-31", "2026-02-01", "2026-02-02", "2025-12-31")),
    known: fc.boolean(),
  }),
  fc.constant<StationEvent>({ type: "stopping" }),
);

describe("whatever happens, in whatever order, with whatever readings", () => {
  test("a decision comes out, nothing is mutated, and what is granted stays what was wanted or less", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ event: anyEvent, readings: anyReadings, ms: fc.integer({ min: 0, max: 20_000 }) }), {
          maxLength: 40,
        }),
        (history) => {
          const bench = newBench();
          for (const { event, readings, ms } of history) {
            bench.nowMs += ms;
            bench.step(event, deepFreeze(readings));
            const levels = deriveLevels(bench.state, bench.context);
            const facts = {
              nowMs: bench.nowMs,
              lockBay: undefined,
              masterEnabled: true,
              alerts: bench.state.alerts,
              latches: {},
            };
            const granted = interlock(levels, readings, facts, bench.config).levels;
            for (const [bay, level] of granted.bays.entries())
              expect(level === undefined || level.chargeMa === 0 || level.chargeMa === levels.bays[bay]?.chargeMa).toBe(
                true,
              );
          }
        },
      ),
      { numRuns: propertyRuns * 4 },
    );
  });
});
