import { describe, expect, test } from "vitest";
import { createBus } from "../../../hal/buses/serial-bus.ts";
import { type ChargerOptions, dpm86Charger } from "../../../hal/drivers/dpm86.ts";
import type { ChargerSetpoint } from "../../../hal/ports/charger.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { scriptedWire } from "../../support/scripted-wire.ts";

const FULL: ChargerSetpoint = { setMa: 12_000, setMv: 54_600 };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();

/** A charger of registers, each of which a test may bend. */
function start(options: Partial<ChargerOptions> = {}) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const wire = scriptedWire(clock);
  const bus = createBus({ id: "chargers", line: wire.line, openWire: wire.openWire, clock, echo: false });
  const registers = new Map<string, number>([
    ["10", 0],
    ["11", 0],
    ["12", 1],
    ["30", 5_000],
    ["31", 0],
  ]);
  const bend = { answer: (_: string): string | undefined => undefined, deaf: (_: string) => false };
  const said: string[] = [];
  wire.answer = (request) => {
    const asked = text(request);
    said.push(asked);
    if (bend.deaf(asked)) return;
    const answer = bend.answer(asked) ?? obey(registers, asked);
    if (answer !== undefined) wire.say(new TextEncoder().encode(`${answer}\r\n`), 20);
  };
  const charger = dpm86Charger({ address: 1, ...options }, { bus, clock });
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  const renew = (setpoint: ChargerSetpoint, ms: number): void => {
    for (let left = ms; left > 0; left -= 200) {
      charger.hold(setpoint, clock.nowMs + 2_000);
      pass(200);
    }
  };
  const writes = () => said.filter((asked) => asked[3] === "w");
  return { clock, wire, bus, registers, bend, said, charger, pass, renew, writes };
}

function obey(registers: Map<string, number>, asked: string): string | undefined {
  const [, address, action, register = "", list = ""] = /^:(\d\d)([rw])(\d\d)=([\d,]*)$/.exec(asked) ?? [];
  if (address !== "01") return undefined;
  const values = list.split(",").map(Number);
  if (action === "r") return `:01r${register}=${registers.get(register)}.`;
  if (register === "20") {
    registers.set("10", values[0] ?? 0);
    registers.set("11", values[1] ?? 0);
  } else registers.set(register, values[0] ?? 0);
  return ":01ok";
}

