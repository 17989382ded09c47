import { expect, test } from "vitest";
import {
  type FirmataBoard,
  type FirmataBoardOptions,
  type FirmataEnd,
  type FirmataPorts,
  openFirmataBoard,
} from "../../../hal/drivers/firmata-board.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { type FirmataLine, firmataLine } from "../../support/firmata-line.ts";
import { until } from "../../support/until.ts";

const OPTIONS: FirmataBoardOptions = {
  line: { path: "/dev/expander", baud: 57_600, stopBits: 1 },
  periodMs: 1_000,
  channels: [0, 2],
  pins: [3, 5],
};

interface Bench {
  readonly line: FirmataLine;
  readonly firmata: FirmataBoard;
  readonly said: {
    readonly ready: string[];
    readonly samples: Array<{ channel: number; share: number; atMs: number }>;
    readonly confirmed: Map<number, number>;
    readonly ends: FirmataEnd[];
  };
  pass(ms: number): void;
  nowMs(): number;
}

interface Given {
  readonly options?: Partial<FirmataBoardOptions>;
  readonly load?: FirmataPorts["load"];
  readonly before?: (line: FirmataLine) => void;
}

/** Connects with the real johnny-five; only the wire, the board and the clock are ours. */
async function connect({ options = {}, load, before }: Given = {}): Promise<Bench> {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const line = firmataLine(clock);
  before?.(line);
  const said: Bench["said"] = { ready: [], samples: [], confirmed: new Map(), ends: [] };
  const ports = { openWire: line.openWire, clock, ...(load === undefined ? {} : { load }) };
  const firmata = openFirmataBoard({ ...OPTIONS, ...options }, ports, {
    ready: (firmware) => said.ready.push(firmware),
    sampled: (channel, share) => said.samples.push({ channel, share, atMs: clock.nowMs }),
    confirmed: (pin, share) => said.confirmed.set(pin, share),
    ended: (end) => said.ends.push(end),
  });
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  pass(5);
  // The library is loaded by the real machine, in its own time.
  await until(() => line.written.length > 0 || said.ends.length > 0, {
    what: "johnny-five to speak, or to be refused",
  });
  pass(100);
  return { line, firmata, said, pass, nowMs: () => clock.nowMs };
}

test("a board is greeted, its pins are set up, and its channels are told as shares with every report", async () => {
  const { line, said, pass } = await connect({ before: ({ board }) => board.feed(0, 0.5) });
  expect(said.ready).toEqual(["StandardFirmata.ino 2.5"]);
  line.board.feed(2, 0.25);
  pass(3_000);
  const of = (channel: number) => said.samples.filter((sample) => sample.channel === channel);
  expect(of(0).length).toBeGreaterThanOrEqual(3);
  expect(of(0).at(-1)?.share).toBeCloseTo(0.5, 3);
  expect(of(2).at(-1)?.share).toBeCloseTo(0.25, 3);
  const [last, before] = [of(0).at(-1), of(0).at(-2)];
  expect((last?.atMs ?? 0) - (before?.atMs ?? 0)).toBe(1_000);
  expect(said.ends).toEqual([]);
});

test("outputs begin at 0, are driven in part, and what they are said to do is the board's own word", async () => {
  const { line, firmata, said, pass } = await connect();
  expect(said.confirmed).toEqual(
    new Map([
      [3, 0],
      [5, 0],
    ]),
  );
  firmata.drive(5, 0.25);
  pass(20);
  expect(line.board.driven(5)).toBeCloseTo(0.25, 2);
  expect(line.board.driven(3)).toBe(0);
  expect(said.confirmed.get(5)).toBeCloseTo(0.25, 2);
  expect(said.confirmed.get(3)).toBe(0);
});

test("closing sets every output to 0 before the line is left", async () => {
  const { line, firmata, said, pass } = await connect();
  firmata.drive(3, 1);
  pass(20);
  expect(line.board.driven(3)).toBe(1);
  let closed = 0;
  firmata.close(() => closed++);
  pass(200);
  expect(line.board.driven(3)).toBe(0);
  expect(closed).toBe(1);
  expect(line.isOpen).toBe(false);
  expect(said.ends).toEqual([]);
});

test("an unplugged board ends the connection once, and nothing is said after it", async () => {
  const { line, said, pass, firmata } = await connect();
  line.unplug();
  const samples = said.samples.length;
  firmata.drive(3, 1);
  pass(10_000);
  expect(said.ends).toEqual([{ is: "lost", why: "it was unplugged" }]);
  expect(said.samples).toHaveLength(samples);
});

test("a line that is not there is absent, and nothing is loaded for it", async () => {
  let loads = 0;
  const { said } = await connect({
    before: (line) => line.unplug(),
    load: () => {
      loads++;
      return Promise.reject(new Error("never asked"));
    },
  });
  expect(said.ends).toEqual([{ is: "absent", why: "/dev/expander is not there" }]);
  expect(loads).toBe(0);
});

