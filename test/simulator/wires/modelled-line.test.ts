import { describe, expect, test } from "vitest";
import { hex, smallConfig, smallStation } from "../small-station.ts";

const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const READ_LOCKS = bytes("80 01 00 33 B2");
const LOCKS = "800100000F33BD";

describe("wire time", () => {
  const lines = [
    { baud: 9_600, stopBits: 1, bits: 10 },
    { baud: 9_600, stopBits: 2, bits: 11 },
    { baud: 38_400, stopBits: 1, bits: 10 },
    { baud: 115_200, stopBits: 1, bits: 10 },
  ];
  test.each(lines)(
    "at $baud baud with $stopBits stop bits every byte takes $bits bits, both ways",
    ({ baud, stopBits, bits }) => {
      const buses = smallConfig().buses.map((bus) => (bus.id === "locks-a" ? { ...bus, baud, stopBits } : bus));
      const station = smallStation({ emptyBaysPerCabinet: 0, turnaroundMs: 7, config: { buses } });
      const line = station.talk("/locks-a");
      const fromMs = station.clock.nowMs;
      line.ask(READ_LOCKS);
      expect((line.heardMs[0] ?? 0) - fromMs).toBeCloseTo(((5 + 7) * bits * 1_000) / baud + 7, 6);
    },
  );

  test("two questions at once go one after the other", () => {
    const station = smallStation();
    const reader = station.talk("/codes-a");
    const fromMs = station.clock.nowMs;
    reader.wire.write(bytes("7E 00 08 01 00 02 01 AB CD"));
    reader.wire.write(bytes("7E 00 08 01 00 02 01 AB CD"));
    station.clock.runUntil(fromMs + 100);
    const byteMs = 10_000 / 9_600;
    expect(reader.heardMs[0]).toBeCloseTo(fromMs + 9 * byteMs + 5 + 7 * byteMs, 6);
    expect(reader.heardMs[1]).toBeCloseTo(fromMs + 18 * byteMs + 5 + 7 * byteMs, 6);
  });

  test("who speaks while a device speaks on a shared pair spoils both frames", () => {
    const station = smallStation({ emptyBaysPerCabinet: 0 });
    const line = station.talk("/locks-a");
    line.wire.write(READ_LOCKS);
    station.clock.runUntil(station.clock.nowMs + 5 * (10_000 / 9_600) + 5 + 2);
    line.wire.write(READ_LOCKS);
    station.clock.runUntil(station.clock.nowMs + 100);
    expect(station.world.stats.collisions).toBe(1);
    expect(line.heard).toHaveLength(1);
    expect(hex(line.heard[0] ?? new Uint8Array(0))).not.toBe(LOCKS);
    expect(line.ask(READ_LOCKS)).toBe(LOCKS);
  });
});

test("bits that flipped on the way are not in the board's next answer", () => {
  const station = smallStation({ emptyBaysPerCabinet: 0 });
  const line = station.talk("/relays-a");
  const read = bytes("01 02 00 00 00 08 79 CC");
  const told = line.ask(read);
  expect(line.ask(read)).toBe(told);
  const { faults } = station.world.line("/relays-a");
  faults.corruptReply = 1;
  expect(line.ask(read)).not.toBe(told);
  faults.corruptReply = 0;
  expect(line.ask(read)).toBe(told);
});

