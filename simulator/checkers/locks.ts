/** I1 and I2: one coil at a time in the whole station, never longer than a second, never more than three pulses in 30 s. */
import type { TruthEvent } from "../truth-types.ts";
import type { Checker, CheckerSetup } from "./checker.ts";
import { isNotOurs } from "./excuses.ts";

const coilOnMsMax = 1_000;
const windowMs = 30_000;
const pulsesMax = 3;

export function oneCoilAtATime(setup: CheckerSetup): Checker {
  const { clock, report, looked } = setup;
  const onSinceMs = new Map<number, number>();
  return {
    invariant: "I1",
    says: "at most one lock coil is energised at any instant",
    looksAt: "the current of every lock coil",
    excuses: "a coil whose driver is shorted, or that a foreign frame on the line drove",
    onTruth(event: TruthEvent) {
      if (event.type !== "coil" || isNotOurs(event.bay, setup)) {
        if (event.type === "coil") onSinceMs.delete(event.bay);
        return;
      }
      looked();
      if (event.on) {
        if (onSinceMs.size > 0)
          report("I1", `coil of bay ${event.bay} on while ${[...onSinceMs.keys()].join(", ")} is`);
        onSinceMs.set(event.bay, event.atMs);
        return;
      }
      const sinceMs = onSinceMs.get(event.bay);
      onSinceMs.delete(event.bay);
      if (sinceMs !== undefined && event.atMs - sinceMs > coilOnMsMax)
        report("I2", `coil of bay ${event.bay} on ${event.atMs - sinceMs} ms`);
    },
    onLook() {
      for (const [bay, sinceMs] of onSinceMs) {
        if (clock.nowMs - sinceMs > coilOnMsMax && !isNotOurs(bay, setup))
          report("I2", `coil of bay ${bay} still on after ${clock.nowMs - sinceMs} ms`);
      }
    },
  };
}

export function fewPulses(setup: CheckerSetup): Checker {
  const { report, looked } = setup;
  const pulses = new Map<number, number[]>();
  return {
    invariant: "I2",
    says: "no more than three pulses per bay in 30 s, none longer than 1 s",
    looksAt: "the current of every lock coil",
    excuses: "a coil whose driver is shorted, or that a foreign frame on the line drove",
    onTruth(event) {
      if (event.type !== "coil" || !event.on || isNotOurs(event.bay, setup)) return;
      looked();
      const recent = (pulses.get(event.bay) ?? []).filter((atMs) => event.atMs - atMs < windowMs);
      recent.push(event.atMs);
      pulses.set(event.bay, recent);
      if (recent.length > pulsesMax) report("I2", `bay ${event.bay} pulsed ${recent.length} times in 30 s`);
    },
  };
}
