/** Whatever a line does within the physics of the fault catalogue: every question is settled once, and with its own answer. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOf, ask, lineTalk, reply } from "../../support/line-talk.ts";

const DEADLINE_MS = 100;
/** The default time a straggler is waited for, behind the deadline. */
const STRAGGLER_MS = 500;

const behaviour = fc.record({
  /** From the end of the request to the reply, or never. */
  afterMs: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 2, arbitrary: fc.integer({ min: 61, max: DEADLINE_MS + STRAGGLER_MS - 5 }) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  spoil: fc.constantFrom("none", "none", "none", "flip", "cut", "merge", "junk"),
});

const step = fc.record({
  device: fc.integer({ min: 1, max: 3 }),
  lane: fc.constantFrom("urgent" as const, "act" as const, "poll" as const),
  waitMs: fc.integer({ min: 0, max: 200 }),
  line: fc.constantFrom("keep", "keep", "keep", "keep", "keep", "unplug", "slow"),
});

function spoiled(bytes: Uint8Array, spoil: string): Uint8Array {
  if (spoil === "flip") return bytes.map((byte, at) => (at === 2 ? byte ^ 0x10 : byte));
  if (spoil === "cut") return bytes.slice(0, 2);
  if (spoil === "merge") return Uint8Array.of(...bytes, ...bytes);
  if (spoil === "junk") return Uint8Array.of(0x00, 0x52, 0x09, ...bytes);
  return bytes;
}

describe("the bus under any mixture of faults", () => {
  test("each question is settled exactly once, answered only by its own answer, and the line keeps working", () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.array(behaviour, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (steps, behaviours, byByte) => {
          const talk = lineTalk();
          let received = 0;
          talk.wire.answer = (request) => {
            const value = received & 0xff;
            const { afterMs, spoil } = behaviours[received++ % behaviours.length] as (typeof behaviours)[number];
            if (afterMs === undefined) return;
            const bytes = spoiled(reply(request[1] ?? 0, value), spoil);
            if (byByte) talk.wire.sayByByte(bytes, Math.max(0, afterMs - 20));
            else talk.wire.say(bytes, afterMs);
          };
          const settled: number[] = [];
          let wrong = 0;
          steps.forEach(({ device, lane, waitMs, line }, at) => {
            settled[at] = 0;
            let own = -1;
            talk.bus.transact<number>({
              lane,
              kin: `${device}`,
              waitMsMax: 60_000,
              deadlineMs: DEADLINE_MS,
              request: () => {
                own = talk.wire.written.length & 0xff;
                return ask(device);
              },
              expects: answerOf(device),
              done: (outcome) => {
                settled[at] = (settled[at] ?? 0) + 1;
                if (outcome.is === "answered" && outcome.value !== own) wrong++;
              },
            });
            expect(settled[at]).toBe(0);
            if (line === "unplug") talk.wire.unplug("gone");
            talk.wire.opening = { afterMs: line === "slow" ? 300 : 1 };
            talk.pass(waitMs);
          });
          talk.pass(70_000);
          expect({ settled, wrong }).toEqual({ settled: steps.map(() => 1), wrong: 0 });
          talk.wire.answer = (request) => talk.wire.say(reply(request[1] ?? 0, 1), 5);
          const last = talk.asks(2);
          talk.pass(500);
          expect(last.outcome?.is).toBe("answered");
        },
      ),
      { numRuns: 400 },
    );
  });
});
