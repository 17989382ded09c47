/** What Home Assistant is told: accepted by its own rules, complete by the contract, and every template says what the payload says. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigFile } from "../../../firmware/config/schema.ts";
import { discover } from "../../../firmware/home-assistant/discovery.ts";
import { type EventKind, eventTypes } from "../../../services/contract/event-payloads.ts";
import { examples } from "../../../services/contract/examples.ts";
import { eventNames, type HomeHint, roomKinds } from "../../../services/contract/home-hints.ts";
import { contract, type TopicName, type TopicRow } from "../../../services/contract/topics.ts";
import { faultCatalogue } from "../../../services/faults.ts";
import { smallConfig } from "../../simulator/small-station.ts";
import {
  type DeviceMessage,
  deviceMessage,
  deviceTopic,
  removal,
  understood,
} from "../../support/home-assistant-schema.ts";
import { renderJinja } from "../../support/jinja.ts";

type Entry = Readonly<Record<string, unknown>>;
interface Setup {
  readonly home?: Record<string, unknown>;
  readonly requests?: Record<string, unknown>;
  readonly before?: Record<string, readonly number[]>;
}

const nothing = { cabinets: {}, devices: [] };

function told({ home = {}, requests = {}, before = {} }: Setup = {}): ReturnType<typeof discover> {
  const file = ConfigFile.parse({ ...smallConfig(2), homeassistant: { enabled: true, ...home }, requests });
  return discover({ file, version: "0.1.0", before: { ...nothing, cabinets: before } });
}

function messages(setup?: Setup): Map<string, DeviceMessage> {
  return new Map(told(setup).messages.map(({ topic, payload }) => [topic, deviceMessage.parse(JSON.parse(payload))]));
}

function entries(setup?: Setup): Map<string, Entry> {
  return new Map([...messages(setup).values()].flatMap(({ components }) => Object.entries(components)));
}

/** Payloads of the row that a state topic belongs to. */
function payloadsOn(topic: unknown): readonly unknown[] {
  const tail = String(topic)
    .replace("yizhan/1/small/", "")
    .replace(/\/[^/]+$/, "");
  const row = Object.values(contract).find((candidate: TopicRow) => candidate.topic.split("/")[0] === tail);
  return row === undefined ? [] : examples[row.name as TopicName];
}

describe("the discovery messages", () => {
  test.each(["zh", "en"] as const)("in %s are what Home Assistant accepts", (language) => {
    const found = told({ home: { language } });
    expect(found.birth).toEqual({ topic: "homeassistant/status", payload: "online" });
    expect(found.messages.map(({ topic }) => topic)).toEqual([
      "homeassistant/device/yizhan_small_station/config",
      "homeassistant/device/yizhan_small_cabinet_a/config",
      "homeassistant/device/yizhan_small_cabinet_b/config",
    ]);
    for (const { topic, payload } of found.messages) {
      expect(topic).toMatch(deviceTopic);
      expect(deviceMessage.safeParse(JSON.parse(payload)).error).toBeUndefined();
    }
  });

  test.each(["zh", "en"] as const)("in %s are as they were agreed on", async (language) => {
    for (const { topic, payload } of told({ home: { language } }).messages.slice(0, 2)) {
      const name = topic.split("/").at(-2)?.replace("yizhan_small_", "");
      const text = `${JSON.stringify(JSON.parse(payload), undefined, 1)}\n`;
      await expect(text).toMatchFileSnapshot(`golden/${name}.${language}.golden`);
    }
  });

  test("hang each cabinet on the station, and have ids that nobody has twice", () => {
    const [station, ...cabinets] = [...messages().values()];
    for (const { device } of cabinets) expect(station?.device.identifiers).toContain(device.via_device);
    const ids = [...entries().values()].map(({ unique_id }) => unique_id);
    expect(new Set(ids).size).toBe(ids.length);
    const entities = [...entries().values()].map(({ default_entity_id }) => default_entity_id);
    expect(new Set(entities).size).toBe(entities.length);
  });

  test("follow the prefix", () => {
    const found = told({ home: { prefix: "ha/one" } });
    expect(found.messages.every(({ topic }) => topic.startsWith("ha/one/device/"))).toBe(true);
    expect(found.birth.topic).toBe("ha/one/status");
  });

  test("name everything in the language asked for", () => {
    for (const [key, { name }] of entries({ home: { language: "zh" } })) expect(name, key).toMatch(/[\u4e00-\u9fff]/);
    for (const [key, { name }] of entries({ home: { language: "en" } }))
      expect(name, key).not.toMatch(/[\u4e00-\u9fff]/);
    expect(entries({ home: { language: "en" } }).get("cabinet_a_prompt")?.value_template).toContain("prompt.en");
  });

  test("have a heater and a smoke head only where there is one", () => {
    const plain = smallConfig(1);
    const [cabinet] = plain.cabinets;
    const { smoke: _smoke, ...bare } = cabinet!;
    const bays = bare.bays.map(({ heater: _heater, ...bay }) => bay);
    const file = ConfigFile.parse({ ...plain, cabinets: [{ ...bare, bays }] });
    const text = discover({ file, version: "0", before: nothing })
      .messages.map(({ payload }) => payload)
      .join();
    expect(text).not.toMatch(/_heater"|_smoke"/);
    expect([...entries().keys()].filter((key) => /_(heater|smoke)$/.test(key))).toHaveLength(10);
  });
});

