import { describe, expect, test } from "vitest";
import type { OpenBrokerLink } from "../../../hal/ports/broker-link.ts";
import { eventPayloads } from "../../../services/contract/event-payloads.ts";
import { contract, payloadProblem, schemaProblem, type TopicRow } from "../../../services/contract/topics.ts";
import type { FleetCourse } from "../../../simulator/fleet/coordinator.ts";
import { fleetFailed, fleetReport } from "../../../simulator/fleet/report.ts";
import { fleetPage } from "../../../simulator/fleet/report-page.ts";
import { topicMatches } from "../../../simulator/topic-filter.ts";
import { smallFleet } from "./small-fleet.ts";

const reportOf = (course: FleetCourse, stations = 20) =>
  fleetReport(course, { kind: "telemetry", stations, processes: 2, broker: "mqtt://broker:1883", seed: "1" });

const rows: readonly TopicRow[] = Object.values(contract);

/** What is wrong with a message of a station, in the words of the contract. */
function problemOf(topic: string, text: string): string | undefined {
  const tail = topic.split("/").slice(3).join("/");
  const row = rows.find((candidate) => topicMatches(candidate.topic.replaceAll(/\{[a-z]+\}/g, "+"), tail));
  if (row === undefined) return `no such topic: ${tail}`;
  if (row.encoding === "text") return payloadProblem(row, text);
  const kind = tail.split("/")[1] as keyof typeof eventPayloads;
  return row === contract.event
    ? schemaProblem(eventPayloads[kind], JSON.parse(text))
    : payloadProblem(row, JSON.parse(text));
}

/** The observer never gets the one event that `is` names; everything else passes. */
const forgets =
  (is: (topic: string, text: string) => boolean) =>
  (open: OpenBrokerLink, isObserver: boolean): OpenBrokerLink =>
    !isObserver
      ? open
      : (options, events) =>
          open(options, {
            connected: () => events.connected(),
            disconnected: (why) => events.disconnected(why),
            message: (message) => {
              if (!is(message.topic, new TextDecoder().decode(message.payload))) events.message(message);
            },
          });

