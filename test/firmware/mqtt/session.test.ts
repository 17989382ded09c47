import { describe, expect, test } from "vitest";
import { logSource } from "../../../firmware/mqtt/log-source.ts";
import type { SecurityReport } from "../../../firmware/mqtt/requests.ts";
import { createMqttSession, type MqttSession } from "../../../firmware/mqtt/session.ts";
import { examples } from "../../../services/contract/examples.ts";
import type { BayPayload, FaultPayload, InfoPayload } from "../../../services/contract/state-payloads.ts";
import { createSimulatedBroker, type SimulatedBroker } from "../../../simulator/broker.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";
import { everybody } from "../../support/asking.ts";
import { createFakeLog, type FakeLog } from "./fake-log.ts";

const START = 1_769_835_900_000;
const root = "yizhan/1/s/";

interface Bench {
  readonly clock: VirtualClock;
  readonly broker: SimulatedBroker;
  readonly log: FakeLog;
  readonly session: MqttSession;
  readonly seen: (readonly [string, string])[];
  readonly done: string[];
  readonly reports: SecurityReport[];
  readonly notes: string[];
  pass(ms: number): void;
  start(): MqttSession;
}

function createBench(): Bench {
  const clock = createVirtualClock({ wallStartMs: START });
  const broker = createSimulatedBroker({ clock });
  const log = createFakeLog(clock);
  const seen: (readonly [string, string])[] = [];
  const done: string[] = [];
  const reports: SecurityReport[] = [];
  const notes: string[] = [];
  broker.subscribe("#", ({ topic, payload }) =>
    seen.push([topic.replace(root, ""), new TextDecoder().decode(payload)]),
  );
  const start = (): MqttSession => {
    const session: MqttSession = createMqttSession({
      open: broker.open,
      clock,
      station: "s",
      clientId: "yizhan-s",
      info: examples.info[0] as InfoPayload,
      outbox: {
        source: logSource({ log, logId: "log", station: "s", unsendable: () => {} }),
        cursor: log.acknowledgedN,
        newest: log.newest(),
      },
      remembered: [],
      asking: everybody,
      accepted(accepted) {
        if (accepted.verb === "lock-out") done.push(`${accepted.request.lockOut} ${accepted.request.bay}`);
        session.answer({ id: accepted.request.id, verb: accepted.verb, status: "ok" });
      },
      security: (report) => reports.push(report),
      note: (what, why) => notes.push(why === undefined ? what : `${what}: ${why}`),
    });
    return session;
  };
  const session = start();
  return {
    clock,
    broker,
    log,
    session,
    seen,
    done,
    reports,
    notes,
    start,
    pass: (ms) => void clock.runUntil(clock.monotonicMs() + ms),
  };
}

const lockOut = { id: "a", expiresAt: START + 200_000, bay: 3, lockOut: "operator", reason: "worn" };
const bay = examples.bay[0] as BayPayload;

