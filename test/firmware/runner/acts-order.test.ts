/** Effects carried out in order, against a disk that answers when the story says so. */
import { describe, expect, test } from "vitest";
import { createActs } from "../../../firmware/runner/acts.ts";
import type { Effect } from "../../../services/effects.ts";
import { say } from "../../../services/prompts.ts";

const unlock = (bay: number): Effect => ({ do: "unlock", bay, swap: "s-1", decidedMs: 0 });
const prompt: Effect = { do: "prompt", cabinet: "c-1", prompt: say("insert-pack", { bay: 1 }) };
const reidentify = (bay: number): Effect => ({ do: "reidentify", bay });
const respond: Effect = { do: "respond", id: "r-1", verb: "lock-out", status: "ok" };

const record = (detail: string, swap?: string): Effect => ({
  do: "record",
  record: { kind: "stopping", detail },
  ...(swap === undefined ? {} : { swap }),
});

/** What happened, in order, in short words; a write stands twice, when it is asked for and when the disk answers. */
function rig() {
  const happened: string[] = [];
  const asked: ((failure: string | undefined) => void)[] = [];
  const acts = createActs({
    record: (effects, done) => {
      const names = effects.map((effect) => ("detail" in effect.record ? effect.record.detail : "")).join("+");
      happened.push(`write ${names}`);
      asked.push((failure) => {
        happened.push(failure === undefined ? `on disk ${names}` : `not on disk ${names}`);
        done(failure);
      });
    },
    unlock: ({ bay }) => happened.push(`unlock ${bay}`),
    prompt: () => happened.push("say"),
    reidentify: ({ bay }) => happened.push(`ask ${bay}`),
    release: ({ cabinet }) => happened.push(`release ${cabinet}`),
    respond: ({ id, status, reason }) =>
      happened.push(`answer ${id} ${status}${reason === undefined ? "" : `: ${reason}`}`),
    lost: (swap, why) => happened.push(`lost ${swap}: ${why}`),
  });
  const answer = (failure?: string): void => asked.shift()?.(failure);
  return { acts, happened, answer };
}

describe("an act behind a record", () => {
  test("waits until that record is on the disk", () => {
    const { acts, happened, answer } = rig();
    acts.carryOut([record("reserved", "s-1"), unlock(1)]);
    expect(happened).toEqual(["write reserved"]);
    answer();
    expect(happened).toEqual(["write reserved", "on disk reserved", "unlock 1"]);
    expect(acts.waiting()).toBe(0);
  });

  test("is not done when the record cannot be written, nor is anything else behind it; whoever waits for an answer is told", () => {
    const { acts, happened, answer } = rig();
    acts.carryOut([record("chosen", "s-1"), unlock(2), record("stage", "s-1"), reidentify(2), record("last"), respond]);
    answer("no space");
    expect(happened).toEqual([
      "write chosen",
      "not on disk chosen",
      "answer r-1 error: cannot-record",
      "lost s-1: no space",
    ]);
    expect(acts.waiting()).toBe(0);
  });

  test("that failed says whose swaps lost something, the dropped pulse's too, or that it was nobody's", () => {
    const { acts, happened, answer } = rig();
    acts.carryOut([record("told"), record("stage", "s-7"), unlock(1)]);
    answer("no space");
    acts.carryOut([record("told")]);
    answer("no space");
    expect(happened.filter((what) => what.startsWith("lost"))).toEqual([
      "lost s-7: no space",
      "lost s-1: no space",
      "lost undefined: no space",
    ]);
  });
});

describe("a sentence", () => {
  test("does not wait for the disk, because words move nothing", () => {
    const { acts, happened } = rig();
    acts.carryOut([record("reserved", "s-1"), unlock(1), prompt]);
    expect(happened).toEqual(["say", "write reserved"]);
  });
});

describe("the order of the log", () => {
  test("is the order of the world: a later step's unlock waits behind a record that is still being written", () => {
    const { acts, happened, answer } = rig();
    acts.carryOut([record("first")]);
    acts.carryOut([unlock(3)]);
    acts.carryOut([record("third"), unlock(4)]);
    expect(happened).toEqual(["write first"]);
    expect(acts.waiting()).toBe(3);
    answer();
    expect(happened).toEqual(["write first", "on disk first", "unlock 3", "write third"]);
    answer();
    expect(happened.slice(4)).toEqual(["on disk third", "unlock 4"]);
  });

  test("keeps records that stand together in one write, and parts them where an act stands between", () => {
    const { acts, happened, answer } = rig();
    acts.carryOut([record("a"), record("b"), unlock(1), record("c"), unlock(2)]);
    answer();
    answer();
    expect(happened).toEqual(["write a+b", "on disk a+b", "unlock 1", "write c", "on disk c", "unlock 2"]);
  });

  test("goes on with the next step after one that failed", () => {
    const { acts, happened, answer } = rig();
    acts.carryOut([record("first", "s-1"), unlock(1)]);
    acts.carryOut([record("second", "s-2"), unlock(2)]);
    answer("no space");
    answer();
    expect(happened).toEqual([
      "write first",
      "not on disk first",
      "lost s-1: no space",
      "write second",
      "on disk second",
      "unlock 2",
    ]);
  });
});
