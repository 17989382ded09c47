/** A lock without hardware: a pulse opens it after 50 ms. Passes the lock conformance suite. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Lock } from "../../hal/ports/lock.ts";
import type { Reading, Watch } from "../../hal/ports/reading.ts";

export interface FakeLock extends Lock {
  readonly pulses: number;
  shut(): void;
  answering(answers: boolean): void;
}

export function fakeLock(clock: Clock): FakeLock {
  const watches: Array<Watch<boolean>> = [];
  let latched = true;
  let answers = true;
  let pulsing = false;
  let pulses = 0;
  let reading: Reading<boolean> = { value: false, atMs: clock.monotonicMs(), quality: "stale" };

  function sample(): void {
    if (!answers && reading.quality === "stale") return;
    reading = answers
      ? { value: latched, atMs: clock.monotonicMs(), quality: "good" }
      : { ...reading, quality: "stale" };
    for (const watch of watches) watch(reading);
  }

  function poll(): void {
    clock.after(200, poll);
    sample();
  }
  clock.after(0, poll);

  return {
    get pulses() {
      return pulses;
    },
    shut() {
      latched = true;
    },
    answering(next) {
      answers = next;
    },
    pulse(done) {
      const refused = pulsing ? "already pulsing" : answers ? undefined : "no answer";
      if (refused !== undefined) {
        clock.after(0, () => done({ is: "failed", why: refused }));
        return;
      }
      pulsing = true;
      clock.after(50, () => {
        pulsing = false;
        pulses++;
        latched = false;
        done({ is: "driven", atMs: clock.monotonicMs() });
        sample();
      });
    },
    feedback: () => reading,
    watch: (onChange) => void watches.push(onChange),
    attend() {},
  };
}
