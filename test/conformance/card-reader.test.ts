import { pn532Reader } from "../../hal/drivers/pn532.ts";
import type { SimulatedCard } from "../../simulator/wires/card-reader.ts";
import { type FakeCard, fakeCardReader } from "../support/fake-card-reader.ts";
import { roomBench } from "../support/room-bench.ts";
import { cardReaderConformance, type TestCard } from "./card-reader.ts";

const UIDS = { plain: "04416D412B0289", speaking: "FDE60899", dumb: "FDE6089A" } as const;
const turned = (command: Uint8Array): Uint8Array => command.toReversed();

const ATS = Uint8Array.of(0x78, 0x80, 0x90, 0x02);
const SIMULATED: Readonly<Record<TestCard, SimulatedCard>> = {
  plain: { atqa: 0x44, sak: 0, uid: UIDS.plain, ats: undefined },
  speaking: { atqa: 4, sak: 0x28, uid: UIDS.speaking, ats: ATS, answer: turned },
  dumb: { atqa: 4, sak: 0x20, uid: UIDS.dumb, ats: ATS },
};

cardReaderConformance("the PN532 driver", (clock) => {
  const { buses, lines, cardReader } = roomBench(clock);
  return {
    reader: pn532Reader({}, { bus: buses.card, clock }),
    uids: UIDS,
    noticeMs: 15_000,
    hold: (card) => cardReader.hold(card === undefined ? undefined : SIMULATED[card]),
    answering: (answers) => {
      lines.card.faults.silent = !answers;
    },
  };
});

const FAKE: Readonly<Record<TestCard, FakeCard>> = {
  plain: { uid: UIDS.plain, uidFixed: true, speaks: false },
  speaking: { uid: UIDS.speaking, uidFixed: true, speaks: true, answer: turned },
  dumb: { uid: UIDS.dumb, uidFixed: true, speaks: true },
};

cardReaderConformance("the fake", (clock) => {
  const reader = fakeCardReader(clock);
  return {
    reader,
    uids: UIDS,
    noticeMs: 3_000,
    hold: (card) => reader.hold(card === undefined ? undefined : { ...FAKE[card] }),
    answering: reader.answering,
  };
});
