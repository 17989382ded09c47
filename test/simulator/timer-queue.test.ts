import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../simulator/clock.ts";

/** The plainest clock there is: a list, looked through whenever something is to run. */
class PlainClock {
  nowMs = 0;
  private readonly timers: { dueMs: number; run: () => void }[] = [];

  after(delayMs: number, run: () => void) {
    const timer = { dueMs: this.nowMs + Math.max(0, delayMs), run };
    this.timers.push(timer);
    return { cancel: () => this.take(timer) };
  }

  runUntil(untilMs: number): void {
    for (let next = this.first(); next !== undefined && next.dueMs <= untilMs; next = this.first()) {
      this.take(next);
      this.nowMs = next.dueMs;
      next.run();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private first() {
    return this.timers.reduce<(typeof this.timers)[number] | undefined>(
      (best, timer) => (best === undefined || timer.dueMs < best.dueMs ? timer : best),
      undefined,
    );
  }

  private take(timer: (typeof this.timers)[number]): void {
    const at = this.timers.indexOf(timer);
    if (at >= 0) this.timers.splice(at, 1);
  }
}

type Deed =
  | { readonly do: "after"; readonly delayMs: number; readonly again: number | undefined }
  | { readonly do: "cancel"; readonly which: number }
  | { readonly do: "run"; readonly forMs: number };

/** Within the same millisecond, within the wheel, at its edge, and far behind it. */
const delayMs = fc.oneof(
  fc.constantFrom(-1, 0, 0.25, 0.5, 1, 250, 4_095, 4_095.5, 4_096, 4_096.5, 8_192),
  fc.double({ min: 0, max: 40, noNaN: true }),
  fc.double({ min: 0, max: 20_000, noNaN: true }),
  fc.integer({ min: 0, max: 100_000_000 }),
);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("after"), delayMs, again: fc.option(delayMs, { nil: undefined }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("cancel"), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("run"), forMs: delayMs }) },
) as fc.Arbitrary<Deed>;

function play(clock: Pick<PlainClock, "after" | "runUntil" | "nowMs">, deeds: readonly Deed[]): string[] {
  const ran: string[] = [];
  const timers: { cancel: () => void }[] = [];
  deeds.forEach((one, at) => {
    if (one.do === "after") {
      const { again } = one;
      const run = () => {
        ran.push(`${at} at ${clock.nowMs}`);
        if (again !== undefined) timers.push(clock.after(again, () => ran.push(`${at} again at ${clock.nowMs}`)));
      };
      timers.push(clock.after(one.delayMs, run));
    } else if (one.do === "cancel") timers[one.which % Math.max(1, timers.length)]?.cancel();
    else clock.runUntil(clock.nowMs + one.forMs);
  });
  clock.runUntil(clock.nowMs + 200_000_000);
  return ran;
}

test("timers of the wheel and behind it run when and in the order that a plain list of them gives", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 80 }), (deeds) => {
      expect(play(createVirtualClock({ wallStartMs: 0 }), deeds)).toEqual(play(new PlainClock(), deeds));
    }),
    { numRuns: 300 },
  );
});

test("what is cancelled again and again far ahead takes no room for ever, and what remains still runs", () => {
  const clock = createVirtualClock({ wallStartMs: 0 });
  let ran = 0;
  for (let n = 0; n < 5_000; n++) clock.after(60_000 + n, () => ran++).cancel();
  clock.after(62_500, () => ran++);
  expect(clock.pending()).toBe(1);
  expect(clock.nextDueMs()).toBe(62_500);
  clock.runUntil(120_000);
  expect({ ran, pending: clock.pending() }).toEqual({ ran: 1, pending: 0 });
});

const again = fc.record({
  which: fc.integer({ min: 0, max: 3 }),
  delayMs: fc.option(delayMs, { nil: undefined }),
  runMs: delayMs,
});

test("a bell that is set again and again rings when a timer would that is called off and made anew each time", () => {
  fc.assert(
    fc.property(fc.array(again, { maxLength: 60 }), (deeds) => {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const plain = new PlainClock();
      const rang: string[] = [];
      const ran: string[] = [];
      const bells = [0, 1, 2, 3].map((bell) => clock.bell(() => rang.push(`${bell} at ${clock.nowMs}`)));
      const timers: ({ cancel: () => void } | undefined)[] = [];
      for (const { which, delayMs: inMs, runMs } of deeds) {
        timers[which]?.cancel();
        if (inMs === undefined) bells[which]?.cancel();
        else {
          bells[which]?.ringIn(inMs);
          timers[which] = plain.after(inMs, () => ran.push(`${which} at ${plain.nowMs}`));
        }
        clock.runUntil(clock.nowMs + runMs);
        plain.runUntil(plain.nowMs + runMs);
        expect(rang).toEqual(ran);
      }
      clock.runUntil(clock.nowMs + 200_000_000);
      plain.runUntil(plain.nowMs + 200_000_000);
      expect({ rang, pending: clock.pending() }).toEqual({ rang: ran, pending: 0 });
    }),
    { numRuns: 300 },
  );
});