describe("a fleet", () => {
  test("connects, tells its state, lives, loses nothing and takes its traces off the broker", () => {
    const fleet = smallFleet();
    const course = fleet.play();
    const report = reportOf(course);
    expect(fleet.phases).toEqual(["connecting", "telling", "steady", "finishing", "leaving"]);
    expect(report).toMatchObject({
      failed: undefined,
      connect: { connected: 20 },
      events: { lost: 0, duplicated: 0, unjudged: 0, waiting: 0 },
      reconnects: 0,
      errors: { total: 0 },
      memory: { perStationKb: 2_048, bareMb: 40 },
    });
    expect(report.events.acknowledged).toBeGreaterThan(100);
    expect(report.events.seen).toBe(report.events.acknowledged);
    expect(report.messages.acknowledged).toBe(report.messages.published);
    expect(fleetFailed(report)).toBe(false);
    expect(fleet.broker.retainedTopics()).toEqual([]);
  });

  test("says what the contract says, on every topic", () => {
    const fleet = smallFleet({ clean: false });
    const problems = new Set<string>();
    const stations = new Set<string>();
    fleet.broker.subscribe("yizhan/1/+/#", ({ topic, payload }) => {
      const station = topic.split("/")[2] ?? "";
      if (station.includes("observer")) return;
      stations.add(station);
      const problem = problemOf(topic, new TextDecoder().decode(payload));
      if (problem !== undefined) problems.add(problem);
    });
    fleet.play();
    expect([...problems]).toEqual([]);
    expect(stations.size).toBe(20);
    expect(fleet.broker.retained("yizhan/1/fleet-00020/availability")).toBe("offline");
  });

  test("tells which acknowledged event the observer never got, and counts that as failed", () => {
    const wanted = (topic: string, text: string) =>
      topic.startsWith("yizhan/1/fleet-00003/") && (JSON.parse(text) as { seq?: number }).seq === 5;
    const fleet = smallFleet({ between: forgets(wanted) });
    const report = reportOf(fleet.play());
    expect(report.events).toMatchObject({ lost: 1, lostExamples: ["fleet-00003 swap 5"] });
    expect(fleetFailed(report)).toBe(true);
    expect(fleetPage(report, "en")).toContain("lost: fleet-00003 swap 5");
  });

  test("can be watched through one subscription to everybody's events, and still counts only its own", () => {
    const fleet = smallFleet({ wildcard: true });
    fleet.broker.inject("yizhan/1/somebody-else/event/swap", "no event at all");
    fleet.clock.after(15_000, () => fleet.broker.inject("yizhan/1/somebody-else/event/swap", "no event at all"));
    const { events } = reportOf(fleet.play());
    expect(events).toMatchObject({ lost: 0, duplicated: 0 });
    expect(events.seen).toBe(events.acknowledged);
  });

  test("counts what comes twice, and calls it neither lost nor failed", () => {
    const fleet = smallFleet();
    fleet.clock.after(20_000, () => fleet.broker.duplicate(3));
    const report = reportOf(fleet.play());
    expect(report.events.lost).toBe(0);
    expect(report.events.duplicated).toBeLessThanOrEqual(3);
    expect(fleetFailed(report)).toBe(false);
  });

  test("comes back from a storm of its own making, which is no error, and says how long it took", () => {
    const fleet = smallFleet({ storm: true, workers: 1 });
    const report = reportOf(fleet.play());
    expect(fleet.phases).toContain("storm");
    expect(report.outages).toHaveLength(1);
    expect(report.outages[0]).toMatchObject({ dropped: 20 });
    expect(report.outages[0]?.backSeconds).toBeGreaterThan(0);
    expect(report.outages[0]?.toldSeconds).toBeGreaterThanOrEqual(report.outages[0]?.backSeconds ?? 0);
    expect(report.reconnects).toBe(20);
    expect(report.errors.total).toBe(0);
    expect(Object.values(report.errors.whileDropped)).toEqual([20]);
    expect(report.events.lost).toBe(0);
  });

  test("takes the next break for an error again, once all are back from its own", () => {
    const fleet = smallFleet({ storm: true, workers: 1, steadyMs: 60_000 });
    fleet.clock.after(50_000, () => fleet.broker.cut());
    const report = reportOf(fleet.play());
    expect(report.outages).toHaveLength(2);
    expect(report.errors).toMatchObject({ total: 20, whileDropped: { "connection lost: connection cut": 20 } });
  });

  test("shows a broker that went away and came back, as errors, and still loses nothing", () => {
    const fleet = smallFleet({ steadyMs: 60_000 });
    fleet.clock.after(20_000, () => fleet.broker.takeDown());
    fleet.clock.after(40_000, () => fleet.broker.bringUp());
    const report = reportOf(fleet.play());
    expect(report.outages).toHaveLength(1);
    expect(report.outages[0]?.backSeconds).toBeGreaterThan(19);
    expect(report.errors.total).toBeGreaterThanOrEqual(20);
    expect(report.events).toMatchObject({ lost: 0, waiting: 0 });
    expect(report.reconnects).toBe(20);
  });

  test("gives up on stations that never connect, reckons with the others, and fails", () => {
    let links = 0;
    const mute: OpenBrokerLink = () => ({
      publish: (_topic, _payload, _how, done) => done("not connected"),
      subscribe: () => undefined,
      close: (done) => done(),
    });
    const fleet = smallFleet({ between: (open) => (++links === 7 ? mute : open) });
    const report = reportOf(fleet.play());
    expect(report.connect).toMatchObject({ connected: 19, allSeconds: undefined });
    expect(fleetFailed(report)).toBe(true);
  });

  test("ends early when it is told to, with a reckoning", () => {
    const fleet = smallFleet({ steadyMs: 3_000_000 });
    fleet.clock.after(30_000, () => fleet.coordinator.stop());
    const report = reportOf(fleet.play());
    expect(fleet.clock.nowMs).toBeLessThan(60_000);
    expect(report.connect.connected).toBe(20);
    expect(report.events.lost).toBe(0);
  });

  test("ends with the reason when a process of it dies", () => {
    const fleet = smallFleet();
    fleet.clock.after(20_000, () => fleet.coordinator.ended(1));
    const course = fleet.play();
    expect(course.failed).toBe("process 2 of the fleet ended by itself");
    expect(fleetFailed(reportOf(course))).toBe(true);
  });
});

/**
 * Messages a day of the whole simulated reference station with 361 visits, as `npm run bench -- mqtt-bytes` counted them; the
 * model has to come near, or what a fleet puts on a broker is not what stations would.
 */
const measured = { visits: 361, bay: 5_910, "event/swap": 2_420, cabinet: 1_606, health: 1_440 } as const;

test("a telemetry station puts on the broker about what a whole one does", () => {
  const stations = 4;
  const fleet = smallFleet({ stations, workers: 1, steadyMs: 10_800_000, swapsPerDay: measured.visits });
  const counts: Record<string, number> = {};
  let fromMs = Number.POSITIVE_INFINITY;
  fleet.broker.subscribe("yizhan/1/+/#", ({ topic, payload }) => {
    const [, , , first = "", second = ""] = topic.split("/");
    const kind = first === "event" ? `event/${second}` : topic.endsWith("/availability") ? "availability" : first;
    // Everybody's whole state at the start is another matter, and so is the taking away at the end.
    fromMs = Math.min(fromMs, fleet.clock.nowMs + 10_000);
    if (fleet.clock.nowMs > fromMs && payload.length > 0) counts[kind] = (counts[kind] ?? 0) + 1;
  });
  fleet.play();
  const days = (stations * (fleet.clock.nowMs - fromMs)) / 86_400_000;
  for (const kind of ["bay", "event/swap", "cabinet", "health"] as const) {
    const perDay = (counts[kind] ?? 0) / days;
    expect(perDay, kind).toBeGreaterThan(measured[kind] * 0.75);
    expect(perDay, kind).toBeLessThan(measured[kind] * 1.25);
  }
});
