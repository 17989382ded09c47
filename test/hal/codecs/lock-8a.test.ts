import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as lock from "../../../hal/codecs/lock-8a.ts";
import { bytesOf, deliver, hexOf } from "./golden.ts";

const board = fc.integer({ min: 1, max: 32 });
const channel = fc.integer({ min: 1, max: 50 });
const byte = fc.integer({ min: 0, max: 255 });
const contact = fc.constantFrom(0x00, 0x11);

describe("what the driver may say to a lock board", () => {
  test("one pulse is the documented five bytes", () => {
    expect(hexOf(lock.encodeLockPulse(1, 1)!)).toBe("8A0101119B");
    expect(hexOf(lock.encodeLockPulse(1, 6)!)).toBe("8A0106119C");
    expect(hexOf(lock.encodeLockReadAll(1))).toBe("80010033B2");
  });

  test("channel 0, which opens every bay, cannot be said", () => {
    for (const wrong of [0, -1, 51, 256, 1.5, Number.NaN]) expect(lock.encodeLockPulse(1, wrong)).toBeUndefined();
    for (const wrong of [0, 33, 257, Number.NaN]) expect(lock.encodeLockPulse(wrong, 1)).toBeUndefined();
  });

  test("no bytes that the pulse encoder makes latch a coil, open many bays or hold for seconds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (anyBoard, anyChannel) => {
        const bytes = lock.encodeLockPulse(anyBoard, anyChannel);
        if (bytes === undefined) return;
        expect(bytes).toHaveLength(5);
        const parsed = lock.parseLockRequest(bytes, 5);
        expect(parsed).toMatchObject({ value: { do: "pulse", channel: anyChannel, seconds: undefined } });
      }),
    );
  });

  test("the module has encoders for nothing else", () => {
    const encoders = Object.keys(lock).filter((name) => name.startsWith("encode"));
    expect(encoders.sort()).toEqual(
      ["encodeLockAck", "encodeLockEvent", "encodeLockPulse", "encodeLockReadAll", "encodeLockStatus"].sort(),
    );
  });
});

describe("what a board answers", () => {
  test("acks and statuses survive the wire", () => {
    fc.assert(
      fc.property(board, channel, contact, fc.tuple(byte, byte, byte), (board, channel, status, bytes) => {
        const ack = lock.encodeLockAck(board, channel, status);
        expect(lock.parseLockAck(ack, 5)).toEqual({ is: "frame", value: { board, channel, status }, used: 5 });
        const all = lock.encodeLockStatus(board, ...bytes);
        expect(lock.parseLockStatus(all, 7)).toEqual({ is: "frame", value: { board, bytes }, used: 7 });
      }),
    );
  });

  test("an unsolicited 82 between request and answer is stepped over whole", () => {
    fc.assert(
      fc.property(board, channel, contact, fc.tuple(byte, byte, byte), (board, channel, status, bytes) => {
        const event = lock.encodeLockEvent(board, channel, status);
        const ack = lock.encodeLockAck(board, channel, 0);
        expect(deliver(lock.parseLockAck, [Uint8Array.from([...event, ...ack])]).values).toEqual([
          { board, channel, status: 0 },
        ]);
        const all = lock.encodeLockStatus(board, ...bytes);
        expect(deliver(lock.parseLockStatus, [Uint8Array.from([...event, ...all])]).values).toEqual([{ board, bytes }]);
      }),
    );
  });

  test("status bytes that look like starts and ends do not confuse the parser", () => {
    for (const bytes of [
      [0x80, 0x80, 0x80],
      [0x33, 0x33, 0x33],
      [0x8a, 0x33, 0x80],
    ] as const) {
      const [s1, s2, s3] = bytes;
      const answer = lock.encodeLockStatus(1, s1, s2, s3);
      const twice = deliver(lock.parseLockStatus, [Uint8Array.from([...answer, ...answer])]);
      expect(twice.values).toEqual([
        { board: 1, bytes },
        { board: 1, bytes },
      ]);
    }
  });

  test("a contact that is neither 00 nor 11 is no ack, though its XOR is right", () => {
    expect(lock.parseLockAck(bytesOf("8A010133B9"), 5)).toMatchObject({
      is: "junk",
      why: "contact is neither 00 nor 11",
    });
  });
});

describe("what a simulated board understands", () => {
  test.each([
    ["8A0101119B", { do: "pulse", board: 1, channel: 1, seconds: undefined }],
    ["8A0101110398", { do: "pulse", board: 1, channel: 1, seconds: 3 }],
    ["8A0100119A", { do: "pulse-all", board: 1 }],
    ["80010133B3", { do: "read-one", board: 1, channel: 1 }],
    ["80010033B2", { do: "read-all", board: 1 }],
    ["900102020293", { do: "pulse-many", board: 1, bytes: [2, 2, 2] }],
    ["9A0101118B", { do: "hold-on", board: 1, channel: 1 }],
    ["9B0101118A", { do: "hold-off", board: 1, channel: 1 }],
    ["8A010133B9", { do: "query", board: 1, channel: 1 }],
  ])("%s", (hex, value) => {
    expect(lock.parseLockRequest(bytesOf(hex), hex.length / 2)).toEqual({ is: "frame", value, used: hex.length / 2 });
  });
});
