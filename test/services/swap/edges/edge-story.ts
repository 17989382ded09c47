/**
 * The story of one edge. Its name comes from the table, and what the table promises is looked for in what the story left behind:
 * the code, the words, the event. The story itself expects what is special about it.
 */
import { expect, test } from "vitest";
import type { Effect } from "../../../../services/effects.ts";
import type { JournalRecord } from "../../../../services/journal/records.ts";
import { codeOf, type Edge, type EdgeId, edges } from "../../../../services/swap/edges.ts";
import type { StationBench } from "../../../support/station-bench.ts";

/** What a story left behind, of whatever it was played on. */
export interface Traces {
  readonly codes: readonly string[];
  readonly words: readonly string[];
  readonly events: readonly string[];
}

const codesIn = (record: JournalRecord): string[] => {
  switch (record.kind) {
    case "swap-ended":
      return [record.outcome];
    case "scan-refused":
    case "request-refused":
      return [record.reason];
    case "fault-raised":
      return [record.code];
    case "swap-reopened":
      return [record.why];
    default:
      return [];
  }
};

export function tracesOfEffects(effects: readonly Effect[]): Traces {
  const records = effects.flatMap((effect) => (effect.do === "record" ? [effect] : []));
  const events = records.flatMap(({ publish }) => (publish === undefined ? [] : [publish]));
  return {
    codes: [...records.flatMap(({ record }) => codesIn(record)), ...events.map(({ type }) => type)],
    words: effects.flatMap((effect) => (effect.do === "prompt" ? [effect.prompt.id] : [])),
    events: events.map(({ kind, type }) => `${kind}/${type}`),
  };
}

export const tracesOf = (bench: StationBench): Traces => tracesOfEffects(bench.told.map(({ effect }) => effect));

export function edgeStory(id: EdgeId, play: () => StationBench | Traces | Promise<Traces>): void {
  const edge: Edge = edges[id];
  test(`${id}: ${edge.story}`, async () => {
    const played = await play();
    const traces = "told" in played ? tracesOf(played) : played;
    expect(traces.codes, "its code").toContain(codeOf(edge));
    expect(traces.words, "its words").toContain("prompt" in edge.words ? edge.words.prompt : edge.words.answer);
    expect(traces.events, "its event").toContain(edge.event);
  });
}
