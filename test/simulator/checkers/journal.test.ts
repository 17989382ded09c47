/** The judges of the disk and of the wall clock, beside a station that runs: its disk is cut, rewritten, overfilled. */
import { describe, expect, test } from "vitest";
import { chainOn } from "../../../firmware/runner/log-inspection.ts";
import { chainHolds } from "../../../simulator/checkers/journal.ts";
import type { Simulation } from "../../../simulator/simulation.ts";
import { judgeBench } from "../../support/judge-bench.ts";
import { starterSimulation } from "../../support/starter-simulation.ts";

const newLine = 10;
const found = ({ invariants }: Simulation): string[] =>
  invariants.violations().map(({ invariant, what }) => `${invariant}: ${what}`);
const looks = ({ invariants }: Simulation, id: string): number =>
  invariants.all().find((one) => one.id === id)?.looks ?? 0;

describe("a power cut (I20)", () => {
  test("leaves what was acknowledged, and is looked at", () => {
    const { simulation, minutes } = starterSimulation("cut");
    simulation.computer.powerLost();
    expect([found(simulation), looks(simulation, "I20")]).toEqual([[], 1]);
    simulation.computer.powerBack();
    minutes(2);
    expect(found(simulation)).toEqual([]);
  });

  test("that takes an acknowledged entry with it is found", () => {
    const { simulation } = starterSimulation("lost");
    const { disk } = simulation;
    const [first = ""] = disk.names();
    disk.truncate(first, Math.floor(disk.read(first).length / 2));
    simulation.computer.powerLost();
    expect(found(simulation).join("\n")).toMatch(
      /^I20: entry \d+ was acknowledged, and the log ends with \d+ after the cut/,
    );
  });
});

describe("the log at the end of a run (I34)", () => {
  function finished(rewrite: boolean, admitted: boolean): string[] {
    const { simulation, minutes } = starterSimulation("chain");
    if (admitted) simulation.troubles.begin("disk-edited", "disk");
    minutes(1);
    const { disk } = simulation;
    const [first = ""] = disk.names();
    if (rewrite) disk.flip(first, Math.floor(disk.read(first).length / 2), 3);
    simulation.invariants.finish();
    return found(simulation);
  }

  test("is one chain; a line that was changed is found, unless somebody is known to have done it", () => {
    expect(finished(false, false)).toEqual([]);
    expect(finished(true, false)[0]).toMatch(/^I34: log-\d+\.yzl at \d+: a line's CRC does not match/);
    expect(finished(true, true)).toEqual([]);
  });
});

test.each([
  ["acknowledged is found", 0, 1],
  ["never acknowledged is nobody's loss", 1, 0],
])("an entry that is gone at the next look and was %s (I34)", (_, behind, found) => {
  const { simulation, minutes } = starterSimulation("gone");
  minutes(1);
  const bench = judgeBench();
  const [first = ""] = simulation.disk.names();
  const bytes = simulation.disk.read(first);
  bench.disk.put(first, bytes);
  bench.controller.synced = (chainOn(bench.disk, undefined).head?.n ?? 0) - behind;
  bench.judge(chainHolds);
  bench.seconds(6 * 3_600 + 10);
  const lastLine = bytes.lastIndexOf(newLine, bytes.length - 2) + 1;
  bench.disk.truncate(first, lastLine);
  bench.finish();
  expect([bench.found.length, bench.looks()]).toEqual([found, 2]);
});

test("a disk that grows past the log's limit is found (I31)", () => {
  const { simulation, minutes } = starterSimulation("full");
  const limit = simulation.config.file.storage.logMaxMb * 1_048_576;
  simulation.disk.put("stray", new Uint8Array(limit + 3 * 1_048_576));
  minutes(2);
  expect(found(simulation)[0]).toMatch(/^I31: \d+ B on the disk of \d+ B$/);
});

test("a jump of the wall clock moves no decision, and every one is asked under three clocks (I28)", () => {
  const { simulation, minutes } = starterSimulation("jump");
  simulation.clock.jumpWall(6 * 3_600_000);
  minutes(6);
  expect(found(simulation)).toEqual([]);
  expect(looks(simulation, "I28")).toBeGreaterThanOrEqual(3);
});
