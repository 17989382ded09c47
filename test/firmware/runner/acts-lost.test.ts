import { describe, expect, test } from "vitest";
import { createActs } from "../../../firmware/runner/acts.ts";
import type { Effect } from "../../../services/effects.ts";

const stage = (swap: string, bay: number): Effect => ({
  do: "record",
  swap,
  record: { kind: "swap-stage", swap, stage: "in-open", bay },
});
const told: Effect = { do: "record", record: { kind: "stopping", detail: "test" } };
const unlock = (swap: string, bay: number): Effect => ({ do: "unlock", bay, swap, decidedMs: 0 });

/** A disk that answers when it is told to, and what was done meanwhile. */
function desk() {
  const done: string[] = [];
  const writes: ((failure: string | undefined) => void)[] = [];
  const acts = createActs({
    record: (_effects, settle) => void writes.push(settle),
    unlock: ({ bay }) => done.push(`unlock ${bay}`),
    prompt: () => done.push("prompt"),
    reidentify: ({ bay }) => done.push(`reidentify ${bay}`),
    release: () => done.push("release"),
    respond: ({ status }) => done.push(`respond ${status}`),
    lost: (swap) => done.push(`lost ${swap}`),
  });
  return { acts, done, write: (failure?: string) => writes.shift()?.(failure) };
}

describe("acts behind a record", () => {
  test("wait until it is on the disk, and acts of later steps wait behind them", () => {
    const { acts, done, write } = desk();
    acts.carryOut([stage("s-1", 1), unlock("s-1", 1)]);
    acts.carryOut([unlock("s-2", 2)]);
    expect(done).toEqual([]);
    write();
    expect(done).toEqual(["unlock 1", "unlock 2"]);
    expect(acts.waiting()).toBe(0);
  });

  test("are dropped with it when it cannot be written, and every swap of the step is told, not only the first", () => {
    const { acts, done, write } = desk();
    acts.carryOut([stage("s-1", 1), stage("s-2", 5), unlock("s-2", 5), stage("s-3", 9), unlock("s-4", 10)]);
    acts.carryOut([unlock("s-5", 12)]);
    write("EIO");
    expect(done).toEqual(["lost s-1", "lost s-2", "lost s-3", "lost s-4", "unlock 12"]);
  });

  test("and a lost record of no swap is told as nobody's, once", () => {
    const { acts, done, write } = desk();
    acts.carryOut([told, told]);
    write("ENOSPC");
    expect(done).toEqual(["lost undefined"]);
  });
});
