/** What a whole simulated station publishes, held against the contract: every topic is in the table, every payload in its schema. */
import { expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { eventPayloads } from "../../services/contract/event-payloads.ts";
import { contract, payloadProblem, schemaProblem, type TopicRow } from "../../services/contract/topics.ts";
import { createSimulation } from "../../simulator/simulation.ts";
import { topicMatches } from "../../simulator/topic-filter.ts";

const rows: readonly TopicRow[] = Object.values(contract);
const filterOf = (row: TopicRow): string => row.topic.replaceAll(/\{[a-z]+\}/g, "+");

function problemOf(tail: string, text: string): string | undefined {
  const row = rows.find((candidate) => topicMatches(filterOf(candidate), tail));
  if (row === undefined) return "no such topic";
  if (text === "") return row === contract.fault ? undefined : "empty";
  if (row.encoding === "text") return payloadProblem(row, text);
  const value: unknown = JSON.parse(text);
  const kind = tail.split("/")[1] as keyof typeof eventPayloads;
  return row === contract.event ? schemaProblem(eventPayloads[kind], value) : payloadProblem(row, value);
}

test("everything a station publishes in a busy hour and a half is in the contract, and nothing fails", () => {
  const loaded = loadConfig("examples/reference-station.yaml");
  if (!("config" in loaded)) throw new Error("the example does not load");
  const { clock, broker, station } = createSimulation({
    config: loaded.config,
    seed: "traffic",
    fromMs: Date.parse("2026-01-15T03:00:00Z"),
  });
  if (broker === undefined) throw new Error("no broker");
  const problems = new Map<string, string>();
  const kinds = new Set<string>();
  const root = `yizhan/1/${loaded.config.station.stationId}/`;
  broker.subscribe("#", ({ topic, payload }) => {
    const text = new TextDecoder().decode(payload);
    const tail = topic.slice(root.length);
    kinds.add(tail.split("/")[0] ?? "");
    const problem = topic.startsWith(root) ? problemOf(tail, text) : "outside the station's root";
    if (problem !== undefined) problems.set(`${tail.replaceAll(/\d+/g, "n")}: ${problem}`, text);
  });
  clock.runUntil(5_400_000);
  expect([...problems]).toEqual([]);
  expect([...kinds]).toEqual(
    expect.arrayContaining(["availability", "bay", "cabinet", "event", "health", "info", "ledger", "power"]),
  );
  expect(station.session?.stats()).toMatchObject({ connected: true, failed: 0 });
});
