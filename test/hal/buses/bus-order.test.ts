/** Who may speak when: quiet time, lanes, polls, back-off, bounded queues. */
import { describe, expect, test } from "vitest";
import type { PollHandle } from "../../../hal/buses/bus.ts";
import { byteMs, quietMs } from "../../../hal/buses/timing.ts";
import { answerOf, ask, type LineTalk, lineTalk, reply } from "../../support/line-talk.ts";

function answering(talk: LineTalk, afterMs = 10) {
  talk.wire.answer = (request) => talk.wire.say(reply(request[1] ?? 0, 7), afterMs);
}

function polls(talk: LineTalk, device: number, periodMs: number, seen: number[] = []): PollHandle {
  return talk.bus.poll<number>({
    name: `device ${device}`,
    periodMs,
    deadlineMs: 100,
    request: ask(device),
    expects: answerOf(device),
    done: () => seen.push(talk.clock.nowMs),
  });
}

describe("quiet time", () => {
  test.each([
    [9_600, 1 as const, 3.645833],
    [19_200, 1 as const, 1.822917],
    [19_200, 2 as const, 2.005208],
    [38_400, 1 as const, 1.75],
    [115_200, 1 as const, 1.75],
  ])("at %i baud and %i stop bits it is %f ms", (baud, stopBits, expected) => {
    expect(quietMs({ path: "", baud, stopBits })).toBeCloseTo(expected, 5);
  });

  test("the next request waits for it after the last byte heard", () => {
    const talk = lineTalk();
    answering(talk);
    talk.asks(1);
    talk.asks(2);
    talk.pass(100);
    const answeredMs = 3 * byteMs(talk.wire.line) + 10;
    expect(talk.wire.written[1]?.atMs).toBeCloseTo(answeredMs + quietMs(talk.wire.line), 3);
  });

  test("the wire time of the request is not taken from the device's deadline", () => {
    const talk = lineTalk({ baud: 1_200 });
    answering(talk, 99);
    const first = talk.asks(1);
    talk.pass(200);
    expect(first.outcome?.is).toBe("answered");
  });
});

describe("lanes", () => {
  test("an urgent question goes before everything that waits; its bound is one transaction", () => {
    const talk = lineTalk();
    answering(talk, 14);
    for (let device = 1; device <= 8; device++) {
      polls(talk, device, 50);
      talk.asks(device);
    }
    talk.pass(333);
    const pulse = talk.asks(99, { lane: "urgent" });
    const askedMs = talk.clock.nowMs;
    talk.pass(100);
    const sent = talk.wire.written.find((written) => written.hex.startsWith("51 63"));
    const oneTransactionMs = 3 * byteMs(talk.wire.line) + 14 + quietMs(talk.wire.line);
    expect(pulse.outcome?.is).toBe("answered");
    expect((sent?.atMs ?? 0) - askedMs).toBeLessThanOrEqual(oneTransactionMs);
    expect(talk.bus.stats().urgentWaitMsMax).toBeLessThanOrEqual(oneTransactionMs);
  });

  test("behind a silent device an urgent question waits for its deadline, not for its straggler", () => {
    const talk = lineTalk();
    talk.wire.answer = (request) => {
      if (request[1] === 99) talk.wire.say(reply(99, 1), 5);
    };
    talk.asks(1, { kin: "1", deadlineMs: 100 });
    talk.pass(1);
    talk.asks(99, { lane: "urgent" });
    talk.pass(130);
    expect(talk.wire.written[1]?.atMs).toBeLessThan(105);
  });

  test("acts go before polls, but an overdue poll is served after four of them", () => {
    const talk = lineTalk();
    answering(talk, 1);
    polls(talk, 50, 10_000);
    for (let device = 1; device <= 9; device++) talk.asks(device);
    talk.pass(500);
    const order = talk.wire.written.map((written) => Number.parseInt(written.hex.slice(3, 5), 16));
    expect(order).toEqual([1, 2, 3, 4, 50, 5, 6, 7, 8, 9]);
  });

  test("a full lane refuses the next question, and never within the call", () => {
    const talk = lineTalk();
    const all = Array.from({ length: 100 }, (_, at) => talk.asks(at, { lane: "urgent" }));
    expect(all.every((seen) => seen.settled === 0)).toBe(true);
    talk.pass(0);
    expect(all.filter((seen) => seen.outcome?.is === "dropped")).toHaveLength(4);
    talk.pass(60_000);
    expect(all.every((seen) => seen.settled === 1)).toBe(true);
  });

  test("a question that waited too long is dropped unsent, so no pulse comes as a surprise", () => {
    const talk = lineTalk();
    talk.wire.opening = { afterMs: 3_000 };
    const pulse = talk.asks(1, { lane: "urgent" });
    talk.pass(1_001);
    expect(pulse).toEqual({ outcome: { is: "dropped", why: "waited too long" }, settled: 1 });
    talk.pass(5_000);
    expect(talk.wire.written).toEqual([]);
  });

  test("a request may be made just before sending, or withdrawn", () => {
    const talk = lineTalk();
    answering(talk);
    let asked = 0;
    const withdrawn = talk.asks(1, { request: () => undefined });
    const made = talk.asks(2, {
      request: () => {
        asked++;
        return ask(2);
      },
    });
    talk.pass(100);
    expect(withdrawn.outcome).toEqual({ is: "dropped", why: "withdrawn" });
    expect(made.outcome?.is).toBe("answered");
    expect(asked).toBe(1);
  });
});

