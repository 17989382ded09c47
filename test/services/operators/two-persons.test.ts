import { describe, expect, test } from "vitest";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const zhou = { key: "zhou", role: "supervisor" } as const;
const wu = { key: "wu", role: "supervisor" } as const;
const all = { verb: "open-all", cabinet: "c-1" } as const;

const required = (): StationBench => new StationBench({ requests: { twoPersons: true } });
const reasonOf = (bench: StationBench, id: string): string | undefined => {
  const [answer] = answersTo(bench, id);
  return answer?.reason ?? answer?.status;
};
const wordFor = (bench: StationBench, who: object): string =>
  String(answersTo(bench, order(bench, { ...all, ...who }))[0]?.data?.confirm);

describe("a whole cabinet, where signatures are required", () => {
  test("is not opened by the one who asked for the word, which stays good for somebody else", () => {
    const bench = required();
    const confirm = wordFor(bench, zhou);
    const alone = order(bench, { ...all, confirm, ...zhou });
    bench.pass(5_000);
    expect(reasonOf(bench, alone)).toBe("same-person");
    expect(bench.pulses).toEqual([]);
    const refused = bench.disk.find(({ record }) => record.kind === "request-refused");
    expect(refused?.record).toMatchObject({ reason: "same-person", ...zhou });
    expect(refused?.publish).toMatchObject({ stream: "security" });
    const together = order(bench, { ...all, confirm, ...wu });
    bench.pass(30_000);
    expect(reasonOf(bench, together)).toBe("ok");
    expect(bench.openBays()).toEqual([1, 2, 3, 4]);
  });

  test("is not opened by a second person with a word that was used, is wrong, or is too old", () => {
    const bench = required();
    const word = wordFor(bench, zhou);
    expect(reasonOf(bench, order(bench, { ...all, confirm: "wrong", ...wu }))).toBe("wrong-word");
    // A wrong guess uses the word up.
    expect(reasonOf(bench, order(bench, { ...all, confirm: word, ...wu }))).toBe("wrong-word");
    const old = wordFor(bench, zhou);
    bench.pass(61_000);
    expect(reasonOf(bench, order(bench, { ...all, confirm: old, ...zhou }))).toBe("wrong-word");
    expect(bench.pulses).toEqual([]);
  });

  test("takes no second person where nobody signs", () => {
    const bench = new StationBench();
    const id = order(bench, { ...all, confirm: wordFor(bench, {}) });
    bench.pass(30_000);
    expect(reasonOf(bench, id)).toBe("ok");
  });
});

describe("who asked", () => {
  test("stands in the log and in the events, from the taking to the answer, and over a restart", () => {
    const bench = new StationBench();
    const who = { key: "chen", role: "technician", by: "night desk" } as const;
    order(bench, { verb: "open", bay: 1, seq: 7, ...who });
    bench.step({ type: "tick" });
    bench.restart();
    bench.pass(3_000);
    const told = bench.disk.filter(({ record: { kind } }) => kind === "request-taken" || kind === "request-answered");
    expect(told.map(({ record }) => record)).toMatchObject([
      { kind: "request-taken", seq: 7, ...who },
      { kind: "request-answered", status: "error", reason: "interrupted-by-restart", ...who },
    ]);
    for (const { publish } of told) expect(publish).toMatchObject({ stream: "request", data: who });
    expect(bench.remembered().operators.sequences).toEqual({ chen: 7 });
    // The answer that is kept for repetitions says nothing of the asker.
    expect(Object.keys(bench.remembered().answers[0] ?? {}).sort()).toEqual([
      "expiresAt",
      "id",
      "reason",
      "status",
      "verb",
    ]);
  });

  test("keeps the highest number of each key, and forgets the key that was quiet longest", () => {
    const bench = new StationBench();
    const asked = (key: string, seq: number) =>
      order(bench, { verb: "parameters", set: {}, key, role: "operator", seq, id: `${key}-${seq}` });
    asked("ling", 9);
    asked("ling", 4);
    for (let n = 0; n < 256; n++) asked(`key-${n}`, n);
    const { sequences } = bench.state.durable.operators;
    expect(Object.keys(sequences)).toHaveLength(256);
    expect(sequences).not.toHaveProperty("ling");
    asked("key-7", 3);
    expect(bench.state.durable.operators.sequences["key-7"]).toBe(7);
  });
});
