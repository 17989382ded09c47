import { describe, expect, test } from "vitest";
import { isSmoky, mayLeave, smokeGraceMs, stopGraceMs } from "../../../services/station/leaving.ts";
import { memberName } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const quiet = () => new StationBench().state;

function busy() {
  const bench = new StationBench();
  bench.scan(memberName(1));
  return bench.state;
}

function smoky() {
  const bench = new StationBench();
  bench.smoke["c-1"] = true;
  bench.step({ type: "noticed" });
  return bench.state;
}

describe("a controller that was told to stop", () => {
  test.each([
    ["leaves at once where nothing is at work", quiet(), 0, true, true],
    ["waits for the disk", quiet(), 0, false, false],
    ["waits for a swap to end", busy(), stopGraceMs - 1, true, false],
    ["leaves a swap that takes too long to the next start", busy(), stopGraceMs, true, true],
    ["leaves a disk that takes too long", quiet(), stopGraceMs, false, true],
    ["stays in smoke, though nothing is at work", smoky(), 0, true, false],
    ["stays in smoke longer than any swap may take", smoky(), smokeGraceMs - 1, false, false],
    ["leaves smoke that does not end", smoky(), smokeGraceMs, true, true],
  ] as const)("%s", (...[, state, waitedMs, isIdle, leaves]) => {
    expect(mayLeave(state, waitedMs, isIdle)).toBe(leaves);
  });

  test("is told that there is smoke by any cabinet of the room", () => {
    expect([isSmoky(quiet()), isSmoky(smoky())]).toEqual([false, true]);
  });
});
