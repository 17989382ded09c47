/** What a station does when network and broker fail or operators' software does, told by doors and by what the broker was given. */
import { describe, expect, test } from "vitest";
import type { EventPayload } from "../../../services/contract/event-payloads.ts";
import type { ResponsePayload } from "../../../services/contract/request-payloads.ts";
import { expectServes, expectSound, type StruckStation, struckStation } from "../../support/ailing-station.ts";

const root = "yizhan/1/starter-1/";

/** What a consumer of events and answers has: repeats dropped, sorted by stream and number. */
function listening(story: StruckStation) {
  const seqs = new Map<string, Set<number>>();
  const answers: ResponsePayload[] = [];
  const { broker } = story.simulation;
  const read = <T>(payload: Uint8Array): T => JSON.parse(new TextDecoder().decode(payload)) as T;
  broker?.subscribe(`${root}event/+`, ({ payload }) => {
    const { stream, seq } = read<EventPayload>(payload);
    seqs.set(stream, (seqs.get(stream) ?? new Set()).add(seq));
  });
  broker?.subscribe(`${root}response/+`, ({ payload }) => answers.push(read<ResponsePayload>(payload)));
  return {
    answers,
    security: () => [...(seqs.get("security") ?? [])].length,
    /** Numbers that never came although a later one of their stream did. */
    gaps: () =>
      [...seqs].flatMap(([stream, seen]) => {
        const first = Math.min(...seen);
        const missing = Array.from({ length: Math.max(...seen) - first }, (_unused, at) => first + at);
        return missing.filter((seq) => !seen.has(seq)).map((seq) => `${stream} ${seq}`);
      }),
  };
}

const queued = ({ simulation }: StruckStation): number => simulation.station.session?.stats().outbox.queued ?? 0;

describe.each([
  ["N1", "network-blip", 3],
  ["N3", "connection-half-open", 0],
  ["N4", "broker-forgets", 10],
  ["N9", "connection-cut-storm", 180],
  ["N10", "captive-portal", 300],
  ["N12", "broker-slow", 300],
  ["N13", "client-id-taken", 300],
] as const)("%s: %s", (_id, name, lastsS) => {
  test("is no affair of whoever swaps meanwhile, and every event reaches the operators in the end", () => {
    const story = struckStation(name);
    const heard = listening(story);
    const visit = story.packIn();
    story.strike(name, { lastsS });
    story.seconds(900);
    expect(visit?.ending).toBe("swapped");
    expect(story.landed()).toHaveLength(1);
    story.seconds(120);
    expect(heard.gaps()).toEqual([]);
    expect(queued(story)).toBe(0);
    expectSound(story);
  });
});

test("N9: a connection that is cut again and again is made again and again, and every event reaches the operators once", () => {
  const story = struckStation("cut again and again");
  const heard = listening(story);
  const connections = () => story.simulation.broker?.counters().connections ?? 0;
  const before = connections();
  story.strike("connection-cut-storm", { lastsS: 180 });
  expect(story.visit()?.ending).toBe("swapped");
  expect(connections() - before).toBeGreaterThan(3);
  expect(heard.gaps()).toEqual([]);
  expect(queued(story)).toBe(0);
});

test("N1: three seconds without a network alarm nobody", () => {
  const story = struckStation("blip");
  story.strike("network-blip", { lastsS: 3 });
  for (let second = 0; second < 120; second++) {
    story.seconds(1);
    expect(story.told()).toEqual([]);
  }
});

test("N2: while the broker is away riders are served, and afterwards all of it is delivered, in order", () => {
  const story = struckStation("days away");
  const heard = listening(story);
  story.strike("broker-away-for-days", { lastsS: 7_200 });
  for (let visit = 0; visit < 2; visit++) expect(story.visit()?.ending).toBe("swapped");
  expect(queued(story)).toBeGreaterThan(10);
  story.seconds(7_200 - 1_800 + 120);
  expect(queued(story)).toBe(0);
  expect(heard.gaps()).toEqual([]);
  expectServes(story);
});

test("N3: a connection that died in silence is noticed within one and a half keep-alives, and made anew", () => {
  const story = struckStation("half-open");
  const connections = () => story.simulation.broker?.counters().connections;
  const before = connections();
  story.strike("connection-half-open");
  story.seconds(47);
  expect(connections()).toBe((before ?? 0) + 1);
});

test("N4: a broker that forgot everything is told all of it again", () => {
  const story = struckStation("forgets");
  const before = story.simulation.broker?.retainedTopics();
  story.strike("broker-forgets", { lastsS: 5 });
  expect(story.simulation.broker?.retainedTopics()).not.toEqual(before);
  story.seconds(60);
  expect(story.simulation.broker?.retainedTopics()).toEqual(before);
});

