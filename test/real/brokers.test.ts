/**
 * One station, three brokers: the same promises on each of them, whatever it leaves out. The session, the outbox and the link are the
 * real ones; the line between them and the broker can be cut. `YIZHAN_BROKERS` names the brokers to try, separated by commas.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventPayload } from "../../services/contract/event-payloads.ts";
import { examples } from "../../services/contract/examples.ts";
import type { FaultPayload } from "../../services/contract/state-payloads.ts";
import { bay, keeps, Operator, PATIENCE_MS, type Seen, type Station, startStation } from "../support/broker-people.ts";
import { type BrokerKind, brokerKinds, type RunningBroker } from "../support/brokers.ts";
import { until } from "../support/until.ts";

// RabbitMQ takes longer to install and to start than the whole suite on it: it has its turn at night.
const wanted = (process.env.YIZHAN_BROKERS ?? "mosquitto,nats").toLowerCase().split(",");
const request = (id: string) => ({ id, expiresAt: Date.now() + 60_000, bay: 3, lockOut: "operator", reason: "worn" });
const topicsOf = (seen: readonly Seen[]): Set<string> => new Set(seen.map(({ topic }) => topic));

/** Every event once, in the order of each stream, after repeats are dropped and the rest is sorted. */
function expectAllDelivered(station: Station, consumer: Operator): void {
  const byId = new Map<string, EventPayload>();
  for (const { text } of consumer.seen) {
    const event = JSON.parse(text) as EventPayload;
    byId.set(event.id, event);
  }
  for (const stream of ["swap", "fault"]) {
    const seqs = [...byId.values()].filter((event) => event.stream === stream).map(({ seq }) => seq);
    const written = station.log.entries.filter(({ publish }) => publish?.stream === stream).length;
    expect(seqs.sort((one, other) => one - other)).toEqual(Array.from({ length: written }, (_, index) => index + 1));
  }
}

const uniqueIds = (seen: readonly Seen[]): number => new Set(seen.map(({ text }) => JSON.parse(text).id)).size;