describe("a station on a broker", () => {
  test("is born: online and info are retained, and requests reach it", () => {
    const bench = createBench();
    bench.pass(1_000);
    expect(bench.broker.retained(`${root}availability`)).toBe("online");
    expect(JSON.parse(bench.broker.retained(`${root}info`) ?? "")).toEqual(examples.info[0]);
    bench.broker.inject(`${root}request/lock-out`, JSON.stringify(lockOut));
    bench.pass(1_000);
    expect(bench.done).toEqual(["operator 3"]);
    expect(bench.seen.at(-1)).toEqual(["response/lock-out", '{"id":"a","status":"ok"}']);
  });

  test("dies: the broker speaks the last will, and the next connection says online again", () => {
    const bench = createBench();
    bench.pass(1_000);
    bench.broker.takeDown();
    expect(bench.broker.retained(`${root}availability`)).toBe("offline");
    expect(bench.session.stats().connected).toBe(false);
    bench.broker.bringUp();
    bench.pass(5_000);
    expect(bench.broker.retained(`${root}availability`)).toBe("online");
    expect(bench.session.stats()).toMatchObject({ connected: true, reconnects: 1 });
    expect(bench.notes).toEqual(["connected", "disconnected: broker down", "connected"]);
  });

  test("leaves: what is written goes out, then offline, then no last will", () => {
    const bench = createBench();
    bench.pass(1_000);
    bench.session.noticed(bench.log.append("swap"));
    let closed = false;
    bench.session.close(() => {
      closed = true;
    });
    bench.pass(3_000);
    expect(closed).toBe(true);
    expect(bench.seen.slice(-2).map(([topic]) => topic)).toEqual(["event/swap", "availability"]);
    expect(bench.broker.retained(`${root}availability`)).toBe("offline");
    expect(bench.seen.filter(([topic, what]) => topic === "availability" && what === "offline")).toHaveLength(1);
  });

  test("leaves in time when the broker answers nothing, and when there is none", () => {
    for (const trouble of ["dropAcks", "takeDown"] as const) {
      const bench = createBench();
      bench.pass(1_000);
      bench.session.noticed(bench.log.append("swap"));
      if (trouble === "dropAcks") bench.broker.dropAcks(1_000);
      else bench.broker.takeDown();
      let closed = false;
      bench.session.close(() => {
        closed = true;
      });
      bench.pass(3_000);
      expect(closed).toBe(true);
    }
  });

  test("refuses the retained request at every connection, and says so", () => {
    const bench = createBench();
    bench.pass(1_000);
    bench.broker.takeDown();
    bench.broker.inject(`${root}request/lock-out`, JSON.stringify(lockOut), { retained: true });
    bench.broker.bringUp();
    bench.pass(5_000);
    bench.broker.cut();
    bench.pass(5_000);
    expect(bench.done).toEqual([]);
    expect(bench.reports.map(({ reason }) => reason)).toEqual(["retained", "retained"]);
  });

  test("answers a snapshot by publishing every retained topic again", () => {
    const bench = createBench();
    bench.session.offer("bay", `${root}bay/3`, bay);
    bench.pass(60_000);
    bench.seen.length = 0;
    bench.broker.inject(`${root}request/snapshot`, JSON.stringify({ id: "b", expiresAt: START + 120_000 }));
    bench.pass(60_000);
    expect(bench.seen.map(([topic]) => topic).sort()).toEqual([
      "availability",
      "bay/3",
      "info",
      "request/snapshot",
      "response/snapshot",
    ]);
  });

  test("publishes nothing while it is offline, and nothing piles up but in the log", () => {
    const bench = createBench();
    bench.pass(1_000);
    bench.broker.takeDown();
    const { upMessages } = bench.broker.counters();
    for (let minute = 0; minute < 600; minute++) {
      bench.session.offer("bay", `${root}bay/3`, { ...bay, door: minute % 2 === 0 ? "open" : "shut" });
      bench.session.noticed(bench.log.append("swap"));
      bench.pass(60_000);
    }
    expect(bench.broker.counters().upMessages).toBe(upMessages);
    expect(bench.session.stats()).toMatchObject({
      outbox: { queued: 600, inFlight: 0 },
      state: { underWay: 0, topics: 3 },
    });
    bench.broker.bringUp();
    bench.pass(60_000);
    expect(bench.session.stats()).toMatchObject({ outbox: { queued: 0 } });
    expect(bench.seen.filter(([topic]) => topic === "event/swap")).toHaveLength(600);
  });

  test("empties the faults that a crash left on the broker, and keeps those that stand", () => {
    const bench = createBench();
    const fault = examples.fault[0] as FaultPayload;
    bench.session.offer("fault", `${root}fault/smoke/a`, fault);
    bench.session.offer("fault", `${root}fault/bus-lost/line-1`, fault);
    bench.pass(1_000);
    bench.broker.cut("killed");
    bench.session.close(() => {});
    const next = bench.start();
    bench.pass(5_000);
    next.offer("fault", `${root}fault/smoke/a`, fault);
    bench.pass(120_000);
    expect(bench.broker.retainedTopics().filter((topic) => topic.includes("/fault/"))).toEqual([
      `${root}fault/smoke/a`,
    ]);
  });

  test("keeps its memory flat over two days of a line that breaks every minute", () => {
    const bench = createBench();
    for (let minute = 0; minute < 2_880; minute++) {
      bench.session.offer("bay", `${root}bay/${1 + (minute % 36)}`, {
        ...bay,
        door: minute % 2 === 0 ? "open" : "shut",
      });
      if (minute % 10 === 0) bench.session.noticed(bench.log.append("swap"));
      bench.pass(30_000);
      bench.broker.cut();
      bench.pass(30_000);
      if (bench.seen.length > 1_000) bench.seen.length = 0;
    }
    bench.pass(10_000);
    expect(bench.session.stats()).toMatchObject({
      outbox: { queued: 0, inFlight: 0 },
      state: { topics: 38, underWay: 0 },
    });
    // The sweep of the state, and nothing else.
    expect(bench.clock.pending()).toBeLessThanOrEqual(2);
  }, 60_000);
});