describe("polls", () => {
  test("each is asked at its own period, from start to start", () => {
    const talk = lineTalk();
    answering(talk);
    const fast: number[] = [];
    const slow: number[] = [];
    polls(talk, 1, 500, fast);
    polls(talk, 2, 2_000, slow);
    talk.pass(10_000);
    expect(fast).toHaveLength(20);
    expect(slow).toHaveLength(5);
  });

  test("an overloaded line serves all of them in turn", () => {
    const talk = lineTalk();
    answering(talk, 40);
    const seen = Array.from({ length: 10 }, (_, device) => {
      const times: number[] = [];
      polls(talk, device, 100, times);
      return times;
    });
    talk.pass(10_000);
    const counts = seen.map((times) => times.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(Math.min(...counts)).toBeGreaterThan(15);
  });

  test("a silent device is asked at doubling periods up to 30 s, and at its own again once it answers", () => {
    const talk = lineTalk();
    const seen: number[] = [];
    polls(talk, 1, 1_000, seen);
    talk.pass(300_000);
    const gaps = talk.wire.written.slice(1).map((written, at) => written.atMs - (talk.wire.written[at]?.atMs ?? 0));
    expect(gaps.slice(0, 8).map((gap) => Math.round(gap / 1_000))).toEqual([1, 1, 2, 4, 8, 16, 30, 30]);
    answering(talk);
    talk.pass(31_000);
    const before = talk.wire.written.length;
    talk.pass(10_000);
    expect(talk.wire.written.length - before).toBe(10);
  });

  test("now() comes before the back-off, a new period takes effect at once, stop() ends it", () => {
    const talk = lineTalk();
    const handle = polls(talk, 1, 20_000);
    talk.pass(95_000);
    const before = talk.wire.written.length;
    handle.now();
    talk.pass(1);
    expect(talk.wire.written.length).toBe(before + 1);
    answering(talk);
    handle.now();
    talk.pass(1_000);
    handle.period(100);
    talk.pass(1_000);
    expect(talk.wire.written.length).toBeGreaterThan(before + 9);
    handle.stop();
    const stopped = talk.wire.written.length;
    talk.pass(1_000);
    expect(talk.wire.written.length).toBe(stopped);
  });

  test("now() while the question is out asks again, because its answer may be older than the wish", () => {
    const talk = lineTalk();
    answering(talk);
    const handle = polls(talk, 1, 10_000);
    talk.pass(5);
    handle.now();
    talk.pass(100);
    expect(talk.wire.written).toHaveLength(2);
  });

  test("a shorter period from now on leaves the line alone first, but takes nothing back that was due", () => {
    const talk = lineTalk();
    answering(talk);
    const handle = polls(talk, 1, 1_000);
    talk.pass(900);
    const asked = () => talk.wire.written.length;
    const before = asked();
    handle.period(200, "from-now");
    talk.pass(90);
    expect(asked()).toBe(before);
    talk.pass(120);
    expect(asked()).toBe(before + 1);
    talk.pass(400);
    expect(asked()).toBe(before + 3);
    handle.period(1_000);
    const calm = asked();
    while (asked() === calm) talk.pass(1);
    talk.pass(950);
    handle.period(200, "from-now");
    talk.pass(60);
    expect(asked()).toBe(calm + 2);
  });

  test("one silent device among many does not keep the others from their periods", () => {
    const talk = lineTalk();
    talk.wire.answer = (request) => {
      if (request[1] !== 3) talk.wire.say(reply(request[1] ?? 0, 7), 5);
    };
    const times: number[] = [];
    for (let device = 0; device < 6; device++) polls(talk, device, 500, device === 1 ? times : []);
    talk.pass(60_000);
    expect(times.length).toBeGreaterThan(115);
  });

  test("every poll learns that the line is gone, and that it is still gone", () => {
    const talk = lineTalk();
    const outcomes: string[] = [];
    talk.bus.poll<number>({
      name: "one",
      periodMs: 60_000,
      deadlineMs: 100,
      request: ask(1),
      expects: answerOf(1),
      done: (outcome) => outcomes.push(outcome.is),
    });
    answering(talk);
    talk.pass(1_000);
    talk.wire.opening = { fails: "gone" };
    talk.wire.unplug("gone");
    talk.pass(1_500);
    expect(outcomes).toEqual(["answered", "closed", "closed"]);
  });
});

describe("the line", () => {
  test("open is reported before anything is sent, so that outputs can be made safe first", () => {
    const talk = lineTalk();
    answering(talk);
    polls(talk, 1, 100);
    talk.bus.watch((health) => {
      if (health.is === "open") talk.asks(77);
    });
    talk.pass(100);
    expect(talk.wire.written[0]?.hex.startsWith("51 4d")).toBe(true);
  });

  test("opening anew after a bad frame is not reported as an outage, and is retried when the kernel still holds the port", () => {
    const talk = lineTalk();
    const health: string[] = [];
    talk.bus.watch((event) => health.push(event.is));
    talk.wire.answer = () => talk.wire.say("52 01 06 5a", 10);
    talk.asks(1);
    talk.pass(50);
    talk.wire.opening = { fails: "cannot lock port" };
    talk.pass(60);
    answering(talk);
    const next = talk.asks(1);
    talk.pass(10);
    talk.wire.opening = { afterMs: 1 };
    talk.pass(200);
    expect(next.outcome?.is).toBe("answered");
    expect(health).toEqual(["open"]);
  });

  test("an adapter that neither opens nor fails is given up after 5 s and tried again", () => {
    const talk = lineTalk();
    talk.wire.opening = { afterMs: 1_000_000 };
    talk.pass(7_000);
    expect(talk.wire.opens).toHaveLength(2);
    expect(talk.bus.stats().lost).toBe(1);
  });

  test("closing the bus settles what waits and ends everything", () => {
    const talk = lineTalk();
    polls(talk, 1, 100);
    const waiting = talk.asks(1);
    talk.pass(10);
    talk.bus.close();
    expect(waiting).toEqual({ outcome: { is: "closed", why: "shut" }, settled: 1 });
    const written = talk.wire.written.length;
    const after = talk.asks(1);
    talk.pass(60_000);
    expect(after.outcome?.is).toBe("closed");
    expect(talk.wire.written).toHaveLength(written);
    expect(talk.clock.pending()).toBe(0);
  });
});
