/**
 * The header chip in memory. Outputs drive what they are wired to and keep their level when their opener dies, as sysfs
 * and most kernels leave it. Inputs follow their source; edges are told when something happened in the station.
 */
import type { Gpio } from "../../hal/ports/gpio.ts";
import type { InputSource, RelaySink } from "./points.ts";

export interface GpioLines extends Gpio {
  /** Wires `sink` to an output line; it is told every change of level. `initially` is the level before anybody opens it. */
  wireOutput(line: number, sink: RelaySink, initially: boolean): void;
  wireInput(line: number, source: InputSource): void;
  /** Looks at every watched input and tells the edges. */
  refresh(): void;
}

interface Watched {
  readonly line: number;
  readonly tell: (high: boolean) => void;
  high: boolean;
}

export function createGpioLines(): GpioLines {
  const levels = new Map<number, boolean>();
  const sinks = new Map<number, RelaySink>();
  const sources = new Map<number, InputSource>();
  let watched: Watched[] = [];

  const drive = (line: number, high: boolean): void => {
    if (levels.get(line) === high) return;
    levels.set(line, high);
    sinks.get(line)?.(high);
  };
  const sense = (line: number): boolean => sources.get(line)?.() ?? false;

  return {
    wireOutput(line, sink, initially) {
      sinks.set(line, sink);
      levels.set(line, initially);
    },
    wireInput(line, source) {
      sources.set(line, source);
    },
    refresh() {
      for (const watch of watched) {
        const high = sense(watch.line);
        if (high === watch.high) continue;
        watch.high = high;
        watch.tell(high);
      }
    },
    openOutput(line, initiallyHigh) {
      drive(line, initiallyHigh);
      return { write: (high) => drive(line, high), read: () => levels.get(line) ?? false, close: () => {} };
    },
    openInput(line) {
      return {
        read: () => sense(line),
        watch(onLevel) {
          watched.push({ line, tell: onLevel, high: sense(line) });
        },
        close() {
          watched = watched.filter((watch) => watch.line !== line);
        },
      };
    },
  };
}