test("a board that restarts is noticed by what it says then, before its silence would tell", async () => {
  const { line, said, pass } = await connect();
  pass(1_000);
  line.board.restart();
  pass(50);
  expect(said.ends).toEqual([{ is: "lost", why: "the board restarted" }]);
});

test("the late answer to a question asked while the board started is no restart", async () => {
  const { line, said, pass } = await connect({ before: ({ board }) => board.powerLost() });
  pass(500);
  line.board.restart();
  pass(30);
  expect(said.ready).toHaveLength(1);
  line.say(0xf9, 0x02, 0x05);
  pass(10_000);
  expect(said.ends).toEqual([]);
});

test("an output that an earlier connection left on is set to 0 by the next", async () => {
  const { line } = await connect({
    before: ({ board }) => board.receive(Uint8Array.of(0xf4, 3, 3, 0xe3, 0x7f, 0x01), 6),
  });
  expect(line.board.driven(3)).toBe(0);
});

test("a board that does not answer is asked once a second, and no more once it did", async () => {
  const { line, pass } = await connect({ before: ({ board }) => board.hang() });
  const asked = (): number => line.written.filter(([first]) => first === 0xf9).length;
  pass(3_400);
  expect(asked()).toBe(4);
  line.board.restart();
  pass(10_000);
  expect(asked()).toBe(4);
});

test("a board that restarted unheard is noticed by the pins it forgot", async () => {
  const { line, said, pass } = await connect({ options: { channels: [] } });
  line.board.receive(Uint8Array.of(0xff), 1);
  pass(1_100);
  expect(said.ends).toEqual([{ is: "lost", why: "the board forgot what pin 3 is for: it restarted" }]);
});

test.each([
  ["hangs", (line: FirmataLine) => line.board.hang(), /^nothing heard of/],
  ["forgets to report a channel", (line: FirmataLine) => line.board.forgetReports(), /^nothing heard of A0/],
])("a board that %s is given up within four periods", async (_what, trouble, why) => {
  const { line, said, pass } = await connect();
  pass(5_000);
  trouble(line);
  pass(2_500);
  expect(said.ends).toEqual([]);
  pass(1_500);
  expect(said.ends).toEqual([{ is: "lost", why: expect.stringMatching(why) }]);
});

test("a line on which nobody speaks Firmata is given up after eight seconds", async () => {
  const { said, pass } = await connect({ before: (line) => line.board.hang() });
  pass(7_000);
  expect(said.ends).toEqual([]);
  pass(1_000);
  expect(said.ends).toEqual([{ is: "lost", why: "no Firmata board answered within 8000 ms" }]);
});

test("a board that hears nothing while it starts is asked again, and a later restart is still noticed", async () => {
  const { line, said, pass } = await connect({ before: ({ board }) => board.powerLost() });
  pass(2_000);
  expect(said.ready).toEqual([]);
  line.board.restart();
  pass(1_200);
  expect(said.ready).toEqual(["StandardFirmata.ino 2.5"]);
  pass(20_000);
  expect(said.ends).toEqual([]);
  line.board.restart();
  pass(50);
  expect(said.ends).toEqual([{ is: "lost", why: "the board restarted" }]);
});

test.each([
  [{ channels: [0, 7] }, "the board has no A7: its last is A5"],
  [{ pins: [4] }, "the board has no PWM on pin 4: it has it on 3, 5, 6, 9, 10, 11"],
])("a board that lacks what is configured (%j) is refused, and it is said what it has", async (options, why) => {
  const { said } = await connect({ options });
  expect(said.ready).toEqual([]);
  expect(said.ends).toEqual([{ is: "refused", why }]);
});

test("without the package the refusal says how to install it", async () => {
  const { said } = await connect({ load: () => Promise.reject(new Error("Cannot find package")) });
  expect(said.ends).toEqual([
    {
      is: "refused",
      why: "package johnny-five is not installed: npm install --include=optional; Cannot find package",
    },
  ]);
});

test("bytes that make no sense end the connection instead of the process", async () => {
  const { line, said, pass } = await connect();
  // The state of a pin that no board has: the library looks it up and throws.
  line.say(0xf0, 0x6e, 0x55, 0x03, 0x00, 0xf7);
  pass(10);
  expect(said.ends).toEqual([{ is: "lost", why: expect.stringMatching(/^what the line says is no Firmata/) }]);
});

test("two messages that became one on the line are no sample", async () => {
  const { line, said, pass } = await connect();
  pass(500);
  const before = said.samples.length;
  // 0xE0 with a high part of 0x68: 13,312 of 1,023.
  line.say(0xe0, 0x00, 0x68);
  pass(10);
  expect(said.samples).toHaveLength(before);
});
