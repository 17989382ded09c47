import type { NtcDivider } from "../../hal/codecs/ntc-thermistor.ts";
import { encodeNtc } from "../../hal/codecs/ntc-thermistor.ts";
import type { AnalogInput } from "../../hal/ports/analog-input.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import { simulatedExpander } from "../../simulator/wires/expander-points.ts";
import { expanderBench, expanderEntry } from "../support/expander-bench.ts";
import { measurementConformance } from "./measurement.ts";
import { pwmOutputConformance } from "./pwm-output.ts";

measurementConformance("an analog input of an expander board", {
  unit: "of the supply",
  values: [0.25, 0.5, 1 / 1_023, 1_022 / 1_023],
  open: (clock) => {
    const { expander, board } = expanderBench(clock);
    return {
      sensor: expander.inputs.get("daylight") as AnalogInput,
      noticeMs: 15_000,
      set(sample) {
        board.share = sample === "silent" ? undefined : sample === "nonsense" ? 1 : sample;
      },
    };
  },
});

measurementConformance("a thermistor of an expander board", {
  unit: "°C",
  values: [4.5, 5, -40, -10.12, 0, 21.5, 60],
  open: (clock) => {
    const { expander, board } = expanderBench(clock);
    return {
      sensor: expander.thermometers.get("fridge-air") as Thermometer,
      noticeMs: 15_000,
      set(sample) {
        const divider = expanderEntry.inputs[0] as NtcDivider & { id: string };
        // Off by one step of the converter: no short, and no temperature either.
        const nonsense = 1_022 / 1_023;
        board.share = sample === "silent" ? undefined : sample === "nonsense" ? nonsense : encodeNtc(sample, divider);
      },
    };
  },
});

pwmOutputConformance("an output of an expander board", (clock) => {
  const { expander, board } = expanderBench(clock);
  return {
    output: expander.outputs.get("fan") as PwmOutput,
    share: () => board.driven.get(3) ?? 0,
    answering: (answers) => (answers ? board.plug() : board.unplug()),
    noticeMs: 15_000,
  };
});

measurementConformance("an analog input of a simulated expander board", {
  unit: "of the supply",
  values: [0.25, 0.5, 1 / 1_023, 1_022 / 1_023],
  open: (clock) => {
    let fed: number | undefined;
    const expander = simulatedExpander(expanderEntry, clock, { answers: () => true, share: () => fed });
    return {
      sensor: expander.inputs.get("daylight") as AnalogInput,
      noticeMs: 15_000,
      set(sample) {
        fed = sample === "silent" ? undefined : sample === "nonsense" ? 1 : sample;
      },
    };
  },
});

measurementConformance("a thermistor of a simulated expander board", {
  unit: "°C",
  values: [4.5, 5, -40, -10.12, 0, 21.5, 60],
  open: (clock) => {
    let fed: number | undefined;
    const expander = simulatedExpander(expanderEntry, clock, { answers: () => true, share: () => fed });
    const divider = expanderEntry.inputs[0] as NtcDivider & { id: string };
    return {
      sensor: expander.thermometers.get("fridge-air") as Thermometer,
      noticeMs: 15_000,
      set(sample) {
        fed = sample === "silent" ? undefined : sample === "nonsense" ? 1_022 / 1_023 : encodeNtc(sample, divider);
      },
    };
  },
});

pwmOutputConformance("an output of a simulated expander board", (clock) => {
  let plugged = true;
  const world = { answers: () => plugged, share: () => undefined };
  const output = simulatedExpander(expanderEntry, clock, world).outputs.get("fan");
  if (output === undefined) throw new Error("no fan");
  return {
    output,
    share: output.driven,
    answering: (answers) => {
      plugged = answers;
    },
    noticeMs: 1_000,
  };
});
