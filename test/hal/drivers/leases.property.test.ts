/** Whatever the loop asks and whatever the line loses: a load is never on longer than its lease. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { waveshareRelayD } from "../../../hal/drivers/waveshare-relay-d.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { deviceBench } from "../../support/device-bench.ts";

type Act =
  | { readonly do: "on"; readonly leaseMs: number }
  | { readonly do: "off" | "unplug" | "replug" | "mend" }
  | {
      readonly do: "lose";
      readonly what: "dropReply" | "dropRequest" | "corruptReply" | "corruptRequest" | "delayReply";
    };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("on" as const), leaseMs: fc.integer({ min: -100, max: 4_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("off", "unplug", "replug", "mend") }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("lose" as const),
      what: fc.constantFrom("dropReply", "dropRequest", "corruptReply", "corruptRequest", "delayReply"),
    }),
  },
);

describe("a relay and its lease", () => {
  test("the relay is off when the last lease has ended, whatever was lost, and never on before one was given", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(act, fc.integer({ min: 0, max: 900 })), { maxLength: 60 }), (acts) => {
        const clock = createVirtualClock({ wallStartMs: 0 });
        const { lines, relayBoard, buses } = deviceBench(clock);
        const output = waveshareRelayD({ address: 1 }, { bus: buses.relay, clock }).output(1);
        const relay = relayBoard.relays[0];
        const { faults } = lines.relay;
        let allowedUntilMs = Number.NEGATIVE_INFINITY;
        let offences = 0;
        if (relay !== undefined) {
          // Going on, or going off, after the last lease: both are too late.
          relay.sink = () => {
            if (clock.nowMs > allowedUntilMs + 0.001) offences++;
          };
        }
        for (const [each, waitMs] of acts) {
          if (each.do === "on") {
            const untilMs = clock.nowMs + Math.min(2_000, each.leaseMs);
            output?.hold(true, clock.nowMs + each.leaseMs);
            allowedUntilMs = Math.max(allowedUntilMs, untilMs);
          } else if (each.do === "off") output?.hold(false, 0);
          else if (each.do === "unplug") lines.relay.unplug();
          else if (each.do === "replug") lines.relay.replug();
          else if (each.do === "lose") faults[each.what] = 1;
          else
            Object.assign(faults, { dropReply: 0, dropRequest: 0, corruptReply: 0, corruptRequest: 0, delayReply: 0 });
          clock.runUntil(clock.nowMs + waitMs);
          if (relay?.on && clock.nowMs > allowedUntilMs) offences++;
        }
        clock.runUntil(clock.nowMs + 2_000);
        expect({ offences, on: relay?.on }).toEqual({ offences: 0, on: false });
      }),
      { numRuns: 300 },
    );
  });
});
