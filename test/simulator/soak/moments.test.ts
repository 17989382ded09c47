import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { type Moment, Moments, type Place, passed } from "../../../simulator/soak/moments.ts";

const swapAt = (at: string, id = "s-1") => ({ a: { id, at, inBay: 1, outBay: 2 } }) as never;

function bench() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const moments = new Moments(clock);
  const happened: [string, number, Place | undefined][] = [];
  return {
    moments,
    happened,
    pass: (ms: number) => void clock.runUntil(clock.nowMs + ms),
    wait: (moment: Moment, name: string, afterMs = 0) =>
      moments.await({ moment, afterMs, happens: (place) => happened.push([name, clock.nowMs, place]) }),
  };
}

describe("what waits for a moment", () => {
  test("happens once, so long after it as it says, and knows the swap's bays", () => {
    const { moments, happened, pass, wait } = bench();
    wait("inspecting", "smoke", 500);
    wait("taken", "thief");
    moments.decided(swapAt("await-insert"));
    pass(1_000);
    expect(happened).toEqual([]);
    moments.decided(swapAt("inspecting"));
    pass(499);
    expect(happened).toEqual([]);
    pass(1_000);
    moments.decided(swapAt("inspecting", "s-2"));
    pass(1_000);
    expect(happened).toEqual([["smoke", 1_500, { cabinet: "a", inBay: 1, outBay: 2 }]]);
  });

  test("does not miss a state that was passed in one decision", () => {
    const { moments, happened, pass, wait } = bench();
    wait("inspecting", "kill");
    moments.decided(swapAt("await-insert"));
    moments.decided(swapAt("opening-out"));
    pass(1);
    expect(happened.map(([name]) => name)).toEqual(["kill"]);
  });

  test("hears of a start, where the last swap was", () => {
    const { moments, happened, pass, wait } = bench();
    moments.decided(swapAt("await-take"));
    wait("started", "code");
    moments.started();
    pass(1);
    expect(happened).toEqual([["code", 0, { cabinet: "a", inBay: 1, outBay: 2 }]]);
  });

  test("never happens once everything is over, not even what was about to", () => {
    const { moments, happened, pass, wait } = bench();
    wait("taken", "thief", 100);
    moments.decided(swapAt("taken"));
    moments.end();
    wait("await-insert", "smoke");
    moments.decided(swapAt("await-insert"));
    pass(1_000);
    expect(happened).toEqual([]);
  });
});

test.each([
  [undefined, "opening-in", ["opening-in"]],
  ["await-insert", "opening-out", ["inspecting", "preparing-out", "opening-out"]],
  ["await-insert", "returning", ["inspecting", "returning"]],
  ["opening-out", "preparing-out", ["preparing-out"]],
  ["taken", "await-take", ["await-take"]],
  ["reopening-in", "await-insert", ["await-insert"]],
] as const)("from %s a swap comes to %s by way of %j", (from, to, states) => {
  expect(passed(from, to)).toEqual(states);
});
