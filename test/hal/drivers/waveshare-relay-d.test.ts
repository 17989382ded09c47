import { describe, expect, test } from "vitest";
import { createBus } from "../../../hal/buses/serial-bus.ts";
import { encodeModbusReplyBits, encodeModbusReplyException } from "../../../hal/codecs/modbus-rtu.ts";
import { type WaveshareBoardOptions, waveshareRelayD } from "../../../hal/drivers/waveshare-relay-d.ts";
import type { DigitalInput } from "../../../hal/ports/digital-input.ts";
import type { SwitchedOutput } from "../../../hal/ports/switched-output.ts";
import type { OpenWire } from "../../../hal/ports/wire.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { deviceBench } from "../../support/device-bench.ts";
import { hexOf, scriptedWire } from "../../support/scripted-wire.ts";

const ALL_OFF = "01 05 00 ff 00 00";

function start(options: Partial<WaveshareBoardOptions> = {}) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const { lines, relayBoard } = deviceBench(clock);
  const line = lines.relay;
  const written: string[] = [];
  const openWire: OpenWire = (spec, events) => {
    const wire = line.open(spec, events);
    return {
      write: (bytes) => {
        written.push(hexOf(bytes).slice(0, 17));
        wire.write(bytes);
      },
      close: () => wire.close(),
    };
  };
  const bus = createBus({ id: "r", line: { path: line.path, baud: 9_600, stopBits: 1 }, openWire, clock, echo: false });
  const board = waveshareRelayD({ address: 1, ...options }, { bus, clock });
  const output = (relay: number) => board.output(relay) as SwitchedOutput;
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  const renew = (relay: number, ms: number): void => {
    for (let left = ms; left > 0; left -= 100) {
      output(relay).hold(true, clock.nowMs + 2_000);
      pass(100);
    }
  };
  const isOn = (relay: number) => relayBoard.relays[relay - 1]?.on ?? false;
  return { clock, line, relayBoard, written, bus, board, output, pass, renew, isOn };
}

