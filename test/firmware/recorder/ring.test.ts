/** The ring: what it weighs, and what goes first. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Compress, Ring, stateBytes, textOf } from "../../../firmware/recorder/ring.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { bootState, type StationState } from "../../../services/station/state.ts";
import { benchConfig, benchContext } from "../../support/bench-config.ts";

const state: StationState = bootState(benchContext(benchConfig()), emptyDurable, 0);
const limits = { bytesMax: 200_000, segmentMs: 60_000, segmentBytesMax: 30_000 };
/** To a tenth, as text does. */
const tenth: Compress = (text, done) => done(new Uint8Array(Math.ceil(text.length / 10)));
const never: Compress = () => undefined;

function fill(ring: Ring, steps: readonly { readonly ms: number; readonly chars: number }[]): number {
  let nowMs = 0;
  let heaviest = 0;
  for (const { ms, chars } of steps) {
    nowMs += ms;
    const open = ring.open;
    const segment = open === undefined || ring.isFull(nowMs) ? ring.begin(state, nowMs, nowMs) : open;
    ring.add(segment, "x".repeat(chars));
    segment.steps++;
    heaviest = Math.max(heaviest, ring.bytes());
  }
  return heaviest;
}

const steps = fc.array(fc.record({ ms: fc.nat({ max: 5_000 }), chars: fc.nat({ max: 3_000 }) }), { maxLength: 600 });

describe("the ring", () => {
  test("never weighs more than it may and one segment, whether compression keeps up or never comes", () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (all, keepsUp) => {
        const ring = new Ring(limits, keepsUp ? tenth : never);
        const heaviest = fill(ring, all);
        expect(heaviest).toBeLessThanOrEqual(limits.bytesMax + limits.segmentBytesMax + 3_001);
      }),
    );
  });

  test("drops the oldest segment first, and its state with it", () => {
    const ring = new Ring(limits, never);
    fill(
      ring,
      Array.from({ length: 400 }, () => ({ ms: 250, chars: 1_000 })),
    );
    expect(ring.droppedSegments()).toBeGreaterThan(0);
    const starts = ring.segments().map(({ startMs }) => startMs);
    expect(starts).toEqual([...starts].sort((one, other) => one - other));
    expect(starts[0]).toBeGreaterThan(0);
  });

  test("begins a segment when a minute is over, or when the open one is heavy", () => {
    const ring = new Ring(limits, tenth);
    fill(
      ring,
      Array.from({ length: 300 }, () => ({ ms: 1_000, chars: 1 })),
    );
    expect(ring.segments().length).toBe(5);
    const heavy = new Ring(limits, tenth);
    fill(
      heavy,
      Array.from({ length: 100 }, () => ({ ms: 1, chars: 1_000 })),
    );
    expect(heavy.segments().length).toBeGreaterThan(3);
  });

  test("hands out what it holds at that moment: what is added later is not in it", () => {
    const ring = new Ring(limits, tenth);
    fill(ring, [{ ms: 0, chars: 3 }]);
    const [segment] = ring.segments();
    fill(ring, [{ ms: 1, chars: 5 }]);
    expect(segment && textOf(segment)).toBe("xxx\n");
    expect(segment?.steps).toBe(1);
  });

  test("charges a state with the collections that it does not share with the one before", () => {
    const packs = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, at) => [`yz-${at}`, { at: "rider", member: "m-1", since: 0 } as const]),
    );
    const durable = { ...state.durable, ledger: { ...state.durable.ledger, packs } };
    const large: StationState = { ...state, durable };
    expect(stateBytes(large, state) - stateBytes(state, state)).toBeGreaterThan(100_000);
    expect(stateBytes({ ...large, bayLookMs: 1 }, large)).toBe(stateBytes(state, state));
  });
});
