/** A card reader without hardware. Passes the card-reader conformance suite. */
import type { Card, CardOutcome, CardReader } from "../../hal/ports/card-reader.ts";
import type { Clock } from "../../hal/ports/clock.ts";

export interface FakeCard extends Card {
  answer?(command: Uint8Array): Uint8Array | undefined;
}

export interface FakeCardReader extends CardReader {
  hold(card: FakeCard | undefined): void;
  answering(answers: boolean): void;
}

const COMMAND_BYTES_MAX = 250;
const REPEAT_MS = 1_500;

export function fakeCardReader(clock: Clock): FakeCardReader {
  const watches: Array<(card: Card) => void> = [];
  let answers = true;
  let health: "unknown" | "good" | "silent" = "unknown";
  let held: FakeCard | undefined;
  let told: FakeCard | undefined;
  let seenMs = Number.NEGATIVE_INFINITY;
  let talking = false;

  function look(): void {
    clock.after(250, look);
    health = answers ? "good" : "silent";
    if (!answers || held === undefined) return;
    const same = told?.uid === held.uid && clock.monotonicMs() - seenMs < REPEAT_MS;
    seenMs = clock.monotonicMs();
    if (same) return;
    told = held;
    for (const watch of watches) watch(held);
  }
  clock.after(250, look);

  function outcomeOf(card: Card, command: Uint8Array): CardOutcome {
    if (!answers) return { is: "silent" };
    if (card !== told || clock.monotonicMs() - seenMs >= REPEAT_MS) return { is: "gone" };
    if (!card.speaks) return { is: "mute" };
    if (command.length < 1 || command.length > COMMAND_BYTES_MAX) return { is: "too-long" };
    if (talking) return { is: "busy" };
    const answer = held === told ? held?.answer?.(command) : undefined;
    return answer === undefined ? { is: "failed" } : { is: "answered", answer };
  }

  return {
    hold(card) {
      held = card;
    },
    answering(next) {
      answers = next;
    },
    watch: (onCard) => void watches.push(onCard),
    exchange(card, command, done) {
      const outcome = outcomeOf(card, command);
      const settles = outcome.is === "answered" || outcome.is === "failed";
      if (settles) talking = true;
      clock.after(settles ? 40 : 0, () => {
        if (settles) talking = false;
        done(outcome);
      });
    },
    health: () => health,
  };
}