describe("relays of the Waveshare board", () => {
  test("there are eight, as printed", () => {
    const { board } = start();
    expect([board.output(0), board.output(9)]).toEqual([undefined, undefined]);
    expect(board.output(8)).toBe(board.output(8));
    expect([board.input(0, false), board.input(9, false)]).toEqual([undefined, undefined]);
  });

  test("all relays are switched off before anything else is said, also after the line was gone", () => {
    const { written, renew, line, pass, clock } = start();
    renew(1, 1_000);
    expect(written[0]).toBe(ALL_OFF);
    line.unplug();
    pass(500);
    line.replug();
    written.length = 0;
    renew(1, 3_000);
    expect(written[0]).toBe(ALL_OFF);
    expect(written.some((request) => request.startsWith("01 05 02 00"))).toBe(true);
    expect(clock.nowMs).toBeGreaterThan(0);
  });

  test("on is only ever a flash, never longer than the lease; nothing that latches is written", () => {
    const { written, renew, output, pass, clock } = start();
    renew(1, 5_000);
    output(2).hold(true, clock.nowMs + 777);
    pass(1_000);
    output(1).hold(false, 0);
    pass(100);
    const writes = written.filter((request) => request.startsWith("01 05"));
    for (const write of writes) expect(write).toMatch(/^01 05 (02 0[0-7] 00 (0[1-9a-f]|1[0-3])|00 (ff|0[0-7]) 00 00)$/);
    expect(written.find((request) => request.startsWith("01 05 02 01"))).toBe("01 05 02 01 00 07");
  });

  test("a held relay is triggered again only when its flash runs low", () => {
    const { written, renew } = start();
    renew(1, 1_000);
    written.length = 0;
    renew(1, 11_000);
    const flashes = written.filter((request) => request.startsWith("01 05 02"));
    expect(flashes.length).toBeGreaterThan(8);
    expect(flashes.length).toBeLessThan(12);
  });

  test("a lost answer makes the state unknown until the board was read, and is tried again at once", () => {
    const { output, line, pass, clock, isOn, renew } = start();
    renew(1, 500);
    line.faults.dropReply = 1;
    output(2).hold(true, clock.nowMs + 2_000);
    pass(150);
    expect(output(2).state()).toBe("unknown");
    line.faults.dropReply = 0;
    output(2).hold(true, clock.nowMs + 2_000);
    pass(200);
    expect(output(2).state()).toBe("on");
    expect(isOn(2)).toBe(true);
  });

  test("a board that takes commands without ever answering is given up after three, and made safe when it is back", () => {
    const { output, line, pass, written, clock } = start();
    pass(1_000);
    line.faults.dropReply = 1;
    written.length = 0;
    for (let at = 0; at < 20; at++) {
      output(1).hold(true, clock.nowMs + 2_000);
      pass(100);
    }
    expect(written.filter((request) => request.startsWith("01 05 02")).length).toBeLessThanOrEqual(3);
    expect(output(1).state()).toBe("unknown");
    line.faults.dropReply = 0;
    written.length = 0;
    pass(10_000);
    const writes = written.filter((request) => request.startsWith("01 05"));
    expect(writes[0]).toBe(ALL_OFF);
    expect(output(1).state()).toBe("off");
  });

  test("a relay that somebody else latched is found, reported and switched off", () => {
    const disagreements: number[] = [];
    const { relayBoard, pass, isOn, output } = start({ onDisagreement: (relay) => disagreements.push(relay) });
    pass(1_000);
    relayBoard.relays[6]?.hold(true);
    pass(6_000);
    expect(disagreements).toEqual([7]);
    expect(isOn(7)).toBe(false);
    expect(output(7).state()).toBe("off");
  });

  test("a relay that dropped out under its lease is found, reported, and held again", () => {
    const disagreements: number[] = [];
    const { relayBoard, renew, isOn } = start({
      readBackMs: 300,
      onDisagreement: (relay) => disagreements.push(relay),
    });
    renew(1, 2_000);
    relayBoard.powerLost();
    renew(1, 900);
    expect(disagreements).toEqual([1]);
    expect(isOn(1)).toBe(true);
  });

  test("when nothing of the board is wanted any more, one frame switches all of it off", () => {
    const { output, pass, clock, written, isOn } = start();
    const all = [1, 2, 3, 4, 5, 6, 7, 8];
    pass(1_000);
    for (const relay of all) output(relay).hold(true, clock.nowMs + 1_900);
    pass(400);
    expect(all.every(isOn)).toBe(true);
    written.length = 0;
    for (const relay of all) output(relay).hold(false, 0);
    pass(100);
    expect(all.some(isOn)).toBe(false);
    expect(all.map((relay) => output(relay).state())).toEqual(all.map(() => "off"));
    const offs = written.filter((request) => request.startsWith("01 05"));
    expect(offs).toContain(ALL_OFF);
    expect(offs.length).toBeLessThanOrEqual(2);
  });

  test("while one relay is wanted, the others go off one by one and it stays on", () => {
    const { output, pass, clock, written, isOn } = start();
    pass(1_000);
    for (const relay of [1, 2, 3]) output(relay).hold(true, clock.nowMs + 1_900);
    pass(200);
    written.length = 0;
    output(1).hold(false, 0);
    output(2).hold(false, 0);
    pass(150);
    expect([1, 2, 3].map(isOn)).toEqual([false, false, true]);
    expect(written).not.toContain(ALL_OFF);
  });

  test("an all-off that nobody confirmed leaves every relay in doubt until it was said again", () => {
    const { output, line, pass, clock, isOn } = start();
    pass(1_000);
    for (const relay of [1, 2, 3]) output(relay).hold(true, clock.nowMs + 1_900);
    pass(200);
    line.faults.dropReply = 1;
    for (const relay of [1, 2, 3]) output(relay).hold(false, 0);
    pass(260);
    expect([1, 2, 3].map((relay) => output(relay).state())).toEqual(["unknown", "unknown", "unknown"]);
    line.faults.dropReply = 0;
    for (const relay of [1, 2, 3]) output(relay).hold(false, 0);
    pass(700);
    expect([1, 2, 3].map((relay) => output(relay).state())).toEqual(["off", "off", "off"]);
    expect([1, 2, 3].some(isOn)).toBe(false);
  });

  test("off goes ahead of every poll and of everything that is to go on", () => {
    const { output, pass, clock, written, relayBoard } = start();
    pass(1_000);
    output(8).hold(true, clock.nowMs + 1_900);
    pass(100);
    written.length = 0;
    for (const relay of [1, 2, 3, 4]) output(relay).hold(true, clock.nowMs + 1_900);
    output(8).hold(false, 0);
    pass(200);
    expect(written[1]).toBe("01 05 00 07 00 00");
    expect(relayBoard.relays[7]?.on).toBe(false);
  });

  test("off goes ahead of every poll", () => {
    const { board, output, renew, written, pass, isOn } = start({ attendedMs: 20, readBackMs: 20 });
    (board.input(1, false) as DigitalInput).attend(true);
    renew(1, 2_000);
    written.length = 0;
    output(1).hold(false, 0);
    pass(80);
    expect(written.indexOf(ALL_OFF)).toBeGreaterThanOrEqual(0);
    expect(written.indexOf(ALL_OFF)).toBeLessThanOrEqual(1);
    expect(isOn(1)).toBe(false);
  });

  test("eight relays held on one line keep their state without a gap, with inputs polled beside", () => {
    const { output, pass, clock, isOn } = start();
    pass(1_000);
    let gaps = 0;
    for (let at = 0; at < 200; at++) {
      for (let relay = 1; relay <= 8; relay++) output(relay).hold(true, clock.nowMs + 2_000);
      pass(100);
      if (at > 10) for (let relay = 1; relay <= 8; relay++) if (!isOn(relay)) gaps++;
    }
    expect(gaps).toBe(0);
  });
});

