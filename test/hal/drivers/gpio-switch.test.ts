import { describe, expect, test } from "vitest";
import { gpioSwitch } from "../../../hal/drivers/gpio-switch.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { fakeGpio } from "../../support/fake-gpio.ts";

describe.each([false, true])("an output on a header line, inverted: %s", (inverted) => {
  function bench() {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const gpio = fakeGpio();
    const output = gpioSwitch(gpio.openOutput(17, inverted), clock, { inverted });
    return { clock, gpio, output, on: () => gpio.level(17) !== inverted };
  }

  test("is off from the start, and known to be", () => {
    const { output, on } = bench();
    expect([on(), output.state()]).toEqual([false, "off"]);
  });

  test("goes off by itself at the end of a lease that nobody renews", () => {
    const { clock, output, on } = bench();
    output.hold(true, 1_000);
    clock.runUntil(999);
    expect([on(), output.state()]).toEqual([true, "on"]);
    clock.runUntil(1_000);
    expect([on(), output.state()]).toEqual([false, "off"]);
  });

  test("stays on while renewed, without being written again", () => {
    const { clock, gpio, output, on } = bench();
    for (let nowMs = 0; nowMs < 10_000; nowMs += 250) {
      clock.runUntil(nowMs);
      output.hold(true, nowMs + 1_000);
    }
    expect(on()).toBe(true);
    expect(gpio.written(17).filter((high) => high !== inverted)).toHaveLength(1);
  });

  test("goes off at once when told, and no lease lasts over two seconds or comes from a past or senseless time", () => {
    const { clock, output, on } = bench();
    output.hold(true, 1_000);
    output.hold(false, 1_000);
    expect(on()).toBe(false);
    output.hold(true, 3_600_000);
    clock.runUntil(2_000);
    expect(on()).toBe(false);
    output.hold(true, 1_999);
    output.hold(true, Number.NaN);
    expect(on()).toBe(false);
  });

  test("is unknown while the line does not obey, and is switched off as soon as it does", () => {
    const { clock, gpio, output, on } = bench();
    output.hold(true, 500);
    gpio.fail(17, true);
    clock.runUntil(700);
    expect([on(), output.state()]).toEqual([true, "unknown"]);
    gpio.fail(17, false);
    clock.runUntil(800);
    expect([on(), output.state()]).toEqual([false, "off"]);
  });

  test("an output that somebody else switched off is switched on again by the next renewal", () => {
    const { clock, gpio, output, on } = bench();
    output.hold(true, 1_000);
    gpio.drive(17, inverted);
    clock.runUntil(250);
    output.hold(true, 1_250);
    expect(output.state()).toBe("off");
    output.hold(true, 1_250);
    expect([on(), output.state()]).toEqual([true, "on"]);
  });
});
