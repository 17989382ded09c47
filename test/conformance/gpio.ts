/** What every GPIO driver must do, whatever is under it. One suite, run on each driver and on the fake. */
import { afterEach, describe, expect, test } from "vitest";
import type { Gpio } from "../../hal/ports/gpio.ts";

export interface GpioBench {
  readonly gpio: Gpio;
  /** What a meter at the header line would show. */
  level(line: number): boolean;
  /** Drives an input from outside. */
  drive(line: number, high: boolean): void;
  /** Lets edges arrive. */
  settle(): void;
  /** Undoes what the bench set up. */
  close(): void;
}

export interface GpioConformanceOptions {
  /** Whether edges can be proved on this bench. */
  readonly edges: boolean;
}

export function gpioConformance(
  name: string,
  options: GpioConformanceOptions,
  open: () => Promise<GpioBench> | GpioBench,
): void {
  describe(`${name} keeps the contract of the GPIO port`, () => {
    let bench: GpioBench | undefined;
    const start = async (): Promise<GpioBench> => {
      bench = await open();
      return bench;
    };
    afterEach(() => {
      bench?.close();
      bench = undefined;
    });

    // Results are gathered first and compared after the bench is closed: under mock-fs the test runner itself is blind.
    function observe<T>(using: GpioBench, act: (bench: GpioBench) => T): T {
      try {
        return act(using);
      } finally {
        using.close();
        bench = undefined;
      }
    }

    test.each([true, false])("an output opened with level %s shows that level", async (high) => {
      const seen = observe(await start(), ({ gpio, level }) => {
        const output = gpio.openOutput(17, high);
        return [level(17), output.read()];
      });
      expect(seen).toEqual([high, high]);
    });

    test("an output follows every write and reads back what the line shows", async () => {
      const seen = observe(await start(), ({ gpio, level }) => {
        const output = gpio.openOutput(17, false);
        return [true, true, false, true, false].map((high) => {
          output.write(high);
          return [high, level(17), output.read()];
        });
      });
      for (const [wanted, shown, read] of seen) expect([shown, read]).toEqual([wanted, wanted]);
    });

    test("closing an output leaves it at the level it was opened with, and later writes do nothing", async () => {
      const seen = observe(await start(), ({ gpio, level }) => {
        const output = gpio.openOutput(27, true);
        output.write(false);
        output.close();
        const closed = level(27);
        output.write(false);
        output.close();
        return [closed, level(27)];
      });
      expect(seen).toEqual([true, true]);
    });

    test("two outputs do not touch each other", async () => {
      const seen = observe(await start(), ({ gpio, level }) => {
        const first = gpio.openOutput(17, false);
        gpio.openOutput(27, false);
        first.write(true);
        return [level(17), level(27)];
      });
      expect(seen).toEqual([true, false]);
    });

    test("an input reads the level that is there, each time anew", async () => {
      const seen = observe(await start(), ({ gpio, drive }) => {
        const input = gpio.openInput(4);
        return [true, false, true].map((high) => {
          drive(4, high);
          return input.read();
        });
      });
      expect(seen).toEqual([true, false, true]);
    });

    if (!options.edges) return;
    test("a watched input tells each change once, and nothing after it was closed", async () => {
      const { gpio, drive, settle } = await start();
      const told: boolean[] = [];
      const input = gpio.openInput(4);
      input.watch((high) => told.push(high));
      settle();
      for (const high of [true, true, false, true]) {
        drive(4, high);
        settle();
      }
      expect(told).toEqual([true, false, true]);
      input.close();
      drive(4, false);
      settle();
      expect(told).toEqual([true, false, true]);
    });
  });
}
