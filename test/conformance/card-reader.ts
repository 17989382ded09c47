/** What every card reader must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { Card, CardOutcome, CardReader } from "../../hal/ports/card-reader.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

/** A plain card; one that answers every command with the command turned round; one that never answers. */
export type TestCard = "plain" | "speaking" | "dumb";

export interface CardReaderBench {
  readonly reader: CardReader;
  /** Somebody holds this card to it, or nobody does. */
  hold(card: TestCard | undefined): void;
  answering(answers: boolean): void;
  /** The numbers of the cards, as the reader should tell them. */
  readonly uids: Readonly<Record<TestCard, string>>;
  /** Long enough for a dead reader to be noticed and found again. */
  readonly noticeMs: number;
}

const COMMAND = Uint8Array.of(0x90, 0x0a, 0x00, 0x01);

export function cardReaderConformance(name: string, open: (clock: VirtualClock) => CardReaderBench): void {
  function start() {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const bench = open(clock);
    const told: Card[] = [];
    bench.reader.watch((card) => told.push(card));
    const pass = (ms = bench.noticeMs): void => void clock.runUntil(clock.nowMs + ms);
    const shown = (card: TestCard): Card => {
      bench.hold(card);
      pass(1_000);
      return told.at(-1) as Card;
    };
    /** Outcomes in the order they came; pass time to see them. */
    const ask = (card: Card, command = COMMAND): CardOutcome[] => {
      const outcomes: CardOutcome[] = [];
      bench.reader.exchange(card, command, (outcome) => outcomes.push(outcome));
      expect(outcomes, "settled within the call").toEqual([]);
      return outcomes;
    };
    return { clock, told, pass, shown, ask, ...bench };
  }

  describe(`${name} keeps the contract of the card-reader port`, () => {
    test("a card is told once while it stays, and again when it comes back", () => {
      const { hold, pass, told, uids } = start();
      pass();
      hold("plain");
      pass(5_000);
      expect(told).toEqual([{ uid: uids.plain, uidFixed: true, speaks: false }]);
      hold(undefined);
      pass(3_000);
      hold("plain");
      pass(1_000);
      expect(told.map(({ uid }) => uid)).toEqual([uids.plain, uids.plain]);
      expect(told[1]).not.toBe(told[0]);
    });

    test("different cards one after the other are all told, in order", () => {
      const { hold, pass, told, uids } = start();
      pass();
      for (const card of ["plain", "speaking", "dumb"] as const) {
        hold(card);
        pass(1_000);
      }
      expect(told.map(({ uid }) => uid)).toEqual([uids.plain, uids.speaking, uids.dumb]);
    });

    test("a challenge reaches the card and its answer comes back unread, several times in a row", () => {
      const { pass, shown, ask, told } = start();
      pass();
      const card = shown("speaking");
      for (let step = 0; step < 5; step++) {
        const outcomes = ask(card, Uint8Array.of(0x90, step));
        pass(200);
        expect(outcomes).toEqual([{ is: "answered", answer: Uint8Array.of(step, 0x90) }]);
      }
      pass(2_000);
      expect(told).toHaveLength(1);
    });

    test("a second question while the first is under way is busy, and both settle exactly once", () => {
      const { pass, shown, ask } = start();
      pass();
      const card = shown("speaking");
      const first = ask(card);
      const second = ask(card);
      pass(2_000);
      expect([first, second].map((outcomes) => outcomes.map(({ is }) => is))).toEqual([["answered"], ["busy"]]);
    });

    test.each([
      ["plain", "mute"],
      ["dumb", "failed"],
    ] as const)("a %s card that is asked is %s", (which, is) => {
      const { pass, shown, ask } = start();
      pass();
      const outcomes = ask(shown(which));
      pass(2_000);
      expect(outcomes).toEqual([{ is }]);
    });

    test.each([0, 251])("a question of %d bytes is never sent", (size) => {
      const { pass, shown, ask } = start();
      pass();
      const outcomes = ask(shown("speaking"), new Uint8Array(size));
      pass(1_000);
      expect(outcomes).toEqual([{ is: "too-long" }]);
    });

    test("a card that was taken away is gone, and another one never answers for it", () => {
      const { hold, pass, shown, ask } = start();
      pass();
      const card = shown("speaking");
      hold(undefined);
      pass(3_000);
      const alone = ask(card);
      pass(1_000);
      expect(alone).toEqual([{ is: "gone" }]);
      shown("plain");
      const replaced = ask(card);
      pass(1_000);
      expect(replaced).toEqual([{ is: "gone" }]);
    });

    test("its health is unknown at first, good when it lives, silent when it does not, and good again", () => {
      const { reader, answering, hold, pass, told, shown, ask } = start();
      expect(reader.health()).toBe("unknown");
      pass();
      expect(reader.health()).toBe("good");
      const card = shown("speaking");
      answering(false);
      pass();
      expect(reader.health()).toBe("silent");
      const outcomes = ask(card);
      hold("plain");
      pass();
      expect(outcomes).toEqual([{ is: "silent" }]);
      expect(told).toHaveLength(1);
      answering(true);
      pass();
      expect(reader.health()).toBe("good");
      expect(told).toHaveLength(2);
    });
  });
}
