/** What random histories must reach at least once: a generator that stopped reaching it would let every rule pass in silence. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moments } from "../../../simulator/soak/moments.ts";
import { doOne, history, newBench } from "./histories.ts";

/** Fixed, because a rare place that was reached yesterday must be reached today. */
const seed = 20_260_131;
const histories = 250;

const states = moments.filter((moment) => moment !== "started");

const ends = [
  "completed",
  "cabinet-busy",
  "no-full-pack",
  "packs-warming",
  "no-empty-bay",
  "fire",
  "checking",
  "no-door-opened",
  "nothing-inserted",
  "suspended-open",
  "foreign-pack",
  "pack-already-full",
  "left-behind",
  "cancelled-fire",
  "cut-before-deposit",
  "not-taken",
  "waiting-for-rescan",
  "interrupted",
] as const;

const removals = [
  "smoke",
  "smoke-lost",
  "door-not-shut",
  "not-present",
  "pack-not-heard",
  "too-cold",
  "too-hot",
  "protection",
  "overvoltage",
  "undervoltage",
  "neighbour-hot",
];
const stops = ["hot", "foreign", "damaged", "overvoltage", "undervoltage", "unbalanced"];
/** What the ledger found by looking; a late take and a late name are rarer, and have stories of their own. */
const found = ["unasked", "left-behind", "late-deposit", "vanished", "pack-changed"];

const answers = [
  "ok",
  "busy",
  "door-open",
  "smoke",
  "hot-pack",
  "bay-not-seen",
  "lock-failed",
  "cannot-record",
  "interrupted-by-restart",
];

describe("random histories", () => {
  test("reach every state of a swap, attended and not, the usual ends, and the reasons of the interlocks", () => {
    const reached = new Set<string>();
    for (const deeds of fc.sample(history, { seed, numRuns: histories })) {
      const bench = newBench();
      bench.watch = () => {
        for (const swap of Object.values(bench.state.swaps)) {
          reached.add(swap.at);
          if (swap.unattended) reached.add("unattended");
          if (swap.pays !== undefined) reached.add("paying");
          if (swap.failedBays.length > 0) reached.add("another bay");
        }
        for (const { reason } of bench.removed) reached.add(reason);
        for (const bay of bench.state.bays) if (bay?.stop !== undefined) reached.add(bay.stop);
        if (bench.state.recovering.length > 0) reached.add("recovering");
        if (Object.keys(bench.state.durable.operators.opened).length > 0) reached.add("opened by an operator");
      };
      for (const deed of deeds) doOne(bench, deed);
      for (const end of bench.ends) reached.add(end);
      for (const { effect } of bench.told) {
        if (effect.do === "respond") reached.add(`answer: ${effect.reason ?? effect.status}`);
      }
      for (const record of bench.records) {
        if (record.kind === "pack-seen" || record.kind === "pack-gone") reached.add(record.how);
        if (record.kind === "pack-changed") reached.add(record.kind);
      }
    }
    const wanted = [...states, ...ends, ...removals, ...stops, ...found];
    wanted.push(...answers.map((reason) => `answer: ${reason}`));
    wanted.push("unattended", "paying", "another bay", "recovering", "opened by an operator");
    expect(wanted.filter((place) => !reached.has(place))).toEqual([]);
  });
});
