import { gpioSwitch } from "../../hal/drivers/gpio-switch.ts";
import { waveshareRelayD } from "../../hal/drivers/waveshare-relay-d.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import { deviceBench } from "../support/device-bench.ts";
import { fakeGpio } from "../support/fake-gpio.ts";
import { fakeSwitchedOutput } from "../support/fake-switched-output.ts";
import { switchedOutputConformance } from "./switched-output.ts";

switchedOutputConformance("a relay of the Waveshare board", (clock) => {
  const { buses, lines, relayBoard } = deviceBench(clock);
  const board = waveshareRelayD({ address: 1 }, { bus: buses.relay, clock });
  return {
    output: board.output(5) as SwitchedOutput,
    settleMs: 200,
    noticeMs: 8_000,
    isOn: () => relayBoard.relays[4]?.on ?? false,
    reachable: (reachable) => {
      lines.relay.faults.silent = !reachable;
    },
  };
});

for (const inverted of [false, true]) {
  switchedOutputConformance(`a header line (${inverted ? "active low" : "active high"})`, (clock) => {
    const gpio = fakeGpio();
    const output = gpioSwitch(gpio.openOutput(17, inverted), clock, { inverted });
    return {
      output,
      settleMs: 10,
      noticeMs: 3_000,
      isOn: () => gpio.level(17) !== inverted,
      reachable: (reachable) => gpio.fail(17, !reachable),
    };
  });
}

switchedOutputConformance("the fake", (clock) => {
  const output = fakeSwitchedOutput(clock);
  return { output, settleMs: 10, noticeMs: 3_000, isOn: output.isOn, reachable: output.reachable };
});
