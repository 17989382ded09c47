/** What a line can do to the bus: the numbered faults of the fault catalogue that are visible on a serial line. */
import { describe, expect, test } from "vitest";
import type { BusHealth } from "../../../hal/buses/bus.ts";
import { answerOf, ask, lineTalk, reply } from "../../support/line-talk.ts";

/** A device that answers after a while. */
function answering(talk: ReturnType<typeof lineTalk>, afterMs = 10) {
  talk.wire.answer = (request) => talk.wire.say(reply(request[1] ?? 0, 7), afterMs);
}

describe("a reply is used only for the single outstanding question", () => {
  test("a whole reply answers, with the time it came", () => {
    const talk = lineTalk();
    answering(talk);
    const first = talk.asks(1);
    talk.pass(1_000);
    expect(first).toEqual({ outcome: { is: "answered", value: 7, atMs: 3 * (10 / 9.6) + 10 }, settled: 1 });
  });

  test("B1: a flipped bit is refused, the question ends bad, and the line is opened anew before the next", () => {
    const talk = lineTalk();
    talk.wire.answer = () => talk.wire.say("52 01 06 5a", 10);
    const first = talk.asks(1);
    talk.pass(200);
    expect(first.outcome).toEqual({ is: "bad", why: "checksum" });
    answering(talk);
    const second = talk.asks(1);
    talk.pass(200);
    expect(second.outcome?.is).toBe("answered");
    expect(talk.wire.opens).toHaveLength(2);
    expect(talk.bus.stats()).toMatchObject({ bad: 1, answered: 1, reopened: 1 });
  });

  test("B2: a reply cut short ends bad, and its rest does not answer the next question", () => {
    const talk = lineTalk();
    talk.wire.answer = () => {
      talk.wire.say("52 01", 10);
      talk.wire.say("07 5a", 130);
    };
    const first = talk.asks(1);
    talk.pass(104);
    expect(first.outcome).toEqual({ is: "bad", why: "cut short" });
    talk.wire.answer = () => {};
    const second = talk.asks(1);
    talk.pass(300);
    expect(second.outcome?.is).toBe("bad");
  });

  test.each([
    ["broke off is asked again at its own period, as often as it takes", "52 01", 300, [[7, 300]]],
    ["was another's is asked again when a straggler can no longer come", "52 03 07 5c", 300, [[7, 500]]],
  ])("B2: a poll whose answer %s", (_story, said, untilMs, answers) => {
    const talk = lineTalk();
    talk.wire.answer = () => talk.wire.say(talk.clock.nowMs < untilMs ? said : reply(1, 7), 10);
    const heard: number[][] = [];
    talk.bus.poll<number>({
      name: "smoke",
      periodMs: 100,
      deadlineMs: 80,
      request: ask(1),
      expects: answerOf(1),
      done: (outcome) => {
        if (outcome.is === "answered" && heard.length === 0)
          heard.push([outcome.value, 100 * Math.floor(outcome.atMs / 100)]);
      },
    });
    talk.pass(2_000);
    expect(heard).toEqual(answers);
  });

  test("B2: what broke off on a line that echoes may have been the question, and the answer is waited for", () => {
    const talk = lineTalk({ echo: true });
    const asked: number[] = [];
    talk.wire.answer = () => {
      asked.push(talk.clock.nowMs);
      talk.wire.say("51 01", 10);
    };
    talk.bus.poll<number>({
      name: "smoke",
      periodMs: 100,
      deadlineMs: 80,
      request: ask(1),
      expects: answerOf(1),
      done: () => undefined,
    });
    talk.pass(500);
    expect(asked).toHaveLength(1);
  });

  test("B3: garbage before a reply is skipped and counted", () => {
    const talk = lineTalk();
    talk.wire.answer = () => talk.wire.say("00 ff 13 52 01 07 5a", 10);
    const first = talk.asks(1);
    talk.pass(200);
    expect(first.outcome).toMatchObject({ is: "answered", value: 7 });
    expect(talk.bus.stats()).toMatchObject({ unsolicitedBytes: 3, bad: 0 });
  });

  test("B4: of two merged frames the first answers, the rest answers nobody", () => {
    const talk = lineTalk();
    talk.wire.answer = (request) => {
      if (request[1] === 1) talk.wire.say("52 01 07 5a 52 02 08 5c", 10);
    };
    const first = talk.asks(1);
    const second = talk.asks(2);
    talk.pass(300);
    expect(first.outcome).toMatchObject({ is: "answered", value: 7 });
    expect(second.outcome?.is).toBe("silent");
    expect(talk.bus.stats().unsolicitedBytes).toBe(4);
  });

  test("B5: an answer that straggles in after silence does not answer the same question asked again", () => {
    const talk = lineTalk();
    talk.wire.answer = () => talk.wire.say(reply(1, 1), 150);
    const first = talk.asks(1, { kin: "1" });
    talk.pass(110);
    expect(first.outcome).toEqual({ is: "silent" });
    talk.wire.answer = () => talk.wire.say(reply(1, 2), 80);
    const second = talk.asks(1, { kin: "1" });
    talk.pass(1_000);
    expect(second.outcome).toMatchObject({ is: "answered", value: 2 });
    expect(talk.bus.stats()).toMatchObject({ late: 1, unsolicitedBytes: 4 });
  });

  test("B5: while one device's straggler is awaited, another is asked at once, and the straggler is not its answer", () => {
    const talk = lineTalk();
    talk.wire.answer = (request) => {
      if (request[1] === 1) talk.wire.say(reply(1, 1), 120);
      else talk.wire.say(reply(2, 9), 40);
    };
    const first = talk.asks(1, { kin: "1" });
    const second = talk.asks(2, { kin: "2" });
    talk.pass(400);
    expect(first.outcome).toEqual({ is: "silent" });
    expect(second.outcome).toMatchObject({ is: "answered", value: 9 });
    expect(talk.wire.written[1]?.atMs).toBeLessThan(110);
    expect(talk.bus.stats()).toMatchObject({ late: 1 });
  });

  test("B5: a poll that missed waits out its own straggler even when it is wanted now", () => {
    const talk = lineTalk();
    talk.wire.answer = () => talk.wire.say(reply(1, 1), 600);
    const values: number[] = [];
    const handle = talk.bus.poll<number>({
      name: "slow",
      periodMs: 1_000,
      deadlineMs: 200,
      stragglerMs: 500,
      request: ask(1),
      expects: answerOf(1),
      done: (outcome) => {
        if (outcome.is === "answered") values.push(outcome.value);
        else handle.now();
      },
    });
    talk.pass(10_000);
    expect(values).toEqual([]);
    expect(talk.bus.stats().late).toBeGreaterThan(3);
  });

  test("B6: replies from a wrong address are refused and counted, and the third is reported, once a minute", () => {
    const talk = lineTalk();
    const health: BusHealth[] = [];
    talk.bus.watch((event) => health.push(event));
    talk.wire.answer = () => talk.wire.say(reply(3, 7), 10);
    const outcomes = [talk.asks(1), talk.asks(1), talk.asks(1), talk.asks(1), talk.asks(1), talk.asks(1)];
    talk.pass(2_000);
    expect(outcomes.map((seen) => seen.outcome)).toEqual(outcomes.map(() => ({ is: "bad", why: "another device" })));
    expect(health.filter((event) => event.is === "strange")).toEqual([{ is: "strange", why: "another device" }]);
    expect(talk.bus.stats().bad).toBe(6);
  });

  test("B8: on a stuck line every question ends silent in its own time, and the line is opened anew now and then", () => {
    const talk = lineTalk();
    let misses = 0;
    talk.bus.poll<number>({
      name: "dead",
      periodMs: 500,
      slowestMs: 5_000,
      deadlineMs: 100,
      request: ask(1),
      expects: answerOf(1),
      done: () => misses++,
    });
    talk.pass(60_000);
    expect(misses).toBeGreaterThan(12);
    expect(misses).toBeLessThan(20);
    expect(talk.bus.stats().reopened).toBeGreaterThanOrEqual(2);
    expect(talk.bus.stats().reopened).toBeLessThan(4);
  });

  test("B10: a device that answers after 600 ms costs the line its deadline, no more, and is never believed", () => {
    const talk = lineTalk();
    talk.wire.answer = (request) => talk.wire.say(reply(request[1] ?? 0, 1), request[1] === 1 ? 600 : 10);
    const slow = talk.asks(1, { kin: "1", deadlineMs: 200 });
    const quick = talk.asks(2);
    talk.pass(240);
    expect(slow.outcome).toEqual({ is: "silent" });
    expect(quick.outcome?.is).toBe("answered");
  });

  test("B13: an adapter that is unplugged is retried at 1, 2, 4, 8, 10, 10 s under its own path, and nothing is written meanwhile", () => {
    const talk = lineTalk();
    const health: BusHealth[] = [];
    talk.bus.watch((event) => health.push(event));
    answering(talk);
    talk.asks(1);
    talk.pass(500);
    const goneMs = talk.clock.nowMs;
    talk.wire.opening = { fails: "no such file" };
    const cut = talk.asks(1);
    talk.wire.unplug("disconnected");
    expect(cut.outcome).toEqual({ is: "closed", why: "disconnected" });
    const meanwhile = talk.asks(1);
    expect(meanwhile.settled).toBe(0);
    talk.pass(35_500);
    expect(meanwhile).toEqual({ outcome: { is: "closed", why: "line not open" }, settled: 1 });
    expect(talk.wire.opens).toHaveLength(1 + 6);
    talk.wire.opening = { afterMs: 5 };
    talk.pass(10_000);
    expect(health.at(-1)).toEqual({ is: "open" });
    expect(new Set(talk.wire.opens)).toEqual(new Set(["/dev/line"]));
    expect(talk.wire.written.filter((written) => written.atMs > goneMs)).toEqual([]);
    const back = talk.asks(1);
    talk.pass(100);
    expect(back.outcome?.is).toBe("answered");
  });

  test("B15: a device that babbles gets the line isolated with growing pauses; what waits is told so at once", () => {
    const talk = lineTalk();
    const health: string[] = [];
    talk.bus.watch((event) => health.push(event.is));
    let babbling = true;
    const chatter = () => {
      if (!babbling) return;
      talk.wire.say(new Uint8Array(96).fill(0xaa));
      talk.clock.after(100, chatter);
    };
    talk.clock.after(10, chatter);
    talk.pass(5_000);
    expect(health.slice(0, 4)).toEqual(["open", "babbling", "open", "babbling"]);
    expect(talk.bus.stats().babbled).toBeLessThanOrEqual(3);
    const waiting = talk.asks(1);
    talk.pass(2_000);
    expect(waiting.settled).toBe(1);
    babbling = false;
    answering(talk);
    talk.pass(15_000);
    const after = talk.asks(1);
    talk.pass(200);
    expect(after.outcome?.is).toBe("answered");
  });

  test("B15: a slow trickle that leaves no quiet time is babble too", () => {
    const talk = lineTalk();
    const trickle = () => {
      talk.wire.say(Uint8Array.of(0));
      talk.clock.after(3, trickle);
    };
    talk.clock.after(1, trickle);
    talk.pass(10);
    const waiting = talk.asks(1);
    talk.pass(300);
    expect(waiting.outcome).toEqual({ is: "closed", why: "no quiet time" });
  });

  test("B15: a flood in one chunk is looked at up to 1 kB only, and ends the exchange", () => {
    const talk = lineTalk();
    talk.wire.answer = () => talk.wire.say(new Uint8Array(1_000_000), 1);
    const first = talk.asks(1, { expects: () => ({ is: "short" }) });
    talk.pass(50);
    expect(first.outcome).toEqual({ is: "closed", why: "bytes without end" });
  });

  test("what a wire says after it was closed is not heard", () => {
    const talk = lineTalk();
    talk.wire.answer = () => talk.wire.say("52 01 06 5a", 10);
    talk.asks(1);
    talk.pass(200);
    const [old] = talk.wire.events;
    talk.wire.answer = () => old?.bytes(reply(1, 3));
    const second = talk.asks(1);
    talk.pass(200);
    expect(talk.wire.opens).toHaveLength(2);
    expect(second.outcome).toEqual({ is: "silent" });
    old?.closed("late news");
    expect(talk.bus.stats().lost).toBe(0);
  });

  test("bytes that come while nothing is asked are dropped and counted, and answer nothing later", () => {
    const talk = lineTalk();
    talk.pass(10);
    talk.wire.say(reply(1, 1));
    talk.pass(1);
    const first = talk.asks(1);
    talk.pass(200);
    expect(first.outcome).toEqual({ is: "silent" });
    expect(talk.bus.stats().unsolicitedBytes).toBe(4);
  });
});

describe("the loop of the process itself may be late", () => {
  test("an answer that lay unread while the process was held up is still the answer", () => {
    const talk = lineTalk();
    // The clock jumps over the deadline; the bytes are delivered behind the timers, as a real loop does it.
    talk.wire.answer = () => {};
    const first = talk.asks(1);
    talk.pass(5);
    const held = talk.clock.monotonicMs;
    let lateMs = 0;
    talk.clock.monotonicMs = () => held.call(talk.clock) + lateMs;
    talk.clock.after(90, () => {
      lateMs = 400;
    });
    talk.pass(100);
    expect(first.settled).toBe(0);
    talk.wire.say(reply(1, 4), 2);
    talk.pass(50);
    expect(first.outcome).toMatchObject({ is: "answered", value: 4 });
  });
});
