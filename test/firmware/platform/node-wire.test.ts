import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import {
  type MakeSerialPort,
  nodeWire,
  type SerialPortLike,
  type SerialPortOptions,
} from "../../../firmware/platform/node-wire.ts";
import type { Wire } from "../../../hal/ports/wire.ts";
import { until } from "../../support/until.ts";

const directory = mkdtempSync(join(tmpdir(), "yizhan-wire-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Heard {
  opened: number;
  bytes: number[];
  closed: string[];
}

function listen(open: ReturnType<typeof nodeWire>, path: string): { wire: Wire; heard: Heard } {
  const heard: Heard = { opened: 0, bytes: [], closed: [] };
  const wire = open(
    { path, baud: 9_600, stopBits: 1 },
    {
      opened: () => heard.opened++,
      bytes: (chunk) => heard.bytes.push(...chunk),
      closed: (why) => heard.closed.push(why),
    },
  );
  return { wire, heard };
}

const settled = (heard: Heard): boolean => heard.opened + heard.closed.length > 0;

/** A serialport whose every answer is given by the test. */
class FakePort implements SerialPortLike {
  writableLength = 0;
  readonly chunks: Uint8Array[] = [];
  readonly calls: string[] = [];
  finishOpen: (error: Error | null) => void = () => undefined;
  finishClose: (error: Error | null) => void = () => undefined;
  private readonly listeners = new Map<string, Array<(value: never) => void>>();

  open(callback: (error: Error | null) => void): void {
    this.finishOpen = callback;
  }
  write(bytes: Uint8Array): boolean {
    this.chunks.push(bytes);
    return true;
  }
  /** What would be sent now, as the real port keeps the caller's array until it can send. */
  get written(): number[] {
    return this.chunks.flatMap((chunk) => [...chunk]);
  }
  flush(callback: (error: Error | null) => void): void {
    this.calls.push("flush");
    callback(null);
  }
  close(callback: (error: Error | null) => void): void {
    this.calls.push("close");
    this.finishClose = callback;
  }
  on(event: string, listener: (value: never) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }
  emit(event: string, value: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(value as never);
  }
}

function fakePorts(): { ports: FakePort[]; asked: SerialPortOptions[]; open: ReturnType<typeof nodeWire> } {
  const ports: FakePort[] = [];
  const asked: SerialPortOptions[] = [];
  const make: MakeSerialPort = (options) => {
    asked.push(options);
    const port = new FakePort();
    ports.push(port);
    return port;
  };
  return { ports, asked, open: nodeWire(() => Promise.resolve(make)) };
}

describe("a serial line, with the port's answers given by hand", () => {
  test("the line is opened with eight data bits, no parity and the stop bits asked for", async () => {
    const { asked, open } = fakePorts();
    open({ path: "/dev/x", baud: 19_200, stopBits: 2 }, { opened() {}, bytes() {}, closed() {} });
    await until(() => asked.length === 1, { what: "the open" });
    expect(asked[0]).toMatchObject({ path: "/dev/x", baudRate: 19_200, dataBits: 8, parity: "none", stopBits: 2 });
  });

  test("nothing is written before the line is open or after it ended, and bytes are copied at the call", async () => {
    const { ports, open } = fakePorts();
    const { wire, heard } = listen(open, "/dev/x");
    await until(() => ports.length === 1, { what: "the open" });
    const [port] = ports as [FakePort];
    wire.write(Uint8Array.of(1));
    port.finishOpen(null);
    expect(heard.opened).toBe(1);
    const bytes = Uint8Array.of(2, 3);
    wire.write(bytes);
    bytes.fill(9);
    wire.close();
    wire.write(Uint8Array.of(4));
    expect(port.written).toEqual([2, 3]);
  });

  test("closing throws away what was not sent, says nothing, and bears every late event of the port", async () => {
    const { ports, open } = fakePorts();
    const { wire, heard } = listen(open, "/dev/x");
    await until(() => ports.length === 1, { what: "the open" });
    const [port] = ports as [FakePort];
    port.finishOpen(null);
    wire.close();
    wire.close();
    port.emit("data", Uint8Array.of(7));
    port.emit("error", new Error("late"));
    port.emit("close", null);
    expect(port.calls).toEqual(["flush", "close"]);
    expect(heard).toEqual({ opened: 1, bytes: [], closed: [] });
  });

  test("a line closed while it opens is let go as soon as it has opened", async () => {
    const { ports, open } = fakePorts();
    const { wire, heard } = listen(open, "/dev/x");
    await until(() => ports.length === 1, { what: "the open" });
    wire.close();
    ports[0]?.finishOpen(null);
    expect(ports[0]?.calls).toEqual(["flush", "close"]);
    expect(heard).toEqual({ opened: 0, bytes: [], closed: [] });
  });

  test("an open waits for the last port of the same path to be closed, because that still holds the lock", async () => {
    const { ports, open } = fakePorts();
    const first = listen(open, "/dev/x");
    await until(() => ports.length === 1, { what: "the first open" });
    ports[0]?.finishOpen(null);
    first.wire.close();
    const second = listen(open, "/dev/x");
    listen(open, "/dev/y");
    await until(() => ports.length === 2, { what: "the open of another path" });
    ports[0]?.finishClose(null);
    await until(() => ports.length === 3, { what: "the second open" });
    ports[2]?.finishOpen(null);
    expect(second.heard.opened).toBe(1);
  });

  test("an unplugged adapter ends the line once, with the reason", async () => {
    const { ports, open } = fakePorts();
    const { heard } = listen(open, "/dev/x");
    await until(() => ports.length === 1, { what: "the open" });
    ports[0]?.finishOpen(null);
    ports[0]?.emit("error", new Error("bad file descriptor"));
    ports[0]?.emit("close", new Error("bad file descriptor"));
    expect(heard.closed).toEqual(["/dev/x: bad file descriptor"]);
  });

  test("a line that takes no more bytes is given up instead of queueing without end", async () => {
    const { ports, open } = fakePorts();
    const { wire, heard } = listen(open, "/dev/x");
    await until(() => ports.length === 1, { what: "the open" });
    const [port] = ports as [FakePort];
    port.finishOpen(null);
    port.writableLength = 16_380;
    wire.write(new Uint8Array(8));
    expect(port.written).toEqual([]);
    expect(heard.closed).toEqual(["/dev/x takes no more bytes: 16380 wait unsent"]);
  });

  test.each([
    ["Error: No such file or directory, cannot open /dev/x", "is not there"],
    ["Error: Permission denied, cannot open /dev/x", "usermod -aG dialout"],
    ["Error Resource temporarily unavailable Cannot lock port", "held by another program"],
    ["Error: Inappropriate ioctl for device setting custom baud rate of 9600", "is no serial line"],
    ["Error: something new", "something new"],
  ])("the open failure %j is told as %j", async (message, told) => {
    const { ports, open } = fakePorts();
    const { heard } = listen(open, "/dev/x");
    await until(() => ports.length === 1, { what: "the open" });
    ports[0]?.finishOpen(new Error(message));
    expect(heard.closed).toEqual([expect.stringContaining(told)]);
    expect(heard.closed[0]).toContain("/dev/x");
  });

  test("a missing or broken serialport package is told, not thrown", async () => {
    const open = nodeWire(() => Promise.reject(new Error("no prebuilt binary")));
    const { heard } = listen(open, "/dev/x");
    await until(() => heard.closed.length === 1, { what: "the reason" });
    expect(heard.closed[0]).toContain("no prebuilt binary");
  });
});

test("a path that does not exist is refused with the reason", async () => {
  const { heard } = listen(nodeWire(), join(directory, "absent"));
  await until(() => settled(heard), { what: "the refusal" });
  expect(heard).toEqual({ opened: 0, bytes: [], closed: [expect.stringContaining("is not there")] });
});

test("a file that is no serial line is refused with the reason", async () => {
  const { heard } = listen(nodeWire(), import.meta.filename);
  await until(() => settled(heard), { what: "the refusal" });
  expect(heard).toEqual({ opened: 0, bytes: [], closed: [expect.stringContaining("is no serial line")] });
});

const socat = spawnSync("socat", ["-V"]).status === 0;
if (!socat) console.warn("skipped: serial lines on pseudo-terminals need socat (sudo apt-get install -y socat)");

describe.runIf(socat)("a serial line on a real pseudo-terminal", () => {
  const running: ChildProcess[] = [];
  const wires: Wire[] = [];
  let pairs = 0;

  afterEach(() => {
    for (const wire of wires.splice(0)) wire.close();
    for (const child of running.splice(0)) child.kill("SIGKILL");
  });

  async function pair(): Promise<{ near: string; far: string; socat: ChildProcess }> {
    const [near, far] = [join(directory, `near${pairs}`), join(directory, `far${pairs++}`)];
    const child = spawn("socat", [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: "ignore" });
    running.push(child);
    await until(() => existsSync(near) && existsSync(far), { what: "socat's pair of pseudo-terminals" });
    return { near, far, socat: child };
  }

  async function connect(open: ReturnType<typeof nodeWire>, path: string): Promise<{ wire: Wire; heard: Heard }> {
    const made = listen(open, path);
    wires.push(made.wire);
    await until(() => settled(made.heard), { what: `the open of ${path}` });
    expect(made.heard.closed).toEqual([]);
    return made;
  }

  test("bytes arrive on both sides, whole and in order", async () => {
    const { near, far } = await pair();
    const open = nodeWire();
    const [ours, device] = [await connect(open, near), await connect(open, far)];
    const sent = Uint8Array.from({ length: 2_000 }, (_, i) => i % 251);
    ours.wire.write(sent.subarray(0, 1));
    ours.wire.write(sent.subarray(1));
    await until(() => device.heard.bytes.length >= sent.length, { what: "2000 bytes at the device" });
    device.wire.write(Uint8Array.of(0xdd, 0x03, 0x00, 0xff));
    await until(() => ours.heard.bytes.length >= 4, { what: "the reply" });
    expect(device.heard.bytes).toEqual([...sent]);
    expect(ours.heard.bytes).toEqual([0xdd, 0x03, 0x00, 0xff]);
  });

  test("the line ends with a reason when its other side goes, and comes back on a new wire", async () => {
    const { near, socat: child } = await pair();
    const open = nodeWire();
    const { wire, heard } = await connect(open, near);
    child.kill("SIGKILL");
    await until(() => heard.closed.length > 0, { what: "the end of the line" });
    expect(heard.closed).toEqual([expect.stringContaining("was unplugged")]);
    wire.write(Uint8Array.of(0x8a, 1, 1, 0x11));

    const again = await pair();
    const [ours, device] = [await connect(open, again.near), await connect(open, again.far)];
    ours.wire.write(Uint8Array.of(1));
    await until(() => device.heard.bytes.length > 0, { what: "a byte on the new line" });
    expect(device.heard.bytes).toEqual([1]);
    expect(heard.closed).toHaveLength(1);
  });

  test("a second open of the same line is refused while the first holds it, and works right after the first closed", async () => {
    const { near, far } = await pair();
    const open = nodeWire();
    const first = await connect(open, near);
    const second = listen(open, near);
    await until(() => settled(second.heard), { what: "the refusal" });
    expect(second.heard.closed).toEqual([expect.stringContaining("held by another program")]);

    first.wire.close();
    const third = await connect(open, near);
    const device = await connect(open, far);
    device.wire.write(Uint8Array.of(5));
    await until(() => third.heard.bytes.length > 0, { what: "a byte on the reopened line" });
    expect(third.heard.bytes).toEqual([5]);
    expect(first.heard.bytes).toEqual([]);
  });

  test("what a closed wire had not sent is never sent by the next one", async () => {
    const { near, far } = await pair();
    const open = nodeWire();
    const first = await connect(open, near);
    // More than a pseudo-terminal holds, so that part of it is still queued at the close.
    first.wire.write(new Uint8Array(16_000).fill(0xaa));
    first.wire.close();
    const second = await connect(open, near);
    const device = await connect(open, far);
    second.wire.write(Uint8Array.of(0x55));
    await until(() => device.heard.bytes.includes(0x55), { what: "the new wire's byte" });
    expect(device.heard.bytes.length).toBeLessThan(16_000);
    expect(device.heard.bytes.at(-1)).toBe(0x55);
  });
});
