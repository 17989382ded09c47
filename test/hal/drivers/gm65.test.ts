import { describe, expect, test } from "vitest";
import { createBus } from "../../../hal/buses/serial-bus.ts";
import { type CodeReaderOptions, gm65Reader } from "../../../hal/drivers/gm65.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { hexOf, scriptedWire } from "../../support/scripted-wire.ts";

const ACK = "02 00 00 01 00 33 31";
const hex = (text: string) => hexOf(new TextEncoder().encode(text));

function start(options: CodeReaderOptions = { probeMs: 0 }) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const wire = scriptedWire(clock);
  const bus = createBus({ id: "reader", line: wire.line, openWire: wire.openWire, clock, echo: false });
  const reader = gm65Reader(options, { bus, clock });
  const codes: string[] = [];
  reader.watch((text) => codes.push(text));
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  pass(10);
  return { clock, wire, bus, reader, codes, pass };
}

describe("a GM65 code reader", () => {
  test.each([
    ["CR", "m1\r", ["m1"]],
    ["LF", "m1\n", ["m1"]],
    ["CR LF", "m1\r\n", ["m1"]],
    ["nothing but a pause", "m1", ["m1"]],
    ["blank lines around", "\r\n\r\nm1\r\n\r\n", ["m1"]],
    ["two codes at once", "m1\rm2\r", ["m1", "m2"]],
  ])("a code ends with %s", (_, text, expected) => {
    const { wire, pass, codes } = start();
    wire.say(hex(text));
    pass(200);
    expect(codes).toEqual(expected);
  });

  test("a code that comes byte by byte is one code", () => {
    const { wire, pass, codes } = start();
    wire.sayByByte(hex("https://example.test/m/1"));
    pass(200);
    expect(codes).toEqual(["https://example.test/m/1"]);
  });

  test.each([
    ["before", `${ACK} ${hex("m1\r\n")}`],
    ["behind", `${hex("m1\r\n")} ${ACK}`],
  ])("an acknowledgement %s a code is taken out exactly", (_, bytes) => {
    const { wire, pass, codes } = start();
    wire.say(bytes);
    pass(200);
    expect(codes).toEqual(["m1"]);
  });

  test("text with a control character in it is never passed on as a whole", () => {
    const { wire, pass, codes } = start();
    wire.say(hex("m\u00011\r\n"));
    pass(200);
    expect(codes).not.toContain("m\u00011");
    expect(codes).not.toContain("m1");
  });

  test("a code of 512 characters comes, a longer one does not", () => {
    const { wire, pass, codes } = start();
    wire.say(hex(`${"a".repeat(512)}\r\n`));
    pass(2_000);
    wire.say(hex(`${"b".repeat(513)}\r\n`));
    pass(2_000);
    expect(codes.map((text) => text[0])).toEqual(["a"]);
  });

  test("no more than five codes a second come through", () => {
    const { wire, pass, codes } = start();
    for (let at = 0; at < 20; at++) wire.say(hex(`code ${at}\r`), at * 10);
    pass(500);
    expect(codes).toHaveLength(5);
    pass(1_000);
    wire.say(hex("later\r"));
    pass(100);
    expect(codes.at(-1)).toBe("later");
  });

  test("B15: a reader gone wild is isolated, and heard again when it has calmed down", () => {
    const { wire, pass, codes, bus } = start();
    for (let turn = 0; turn < 300; turn++) {
      wire.say(hex(`${turn} aaaaaaaaaaaaaaaaaaaaaaaaa\r`));
      wire.say(new Uint8Array(20).fill(1), 20);
      pass(40);
    }
    expect(bus.stats().babbled).toBeGreaterThan(0);
    pass(15_000);
    codes.length = 0;
    wire.say(hex("m1\r"));
    pass(200);
    expect(codes).toEqual(["m1"]);
  });

  test("half a code from before the line broke is not the beginning of the next", () => {
    const { wire, pass, codes } = start();
    wire.say(hex("half"));
    pass(20);
    wire.unplug("gone");
    pass(1_100);
    wire.say(hex("m1\r"));
    pass(200);
    expect(codes).toEqual(["m1"]);
  });

  test("it asks for a sign of life in a way that changes nothing in the reader", () => {
    const { wire, pass } = start({ probeMs: 5_000 });
    wire.answer = () => wire.say("02 00 00 02 39 01 c1 4c", 5);
    pass(11_500);
    expect(wire.written.map((written) => written.hex)).toEqual(
      Array.from({ length: 3 }, () => "7e 00 07 01 00 2a 02 d8 0f"),
    );
  });

  test("pulled out while a probe is due it waits for the line, and does not spin", () => {
    const { clock, wire } = start({ probeMs: 5_000 });
    wire.opening = { fails: "not there" };
    wire.unplug("gone");
    const untilMs = clock.nowMs + 60_000;
    let steps = 0;
    while (clock.nowMs < untilMs && steps < 10_000 && clock.step()) steps++;
    expect(steps).toBeLessThan(1_000);
  });
});
