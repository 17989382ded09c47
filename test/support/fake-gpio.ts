/** A header without hardware: levels in memory, edges told at once, failures on request. Passes the GPIO conformance suite. */
import type { Gpio, GpioInput, GpioOutput } from "../../hal/ports/gpio.ts";

export interface FakeGpio extends Gpio {
  /** What a meter at the line would show. */
  level(line: number): boolean;
  /** Drives an input from outside. */
  drive(line: number, high: boolean): void;
  /** Every access to the line throws until told otherwise. */
  fail(line: number, failing: boolean): void;
  /** Every level an output was told, in order. */
  written(line: number): readonly boolean[];
}

interface Line {
  high: boolean;
  failing: boolean;
  readonly written: boolean[];
  readonly watches: Set<(high: boolean) => void>;
}

export function fakeGpio(): FakeGpio {
  const lines = new Map<number, Line>();

  function at(number: number): Line {
    const known = lines.get(number);
    if (known !== undefined) return known;
    const made: Line = { high: false, failing: false, written: [], watches: new Set() };
    lines.set(number, made);
    return made;
  }

  function check(line: Line, number: number): void {
    if (line.failing) throw new Error(`GPIO ${number} fails on request`);
  }

  function openOutput(number: number, initiallyHigh: boolean): GpioOutput {
    const line = at(number);
    let closed = false;
    const write = (high: boolean): void => {
      check(line, number);
      if (closed) return;
      line.high = high;
      line.written.push(high);
    };
    write(initiallyHigh);
    return {
      write,
      read() {
        check(line, number);
        return line.high;
      },
      close() {
        if (!closed) write(initiallyHigh);
        closed = true;
      },
    };
  }

  function openInput(number: number): GpioInput {
    const line = at(number);
    const own: Array<(high: boolean) => void> = [];
    return {
      read() {
        check(line, number);
        return line.high;
      },
      watch(onLevel) {
        own.push(onLevel);
        line.watches.add(onLevel);
      },
      close() {
        for (const watch of own.splice(0)) line.watches.delete(watch);
      },
    };
  }

  return {
    openOutput,
    openInput,
    level: (number) => at(number).high,
    written: (number) => at(number).written,
    fail(number, failing) {
      at(number).failing = failing;
    },
    drive(number, high) {
      const line = at(number);
      if (line.high === high) return;
      line.high = high;
      for (const watch of line.watches) watch(high);
    },
  };
}
