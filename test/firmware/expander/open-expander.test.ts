import { describe, expect, test } from "vitest";
import type { ExpanderProcessEvents } from "../../../firmware/expander/child-process.ts";
import { openExpander } from "../../../firmware/expander/open-expander.ts";
import type { AnalogInput } from "../../../hal/ports/analog-input.ts";
import type { PwmOutput } from "../../../hal/ports/pwm-output.ts";
import type { Reading } from "../../../hal/ports/reading.ts";
import type { Thermometer } from "../../../hal/ports/thermometer.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { expanderBench, expanderEntry } from "../../support/expander-bench.ts";

const PERIOD_MS = expanderEntry.periodMs;

function start() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const bench = expanderBench(clock);
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  const air = bench.expander.thermometers.get("fridge-air") as Thermometer;
  const light = bench.expander.inputs.get("daylight") as AnalogInput;
  const fan = bench.expander.outputs.get("fan") as PwmOutput;
  const told: Array<Reading<number> & { readonly toldMs: number }> = [];
  light.watch((reading) => told.push({ ...reading, toldMs: clock.nowMs }));
  const renew = (share: number, ms: number): void => {
    for (let left = ms; left > 0; left -= 250) {
      fan.hold(share, clock.nowMs + 1_900);
      pass(250);
    }
  };
  /** Passes time in small steps; returns how old the oldest value was that was still called good. */
  const oldestGoodMs = (ms: number): number => {
    let oldest = 0;
    for (let left = ms; left > 0; left -= 50) {
      pass(50);
      const { quality, atMs } = light.reading();
      if (quality === "good") oldest = Math.max(oldest, clock.nowMs - atMs);
    }
    return oldest;
  };
  return { ...bench, clock, pass, air, light, fan, told, renew, oldestGoodMs, nowMs: () => clock.nowMs };
}

describe("the points of an expander board", () => {
  test("are there at once and unknown, and stay so beside a board that never says anything", () => {
    const { air, light, fan, pass, board, expander } = start();
    expect([...expander.inputs.keys()]).toEqual(["fridge-air", "daylight"]);
    expect([...expander.thermometers.keys()]).toEqual(["fridge-air"]);
    board.pluggedIn = false;
    pass(60_000);
    expect(air.reading()).toMatchObject({ value: Number.NaN, quality: "stale" });
    expect(light.reading()).toMatchObject({ value: Number.NaN, quality: "stale" });
    expect(fan.state()).toBe("unknown");
  });

  test("carry the time of arrival, and a thermistor reads in degrees", () => {
    const { air, light, pass, board, nowMs } = start();
    board.share = 0.5;
    pass(5_000);
    expect(light.reading()).toMatchObject({ value: 0.5, quality: "good" });
    expect(air.reading()).toMatchObject({ value: 25, quality: "good" });
    expect(nowMs() - light.reading().atMs).toBeLessThanOrEqual(PERIOD_MS);
  });

  test.each([0, 1])("pinned to %d are invalid with the first such report", (end) => {
    const { air, light, pass, board } = start();
    board.share = 0.5;
    pass(5_000);
    board.share = end;
    pass(PERIOD_MS + 10);
    expect(light.reading()).toMatchObject({ value: 0.5, quality: "invalid" });
    expect(air.reading()).toMatchObject({ value: 25, quality: "invalid" });
  });

  test("turn stale three periods after the last report of a board that was unplugged, and recover by themselves", () => {
    const { light, pass, board, told, processes, health } = start();
    board.share = 0.5;
    pass(5_500);
    board.unplug();
    const lastMs = light.reading().atMs;
    pass(3 * PERIOD_MS);
    const stale = told.find(({ quality }) => quality === "stale");
    expect(stale).toMatchObject({ value: 0.5, atMs: lastMs, toldMs: lastMs + 3 * PERIOD_MS });
    pass(120_000);
    expect(light.reading().quality).toBe("stale");
    board.plug();
    pass(10_000 + 3 * PERIOD_MS);
    expect(light.reading()).toMatchObject({ value: 0.5, quality: "good" });
    // One process died with the board; its successor waited for the plug.
    expect(processes).toHaveLength(2);
    expect(health.map(({ lost }) => lost)).toEqual([false, true, true, false]);
  });

  test("survive a board that restarts: a new process meets it, and nothing old is called good for long", () => {
    const { light, pass, board, processes, oldestGoodMs, nowMs } = start();
    board.share = 0.5;
    pass(5_500);
    board.restart();
    board.share = 0.25;
    expect(oldestGoodMs(10_000)).toBeLessThanOrEqual(3 * PERIOD_MS);
    expect(light.reading()).toMatchObject({ value: 0.25, quality: "good" });
    expect(nowMs() - light.reading().atMs).toBeLessThanOrEqual(PERIOD_MS);
    expect(processes).toHaveLength(2);
  });

  test("survive the death of their process", () => {
    const { light, pass, board, processes, oldestGoodMs, health } = start();
    board.share = 0.5;
    pass(5_500);
    processes[0]?.die();
    expect(oldestGoodMs(10_000)).toBeLessThanOrEqual(3 * PERIOD_MS);
    expect(light.reading().quality).toBe("good");
    expect(health.at(-2)).toEqual({ lost: true, why: "ended (SIGKILL)" });
    expect(processes).toHaveLength(2);
  });

  test("of a process that was stopped turn stale, and what waited in it is never taken for news", () => {
    const { light, pass, board, processes, oldestGoodMs } = start();
    board.share = 0.5;
    pass(5_500);
    processes[0]?.stop();
    expect(oldestGoodMs(3 * PERIOD_MS)).toBeLessThanOrEqual(3 * PERIOD_MS);
    expect(light.reading().quality).toBe("stale");
    pass(500);
    expect(processes[0]?.alive).toBe(false);
    board.share = undefined;
    processes[0]?.go();
    pass(60_000);
    expect(light.reading().quality).toBe("stale");
  });
});

