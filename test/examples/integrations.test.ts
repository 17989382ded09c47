/** The example files for other programs, held against the real thing: topics of the contract, fields of real payloads, metrics of a real scrape. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createMetrics } from "../../firmware/http/metrics.ts";
import { createTally } from "../../firmware/http/tally.ts";
import { readMessage, requestMessage } from "../../services/contract/client.ts";
import { examples } from "../../services/contract/examples.ts";
import { contract, type TopicName, type TopicRow, topicFor, topicParams } from "../../services/contract/topics.ts";
import { topicMatches } from "../../simulator/topic-filter.ts";
import { read, root } from "../support/repository.ts";
import { starterSimulation } from "../support/starter-simulation.ts";

const folder = "examples/integrations";

/** A message of every row with every example, on a topic as a broker would show it. */
const messages = (Object.values(contract) as TopicRow[]).flatMap((row) =>
  examples[row.name as TopicName].map((payload) => {
    const ids = Object.fromEntries(Object.entries(topicParams).map(([name, { example }]) => [name, example]));
    return { row, payload, topic: topicFor(row, { ...ids, station: "liaoyuan-1" }) };
  }),
);
const heardOn = (filter: string) => messages.filter(({ topic }) => topicMatches(filter, topic));

function at(payload: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((here, name) => (here as Record<string, unknown> | null)?.[name], payload);
}

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly topic?: string;
  readonly datatype?: string;
  readonly func?: string;
  readonly property?: string;
  readonly rules?: readonly { readonly p?: string; readonly v?: string }[];
  readonly wires?: readonly (readonly string[])[];
}
interface FlowMessage {
  topic: string;
  payload: unknown;
  [more: string]: unknown;
}

describe("the Node-RED flow", () => {
  const flow = JSON.parse(read(`${folder}/node-red/flow.json`)) as FlowNode[];
  const node = (id: string) => flow.find((candidate) => candidate.id === id);
  const following = ({ wires = [] }: FlowNode) => wires.flat().map((id) => node(id));

  /** What a function of the flow makes of a message, run as Node-RED would. */
  const run = (name: string, message: FlowMessage): FlowMessage => {
    const code = flow.find((candidate) => candidate.name === name && candidate.type === "function")?.func ?? "";
    return new Function("msg", code)(message) as FlowMessage;
  };

  test("is made of Node-RED's own nodes, and every wire leads somewhere", () => {
    const core = ["tab", "mqtt-broker", "mqtt in", "mqtt out", "function", "debug", "switch", "change", "inject"];
    for (const one of flow) {
      expect(core).toContain(one.type);
      for (const next of following(one)) expect(next, `${one.id} leads nowhere`).toBeDefined();
    }
  });

  test("listens to topics of the contract, decoded as they are", () => {
    const inputs = flow.filter(({ type }) => type === "mqtt in");
    expect(inputs.length).toBeGreaterThanOrEqual(4);
    for (const { topic = "", datatype } of inputs) {
      expect(heardOn(topic), topic).not.toEqual([]);
      if (datatype === "json")
        expect(
          heardOn(topic).every(({ row }) => row.encoding === "json"),
          topic,
        ).toBe(true);
    }
  });

  test("makes whole sentences of every payload it can meet", () => {
    const functions = flow
      .filter(({ type }) => type === "mqtt in")
      .flatMap((input) => following(input).map((next) => ({ input, next })));
    let sentences = 0;
    for (const { input, next } of functions) {
      if (next?.type !== "function") continue;
      for (const { topic, payload } of heardOn(input.topic ?? "")) {
        const given = input.datatype === "utf8" ? JSON.stringify(payload) : payload;
        const { payload: said } = run(next.name ?? "", { topic, payload: given });
        expect(said, topic).toMatch(/\w/);
        expect(said, topic).not.toMatch(/undefined|null|\[object/);
        sentences++;
      }
    }
    expect(sentences).toBeGreaterThanOrEqual(7);
    expect(run("fault in words", { topic: "yizhan/1/s/fault/smoke/a", payload: "" }).payload).toBe(
      "s: smoke (a) cleared",
    );
  });

  test("looks only at fields that swap events have", () => {
    const [swap] = heardOn("yizhan/1/+/event/swap");
    const looked = flow.flatMap(({ type, property, rules }) =>
      type === "switch" ? [property] : type === "change" ? [rules?.[0]?.p] : [],
    );
    expect(looked).toEqual(["payload.event_type", "payload.data.durationMs"]);
    for (const path of looked) expect(at({ payload: swap?.payload }, path ?? ""), path).toBeDefined();
    expect(at(swap, "payload.event_type")).toBe("completed");
  });

  test("asks for a bay as the contract wants it asked", () => {
    const asked = run("request", { topic: "", payload: 0, bay: 3, station: "liaoyuan-1" });
    expect(asked.topic).toBe(requestMessage("liaoyuan-1", "open", { id: "x", expiresAt: 1, bay: 3 }).topic);
    expect(readMessage(asked.topic, JSON.stringify(asked.payload))).toMatchObject({
      name: "request",
      payload: { bay: 3, by: "node-red" },
    });
    const out = flow.find(({ type }) => type === "mqtt out") as { retain?: string } | undefined;
    expect(out?.retain).toBe("false");
  });
});

describe("the Telegraf configuration", () => {
  const text = read(`${folder}/telegraf/telegraf.conf`);
  const inputs = text.split("[[inputs.mqtt_consumer]]").slice(1);

  test("reads fields that the payloads of its topics have", () => {
    expect(inputs).toHaveLength(4);
    for (const input of inputs) {
      const [, filter = ""] = /topics = \["([^"]+)"\]/.exec(input) ?? [];
      const heard = heardOn(filter);
      expect(heard, filter).not.toEqual([]);
      expect(heard.every(({ row }) => row.encoding === "json")).toBe(true);
      const paths = [...input.matchAll(/path = "([^"]+)"(?:\s+type = "(\w+)")?/g)];
      expect(paths.length).toBeGreaterThan(2);
      for (const [, path = "", type] of paths) {
        const found = heard
          .map(({ payload }) => at(payload, path))
          .filter((value) => value !== undefined && value !== null);
        expect(found, `${filter} ${path}`).not.toEqual([]);
        for (const value of found) expect(typeof value, path).toBe(type === undefined ? "string" : "number");
        if (type === "int") for (const value of found) expect(Number.isInteger(value), path).toBe(true);
      }
    }
  });

  test("calls a field optional where a payload may lack it", () => {
    for (const input of inputs) {
      const [, filter = ""] = /topics = \["([^"]+)"\]/.exec(input) ?? [];
      for (const [block, path = ""] of input.matchAll(/path = "([^"]+)"[^[]*/g)) {
        const lacking = heardOn(filter).some(({ payload }) => (at(payload, path) ?? null) === null);
        expect(block.includes("optional = true"), `${filter} ${path}`).toBe(lacking);
      }
    }
  });

  test("takes as many words from the topic as there are", () => {
    for (const input of inputs) {
      const [, topic = ""] = /topic_parsing\]\]\s+topic = "([^"]+)"/.exec(input) ?? [];
      const [, tags = ""] = /tags = "([^"]+)"/.exec(input) ?? [];
      expect(tags.split("/")).toHaveLength(topic.split("/").length);
      expect(tags.split("/")[2]).toBe("station");
    }
  });
});