describe("opening and losing a line", () => {
  test("a closed wire delivers nothing, and what was not yet sent is lost with it", () => {
    const station = smallStation({ emptyBaysPerCabinet: 0 });
    const line = station.talk("/locks-a");
    line.wire.write(bytes("8A 01 01 11 9B"));
    line.wire.close();
    line.wire.write(bytes("8A 01 01 11 9B"));
    station.clock.runUntil(station.clock.nowMs + 1_000);
    expect(station.world.truth.bay(1).pulses).toBe(0);
    expect(line.heard).toEqual([]);
  });

  test("a killed process does not take back what it had sent, and the next one takes the line over", () => {
    const station = smallStation({ emptyBaysPerCabinet: 0 });
    const dead = station.talk("/locks-a");
    dead.wire.write(bytes("8A 01 01 11 9B"));
    const next = station.talk("/locks-a");
    station.clock.runUntil(station.clock.nowMs + 1_000);
    expect(station.world.truth.bay(1).pulses).toBe(1);
    expect(dead.heard).toEqual([]);
    expect(next.ask(READ_LOCKS)).toBe("800100000E33BC");
  });

  test("an adapter that is pulled closes its wire; opening fails until it is back", () => {
    const station = smallStation({ emptyBaysPerCabinet: 0 });
    const heard: string[] = [];
    const open = () =>
      station.world.openWire(
        { path: "/locks-a", baud: 9_600, stopBits: 1 },
        { opened: () => heard.push("opened"), bytes: () => {}, closed: (why) => heard.push(why) },
      );
    const run = () => station.clock.runUntil(station.clock.nowMs + 10);
    open();
    run();
    station.world.line("/locks-a").unplug();
    open();
    run();
    station.world.line("/locks-a").replug();
    open();
    run();
    expect(heard).toEqual(["opened", "/locks-a was unplugged", "/locks-a is not there", "opened"]);
  });

  test("at the wrong speed nobody understands a word", () => {
    const station = smallStation({ emptyBaysPerCabinet: 0 });
    const heard: string[] = [];
    const spec = { path: "/locks-a", baud: 19_200, stopBits: 1 } as const;
    const events = { opened: () => {}, bytes: (chunk: Uint8Array) => heard.push(hex(chunk)), closed: () => {} };
    const wire = station.world.openWire(spec, events);
    station.clock.runUntil(10);
    wire.write(READ_LOCKS);
    station.clock.runUntil(200);
    expect(heard).toEqual([]);
  });

  test("a line that is in no configuration is a mistake of the test, not a silence", () => {
    const { world } = smallStation();
    expect(() => world.line("/nowhere")).toThrow(/no line \/nowhere/);
  });
});

describe("faults on a line", () => {
  const broken = (change: (faults: ReturnType<typeof faultsOf>) => void) => {
    const station = smallStation({ emptyBaysPerCabinet: 0 });
    const line = station.talk("/locks-a");
    change(faultsOf(station));
    return { station, line };
  };
  const faultsOf = (station: ReturnType<typeof smallStation>) => station.world.line("/locks-a").faults;

  test("a dropped request and a dropped answer are silences; only the first leaves the device untouched", () => {
    const request = broken((faults) => {
      faults.dropRequest = 1;
    });
    expect(request.line.ask(bytes("8A 01 01 11 9B"))).toBe("");
    expect(request.station.world.truth.bay(1).pulses).toBe(0);
    const answer = broken((faults) => {
      faults.dropReply = 1;
    });
    expect(answer.line.ask(bytes("8A 01 01 11 9B"))).toBe("");
    expect(answer.station.world.truth.bay(1).pulses).toBe(1);
  });

  test("a corrupted answer differs in exactly one bit", () => {
    const { line } = broken((faults) => {
      faults.corruptReply = 1;
    });
    const answer = bytes(line.ask(READ_LOCKS));
    const good = bytes(LOCKS);
    let flipped = 0;
    for (const [at, byte] of good.entries()) {
      for (let bit = 0; bit < 8; bit++) if (((byte ^ (answer[at] ?? 0)) >> bit) & 1) flipped++;
    }
    expect(flipped).toBe(1);
  });

  test("a corrupted request is not obeyed", () => {
    const { station, line } = broken((faults) => {
      faults.corruptRequest = 1;
    });
    line.ask(bytes("8A 01 01 11 9B"), 500);
    expect(station.world.truth.bay(1).doorOpen).toBe(false);
  });

  test("a late answer is the same answer later", () => {
    const { station, line } = broken((faults) => {
      faults.delayReply = 1;
      faults.delayMs = 400;
    });
    expect(line.ask(READ_LOCKS, 300)).toBe("");
    station.clock.runUntil(station.clock.nowMs + 200);
    expect(line.heard.map(hex)).toEqual([LOCKS]);
  });

  test("an answer in pieces is whole when it is put together; an adapter with echo hears itself first", () => {
    const pieces = broken((faults) => {
      faults.fragment = 1;
    });
    expect(pieces.line.ask(READ_LOCKS)).toBe(LOCKS);
    const echo = broken((faults) => {
      faults.echo = true;
    });
    expect(echo.line.ask(READ_LOCKS)).toBe(hex(READ_LOCKS) + LOCKS);
  });

  test("babble follows an answer, injected bytes come by themselves, silence is silence", () => {
    const babbling = broken((faults) => {
      faults.babble = 1;
    });
    expect(babbling.line.ask(READ_LOCKS).length).toBeGreaterThan(LOCKS.length);
    const injected = broken(() => {});
    injected.station.world.line("/locks-a").inject(bytes("82 01 01 00 82"));
    expect(injected.line.ask(new Uint8Array(0))).toBe("8201010082");
    const silent = broken((faults) => {
      faults.silent = true;
    });
    expect(silent.line.ask(bytes("8A 01 01 11 9B"), 500)).toBe("");
    expect(silent.station.world.truth.bay(1).pulses).toBe(0);
  });
});
