import { gpioContact } from "../../hal/drivers/gpio-contact.ts";
import { waveshareRelayD } from "../../hal/drivers/waveshare-relay-d.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import { deviceBench } from "../support/device-bench.ts";
import { fakeDigitalInput } from "../support/fake-digital-input.ts";
import { fakeGpio } from "../support/fake-gpio.ts";
import { digitalInputConformance } from "./digital-input.ts";

for (const inverted of [false, true]) {
  const how = inverted ? "inverted" : "plain";
  digitalInputConformance(`an input of the Waveshare board (${how})`, (clock) => {
    const { buses, lines, relayBoard } = deviceBench(clock);
    let closed = inverted;
    relayBoard.inputs[7] = () => closed;
    const board = waveshareRelayD({ address: 1 }, { bus: buses.relay, clock });
    return {
      input: board.input(8, inverted) as DigitalInput,
      noticeMs: 8_000,
      set: (holds) => {
        closed = holds !== inverted;
      },
      readable: (readable) => {
        lines.relay.faults.silent = !readable;
      },
    };
  });

  digitalInputConformance(`a header line (${how})`, (clock) => {
    const gpio = fakeGpio();
    gpio.drive(4, inverted);
    return {
      input: gpioContact(gpio.openInput(4), clock, { inverted }),
      noticeMs: 3_000,
      set: (holds) => gpio.drive(4, holds !== inverted),
      readable: (readable) => gpio.fail(4, !readable),
    };
  });
}

digitalInputConformance("the fake", (clock) => {
  const input = fakeDigitalInput(clock);
  return { input, noticeMs: 1_000, set: input.set, readable: input.readable };
});
