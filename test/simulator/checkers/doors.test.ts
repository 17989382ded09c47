import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadConfig } from "../../../firmware/config/load.ts";
import type { CheckerSetup } from "../../../simulator/checkers/checker.ts";
import { oneDoorACabinet } from "../../../simulator/checkers/packs.ts";
import type { RiderVisit } from "../../../simulator/visit-types.ts";

/** Two bays of one cabinet and one of another; bay 2's door opened at 0. Tells what is found when a lock opens at `atMs`. */
function foundWhen(bay: number, atMs: number, riders = 1): string[] {
  const loaded = loadConfig(fileURLToPath(new URL("../../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the starter cabinet is not valid");
  const bays = [
    { bay: 1, cabinet: "a", doorOpen: false, doorChangedMs: 0 },
    { bay: 2, cabinet: "a", doorOpen: true, doorChangedMs: 0 },
    { bay: 3, cabinet: "b", doorOpen: false, doorChangedMs: 0 },
  ];
  const found: string[] = [];
  const truth = { bays, bay: (number: number) => bays[number - 1] };
  const setup = {
    world: { truth },
    config: loaded.config.station,
    report: (_id: string, what: string) => found.push(what),
    looked: () => undefined,
  };
  const checker = oneDoorACabinet(setup as unknown as CheckerSetup);
  const visit = {} as RiderVisit;
  checker.onTruth?.({ type: "arrived", visit, atMs: 0 });
  if (riders === 0) checker.onTruth?.({ type: "left", visit, atMs: 0 });
  checker.onTruth?.({ type: "coil", bay, on: true, released: true, atMs });
  return found;
}

test("a second door that opens while the first may be in use is found", () => {
  expect(foundWhen(1, 59_999)).toEqual(["bay 1 opened while bay 2 is open"]);
});

test("a door that stands open for longer than any window of a swap was left so: its neighbour may serve the next rider", () => {
  expect(foundWhen(1, 60_000)).toEqual([]);
});

test("with no rider in the station it is an operator who opens one bay after another", () => {
  expect(foundWhen(1, 1_000, 0)).toEqual([]);
});

test("doors of another cabinet are nobody's concern", () => {
  expect(foundWhen(3, 1_000)).toEqual([]);
});
