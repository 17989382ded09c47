import { describe, expect, test } from "vitest";
import { createBus } from "../../../hal/buses/serial-bus.ts";
import * as codec from "../../../hal/codecs/lock-8a.ts";
import { encodeLockAck, encodeLockStatus } from "../../../hal/codecs/lock-8a.ts";
import { type LockBoardOptions, lockBoard8a } from "../../../hal/drivers/lock-8a.ts";
import type { Lock, PulseOutcome } from "../../../hal/ports/lock.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { scriptedWire } from "../../support/scripted-wire.ts";

const PULSE_3 = "8a 01 03 11 99";

function start(options: Partial<LockBoardOptions> = {}, echo = false) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const wire = scriptedWire(clock);
  const bus = createBus({ id: "locks", line: wire.line, openWire: wire.openWire, clock, echo });
  const board = lockBoard8a(
    { address: 1, channels: 12, feedback: "closing", statusOrder: "last-first", ...options },
    { bus, clock },
  );
  const lock = (channel: number) => board.lock(channel) as Lock;
  const pulse = (channel: number): PulseOutcome[] => {
    const outcomes: PulseOutcome[] = [];
    lock(channel).pulse((outcome) => outcomes.push(outcome));
    return outcomes;
  };
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  const pulsesWritten = () => wire.written.filter((written) => written.hex.startsWith("8a")).map(({ hex }) => hex);
  return { clock, wire, bus, board, lock, pulse, pass, pulsesWritten };
}

type Started = ReturnType<typeof start>;

/** A board that answers everything; the status bytes are as sent. */
function answering({ wire }: Started, status: readonly [number, number, number] = [0, 0, 0]) {
  wire.answer = (request) => {
    if (request[0] === 0x80) wire.say(encodeLockStatus(1, ...status), 5);
    else wire.say(encodeLockAck(1, request[2] ?? 0, 0x11), 5);
  };
}

