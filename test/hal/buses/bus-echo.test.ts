/** A half-duplex adapter hears its own bytes: they are never an answer, announced or not. */
import { describe, expect, test } from "vitest";
import { lineTalk, reply } from "../../support/line-talk.ts";

describe("own echo", () => {
  test("B9: an expected echo is swallowed, even when the true answer equals the request", () => {
    const talk = lineTalk({ echo: true });
    const expects = (bytes: Uint8Array, length: number) =>
      length < 3 ? ({ is: "short" } as const) : ({ is: "frame", value: bytes[1] ?? 0, used: 3 } as const);
    talk.wire.answer = (request) => talk.wire.say(request, 0);
    const onlyEcho = talk.asks(1, { expects });
    talk.pass(150);
    expect(onlyEcho.outcome).toEqual({ is: "silent" });
    talk.wire.answer = (request) => {
      talk.wire.sayByByte(request, 0);
      talk.wire.sayByByte(request, 10);
    };
    const both = talk.asks(2, { expects });
    talk.pass(150);
    expect(both.outcome).toMatchObject({ is: "answered", value: 2 });
    expect(talk.bus.stats()).toMatchObject({ echoes: 2, bad: 0 });
  });

  test.each(["whole", "byte by byte"])(
    "B9: an echo nobody announced is recognised (%s), reported once, and expected from then on",
    (how) => {
      const talk = lineTalk();
      const health: string[] = [];
      talk.bus.watch((event) => health.push(event.is));
      const say = how === "whole" ? talk.wire.say : talk.wire.sayByByte;
      talk.wire.answer = (request) => {
        say(request, 0);
        say(reply(request[1] ?? 0, 5), 15);
      };
      const outcomes = [talk.asks(1), talk.asks(2)];
      talk.pass(500);
      expect(outcomes.map((seen) => seen.outcome?.is)).toEqual(["answered", "answered"]);
      expect(health).toEqual(["open", "echo"]);
      expect(talk.bus.stats()).toMatchObject({ echoes: 2, unsolicitedBytes: 0 });
    },
  );

  test("B9: whoever hears of the echo may speak at once, and every question is still settled once", () => {
    const talk = lineTalk();
    const safe: { settled: number }[] = [];
    talk.bus.watch((event) => {
      if (event.is === "echo") safe.push(talk.asks(9));
    });
    talk.wire.answer = (request) => talk.wire.say(request, 0);
    const first = talk.asks(1);
    talk.pass(1_000);
    expect(first).toEqual({ outcome: { is: "silent" }, settled: 1 });
    expect(safe.map((seen) => seen.settled)).toEqual([1]);
  });

  describe("an echo that stays away is expected no longer, so that an answer that equals its request is heard again", () => {
    const expects = (bytes: Uint8Array, length: number) =>
      length < 3 ? ({ is: "short" } as const) : ({ is: "frame", value: bytes[1] ?? 0, used: 3 } as const);

    /** A line that has echoed once, and does so no longer. */
    function echoedOnce() {
      const talk = lineTalk();
      talk.wire.answer = (request) => {
        talk.wire.say(request, 0);
        talk.wire.say(reply(request[1] ?? 0, 5), 15);
      };
      talk.asks(1);
      talk.pass(150);
      return {
        question(number: number) {
          talk.wire.answer = (request) => talk.wire.say(reply(request[1] ?? 0, 5), 15);
          const question = talk.asks(number);
          talk.pass(150);
          return question.outcome;
        },
        /** Answered by its own bytes, as a relay board answers. */
        command(number: number) {
          talk.wire.answer = (request) => talk.wire.say(request, 5);
          const command = talk.asks(number, { expects });
          talk.pass(150);
          return command.outcome;
        },
      };
    }

    test("B9: after three plain answers in a row", () => {
      const line = echoedOnce();
      expect(line.command(2)).toEqual({ is: "silent" });
      for (const number of [3, 4, 5]) expect(line.question(number)).toMatchObject({ is: "answered" });
      expect(line.command(6)).toMatchObject({ is: "answered", value: 6 });
    });

    test("B9: also where every question is followed by a command, as on the line of a relay board that is to be switched off", () => {
      const line = echoedOnce();
      for (const number of [2, 3, 4]) {
        expect(line.command(number)).toEqual({ is: "silent" });
        expect(line.question(number)).toMatchObject({ is: "answered" });
      }
      expect(line.command(5)).toMatchObject({ is: "answered", value: 5 });
    });
  });

  test("B9: an answer behind its echo begins the count anew", () => {
    const talk = lineTalk({ echo: true });
    const echoes = (number: number, isEchoed: boolean) => {
      talk.wire.answer = (request) => {
        if (isEchoed) talk.wire.say(request, 0);
        talk.wire.say(reply(request[1] ?? 0, 5), 15);
      };
      talk.asks(number);
      talk.pass(150);
    };
    for (const [number, isEchoed] of [false, false, true, false, false].entries()) echoes(number + 1, isEchoed);
    talk.wire.answer = (request) => talk.wire.say(request, 0);
    const deaf = talk.asks(9);
    talk.pass(150);
    expect(deaf.outcome).toEqual({ is: "silent" });
    expect(talk.bus.stats()).toMatchObject({ echoes: 2 });
  });
});
