/**
 * Expander boards of a simulated station, at the ports: the library behind the real ones keeps a time of its own, and a
 * simulation must not. Points sample what the world feeds them, turn stale after three missed periods and let go with their
 * lease, as the real ones do. The board's bytes are played elsewhere (`firmata-board.ts`).
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import { decodeNtc, encodeNtc } from "../../hal/codecs/ntc-thermistor.ts";
import type { AnalogInput } from "../../hal/ports/analog-input.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import type { Reading, Watch } from "../../hal/ports/reading.ts";
import type { RoomWorld } from "../room/room-world.ts";

/** What is behind the boards. */
export interface ExpanderWorld {
  /** Whether the board is plugged in and has power. */
  answers(device: string): boolean;
  /** Voltage at an input, as a share of the supply; undefined = it is not reported. */
  share(device: string, input: string): number | undefined;
}

/** What the boards of a station's room feel: the fridge's air, as far as a board measures it. They live off the computer. */
export function roomExpanders({ fridge: section, devices }: ConfigFile, room: RoomWorld | undefined): ExpanderWorld {
  const air = section?.wires.air;
  const board = devices.find(({ id }) => id === air?.device);
  const input = board?.kind === "firmata" ? board.inputs.find(({ id }) => id === air?.channel) : undefined;
  return {
    answers: () => true,
    share: (device, name) => {
      const fridge = room?.fridge;
      if (fridge === undefined || input?.kind !== "thermistor" || device !== board?.id || name !== input.id) {
        return undefined;
      }
      return Math.round(encodeNtc(fridge.airC, input) * ADC_MAX) / ADC_MAX;
    },
  };
}

/** The converter's steps: a tenth of a degree around the fridge's temperature. */
const ADC_MAX = 1_023;

interface Entry {
  readonly id: string;
  readonly periodMs: number;
  readonly inputs: ReadonlyArray<
    | { readonly id: string; readonly kind: "raw" }
    | ({ readonly id: string; readonly kind: "thermistor" } & Parameters<typeof decodeNtc>[1])
  >;
  readonly outputs: ReadonlyArray<{ readonly id: string }>;
}

const MISSED_MAX = 3;
const LEASE_MS_MAX = 2_000;
/** From an order to the load, through another process and the line. */
const ORDER_MS = 20;

interface Point {
  readonly input: AnalogInput;
  sample(value: number | undefined, nowMs: number): void;
}

/** `value`: undefined = nothing was heard, NaN = what was heard cannot be. */
function point(staleMs: number): Point {
  const watches: Array<Watch<number>> = [];
  let reading: Reading<number> = { value: Number.NaN, atMs: 0, quality: "stale" };
  let heardMs = Number.NEGATIVE_INFINITY;
  const tell = (next: Reading<number>): void => {
    reading = next;
    for (const watch of watches) watch(next);
  };
  return {
    input: { reading: () => reading, watch: (onChange) => void watches.push(onChange) },
    sample(value, nowMs) {
      if (value !== undefined) heardMs = nowMs;
      if (value === undefined) {
        if (nowMs - heardMs >= staleMs && reading.quality !== "stale") tell({ ...reading, quality: "stale" });
      } else if (!Number.isNaN(value)) tell({ value, atMs: nowMs, quality: "good" });
      else if (reading.quality !== "invalid") tell({ ...reading, quality: "invalid" });
    },
  };
}

export interface SimulatedOutput extends PwmOutput {
  /** What really happens at the load now. */
  driven(): number;
}

function output(clock: Clock, answers: () => boolean): SimulatedOutput {
  let held = 0;
  let fromMs = 0;
  let untilMs = Number.NEGATIVE_INFINITY;
  let before = 0;
  const driven = (): number => {
    const nowMs = clock.monotonicMs();
    if (nowMs < fromMs) return before;
    return nowMs < untilMs ? held : 0;
  };
  return {
    hold(share, leaseUntilMs) {
      if (!answers()) return;
      const nowMs = clock.monotonicMs();
      before = driven();
      const wanted = share > 0 ? Math.min(share, 1) : 0;
      // A renewal of the same takes no time to arrive.
      if (wanted !== held || nowMs >= untilMs) fromMs = nowMs + ORDER_MS;
      held = wanted;
      untilMs = Math.min(leaseUntilMs, nowMs + LEASE_MS_MAX);
    },
    state: () => (answers() ? driven() : "unknown"),
    driven,
  };
}

const believable = (share: number): number => (share > 0 && share < 1 ? share : Number.NaN);

export function simulatedExpander(entry: Entry, clock: Clock, world: ExpanderWorld) {
  const inputs = new Map<string, AnalogInput>();
  const thermometers = new Map<string, AnalogInput>();
  const outputs = new Map<string, SimulatedOutput>();
  const samplers: Array<(nowMs: number) => void> = [];
  const answers = (): boolean => world.answers(entry.id);
  let closed = false;

  for (const input of entry.inputs) {
    const share = point(MISSED_MAX * entry.periodMs);
    const temperature = point(MISSED_MAX * entry.periodMs);
    inputs.set(input.id, share.input);
    if (input.kind === "thermistor") thermometers.set(input.id, temperature.input);
    samplers.push((nowMs) => {
      const fed = answers() ? world.share(entry.id, input.id) : undefined;
      share.sample(fed === undefined ? undefined : believable(fed), nowMs);
      if (input.kind !== "thermistor") return;
      temperature.sample(fed === undefined ? undefined : (decodeNtc(fed, input) ?? Number.NaN), nowMs);
    });
  }
  for (const { id } of entry.outputs) outputs.set(id, output(clock, answers));

  const sample = (): void => {
    if (closed) return;
    for (const run of samplers) run(clock.monotonicMs());
    clock.after(entry.periodMs, sample);
  };
  clock.after(entry.periodMs, sample);
  return {
    inputs,
    thermometers,
    outputs,
    watch: () => undefined,
    close: () => {
      closed = true;
      for (const { hold } of outputs.values()) hold(0, 0);
    },
  };
}