function suite(kind: BrokerKind): void {
  describe(`a station on ${kind.name}`, () => {
    let broker: RunningBroker;
    beforeAll(async () => {
      broker = await kind.start();
    }, 180_000);
    afterAll(() => broker?.stop());

    const availability = async (station: Station, word: string): Promise<void> => {
      const kept = await Operator.reads(broker, `${station.root}availability`, (seen) => seen.at(-1)?.text === word);
      expect(kept[0]?.retained, "kept for whoever comes later").toBe(true);
    };

    test("is born online, dies by its last will, comes back, and leaves with a word", async () => {
      const station = await startStation(broker);
      await until(() => station.session.stats().state.published >= 2, { what: "its birth" });
      await availability(station, "online");
      const watcher = await Operator.at(broker);
      await watcher.client.subscribeAsync(`${station.root}availability`, { qos: 1 });
      station.line.cut();
      await watcher.sees((seen) => seen.some(({ text }) => text === "offline"), "the last will");
      await station.connected(2);
      await watcher.sees((seen) => seen.at(-1)?.text === "online", "its return");
      await station.leave();
      await availability(station, "offline");
    });

    test("keeps its state for whoever comes later: on every topic at once, and whole after a snapshot", async () => {
      const station = await startStation(broker);
      const { session, root } = station;
      for (let number = 1; number <= 12; number++) session.offer("bay", `${root}bay/${number}`, bay);
      session.offer("fault", `${root}fault/smoke/a`, examples.fault[0] as FaultPayload);
      const all = 12 + 3;
      await until(() => session.stats().state.published >= all, {
        timeoutMs: PATIENCE_MS,
        what: "the state to be published",
      });
      const exact = await Operator.reads(broker, `${root}bay/7`, (seen) => seen.length > 0);
      expect(exact[0]).toMatchObject({ retained: true, text: JSON.stringify(bay) });

      const late = await Operator.at(broker);
      await late.client.subscribeAsync(`${root}#`, { qos: 1 });
      const state = (seen: readonly Seen[]): string[] =>
        [...topicsOf(seen)].filter((topic) => !/\/(request|response)\//.test(topic));
      if (kind.wildcardBringsRetained) await late.sees((seen) => state(seen).length === all, "everything that is kept");
      const before = state(late.seen).length;
      expect(before).toBe(kind.wildcardBringsRetained ? all : 0);
      late.seen.length = 0;
      const { id, expiresAt } = request("look");
      await late.ask(station, "snapshot", { id, expiresAt });
      await late.sees((seen) => state(seen).length === all, "everything, after asking");
    });

    test("answers a request, acts on it once however often it comes, and refuses a retained one", async () => {
      const station = await startStation(broker);
      const desk = await Operator.at(broker);
      await desk.client.subscribeAsync(`${station.root}response/+`, { qos: 1 });
      for (let time = 0; time < 3; time++) await desk.ask(station, "lock-out", request("a"));
      await desk.sees((seen) => seen.length >= 3, "three answers");
      expect(new Set(desk.seen.map(({ text }) => text))).toEqual(new Set(['{"id":"a","status":"ok"}']));
      expect(station.done).toEqual(["a"]);

      // Whether the broker brings it at the next connection or keeps it to itself: nothing may happen.
      station.line.refuse(true);
      station.line.cut();
      await until(() => !station.session.stats().connected, { what: "the line to be gone" });
      await desk.ask(station, "lock-out", request("kept"), true);
      // A node of a cluster learns of it from the one that was told: the station must not come back to one that knows nothing.
      const where = { operatorPort: () => broker.stationPort() };
      const isKept = ([first]: readonly Seen[]): boolean => first?.retained === true;
      await until(() => keeps(where, `${station.root}request/lock-out`, isKept), {
        timeoutMs: PATIENCE_MS,
        what: "it to be kept",
      });
      station.line.refuse(false);
      await station.connected(2);
      // Asked again only now and then: a station that is flooded drops requests unread.
      let looks = 0;
      const answered = async (): Promise<boolean> => {
        if (looks++ % 100 === 0) await desk.ask(station, "lock-out", request("b"));
        return station.done.includes("b");
      };
      await until(answered, { timeoutMs: PATIENCE_MS, what: "a request after the retained one" });
      expect(station.done).toEqual(["a", "b"]);
      const refused = (): number => station.session.stats().requests.refused.retained ?? 0;
      // Some bring it only after what came live.
      const told = { timeoutMs: PATIENCE_MS, what: "the refusal of the retained one" };
      if (kind.wildcardBringsRetained) await until(() => refused() > 0, told);
      expect(station.done).toEqual(["a", "b"]);
      expect(refused()).toBe(kind.wildcardBringsRetained ? 1 : 0);
    });

    test("loses no event through cuts, and repeats them with the same id", async () => {
      const station = await startStation(broker);
      const consumer = await Operator.at(broker, `consumer-${station.id}`);
      await consumer.client.subscribeAsync(`${station.root}event/+`, { qos: 1 });
      const total = 600;
      for (let part = 1; part <= 6; part++) {
        station.write(total / 6);
        await until(() => station.session.stats().outbox.published >= (part - 0.5) * (total / 6), {
          timeoutMs: PATIENCE_MS,
          what: `part ${part} of the events`,
        });
        if (part % 2 === 0) station.line.cut();
        else station.line.tear(0.5);
      }
      await consumer.sees((seen) => uniqueIds(seen) === total, "every event");
      expectAllDelivered(station, consumer);
    });

    test("N4: after a restart of the broker it is asked, seen and delivers as before", async () => {
      const station = await startStation(broker);
      const { session, root } = station;
      session.offer("bay", `${root}bay/7`, bay);
      const consumer = await Operator.at(broker, `consumer-${station.id}`);
      await consumer.client.subscribeAsync(`${root}event/+`, { qos: 1 });
      station.write(100);
      await broker.restart();
      station.write(100);
      await station.connected(2);
      await consumer.sees((seen) => uniqueIds(seen) === 200, "every event");
      expectAllDelivered(station, consumer);
      await availability(station, "online");
      await Operator.reads(broker, `${root}bay/7`, (seen) => seen.some(({ text }) => text === JSON.stringify(bay)));
      const desk = await Operator.at(broker);
      await desk.client.subscribeAsync(`${root}response/+`, { qos: 1 });
      await desk.ask(station, "lock-out", request("after"));
      await desk.sees((seen) => seen.length > 0, "the answer");
      expect(station.done).toEqual(["after"]);
    });

    if (kind.survivesNodes !== true) return;
    test("loses no event when the node it is connected to dies under load", async () => {
      const station = await startStation(broker);
      const consumer = await Operator.at(broker, `consumer-${station.id}`);
      await consumer.client.subscribeAsync(`${station.root}event/+`, { qos: 1 });
      const total = 2_000;
      station.write(total);
      await until(() => station.session.stats().outbox.published >= 200, {
        timeoutMs: PATIENCE_MS,
        what: "some events",
      });
      await broker.killNode?.();
      expect(station.session.stats().outbox.queued).toBeGreaterThan(0);
      await station.connected(2);
      await consumer.sees((seen) => uniqueIds(seen) === total, "every event");
      expectAllDelivered(station, consumer);
      const { outbox } = station.session.stats();
      process.stderr.write(
        `  node killed: ${total} events, ${consumer.seen.length - total} repeats, ${outbox.failed} failed attempts\n`,
      );
    });
  });
}

for (const kind of brokerKinds) {
  const chosen = wanted.some((name) => kind.name.toLowerCase().includes(name));
  if (!chosen) test(`${kind.name} is tried with YIZHAN_BROKERS=${kind.name.toLowerCase()}`, () => {});
  else if (kind.missing === undefined) suite(kind);
  else test(`${kind.name} is not tested here: install ${kind.missing} (apt-get install ${kind.missing})`, () => {});
}
