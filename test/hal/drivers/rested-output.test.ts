import { describe, expect, test } from "vitest";
import { RestedOutput } from "../../../hal/drivers/rested-output.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";

const restMs = 180_000;

/** A relay that obeys while its board has a supply, held four times a second as the loop does. */
function compressor() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const relay = {
    lapse: (): void => turn(false),
    on: false,
    powered: true,
    heard: true,
    offMs: Number.NEGATIVE_INFINITY,
    shortestRestMs: Number.POSITIVE_INFINITY,
  };
  const turn = (on: boolean): void => {
    if (on && !relay.on) relay.shortestRestMs = Math.min(relay.shortestRestMs, clock.nowMs - relay.offMs);
    if (!on && relay.on) relay.offMs = clock.nowMs;
    relay.on = on;
  };
  const output = new RestedOutput(
    { hold: (on) => turn(on && relay.powered), state: () => (relay.heard ? (relay.on ? "on" : "off") : "unknown") },
    clock,
    restMs,
  );
  return {
    relay,
    lose: () => {
      relay.powered = false;
      turn(false);
    },
    hold(on: boolean, seconds: number) {
      const untilMs = clock.nowMs + seconds * 1_000;
      while (clock.nowMs < untilMs) {
        output.hold(on, clock.nowMs + 1_900);
        clock.runUntil(clock.nowMs + 250);
      }
    },
    standStill: (seconds: number) => {
      turn(false);
      clock.runUntil(clock.nowMs + seconds * 1_000);
    },
  };
}

describe("the relay of a compressor", () => {
  test("does what it is told while it is known to do it", () => {
    const { relay, hold } = compressor();
    hold(true, 60);
    expect(relay.on).toBe(true);
    hold(false, 1);
    expect(relay.on).toBe(false);
    hold(true, 1);
    expect(relay.on, "a rest that was decided is counted by whoever decided it").toBe(true);
  });

  test("rests after its board was without supply, however short that was beyond a lease", () => {
    const { relay, hold, lose } = compressor();
    hold(true, 60);
    lose();
    hold(true, 4);
    relay.powered = true;
    hold(true, 175);
    expect(relay.on).toBe(false);
    hold(true, 10);
    expect(relay.on).toBe(true);
    expect(relay.shortestRestMs).toBeGreaterThanOrEqual(restMs);
  });

  test("rests after the process stood still", () => {
    const { relay, hold, standStill } = compressor();
    hold(true, 60);
    standStill(10);
    hold(true, 170);
    expect(relay.on).toBe(false);
    hold(true, 20);
    expect(relay.on).toBe(true);
  });

  test("is not kept off by an answer that was lost once", () => {
    const { relay, hold } = compressor();
    hold(true, 60);
    relay.heard = false;
    hold(true, 1);
    relay.heard = true;
    hold(true, 60);
    expect(relay.offMs).toBe(Number.NEGATIVE_INFINITY);
  });

  test("rests after its lease ran out between two renewals, however soon the next one comes", () => {
    const { relay, hold } = compressor();
    hold(true, 60);
    relay.lapse();
    hold(true, 30);
    expect(relay.on).toBe(false);
    hold(true, 400);
    expect(relay.on).toBe(true);
    expect(relay.shortestRestMs).toBeGreaterThanOrEqual(restMs);
  });
});
