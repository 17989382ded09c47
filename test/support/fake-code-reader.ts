/** A code reader without hardware. Passes the code-reader conformance suite. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { CodeReader } from "../../hal/ports/code-reader.ts";

export interface FakeCodeReader extends CodeReader {
  show(text: string): void;
  answering(answers: boolean): void;
}

export function fakeCodeReader(clock: Clock): FakeCodeReader {
  const watches: Array<(text: string) => void> = [];
  let answers = true;
  let health: "unknown" | "good" | "silent" = "unknown";
  let seenText = "";
  let seenMs = Number.NEGATIVE_INFINITY;

  function probe(): void {
    clock.after(500, probe);
    health = answers ? "good" : "silent";
  }
  clock.after(500, probe);

  return {
    show(text) {
      if (!answers) return;
      clock.after(80, () => {
        const repeated = text === seenText && clock.monotonicMs() - seenMs < 1_500;
        seenText = text;
        seenMs = clock.monotonicMs();
        if (!repeated) for (const watch of watches) watch(text);
      });
    },
    answering(next) {
      answers = next;
    },
    watch: (onCode) => void watches.push(onCode),
    health: () => health,
  };
}