describe("inputs of the Waveshare board", () => {
  test("turn stale at the third missed reading, not before", () => {
    const { board, line, pass } = start();
    const input = board.input(1, true) as DigitalInput;
    pass(950);
    line.faults.silent = true;
    pass(1_200);
    expect(input.reading()).toMatchObject({ value: true, quality: "good" });
    pass(2_000);
    expect(input.reading()).toMatchObject({ value: true, quality: "stale" });
  });

  test("a guard is asked on and on while answers break off, and the board is given up no sooner than one that is mute", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const wire = scriptedWire(clock);
    let cut = false;
    wire.answer = (request) => {
      const whole = request[1] === 2 ? encodeModbusReplyBits(1, 2, 0) : request;
      wire.say(cut ? whole.subarray(0, 3) : whole, 5);
    };
    const bus = createBus({ id: "r", line: wire.line, openWire: wire.openWire, clock, echo: false });
    const smoke = waveshareRelayD({ address: 1 }, { bus, clock }).input(1, false) as DigitalInput;
    const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
    smoke.guard();
    pass(1_000);
    cut = true;
    pass(900);
    expect(smoke.reading().quality).toBe("good");
    cut = false;
    pass(250);
    expect(clock.nowMs - smoke.reading().atMs).toBeLessThan(150);
    cut = true;
    pass(1_700);
    expect(smoke.reading().quality).toBe("stale");
  });

  test("a board that answers with an exception is there, but its inputs are invalid", () => {
    const clock = createVirtualClock({ wallStartMs: 0 });
    const wire = scriptedWire(clock);
    wire.answer = (request) => wire.say(encodeModbusReplyException(1, request[1] ?? 0, 2), 5);
    const bus = createBus({ id: "r", line: wire.line, openWire: wire.openWire, clock, echo: false });
    const input = waveshareRelayD({ address: 1 }, { bus, clock }).input(1, false) as DigitalInput;
    clock.runUntil(2_000);
    expect(input.reading().quality).toBe("invalid");
  });

  test("one contact may be seen plain and inverted", () => {
    const { board, relayBoard, pass } = start();
    relayBoard.inputs[3] = () => true;
    const plain = board.input(4, false) as DigitalInput;
    const inverted = board.input(4, true) as DigitalInput;
    pass(1_000);
    expect([plain.reading().value, inverted.reading().value]).toEqual([true, false]);
  });
});
