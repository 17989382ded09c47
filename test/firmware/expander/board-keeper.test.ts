import fc from "fast-check";
import { expect, test } from "vitest";
import { keepBoard } from "../../../firmware/expander/board-keeper.ts";
import type { Report } from "../../../firmware/expander/messages.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { PlayedBoard } from "../../support/expander-bench.ts";

const OPEN = { say: "open", path: "/dev/expander", baud: 57_600, periodMs: 1_000, channels: [0], pins: [3, 5] };

function start() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const board = new PlayedBoard(clock);
  const reports: Report[] = [];
  let exits = 0;
  const keeper = keepBoard({
    clock,
    openBoard: board.open,
    send: (report) => reports.push(report),
    exit: () => void exits++,
  });
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  return { board, keeper, reports, pass, exits: () => exits };
}

test("the process says twice a second that it runs, from its first breath and without a board", () => {
  const { reports, pass } = start();
  pass(2_000);
  expect(reports).toEqual(Array.from({ length: 5 }, () => ({ say: "alive" })));
});

test("an output that hears nothing for its lease goes to 0 without anybody's help", () => {
  const { board, keeper, pass } = start();
  keeper.hear(OPEN);
  pass(100);
  keeper.hear({ say: "hold", pin: 3, share: 0.5, forMs: 2_000 });
  keeper.hear({ say: "hold", pin: 5, share: 1, forMs: 500 });
  pass(490);
  expect([board.driven.get(3), board.driven.get(5)]).toEqual([0.5, 1]);
  pass(20);
  expect([board.driven.get(3), board.driven.get(5)]).toEqual([0.5, 0]);
  pass(1_500);
  expect(board.driven.get(3)).toBe(0);
});

test("a renewal that comes in time keeps the output on, and no shorter lease is forgotten for it", () => {
  const { board, keeper, pass } = start();
  keeper.hear(OPEN);
  pass(100);
  for (let time = 0; time < 10; time++) {
    keeper.hear({ say: "hold", pin: 3, share: 0.5, forMs: 1_000 });
    pass(900);
    expect(board.driven.get(3)).toBe(0.5);
  }
  keeper.hear({ say: "hold", pin: 3, share: 0.5, forMs: 100 });
  pass(101);
  expect(board.driven.get(3)).toBe(0);
});

test("a lease longer than two seconds is no order", () => {
  const { board, keeper, pass } = start();
  keeper.hear(OPEN);
  pass(100);
  keeper.hear({ say: "hold", pin: 3, share: 0.5, forMs: 2_001 });
  pass(100);
  expect(board.driven.get(3)).toBe(0);
});

test("a pin that is not configured is never driven", () => {
  const { board, keeper, pass } = start();
  keeper.hear(OPEN);
  pass(100);
  keeper.hear({ say: "hold", pin: 9, share: 0.5, forMs: 1_000 });
  pass(100);
  expect(board.driven.has(9)).toBe(false);
});

test("an order that waits for the board counts only as long as its lease", () => {
  const { board, keeper, pass } = start();
  board.pluggedIn = false;
  keeper.hear(OPEN);
  keeper.hear({ say: "hold", pin: 3, share: 0.5, forMs: 900 });
  pass(500);
  board.plug();
  pass(1_000);
  expect(board.driven.get(3)).toBe(0);
});

test("a board that drives something else than it was told is told again", () => {
  const { board, keeper, pass } = start();
  keeper.hear(OPEN);
  pass(100);
  keeper.hear({ say: "hold", pin: 3, share: 0.5, forMs: 2_000 });
  pass(800);
  board.driven.set(3, 1);
  pass(1_010);
  expect(board.driven.get(3)).toBe(0.5);
  pass(2_000);
  board.driven.set(5, 1);
  pass(2_000);
  expect(board.driven.get(5)).toBe(0);
});

test("an answer that may have been on its way before an order is no reason to repeat it", () => {
  const { board, keeper, pass } = start();
  keeper.hear(OPEN);
  pass(1_100);
  keeper.hear({ say: "hold", pin: 3, share: 0.5, forMs: 2_000 });
  board.driven.set(3, 0);
  pass(100);
  expect(board.driven.get(3)).toBe(0);
  pass(1_000);
  expect(board.driven.get(3)).toBe(0.5);
});

test("a lost board ends the process, with the reason as its last word", () => {
  const { board, keeper, reports, pass, exits } = start();
  keeper.hear(OPEN);
  pass(100);
  board.restart();
  pass(10_000);
  expect(reports.at(-1)).toEqual({ say: "ended", why: "the board restarted", lasting: false });
  expect(exits()).toBe(1);
});

test("without a controller the outputs go to 0 and the process ends, board or no board", () => {
  const { board, keeper, pass, exits } = start();
  keeper.hear(OPEN);
  pass(100);
  keeper.hear({ say: "hold", pin: 3, share: 1, forMs: 2_000 });
  pass(100);
  keeper.orphaned();
  pass(10);
  expect(board.driven.get(3)).toBe(0);
  expect(exits()).toBe(1);
  const idle = start();
  idle.keeper.orphaned();
  expect(idle.exits()).toBe(1);
});

test("a second board is not opened, whatever is asked", () => {
  const { board, keeper, pass } = start();
  keeper.hear(OPEN);
  keeper.hear({ ...OPEN, path: "/dev/other" });
  pass(1_000);
  expect(board.connections).toBe(1);
});

const anyOrder = fc.oneof(
  fc.anything(),
  fc.record({
    say: fc.constantFrom("open", "hold", "close", ""),
    pin: fc.oneof(fc.integer({ min: -1, max: 200 }), fc.double()),
    share: fc.double(),
    forMs: fc.double(),
  }),
  fc.record({
    say: fc.constant("hold"),
    pin: fc.constantFrom(3, 5),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    forMs: fc.integer({ min: 0, max: 2_000 }),
  }),
);

test("whatever it hears, nothing is thrown, no share beyond 0–1 is driven, and two seconds of silence are off", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyOrder, fc.integer({ min: 0, max: 1_500 })), { maxLength: 20 }), (orders) => {
      const { board, keeper, pass } = start();
      keeper.hear(OPEN);
      pass(100);
      for (const [order, ms] of orders) {
        keeper.hear(order);
        pass(ms);
        for (const share of board.driven.values()) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }
      pass(2_000);
      expect([...board.driven.values()].every((share) => share === 0)).toBe(true);
    }),
  );
});
