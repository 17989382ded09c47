import { describe, expect, test } from "vitest";
import { encodeDpmRead, encodeDpmWrite } from "../../../hal/codecs/dpm86.ts";
import { parseJbdReply } from "../../../hal/codecs/jbd.ts";
import { decodeJbdBasic, decodeJbdCells } from "../../../hal/codecs/jbd-registers.ts";
import { decodeW1Slave } from "../../../hal/codecs/w1-slave.ts";
import { DeviceLine } from "../../../simulator/wires/device-line.ts";
import { createDpmChargers } from "../../../simulator/wires/dpm-chargers.ts";
import { enable, hex, smallStation } from "../small-station.ts";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const ascii = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));
/** A bay that surely holds a pack, and one that surely does not. */
const full = { emptyBaysPerCabinet: 0 };
const empty = { emptyBaysPerCabinet: 4 };

describe("the pack link (JBD General Protocol V4)", () => {
  const READ_BASIC = bytes("DD A5 03 00 FF FD 77");
  const READ_MODEL = bytes("DD A5 05 00 FF FB 77");

  test("a pack sleeps through the first question, then tells its state, its cells and its name", () => {
    const station = smallStation({ ...full, initialSoc: 0.5, initialPackC: 21.37 });
    const { ask } = station.talk("/pack-2");
    expect(ask(READ_BASIC)).toBe("");
    const heard = bytes(ask(READ_BASIC));
    const answer = parseJbdReply(heard, heard.length, 3);
    const basic = answer.is === "frame" ? decodeJbdBasic(answer.value.data) : undefined;
    expect(basic).toMatchObject({
      packMv: 13 * 3_730,
      packMa: 0,
      socPct: 50,
      nominalMah: 24_000,
      remainingMah: 12_000,
      cellCount: 13,
      protectionBits: 0,
      chargeMosOn: true,
      dischargeMosOn: true,
    });
    expect(basic?.tempsC).toHaveLength(3);
    // The air of the bay moves the pack by thousandths meanwhile.
    expect(basic?.tempsC[0]).toBeCloseTo(21.3, 1);
    const cells = bytes(ask(bytes("DD A5 04 00 FF FC 77")));
    const cellAnswer = parseJbdReply(cells, cells.length, 4);
    expect(cellAnswer.is === "frame" && decodeJbdCells(cellAnswer.value.data)).toHaveLength(13);
    const name = Buffer.from(station.world.truth.bay(2).pack?.id ?? "", "latin1");
    expect(name.toString()).toMatch(/^yz-4824-\d{6}$/);
    expect(ask(READ_MODEL)).toContain(`DD05000E${hex(name)}`);
  });

  test("the charge MOS goes off and on by register E1, whose bits mean off", () => {
    const station = smallStation(full);
    const { ask } = station.talk("/pack-1");
    ask(READ_BASIC);
    expect(ask(bytes("DD 5A E1 02 00 01 FF 1C 77"))).toBe("DDE10000000077");
    expect(station.world.truth.bay(1).pack?.chargeMosOn).toBe(false);
    expect(ask(bytes("DD 5A E1 02 00 00 FF 1D 77"))).toBe("DDE10000000077");
    expect(station.world.truth.bay(1).pack?.chargeMosOn).toBe(true);
  });

  test("refuses a register it does not have, and a MOS value above 3", () => {
    const { ask } = smallStation(full).talk("/pack-1");
    ask(READ_BASIC);
    expect(ask(bytes("DD A5 10 00 FF F0 77"))).toBe("DD108000FF8077");
    expect(ask(bytes("DD 5A E1 02 00 04 FF 19 77"))).toBe("DDE18000FF8077");
  });

  test("nobody answers where no pack is plugged in, and to a wrong checksum", () => {
    const nobody = smallStation(empty).talk("/pack-1");
    expect([nobody.ask(READ_BASIC), nobody.ask(READ_BASIC)]).toEqual(["", ""]);
    const somebody = smallStation(full).talk("/pack-1");
    somebody.ask(READ_BASIC);
    expect(somebody.ask(bytes("DD A5 03 00 FF FC 77"))).toBe("");
  });

  test("hears a request in whatever pieces it comes, after junk, and twice in one chunk", () => {
    const station = smallStation(full);
    const { ask, wire } = station.talk("/pack-1");
    ask(READ_MODEL);
    const whole = ask(READ_MODEL);
    for (const piece of READ_MODEL) wire.write(Uint8Array.of(piece));
    expect(ask(new Uint8Array(0))).toBe(whole);
    expect(ask(bytes("00 DD 77 DD A5 05 00 FF FB 77"))).toBe(whole);
    expect(ask(bytes("DD A5 05 00 FF FB 77 DD A5 05 00 FF FB 77"), 200)).toBe(whole + whole);
    // Half a request is forgotten after a silence.
    ask(READ_MODEL.slice(0, 4), 500);
    expect(ask(READ_MODEL.slice(4))).toBe("");
    ask(READ_MODEL.slice(0, 4), 500);
    expect(ask(READ_MODEL)).toBe(whole);
  });
});