describe("an output of an expander board", () => {
  test("goes to nothing when the station stops renewing, at the latest with its lease", () => {
    const { board, fan, pass, renew } = start();
    pass(1_000);
    renew(0.5, 3_000);
    expect(board.driven.get(3)).toBe(0.5);
    pass(2_000);
    expect(board.driven.get(3)).toBe(0);
    expect(fan.state()).toBe(0);
  });

  test("is unknown while its process is dead, and driven again by the next renewals", () => {
    const { board, fan, pass, renew, processes } = start();
    pass(1_000);
    renew(0.5, 3_000);
    processes[0]?.die();
    pass(100);
    expect(fan.state()).toBe("unknown");
    renew(0.5, 4_000);
    expect(processes).toHaveLength(2);
    expect(board.driven.get(3)).toBe(0.5);
    expect(fan.state()).toBe(0.5);
  });

  test("held by a process that died is let go by the next one, wanted or not", () => {
    const { board, pass, renew, processes } = start();
    pass(1_000);
    renew(0.5, 3_000);
    processes[0]?.die();
    pass(500);
    // Firmata has no watchdog: until somebody speaks to it again, the board goes on.
    expect(board.driven.get(3)).toBe(0.5);
    pass(1_000);
    expect(board.driven.get(3)).toBe(0);
  });

  test("driven with what is no number is off", () => {
    const { board, fan, pass, nowMs } = start();
    pass(1_000);
    fan.hold(Number.NaN, nowMs() + 1_000);
    pass(100);
    expect(board.driven.get(3)).toBe(0);
  });
});

