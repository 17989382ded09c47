import { describe, expect, test } from "vitest";
import { type Pn532Options, pn532Reader } from "../../../hal/drivers/pn532.ts";
import type { Card, CardOutcome } from "../../../hal/ports/card-reader.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import type { SimulatedCard } from "../../../simulator/wires/card-reader.ts";
import { roomBench } from "../../support/room-bench.ts";

const WAKE_AND_SETUP = "55550000000000000000000000000000FF03FDD414011700";
const SEARCH = "0000FF04FCD44A0100E100";
const ATS = Uint8Array.of(0x78, 0x80);

function start(options: Pn532Options = {}) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const bench = roomBench(clock);
  const reader = pn532Reader(options, { bus: bench.buses.card, clock });
  const told: Card[] = [];
  reader.watch((card) => told.push(card));
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  const searches = () => bench.toCardReader.filter((hex) => hex === SEARCH).length;
  pass(1_000);
  return { clock, reader, told, pass, searches, ...bench };
}

describe("a PN532 card reader", () => {
  test("is woken and told to answer at once before it is ever asked for a card", () => {
    const { toCardReader } = start();
    expect(toCardReader.slice(0, 3).map((hex) => hex.slice(-WAKE_AND_SETUP.length))).toEqual([
      WAKE_AND_SETUP,
      "0000FF06FAD43205FF0102F300",
      SEARCH,
    ]);
    expect(new Set(toCardReader.slice(2))).toEqual(new Set([SEARCH]));
  });

  test("that lost power is woken and set up anew, though nothing on its line changed", () => {
    const { cardReader, toCardReader, pass, reader, told } = start();
    cardReader.powerLost();
    toCardReader.length = 0;
    cardReader.hold({ atqa: 4, sak: 8, uid: "D0BBE11A", ats: undefined });
    pass(3_000);
    expect(toCardReader[1]).toContain(WAKE_AND_SETUP);
    expect(toCardReader[2]).toContain("D43205");
    expect(reader.health()).toBe("good");
    expect(told).toHaveLength(1);
  });

  test("that searches for ever, as from the factory, is told to give up and then answers", () => {
    const { cardReader, lines, pass, reader } = start();
    cardReader.powerLost();
    // Somebody else's program wakes it and starts a search that never ends.
    lines.card.inject(new Uint8Array(0));
    cardReader.receive(Uint8Array.from(Buffer.from(WAKE_AND_SETUP + SEARCH, "hex")), 35);
    pass(5_000);
    expect(reader.health()).toBe("good");
  });

  test("a phone that draws a new number at every selection is told once while it stays", () => {
    const { cardReader, told, pass } = start();
    for (let at = 0; at < 20; at++) {
      const uid = `08${(0x100000 + at).toString(16).toUpperCase()}`;
      cardReader.hold({ atqa: 4, sak: 0x20, uid, ats: ATS });
      pass(250);
    }
    expect(told).toMatchObject([{ uidFixed: false, speaks: true }]);
  });

  test("nobody is searched for between the steps of a conversation, and searching goes on after it", () => {
    const selections: number[] = [];
    const card: SimulatedCard = {
      ...{ atqa: 4, sak: 0x28, uid: "FDE60899", ats: ATS },
      answer: (command, step) => {
        selections.push(step);
        return command;
      },
    };
    const { cardReader, told, pass, reader, searches } = start();
    cardReader.hold(card);
    pass(1_000);
    const outcomes: CardOutcome[] = [];
    const ask = () => reader.exchange(told[0] as Card, Uint8Array.of(1), (outcome) => outcomes.push(outcome));
    ask();
    pass(150);
    const before = searches();
    for (let step = 0; step < 10; step++) {
      ask();
      pass(300);
    }
    expect(searches()).toBe(before);
    expect(outcomes).toHaveLength(11);
    // One selection: the card counted every step without starting again.
    expect(selections).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    pass(2_000);
    expect(searches()).toBeGreaterThan(before + 3);
  });

  test("a card that leaves in the middle of a conversation ends it, and no other card takes its place", () => {
    const speaking: SimulatedCard = { atqa: 4, sak: 0x28, uid: "FDE60899", ats: ATS, answer: (command) => command };
    const { cardReader, told, pass, reader } = start();
    cardReader.hold(speaking);
    pass(1_000);
    const outcomes: string[] = [];
    const ask = () => reader.exchange(told[0] as Card, Uint8Array.of(1), ({ is }) => outcomes.push(is));
    ask();
    pass(100);
    cardReader.hold({ ...speaking, uid: "FDE6089B" });
    ask();
    pass(1_000);
    ask();
    pass(1_000);
    expect(outcomes).toEqual(["answered", "failed", "gone"]);
    expect(told.map(({ uid }) => uid)).toEqual(["FDE60899", "FDE6089B"]);
  });

  test.each([0.05, 0.3])(
    "with a share of %d of its answers damaged no card is ever told that was not there",
    (damaged) => {
      const { cardReader, lines, told, pass } = start();
      lines.card.faults.corruptReply = damaged;
      lines.card.faults.fragment = 0.5;
      const uids = ["D0BBE11A", "04416D412B0289", "FDE60899"];
      for (let at = 0; at < 60; at++) {
        const uid = uids[at % 3] as string;
        cardReader.hold({ atqa: 4, sak: 8, uid, ats: undefined });
        pass(3_000);
      }
      expect(told.length).toBeGreaterThan(20);
      for (const { uid } of told) expect(uids).toContain(uid);
    },
  );

  test("a question that waits when the line is lost settles, once", () => {
    const { cardReader, lines, told, pass, reader } = start();
    cardReader.hold({ atqa: 4, sak: 0x28, uid: "FDE60899", ats: ATS, answer: (command) => command });
    pass(1_000);
    const outcomes: string[] = [];
    reader.exchange(told[0] as Card, Uint8Array.of(1), ({ is }) => outcomes.push(is));
    lines.card.unplug();
    pass(5_000);
    expect(outcomes).toEqual(["silent"]);
    expect(reader.health()).toBe("silent");
    lines.card.replug();
    pass(15_000);
    expect(reader.health()).toBe("good");
    expect(told).toHaveLength(2);
  });
});
