/** A charger without hardware, feeding a 50 V pack. Passes the charger conformance suite. */
import type { Charger, ChargerSetpoint, ChargerStatus } from "../../hal/ports/charger.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Reading, Watch } from "../../hal/ports/reading.ts";

export interface FakeCharger extends Charger {
  outMa(): number;
  answering(answers: boolean): void;
}

export function fakeCharger(clock: Clock): FakeCharger {
  const watches: Array<Watch<ChargerStatus>> = [];
  let wanted: ChargerSetpoint = { setMa: 0, setMv: 0 };
  let untilMs = 0;
  let answers = true;
  let reading: Reading<ChargerStatus> = {
    value: { outMv: 0, outMa: 0, confirmed: undefined },
    atMs: clock.monotonicMs(),
    quality: "stale",
  };
  const outMa = () => (clock.monotonicMs() < untilMs ? wanted.setMa : 0);

  function sample(): void {
    clock.after(500, sample);
    if (!answers && reading.quality === "stale") return;
    const confirmed = answers && outMa() > 0 ? wanted : undefined;
    const value = answers
      ? { outMv: outMa() > 0 ? 50_000 : 0, outMa: outMa(), confirmed }
      : { ...reading.value, confirmed };
    reading = { value, atMs: answers ? clock.monotonicMs() : reading.atMs, quality: answers ? "good" : "stale" };
    for (const watch of watches) watch(reading);
  }
  clock.after(500, sample);

  return {
    outMa,
    answering(next) {
      answers = next;
    },
    hold(setpoint, leaseMs) {
      if (!answers) return;
      wanted = { ...setpoint, setMa: Math.min(24_000, Math.max(0, setpoint.setMa || 0)) };
      untilMs = Math.min(leaseMs, clock.monotonicMs() + 2_000);
    },
    reading: () => reading,
    watch: (onChange) => void watches.push(onChange),
  };
}