describe("a lock board of the 8A/80 family", () => {
  test("it has exactly the ways of the board; way 0, which would open every door, is none of them", () => {
    const { board } = start();
    expect([board.lock(0), board.lock(13), board.lock(-1), board.lock(1.5)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(board.lock(12)).toBe(board.lock(12));
  });

  test("a coil cannot be asked to stay on: a lock knows one act, which takes no time, and the protocol no other command", () => {
    const { lock } = start();
    expect(Object.keys(lock(1)).sort()).toEqual(["attend", "feedback", "pulse", "watch"]);
    expect(lock(1).pulse).toHaveLength(1);
    const towardsTheBoard = Object.keys(codec).filter((name) => /^encode.*(Pulse|Read|Hold|Open|On)/.test(name));
    expect(towardsTheBoard.sort()).toEqual(["encodeLockPulse", "encodeLockReadAll"]);
    expect(codec.encodeLockPulse).toHaveLength(2); // A board and a way: no duration.
  });

  test("a pulse is the five documented bytes, once", () => {
    const started = start();
    answering(started);
    started.pass(500);
    const outcomes = started.pulse(3);
    started.pass(5_000);
    expect(started.pulsesWritten()).toEqual([PULSE_3]);
    expect(outcomes).toMatchObject([{ is: "driven" }]);
  });

  test("after a pulse the contacts are read at once", () => {
    const started = start();
    answering(started);
    started.pass(500);
    const fromMs = started.clock.nowMs;
    started.pulse(3);
    started.pass(40);
    const after = started.wire.written.filter(({ atMs }) => atMs >= fromMs).map(({ hex }) => hex.slice(0, 2));
    expect(after).toEqual(["8a", "80"]);
  });

  test("a lost acknowledgement is a failed pulse, and the driver does not repeat it", () => {
    const started = start();
    started.wire.answer = (request) => {
      if (request[0] === 0x80) started.wire.say(encodeLockStatus(1, 0, 0, 0), 5);
    };
    started.pass(500);
    const outcomes = started.pulse(3);
    started.pass(10_000);
    expect(outcomes).toEqual([{ is: "failed", why: "no answer" }]);
    expect(started.pulsesWritten()).toEqual([PULSE_3]);
  });

  test.each([
    ["of another way", encodeLockAck(1, 4, 0x11), "acknowledges channel 4"],
    ["of another board", encodeLockAck(2, 3, 0x11), "from board 2"],
    ["with a wrong checksum", Uint8Array.of(0x8a, 1, 3, 0x11, 0x9a), undefined],
  ])("an acknowledgement %s is none", (_, ack, why) => {
    const started = start();
    started.wire.answer = (request) => {
      if (request[0] === 0x8a) started.wire.say(ack, 5);
    };
    const [outcome] = (() => {
      const outcomes = started.pulse(3);
      started.pass(2_000);
      return outcomes;
    })();
    expect(outcome?.is).toBe("failed");
    if (why !== undefined) expect(outcome).toMatchObject({ why });
  });

  test("the acknowledgement of a pulse that straggles in does not pass for that of the next pulse", () => {
    const started = start({ pulseDeadlineMs: 100 });
    let pulses = 0;
    started.wire.answer = (request) => {
      if (request[0] === 0x80) started.wire.say(encodeLockStatus(1, 0, 0, 0), 5);
      else if (pulses++ === 0) started.wire.say(encodeLockAck(1, 3, 0), 200);
    };
    started.pass(500);
    const first = started.pulse(3);
    started.pass(150);
    expect(first).toMatchObject([{ is: "failed" }]);
    const second = started.pulse(3);
    started.pass(3_000);
    expect(second).toMatchObject([{ is: "failed" }]);
  });

  test("on a line that echoes, a dead board drives nothing, though the echo equals a good acknowledgement", () => {
    const announced = start({}, true);
    announced.wire.answer = (request) => announced.wire.say(request, 0);
    const outcomes = announced.pulse(3);
    announced.pass(2_000);
    expect(outcomes).toMatchObject([{ is: "failed" }]);
  });

  test("an echo that nobody announced is found out by the first reading of the contacts", () => {
    const started = start();
    started.wire.answer = (request) => started.wire.say(request, 0);
    started.pass(500);
    const outcomes = started.pulse(3);
    started.pass(2_000);
    expect(outcomes).toMatchObject([{ is: "failed" }]);
  });

  test.each([
    ["closing", "last-first", [0, 0, 0b100], true],
    ["closing", "first-first", [0b100, 0, 0], true],
    ["closing", "last-first", [0b100, 0, 0], false],
    ["opening", "last-first", [0xff, 0xff, 0xfb], true],
    ["opening", "first-first", [0b100, 0, 0], false],
  ] as const)("%s contacts, %s bytes %j: way 3 latched is %s", (feedback, statusOrder, bytes, latched) => {
    const started = start({ feedback, statusOrder });
    answering(started, bytes);
    started.pass(500);
    expect(started.lock(3).feedback()).toMatchObject({ value: latched, quality: "good" });
  });

  test("ways 9 to 24 come from the other bytes; beyond them a board says nothing and nothing is believed", () => {
    const started = start({ channels: 50 });
    answering(started, [0x80, 0x01, 0x00]);
    started.pass(500);
    expect([8, 9, 16, 24].map((way) => started.lock(way).feedback().value)).toEqual([false, true, false, true]);
    expect(started.lock(25).feedback().quality).toBe("stale");
  });

  test("contacts turn stale at the third missed reading, not before, and at once when the line is gone", () => {
    const started = start();
    answering(started, [0, 0, 0b100]);
    started.pass(900);
    started.wire.answer = () => {};
    started.pass(2_200);
    expect(started.lock(3).feedback().quality).toBe("good");
    started.pass(1_000);
    expect(started.lock(3).feedback()).toMatchObject({ value: true, quality: "stale" });
    answering(started);
    started.pass(6_000);
    expect(started.lock(3).feedback().quality).toBe("good");
    started.wire.unplug("gone");
    expect(started.lock(3).feedback().quality).toBe("stale");
  });

  test("a pulse on a line that is gone fails, and is not driven when the line comes back", () => {
    const started = start();
    answering(started);
    started.pass(500);
    started.wire.opening = { fails: "gone" };
    started.wire.unplug("gone");
    const outcomes = started.pulse(3);
    started.pass(500);
    expect(outcomes).toMatchObject([{ is: "failed" }]);
    started.wire.opening = { afterMs: 5 };
    started.pass(30_000);
    expect(started.pulsesWritten()).toEqual([]);
  });

  test("somebody who comes to a door finds the line free for the pulse; the look follows it", () => {
    const started = start();
    answering(started);
    started.pass(1_600);
    const before = started.wire.written.length;
    started.lock(3).attend(true);
    started.pass(4); // The intent goes to the disk first.
    started.pulse(3);
    started.pass(60);
    expect(started.wire.written.slice(before).map(({ hex }) => hex.slice(0, 2))).toEqual(["8a", "80"]);
  });

  test("the board is read five times a second while anybody stands at one of its doors, else once", () => {
    const started = start();
    answering(started);
    const readsIn = (ms: number) => {
      const before = started.wire.written.length;
      started.pass(ms);
      return started.wire.written.length - before;
    };
    started.pass(1_000);
    expect(readsIn(10_000)).toBe(10);
    started.lock(3).attend(true);
    started.lock(4).attend(true);
    started.lock(3).attend(false);
    expect(readsIn(10_000)).toBe(50);
    started.lock(4).attend(false);
    expect(readsIn(10_000)).toBeLessThanOrEqual(11);
  });
});