test("N5: an order that arrives twice opens the bay once, and both are answered alike", () => {
  const story = struckStation("twice");
  const heard = listening(story);
  story.strike("command-twice");
  story.seconds(60);
  const [answer, again] = heard.answers.filter(({ id }) => id.startsWith("office-"));
  expect(answer?.status).toBe("ok");
  expect(again).toEqual(answer);
  expect(story.since(0, "coil").filter(({ on }) => on)).toHaveLength(1);
  expectServes(story);
});

test("N6: of two orders that arrive in the wrong order the older is refused, and its door stays shut", () => {
  const story = struckStation("reordered");
  const heard = listening(story);
  story.strike("commands-reordered");
  story.seconds(60);
  expect(heard.answers.map(({ reason }) => reason)).toContain("out-of-order");
  expect(story.since(0, "coil")).toEqual([]);
  expectServes(story);
});

test("N7: an order that the broker kept is refused and noted when it is replayed, and no door opens", () => {
  const story = struckStation("retained");
  const heard = listening(story);
  story.strike("command-retained", { lastsS: 120 });
  story.seconds(60);
  expect(heard.answers.map(({ reason }) => reason)).toContain("retained");
  expect(heard.security()).toBeGreaterThan(0);
  expect(story.since(0, "coil")).toEqual([]);
  story.seconds(120);
  expectServes(story);
});

test("N8: an order that comes six hours late is refused as expired, and no door opens", () => {
  const story = struckStation("late");
  const heard = listening(story);
  story.strike("command-late");
  story.seconds(60);
  expect(heard.answers.map(({ reason }) => reason)).toContain("expired");
  expect(story.since(0, "coil")).toEqual([]);
  expectServes(story);
});

test("N10: somebody else who answers for the broker is told nothing, and it is an error until the right one answers", () => {
  const story = struckStation("portal");
  const upMessages = () => story.simulation.broker?.counters().upMessages;
  story.strike("captive-portal", { lastsS: 120 });
  const before = upMessages();
  story.seconds(110);
  expect(upMessages()).toBe(before);
  expect(Object.keys(story.simulation.station.loop.state().faults)).toContain("broker-untrusted/station");
  story.seconds(60);
  expect(story.told()).not.toContain("broker-untrusted");
  expectSound(story);
});

test("N11: a station that starts at 1970 lets no certificate through for it, serves offline, and connects when it knows the time", () => {
  const story = struckStation("epoch");
  const { broker, computer } = story.simulation;
  story.strike("certificate-not-yet-valid", { lastsS: 1_080 });
  story.seconds(90);
  const connections = broker?.counters().connections;
  expect(computer.isAlive).toBe(true);
  expect(story.visit()?.ending).toBe("swapped");
  expect(broker?.counters().connections).toBe(connections);
  expect(Object.keys(story.simulation.station.loop.state().faults)).toContain("clock-unset/station");
  story.seconds(240);
  expect(broker?.counters().connections).toBe((connections ?? 0) + 1);
  expect(story.told()).not.toContain("clock-unset");
  expectSound(story);
});

test("N12: a slow broker has no more than a window of messages under way, however many wait", () => {
  const story = struckStation("slow", { world: { arrivalsPerDay: 3_000 } });
  const heard = listening(story);
  const { world } = story.simulation;
  story.strike("broker-away-for-days", { lastsS: 2_700 });
  story.seconds(2_690);
  world.stop();
  expect(queued(story)).toBeGreaterThan(60);
  story.strike("broker-slow", { lastsS: 300 });
  let most = 0;
  for (let second = 0; second < 120; second++) {
    story.seconds(1);
    most = Math.max(most, story.simulation.station.session?.stats().outbox.inFlight ?? 0);
  }
  expect(most).toBe(50);
  story.seconds(1_800);
  expect(heard.gaps()).toEqual([]);
  expectServes(story);
});

test("N13: another device with the station's id is told of, and moves no output", () => {
  const story = struckStation("twin", { world: { initialSoc: 0.5 } });
  const { clock } = story.simulation;
  const fromMs = clock.nowMs;
  story.strike("client-id-taken", { lastsS: 200 });
  story.seconds(190);
  expect(Object.keys(story.simulation.station.loop.state().faults)).toContain("broker-unsteady/station");
  expect(story.since(fromMs, "coil")).toEqual([]);
  expect(story.since(fromMs, "master")).toEqual([]);
  story.seconds(240);
  expect(story.told()).not.toContain("broker-unsteady");
  expectSound(story);
});
