/** What every code reader must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { CodeReader } from "../../hal/ports/code-reader.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface CodeReaderBench {
  readonly reader: CodeReader;
  /** Somebody holds a code before the window; the reader sees it once. */
  show(text: string): void;
  answering(answers: boolean): void;
  /** Long enough for a code to arrive, and for a dead reader to be noticed and found again. */
  readonly noticeMs: number;
}

export function codeReaderConformance(name: string, open: (clock: VirtualClock) => CodeReaderBench): void {
  describe(`${name} keeps the contract of the code-reader port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const codes: string[] = [];
      bench.reader.watch((text) => codes.push(text));
      const pass = (ms = bench.noticeMs): void => void clock.runUntil(clock.nowMs + ms);
      return { clock, codes, pass, ...bench };
    }

    test.each(["m1", "https://example.test/?m=0001", "站-42 ✓", "x".repeat(400)])(
      "a code comes as it was shown: %s",
      (text) => {
        const { show, pass, codes } = start();
        pass();
        show(text);
        pass();
        expect(codes).toEqual([text]);
      },
    );

    test("a code held before the window is told once; shown again later it is told again", () => {
      const { show, pass, codes } = start();
      pass();
      for (let at = 0; at < 10; at++) {
        show("m1");
        pass(400);
      }
      expect(codes).toEqual(["m1"]);
      pass(2_000);
      show("m1");
      pass();
      expect(codes).toEqual(["m1", "m1"]);
    });

    test("different codes one after the other are all told, in order", () => {
      const { show, pass, codes } = start();
      pass();
      for (const text of ["a", "b", "a"]) {
        show(text);
        pass(500);
      }
      expect(codes).toEqual(["a", "b", "a"]);
    });

    test("its health is unknown at first, good when it lives, silent when it does not, and good again", () => {
      const { reader, answering, show, pass, codes } = start();
      expect(reader.health()).toBe("unknown");
      pass();
      expect(reader.health()).toBe("good");
      answering(false);
      pass();
      show("lost");
      pass();
      expect(reader.health()).toBe("silent");
      answering(true);
      pass();
      expect(reader.health()).toBe("good");
      expect(codes).toEqual([]);
    });
  });
}
