/**
 * An expander board as the station sees it: analog inputs, thermometers and PWM outputs by the names of the configuration. It
 * is there at once and says nothing until the board does; nothing waits for it, and nothing that keeps anybody safe may
 * hang on it.
 */
import { thermistor } from "../../hal/drivers/thermistor.ts";
import type { AnalogInput } from "../../hal/ports/analog-input.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import type { FirmataEntry } from "../config/schema-expander.ts";
import type { Note } from "../runner/platform.ts";
import type { ForkExpander } from "./child-process.ts";
import type { Expander } from "./expander.ts";
import { AnalogPoint, PwmPoint } from "./points.ts";
import { type ExpanderHealth, Supervisor } from "./supervisor.ts";

export interface ExpanderPorts {
  readonly clock: Clock;
  readonly fork: ForkExpander;
  readonly note: Note;
}

/** A loss is told through `watch` as every line's is; what nobody else tells is how to mend a refusal. */
const levels = { ready: "info", absent: "debug", lost: "debug", refused: "error" } as const;

export function openExpander(entry: FirmataEntry, { clock, fork, note }: ExpanderPorts): Expander {
  const watchers: Array<(lost: boolean, why: string) => void> = [];
  const channels = new Map<number, AnalogPoint>();
  const pins = new Map<number, PwmPoint>();
  const inputs = new Map<string, AnalogInput>();
  const thermometers = new Map<string, Thermometer>();
  const outputs = new Map<string, PwmOutput>();

  function health(state: ExpanderHealth): void {
    for (const point of pins.values()) point.forget();
    note(levels[state.is], "expander", { device: entry.id, ...state });
    const ready = state.is === "ready";
    for (const watcher of watchers) watcher(!ready, ready ? state.firmware : state.why);
  }

  for (const input of entry.inputs) {
    const point = channels.get(input.pin) ?? new AnalogPoint(clock, entry.periodMs);
    channels.set(input.pin, point);
    inputs.set(input.id, point);
    if (input.kind === "thermistor") thermometers.set(input.id, thermistor(point, input));
  }
  for (const { id, pin } of entry.outputs) {
    const point = new PwmPoint(clock, pin, (order) => supervisor.send(order));
    pins.set(pin, point);
    outputs.set(id, point);
  }
  const supervisor = new Supervisor({
    clock,
    fork,
    open: {
      say: "open",
      path: entry.path,
      baud: entry.baud,
      periodMs: entry.periodMs,
      channels: [...channels.keys()],
      pins: [...pins.keys()],
    },
    heard: (report) => {
      if (report.say === "sampled") channels.get(report.channel)?.take(report.share);
      else pins.get(report.pin)?.confirmed(report.share);
    },
    health,
  });
  return {
    inputs,
    thermometers,
    outputs,
    watch: (onHealth) => void watchers.push(onHealth),
    close: () => supervisor.close(),
  };
}
