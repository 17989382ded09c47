import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStatePublisher, type StatePublisher } from "../../../firmware/mqtt/state-publisher.ts";
import type { BrokerLink } from "../../../hal/ports/broker-link.ts";
import { examples } from "../../../services/contract/examples.ts";
import type { BayPayload, CabinetPayload, FaultPayload } from "../../../services/contract/state-payloads.ts";
import { createSimulatedBroker, type SimulatedBroker } from "../../../simulator/broker.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";

interface Bench {
  readonly clock: VirtualClock;
  readonly broker: SimulatedBroker;
  readonly state: StatePublisher;
  /** Everything that reached the broker: topic and payload. */
  readonly seen: (readonly [string, string])[];
  mostUnderWay: number;
  mostOnOneTopic: number;
  pass(ms: number): void;
}

const bay = examples.bay[0] as BayPayload;
const cabinet = examples.cabinet[0] as CabinetPayload;
const fault = examples.fault[0] as FaultPayload;

function createBench(): Bench {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const broker = createSimulatedBroker({ clock });
  const seen: (readonly [string, string])[] = [];
  const underWay = new Map<string, number>();
  let total = 0;
  const watched: Pick<BrokerLink, "publish"> = {
    publish(topic, payload, how, done) {
      total++;
      underWay.set(topic, (underWay.get(topic) ?? 0) + 1);
      bench.mostUnderWay = Math.max(bench.mostUnderWay, total);
      bench.mostOnOneTopic = Math.max(bench.mostOnOneTopic, underWay.get(topic) ?? 0);
      link.publish(topic, payload, how, (failure) => {
        total--;
        underWay.set(topic, (underWay.get(topic) ?? 0) - 1);
        done(failure);
      });
    },
  };
  const state = createStatePublisher({ link: watched, clock });
  broker.subscribe("#", ({ topic, payload }) => seen.push([topic, new TextDecoder().decode(payload)]));
  const link = broker.open(
    { clientId: "s", will: { topic: "will", payload: "offline" } },
    {
      connected: () => state.connected(),
      disconnected: () => state.disconnected(),
      message: ({ topic, retained }) => retained && state.found(topic),
    },
  );
  const bench: Bench = {
    clock,
    broker,
    state,
    seen,
    mostUnderWay: 0,
    mostOnOneTopic: 0,
    pass: (ms) => void clock.runUntil(clock.monotonicMs() + ms),
  };
  return bench;
}

const sentTo = (bench: Bench, topic: string): string[] =>
  bench.seen.flatMap(([on, what]) => (on === topic ? [what] : []));

