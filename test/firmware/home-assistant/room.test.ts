/** What Home Assistant is told of a room: everything of the contract's hints, in words it accepts, and nothing to click on. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ConfigFile } from "../../../firmware/config/schema.ts";
import { discover } from "../../../firmware/home-assistant/discovery.ts";
import { announcingOf } from "../../../firmware/runner/announcing.ts";
import { examples } from "../../../services/contract/examples.ts";
import { roomKinds } from "../../../services/contract/home-hints.ts";
import { amenityHints, doorHints } from "../../../services/contract/home-hints-room.ts";
import type { AmenityPayload } from "../../../services/contract/room-payloads.ts";
import { contract, type TopicRow } from "../../../services/contract/topics.ts";
import { faultCatalogue } from "../../../services/faults.ts";
import type { Announced } from "../../../services/journal/durable.ts";
import { type DeviceMessage, deviceMessage, removal, understood } from "../../support/home-assistant-schema.ts";
import { renderJinja } from "../../support/jinja.ts";

type Entry = Readonly<Record<string, unknown>>;
type Sections = Record<string, unknown>;

const text = readFileSync("examples/room-station.yaml", "utf8");
const nothing: Announced = { cabinets: {}, devices: [] };

/** The example station with a room, with sections replaced or, as undefined, left out. */
function fileWith(more: Sections = {}): ConfigFile {
  const given = { ...(parse(text) as Sections), homeassistant: { enabled: true, language: "en" }, ...more };
  return ConfigFile.parse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

const told = (more?: Sections, before = nothing) => discover({ file: fileWith(more), version: "0.1.0", before });

function roomOf(found: ReturnType<typeof discover>): DeviceMessage | undefined {
  const message = found.messages.find(({ topic }) => topic.endsWith("_room/config"));
  return message === undefined ? undefined : deviceMessage.parse(JSON.parse(message.payload));
}

const entries = (more?: Sections, before?: Announced): Map<string, Entry> =>
  new Map(Object.entries(roomOf(told(more, before))?.components ?? {}));

const noRoom = { access: undefined, climate: undefined, fridge: undefined, amenities: undefined, room: undefined };
const kinds = new Map(
  (parse(text).amenities as { id: string; kind: AmenityPayload["kind"] }[]).map((a) => [a.id, a.kind]),
);
const withoutDryer = { amenities: (parse(text).amenities as { id: string }[]).filter(({ id }) => id !== "dryer") };
const readersLeft = { room: { ...parse(text).room, readers: parse(text).room.readers.slice(0, 5) } };

describe("the room as a device", () => {
  test.each(["zh", "en"] as const)("in %s is what Home Assistant accepts, and hangs on the station", (language) => {
    const room = roomOf(told({ homeassistant: { enabled: true, language } }));
    expect(room?.device).toMatchObject({ identifiers: [expect.stringMatching(/_room$/)], model: "room" });
    expect(room?.device.via_device).toMatch(/_station$/);
    for (const [key, { name }] of Object.entries(room?.components ?? {}) as [string, Entry][]) {
      if (language === "zh") expect(name, key).toMatch(/[\u4e00-\u9fff]/);
      else expect(name, key).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });

  test("has ids that nobody has twice, the station's and the cabinets' included", () => {
    const all = told().messages.flatMap(({ payload }) => Object.values(JSON.parse(payload).components) as Entry[]);
    const ids = all.map(({ unique_id }) => unique_id);
    expect(new Set(ids).size).toBe(ids.length);
    const entities = all.map(({ default_entity_id }) => default_entity_id);
    expect(new Set(entities).size).toBe(entities.length);
  });

  test("has an entity for every hint, at every place", () => {
    const found = entries();
    for (const { key } of (contract.door as TopicRow).home ?? []) expect(found.has(key), key).toBe(true);
    for (const { key } of doorHints) expect(found.has(`door_front_${key}`), key).toBe(true);
    for (const row of ["climate", "fridge"] as const)
      for (const { key } of (contract[row] as TopicRow).home ?? []) expect(found.has(`${row}_${key}`), key).toBe(true);
    for (const [id, kind] of kinds)
      for (const { key } of amenityHints[kind])
        if (key !== "aed_missing") expect(found.has(`amenity_${id.replaceAll("-", "_")}_${key}`), key).toBe(true);
  });

  test("tells of an AED only where the cabinet has one", () => {
    expect(entries().has("amenity_first_aid_aed_missing")).toBe(true);
    const bare = (parse(text).amenities as { id: string; wires: object }[]).map((amenity) =>
      amenity.id === "first-aid" ? { ...amenity, wires: { ...amenity.wires, inPlace: undefined } } : amenity,
    );
    expect(entries({ amenities: JSON.parse(JSON.stringify(bare)) }).has("amenity_first_aid_aed_missing")).toBe(false);
  });

  test("offers nothing to click on: what cannot be signed opens no door and no locker", () => {
    const message = told().messages.find(({ topic }) => topic.endsWith("_room/config"));
    expect(message?.payload).not.toContain("command_topic");
    expect(message?.payload).not.toContain("request/");
  });

  test("is not there where the station has no room, and neither are its events", () => {
    const found = told(noRoom);
    expect(roomOf(found)).toBeUndefined();
    const station = JSON.parse(found.messages[0]?.payload ?? "{}").components as Record<string, Entry>;
    for (const kind of roomKinds) expect(station).not.toHaveProperty(`event_${kind}`);
    const withRoom = JSON.parse(told().messages[0]?.payload ?? "{}").components as Record<string, Entry>;
    for (const kind of roomKinds) expect(withRoom).toHaveProperty(`event_${kind}`);
  });
});

describe("people served", () => {
  const counted = (more?: Sections): string[] =>
    Object.keys(JSON.parse(told(more).messages[0]?.payload ?? "{}").components).filter((key) => /_today$/.test(key));

  test("are counted by all that a whole room has", () => {
    const kindsOfUse = ["entries", "drinks", "hot_water", "outlets", "phones", "gifts", "help_calls", "rescues"];
    const all = ["served", "swaps", ...kindsOfUse, "alarms"];
    expect(counted()).toEqual(all.map((kind) => `${kind}_today`));
  });

  test("are not counted by what is not there", () => {
    const { readers } = parse(text).room as { readers: { at: string }[] };
    const room = { ...parse(text).room, readers: readers.filter(({ at }) => at !== "fridge") };
    expect(counted({ fridge: undefined, room })).not.toContain("drinks_today");
    expect(counted({ fridge: undefined, room })).toContain("entries_today");
  });
});

/** Payloads that a state topic of the example can carry. */
function payloadsOn(topic: string): readonly unknown[] {
  const tail = topic.split("/").slice(3);
  if (tail[0] !== "amenity") {
    const all = examples[tail[0] as "door" | "climate" | "fridge"] as readonly { doors?: Record<string, unknown> }[];
    return all.map((one) =>
      one.doors === undefined ? one : { ...one, doors: { front: Object.values(one.doors).at(-1) } },
    );
  }
  return (examples.amenity as readonly AmenityPayload[]).filter(({ kind }) => kind === kinds.get(tail[1] ?? ""));
}

const meetings = [...entries()].flatMap(([key, entry]) =>
  payloadsOn(String(entry.state_topic)).map((payload) => ({
    key,
    entry,
    template: String(entry.value_template),
    payload,
  })),
);

describe("a template of the room", () => {
  test("makes of every example a state that its platform understands", () => {
    expect(meetings.length).toBeGreaterThan(50);
    for (const { key, entry, template, payload } of meetings) {
      const state = renderJinja(template, { value_json: payload });
      expect(understood[String(entry.platform)]?.(state, entry), `${key}: ${state}`).toBe(true);
    }
  });

  const door = { position: "shut", mode: "members-only", lock: "resting" };
  const front = (more: object) => ({ inside: 3, doors: { front: { ...door, ...more } } });
  test.each([
    ["people_inside", front({}), "3"],
    ["door_front_door", front({ position: "held" }), "ON"],
    ["door_front_door", front({ position: "granted" }), "OFF"],
    ["door_front_door", front({ position: "unknown" }), "None"],
    ["door_front_forced", front({ faults: ["door-forced"] }), "ON"],
    ["door_front_forced", front({ faults: ["door-contact-lost"] }), "None"],
    ["door_front_forced", front({}), "OFF"],
    ["door_front_problem", front({ faults: ["door-held"] }), "ON"],
    ["climate_temperature", { roomC: null }, "None"],
    ["climate_temperature", { roomC: 17.6 }, "17.6"],
    ["climate_humidity", {}, "None"],
    ["fridge_restock", { restockWanted: true }, "ON"],
    ["amenity_first_aid_aed_missing", { aed: "missing" }, "ON"],
    ["amenity_first_aid_aed_missing", { aed: "unknown" }, "None"],
    ["amenity_toilet_on", { on: true }, "ON"],
    ["amenity_help_call", { call: "waiting" }, "ON"],
    ["amenity_help_call", { call: "answered" }, "OFF"],
  ])("of %s reads %j as %s", (key, payload, state) => {
    expect(renderJinja(String(entries().get(key)?.value_template), { value_json: payload })).toBe(state);
  });

  test("speaks of faults that exist", () => {
    const said = told()
      .messages.map(({ payload }) => payload)
      .join();
    for (const [, code = ""] of said.matchAll(/\\"([a-z-]+)\\" in raised/g))
      expect(Object.hasOwn(faultCatalogue, code), code).toBe(true);
  });

  const hasJinja = spawnSync("python3", ["-c", "import jinja2"]).status === 0;
  test.runIf(hasJinja)("says under Jinja itself what it says here", () => {
    const program = [
      "import json, sys, jinja2",
      "env = jinja2.Environment()",
      "print(json.dumps([env.from_string(t).render(value_json=p) for t, p in json.load(sys.stdin)]))",
    ].join("\n");
    const cases = meetings.map(({ template, payload }) => [template, payload]);
    const ran = spawnSync("python3", ["-c", program], { input: JSON.stringify(cases), encoding: "utf8" });
    const ours = meetings.map(({ template, payload }) => renderJinja(template, { value_json: payload }));
    expect(JSON.parse(ran.stdout)).toEqual(ours);
  });
});

describe("what left the room", () => {
  const announcedBefore = (): Announced => {
    const { first } = announcingOf({
      file: fileWith(),
      version: "0",
      before: nothing,
      discover: undefined,
      record: () => {},
    });
    if (first === undefined) throw new Error("nothing was announced");
    return first;
  };
  const goneWith = (more: Sections) =>
    announcingOf({
      file: fileWith(more),
      version: "0",
      before: announcedBefore(),
      discover: undefined,
      record: () => {},
    }).announcements.gone;

  test("is remembered by its topic and what it was", () => {
    expect(announcedBefore().room).toMatchObject({ "door/front": "door", climate: "climate", "amenity/help": "help" });
  });

  test("is taken away from Home Assistant, and nothing else changes", () => {
    const less = { ...withoutDryer, ...readersLeft };
    const found = entries(less, announcedBefore());
    expect(removal.safeParse(found.get("amenity_dryer_on")).success).toBe(true);
    const rest = [...found].filter(([key]) => !key.startsWith("amenity_dryer"));
    expect(Object.fromEntries(rest)).toEqual(Object.fromEntries(entries(less)));
  });

  test("leaves no retained topic behind", () => {
    const root = "yizhan/1/";
    expect(goneWith({})).toEqual([]);
    const gone = goneWith({ ...withoutDryer, ...readersLeft });
    expect(gone.map((topic) => topic.slice(topic.indexOf("/", root.length) + 1))).toEqual(["amenity/dryer"]);
    const all = goneWith(noRoom).map((topic) => topic.slice(topic.indexOf("/", root.length) + 1));
    expect(all.toSorted()).toEqual(
      ["climate", "door", "fridge", ...[...kinds.keys()].map((id) => `amenity/${id}`)].toSorted(),
    );
  });
});
