import { describe, expect, test } from "vitest";
import { neighboursOf } from "../../../services/bay/neighbours.ts";
import { benchConfig } from "../../support/bench-config.ts";

const config = benchConfig({ cabinets: 2, baysEach: 3 });

describe("the neighbours of a bay", () => {
  test("stand beside it in its own cabinet: none beyond its ends, and none in the next one", () => {
    expect([1, 2, 3, 4, 5, 6].map((bay) => neighboursOf(bay, config))).toEqual([[2], [1, 3], [2], [5], [4, 6], [5]]);
  });

  test("follow the cabinet's order, not the numbers", () => {
    const [first, ...others] = config.cabinets;
    if (first === undefined) throw new Error("no cabinet");
    const crossed = { ...config, cabinets: [{ ...first, bays: [3, 1, 2] }, ...others] };
    expect([1, 2, 3].map((bay) => neighboursOf(bay, crossed))).toEqual([[3, 2], [1], [1]]);
  });

  test("are none of a bay that does not exist", () => {
    expect(neighboursOf(99, config)).toEqual([]);
    expect(neighboursOf(1, { ...config, cabinets: [] })).toEqual([]);
  });
});
