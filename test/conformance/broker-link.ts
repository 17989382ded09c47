/** What every broker link must do, whatever carries it. One suite, run on the real client against real brokers and on the simulated one. */
import { describe, expect, onTestFinished, test } from "vitest";
import { createOutbox } from "../../firmware/mqtt/outbox.ts";
import type { OutboxSource } from "../../firmware/mqtt/outbox-source.ts";
import type { BrokerLink, BrokerLinkOptions, BrokerMessage, OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";

export interface BrokerLinkBench {
  readonly open: OpenBrokerLink;
  readonly clock: Clock;
  /** An independent client that sees everything under `t/`, as it arrives. */
  readonly seen: readonly BrokerMessage[];
  inject(topic: string, payload: string, retained: boolean): void;
  /** What the broker keeps under `t/`, asked by somebody new. */
  retained(): Promise<ReadonlyMap<string, string>>;
  /** Breaks the line of the link under test. It may come back at once. */
  cut(): void;
  /** Takes the line away, or gives it back. */
  reachable(reachable: boolean): void;
  /** Runs the world until the condition holds. */
  until(condition: () => boolean, what: string): Promise<void>;
  close(): Promise<void>;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const will = { topic: "t/availability", payload: "offline" };
const quietly = { qos: 1, retain: false } as const;

interface Station {
  readonly bench: BrokerLinkBench;
  readonly link: BrokerLink;
  /** What the link told, in order. */
  readonly told: string[];
  readonly messages: BrokerMessage[];
  publish(topic: string, payload: string, retain?: boolean): Promise<string | undefined>;
  connected(times?: number): Promise<void>;
}

export function brokerLinkConformance(name: string, make: () => Promise<BrokerLinkBench>): void {
  describe(`${name} keeps the contract of the broker-link port`, () => {
    async function start(
      options: Partial<BrokerLinkOptions> & { readonly onConnect?: (link: BrokerLink) => void } = {},
    ): Promise<Station> {
      const bench = await make();
      const told: string[] = [];
      const messages: BrokerMessage[] = [];
      let opened = false;
      const link = bench.open(
        { clientId: options.clientId ?? "station", will },
        {
          connected() {
            expect(opened, "connected from inside open").toBe(true);
            told.push("connected");
            options.onConnect?.(link);
          },
          disconnected: (why) => told.push(`disconnected ${why === "" ? "without a reason" : "with a reason"}`),
          message: (message) => messages.push(message),
        },
      );
      opened = true;
      onTestFinished(async () => {
        link.close(() => {});
        await bench.close();
      });
      const count = (what: string): number => told.filter((one) => one.startsWith(what)).length;
      return {
        bench,
        link,
        told,
        messages,
        connected: (times = 1) => bench.until(() => count("connected") >= times, `connection ${times}`),
        async publish(topic, payload, retain = false) {
          const answers: (string | undefined)[] = [];
          link.publish(topic, payload, { qos: 1, retain }, (failure) => answers.push(failure));
          await bench.until(() => answers.length > 0, `an answer for ${topic}`);
          return answers[0];
        },
      };
    }

    test("a publish before the connection fails at once, and is never sent later", async () => {
      const { bench, link, publish, connected } = await start();
      const answers: (string | undefined)[] = [];
      link.publish("t/early", "1", quietly, (failure) => answers.push(failure));
      expect(answers).toHaveLength(1);
      expect(answers[0]).toBeTypeOf("string");
      await connected();
      expect(await publish("t/late", "2")).toBeUndefined();
      await bench.until(() => bench.seen.length > 0, "the late one");
      expect(bench.seen.map(({ topic }) => topic)).toEqual(["t/late"]);
    });

    test("an acknowledged publish has reached the broker, in order, with its words unchanged", async () => {
      const { bench, publish, connected } = await start();
      await connected();
      for (const payload of ["one", "驿站 ✓", ""]) expect(await publish("t/a", payload)).toBeUndefined();
      await bench.until(() => bench.seen.length >= 3, "three messages");
      expect(bench.seen.map(({ payload }) => text(payload))).toEqual(["one", "驿站 ✓", ""]);
    });

    test("QoS 0 is delivered too, and settles", async () => {
      const { bench, link, connected } = await start();
      await connected();
      let settled = 0;
      link.publish("t/zero", "0", { qos: 0, retain: false }, (failure) => {
        expect(failure).toBeUndefined();
        settled++;
      });
      await bench.until(() => settled === 1 && bench.seen.length === 1, "the message");
    });

    test("what is retained is kept, and an empty payload empties it", async () => {
      const { bench, publish, connected } = await start();
      await connected();
      await publish("t/kept", "x", true);
      await publish("t/gone", "y", true);
      await publish("t/gone", "", true);
      await publish("t/passing", "z");
      expect([...(await bench.retained())]).toEqual([["t/kept", "x"]]);
    });

    test("a subscription brings what the broker kept with the retained mark, and what comes later without it", async () => {
      const { bench, link, messages, connected } = await start();
      await connected();
      bench.inject("t/request/a", "kept", true);
      await bench.until(() => bench.seen.length === 1, "the broker to have it");
      link.subscribe("t/request/+");
      await bench.until(() => messages.length === 1, "the kept message");
      bench.inject("t/request/b", "live", true);
      bench.inject("t/other/c", "not asked for", false);
      bench.inject("t/request/d", "last", false);
      await bench.until(() => messages.length >= 3, "the live messages");
      expect(messages.map(({ topic, payload, retained }) => [topic, text(payload), retained])).toEqual([
        ["t/request/a", "kept", true],
        ["t/request/b", "live", false],
        ["t/request/d", "last", false],
      ]);
    });

    test("a cut settles everything under way exactly once, is told after that, and the link comes back by itself", async () => {
      const { bench, link, told, connected } = await start();
      await connected();
      const answers: number[] = [];
      for (let index = 0; index < 200; index++) {
        link.publish(`t/n-${index}`, "x".repeat(100), quietly, () => {
          answers[index] = (answers[index] ?? 0) + 1;
          expect(told.at(-1)).toBe("connected");
        });
      }
      bench.cut();
      await bench.until(() => told.length >= 2, "the disconnection");
      expect(answers).toEqual(Array.from({ length: 200 }, () => 1));
      expect(told[1]).toBe("disconnected with a reason");
      await connected(2);
      expect(told.slice(0, 3)).toEqual(["connected", "disconnected with a reason", "connected"]);
    });

    test("subscriptions are not remembered over a cut: who wants them makes them in every connected", async () => {
      const { bench, messages, connected } = await start({ onConnect: (link) => link.subscribe("t/request/+") });
      await connected();
      bench.cut();
      await connected(2);
      // The second subscription is known to be in place when a kept message has come through it.
      bench.inject("t/request/a", "1", true);
      await bench.until(() => messages.length >= 1, "the message");
      expect(messages).toHaveLength(1);
    });

    test("nothing published without a line ever arrives", async () => {
      const { bench, link, told, publish, connected } = await start();
      await connected();
      bench.reachable(false);
      await bench.until(() => told.length >= 2, "the disconnection");
      const answers: (string | undefined)[] = [];
      for (let index = 0; index < 10; index++)
        link.publish(`t/gap-${index}`, "x", quietly, (failure) => answers.push(failure));
      expect(answers.every((failure) => typeof failure === "string")).toBe(true);
      expect(answers).toHaveLength(10);
      bench.reachable(true);
      await connected(2);
      expect(await publish("t/after", "y")).toBeUndefined();
      await bench.until(() => bench.seen.some(({ topic }) => topic === "t/after"), "the message after the gap");
      expect(bench.seen.map(({ topic }) => topic).filter((topic) => topic !== will.topic)).toEqual(["t/after"]);
    });

    test("the broker speaks the last will, retained, when the line breaks", async () => {
      const { bench, publish, connected } = await start();
      await connected();
      await publish("t/availability", "online", true);
      bench.reachable(false);
      await bench.until(() => bench.seen.some(({ payload }) => text(payload) === "offline"), "the last will");
      expect((await bench.retained()).get("t/availability")).toBe("offline");
    });

    test("a goodbye is no break: there is no last will, nothing more is told, and it settles once", async () => {
      const { bench, link, told, publish, connected } = await start();
      await connected();
      await publish("t/availability", "online", true);
      const unanswered: (string | undefined)[] = [];
      link.publish("t/last", "x", quietly, (failure) => unanswered.push(failure));
      let closed = 0;
      link.close(() => closed++);
      await bench.until(() => closed === 1, "the goodbye");
      expect(unanswered).toHaveLength(1);
      link.publish("t/after", "x", quietly, (failure) => expect(failure).toBeTypeOf("string"));
      expect((await bench.retained()).get("t/availability")).toBe("online");
      expect(bench.seen.some(({ payload }) => text(payload) === "offline")).toBe(false);
      expect(told).toEqual(["connected"]);
      expect(closed).toBe(1);
    });

    test("a goodbye without a connection settles too", async () => {
      const { bench, link, told } = await start();
      bench.reachable(false);
      let closed = 0;
      link.close(() => closed++);
      await bench.until(() => closed === 1, "the goodbye");
      expect(told).toEqual([]);
    });

    test("an outbox on it loses nothing through a storm of cuts", async () => {
      const total = 1_500;
      const payloads = Array.from({ length: total }, (_, index) => `${index + 1}`);
      const source: OutboxSource = {
        read(after, limit, done) {
          const messages = payloads
            .slice(after, after + limit)
            .map((payload) => ({ n: Number(payload), topic: "t/event", payload }));
          done({ messages, lastN: messages.at(-1)?.n ?? after, complete: messages.length < limit });
        },
        readUrgent: (after, _limit, done) => done({ messages: [], lastN: after, complete: true }),
        urgentAtStart: () => [],
        acknowledged: () => {},
      };
      const bench = await make();
      const outbox = createOutbox({
        source,
        link: { publish: (topic, payload, how, done) => link.publish(topic, payload, how, done) },
        clock: bench.clock,
        cursor: 0,
        newest: total,
      });
      const link = bench.open(
        { clientId: "station", will },
        { connected: () => outbox.connected(), disconnected: () => outbox.disconnected(), message: () => {} },
      );
      onTestFinished(async () => {
        link.close(() => {});
        await bench.close();
      });
      for (let cut = 1; cut <= 10; cut++) {
        await bench.until(() => outbox.stats().published >= (cut * total) / 12, `${cut}/12 of the messages`);
        bench.cut();
      }
      await bench.until(() => outbox.stats().queued === 0, "the outbox to be empty");
      await bench.until(
        () => new Set(bench.seen.map(({ payload }) => text(payload))).size > total,
        "every message and the last will",
      );
      const numbers = bench.seen.filter(({ topic }) => topic === "t/event").map(({ payload }) => Number(text(payload)));
      expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(payloads.map(Number));
    }, 60_000);
  });
}
