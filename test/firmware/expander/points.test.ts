import { describe, expect, test } from "vitest";
import type { Order } from "../../../firmware/expander/messages.ts";
import { PwmPoint } from "../../../firmware/expander/points.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";

function start() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const orders: Array<{ readonly atMs: number; readonly share: number; readonly forMs: number }> = [];
  const point = new PwmPoint(clock, 3, (order: Order) => {
    if (order.say === "hold") orders.push({ atMs: clock.nowMs, share: order.share, forMs: order.forMs });
  });
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  return { clock, orders, point, pass };
}

describe("an output's orders to its process", () => {
  test("carry the lease as a duration, two seconds at most", () => {
    const { orders, point } = start();
    point.hold(0.5, 60_000);
    expect(orders).toEqual([{ atMs: 0, share: 0.5, forMs: 2_000 }]);
  });

  test("end the lease by themselves, so that the process need not remember it", () => {
    const { orders, point, pass } = start();
    point.hold(0.5, 1_500);
    pass(10_000);
    expect(orders).toEqual([
      { atMs: 0, share: 0.5, forMs: 1_500 },
      { atMs: 1_500, share: 0, forMs: 0 },
    ]);
  });

  test("are repeated often enough that no lease runs out between them, and not at every scan", () => {
    const { clock, orders, point, pass } = start();
    for (let scan = 0; scan < 40; scan++) {
      point.hold(0.5, clock.nowMs + 1_900);
      pass(250);
    }
    for (const [at, order] of orders.entries()) {
      expect(order.share).toBe(0.5);
      const before = orders[at - 1];
      if (before !== undefined) expect(order.atMs).toBeLessThan(before.atMs + before.forMs);
    }
    expect(orders.length).toBeLessThanOrEqual(12);
  });

  test("tell a change and a shorter lease at once", () => {
    const { orders, point, pass } = start();
    point.hold(0.5, 1_900);
    point.hold(0.75, 1_900);
    point.hold(0.75, 200);
    pass(100);
    point.hold(0, 0);
    pass(1_000);
    expect(orders).toEqual([
      { atMs: 0, share: 0.5, forMs: 1_900 },
      { atMs: 0, share: 0.75, forMs: 1_900 },
      { atMs: 0, share: 0.75, forMs: 200 },
      { atMs: 100, share: 0, forMs: 0 },
    ]);
  });

  test("are given again to a process that was told nothing yet", () => {
    const { orders, point } = start();
    point.hold(0.5, 1_900);
    point.hold(0.5, 1_900);
    expect(orders).toHaveLength(1);
    point.forget();
    point.hold(0.5, 1_900);
    expect(orders).toHaveLength(2);
  });
});

describe("what an output is said to drive", () => {
  test("is the board's word for three seconds, then unknown", () => {
    const { point, pass } = start();
    expect(point.state()).toBe("unknown");
    point.hold(0.5, 1_900);
    expect(point.state()).toBe("unknown");
    point.confirmed(0.5);
    pass(2_999);
    expect(point.state()).toBe(0.5);
    pass(1);
    expect(point.state()).toBe("unknown");
  });
});