describe("the process of an expander board", () => {
  test("that dies at once is started again after 1, 2, 4, 8, 10 and 10 seconds", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const startsMs: number[] = [];
    openExpander(expanderEntry, {
      clock,
      note: () => undefined,
      fork: (events) => {
        startsMs.push(clock.nowMs);
        clock.after(0, () => events.ended("ended (code 1)"));
        return { send: () => undefined, release: () => undefined, kill: () => undefined };
      },
    });
    clock.runUntil(36_000);
    expect(startsMs).toEqual([0, 1_000, 3_000, 7_000, 15_000, 25_000, 35_000]);
  });

  test("waits itself for a line that is not there, trying after 1, 2, 4, 8 and 10 seconds", () => {
    const { board, pass, processes, health } = start();
    board.pluggedIn = false;
    pass(36_000);
    expect(board.connections).toBe(7);
    expect(processes).toHaveLength(1);
    expect(health).toEqual([{ lost: true, why: "/dev/expander is not there" }]);
  });

  test("that worked for a while starts its pauses from the beginning", () => {
    const { board, pass, processes } = start();
    board.share = 0.5;
    for (const _time of [1, 2, 3, 4, 5]) {
      pass(15_000);
      processes.at(-1)?.die();
      pass(1_100);
    }
    expect(processes).toHaveLength(6);
  });

  test("that cannot work before somebody did something is tried once a minute, and says what to do", () => {
    const { board, pass, processes, notes } = start();
    board.refusal = "the board has no PWM on pin 3";
    pass(130_000);
    expect(processes).toHaveLength(3);
    expect(notes).toEqual([
      'error expander {"device":"expander","is":"refused","why":"the board has no PWM on pin 3"}',
    ]);
  });

  test("that says nothing from the start is ended and started again", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    let forks = 0;
    let kills = 0;
    openExpander(expanderEntry, {
      clock,
      note: () => undefined,
      fork: () => {
        forks++;
        return { send: () => undefined, release: () => undefined, kill: () => void kills++ };
      },
    });
    clock.runUntil(17_000);
    expect({ forks, kills }).toEqual({ forks: 2, kills: 1 });
  });

  test("that was given up is not heard any more", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const heard: ExpanderProcessEvents[] = [];
    const expander = openExpander(expanderEntry, {
      clock,
      note: () => undefined,
      fork: (events) => {
        heard.push(events);
        return { send: () => undefined, release: () => undefined, kill: () => undefined };
      },
    });
    heard[0]?.message({ say: "alive" });
    clock.runUntil(5_000);
    expect(heard).toHaveLength(2);
    heard[0]?.message({ say: "sampled", channel: 1, share: 0.5 });
    heard[0]?.ended("ended (SIGKILL)");
    expect(expander.inputs.get("daylight")?.reading().quality).toBe("stale");
    heard[1]?.message({ say: "sampled", channel: 1, share: 0.5 });
    expect(expander.inputs.get("daylight")?.reading().quality).toBe("good");
    clock.runUntil(6_000);
    expect(heard).toHaveLength(2);
  });

  test.each([
    ["no object", "sampled"],
    ["an unknown word", { say: "sampledd", channel: 1, share: 0.9 }],
    ["a share that cannot be", { say: "sampled", channel: 1, share: 7 }],
    ["a share that is text", { say: "sampled", channel: 1, share: "0.9" }],
    ["a channel that no board has", { say: "sampled", channel: 99, share: 0.9 }],
    ["one field too many", { say: "sampled", channel: 1, share: 0.9, atMs: 5 }],
  ])("that says %s is not believed", (_what, message) => {
    const { board, pass, processes, light } = start();
    board.share = 0.5;
    pass(1_500);
    processes[0]?.say(message);
    pass(10);
    expect(light.reading()).toMatchObject({ value: 0.5, quality: "good" });
  });

  test("sets its outputs to 0 and ends when the station closes, and nothing is started again", () => {
    const { board, pass, renew, processes, expander } = start();
    pass(1_000);
    renew(0.5, 2_000);
    expander.close();
    pass(100);
    expect(board.driven.get(3)).toBe(0);
    expect(processes[0]?.alive).toBe(false);
    pass(60_000);
    expect(processes).toHaveLength(1);
  });

  test("that does not leave within a second is ended", () => {
    const { pass, processes, expander } = start();
    pass(1_000);
    processes[0]?.stop();
    expander.close();
    pass(990);
    expect(processes[0]?.alive).toBe(true);
    pass(20);
    expect(processes[0]?.alive).toBe(false);
  });
});