describe("retained state", () => {
  test("is sent when it is new, when a person would act upon the change, and not otherwise", () => {
    const bench = createBench();
    bench.state.offer("bay", "bay/3", bay);
    bench.pass(1_000);
    for (let scan = 0; scan < 100; scan++) {
      bench.state.offer("bay", "bay/3", { ...bay, pack: bay.pack && { ...bay.pack, packV: 52 + scan / 200 } });
      bench.pass(100);
    }
    expect(sentTo(bench, "bay/3")).toHaveLength(1);
    bench.state.offer("bay", "bay/3", { ...bay, door: "open" });
    bench.pass(900);
    expect(sentTo(bench, "bay/3")).toHaveLength(2);
    expect(JSON.parse(bench.broker.retained("bay/3") ?? "")).toMatchObject({ door: "open" });
  });

  test("lets a measurement wait for its hold, and then sends the newest value", () => {
    const bench = createBench();
    bench.state.offer("bay", "bay/3", bay);
    bench.pass(60_000);
    for (const socPct of [90, 91, 92])
      bench.state.offer("bay", "bay/3", { ...bay, pack: bay.pack && { ...bay.pack, socPct } });
    bench.pass(830_000);
    expect(sentTo(bench, "bay/3")).toHaveLength(1);
    bench.pass(20_000);
    expect(sentTo(bench, "bay/3")).toHaveLength(2);
    expect(JSON.parse(bench.broker.retained("bay/3") ?? "")).toMatchObject({ pack: { socPct: 92 } });
  });

  test("waits for a step to settle: a door that is unknown for a blink goes from shut to open in one message", () => {
    const bench = createBench();
    bench.state.offer("bay", "bay/3", bay);
    bench.pass(60_000);
    for (const door of ["unknown", "open"] as const) {
      bench.state.offer("bay", "bay/3", { ...bay, door });
      bench.pass(100);
    }
    bench.pass(5_000);
    expect(sentTo(bench, "bay/3").map((text) => JSON.parse(text).door)).toEqual(["shut", "open"]);
  });

  test("shows what an operator decided at once, neither settled nor held, and the cabinet with it", () => {
    const bench = createBench();
    bench.state.offer("bay", "bay/3", bay);
    bench.state.offer("cabinet", "cabinet/a", cabinet);
    bench.pass(60_000);
    bench.state.offer("cabinet", "cabinet/a", { ...cabinet, ready: 1 });
    bench.pass(1_000);
    bench.state.offer("bay", "bay/3", { ...bay, lockOut: "operator", reason: "worn" });
    bench.state.offer("cabinet", "cabinet/a", { ...cabinet, lockOut: "operator", reason: "worn" });
    bench.pass(50);
    expect(JSON.parse(bench.broker.retained("bay/3") ?? "")).toMatchObject({ lockOut: "operator" });
    expect(JSON.parse(bench.broker.retained("cabinet/a") ?? "")).toMatchObject({ lockOut: "operator" });
  });

  test("says nothing of a step that was undone before it settled", () => {
    const bench = createBench();
    bench.state.offer("bay", "bay/3", bay);
    bench.pass(60_000);
    bench.state.offer("bay", "bay/3", { ...bay, door: "unknown" });
    bench.pass(500);
    bench.state.offer("bay", "bay/3", { ...bay });
    bench.pass(5_000);
    expect(sentTo(bench, "bay/3")).toHaveLength(1);
  });

  test("beats when nothing changes", () => {
    const bench = createBench();
    bench.state.offer("cabinet", "cabinet/a", cabinet);
    bench.pass(3_600_000);
    expect(sentTo(bench, "cabinet/a")).toHaveLength(4);
  });

  test("bundles what a cabinet does within 15 s", () => {
    const bench = createBench();
    bench.state.offer("cabinet", "cabinet/a", cabinet);
    bench.pass(60_000);
    for (const ready of [4, 5, 4, 3]) {
      bench.state.offer("cabinet", "cabinet/a", { ...cabinet, ready });
      bench.pass(2_000);
    }
    expect(sentTo(bench, "cabinet/a")).toHaveLength(2);
    bench.pass(10_000);
    expect(sentTo(bench, "cabinet/a").map((text) => JSON.parse(text).ready)).toEqual([5, 4, 3]);
  });

  test("comes back whole after the broker lost everything", () => {
    const bench = createBench();
    for (let number = 1; number <= 40; number++) bench.state.offer("bay", `bay/${number}`, bay);
    bench.pass(1_000);
    bench.broker.takeDown();
    bench.broker.forget();
    bench.state.offer("bay", "bay/7", { ...bay, door: "open" });
    bench.pass(60_000);
    bench.broker.bringUp();
    bench.pass(10_000);
    expect(bench.broker.retainedTopics().filter((topic) => topic.startsWith("bay/"))).toHaveLength(40);
    expect(JSON.parse(bench.broker.retained("bay/7") ?? "")).toMatchObject({ door: "open" });
    expect(bench.mostUnderWay).toBeLessThanOrEqual(20);
  });

  test("is sent again on a snapshot, but a storm of snapshots costs as much as two", () => {
    const bench = createBench();
    for (let number = 1; number <= 10; number++) bench.state.offer("bay", `bay/${number}`, bay);
    bench.pass(60_000);
    bench.seen.length = 0;
    for (let ask = 0; ask < 50; ask++) {
      bench.state.snapshot();
      bench.pass(100);
    }
    bench.pass(60_000);
    expect(bench.seen).toHaveLength(20);
  });

  test("is sent again on a snapshot even while it is under way, because the asker may have come too late for that one", () => {
    const bench = createBench();
    bench.state.offer("bay", "bay/3", bay);
    bench.pass(60_000);
    bench.state.offer("bay", "bay/3", { ...bay, door: "open" });
    bench.pass(810);
    bench.state.snapshot();
    bench.pass(1_000);
    expect(sentTo(bench, "bay/3")).toHaveLength(3);
  });

  test("is emptied when a fault clears, even when that happens without a connection", () => {
    const bench = createBench();
    bench.state.offer("fault", "fault/smoke/a", fault);
    bench.pass(1_000);
    bench.broker.takeDown();
    bench.state.clear("fault/smoke/a");
    bench.pass(10_000);
    expect(bench.broker.retained("fault/smoke/a")).toBeDefined();
    bench.broker.bringUp();
    bench.pass(10_000);
    expect(bench.broker.retained("fault/smoke/a")).toBeUndefined();
    expect(bench.state.stats().topics).toBe(0);
  });

  test("a fault that came and went while there was no broker leaves nothing behind, however many there were", () => {
    const bench = createBench();
    bench.state.offer("fault", "fault/smoke/a", fault);
    bench.pass(1_000);
    bench.broker.takeDown();
    for (let swap = 0; swap < 5_000; swap++) {
      bench.state.offer("fault", `fault/swap-owed/s-${swap}`, fault);
      bench.state.clear(`fault/swap-owed/s-${swap}`);
      bench.pass(100);
    }
    bench.state.clear("fault/smoke/a");
    expect(bench.state.stats().topics).toBe(1);
    bench.broker.bringUp();
    bench.pass(10_000);
    expect(bench.broker.retainedTopics().filter((topic) => topic.startsWith("fault/"))).toEqual([]);
    expect(bench.seen.some(([topic]) => topic.includes("swap-owed"))).toBe(false);
  });

  test("a fault raised again before the emptying was acknowledged stands", () => {
    const bench = createBench();
    bench.state.offer("fault", "fault/smoke/a", fault);
    bench.pass(1_000);
    bench.state.clear("fault/smoke/a");
    bench.pass(25);
    bench.state.offer("fault", "fault/smoke/a", fault);
    bench.pass(5_000);
    expect(bench.broker.retained("fault/smoke/a")).toBe(JSON.stringify(fault));
  });

  test("a fault that only the broker still shows is emptied, unless the station raises it again", () => {
    const bench = createBench();
    bench.pass(1_000);
    for (const topic of ["fault/smoke/a", "fault/smoke/b"]) {
      bench.broker.inject(topic, '{"severity":"danger"}', { retained: true });
      bench.state.found(topic);
    }
    bench.pass(10_000);
    bench.state.offer("fault", "fault/smoke/b", fault);
    bench.pass(60_000);
    expect(bench.broker.retained("fault/smoke/a")).toBeUndefined();
    expect(bench.broker.retained("fault/smoke/b")).toBe(JSON.stringify(fault));
  });

  test("a fault that only the broker still shows is emptied on a connection that never lasts a minute", () => {
    const bench = createBench();
    bench.broker.inject("fault/smoke/a", '{"severity":"danger"}', { retained: true });
    for (let times = 0; times < 5; times++) {
      bench.pass(15_000);
      bench.state.found("fault/smoke/a");
      if (times < 3) expect(bench.broker.retained("fault/smoke/a")).toBeDefined();
      bench.pass(5_000);
      bench.broker.takeDown();
      bench.broker.bringUp();
    }
    expect(bench.broker.retained("fault/smoke/a")).toBeUndefined();
  });

  const topics = ["bay/1", "bay/2", "bay/3"] as const;
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant("offer" as const),
        topic: fc.constantFrom(...topics),
        soc: fc.integer({ min: 0, max: 100 }),
        open: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom("cut" as const, "drop" as const, "snapshot" as const, "forget" as const),
      }),
    },
  );

  test("whatever happens on the way, the broker ends up with what is true, one message a topic at a time", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = createBench();
        const now = new Map<string, BayPayload>();
        for (const one of steps) {
          if (one.do === "offer") {
            const value: BayPayload = {
              ...bay,
              door: one.open ? "open" : "shut",
              pack: bay.pack && { ...bay.pack, socPct: one.soc },
            };
            now.set(one.topic, value);
            bench.state.offer("bay", one.topic, value);
          } else if (one.do === "pass") bench.pass(one.ms);
          else if (one.do === "snapshot") bench.state.snapshot();
          else if (one.do === "drop") bench.broker.dropAcks(2);
          else if (one.do === "cut") bench.broker.cut();
          else {
            bench.broker.takeDown();
            bench.broker.forget();
            bench.broker.bringUp();
          }
        }
        bench.pass(3_700_000);
        for (const [topic, value] of now) expect(JSON.parse(bench.broker.retained(topic) ?? "null")).toEqual(value);
        expect(bench.mostOnOneTopic).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  }, 30_000);
});
