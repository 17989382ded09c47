import { expect, test } from "vitest";
import { servesAgain } from "../../../simulator/checkers/serves-again.ts";
import { starterSimulation } from "../../support/starter-simulation.ts";

test("a station that runs serves whoever asks, and one that hears no code does not (I30)", () => {
  const { simulation, minutes } = starterSimulation("serves");
  minutes(2);
  expect(servesAgain(simulation)).toEqual([]);
  const deaf = starterSimulation("deaf").simulation;
  const codes = deaf.config.file.buses.find(({ id }) => id === "codes");
  if (codes === undefined) throw new Error("the starter has no line for codes");
  deaf.world.line(codes.path).unplug();
  expect(servesAgain(deaf)).toEqual([{ cabinet: "a", why: "nothing answers" }]);
});
