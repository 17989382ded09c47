import { describe, expect, test } from "vitest";
import { createActs } from "../../../firmware/runner/acts.ts";
import type { Effect } from "../../../services/effects.ts";

const stopping = { do: "record", record: { kind: "stopping", detail: "" } } as const satisfies Effect;
const unlock = { do: "unlock", bay: 2, swap: undefined, request: "op-1", decidedMs: 0 } as const satisfies Effect;
const ok = { do: "respond", id: "op-1", verb: "open", status: "ok", data: { bay: 2 } } as const satisfies Effect;

/** Acts whose disk answers when the test says so. */
function bench() {
  const done: string[] = [];
  const writes: ((failure: string | undefined) => void)[] = [];
  const acts = createActs({
    record: (_effects, settle) => writes.push(settle),
    unlock: ({ bay }) => done.push(`unlock ${bay}`),
    prompt: () => done.push("prompt"),
    release: () => done.push("release"),
    reidentify: () => done.push("reidentify"),
    respond: ({ id, status, reason }) => done.push(`${id} ${status}${reason === undefined ? "" : ` ${reason}`}`),
    lost: () => done.push("lost"),
  });
  return { acts, done, settle: (failure?: string) => writes.shift()?.(failure) };
}

describe("effects of one step", () => {
  test("wait for the record in front of them", () => {
    const { acts, done, settle } = bench();
    acts.carryOut([stopping, unlock, stopping, ok]);
    expect(done).toEqual([]);
    settle();
    expect(done).toEqual(["unlock 2"]);
    settle();
    expect(done).toEqual(["unlock 2", "op-1 ok"]);
    expect(acts.waiting()).toBe(0);
  });

  test("behind a record that cannot be written are not done, but whoever waits for an answer is told so", () => {
    const { acts, done, settle } = bench();
    acts.carryOut([stopping, unlock, stopping, ok]);
    settle("disk full");
    expect(done).toEqual(["op-1 error cannot-record", "lost"]);
    expect(acts.waiting()).toBe(0);
  });

  test("of the next step go on after a lost one", () => {
    const { acts, done, settle } = bench();
    acts.carryOut([stopping, unlock]);
    acts.carryOut([stopping, ok]);
    settle("disk full");
    settle();
    expect(done).toEqual(["lost", "op-1 ok"]);
  });
});