describe("the lock board (8A/80 family)", () => {
  test("acknowledges a pulse with the contact of that moment, so the answer equals the request", () => {
    const station = smallStation(full);
    const { ask } = station.talk("/locks-a");
    expect(ask(bytes("8A 01 01 11 9B"), 40)).toBe("8A0101119B");
    expect(station.world.truth.bay(1).doorOpen).toBe(false);
    station.clock.runUntil(station.clock.nowMs + 200);
    expect(station.world.truth.bay(1).doorOpen).toBe(true);
    // Now the contact is open, and the board says 00.
    expect(ask(bytes("8A 01 01 11 9B"), 40)).toBe("8A0101008A");
  });

  test("reads all ways in three bytes, ways 1 to 8 last", () => {
    const station = smallStation(full);
    const { ask } = station.talk("/locks-a");
    expect(ask(bytes("80 01 00 33 B2"))).toBe(hex(bytes("80 01 00 00 0F 33 BD")));
    station.world.forceDoor(2);
    expect(ask(bytes("80 01 00 33 B2"))).toBe(hex(bytes("80 01 00 00 0D 33 BF")));
  });

  test("a contact wired the other way round, and the other byte order, read the other way round", () => {
    const board = { id: "lock-a", kind: "lock-8a", bus: "locks-a", address: 1, channels: 8 };
    const other = { ...board, feedback: "opening", statusOrder: "first-first" };
    const plain = smallStation(full).config;
    const devices = plain.devices.map((device) => (device.id === "lock-a" ? other : device));
    const station = smallStation({ ...full, config: { devices } });
    station.world.forceDoor(2);
    const { ask } = station.talk("/locks-a");
    expect(ask(bytes("80 01 00 33 B2"))).toBe(hex(bytes("80 01 02 00 00 33 B0")));
  });

  test("does not answer another board's number or a wrong checksum", () => {
    const { ask } = smallStation(full).talk("/locks-a");
    expect(ask(bytes("8A 02 01 11 98"))).toBe("");
    expect(ask(bytes("8A 01 01 11 9A"))).toBe("");
  });

  test("obeys even 'open all', which the station must never send: the truth shows it", () => {
    const station = smallStation(full);
    station.talk("/locks-a").ask(bytes("8A 01 00 11 9A"), 300);
    expect(station.world.truth.bays.filter((bay) => bay.doorOpen)).toHaveLength(4);
  });
});

describe("the charger (DPM86xx)", () => {
  test("takes set-points and the output switch, reads them back, and measures", () => {
    const station = smallStation({ ...full, initialSoc: 0.2 });
    enable(station);
    const { ask } = station.talk("/chargers-a");
    const text = (request: Uint8Array) => Buffer.from(ask(request), "hex").toString("latin1");
    expect(text(encodeDpmWrite(2, 20, [5_460, 12_000]))).toBe(":02ok\r\n");
    expect(text(encodeDpmRead(2, 10))).toBe(":02r10=5460.\r\n");
    expect(text(encodeDpmRead(2, 11))).toBe(":02r11=12000.\r\n");
    expect(text(encodeDpmRead(2, 30))).toBe(":02r30=0.\r\n");
    expect(text(encodeDpmWrite(2, 12, [1]))).toBe(":02ok\r\n");
    station.clock.runUntil(station.clock.nowMs + 700);
    // No contactor is closed: voltage, but no current.
    expect(text(encodeDpmRead(2, 30))).toBe(":02r30=5460.\r\n");
    expect(text(encodeDpmRead(2, 31))).toBe(":02r31=0.\r\n");
    station.talk("/relays-a").ask(bytes("01 05 00 02 FF 00 2D FA"));
    expect(text(encodeDpmRead(2, 31))).toBe(":02r31=12000.\r\n");
    expect(text(encodeDpmRead(2, 32))).toBe(":02r32=1.\r\n");
    expect(station.world.truth.bay(2).chargeMa).toBe(12_000);
    expect(text(encodeDpmWrite(2, 12, [0]))).toBe(":02ok\r\n");
    station.clock.runUntil(station.clock.nowMs + 200);
    expect(station.world.truth.bay(2).chargeMa).toBe(0);
    expect(text(encodeDpmRead(2, 12))).toBe(":02r12=0.\r\n");
  });

  test("does not take more than its model can give, nor answer for another address or another register", () => {
    const station = smallStation(full);
    const { ask } = station.talk("/chargers-a");
    ask(encodeDpmWrite(1, 20, [6_001, 24_001]));
    expect(Buffer.from(ask(encodeDpmRead(1, 11)), "hex").toString()).toBe(":01r11=0.\r\n");
    expect(ask(encodeDpmRead(9, 10))).toBe("");
    expect(ask(encodeDpmRead(1, 77))).toBe("");
    expect(ask(encodeDpmWrite(1, 77, [1]))).toBe("");
  });

  test("understands the worked examples of the protocol document, also with the double comma of one unit", () => {
    const station = smallStation(full);
    const { ask } = station.talk("/chargers-a");
    expect(Buffer.from(ask(ascii(":01w20=5328,1000,\r\n")), "hex").toString()).toMatch(/^:01ok/);
    expect(Buffer.from(ask(ascii(":01w12=1,,\n")), "hex").toString()).toMatch(/^:01ok/);
    station.clock.runUntil(station.clock.nowMs + 700);
    expect(Buffer.from(ask(ascii(":01r30=0,\r\n")), "hex").toString()).toMatch(/^:01r30=5328\./);
  });
});

