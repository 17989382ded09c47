/** The AsyncAPI file as strangers read it: the public parser accepts it, nothing of the table is missing, examples fit. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AsyncAPIDocumentInterface, type Diagnostic, Parser } from "@asyncapi/parser";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventPayloads } from "../../services/contract/event-payloads.ts";
import { verbs } from "../../services/contract/request-payloads.ts";
import { contract, type TopicRow } from "../../services/contract/topics.ts";
import { root } from "../support/repository.ts";

const file = readFileSync(join(root, "docs", "reference", "asyncapi.yaml"), "utf8");
const ERROR = 0;
const rows: readonly TopicRow[] = Object.values(contract);
const kinds = Object.keys(eventPayloads);
const words = Object.keys(verbs);
/** Rows that stand as they are; the others have one channel for each kind or verb. */
const plainRows = rows.filter(({ topic }) => !/\{(kind|verb)\}/.test(topic));

let document: AsyncAPIDocumentInterface;
let diagnostics: readonly Diagnostic[];
beforeAll(async () => {
  const parsed = await new Parser().parse(file);
  diagnostics = parsed.diagnostics;
  if (parsed.document === undefined) throw new Error(JSON.stringify(diagnostics));
  document = parsed.document;
});

const errors = (found: readonly Diagnostic[]) => found.filter(({ severity }) => severity === ERROR);

describe("the AsyncAPI file", () => {
  test("is accepted by the public parser without an error", () => {
    expect(errors(diagnostics)).toEqual([]);
    expect(document.version()).toBe("3.0.0");
  });

  test("would not be accepted with a channel that nobody defined", async () => {
    const { diagnostics: found } = await new Parser().parse(
      file.replace("  bay:\n    address:", "  bey:\n    address:"),
    );
    expect(errors(found).length).toBeGreaterThan(0);
  });

  test("has a channel for every row, kind and verb, and for nothing else", () => {
    const addresses = document
      .channels()
      .all()
      .map((channel) => channel.address());
    const expected = [
      ...plainRows.map(({ topic }) => topic),
      ...kinds.map((kind) => `event/${kind}`),
      ...words.flatMap((verb) => [`request/${verb}`, `response/${verb}`]),
    ].map((topic) => `yizhan/1/{station}/${topic}`);
    expect([...addresses].sort()).toEqual(expected.sort());
    expect(new Set(addresses).size).toBe(plainRows.length + kinds.length + 2 * words.length);
  });

  test("names every word between braces as a parameter", () => {
    for (const channel of document.channels().all()) {
      const named = [...(channel.address() ?? "").matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name);
      expect(
        channel
          .parameters()
          .all()
          .map((parameter) => parameter.id()),
      ).toEqual(named);
    }
  });

  test("has one operation for all that is sent and one for each verb, with retain and QoS of the row", () => {
    const operations = document.operations().all();
    expect(operations).toHaveLength(plainRows.length + kinds.length + words.length);
    for (const operation of operations) {
      const [channel] = operation.channels().all();
      const tail = channel?.address()?.replace("yizhan/1/{station}/", "") ?? "";
      const row = rows.find(({ topic }) => topic === tail || topic.split("/{")[0] === tail.split("/")[0]);
      const exact = rows.find(({ topic }) => topic === tail) ?? row;
      expect(operation.action(), tail).toBe(exact?.direction === "in" ? "receive" : "send");
      const binding = operation.bindings().get("mqtt")?.value();
      expect(binding, tail).toMatchObject({ qos: exact?.qos, retain: exact?.retain });
    }
  });

  test("says which answer belongs to which request", () => {
    for (const verb of words) {
      const reply = document.operations().get(`receive-request-${verb}`)?.reply();
      expect(reply?.channel()?.address()).toBe(`yizhan/1/{station}/response/${verb}`);
    }
  });

  test("gives examples that fit the schema it gives for them, and at least one of every row", () => {
    let fitted = 0;
    const exampled = new Set<string>();
    for (const message of document.components().messages().all()) {
      const schema = z.fromJSONSchema(message.payload()?.json() as Parameters<typeof z.fromJSONSchema>[0]);
      for (const example of message.examples().all()) {
        expect(schema.safeParse(example.payload()).error, message.id()).toBeUndefined();
        expect(schema.safeParse({ nonsense: 1 }).success, message.id()).toBe(false);
        exampled.add((message.id() ?? "").split("-")[0] ?? "");
        fitted++;
      }
    }
    expect([...exampled].sort()).toEqual(rows.map(({ name }) => name).sort());
    expect(fitted).toBeGreaterThan(15);
  });

  test("keeps the unit of every measurement", () => {
    const health = document.components().messages().get("health")?.payload()?.json() as {
      properties: { uptimeS: unknown; memory: { properties: { rssMb: unknown } } };
    };
    expect(health.properties.uptimeS).toMatchObject({ "x-unit": "s" });
    expect(health.properties.memory.properties.rssMb).toMatchObject({ "x-unit": "MB" });
    expect(file).not.toMatch(/^\s+unit: /m);
  });
});
