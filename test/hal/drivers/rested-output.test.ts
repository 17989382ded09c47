import { describe, expect, test } from "vitest";
import { createBus } from "../../../hal/buses/serial-bus.ts";
import { RestedOutput } from "../../../hal/drivers/rested-output.ts";
import { waveshareRelayD } from "../../../hal/drivers/waveshare-relay-d.ts";
import type { SwitchedOutput } from "../../../hal/ports/switched-output.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import type { LineFaults } from "../../../simulator/fault-types.ts";
import { deviceBench } from "../../support/device-bench.ts";

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

describe("a compressor behind a board whose line", () => {
  const bad: readonly [what: string, faults: Partial<LineFaults>][] = [
    ["loses every second answer", { dropReply: 0.5 }],
    ["loses every second request", { dropRequest: 0.5 }],
    ["loses both now and then", { dropRequest: 0.2, dropReply: 0.3 }],
    ["answers late", { delayReply: 0.7, delayMs: 250 }],
    ["flips bits", { corruptReply: 0.6, corruptRequest: 0.2 }],
  ];
  test.each(bad)("%s rests as long as any other before it starts again", (_, faults) => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const { lines, relayBoard } = deviceBench(clock);
    const { relay: line } = lines;
    const spec = { path: line.path, baud: 9_600, stopBits: 1 } as const;
    const bus = createBus({
      id: "r",
      line: spec,
      openWire: (wire, events) => line.open(wire, events),
      clock,
      echo: false,
    });
    const board = waveshareRelayD({ address: 1 }, { bus, clock });
    const output = new RestedOutput(board.output(1) as SwitchedOutput, clock, restMs);
    let [wasOn, offMs, shortestMs, starts] = [false, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
    for (let at = 0; clock.nowMs < 3_600_000; at++) {
      if (clock.nowMs > 10_000) Object.assign(line.faults, faults);
      if (at % 25 === 0) output.hold(true, clock.nowMs + 1_900);
      clock.runUntil(clock.nowMs + 10);
      const on = relayBoard.relays[0]?.on === true;
      if (on && !wasOn) {
        starts++;
        shortestMs = Math.min(shortestMs, clock.nowMs - offMs);
      }
      if (!on && wasOn) offMs = clock.nowMs;
      wasOn = on;
    }
    expect(starts).toBeGreaterThan(1);
    expect(shortestMs).toBeGreaterThanOrEqual(restMs - 10);
  });
});