describe("a DPM86xx charger", () => {
  test("its register counts hundredths of a volt and thousandths of an ampere", () => {
    const { renew, registers, charger } = start();
    registers.set("30", 5_012);
    registers.set("31", 1_234);
    renew(FULL, 5_000);
    expect(charger.reading()).toMatchObject({ quality: "good", value: { outMv: 50_120, outMa: 1_234 } });
  });

  test("it is switched off before anything else is done to it, because it may have been left on", () => {
    const { renew, writes, registers } = start();
    renew(FULL, 5_000);
    expect(writes()).toEqual([":01w12=0,", ":01w20=5460,12000,", ":01w12=1,"]);
    expect(registers.get("12")).toBe(1);
  });

  test("the output is switched on only after both limits were read back", () => {
    const { renew, said } = start();
    renew(FULL, 5_000);
    const order = said.filter((asked) => !asked.includes("r3"));
    expect(order).toEqual([
      ":01w12=0,",
      ":01r12=0,",
      ":01w20=5460,12000,",
      ":01r10=0,",
      ":01r11=0,",
      ":01w12=1,",
      ":01r12=0,",
    ]);
  });

  test("no more is asked of a charger than its model can deliver", () => {
    const { renew, writes, charger } = start({ maxMa: 5_000 });
    renew(FULL, 5_000);
    expect(writes()).toContain(":01w20=5460,5000,");
    expect(charger.reading().value.confirmed).toEqual({ setMa: 5_000, setMv: 54_600 });
  });

  test("an unchanged set-point is written once, however often it is renewed", () => {
    const { renew, writes } = start();
    renew(FULL, 60_000);
    expect(writes()).toHaveLength(3);
  });

  test.each([
    ["the current", "11", 11_000],
    ["the voltage", "10", 5_461],
  ])(
    "a charger that holds another value of %s is never switched on, and is not asked without end",
    (_, register, value) => {
      const { renew, writes, bend, charger, registers } = start();
      bend.answer = (asked) => (asked === `:01r${register}=0,` ? `:01r${register}=${value}.` : undefined);
      renew(FULL, 60_000);
      expect(writes()).not.toContain(":01w12=1,");
      expect(registers.get("12")).toBe(0);
      expect(charger.reading().value.confirmed).toBeUndefined();
      expect(writes().length).toBeLessThan(20);
    },
  );

  test("off goes ahead of everything that is still to be said on the line", () => {
    const { renew, charger, said, bus, pass } = start();
    renew(FULL, 5_000);
    const other = () =>
      bus.transact<boolean>({
        lane: "act",
        request: new TextEncoder().encode(":02r10=0,\r\n"),
        deadlineMs: 50,
        expects: () => ({ is: "short" }),
        done: () => undefined,
      });
    for (let at = 0; at < 4; at++) other();
    said.length = 0;
    charger.hold({ setMa: 0, setMv: 0 }, 0);
    pass(400);
    const acts = said.filter((asked) => !asked.includes("r3"));
    // The first of the others is on its way already.
    expect(acts.indexOf(":01w12=0,")).toBeLessThanOrEqual(1);
  });

  test("a charger that says ok but stays on is told again", () => {
    const { renew, charger, writes, bend, registers, pass } = start();
    renew(FULL, 5_000);
    let deafness = 2;
    bend.answer = (asked) => (asked === ":01w12=0," && deafness-- > 0 ? ":01ok" : undefined);
    charger.hold({ setMa: 0, setMv: 0 }, 0);
    pass(1_000);
    expect(writes().filter((asked) => asked === ":01w12=0,")).toHaveLength(4);
    expect(registers.get("12")).toBe(0);
  });

  test("a charger that said it was off and delivers later is told again, and no more once it obeys", () => {
    const { registers, pass, renew, writes } = start();
    registers.set("30", 0);
    renew(FULL, 5_000);
    pass(120_000);
    const before = writes().length;
    registers.set("12", 1);
    registers.set("30", 5_400);
    pass(31_000);
    expect(writes().slice(before)).toEqual([":01w12=0,"]);
    registers.set("30", 0);
    pass(120_000);
    expect(writes().length).toBe(before + 1);
    registers.set("30", 5_400);
    pass(20_000);
    expect(writes().length, "once more for the next time").toBe(before + 2);
  });

  test("a lost ok is not taken from the next answer: the step is done again", () => {
    const { renew, bend, writes, charger, registers } = start();
    let lost = 1;
    bend.deaf = (asked) => asked.startsWith(":01w20") && lost-- > 0;
    renew(FULL, 5_000);
    expect(writes().filter((asked) => asked.startsWith(":01w20"))).toHaveLength(2);
    expect(charger.reading().value.confirmed).toEqual(FULL);
    expect(registers.get("12")).toBe(1);
  });

  test("answers of another charger on the line are not its own", () => {
    const { renew, bend, charger, wire } = start();
    bend.answer = () => undefined;
    bend.deaf = () => true;
    const others = wire.answer;
    wire.answer = (request, hex) => {
      others(request, hex);
      wire.say(new TextEncoder().encode(":02r31=7000.\r\n"), 20);
    };
    renew(FULL, 5_000);
    expect(charger.reading()).toMatchObject({ quality: "stale", value: { outMa: 0 } });
  });

  test("the measured current is read every 2 s while on, every 10 s while off, twice a second until it is gone", () => {
    const { renew, charger, said, pass, registers } = start();
    const readsIn = (act: () => void) => {
      const before = said.filter((asked) => asked === ":01r31=0,").length;
      act();
      return said.filter((asked) => asked === ":01r31=0,").length - before;
    };
    renew(FULL, 5_000);
    registers.set("31", 11_900);
    expect(readsIn(() => renew(FULL, 20_000))).toBe(10);
    charger.hold({ setMa: 0, setMv: 0 }, 0);
    expect(readsIn(() => pass(3_000))).toBeGreaterThanOrEqual(6);
    registers.set("31", 20);
    pass(1_000);
    expect(readsIn(() => pass(60_000))).toBeLessThanOrEqual(6);
  });

  test.each([5_000, 6_500, 8_000, 9_500, 11_000])(
    "a pack taken after %d ms of charging is told within ten seconds by its voltage, whenever the current was asked",
    (chargedMs) => {
      const { charger, renew, pass, registers } = start();
      renew(FULL, chargedMs);
      charger.hold({ setMa: 0, setMv: 0 }, 0);
      pass(5_000);
      for (const centivolts of [0, 5_460, 0]) {
        registers.set("30", centivolts);
        pass(10_100);
        expect(charger.reading().value.outMv).toBe(centivolts * 10);
      }
    },
  );

  test("B14: a current no such charger delivers is invalid, and is not passed on", () => {
    const { pass, registers, charger } = start();
    pass(3_000);
    registers.set("31", 99_000);
    pass(12_000);
    expect(charger.reading()).toMatchObject({ quality: "invalid", value: { outMa: 0 } });
    registers.set("31", 50);
    pass(12_000);
    expect(charger.reading()).toMatchObject({ quality: "good", value: { outMa: 50 } });
  });

  test("a line that was gone means starting from off again", () => {
    const { renew, wire, writes } = start();
    renew(FULL, 5_000);
    const before = writes().length;
    wire.unplug("gone");
    renew(FULL, 10_000);
    expect(writes().slice(before)).toEqual([":01w12=0,", ":01w20=5460,12000,", ":01w12=1,"]);
  });

  test("a dead charger among others is asked ever more slowly", () => {
    const { renew, bend, said } = start();
    renew(FULL, 3_000);
    bend.deaf = () => true;
    renew(FULL, 60_000);
    const before = said.length;
    renew(FULL, 60_000);
    expect(said.length - before).toBeLessThanOrEqual(14);
  });
});