describe("the code reader (GM65)", () => {
  test("says the code with a line end, and acknowledges commands", () => {
    const station = smallStation({ ...full, credentials: ["yz-member-0001"], faultless: true });
    const reader = station.talk("/codes-a");
    expect(reader.ask(bytes("7E 00 08 01 00 02 01 AB CD"))).toBe("02000001003331");
    station.world.arrive({ rider: 0 });
    station.clock.runUntil(station.clock.nowMs + 10_000);
    expect(reader.heard.map((chunk) => Buffer.from(chunk).toString())).toContain("yz-member-0001\r\n");
    expect(station.events).toContainEqual(
      expect.objectContaining({ type: "scan", cabinet: "a", text: "yz-member-0001" }),
    );
  });
});

describe("the thermometer file (DS18B20)", () => {
  test("reads the cabinet's air after three quarters of a second, with a checksum that holds", () => {
    const station = smallStation();
    const answers: string[] = [];
    let answeredMs = 0;
    station.world.textFiles.read("/air-a", (result) => {
      answers.push("text" in result ? result.text : result.error);
      answeredMs = station.clock.nowMs;
    });
    station.clock.runUntil(1_000);
    expect(answeredMs).toBe(750);
    const reading = decodeW1Slave(answers[0] ?? "");
    expect(reading.valid).toBe(true);
    expect(reading.valid && Math.abs(reading.tempC - station.world.truth.roomC)).toBeLessThan(0.1);
  });

  test("a file that is not there is an error, not a silence", () => {
    const station = smallStation();
    const answers: string[] = [];
    station.world.textFiles.read("/nowhere", (result) => answers.push("error" in result ? result.error : "text"));
    station.clock.runUntil(10);
    expect(answers).toEqual([expect.stringContaining("ENOENT")]);
  });
});

describe("devices on one line", () => {
  test("serve a real tty as well: bytes in, answers out with their delay, no wire time", () => {
    const station = smallStation(full);
    const device = station.world.wireDevice("/locks-a");
    const answers: Array<{ text: string; delayMs: number }> = [];
    device?.connect((answer, delayMs) => answers.push({ text: hex(answer), delayMs }));
    const request = bytes("80 01 00 33 B2");
    for (const byte of request) device?.receive(Uint8Array.of(byte), 1);
    expect(answers).toEqual([{ text: hex(bytes("80 01 00 00 0F 33 BD")), delayMs: 5 }]);
    station.world.line("/locks-a").faults.silent = true;
    device?.receive(request, request.length);
    expect(answers).toHaveLength(1);
    expect(station.world.wireDevice("/nothing")).toBeUndefined();
  });

  test("a part that nobody connected keeps its answers to itself", () => {
    const station = smallStation(full);
    const line = new DeviceLine();
    const site = { clock: station.clock, mainsOn: true } as never;
    line.add(createDpmChargers({ chargers: [], clock: station.clock, site, turnaroundMs: 5, reply: line.reply }));
    expect(() => line.receive(encodeDpmRead(1, 10), 11)).not.toThrow();
  });
});
