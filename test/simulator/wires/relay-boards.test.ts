import { describe, expect, test } from "vitest";
import { encodeModbusCoil, encodeModbusCoils, encodeModbusRead } from "../../../hal/codecs/modbus-rtu.ts";
import {
  encodeAllOff,
  encodeFlashOn,
  encodeReadInputs,
  encodeReadRelays,
} from "../../../hal/codecs/waveshare-relay-d.ts";
import { enable, hex, smallStation } from "../small-station.ts";

const flash = (relay: number, tenths: number) => encodeFlashOn(1, relay - 1, tenths) ?? new Uint8Array(0);

function relays() {
  const station = smallStation({ emptyBaysPerCabinet: 1, seed: "relays" });
  enable(station);
  return { ...station, ...station.talk("/relays-a") };
}

describe("a relay board", () => {
  test("ends a flash by itself, to the millisecond", () => {
    const { ask, wire, clock, events } = relays();
    const sentMs = clock.nowMs;
    wire.write(flash(1, 20));
    clock.runUntil(sentMs + 5_000);
    const contactor = events.filter((event) => event.type === "contactor");
    const arrivedMs = sentMs + (8 * 10_000) / 9_600;
    expect(contactor.map((event) => event.closed)).toEqual([true, false]);
    expect(contactor[0]?.atMs).toBeCloseTo(arrivedMs, 6);
    expect(contactor[1]?.atMs).toBeCloseTo(arrivedMs + 2_000, 6);
    expect(ask(encodeReadRelays(1))).toContain("010100");
  });

  test("counts a renewed flash from the renewal, without ever letting go in between", () => {
    const { wire, clock, events } = relays();
    const sentMs = clock.nowMs;
    for (let renewal = 0; renewal < 10; renewal++) clock.after(renewal * 1_000, () => wire.write(flash(3, 20)));
    clock.runUntil(sentMs + 20_000);
    const contactor = events.filter((event) => event.type === "contactor");
    expect(contactor.map((event) => event.closed)).toEqual([true, false]);
    expect((contactor[1]?.atMs ?? 0) - (contactor[0]?.atMs ?? 0)).toBeCloseTo(9_000 + 2_000, 6);
  });

  test("a shorter flash ends a longer one sooner, and off ends it at once", () => {
    const { wire, clock, events, ask } = relays();
    wire.write(flash(1, 100));
    clock.runUntil(clock.nowMs + 1_000);
    wire.write(flash(1, 5));
    clock.runUntil(clock.nowMs + 1_000);
    expect(events.filter((event) => event.type === "contactor")).toHaveLength(2);
    wire.write(flash(1, 100));
    clock.runUntil(clock.nowMs + 100);
    ask(encodeModbusCoil(1, 0, false));
    expect(events.filter((event) => event.type === "contactor")).toHaveLength(4);
  });

  test("answers the vendor's frame for a flash of 700 ms with the same frame", () => {
    const { ask } = relays();
    const frame = Uint8Array.from(Buffer.from("0105020000078DB0", "hex"));
    expect(ask(frame)).toBe("0105020000078DB0");
  });

  test("switches all off, several at once, and a latched relay stays on until told", () => {
    const { ask, clock, world } = relays();
    ask(encodeModbusCoils(1, 0, [true, false, true, false]));
    clock.runUntil(clock.nowMs + 60_000);
    expect(world.truth.bays.map((bay) => bay.contactorClosed)).toEqual([true, true, false, false]);
    expect(ask(encodeAllOff(1))).toBe(hex(encodeAllOff(1)));
    expect(world.truth.bays.some((bay) => bay.contactorClosed)).toBe(false);
  });

  test("reads doors and packs on its inputs, first input in the lowest bit", () => {
    const { ask, world } = relays();
    const expected = () => {
      let bits = 0;
      for (const [at, bay] of world.truth.bays.entries()) {
        if (!bay.doorOpen) bits |= 1 << (2 * at);
        if (bay.pack !== undefined) bits |= 2 << (2 * at);
      }
      return `010201${bits.toString(16).toUpperCase().padStart(2, "0")}`;
    };
    expect(ask(encodeReadInputs(1))).toContain(expected());
    world.forceDoor(2);
    expect(ask(encodeReadInputs(1))).toContain(expected());
    world.setSmoke("a", true);
    expect(ask(encodeReadInputs(2))).toContain("02020101");
  });

  test("refuses what it does not have with the right exception, and is deaf to other addresses", () => {
    const { ask } = relays();
    expect(ask(encodeModbusRead(1, 3, 0, 1))).toContain("018301");
    expect(ask(encodeModbusRead(1, 2, 4, 8))).toContain("018202");
    expect(ask(encodeModbusCoil(1, 9, true))).toContain("018503");
    expect(ask(encodeReadInputs(7))).toBe("");
  });
});