test("people served at a station of cabinets alone are those who swapped", () => {
  const counted = [...entries().keys()].filter((key) => /_today$/.test(key));
  expect(counted).toEqual(["served_today", "swaps_today", "alarms_today"]);
});

describe("an entity", () => {
  test("stands for every hint of the contract, at every place", () => {
    const found = entries();
    for (const row of Object.values(contract) as TopicRow[]) {
      // The room has a test of its own.
      if (roomKinds.has(row.name)) continue;
      for (const { key, needs } of row.home ?? []) {
        if (needs !== undefined && !["heater", "smoke"].includes(needs)) continue;
        const full = row.name === "bay" ? `bay_8_${key}` : row.name === "cabinet" ? `cabinet_b_${key}` : key;
        expect(found.has(full), full).toBe(true);
      }
    }
    for (const [kind, types] of Object.entries(eventTypes)) {
      if (roomKinds.has(kind)) continue;
      const { state_topic, event_types } = found.get(`event_${kind}`) ?? {};
      expect({ state_topic, event_types }).toEqual({ state_topic: `yizhan/1/small/event/${kind}`, event_types: types });
      expect(eventNames[kind as EventKind].zh).toMatch(/[\u4e00-\u9fff]/);
    }
    expect(contract.event.retain).toBe(false);
  });

  test("of a bay is there only while the station and the bay are", () => {
    for (const [key, { availability, availability_mode }] of entries()) {
      if (!key.startsWith("bay_3_")) continue;
      expect(availability_mode).toBe("all");
      expect(availability).toEqual([
        { topic: "yizhan/1/small/availability" },
        { topic: "yizhan/1/small/bay/3/availability" },
      ]);
    }
    for (const { availability } of messages().values())
      expect(availability).toEqual([{ topic: "yizhan/1/small/availability" }]);
  });

  test("of smoke and of the controller's health does not take silence for an answer", () => {
    const found = entries();
    // Two heartbeats of a cabinet, and a minute.
    expect(found.get("cabinet_a_smoke")?.expire_after).toBe(1_860);
    expect(found.get("outbox")?.expire_after).toBe(180);
  });

  test("has the unit of its field in the schema", () => {
    for (const row of Object.values(contract) as TopicRow[]) {
      for (const { key, reads, unit } of row.home ?? ([] as HomeHint[])) {
        if (!("path" in reads) || "words" in reads) continue;
        expect(unitOf(row.payload, reads.path), `${row.name} ${key}`).toBe(unit);
      }
    }
  });
});

/** The unit of a field that measures, by its path; undefined for every other field. */
function unitOf(schema: z.ZodType, path: string): unknown {
  type Node = { properties?: Record<string, Node>; anyOf?: Node[]; unit?: string };
  let node = z.toJSONSchema(schema, { target: "draft-7" }) as Node | undefined;
  for (const name of path.split(".")) {
    const here: Node[] = node === undefined ? [] : [node, ...(node.anyOf ?? [])];
    node = here.map(({ properties }) => properties?.[name]).find((found) => found !== undefined);
    if (node === undefined) throw new Error(`no such field: ${path}`);
  }
  return node?.unit ?? node?.anyOf?.find(({ unit }) => unit !== undefined)?.unit;
}

/** Every template with every example payload it will meet. */
const meetings = [...entries({ home: { language: "en" } })].flatMap(([key, entry]) =>
  entry.value_template === undefined
    ? []
    : payloadsOn(entry.state_topic).map((payload) => ({ key, entry, template: String(entry.value_template), payload })),
);

