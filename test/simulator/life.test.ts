import { expect, test } from "vitest";
import type { BrokerLink } from "../../hal/ports/broker-link.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { ComputerWall } from "../../simulator/computer-wall.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { Life } from "../../simulator/life.ts";
import { createRandom } from "../../simulator/random.ts";
import { createGpioLines } from "../../simulator/wires/gpio-lines.ts";

function lifeBench(timeKnownMs = 0) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const gpio = createGpioLines();
  const told: string[] = [];
  let say: (bytes: Uint8Array) => void = () => undefined;
  let crashes = 0;
  let closedWires = 0;
  let closedLinks = 0;
  let connect: () => void = () => undefined;
  const link: BrokerLink = {
    publish: (_topic, _payload, _how, done) => void clock.after(10, () => done(undefined)),
    subscribe: () => undefined,
    close: (done) => {
      closedLinks++;
      done();
    },
  };
  const life = new Life({
    clock,
    wall: new ComputerWall(clock),
    gpio,
    disk: simulatedDisk({ clock, random: createRandom("disk") }),
    timeKnownMs,
    crashed: () => void crashes++,
    textFiles: { read: (_path, done) => void clock.after(10, () => done({ text: "read" })) },
    openWire: (_spec, events) => {
      say = (bytes) => events.bytes(bytes);
      return { write: () => undefined, close: () => void closedWires++ };
    },
    openBroker: (_options, events) => {
      connect = () => events.connected();
      return link;
    },
  });
  return {
    clock,
    gpio,
    life,
    told,
    tell: (what: string) => () => void told.push(what),
    say: () => say(Uint8Array.of(1)),
    connect: () => connect(),
    crashes: () => crashes,
    closed: () => ({ wires: closedWires, links: closedLinks }),
  };
}

test("nothing that was under way calls back after the power went", () => {
  const { clock, life, told, tell, say, connect, closed } = lifeBench();
  life.openWire({ path: "/a", baud: 9_600, stopBits: 1 }, { opened: () => {}, bytes: tell("bytes"), closed: () => {} });
  const link = life.openBroker?.(
    { clientId: "a", will: { topic: "w", payload: "" } },
    { connected: tell("connected"), disconnected: () => {}, message: () => {} },
  );
  const begin = (): void => {
    life.clock.after(5, tell("timer"));
    life.textFiles.read("/t", tell("file"));
    link?.publish("t", "p", { qos: 1, retain: false }, tell("published"));
    say();
    connect();
  };
  begin();
  clock.runUntil(20);
  expect(told.sort()).toEqual(["bytes", "connected", "file", "published", "timer"]);
  told.length = 0;
  begin();
  told.length = 0;
  life.end("power-lost", () => undefined);
  say();
  connect();
  life.clock.after(1, tell("late timer"));
  clock.runUntil(100);
  expect(told).toEqual([]);
  expect(closed()).toEqual({ wires: 1, links: 1 });
});

test("header lines fall to where they stood before anybody drove them, and stay there", () => {
  const { gpio, life } = lifeBench();
  const levels: boolean[] = [];
  gpio.wireOutput(17, (high) => levels.push(high), false);
  const output = life.gpio.openOutput(17, false);
  output.write(true);
  life.end("power-lost", () => undefined);
  output.write(true);
  expect(levels).toEqual([true, false]);
});

test("a process that is killed leaves its header lines as they are, and the guardian's line falls", () => {
  const { gpio, life } = lifeBench();
  const own: boolean[] = [];
  const guarded: boolean[] = [];
  gpio.wireOutput(17, (high) => guarded.push(high), false);
  gpio.wireOutput(18, (high) => own.push(high), false);
  life.guardian.openOutput(17, false).write(true);
  life.gpio.openOutput(18, false).write(true);
  life.end("process-died", () => undefined);
  expect({ own, guarded }).toEqual({ own: [true], guarded: [true, false] });
});

test("what was due while the process stood still comes late and in order, timers first, unless it was called off", () => {
  const { clock, life, told, tell, say, connect } = lifeBench();
  life.openWire({ path: "/a", baud: 9_600, stopBits: 1 }, { opened: () => {}, bytes: tell("bytes"), closed: () => {} });
  life.openBroker?.(
    { clientId: "a", will: { topic: "w", payload: "" } },
    { connected: tell("connected"), disconnected: () => {}, message: () => {} },
  );
  const calledOff = life.clock.after(30, tell("called off"));
  life.clock.after(20, () => {
    told.push(`timer at ${life.clock.monotonicMs()}`);
    calledOff.cancel();
  });
  life.stand(true);
  say();
  connect();
  clock.runUntil(10_000);
  expect(told).toEqual([]);
  life.stand(false);
  expect(told).toEqual(["timer at 10000", "bytes", "connected"]);
});

test("an error planted in the controller ends its process, and any other error is told to whoever runs the simulation", () => {
  const { clock, life, crashes } = lifeBench();
  const wire = life.openWire({ path: "/a", baud: 9_600, stopBits: 1 }, { opened() {}, bytes() {}, closed() {} });
  life.clock.after(10, () => wire.write(Uint8Array.of(1)));
  life.plantBug();
  clock.runUntil(20);
  expect(crashes()).toBe(1);
  life.clock.after(10, () => {
    throw new Error("a bug of ours");
  });
  expect(() => clock.runUntil(40)).toThrow("a bug of ours");
});

test("a computer that has just started does not know the time until the network told it", () => {
  const { clock, life } = lifeBench(60_000);
  expect(life.clock.wallSynchronised()).toBe(false);
  clock.runUntil(60_000);
  expect(life.clock.wallSynchronised()).toBe(true);
});

test("a bell that came due while the process stood still, and is set anew by what ran before it, rings at its new time alone", () => {
  const { clock, life, told, tell } = lifeBench();
  const bell = life.clock.bell?.(tell("bell"));
  life.clock.after(5, () => bell?.ringIn(50));
  bell?.ringIn(6);
  life.stand(true);
  clock.runUntil(20);
  expect(told).toEqual([]);
  life.stand(false);
  expect(told).toEqual([]);
  clock.runUntil(69);
  expect(told).toEqual([]);
  clock.runUntil(71);
  expect(told).toEqual(["bell"]);
});

test("a signal to a process that stands still is found when it goes on, and by a dead one never", () => {
  const { life, told, tell } = lifeBench();
  life.signal(tell("at once"));
  life.stand(true);
  life.signal(tell("later"));
  expect(told).toEqual(["at once"]);
  life.stand(false);
  expect(told).toEqual(["at once", "later"]);
  life.end("process-died", () => undefined);
  life.signal(tell("never"));
  expect(told).toEqual(["at once", "later"]);
});
