import { describe, expect, test } from "vitest";
import { z } from "zod";
import { pacing } from "../../../services/contract/deadband.ts";
import { eventPayloads, eventTypes } from "../../../services/contract/event-payloads.ts";
import { eventExamples, examples } from "../../../services/contract/examples.ts";
import { verbs } from "../../../services/contract/request-payloads.ts";
import {
  contract,
  payloadProblem,
  schemaProblem,
  TOPIC_LENGTH_MAX,
  type TopicName,
  type TopicRow,
  topicFor,
} from "../../../services/contract/topics.ts";

const rows: readonly TopicRow[] = Object.values(contract);

describe("the table of topics", () => {
  test.each(rows)("$name is named after its key, and its topic holds nothing but ids and parameters", (row) => {
    expect(contract[row.name as TopicName]).toBe(row);
    for (const segment of row.topic.split("/")) expect(segment).toMatch(/^([a-z0-9-]+|\{[a-z]+\})$/);
  });

  test.each(rows)("$name says what it is for, in Chinese and English", (row) => {
    expect(row.summary.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(row.summary.en).toMatch(/^[A-Z].*[.]$/);
  });

  test("every topic of the contract exists once, with the retain flag and direction it was promised", () => {
    const shown = rows.map((row) => `${row.direction} ${row.retain ? "retained" : "passing"} ${row.topic}`);
    expect(shown).toEqual([
      "out retained availability",
      "out retained info",
      "out retained health",
      "out retained cabinet/{cabinet}",
      "out retained bay/{bay}",
      "out retained bay/{bay}/availability",
      "out retained power",
      "out retained ledger",
      "out retained people",
      "out retained door",
      "out retained climate",
      "out retained fridge",
      "out retained amenity/{amenity}",
      "out retained fault/{code}/{subject}",
      "out passing event/{kind}",
      "in passing request/{verb}",
      "in retained access-list",
      "out passing response/{verb}",
    ]);
  });

  test("exactly the rows that the station keeps retained are paced", () => {
    const kept = rows.filter((row) => row.retain && row.direction === "out").map(({ name }) => name);
    expect(Object.keys(pacing).sort()).toEqual(kept.sort());
  });

  test.each(Object.entries(examples))("the examples of %s are as their schema says", (name, list) => {
    for (const example of list) expect(payloadProblem(contract[name as TopicName], example)).toBeUndefined();
  });

  test.each(eventExamples)("the $kind example is an event of its kind and of no other", ({ kind, payload }) => {
    for (const [other, schema] of Object.entries(eventPayloads)) {
      const problem = schemaProblem(schema, payload);
      if (other === kind) expect(problem).toBeUndefined();
      else expect(problem).toMatch(/^event_type: /);
    }
  });

  test("a field nobody agreed on is refused by every row", () => {
    for (const row of rows) {
      if (row.encoding === "text") continue;
      const [example] = examples[row.name as TopicName];
      expect(payloadProblem(row, { ...(example as object), surprise: 1 })).toBeDefined();
    }
  });

  test("verbs and event kinds are ids, so they can stand in a topic", () => {
    for (const word of [...Object.keys(verbs), ...Object.keys(eventTypes), ...Object.values(eventTypes).flat()]) {
      expect(word).toMatch(/^[a-z0-9-]+$/);
    }
  });
});

type Json = { readonly [key: string]: unknown };

/** Every property of an object schema that lacks a description, by path. */
function undescribed(schema: Json, path: string): string[] {
  const found: string[] = [];
  const { properties = {}, items, anyOf = [] } = schema as { properties?: Json; items?: Json; anyOf?: Json[] };
  for (const [name, property] of Object.entries(properties)) {
    const at = `${path}.${name}`;
    const one = property as Json;
    if (
      typeof one.description !== "string" &&
      !(one.anyOf as Json[] | undefined)?.some((option) => option.description)
    ) {
      found.push(at);
    }
    found.push(...undescribed(one, at));
  }
  if (items !== undefined) found.push(...undescribed(items, `${path}[]`));
  for (const option of anyOf) found.push(...undescribed(option, path));
  return found;
}

describe("the payload schemas", () => {
  test.each(rows)("$name describes every field", (row) => {
    expect(undescribed(z.toJSONSchema(row.payload, { target: "draft-7" }) as Json, row.name)).toEqual([]);
  });

  test("a field that measures something names its unit", () => {
    const { properties } = z.toJSONSchema(contract.power.payload, { target: "draft-7" });
    for (const property of Object.values(properties ?? {})) expect(property).toMatchObject({ unit: "W" });
  });
});

describe("topicFor", () => {
  test("fills in the root and the ids", () => {
    expect(topicFor(contract.fault, { station: "liaoyuan", code: "smoke", subject: "cabinet-a" })).toBe(
      "yizhan/1/liaoyuan/fault/smoke/cabinet-a",
    );
    expect(topicFor(contract.bay, { station: "liaoyuan", bay: 12 })).toBe("yizhan/1/liaoyuan/bay/12");
  });

  test.each(["+", "#", "a/b", "a.b", "A", "a b", "", "仓", "a\u0000", "../x", "x".repeat(65)])(
    "refuses %j as an id, so that nothing is ever published outside the station's own root",
    (id) => {
      expect(() => topicFor(contract.cabinet, { station: "liaoyuan", cabinet: id })).toThrow(TypeError);
      expect(() => topicFor(contract.power, { station: id })).toThrow(TypeError);
    },
  );

  test("stays under the longest topic even with the longest ids", () => {
    const longest = "x".repeat(64);
    expect(topicFor(contract.bayAvailability, { station: longest, bay: longest }).length).toBeLessThan(
      TOPIC_LENGTH_MAX,
    );
  });
});
