import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ModbusRequest, parseModbusRequest } from "../../../hal/codecs/modbus-rtu.ts";
import * as board from "../../../hal/codecs/waveshare-relay-d.ts";
import { hexOf } from "./golden.ts";

function heard(bytes: Uint8Array | undefined): ModbusRequest {
  const parsed = parseModbusRequest(bytes ?? new Uint8Array(0), bytes?.length ?? 0);
  if (parsed.is !== "frame") throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

describe("the relay board", () => {
  test("a flash-on is the maker's frame: 700 ms and 200 ms on relay 0", () => {
    expect(hexOf(board.encodeFlashOn(1, 0, 7)!)).toBe("0105020000078DB0");
    expect(hexOf(board.encodeFlashOn(1, 0, 2)!)).toBe("0105020000024DB3");
    expect(hexOf(board.encodeAllOff(1))).toBe("010500FF0000FDFA");
  });

  test("relays the board does not have and times it cannot count are refused", () => {
    for (const relay of [-1, 8, 255, 0.5]) {
      expect(board.encodeFlashOn(1, relay, 5)).toBeUndefined();
      expect(board.encodeRelayOff(1, relay)).toBeUndefined();
    }
    for (const tenths of [0, -1, 0x8000, 1.5, Number.NaN]) expect(board.encodeFlashOn(1, 0, tenths)).toBeUndefined();
  });

  test("nothing that can be encoded leaves a relay on without an end", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: -5, max: 40_000 }), (relay, tenths) => {
        const bytes = board.encodeFlashOn(1, relay, tenths);
        if (bytes === undefined) return;
        expect(board.relayCommandOf(heard(bytes))).toEqual({ do: "flash-on", relay, tenths });
      }),
    );
    expect(board.relayCommandOf(heard(board.encodeRelayOff(1, 5)))).toEqual({ do: "off", relay: 5 });
    expect(board.relayCommandOf(heard(board.encodeAllOff(1)))).toEqual({ do: "off", relay: "all" });
    expect(Object.keys(board).filter((name) => /On$/.test(name))).toEqual(["encodeFlashOn"]);
  });

  test("reading asks for eight inputs and eight relays", () => {
    expect(heard(board.encodeReadInputs(3))).toMatchObject({ address: 3, function: 2, start: 0, count: 8 });
    expect(heard(board.encodeReadRelays(3))).toMatchObject({ address: 3, function: 1, start: 0, count: 8 });
    expect(board.relayCommandOf(heard(board.encodeReadRelays(3)))).toBeUndefined();
  });
});
