/** A station with a room and people in it, heard by an operator's program: every message is as the contract says, and help comes first. */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { type Message, readMessage } from "../../services/contract/client.ts";
import type { EventPayload } from "../../services/contract/event-payloads.ts";
import type { DoorPayload } from "../../services/contract/room-payloads.ts";
import { createSimulation } from "../../simulator/simulation.ts";

const hourMs = 3_600_000;

function start(seed: string) {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/room-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the example station with a room is not valid");
  const simulation = createSimulation({
    config: loaded.config,
    seed,
    fromMs: Date.UTC(2026, 0, 15, 1, 0),
    world: { arrivalsPerDay: 60, faultless: true, room: { visitsPerDay: 1_200, troublesPerDay: 0 } },
  });
  const { broker, clock, world } = simulation;
  const { stationId } = loaded.config.station;
  if (broker === undefined || world.room === undefined) throw new Error("a station with broker and room");
  const heard: Message[] = [];
  const problems: string[] = [];
  broker.subscribe("yizhan/1/+/#", ({ topic, payload }) => {
    const message = readMessage(topic, new TextDecoder().decode(payload));
    if ("problem" in message) problems.push(`${topic}: ${message.problem}`);
    else heard.push(message);
  });
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  const ask = (id: string, verb: string, body: object): void =>
    broker.inject(
      `yizhan/1/${stationId}/request/${verb}`,
      JSON.stringify({ id, expiresAt: clock.wallMs() + 50_000, by: "desk", ...body }),
    );
  const events = (): EventPayload[] =>
    heard.flatMap((one) => (one.name === "event" && one.payload ? [one.payload] : []));
  const answers = (id: string): string[] =>
    heard.flatMap(({ name, payload }) => (name === "response" && payload?.id === id ? [payload.status] : []));
  return { ...simulation, room: world.room.room, broker, heard, problems, pass, ask, events, answers };
}

describe("an hour of a winter's morning", () => {
  const station = start("contract");
  beforeAll(() => station.pass(hourMs), 120_000);

  test("bring nothing on the wire that the contract does not know", () => {
    expect(station.problems).toEqual([]);
    expect(station.heard.length).toBeGreaterThan(500);
  });

  test("show every part of the room on its topic", () => {
    const names = new Set(station.heard.map(({ name }) => name));
    for (const name of ["door", "climate", "fridge", "amenity", "people"]) expect(names).toContain(name);
    const amenities = new Set(station.heard.flatMap((one) => (one.name === "amenity" ? [one.ids.amenity] : [])));
    expect(amenities.size).toBe(10);
  });

  test("tell who was let in by a mark alone, and each entry by its decision", () => {
    const entered = station.events().filter(({ event_type }) => event_type === "entered");
    expect(entered.length).toBeGreaterThan(5);
    const granted = new Map(
      station.events().flatMap(({ event_type, data }) => (event_type === "granted" ? [[data.decision, data]] : [])),
    );
    for (const { data } of entered) expect(granted.get(data.decision)?.member ?? "00000000").toMatch(/^[0-9a-f]{8}$/);
  });

  test("count who is inside", () => {
    const inside = station.heard.flatMap(({ name, payload }) =>
      name === "door" && payload !== undefined ? [(payload as DoorPayload).inside] : [],
    );
    expect(Math.max(...inside)).toBeGreaterThan(0);
    expect(Math.max(...inside)).toBeLessThan(40);
  });

  test("take in the office's list, and say so", () => {
    expect(station.events().map(({ event_type }) => event_type)).toContain("list-accepted");
    expect(station.events().map(({ event_type }) => event_type)).not.toContain("list-refused");
  });

  test("numbers the events of each stream without a gap", () => {
    const streams = new Map<string, number[]>();
    for (const { stream, seq } of station.events()) streams.set(stream, [...(streams.get(stream) ?? []), seq]);
    for (const [stream, seqs] of streams) {
      const once = [...new Set(seqs)].toSorted((a, b) => a - b);
      expect(once, stream).toEqual(once.map((_seq, at) => (once[0] ?? 0) + at));
    }
  });

  test("an operator opens the door, and the world's strike is live", () => {
    station.ask("desk-1", "open-door", { door: "front" });
    station.pass(500);
    expect(station.answers("desk-1")).toEqual(["ok"]);
    expect(station.station.loop.granted().room?.doors.front?.strike).toBe(true);
  });
});

test("a call for help made in an outage is the first event of all when the line is back", () => {
  const station = start("help");
  station.pass(hourMs / 6);
  station.broker.takeDown();
  station.pass(hourMs / 2);
  const waiting = station.station.session?.stats().outbox.queued ?? 0;
  expect(waiting).toBeGreaterThan(100);
  const button = station.room.buttons.get("help");
  button?.set(true);
  station.pass(1_000);
  button?.set(false);
  expect(station.station.loop.granted().room?.amenities.help).toEqual({ siren: true, lamp: true });
  station.pass(5_000);
  const before = station.events().length;
  station.broker.bringUp();
  station.pass(120_000);
  const after = station.events().slice(before);
  expect(after[0]).toMatchObject({ event_type: "called", stream: "help", data: { amenity: "help" } });
  expect(after.length).toBeGreaterThan(waiting / 2);
  expect(station.station.session?.stats().outbox.queued).toBeLessThan(20);
  expect(station.problems).toEqual([]);
}, 120_000);
