import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { createCardReader, type SimulatedCard } from "../../../simulator/wires/card-reader.ts";
import { DeviceLine } from "../../../simulator/wires/device-line.ts";

const WAKE = "55550000000000000000000000000000FF03FDD414011700";
const SEARCH = "0000FF04FCD44A0100E100";
const RETRIES = "0000FF06FAD43205FF0102F300";
const GIVE_UP = "0000FF00FF00";
const ACK = GIVE_UP;
const NOBODY = "0000FF03FDD54B00E000";
const CARD: SimulatedCard = { atqa: 4, sak: 8, uid: "D0BBE11A", ats: undefined };
const CARD_TOLD = "0000FF0CF4D54B010100040804D0BBE11A4800";

function line() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const devices = new DeviceLine();
  const site = { mainsOn: true };
  const reader = createCardReader({ clock, site, turnaroundMs: 1, reply: devices.reply });
  devices.add(reader);
  const said: string[] = [];
  devices.connect((bytes) => said.push(Buffer.from(bytes).toString("hex").toUpperCase()));
  const ask = (hex: string): string[] => {
    said.length = 0;
    const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
    devices.receive(bytes, bytes.length);
    return [...said];
  };
  return { clock, site, reader, said, ask };
}

describe("a simulated PN532", () => {
  test("sleeps until it is woken, then answers as the real one was captured", () => {
    const { ask, reader } = line();
    expect(ask(SEARCH)).toEqual([]);
    expect(ask(WAKE)).toEqual([ACK, "0000FF02FED5151600"]);
    reader.hold(CARD);
    expect(ask(SEARCH)).toEqual([ACK, CARD_TOLD]);
  });

  test("searches for ever until told otherwise, and gives up when the host says so", () => {
    const { ask, reader, said } = line();
    ask(WAKE);
    expect(ask(SEARCH)).toEqual([ACK]);
    reader.hold(CARD);
    expect(said).toEqual([ACK, CARD_TOLD]);
    reader.hold(undefined);
    expect(ask(SEARCH)).toEqual([ACK]);
    expect(ask(GIVE_UP)).toEqual([]);
    reader.hold(CARD);
    expect(said).toEqual([]);
  });

  test("told to look three times, says at once that nobody is there", () => {
    const { ask } = line();
    ask(WAKE);
    expect(ask(RETRIES)).toEqual([ACK, "0000FF02FED533F800"]);
    expect(ask(SEARCH)).toEqual([ACK, NOBODY]);
  });

  test("after a loss of power it sleeps again and has forgotten what it was told", () => {
    const { ask, site } = line();
    ask(WAKE + RETRIES);
    site.mainsOn = false;
    expect(ask(SEARCH)).toEqual([]);
    site.mainsOn = true;
    expect(ask(SEARCH)).toEqual([]);
    ask(WAKE);
    expect(ask(SEARCH)).toEqual([ACK]);
  });

  test("a plain card does not answer questions, and what the chip does not know is a syntax error", () => {
    const { ask, reader } = line();
    ask(WAKE);
    reader.hold(CARD);
    ask(SEARCH);
    // InDataExchange, target 1, one byte AF; then its error 01, no answer in time.
    expect(ask("0000FF04FCD44001AF3C00")).toEqual([ACK, "0000FF03FDD54101E900"]);
    expect(ask("0000FF02FED4022A00")).toEqual([ACK, "0000FF01FF7F8100"]);
  });
});
