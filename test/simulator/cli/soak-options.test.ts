import { expect, test } from "vitest";
import { readSoakOptions, replayCommand, soakUsage } from "../../../simulator/cli/soak-options.ts";

const read = (words: string) => readSoakOptions(words.split(" "), 2);

test.each([
  ["--seeds 7"],
  ["--seeds 7 --days 0.3 --harsh"],
  ["--seeds 7 --faults none"],
  ["--seeds 7 --days 2 --faults smoke,line-dead --harsh"],
])("the command that a failure of `%s` prints runs the same again", (words) => {
  const first = read(words);
  if (!("options" in first)) throw new Error(words);
  const again = replayCommand("7", first.options.draw).replace("npx yizhan soak ", "");
  expect(read(again)).toEqual(first);
});

test("seeds are drawn mildly unless told otherwise, and every option that is read is told of in the help", () => {
  expect(read("--seeds 1..3")).toMatchObject({ options: { seeds: ["1", "2", "3"], draw: { harsh: false } } });
  expect(read("--seeds 1 --harsh")).toMatchObject({ options: { draw: { harsh: true } } });
  expect(soakUsage).toContain("--harsh");
});

test.each([
  ["--seeds 3..1", "counts down"],
  ["--days 0", "a number above 0"],
  ["--faults no-such-fault", "no-such-fault"],
  ["--harshly", "--harshly"],
])("`%s` is refused, saying why", (words, why) => {
  expect(read(words)).toEqual({ problem: expect.stringContaining(why) });
});
