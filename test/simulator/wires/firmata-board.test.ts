import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { createFirmataBoard } from "../../../simulator/wires/firmata-board.ts";
import { bytesOf, hexOf } from "../../support/scripted-wire.ts";

function start() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const said: string[] = [];
  const board = createFirmataBoard({ clock, reply: (bytes) => said.push(hexOf(bytes)) });
  const ask = (hex: string): string[] => {
    said.length = 0;
    const bytes = bytesOf(hex);
    board.receive(bytes, bytes.length);
    return [...said];
  };
  const pass = (ms: number): string[] => {
    said.length = 0;
    clock.runUntil(clock.nowMs + ms);
    return [...said];
  };
  return { board, said, ask, pass };
}

// "StandardFirmata.ino" in pairs of 7 bits, as the protocol's firmware report has it.
const NAME = [..."StandardFirmata.ino"].map((letter) => `${letter.charCodeAt(0).toString(16)} 00`).join(" ");

describe("a simulated Firmata board speaks protocol 2.5", () => {
  test("when it starts it says version and firmware, unasked", () => {
    const { board, said } = start();
    board.restart();
    expect(said).toEqual(["f9 02 05", `f0 79 02 05 ${NAME} f7`]);
  });

  test.each([
    ["its version", "f9", "f9 02 05"],
    ["its firmware", "f0 79 f7", `f0 79 02 05 ${NAME} f7`],
    [
      "which pins are analog channels",
      "f0 69 f7",
      "f0 6a 7f 7f 7f 7f 7f 7f 7f 7f 7f 7f 7f 7f 7f 7f 00 01 02 03 04 05 f7",
    ],
    ["the state of a pin nobody set", "f0 6d 03 f7", "f0 6e 03 01 00 00 f7"],
  ])("asked for %s it answers", (_what, question, answer) => {
    expect(start().ask(question)).toEqual([answer]);
  });

  test("its pins say what they can do: six with PWM of 8 bits, six channels of 10 bits", () => {
    const [answer = ""] = start().ask("f0 6b f7");
    const pins = answer.slice("f0 6c ".length, -" f7".length).split(/ ?7f ?/);
    expect(pins.slice(0, 4)).toEqual(["", "", "00 01 0b 01 01 01 04 0e", "00 01 0b 01 01 01 03 08 04 0e"]);
    expect(pins.flatMap((modes, pin) => (/03 08/.test(modes) ? [pin] : []))).toEqual([3, 5, 6, 9, 10, 11]);
    expect(pins.flatMap((modes, pin) => (/02 0a/.test(modes) ? [pin] : []))).toEqual([14, 15, 16, 17, 18, 19]);
  });

  test("a channel is reported at once and then with every sampling, until it is switched off", () => {
    const { board, ask, pass } = start();
    board.feed(1, 0.5);
    ask("f0 7a 68 07 f7"); // every 1,000 ms
    expect(ask("c1 01")).toEqual(["e1 00 04"]); // 512
    expect(pass(3_000)).toEqual(["e1 00 04", "e1 00 04", "e1 00 04"]);
    ask("c1 00");
    expect(pass(3_000)).toEqual([]);
  });

  test("a pin in PWM mode is driven by both analog messages, and keeps what it was told for ever", () => {
    const { board, ask, pass } = start();
    ask("e3 7f 01");
    expect(board.driven(3)).toBe(0);
    ask("f4 03 03");
    ask("e3 7f 01");
    expect(board.driven(3)).toBe(1);
    expect(ask("f0 6d 03 f7")).toEqual(["f0 6e 03 03 7f 01 f7"]);
    ask("f0 6f 03 40 00 f7");
    expect(board.driven(3)).toBeCloseTo(64 / 255, 5);
    pass(3_600_000);
    expect(board.driven(3)).toBeCloseTo(64 / 255, 5);
  });

  test("a pin that cannot do PWM takes no such mode", () => {
    const { board, ask } = start();
    ask("f4 04 03");
    ask("e4 7f 01");
    expect(board.driven(4)).toBe(0);
  });

  test.each([
    ["a reset", "ff", []],
    ["a restart", undefined, ["f9 02 05"]],
  ])("after %s nothing is reported or driven any more", (_what, bytes, first) => {
    const { board, ask, pass, said } = start();
    ask("f4 03 03 e3 7f 01 c0 01");
    said.length = 0;
    if (bytes === undefined) board.restart();
    else ask(bytes);
    expect(said.slice(0, 1)).toEqual(first);
    expect(board.driven(3)).toBe(0);
    expect(pass(1_000)).toEqual([]);
  });

  test("bytes in pieces are one message, and a message cut by another is dropped", () => {
    const { board, ask } = start();
    ask("f4");
    ask("03");
    ask("03");
    ask("e3 7f");
    ask("e3 40 00");
    expect(board.driven(3)).toBeCloseTo(64 / 255, 5);
    expect(ask("f0 79 f9")).toEqual(["f9 02 05"]);
  });

  test("one that hangs keeps its outputs and says nothing; one without power does neither", () => {
    const { board, ask, pass } = start();
    ask("f4 03 03 e3 7f 01 c0 01");
    board.hang();
    expect(pass(1_000)).toEqual([]);
    expect(ask("f9")).toEqual([]);
    expect(board.driven(3)).toBe(1);
    board.powerLost();
    expect(board.driven(3)).toBe(0);
  });
});
