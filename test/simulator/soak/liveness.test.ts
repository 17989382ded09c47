/** When nobody may expect a station to serve again, whatever was mended. */
import { expect, test } from "vitest";
import { isHopeless, isSweltering } from "../../../simulator/soak/liveness.ts";
import { exampleStation } from "../../support/judge-bench.ts";

const simulation = { broker: undefined, config: exampleStation("starter-cabinet") };
const empty = { empty: true, plugged: false, pack: undefined };
const holds = (id: string, plugged = true) => ({ empty: false, plugged, pack: { id } });

test.each([
  ["a pack of ours and room for another", [holds("yz-1"), empty], false],
  ["nothing but empty bays", [empty, empty], true],
  ["no empty bay", [holds("yz-1"), holds("yz-2")], true],
  ["nothing but a stranger's pack", [holds("hx-1"), empty], true],
  ["a pack of ours that nobody plugged in", [holds("yz-1", false), empty], true],
])("a cabinet with %s", (_, bays, hopeless) => {
  const numbered = bays.map((bay, at) => ({ ...bay, bay: at + 1 }));
  expect(isHopeless(simulation, { bays: numbered as never })).toBe(hopeless);
});

test.each([
  ["every pack is about to be too hot", [44, 44.5], true],
  ["one pack may charge", [44, 30], false],
  ["nothing stands there", [], true],
])("a cabinet in which %s swelters or not", (_, temperatures, sweltering) => {
  const bays = temperatures.map((hottestCellC, at) => ({ ...holds(`yz-${at}`), pack: { hottestCellC } }));
  expect(isSweltering(simulation, { bays: [empty, ...bays] as never })).toBe(sweltering);
});