describe("a template", () => {
  test("makes of every example a state that its platform understands", () => {
    expect(meetings.length).toBeGreaterThan(150);
    for (const { key, entry, template, payload } of meetings) {
      const state = renderJinja(template, { value_json: payload });
      expect(understood[String(entry.platform)]?.(state, entry), `${key}: ${state}`).toBe(true);
    }
  });

  const said = (key: string, payload: unknown, home: Record<string, unknown> = {}): string =>
    renderJinja(String(entries({ home }).get(key)?.value_template), { value_json: payload });
  const [charging, empty, jammed, blind] = examples.bay as readonly Record<string, unknown>[];

  test.each([
    ["bay_3_lock", charging, "LOCKED"],
    ["bay_3_lock", { ...charging, lock: "released" }, "UNLOCKED"],
    ["bay_3_lock", jammed, "JAMMED"],
    ["bay_3_lock", { ...charging, faults: ["bay-lock-held"] }, "JAMMED"],
    ["bay_3_lock", { ...charging, faults: ["bay-hot"] }, "LOCKED"],
    ["bay_3_lock", blind, "None"],
    ["bay_3_door", charging, "OFF"],
    ["bay_3_door", { ...charging, door: "open" }, "ON"],
    ["bay_3_door", blind, "None"],
    ["bay_3_soc", charging, "85"],
    ["bay_3_soc", empty, "None"],
    ["bay_3_cell_temperature", { ...charging, pack: { cellTempMaxC: null } }, "None"],
    ["bay_3_heater", { ...charging, heater: true }, "ON"],
    ["bay_3_heater", charging, "OFF"],
    ["bay_3_problem", charging, "OFF"],
    ["bay_3_problem", jammed, "ON"],
    ["cabinet_a_smoke", { faults: ["smoke"] }, "ON"],
    ["cabinet_a_smoke", { faults: ["smoke-lost"] }, "None"],
    ["cabinet_a_smoke", { faults: ["water"] }, "OFF"],
    ["cabinet_a_smoke", {}, "OFF"],
    ["clock", { clock: "unsynced" }, "ON"],
    ["loop_late", { loop: { lateP99Ms: 1.2 } }, "1.2"],
  ])("of %s reads %j as %s", (key, payload, state) => {
    expect(said(key, payload)).toBe(state);
  });

  test("speaks of faults that exist", () => {
    const texts = told()
      .messages.map(({ payload }) => payload)
      .join();
    const codes = [...texts.matchAll(/\\"([a-z-]+)\\" in raised/g)].map(([, code]) => code ?? "");
    expect(new Set(codes).size).toBeGreaterThanOrEqual(5);
    for (const code of codes) expect(Object.hasOwn(faultCatalogue, code), code).toBe(true);
  });

  const hasJinja = spawnSync("python3", ["-c", "import jinja2"]).status === 0;
  if (!hasJinja) console.log("skipping the comparison with Jinja itself: python3 has no jinja2");
  test.runIf(hasJinja)("says under Jinja itself what it says here", () => {
    const program = [
      "import json, sys, jinja2",
      "env = jinja2.Environment()",
      "cases = json.load(sys.stdin)",
      "print(json.dumps([env.from_string(t).render(value_json=p) for t, p in cases]))",
    ].join("\n");
    const cases = meetings.map(({ template, payload }) => [template, payload]);
    const ran = spawnSync("python3", ["-c", program], { input: JSON.stringify(cases), encoding: "utf8" });
    const ours = meetings.map(({ template, payload }) => renderJinja(template, { value_json: payload }));
    expect(JSON.parse(ran.stdout)).toEqual(ours);
  });
});

describe("a lock that may not be opened from there", () => {
  const ways = [
    { why: "because the configuration says so", setup: { home: { openBays: false } } },
    { why: "because a template cannot sign", setup: { requests: { signatures: "required" } } },
  ];
  test.each(ways)("is shown in words and offers no command, $why", ({ setup }) => {
    const found = entries(setup);
    expect([...found.values()].filter(({ platform }) => platform === "lock")).toEqual([]);
    expect(found.get("bay_3_lock")).toMatchObject({ platform: "sensor", device_class: "enum" });
    expect(
      told(setup)
        .messages.map(({ payload }) => payload)
        .join(),
    ).not.toContain("request/");
  });
});

describe("what left the configuration", () => {
  test("is taken away: a bay by entries with a platform alone, and nothing else changes", () => {
    const found = entries({ before: { a: [1, 2, 3, 4, 9] } });
    const gone = [...found].filter(([key]) => key.startsWith("bay_9_"));
    expect(gone.length).toBe([...found.keys()].filter((key) => key.startsWith("bay_1_")).length);
    for (const [key, entry] of gone) {
      expect(removal.safeParse(entry).success, key).toBe(true);
      expect(entry.platform, key).toBe(found.get(key.replace("bay_9", "bay_1"))?.platform);
    }
    const kept = [...found].filter(([key]) => !key.startsWith("bay_9_"));
    expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(entries()));
  });
});