describe("what Prometheus and Grafana ask for", () => {
  const metrics = new Map<string, Set<string>>();

  beforeAll(async () => {
    const tally = createTally();
    const { simulation, minutes } = starterSimulation("grafana", { onRecord: (record) => tally.recorded(record) });
    const { station, clock, world } = simulation;
    const told = createMetrics({ station, clock, identity: { version: "0", commit: "0" }, tally });
    world.arrive({ behaviour: "proper", socPct: 30, packC: 10 });
    minutes(3);
    // A jammed lock and its fault: the lines that only trouble makes.
    world.bayFaults(2).lockFailure = 1;
    tally.recorded({ kind: "fault-raised", code: "bay-lock-failed", subject: "2" });
    world.setSmoke("a", true);
    minutes(1);
    for (const [, name = "", , labels = ""] of (await told.text()).matchAll(/^(\w+)(\{(.*)\})? /gm)) {
      const known = metrics.get(name) ?? new Set();
      for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) known.add(label);
      metrics.set(name, known);
    }
  });

  /** Every metric an expression names, with the labels it names of it. */
  function asked(expression: string): { readonly name: string; readonly labels: string[] }[] {
    return [...expression.matchAll(/\b((?:yizhan|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
      ([, name = "", inside = ""]) => ({
        name,
        labels: [...inside.matchAll(/(\w+)\s*(?:=|!)/g)]
          .map(([, label = ""]) => label)
          .filter((label) => label !== "instance"),
      }),
    );
  }

  function expectKnown(expression: string): void {
    const found = asked(expression);
    for (const { name, labels } of found) {
      expect(metrics.has(name), `${name} in ${expression}`).toBe(true);
      for (const label of labels) expect([...(metrics.get(name) ?? [])], `${name} in ${expression}`).toContain(label);
    }
    const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
    const known = new Set(["instance", ...found.flatMap(({ name }) => [...(metrics.get(name) ?? [])])]);
    for (const label of grouped) expect([...known], expression).toContain(label);
  }

  interface Panel {
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }

  test("in the dashboard exists", () => {
    const dashboard = JSON.parse(read(`${folder}/grafana/yizhan-station.json`)) as {
      panels: Panel[];
      templating: unknown;
    };
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(15);
    for (const expression of expressions) {
      expect(asked(expression), expression).not.toEqual([]);
      expectKnown(expression);
    }
    expectKnown(JSON.stringify(dashboard.templating));
    const ids = dashboard.panels.map((panel) => (panel as unknown as { id: number }).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("in the alerts exists", () => {
    const rules = read(`${folder}/prometheus/yizhan.rules.yml`);
    const names = [...rules.matchAll(/- alert: (\w+)/g)];
    expect(names.length).toBeGreaterThan(8);
    for (const block of rules.split("- alert: ").slice(1)) {
      const [, expression = ""] = /expr: ((?:>-\s+)?[\s\S]*?)\n +(?:for|labels):/.exec(block) ?? [];
      if (!expression.startsWith("up")) expect(asked(expression), block).not.toEqual([]);
      expectKnown(expression);
    }
  });

  const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined;
  if (!hasPromtool)
    console.log("skipping promtool's checks of the examples: it is missing (Debian package prometheus)");
  test.runIf(hasPromtool).each([
    ["check", "config", "prometheus.yml"],
    ["check", "rules", "yizhan.rules.yml"],
    ["test", "rules", "yizhan.rules.test.yml"],
  ])("passes promtool %s %s %s", (...args) => {
    const ran = spawnSync("promtool", args, { cwd: join(root, folder, "prometheus"), encoding: "utf8" });
    expect(ran.stdout + ran.stderr).toContain("SUCCESS");
    expect(ran.status).toBe(0);
  });
});
